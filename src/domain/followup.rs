//! What organisations report besides records: counts, actions, silence, answers; what they book, decide and
//! say about it; and the promises they made.

use jiff::civil::Date;

use super::{Id, Participant, Period, When};

/// One organisation's word for one week: `n` records handed in, 0 is "nothing to report".
///
/// So that silence and nothing are different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Unique among reports.
    pub id: Id,
    /// Who reports.
    pub organisation: String,
    /// The ISO week, Monday to Sunday.
    pub week: Period,
    /// The area it is about, or the whole municipality.
    pub area: Option<Id>,
    /// Number of records.
    pub n: u32,
    /// When it was reported.
    pub reported_on: Date,
}

/// What a survey wave found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SurveyResult {
    /// Counted answers; `unsafe_count <= answered <= asked`.
    Counts {
        /// People asked.
        asked: u32,
        /// People who answered the question.
        answered: u32,
        /// Answers that mean unsafe.
        unsafe_count: u32,
    },
    /// A published share.
    Share {
        /// Share of answers that mean unsafe, 0 to 1.
        unsafe_share: f64,
        /// People who answered.
        answered: u32,
        /// Half width of the published interval, when given.
        margin: Option<f64>,
        /// Whether answers were weighted to stand for the population, when said.
        weighted: Option<bool>,
    },
}

/// One wave of a survey of perceived safety.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Unique among surveys.
    pub id: Id,
    /// Name of the wave.
    pub wave: String,
    /// The area asked about.
    pub area: Option<Id>,
    /// The question in Swedish, as asked.
    pub question_sv: String,
    /// The question in English.
    pub question_en: String,
    /// Who answered: residents, visitors, all.
    pub respondents: String,
    /// The answers to choose from.
    pub answer_scale: String,
    /// Which of them mean unsafe.
    pub unsafe_answers: String,
    /// When it was asked.
    pub period: Period,
    /// What it found.
    pub result: SurveyResult,
    /// Those who answered that they do not know; not among `answered`.
    pub dont_know: Option<u32>,
    /// Those who answered that they do not go there; not among `answered`.
    pub dont_go_there: Option<u32>,
    /// Who made it.
    pub source: String,
}

/// Work that an organisation reports as a number only: "four targeted operations in Runneryd in May".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedCount {
    /// Unique among reported counts.
    pub id: Id,
    /// Whose work it was.
    pub organisation: String,
    /// Code in the kind table.
    pub kind: String,
    /// The area, or the whole municipality.
    pub area: Option<Id>,
    /// A whole month or quarter of local days.
    pub period: Period,
    /// How many.
    pub n: u32,
    /// Of them, how many the organisation states as intelligence-led, when it says so; at most `n`.
    pub intelligence_led: Option<u32>,
    /// Who took part in each of them; empty means the organisation alone.
    pub actors: Vec<Participant>,
    /// Who reported it.
    pub reported_by: String,
    /// When.
    pub reported_on: Date,
}

/// The name of an organisation as it is compared: words with one blank between them, in small letters.
pub fn organisation_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether two names are of one organisation or of a part and its whole: "Polisen" and "Polisen, Lokalpolisområde
/// Höglandet". One speaks for the other.
pub fn speaks_for(name: &str, other: &str) -> bool {
    let (a, b) = (organisation_key(name), organisation_key(other));
    let begins = |whole: &str, part: &str| {
        part.strip_prefix(whole).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
    };
    a == b || begins(&a, &b) || begins(&b, &a)
}

impl ReportedCount {
    /// The organisation as it is compared.
    pub fn organisation_key(&self) -> String {
        organisation_key(&self.organisation)
    }

    /// Whether both say how many the same organisation did of the same kind in the same area (or both in the whole
    /// municipality) on a day they share: then one of them counts work twice, or contradicts the other. A count is
    /// no overlap of itself: records of one id are versions of each other.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.id != other.id
            && self.kind == other.kind
            && self.area == other.area
            && self.period.start() < other.period.end()
            && other.period.start() < self.period.end()
            && self.organisation_key() == other.organisation_key()
    }
}

/// How far an action has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionStatus {
    /// Nobody has begun.
    NotStarted,
    /// A date is set.
    Planned,
    /// Under way.
    Started,
    /// Done.
    Done,
    /// It will not be done; a reason is given.
    NotDone,
}

impl ActionStatus {
    /// All values in the order they usually come.
    pub const ALL: [Self; 5] = [Self::NotStarted, Self::Planned, Self::Started, Self::Done, Self::NotDone];

    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Planned => "planned",
            Self::Started => "started",
            Self::Done => "done",
            Self::NotDone => "not_done",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// What is to be done about a point: by whom, until when, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Unique among actions.
    pub id: Id,
    /// What it is about: the id of an observation, an inventory (activity) or a meeting (activity).
    pub about: Option<Id>,
    /// What is to be done.
    pub text: String,
    /// Who is to do it: an organisation, never a person.
    pub owner_organisation: String,
    /// Until when.
    pub due: Option<Date>,
    /// How far it has come.
    pub status: ActionStatus,
    /// Why it is not done; given exactly when the status is [`ActionStatus::NotDone`].
    pub why_not: Option<String>,
    /// When it is looked at again.
    pub recheck: Option<Date>,
    /// The area it belongs to.
    pub area: Option<Id>,
}

