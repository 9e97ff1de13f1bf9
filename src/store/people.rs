//! Accounts, personal keys and sessions in the data file.
//!
//! Moments come in as arguments. Every change of people is one transaction with an entry in the audit log.

use std::collections::HashMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::audit::{self, AuditAction, Entry, hex};
use super::secret::{PasswordHash, Token, TokenDigest};
use super::{DataFile, StoreError, time_text};
use crate::domain::{Actor, Role};

/// What a personal key may be used for; never more than its owner may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    /// Reading.
    Read,
    /// Reading and writing records.
    Write,
    /// Reading and publishing releases.
    Publish,
}

impl KeyScope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Publish];

    /// The word for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Publish => "publish",
        }
    }

    /// The scope of this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// The role that the scope stands for.
    pub fn role(self) -> Role {
        match self {
            Self::Read => Role::Reader,
            Self::Write => Role::Editor,
            Self::Publish => Role::Publisher,
        }
    }

    /// What a key of this scope may when its owner has these roles.
    pub fn of(self, owner: &[Role]) -> Vec<Role> {
        let wanted = [Role::Reader, self.role()];
        let may = |asked: &Role| wanted.contains(asked) && owner.iter().any(|role| role.includes(*asked));
        Role::ALL.into_iter().filter(may).collect()
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name, see [`check_name`].
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The hash of the password; `None` for those who come by key or proxy alone.
    pub password: Option<PasswordHash>,
    /// When it was added.
    pub added: Timestamp,
    /// Since when it is of no use any more.
    pub revoked: Option<Timestamp>,
}

/// A personal key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Eight hexadecimal digits that name it, the part after `lb_`.
    pub prefix: String,
    /// Whose.
    pub user: String,
    /// What it is for, in the words of its owner.
    pub label: String,
    /// What it may be used for.
    pub scope: KeyScope,
    /// Of its secret part.
    pub digest: TokenDigest,
    /// When it was made.
    pub added: Timestamp,
    /// From when on it is of no use.
    pub expires: Timestamp,
    /// When it was last used, to the hour.
    pub last_used: Option<Timestamp>,
    /// Since when it is of no use any more.
    pub revoked: Option<Timestamp>,
}

/// Somebody who has logged in, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Of the token in the cookie.
    pub digest: TokenDigest,
    /// Who.
    pub user: String,
    /// When they logged in.
    pub begun: Timestamp,
    /// When it was last used, to the hour.
    pub last_used: Timestamp,
    /// When it ends however much it is used.
    pub expires: Timestamp,
}

/// Everybody, all keys and all sessions, as they were when asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// By name, revoked ones too.
    pub users: HashMap<String, User>,
    /// By prefix, revoked and expired ones too.
    pub keys: HashMap<String, Key>,
    /// By digest.
    pub sessions: HashMap<TokenDigest, Session>,
}

impl People {
    /// Whether there is an account that can be used.
    pub fn has_accounts(&self) -> bool {
        self.users.values().any(|user| user.revoked.is_none())
    }
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Whose; the account must be there and in use.
    pub user: String,
    /// What for; at most 100 characters.
    pub label: String,
    /// What it may be used for; the owner must have the role.
    pub scope: KeyScope,
    /// How long it is of use: at most ten years.
    pub lifetime: SignedDuration,
}

/// Longest life of a key.
pub const KEY_LIFETIME_MAX: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// Whether a name can be that of an account: 1 to 64 of `a-z 0-9 . _ @ -`, in lower case, so that no two accounts
/// differ in case alone and names are the same in logs and headers.
pub fn check_name(name: &str) -> Result<(), StoreError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'@' | b'-');
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    let shown: String = name.chars().take(70).collect();
    let text = format!("'{shown}' cannot be the name of an account; accepted: 1 to 64 of a-z 0-9 . _ @ -");
    Err(StoreError::People(text))
}

/// The text of a key, shown once.
fn key_text(prefix: &str, token: &Token) -> String {
    format!("lb_{prefix}_{}", token.to_hex())
}

