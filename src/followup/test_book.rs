//! Books and snapshots made by hand, for tests.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Book, BookBuilder};
use crate::domain::{
    Action, ActionStatus, Activity, Area, AreaType, Basis, Booking, Certainty, Commitment, CountBy, Counting, Id,
    Location, LonLat, Names, Participant, Party, Period, Plane, Pledge, PledgePlace, Priority, Promise,
    PromiseDocument, PromiseHead, Record, Report, Target, Vocabulary, When,
};
use crate::spatial::{AreaSet, Columns, DataClass, FileFacts, Frame, Row, Snapshot};

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

pub(crate) fn week(text: &str) -> Period {
    Period::parse(text).expect("a week")
}

/// Noon UTC of a day.
pub(crate) fn noon(text: &str) -> When {
    When::instant(format!("{text}T12:00:00Z").parse::<Timestamp>().expect("an instant").as_second())
}

pub(crate) fn action(id_text: &str, owner: &str) -> Action {
    Action {
        id: id(id_text),
        about: None,
        text: format!("Åtgärd {id_text}"),
        owner_organisation: owner.to_string(),
        due: None,
        status: ActionStatus::NotStarted,
        why_not: None,
        recheck: None,
        area: None,
    }
}

pub(crate) fn activity(id_text: &str, kind: &str, on: &str, actors: &str) -> Activity {
    Activity {
        id: id(id_text),
        kind: kind.to_string(),
        when: noon(on),
        location: Location::default(),
        actors: Participant::parse_list(actors),
        mode: None,
        minutes: None,
        result: None,
        operation_id: None,
        intelligence_led: None,
        text: None,
        kept: Vec::new(),
    }
}

pub(crate) fn report(organisation: &str, week_text: &str, n: u32) -> Report {
    let week = week(week_text);
    Report {
        id: id(&format!("r-{week_text}-{n}-{}", organisation.len())),
        organisation: organisation.to_string(),
        reported_on: week.end(),
        week,
        area: None,
        n,
    }
}

pub(crate) fn booking(id_text: &str, kind: &str, on: &str) -> Booking {
    Booking {
        id: id(id_text),
        kind: kind.to_string(),
        when: noon(on),
        area: None,
        actors: Vec::new(),
        title: None,
        booked_on: day("2026-01-01"),
        cancelled: false,
        activity: None,
        invitation: false,
    }
}

pub(crate) fn priority(id_text: &str, week_text: &str, rank: u32) -> Priority {
    Priority {
        id: id(id_text),
        week: week(week_text),
        rank,
        area: None,
        text: format!("Det {rank} först"),
        owner_organisation: None,
        decided_on: day("2026-01-01"),
    }
}