/// A promise as the data file keeps it: what tables show, and the document it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPromise {
    /// Unique among promises.
    pub id: Id,
    /// Swedish text.
    pub text_sv: String,
    /// English text.
    pub text_en: String,
    /// When it applies.
    pub period: Period,
    /// The whole promise as JSON text.
    pub json: String,
}

/// A date that is set for work to come: a meeting, an inventory. It counts nothing; the activity that comes of it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// Unique among bookings.
    pub id: Id,
    /// Code in the kind table.
    pub kind: String,
    /// From when to when, or the whole day.
    pub when: When,
    /// The area it is about, or none.
    pub area: Option<Id>,
    /// Who is to take part.
    pub actors: Vec<Participant>,
    /// What it is about, in a line.
    pub title: Option<String>,
    /// Day on which the date was set.
    pub booked_on: Date,
    /// Whether it was called off.
    pub cancelled: bool,
    /// The activity that came of it.
    pub activity: Option<Id>,
    /// Whether everybody is invited: it is shown to all ahead of time. Only what [`Booking::check_invitation`] takes.
    pub invitation: bool,
}

/// Kinds of work that may be a public invitation: those that are open to everybody. What the police and others do on
/// the spot (presence, operations, checks, inventories) is never announced, whoever asks for it.
pub const INVITATION_KINDS: [&str; 2] = ["safety_walk", "dialogue"];

/// A booking that is not open to everybody and was to be shown to everybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a booking of kind '{kind}' cannot be a public invitation: where and when that is done is not announced; accepted kinds: {}",
    INVITATION_KINDS.join(", ")
)]
pub struct NotInvited {
    /// Code of its kind.
    pub kind: String,
}

impl Booking {
    /// Whether a booking of this kind may say of itself whether it is a public invitation.
    pub fn check_invitation(kind: &str, invitation: bool) -> Result<(), NotInvited> {
        if invitation && !INVITATION_KINDS.contains(&kind) {
            return Err(NotInvited { kind: kind.to_string() });
        }
        Ok(())
    }
}

/// What a party says in public about a commitment, dated. It stands beside the computed status and never changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Unique among comments.
    pub id: Id,
    /// Id of the promise document.
    pub promise: Id,
    /// The commitment in it.
    pub commitment: Id,
    /// Id of the party in the document, for whom it is said.
    pub party: Id,
    /// At most [`Comment::MAX_CHARS`] characters.
    pub text: String,
    /// When it was said.
    pub on: Date,
}

impl Comment {
    /// Longest text, in characters.
    pub const MAX_CHARS: usize = 400;
}

/// What the weekly meeting puts first in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// Unique among priorities.
    pub id: Id,
    /// The ISO week it is for.
    pub week: Period,
    /// Place in the order, from 1.
    pub rank: u32,
    /// The area it is about, or none.
    pub area: Option<Id>,
    /// What is to be done or watched.
    pub text: String,
    /// Who takes it on: an organisation, never a person.
    pub owner_organisation: Option<String>,
    /// When it was decided.
    pub decided_on: Date,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_what_is_open_to_everybody_is_a_public_invitation() {
        let seeded = crate::domain::Vocabulary::seed().kinds;
        let invited: Vec<&str> = seeded
            .iter()
            .map(|kind| kind.code.as_str())
            .filter(|kind| Booking::check_invitation(kind, true).is_ok())
            .collect();
        assert_eq!(invited, ["safety_walk", "dialogue"]);
        assert!(seeded.iter().all(|kind| Booking::check_invitation(&kind.code, false).is_ok()));
        for kind in
            ["presence", "targeted_operation", "traffic_check", "safety_inventory", "", "Safety_Walk", "a_new_kind"]
        {
            let refused = Booking::check_invitation(kind, true).expect_err("is not announced").to_string();
            assert!(refused.contains(&format!("'{kind}'")) && refused.ends_with("safety_walk, dialogue"), "{refused}");
        }
    }

    #[test]
    fn counts_overlap_when_they_say_the_same_thing_of_one_day() {
        let count = |id: &str, organisation: &str, kind: &str, area: Option<&str>, period: &str| ReportedCount {
            id: Id::new(id).expect("id"),
            organisation: organisation.to_string(),
            kind: kind.to_string(),
            area: area.map(|area| Id::new(area).expect("id")),
            period: Period::parse(period).expect("period"),
            n: 1,
            intelligence_led: None,
            actors: Vec::new(),
            reported_by: String::new(),
            reported_on: date(2026, 7, 1),
        };
        let may = count("a", "Lokalpolisområde Höglandet", "targeted_operation", None, "2026-05");
        let twin = |period| count("b", " LOKALPOLISOMRÅDE HÖGLANDET ", "targeted_operation", None, period);
        assert!(may.overlaps(&twin("2026-05")) && may.overlaps(&twin("2026-Q2")) && twin("2026-Q2").overlaps(&may));
        assert!(!may.overlaps(&twin("2026-06")) && !may.overlaps(&twin("2026-04")));
        assert!(!may.overlaps(&may.clone()), "itself");
        for other in [
            count("b", "Linden", "targeted_operation", None, "2026-05"),
            count("b", "Lokalpolisområde Höglandet", "presence", None, "2026-05"),
            count("b", "Lokalpolisområde Höglandet", "targeted_operation", Some("runneryd"), "2026-05"),
        ] {
            assert!(!may.overlaps(&other) && !other.overlaps(&may));
        }
    }
}