/// Prefix and secret of a key; `None` when the text is no key.
pub fn parse_key(text: &str) -> Option<(&str, Token)> {
    let (prefix, secret) = text.strip_prefix("lb_")?.split_once('_')?;
    let is_prefix = prefix.len() == 8 && prefix.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_prefix.then(|| Token::from_hex(secret)).flatten().map(|token| (prefix, token))
}

/// Everybody, all keys and all sessions of a data file, also while a service writes it.
pub fn people_of(path: &Path) -> Result<People, StoreError> {
    super::identify::check_is_geopackage(path)?;
    read(&super::connection::reader(path)?).map_err(StoreError::sqlite(path))
}

impl DataFile {
    /// Everybody, all keys and all sessions.
    pub fn people(&self) -> Result<People, StoreError> {
        read(&self.connection).map_err(StoreError::sqlite(&self.path))
    }

    /// Adds an account. The name must be new, also among revoked ones: the log would mix them up.
    pub fn add_user(
        &mut self,
        actor: &Actor,
        name: &str,
        roles: &[Role],
        password: Option<&PasswordHash>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        check_name(name)?;
        if roles.is_empty() {
            return Err(StoreError::People(format!("'{name}' would have no role; accepted: {}", role_words())));
        }
        self.change_people(actor, &format!("user {name}: added as {}", codes(roles)), |connection| {
            let sql = "INSERT INTO lagesbild_user VALUES (?1, ?2, ?3, ?4, NULL) ON CONFLICT (name) DO NOTHING";
            let hash = password.map(|hash| hash.0.as_str());
            match connection.execute(sql, params![name, codes(roles), hash, text(now)])? {
                0 => Ok(Err(format!("there is an account '{name}' already (perhaps revoked); choose another name"))),
                _ => Ok(Ok(())),
            }
        })
    }

    /// Gives an account a new password and ends its sessions.
    pub fn set_password(&mut self, actor: &Actor, name: &str, password: &PasswordHash) -> Result<(), StoreError> {
        self.change_people(actor, &format!("user {name}: new password"), |connection| {
            let sql = "UPDATE lagesbild_user SET password_phc = ?2 WHERE name = ?1 AND revoked_utc IS NULL";
            let changed = connection.execute(sql, params![name, password.0])?;
            connection.execute("DELETE FROM lagesbild_session WHERE user = ?1", [name])?;
            Ok(found(changed, name))
        })
    }

    /// Gives an account other roles.
    pub fn set_roles(&mut self, actor: &Actor, name: &str, roles: &[Role]) -> Result<(), StoreError> {
        if roles.is_empty() {
            return Err(StoreError::People(format!("'{name}' would have no role; accepted: {}", role_words())));
        }
        self.change_people(actor, &format!("user {name}: now {}", codes(roles)), |connection| {
            let sql = "UPDATE lagesbild_user SET roles = ?2 WHERE name = ?1 AND revoked_utc IS NULL";
            Ok(found(connection.execute(sql, params![name, codes(roles)])?, name))
        })
    }

    /// Ends an account with its keys and sessions. It stays in the list, so that the log can be understood.
    pub fn revoke_user(&mut self, actor: &Actor, name: &str, now: Timestamp) -> Result<(), StoreError> {
        self.change_people(actor, &format!("user {name}: revoked"), |connection| {
            let sql = "UPDATE lagesbild_user SET revoked_utc = ?2 WHERE name = ?1 AND revoked_utc IS NULL";
            let changed = connection.execute(sql, params![name, text(now)])?;
            let sql = "UPDATE lagesbild_key SET revoked_utc = ?2 WHERE user = ?1 AND revoked_utc IS NULL";
            connection.execute(sql, params![name, text(now)])?;
            connection.execute("DELETE FROM lagesbild_session WHERE user = ?1", [name])?;
            Ok(found(changed, name))
        })
    }

