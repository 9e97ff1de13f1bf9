//! How often somebody may try a password.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};

/// For how long a failed attempt counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failed attempts within the window for one name from one address.
const PER_NAME_AND_ADDRESS: usize = 5;
/// From one address, whatever the names.
const PER_ADDRESS: usize = 30;
/// For one name, from wherever: high, because with it strangers can keep somebody out.
const PER_NAME: usize = 100;
/// Most counters kept; a flood of others than the fullest forgets the oldest first.
const MOST: usize = 10_000;

/// Failed logins of the last quarter of an hour, in memory and bounded.
#[derive(Debug, Default)]
pub struct Attempts {
    /// When the newest ones were, oldest first, at most as many as the limit.
    failed: HashMap<Counter, Vec<Timestamp>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Counter {
    Both(String, Option<IpAddr>),
    Address(Option<IpAddr>),
    Name(String),
}

impl Counter {
    fn limit(&self) -> usize {
        match self {
            Self::Both(..) => PER_NAME_AND_ADDRESS,
            Self::Address(_) => PER_ADDRESS,
            Self::Name(_) => PER_NAME,
        }
    }
}

impl Attempts {
    /// Whether another attempt is allowed now; otherwise for how long it is not.
    pub fn check(&self, name: &str, from: Option<IpAddr>, now: Timestamp) -> Result<(), SignedDuration> {
        let wait = counters(name, from).into_iter().filter_map(|counter| {
            let times = self.failed.get(&counter)?;
            let counted: Vec<&Timestamp> = times.iter().filter(|at| is_recent(**at, now)).collect();
            let full = counted.len().checked_sub(counter.limit())?;
            // Free again when so many have fallen out of the window that one fits.
            Some(WINDOW - now.duration_since(**counted.get(full)?))
        });
        wait.max().map_or(Ok(()), Err)
    }

    /// Counts a failed attempt.
    pub fn count_failed(&mut self, name: &str, from: Option<IpAddr>, now: Timestamp) {
        for counter in counters(name, from) {
            let limit = counter.limit();
            let times = self.failed.entry(counter).or_default();
            times.retain(|at| is_recent(*at, now));
            if times.len() == limit {
                times.remove(0);
            }
            times.push(now);
        }
        if self.failed.len() > MOST {
            self.failed.retain(|_, times| times.last().is_some_and(|at| is_recent(*at, now)));
        }
        while self.failed.len() > MOST {
            let oldest = self.failed.iter().min_by_key(|(_, times)| times.last().copied()).map(|(c, _)| c.clone());
            oldest.and_then(|counter| self.failed.remove(&counter));
        }
    }

    /// Takes back an attempt that was counted at `at` and then succeeded, and forgets what the same person mistyped
    /// before.
    pub fn take_back(&mut self, name: &str, from: Option<IpAddr>, at: Timestamp) {
        let [both, address, of_name] = counters(name, from);
        self.failed.remove(&both);
        for counter in [address, of_name] {
            let Some(times) = self.failed.get_mut(&counter) else { continue };
            if let Some(last) = times.iter().rposition(|time| *time == at) {
                times.remove(last);
            }
            if times.is_empty() {
                self.failed.remove(&counter);
            }
        }
    }
}

/// A clock that was set back makes attempts of the future: they count, for no longer than the window.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < WINDOW
}

fn counters(name: &str, from: Option<IpAddr>) -> [Counter; 3] {
    let from = prefix(from);
    [Counter::Both(name.to_string(), from), Counter::Address(from), Counter::Name(name.to_string())]
}

/// Of an IPv6 address the half that a network is given: its owner picks the other half freely.
fn prefix(address: Option<IpAddr>) -> Option<IpAddr> {
    address.map(|address| match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[test]
    fn after_five_failures_a_name_is_closed_for_one_address_until_the_window_has_passed() {
        let mut attempts = Attempts::default();
        let (here, there) = (address("10.0.0.1"), address("10.0.0.2"));
        for i in 0..5 {
            assert_eq!(attempts.check("anna", here, at(i)), Ok(()), "{i}");
            attempts.count_failed("anna", here, at(i));
        }
        assert_eq!(attempts.check("anna", here, at(5)), Err(SignedDuration::from_secs(895)));
        assert_eq!(attempts.check("anna", there, at(5)), Ok(()));
        assert_eq!(attempts.check("bo", here, at(5)), Ok(()));
        assert!(attempts.check("anna", here, at(899)).is_err());
        assert_eq!(attempts.check("anna", here, at(900)), Ok(()));
        attempts.take_back("anna", here, at(4));
        assert_eq!(attempts.check("anna", here, at(5)), Ok(()));
        let others: Vec<_> = attempts.failed.values().map(Vec::len).collect();
        assert_eq!(others, [4, 4], "of the address and of the name one is taken back");
    }

    #[test]
    fn an_address_that_tries_many_names_is_closed_with_its_network() {
        let mut attempts = Attempts::default();
        for i in 0..30 {
            attempts.count_failed(&format!("name{i}"), address("2001:db8:1:2::1"), at(0));
        }
        assert!(attempts.check("new", address("2001:db8:1:2:ffff::9"), at(1)).is_err());
        assert_eq!(attempts.check("new", address("2001:db8:1:3::1"), at(1)), Ok(()));
        // Written as IPv6, IPv4 is still one address.
        for _ in 0..5 {
            attempts.count_failed("x", address("10.0.0.1"), at(0));
        }
        assert!(attempts.check("x", address("::ffff:10.0.0.1"), at(1)).is_err());
        assert_eq!(attempts.check("x", address("::ffff:10.0.0.2"), at(1)), Ok(()));
    }

    #[test]
    fn one_name_tried_from_many_addresses_is_closed_and_the_memory_is_bounded() {
        let mut attempts = Attempts::default();
        for i in 0..100_u32 {
            attempts.count_failed("anna", Some(IpAddr::V4(i.into())), at(0));
        }
        assert!(attempts.check("anna", address("10.9.9.9"), at(1)).is_err());
        for i in 0..6000_u32 {
            attempts.count_failed(&i.to_string(), Some(IpAddr::V4(i.into())), at(2));
        }
        assert!(attempts.failed.len() <= MOST);
        assert!(attempts.check("0", Some(IpAddr::V4(0.into())), at(-5000)).is_ok(), "a clock far back counts nothing");
    }
}
