//! Who does something.

/// What an actor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reads.
    Reader,
    /// Writes records.
    Editor,
    /// Publishes releases.
    Publisher,
    /// Changes settings and people.
    Admin,
}

/// How sure we are who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Said by the operating system or by `--as`.
    Asserted,
    /// Proved by a key, a password or a trusted proxy.
    Verified,
}

/// The one who acts; every write to the store takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Name in the revision log.
    pub id: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// How sure we are.
    pub identity: Identity,
}

impl Actor {
    /// The person at this machine: asserted, all roles. Only for loopback and the command line.
    pub fn local(name: &str) -> Self {
        Self {
            id: name.to_string(),
            roles: vec![Role::Reader, Role::Editor, Role::Publisher, Role::Admin],
            identity: Identity::Asserted,
        }
    }
}