/// Two squares a tenth of a degree wide side by side: `west` from 14.6 and `east` from 14.8, both from 57.6 north.
pub(crate) fn frame() -> Frame {
    let square = |id_text: &str, west: f64| Area {
        id: id(id_text),
        names: Names { sv: id_text.to_string(), en: id_text.to_string() },
        set: "promise".to_string(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: "test".to_string(),
        certainty: Certainty::Official,
        how_drawn: String::new(),
        outline: geo::MultiPolygon(vec![geo::Rect::new((west, 57.6), (west + 0.1, 57.7)).to_polygon()]),
    };
    let facts = FileFacts {
        plane: Plane::from_epsg(3006).expect("known"),
        time_zone: "Europe/Stockholm".to_string(),
        zone: TimeZone::get("Europe/Stockholm").expect("bundled"),
        data_class: DataClass::Real,
        identity: String::new(),
    };
    Frame {
        facts: Arc::new(facts),
        areas: Arc::new(AreaSet::new(vec![square("west", 14.6), square("east", 14.8)])),
        places: Arc::default(),
        vocabulary: Arc::new(Vocabulary::seed()),
    }
}

/// A snapshot of observations `(longitude, day, category)` at 57.65 north; no longitude is no position.
pub(crate) fn snapshot(
    observations: &[(Option<f64>, &str, &str)],
    activities: &[(Option<f64>, &str, &str)],
) -> Snapshot {
    let frame = frame();
    let columns = |records: &[(Option<f64>, &str, &str)], terms: &[crate::domain::Term]| {
        let mut columns = Columns::with_capacity(records.len());
        for (i, (lon, on, code)) in records.iter().enumerate() {
            columns.push(&Row {
                id: &format!("n{i}"),
                at: lon.map(|lon| LonLat::new(lon, 57.65).expect("in range")),
                when: noon(on),
                term: terms.iter().position(|term| term.code == *code).expect("a known term") as u16,
                source: None,
                feeling: None,
                precision_m: Some(5.0),
                area: None,
                reporter: None,
            });
        }
        columns
    };
    let observations = columns(observations, &frame.vocabulary.categories);
    let activities = columns(activities, &frame.vocabulary.kinds);
    Snapshot::new(1, frame, observations, activities)
}

/// A promise of at least 15 operations a calendar year.
pub(crate) fn document(id_text: &str, period: &str, parties: &[&str]) -> PromiseDocument {
    let names = || Names { sv: "Insatser".into(), en: "Operations".into() };
    let party = |(i, organisation): (usize, &&str)| Party {
        id: id(&format!("party{i}")),
        role: "police".into(),
        organisation: organisation.to_string(),
        signed_as: "Chef".into(),
    };
    let head = PromiseHead {
        id: id(id_text),
        names: names(),
        signed: day("2025-01-01"),
        period: Period::parse(period).expect("a period"),
        source: String::new(),
        parties: parties.iter().enumerate().map(party).collect(),
        readings: Vec::new(),
    };
    let promise = Promise { id: id("p"), names: names(), quote: String::new(), areas: Vec::new() };
    let commitment = Commitment {
        id: id("c"),
        names: names(),
        quote: String::new(),
        promises: vec![id("p")],
        promises_basis: Basis::Text,
        responsible: Vec::new(),
        pledge: Pledge::Activities {
            kind: "targeted_operation".into(),
            count_by: CountBy::Operation,
            target: Target { at_least: NonZeroU32::new(15).expect("not zero"), per: Counting::CalendarYear },
            actors: Vec::new(),
            place: PledgePlace::None,
        },
        readings: Vec::new(),
    };
    PromiseDocument::new(head, vec![promise], vec![commitment]).expect("a document")
}

/// A book in the making.
#[derive(Default)]
pub(crate) struct Making {
    records: Vec<Record>,
    promises: Vec<PromiseDocument>,
}

pub(crate) fn book() -> Making {
    Making::default()
}

impl Making {
    pub(crate) fn actions(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.records.extend(actions.into_iter().map(Record::Action));
        self
    }

    pub(crate) fn activities(mut self, activities: impl IntoIterator<Item = Activity>) -> Self {
        self.records.extend(activities.into_iter().map(Record::Activity));
        self
    }

    pub(crate) fn reports(mut self, reports: impl IntoIterator<Item = Report>) -> Self {
        self.records.extend(reports.into_iter().map(Record::Report));
        self
    }

    pub(crate) fn bookings(mut self, bookings: impl IntoIterator<Item = Booking>) -> Self {
        self.records.extend(bookings.into_iter().map(Record::Booking));
        self
    }

    pub(crate) fn priorities(mut self, priorities: impl IntoIterator<Item = Priority>) -> Self {
        self.records.extend(priorities.into_iter().map(Record::Priority));
        self
    }

    pub(crate) fn promise(mut self, document: PromiseDocument) -> Self {
        self.promises.push(document);
        self
    }

    pub(crate) fn build(self) -> Book {
        let mut builder = BookBuilder::new(&frame(), 1);
        self.promises.into_iter().for_each(|document| builder.promise(document));
        self.records.into_iter().for_each(|record| builder.record(record));
        builder.finish()
    }
}
