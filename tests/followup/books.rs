//! Books made by hand.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use lagesbild::domain::{
    Activity, ActorRule, Area, AreaType, Basis, Certainty, Commitment, CountBy, Counting, Id, Location, LonLat, Names,
    Participant, Party, Period, Plane, Pledge, PledgePlace, Promise, PromiseDocument, PromiseHead, Record,
    ReportedCount, Shape, Target, TimeCertainty, Vocabulary, When,
};
use lagesbild::followup::ledger::{Ledger, Row, ledger};
use lagesbild::followup::{Book, BookBuilder};
use lagesbild::spatial::{AreaSet, DataClass, FileFacts, Frame};

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect(text)
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect(text)
}

pub(crate) fn period(text: &str) -> Period {
    Period::parse(text).expect(text)
}

pub(crate) fn names(text: &str) -> Names {
    Names { sv: text.to_string(), en: text.to_string() }
}

pub(crate) fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").expect("bundled")
}

/// A square of 0.01 degrees from (14.0 + x, 57.0).
pub(crate) fn square(name: &str, x: f64) -> Area {
    let ring = [(14.0 + x, 57.0), (14.01 + x, 57.0), (14.01 + x, 57.01), (14.0 + x, 57.01), (14.0 + x, 57.0)];
    Area {
        id: id(name),
        names: names(name),
        set: "promise".into(),
        area_type: AreaType::NonResidential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: "test".into(),
        certainty: Certainty::Official,
        how_drawn: "by hand".into(),
        outline: geo::MultiPolygon(vec![geo::Polygon::new(ring.to_vec().into(), vec![])]),
    }
}

/// `here` and, apart from it, `there`.
pub(crate) fn frame() -> Frame {
    frame_of(vec![square("here", 0.0), square("there", 0.1)])
}

pub(crate) fn frame_of(areas: Vec<Area>) -> Frame {
    Frame {
        facts: Arc::new(FileFacts {
            plane: Plane::from_epsg(3006).expect("known"),
            time_zone: "Europe/Stockholm".into(),
            zone: stockholm(),
            data_class: DataClass::Synthetic,
            identity: "test".into(),
        }),
        areas: Arc::new(AreaSet::new(areas)),
        places: Arc::new(Vec::new()),
        vocabulary: Arc::new(Vocabulary::seed()),
    }
}

/// At least `n` of a kind in `here`, by the police, in the whole of the period.
pub(crate) fn pledge(kind: &str, n: u32, count_by: CountBy) -> Pledge {
    Pledge::Activities {
        kind: kind.into(),
        count_by,
        target: Target { at_least: NonZeroU32::new(n).expect("at least one"), per: Counting::WholePeriod },
        actors: vec![ActorRule::new(vec!["police".into()], true).expect("not empty")],
        place: PledgePlace::Area(id("here")),
    }
}

pub(crate) fn commitment(name: &str, pledge: Pledge) -> Commitment {
    Commitment {
        id: id(name),
        names: names(name),
        quote: String::new(),
        promises: vec![id("p")],
        promises_basis: Basis::Text,
        responsible: vec![id("polisen")],
        pledge,
        readings: vec![],
    }
}

pub(crate) fn document(name: &str, days: &str, commitments: Vec<Commitment>) -> PromiseDocument {
    let party = Party {
        id: id("polisen"),
        role: "police".into(),
        organisation: "Polisen, Lokalpolisområde Höglandet".into(),
        signed_as: "Lokalpolisområdeschef".into(),
    };
    let head = PromiseHead {
        id: id(name),
        names: names(name),
        signed: period(days).start(),
        period: period(days),
        source: String::new(),
        parties: vec![party],
        readings: vec![],
    };
    let promise = Promise { id: id("p"), names: names("p"), quote: String::new(), areas: vec![] };
    PromiseDocument::new(head, vec![promise], commitments).expect("sound")
}

/// A local time such as `2025-03-01T21:00` as seconds; an ambiguous one is the earlier reading.
pub(crate) fn second(text: &str) -> i64 {
    let at: jiff::civil::DateTime = text.parse().expect(text);
    at.to_zoned(stockholm()).expect("in range").timestamp().as_second()
}

/// An operation of the police in the middle of `here`, for an hour.
pub(crate) fn operation(name: &str, start: &str) -> Activity {
    let start = second(start);
    Activity {
        id: id(name),
        kind: "targeted_operation".into(),
        when: When::interval(start, start + 3600, TimeCertainty::Interval).expect("an hour"),
        location: Location { shape: Some(at(14.005)), ..Location::default() },
        actors: Participant::parse_list("police:Polisen, Lokalpolisområde Höglandet"),
        mode: None,
        minutes: None,
        result: None,
        operation_id: None,
        intelligence_led: None,
        text: None,
        kept: vec![],
    }
}

pub(crate) fn at(lon: f64) -> Shape {
    Shape::Point(LonLat::new(lon, 57.005).expect("in range"))
}

pub(crate) fn count(name: &str, month: &str, n: u32) -> ReportedCount {
    ReportedCount {
        id: id(name),
        organisation: "Polisen, Lokalpolisområde Höglandet".into(),
        kind: "targeted_operation".into(),
        area: Some(id("here")),
        period: period(month),
        n,
        intelligence_led: None,
        actors: vec![],
        reported_by: "kommunpolisen".into(),
        reported_on: period(month).end(),
    }
}

pub(crate) fn book(documents: Vec<PromiseDocument>, records: Vec<Record>) -> Book {
    book_in(&frame(), documents, records)
}

pub(crate) fn book_in(frame: &Frame, documents: Vec<PromiseDocument>, records: Vec<Record>) -> Book {
    let mut builder = BookBuilder::new(frame, 1);
    documents.into_iter().for_each(|document| builder.promise(document));
    records.into_iter().for_each(|record| builder.record(record));
    builder.finish()
}

/// The only row of the only document on a day.
pub(crate) fn row(book: &Book, on: &str) -> Row {
    let Ledger { mut documents, .. } = ledger(book, day(on));
    documents.swap_remove(0).rows.swap_remove(0)
}
