//! What may be done with a release, and by whom.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::releases::{NewRelease, ReleaseEntry};
use crate::domain::{Actor, Period, Role};

/// Who may publish what somebody built: the part of a policy that the register needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishRule {
    /// Whether the one who built it may publish it too, after waiting.
    pub sole_publisher: bool,
    /// For how many hours after it was built.
    pub wait_hours: u32,
}

/// Why the register does not take a change. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseRefused {
    /// A number that is not the next.
    #[error("release {number} cannot be added: the next number is {next}; no number is left out or used twice")]
    NotNext {
        /// As asked.
        number: u32,
        /// One more than the highest ever used.
        next: u32,
    },
    /// A part of the release that cannot be.
    #[error("{what} '{value}' cannot be that of a release; accepted: {accepted}")]
    Unusable {
        /// Which part.
        what: &'static str,
        /// As given.
        value: String,
        /// What is taken.
        accepted: &'static str,
    },
    /// There is one of the same period that everybody waits for.
    #[error(
        "release {number}, {stream} of {period}, is built and not published: publish it, or withdraw it, before another is built"
    )]
    Unpublished {
        /// Its number.
        number: u32,
        /// `follow-up` or `statistics`.
        stream: String,
        /// Of which period.
        period: String,
    },
    /// It does not name what it is a revision of, or names another.
    #[error("a second release of {period} is the revision of {expected}: name that one, and no other")]
    NotARevision {
        /// Of which period.
        period: String,
        /// The number of the first, or that it is none.
        expected: String,
    },
    /// The first and its revision are there.
    #[error(
        "{stream} of {period} cannot be released a third time: release {first} is the first and release {revision} its one revision. \
         Numbers of a third could be set against them; correct its texts, or withdraw it"
    )]
    RevisedBefore {
        /// `follow-up` or `statistics`.
        stream: String,
        /// Of which period.
        period: String,
        /// Number of the first.
        first: u32,
        /// Number of its revision.
        revision: u32,
    },
    /// No release has the number.
    #[error("there is no release {number}; 'lagesbild release list' shows all")]
    Unknown {
        /// As asked.
        number: u32,
    },
    /// Somebody without the role.
    #[error("{who} is no publisher, and only a publisher may do this; an admin gives the role")]
    NotAPublisher {
        /// Who asked.
        who: String,
    },
    /// It is published or withdrawn already, or not published yet.
    #[error("release {number} {state}")]
    State {
        /// Its number.
        number: u32,
        /// How it is, and since when.
        state: String,
    },
    /// Its day has not come.
    #[error("release {number} is meant for {on} and cannot be published before; today is {today}")]
    TooEarly {
        /// Its number.
        number: u32,
        /// From this local day on.
        on: Date,
        /// The local day it is.
        today: Date,
    },
    /// The one who built it asks to publish it.
    #[error("release {number} was built by {built_by} at {built_at}: somebody else publishes it. {rule}")]
    SecondPerson {
        /// Its number.
        number: u32,
        /// Who built it.
        built_by: String,
        /// When.
        built_at: Timestamp,
        /// From when on the builder may; `None` when the rule allows it to nobody.
        from: Option<Timestamp>,
        /// The rule in words.
        rule: String,
    },
}

const STREAMS: [&str; 2] = ["follow-up", "statistics"];
/// Letters of a reason, and of a correction.
const REASON_LETTERS: usize = 400;

/// The release with this number.
pub(super) fn find(known: &[ReleaseEntry], number: u32) -> Result<&ReleaseEntry, ReleaseRefused> {
    known.iter().find(|entry| entry.new.number == number).ok_or(ReleaseRefused::Unknown { number })
}

/// Whether a release may be registered; the entry that is the same, when there is one.
///
/// A period of a stream comes out once, and once more as the revision of the first. Each further one would be another
/// set of numbers to set against the others: about the same people in statistics, and editions of a follow-up from day
/// to day would date every change between them. What counts is what was or may still be published: a release that was
/// withdrawn before anybody could see it does not, one that was public does for ever.
pub(super) fn may_be_registered<'a>(
    known: &'a [ReleaseEntry],
    new: &NewRelease,
    newest_revision: u64,
) -> Result<Option<&'a ReleaseEntry>, ReleaseRefused> {
    check_parts(new, newest_revision)?;
    let of_period = |entry: &&ReleaseEntry| {
        entry.new.stream == new.stream && (entry.new.first, entry.new.last) == (new.first, new.last)
    };
    let same = |entry: &&ReleaseEntry| entry.new.content_sha256 == new.content_sha256 && entry.withdrawn.is_none();
    if let Some(same) = known.iter().filter(of_period).find(same) {
        return Ok(Some(same));
    }
    let next = known.iter().map(|entry| entry.new.number).max().unwrap_or(0) + 1;
    if new.number != next {
        return Err(ReleaseRefused::NotNext { number: new.number, next });
    }
    let counts = |entry: &&ReleaseEntry| entry.published.is_some() || entry.withdrawn.is_none();
    let before: Vec<&ReleaseEntry> = known.iter().filter(of_period).filter(counts).collect();
    let period = || new.period.clone();
    let not_a_revision = |expected: String| Err(ReleaseRefused::NotARevision { period: period(), expected });
    match before.as_slice() {
        [] if new.revision_of.is_none() => Ok(None),
        [] => not_a_revision("nothing, because nothing of it was published".to_string()),
        [first] if first.published.is_none() => {
            Err(ReleaseRefused::Unpublished { number: first.new.number, stream: new.stream.clone(), period: period() })
        }
        [first] if new.revision_of == Some(first.new.number) => Ok(None),
        [first] => not_a_revision(format!("release {}", first.new.number)),
        [first, .., revision] => Err(ReleaseRefused::RevisedBefore {
            stream: new.stream.clone(),
            period: period(),
            first: first.new.number,
            revision: revision.new.number,
        }),
    }
}

