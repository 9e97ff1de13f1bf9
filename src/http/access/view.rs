//! People as requests see them: maps from what a request brings to an actor.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Actor, Role};
use crate::http::problem::Problem;
use crate::store::{People, Token, TokenDigest, User, check_name, parse_key};

/// See the module. The people never change; when they were last used does.
#[derive(Debug, Default)]
pub struct View {
    people: People,
    /// Seconds since 1970; shared with the view before, so that nothing noted meanwhile is lost.
    used_keys: HashMap<String, Arc<AtomicI64>>,
    used_sessions: HashMap<TokenDigest, Arc<AtomicI64>>,
}

impl View {
    /// These people; what `before` knows of their last use is kept.
    pub(super) fn new(people: People, before: Option<&Self>) -> Self {
        let never = i64::MIN;
        let keys = people.keys.values().map(|key| {
            let known = before.and_then(|view| view.used_keys.get(&key.prefix)).cloned();
            let noted = key.last_used.map_or(never, Timestamp::as_second);
            (key.prefix.clone(), known.unwrap_or_else(|| Arc::new(AtomicI64::new(noted))))
        });
        let sessions = people.sessions.values().map(|session| {
            let known = before.and_then(|view| view.used_sessions.get(&session.digest)).cloned();
            (session.digest, known.unwrap_or_else(|| Arc::new(AtomicI64::new(session.last_used.as_second()))))
        });
        Self { used_keys: keys.collect(), used_sessions: sessions.collect(), people }
    }

    /// The people of this view.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Whether nobody has, or ever had, an account: then there is nothing to log in with. An account that was
    /// revoked counts, so that taking away the last one does not open the door.
    pub fn is_without_accounts(&self) -> bool {
        self.people.users.is_empty()
    }

    fn user_in_use(&self, name: &str) -> Option<&User> {
        self.people.users.get(name).filter(|user| user.revoked.is_none())
    }

    /// Whose key it is, with what it may; or why it is of no use. One in the query reads only.
    pub(super) fn actor_of_key(
        &self,
        text: &str,
        in_query: bool,
        now: Timestamp,
    ) -> Result<(Actor, String), &'static str> {
        // One sentence for all of these: which of them it is would help who guesses.
        const UNKNOWN: &str = "the key is not valid";
        let (prefix, token) = parse_key(text).ok_or(UNKNOWN)?;
        let key = self.people.keys.get(prefix).ok_or(UNKNOWN)?;
        if !key.digest.is(&token.digest()) {
            return Err(UNKNOWN);
        }
        if key.revoked.is_some() {
            return Err("the key was revoked");
        }
        if key.expires <= now {
            return Err("the key has expired");
        }
        let user = self.user_in_use(&key.user).ok_or("the account of the key was revoked")?;
        if let Some(used) = self.used_keys.get(prefix) {
            used.fetch_max(now.as_second(), Ordering::Relaxed);
        }
        let mut roles = key.scope.of(&user.roles);
        roles.retain(|role| !in_query || *role == Role::Reader);
        Ok((Actor::verified(&user.name, roles), key.prefix.clone()))
    }

    /// Who logged in, if the session still holds.
    pub(super) fn actor_of_session(&self, token: &Token, now: Timestamp, idle: SignedDuration) -> Option<Actor> {
        let digest = token.digest();
        let session = self.people.sessions.get(&digest).filter(|session| session.digest.is(&digest))?;
        let used = self.used_sessions.get(&digest)?;
        let silent_s = now.as_second().saturating_sub(used.load(Ordering::Relaxed));
        if session.expires <= now || silent_s > idle.as_secs() {
            return None;
        }
        let user = self.user_in_use(&session.user)?;
        used.fetch_max(now.as_second(), Ordering::Relaxed);
        Some(Actor::verified(&user.name, user.roles.clone()))
    }

    /// Who a trusted proxy says it is. Without `roles` those of the account of that name count; without an account
    /// there are none. A revoked account is refused whatever the proxy says.
    pub(super) fn actor_of_proxy(&self, name: &str, roles: Option<Vec<Role>>) -> Result<Actor, Problem> {
        let name = name.to_lowercase();
        check_name(&name).map_err(|error| Problem::Malformed(format!("the user named by the proxy: {error}")))?;
        let account = self.people.users.get(&name);
        if account.is_some_and(|user| user.revoked.is_some()) {
            return Err(Problem::Forbidden(format!("the account '{name}' was revoked")));
        }
        let of_account = || account.map(|user| user.roles.clone()).unwrap_or_default();
        Ok(Actor::verified(&name, roles.unwrap_or_else(of_account)))
    }

    /// When a key was last used.
    pub fn key_last_used(&self, prefix: &str) -> Option<Timestamp> {
        let second = self.used_keys.get(prefix)?.load(Ordering::Relaxed);
        Timestamp::from_second(second).ok().filter(|_| second != i64::MIN)
    }

    /// Keys and sessions whose last use is `older_than` later than what the file says.
    #[expect(clippy::type_complexity, reason = "the two lists that the store takes")]
    pub(super) fn used_since_noted(
        &self,
        older_than: SignedDuration,
    ) -> (Vec<(String, Timestamp)>, Vec<(TokenDigest, Timestamp)>) {
        let is_news = |used: i64, noted: Option<i64>| {
            used != i64::MIN && noted.is_none_or(|noted| used.saturating_sub(noted) > older_than.as_secs())
        };
        let moment = |used: &Arc<AtomicI64>, noted: Option<i64>| {
            let second = used.load(Ordering::Relaxed);
            is_news(second, noted).then(|| Timestamp::from_second(second).ok()).flatten()
        };
        let keys = self.people.keys.values().filter_map(|key| {
            let noted = key.last_used.map(Timestamp::as_second);
            Some((key.prefix.clone(), moment(self.used_keys.get(&key.prefix)?, noted)?))
        });
        let sessions = self.people.sessions.values().filter_map(|session| {
            let noted = Some(session.last_used.as_second());
            Some((session.digest, moment(self.used_sessions.get(&session.digest)?, noted)?))
        });
        (keys.collect(), sessions.collect())
    }
}
