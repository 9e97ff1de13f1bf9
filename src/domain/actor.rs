//! Who does something, and what they may do.

/// What an actor may do.
///
/// Roles are no ladder: a publisher does not write records, an editor publishes nothing. Which role includes which
/// is said by [`Role::includes`] and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Editor, Self::Publisher, Self::Admin];

    /// The word for it in commands, settings and the data file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Publisher => "publisher",
            Self::Admin => "admin",
        }
    }

    /// The role of this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether one with this role may do what `asked` may: everybody reads, an admin does everything, and
    /// editor and publisher do not include each other.
    pub fn includes(self, asked: Self) -> bool {
        match self {
            Self::Admin => true,
            Self::Reader | Self::Editor | Self::Publisher => asked == self || asked == Self::Reader,
        }
    }
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
        Self { id: name.to_string(), roles: Role::ALL.to_vec(), identity: Identity::Asserted }
    }

    /// Somebody who has proved who they are.
    pub fn verified(name: &str, roles: Vec<Role>) -> Self {
        Self { id: name.to_string(), roles, identity: Identity::Verified }
    }

    /// Somebody who has said nothing of who they are: without any role.
    pub fn nobody() -> Self {
        Self { id: "nobody".to_string(), roles: Vec::new(), identity: Identity::Asserted }
    }

    /// Whether one of their roles includes `asked`.
    pub fn may(&self, asked: Role) -> bool {
        self.roles.iter().any(|role| role.includes(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_roles_is_decided() {
        use Role::{Admin, Editor, Publisher, Reader};
        let includes = |role: Role| Role::ALL.into_iter().filter(|asked| role.includes(*asked)).collect::<Vec<_>>();
        assert_eq!(includes(Reader), [Reader]);
        assert_eq!(includes(Editor), [Reader, Editor]);
        assert_eq!(includes(Publisher), [Reader, Publisher]);
        assert_eq!(includes(Admin), Role::ALL);
    }

    #[test]
    fn an_actor_may_what_any_of_their_roles_includes_and_nobody_may_nothing() {
        let both = Actor::verified("anna", vec![Role::Editor, Role::Publisher]);
        assert!(both.may(Role::Editor) && both.may(Role::Publisher) && both.may(Role::Reader));
        assert!(!both.may(Role::Admin));
        assert!(Role::ALL.into_iter().all(|role| Actor::local("x").may(role)));
        assert!(!Role::ALL.into_iter().any(|role| Actor::nobody().may(role)));
    }

    #[test]
    fn codes_read_back() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_code(role.code()) == Some(role)));
        assert_eq!(Role::from_code("Admin"), None);
    }
}