fn check_parts(new: &NewRelease, newest_revision: u64) -> Result<(), ReleaseRefused> {
    let refuse = |what, value: &dyn ToString, accepted| {
        Err(ReleaseRefused::Unusable { what, value: value.to_string(), accepted })
    };
    if !STREAMS.contains(&new.stream.as_str()) {
        return refuse("the stream", &new.stream, "follow-up, statistics");
    }
    let spanned = Period::spanning(new.first, new.last);
    if spanned.is_none_or(|period| period.word() != new.period) {
        return refuse(
            "the period",
            &new.period,
            "the shortest word of its first to its last day, such as 2025 or 2025-03",
        );
    }
    if new.published_on <= new.last {
        return refuse("the day of publication", &new.published_on, "a day after the last of the period");
    }
    for (what, hash) in [("the hash of the files", &new.content_sha256), ("the hash of the areas", &new.areas_sha256)] {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return refuse(what, hash, "a SHA-256: 64 of 0-9 and a-f");
        }
    }
    if new.data_revision == 0 || new.data_revision > newest_revision {
        return refuse("the revision", &new.data_revision, "a revision of the data file");
    }
    Ok(())
}

/// Whether this person may publish a release now.
///
/// A publisher who did not build it may, from its day on. The one who built it may when the rule names a sole
/// publisher and its hours have gone by. Names are compared in small letters.
pub(super) fn may_be_published(
    entry: &ReleaseEntry,
    actor: &Actor,
    now: Timestamp,
    today: Date,
    rule: &PublishRule,
) -> Result<(), ReleaseRefused> {
    must_be_publisher(actor)?;
    must_be_in_force(entry)?;
    let number = entry.new.number;
    if let Some((by, at)) = &entry.published {
        return Err(ReleaseRefused::State { number, state: format!("was published by {by} at {at} already") });
    }
    if today < entry.new.published_on {
        return Err(ReleaseRefused::TooEarly { number, on: entry.new.published_on, today });
    }
    if actor.id.trim().to_lowercase() != entry.built_by.trim().to_lowercase() {
        return Ok(());
    }
    let wait = SignedDuration::from_hours(i64::from(rule.wait_hours));
    let from = rule.sole_publisher.then(|| entry.built_at.saturating_add(wait).unwrap_or(Timestamp::MAX));
    if from.is_some_and(|from| now >= from) {
        return Ok(());
    }
    let rule = match from {
        None => "The policy does not let one person build and publish (sole_publisher = false)".to_string(),
        Some(from) => format!(
            "The policy lets {} publish it alone {} hours after it was built: from {from} on",
            entry.built_by, rule.wait_hours
        ),
    };
    Err(ReleaseRefused::SecondPerson { number, built_by: entry.built_by.clone(), built_at: entry.built_at, from, rule })
}

/// Whether this person may withdraw a release; the reason without blanks around it.
pub(super) fn may_be_withdrawn(entry: &ReleaseEntry, actor: &Actor, reason: &str) -> Result<String, ReleaseRefused> {
    must_be_publisher(actor)?;
    must_be_in_force(entry)?;
    one_line("the reason", reason)
}

/// Whether this person may correct the texts of a release; both texts without blanks around them.
pub(super) fn may_be_corrected(
    entry: &ReleaseEntry,
    actor: &Actor,
    text_sv: &str,
    text_en: &str,
) -> Result<(String, String), ReleaseRefused> {
    must_be_publisher(actor)?;
    must_be_in_force(entry)?;
    if entry.published.is_none() {
        let state = "is not published: withdraw it and build it anew".to_string();
        return Err(ReleaseRefused::State { number: entry.new.number, state });
    }
    Ok((one_line("the Swedish text", text_sv)?, one_line("the English text", text_en)?))
}

fn must_be_publisher(actor: &Actor) -> Result<(), ReleaseRefused> {
    if actor.may(Role::Publisher) { Ok(()) } else { Err(ReleaseRefused::NotAPublisher { who: actor.id.clone() }) }
}

fn must_be_in_force(entry: &ReleaseEntry) -> Result<(), ReleaseRefused> {
    match &entry.withdrawn {
        None => Ok(()),
        Some((by, at, reason)) => Err(ReleaseRefused::State {
            number: entry.new.number,
            state: format!("was withdrawn by {by} at {at} ({reason})"),
        }),
    }
}

fn one_line(what: &'static str, text: &str) -> Result<String, ReleaseRefused> {
    let trimmed = text.trim();
    let letters = trimmed.chars().count();
    if letters == 0 || letters > REASON_LETTERS || trimmed.chars().any(char::is_control) {
        let value = trimmed.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(ReleaseRefused::Unusable { what, value, accepted: "one line of 1 to 400 characters" });
    }
    Ok(trimmed.to_string())
}