    /// Makes a personal key and gives its text: the only time it can be seen.
    pub fn add_key(&mut self, actor: &Actor, new: &NewKey, now: Timestamp) -> Result<String, StoreError> {
        if new.label.chars().count() > 100 || new.label.chars().any(char::is_control) {
            return Err(StoreError::People("the label of a key is one line of at most 100 characters".to_string()));
        }
        if new.lifetime <= SignedDuration::ZERO || new.lifetime > KEY_LIFETIME_MAX {
            return Err(StoreError::People("a key is of use for 1 day to 10 years".to_string()));
        }
        let expires = now.checked_add(new.lifetime).map_err(|e| StoreError::People(format!("expiry: {e}")))?;
        let (token, mut name) = (Token::random(), [0; 4]);
        getrandom::fill(&mut name).expect("the operating system gives random bytes");
        let prefix = hex(&name);
        let (user, scope) = (new.user.as_str(), new.scope);
        let what = format!("key {prefix}: made for {user}, {}, until {}", scope.code(), text(expires));
        self.change_people(actor, &what, |connection| {
            let sql = "SELECT roles FROM lagesbild_user WHERE name = ?1 AND revoked_utc IS NULL";
            let roles: Option<String> = connection.query_row(sql, [user], |row| row.get(0)).optional()?;
            match roles {
                None => return Ok(found(0, user)),
                Some(roles) if !scope.of(&roles_of(&roles)).contains(&scope.role()) => {
                    let (code, needed) = (scope.code(), scope.role().code());
                    return Ok(Err(format!("'{user}' is {roles}: a key for {code} needs the role {needed}")));
                }
                Some(_) => {}
            }
            connection.execute(
                "INSERT INTO lagesbild_key VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL)",
                params![prefix, user, new.label, scope.code(), token.digest().0, text(now), text(expires)],
            )?;
            Ok(Ok(()))
        })?;
        Ok(key_text(&prefix, &token))
    }

    /// Ends a key. With `owner` only when it is theirs.
    pub fn revoke_key(
        &mut self,
        actor: &Actor,
        prefix: &str,
        owner: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.change_people(actor, &format!("key {prefix}: revoked"), |connection| {
            let sql = "UPDATE lagesbild_key SET revoked_utc = ?2
                       WHERE prefix = ?1 AND revoked_utc IS NULL AND user = coalesce(?3, user)";
            match connection.execute(sql, params![prefix, text(now), owner])? {
                0 => Ok(Err(format!("there is no key '{prefix}' in use; 'lagesbild key list' shows all"))),
                _ => Ok(Ok(())),
            }
        })
    }

    /// Begins a session of an account and ends `former`, the one the same browser had before: a token that
    /// somebody planted before the login is worth nothing after it.
    pub fn begin_session(
        &mut self,
        user: &str,
        former: Option<&TokenDigest>,
        lifetime: SignedDuration,
        now: Timestamp,
    ) -> Result<Token, StoreError> {
        let expires = now.checked_add(lifetime).map_err(|e| StoreError::People(format!("expiry: {e}")))?;
        let token = Token::random();
        let who = Actor::verified(user, Vec::new());
        self.change_people(&who, &format!("user {user}: logged in"), |connection| {
            connection.execute("DELETE FROM lagesbild_session WHERE expires_utc <= ?1", [text(now)])?;
            if let Some(former) = former {
                connection.execute("DELETE FROM lagesbild_session WHERE sha256 = ?1", [former.0])?;
            }
            let sql = "INSERT INTO lagesbild_session SELECT ?1, name, ?3, ?3, ?4 FROM lagesbild_user
                       WHERE name = ?2 AND revoked_utc IS NULL";
            let begun = connection.execute(sql, params![token.digest().0, user, text(now), text(expires)])?;
            Ok(found(begun, user))
        })?;
        Ok(token)
    }

    /// Ends a session; one that is not there is ended already.
    pub fn end_session(&mut self, actor: &Actor, session: &TokenDigest) -> Result<(), StoreError> {
        self.change_people(actor, &format!("user {}: logged out", actor.id), |connection| {
            connection.execute("DELETE FROM lagesbild_session WHERE sha256 = ?1", [session.0])?;
            Ok(Ok(()))
        })
    }

