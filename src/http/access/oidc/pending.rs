//! Logins that have been begun and not come back yet: in memory, bounded, short-lived, each of use once.

use std::collections::HashMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::store::{Token, TokenDigest};

/// How long a person may take at the provider.
pub(in crate::http) const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Begun logins kept at most.
const MOST: usize = 10_000;
/// Of one address: whoever begins more loses their own, not those of others.
const MOST_PER_ADDRESS: usize = 500;

/// What is kept of a login between the way to the provider and the way back.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    /// Of the cookie of the browser that began it.
    pub(super) browser: TokenDigest,
    pub(super) begun: Timestamp,
    pub(super) client: Option<IpAddr>,
    pub(super) what: T,
}

/// Begun logins by the digest of their state.
#[derive(Debug)]
pub(super) struct Pending<T>(HashMap<TokenDigest, Waiting<T>>);

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Pending<T> {
    /// Keeps a login; what has expired goes, and where there are too many the oldest.
    pub(super) fn keep(&mut self, state: &Token, waiting: Waiting<T>) {
        let now = waiting.begun;
        self.0.retain(|_, other| is_alive(other.begun, now));
        let of_client = |other: &Waiting<T>| other.client == waiting.client;
        if self.0.values().filter(|other| of_client(other)).count() >= MOST_PER_ADDRESS {
            self.drop_oldest(of_client);
        }
        if self.0.len() >= MOST {
            self.drop_oldest(|_| true);
        }
        self.0.insert(state.digest(), waiting);
    }

    /// Takes a login out: it never comes back a second time. `None` when there is none of this state, when it is too
    /// old, or when another browser began it.
    pub(super) fn take(&mut self, state: &Token, browser: &Token, now: Timestamp) -> Option<T> {
        let waiting = self.0.remove(&state.digest())?;
        (is_alive(waiting.begun, now) && waiting.browser.is(&browser.digest())).then_some(waiting.what)
    }

    fn drop_oldest(&mut self, of: impl Fn(&Waiting<T>) -> bool) {
        let oldest = self.0.iter().filter(|(_, waiting)| of(waiting)).min_by_key(|(_, waiting)| waiting.begun);
        if let Some(state) = oldest.map(|(state, _)| *state) {
            self.0.remove(&state);
        }
    }
}

/// A clock that was set back makes logins of the future: they live no longer either.
fn is_alive(begun: Timestamp, now: Timestamp) -> bool {
    now.duration_since(begun).abs() < LIFETIME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn waiting(browser: &Token, second: i64, client: u32) -> Waiting<u32> {
        let client = Some(IpAddr::V4(client.into()));
        Waiting { browser: browser.digest(), begun: at(second), client, what: 7 }
    }

    #[test]
    fn a_login_comes_back_once_in_time_and_to_the_browser_that_began_it() {
        let (browser, other) = (Token::random(), Token::random());
        let mut pending = Pending::default();
        let begin = |pending: &mut Pending<u32>| {
            let state = Token::random();
            pending.keep(&state, waiting(&browser, 0, 1));
            state
        };
        let state = begin(&mut pending);
        assert_eq!(pending.take(&Token::random(), &browser, at(1)), None, "another state");
        assert_eq!(pending.take(&state, &browser, at(599)), Some(7));
        assert_eq!(pending.take(&state, &browser, at(599)), None, "a second time");
        let state = begin(&mut pending);
        assert_eq!(pending.take(&state, &browser, at(600)), None, "too late");
        let state = begin(&mut pending);
        assert_eq!(pending.take(&state, &other, at(1)), None, "another browser");
        assert_eq!(pending.take(&state, &browser, at(1)), None, "and spent by it");
    }

    #[test]
    fn a_flood_from_one_address_pushes_out_its_own_logins_and_the_memory_is_bounded() {
        let browser = Token::random();
        let mut pending = Pending::default();
        let mine = Token::random();
        pending.keep(&mine, waiting(&browser, 0, 1));
        for second in 1..=600 {
            pending.keep(&Token::random(), waiting(&browser, second.min(599), 2));
        }
        assert_eq!(pending.0.len(), MOST_PER_ADDRESS + 1);
        assert_eq!(pending.take(&mine, &browser, at(599)), Some(7));
        pending.keep(&mine, waiting(&browser, 2000, 1));
        assert_eq!(pending.0.len(), 1, "what has expired goes");
        for client in 0..u32::try_from(MOST).expect("small") + 5 {
            pending.0.insert(Token::random().digest(), waiting(&browser, 1999, 10 + client));
        }
        pending.0.retain(|_, waiting| waiting.client != Some(IpAddr::V4(15.into())));
        while pending.0.len() > MOST {
            pending.drop_oldest(|_| true);
        }
        pending.keep(&Token::random(), waiting(&browser, 2001, 9));
        assert_eq!(pending.0.len(), MOST);
    }
}