    /// Notes when keys and sessions were last used, all in one transaction. No change of people: nothing is logged.
    pub fn note_use(
        &mut self,
        keys: &[(String, Timestamp)],
        sessions: &[(TokenDigest, Timestamp)],
    ) -> Result<(), StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        for (prefix, at) in keys {
            let sql = "UPDATE lagesbild_key SET last_used_utc = ?2 WHERE prefix = ?1";
            transaction.prepare_cached(sql).and_then(|mut s| s.execute(params![prefix, text(*at)])).map_err(&wrap)?;
        }
        for (digest, at) in sessions {
            let sql = "UPDATE lagesbild_session SET last_used_utc = ?2 WHERE sha256 = ?1";
            transaction.prepare_cached(sql).and_then(|mut s| s.execute(params![digest.0, text(*at)])).map_err(&wrap)?;
        }
        transaction.commit().map_err(&wrap)
    }

    /// One transaction: the change and its entry in the log, or neither. `work` says why it cannot be done.
    fn change_people(
        &mut self,
        actor: &Actor,
        what: &str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Result<(), String>>,
    ) -> Result<(), StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        work(&transaction).map_err(&wrap)?.map_err(StoreError::People)?;
        audit::append(&transaction, actor, &Entry::plain(AuditAction::People, what, None)).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)
    }
}

fn found(changed: usize, name: &str) -> Result<(), String> {
    let missing = || format!("there is no account '{name}' in use; 'lagesbild user list' shows all");
    if changed == 0 { Err(missing()) } else { Ok(()) }
}

fn read(connection: &Connection) -> rusqlite::Result<People> {
    let mut people = People::default();
    let mut users =
        connection.prepare("SELECT name, roles, password_phc, added_utc, revoked_utc FROM lagesbild_user")?;
    let mut rows = users.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let roles = roles_of(&row.get::<_, String>(1)?);
        let password = row.get::<_, Option<String>>(2)?.map(PasswordHash);
        let user = User { name: name.clone(), roles, password, added: moment(row, 3)?, revoked: perhaps(row, 4)? };
        people.users.insert(name, user);
    }
    let mut keys = connection.prepare(
        "SELECT prefix, user, label, scope, sha256, added_utc, expires_utc, last_used_utc, revoked_utc FROM lagesbild_key",
    )?;
    let mut rows = keys.query([])?;
    while let Some(row) = rows.next()? {
        let prefix: String = row.get(0)?;
        let key = Key {
            prefix: prefix.clone(),
            user: row.get(1)?,
            label: row.get(2)?,
            scope: KeyScope::from_code(&row.get::<_, String>(3)?).unwrap_or(KeyScope::Read),
            digest: TokenDigest(row.get(4)?),
            added: moment(row, 5)?,
            expires: moment(row, 6)?,
            last_used: perhaps(row, 7)?,
            revoked: perhaps(row, 8)?,
        };
        people.keys.insert(prefix, key);
    }
    let mut sessions =
        connection.prepare("SELECT sha256, user, begun_utc, last_used_utc, expires_utc FROM lagesbild_session")?;
    let mut rows = sessions.query([])?;
    while let Some(row) = rows.next()? {
        let digest = TokenDigest(row.get(0)?);
        let (begun, last_used, expires) = (moment(row, 2)?, moment(row, 3)?, moment(row, 4)?);
        people.sessions.insert(digest, Session { digest, user: row.get(1)?, begun, last_used, expires });
    }
    Ok(people)
}

fn text(moment: Timestamp) -> String {
    time_text::to_text(moment.as_second())
}

/// A moment that cannot be read is the beginning of time: what expires has then expired.
fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Ok(read_moment(&row.get::<_, String>(column)?))
}

fn perhaps(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<String>>(column)?.as_deref().map(read_moment))
}

fn read_moment(text: &str) -> Timestamp {
    time_text::from_text(text).and_then(|second| Timestamp::from_second(second).ok()).unwrap_or(Timestamp::MIN)
}

fn codes(roles: &[Role]) -> String {
    let named = Role::ALL.into_iter().filter(|role| roles.contains(role)).map(Role::code);
    named.collect::<Vec<_>>().join(",")
}

fn roles_of(codes: &str) -> Vec<Role> {
    codes.split(',').filter_map(Role::from_code).collect()
}

fn role_words() -> String {
    Role::ALL.map(Role::code).join(", ")
}
