//! Any record that can be, of any collection.

use std::sync::OnceLock;

use jiff::civil::Date;
use proptest::prelude::*;

use crate::domain::{
    Action, ActionStatus, Activity, Area, AreaType, Booking, Certainty, Comment, Feeling, Id, Location, LonLat, Names,
    Observation, Participant, Period, Place, Priority, Record, Report, ReportedCount, Shape, Source, StoredPromise,
    Survey, SurveyResult, TimeCertainty, Vocabulary, When,
};
use crate::geodata::{default_place, write_promises};

fn id() -> impl Strategy<Value = Id> {
    "[a-z]{1,8}-[0-9]{1,4}".prop_map(|text| Id::new(&text).expect("an id"))
}

fn word() -> impl Strategy<Value = String> {
    "[a-zåäöA-ZÅÄÖ]{1,9}( [a-zåäö,.!?'\"<&]{1,9}){0,3}"
}

fn maybe<T: Clone + std::fmt::Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop_oneof![Just(None), values.prop_map(Some)]
}

fn date() -> impl Strategy<Value = Date> {
    (2000_i16..2040, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn period() -> impl Strategy<Value = Period> {
    (date(), 0_i64..900).prop_map(|(first, days)| {
        let last = first.saturating_add(jiff::ToSpan::days(days));
        Period::spanning(first, last).expect("not backwards")
    })
}

fn when() -> impl Strategy<Value = When> {
    let certainty =
        prop_oneof![Just(TimeCertainty::Interval), Just(TimeCertainty::WholeDay), Just(TimeCertainty::Ambiguous)];
    prop_oneof![
        (0_i64..2_000_000_000).prop_map(When::instant),
        (0_i64..2_000_000_000, 1_i64..1_000_000, certainty).prop_map(|(start, span, c)| When::interval(
            start,
            start + span,
            c
        )
        .expect("not backwards")),
    ]
}

fn position() -> impl Strategy<Value = LonLat> {
    (14.0_f64..15.5, 57.0_f64..58.5).prop_map(|(lon, lat)| LonLat::new(lon, lat).expect("in range"))
}

fn metres() -> impl Strategy<Value = f64> {
    prop_oneof![(0_u16..2_000).prop_map(f64::from), 0.0_f64..5_000.0]
}

/// Without a register entry: what an entry fills in has a test of its own.
fn location() -> impl Strategy<Value = Location> {
    (maybe(position()), maybe(metres()), any::<bool>(), maybe(word())).prop_map(
        |(at, precision_m, area, place_text)| {
            let area = (at.is_none() && area).then(|| Id::new("resecentrum").expect("an id"));
            Location { shape: at.map(Shape::Point), precision_m, place: None, area, place_text }
        },
    )
}

fn kept() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((word(), word()), 0..3)
}

fn observation() -> impl Strategy<Value = Record> {
    let source = (0..Source::ALL.len()).prop_map(|n| Source::ALL[n]);
    let feeling = prop_oneof![Just(Feeling::Unsafe), Just(Feeling::Safe)];
    let texts = (maybe(id()), maybe(word()), maybe(word()), maybe("k[a-f0-9]{16}"));
    (id(), 0_usize..12, maybe(feeling), when(), location(), maybe(source), maybe(1_u8..=5), texts, kept()).prop_map(
        |(id, term, feeling, when, location, source, severity, (inventory, photo, text, reporter_key), kept)| {
            let category = Vocabulary::seed().categories[term].code.clone();
            Record::Observation(Observation {
                id,
                category,
                feeling,
                when,
                location,
                source,
                severity,
                text,
                kept,
                inventory,
                photo,
                reporter_key,
            })
        },
    )
}

fn shape() -> impl Strategy<Value = Shape> {
    let corner = |at: LonLat, dx: f64, dy: f64| geo::Coord { x: at.lon() + dx, y: at.lat() + dy };
    prop_oneof![
        position().prop_map(Shape::Point),
        (position(), position())
            .prop_map(|(a, b)| Shape::Line(geo::MultiLineString(vec![geo::LineString(vec![a.coord(), b.coord()])]))),
        position().prop_map(move |at| {
            let polygon = geo::Rect::new(at.coord(), corner(at, 0.01, 0.02)).to_polygon();
            Shape::Polygon(geo::Orient::orient(&geo::MultiPolygon(vec![polygon]), geo::orient::Direction::Default))
        }),
    ]
}

fn actors() -> impl Strategy<Value = Vec<Participant>> {
    let actor = (0_usize..9, maybe(word())).prop_map(|(role, organisation)| Participant {
        role: Vocabulary::seed().roles[role].code.clone(),
        organisation,
    });
    prop::collection::vec(actor, 0..3)
}

fn kind() -> impl Strategy<Value = String> {
    (0_usize..8).prop_map(|kind| Vocabulary::seed().kinds[kind].code.clone())
}

fn week() -> impl Strategy<Value = Period> {
    (2001_i16..2040, 1_i8..=52).prop_map(|(year, week)| Period::parse(&format!("{year}-W{week:02}")).expect("a week"))
}

fn activity() -> impl Strategy<Value = Record> {
    let more = (maybe(word()), maybe(word()), maybe(word()), maybe(word()), maybe(any::<bool>()));
    (id(), kind(), when(), location(), maybe(shape()), actors(), maybe(metres()), more, kept()).prop_map(
        |(id, kind, when, mut location, shape, actors, minutes, more, kept)| {
            let (mode, result, operation_id, text, intelligence_led) = more;
            if shape.is_some() {
                location.area = None;
            }
            location.shape = shape;
            Record::Activity(Activity {
                id,
                kind,
                when,
                location,
                actors,
                mode,
                minutes,
                result,
                operation_id,
                intelligence_led,
                text,
                kept,
            })
        },
    )
}

fn area() -> impl Strategy<Value = Record> {
    let texts = (word(), word(), word(), word(), word());
    let dates =
        maybe((date(), 1_i64..999).prop_map(|(from, days)| (from, from.saturating_add(jiff::ToSpan::days(days)))));
    let certainty = (0_usize..3).prop_map(|n| Certainty::ALL[n]);
    (id(), texts, any::<bool>(), maybe(0_u32..100_000), dates, certainty, position()).prop_map(
        |(id, (sv, en, set, source, how_drawn), homes, residents, dates, certainty, at)| {
            let corner = geo::Coord { x: at.lon() + 0.01, y: at.lat() + 0.01 };
            let polygon = geo::Rect::new(at.coord(), corner).to_polygon();
            let outline = geo::Orient::orient(&geo::MultiPolygon(vec![polygon]), geo::orient::Direction::Default);
            Record::Area(Area {
                id,
                names: Names { sv, en },
                set,
                area_type: if homes { AreaType::Residential } else { AreaType::NonResidential },
                residents,
                valid_from: dates.map(|(from, _)| from),
                valid_to: dates.map(|(_, to)| to),
                source,
                certainty,
                how_drawn,
                outline,
            })
        },
    )
}

fn place() -> impl Strategy<Value = Record> {
    let aliases = prop::collection::vec("[a-zåäö]{1,9}", 0..3);
    (id(), word(), aliases, maybe(position()), maybe(metres()), any::<bool>(), word()).prop_map(
        |(id, name, aliases, at, precision_m, area, source)| {
            let area = area.then(|| Id::new("runneryd").expect("an id"));
            Record::Place(Place { id, name, aliases, at, precision_m, area, source })
        },
    )
}

fn survey() -> impl Strategy<Value = Record> {
    let apart = || (maybe(0_u32..90), maybe(0_u32..90));
    let counts = (0_u32..900, 0_u32..900, 0_u32..900, apart()).prop_map(|(a, b, silent, apart)| {
        let asked = a.max(b) + apart.0.unwrap_or(0) + apart.1.unwrap_or(0) + silent;
        (SurveyResult::Counts { asked, answered: a.max(b), unsafe_count: a.min(b) }, apart)
    });
    let share = (0.0_f64..=1.0, 0_u32..900, maybe(0.0_f64..=1.0), maybe(any::<bool>()), apart()).prop_map(
        |(unsafe_share, answered, margin, weighted, apart)| {
            (SurveyResult::Share { unsafe_share, answered, margin, weighted }, apart)
        },
    );
    let result = prop_oneof![counts, share];
    let texts = (word(), word(), word(), word(), word(), word());
    (id(), texts, 0_usize..3, period(), result).prop_map(
        |(id, (wave, question_sv, question_en, answer_scale, unsafe_answers, source), who, period, (result, apart))| {
            Record::Survey(Survey {
                dont_know: apart.0,
                dont_go_there: apart.1,
                id,
                wave,
                area: None,
                question_sv,
                question_en,
                respondents: ["residents", "visitors", "all"][who].to_string(),
                answer_scale,
                unsafe_answers,
                period,
                result,
                source,
            })
        },
    )
}

fn reported_count() -> impl Strategy<Value = Record> {
    let n = (0_u32..50).prop_flat_map(|n| (Just(n), maybe(0..=n)));
    (id(), word(), 2000_i16..2040, 0_usize..16, n, actors(), word(), date()).prop_map(
        |(id, organisation, year, part, (n, intelligence_led), actors, reported_by, reported_on)| {
            let text = if part < 12 { format!("{year}-{:02}", part + 1) } else { format!("{year}-Q{}", part - 11) };
            Record::ReportedCount(ReportedCount {
                id,
                organisation,
                intelligence_led,
                actors,
                kind: "targeted_operation".to_string(),
                area: Some(Id::new("runneryd").expect("an id")),
                period: Period::parse(&text).expect("a period"),
                n,
                reported_by,
                reported_on,
            })
        },
    )
}

fn action() -> impl Strategy<Value = Record> {
    (id(), maybe(id()), word(), word(), maybe(date()), 0_usize..5, word(), maybe(date())).prop_map(
        |(id, about, text, owner_organisation, due, status, reason, recheck)| {
            let status = ActionStatus::ALL[status];
            let why_not = (status == ActionStatus::NotDone).then_some(reason);
            Record::Action(Action { id, about, text, owner_organisation, due, status, why_not, recheck, area: None })
        },
    )
}

fn report() -> impl Strategy<Value = Record> {
    (id(), word(), week(), 0_u32..50, date()).prop_map(|(id, organisation, week, n, reported_on)| {
        Record::Report(Report { id, organisation, week, area: None, n, reported_on })
    })
}

fn booking() -> impl Strategy<Value = Record> {
    (id(), kind(), when(), any::<bool>(), actors(), maybe(word()), date(), any::<bool>(), maybe(id())).prop_map(
        |(id, kind, when, area, actors, title, booked_on, cancelled, activity)| {
            let area = area.then(|| Id::new("runneryd").expect("an id"));
            // Every second one of those that may.
            let invitation = actors.len() % 2 == 1 && Booking::check_invitation(&kind, true).is_ok();
            Record::Booking(Booking { id, kind, when, area, actors, title, booked_on, cancelled, activity, invitation })
        },
    )
}

fn comment() -> impl Strategy<Value = Record> {
    let text = prop_oneof![word(), "[åäö ]{399}x"];
    (id(), id(), id(), id(), text, date()).prop_map(|(id, promise, commitment, party, text, on)| {
        Record::Comment(Comment { id, promise, commitment, party, text, on })
    })
}

fn priority() -> impl Strategy<Value = Record> {
    (id(), week(), 1_u32..50, any::<bool>(), word(), maybe(word()), date()).prop_map(
        |(id, week, rank, area, text, owner_organisation, decided_on)| {
            let area = area.then(|| Id::new("runneryd").expect("an id"));
            Record::Priority(Priority { id, week, rank, area, text, owner_organisation, decided_on })
        },
    )
}

pub(super) fn promise() -> Record {
    static PROMISE: OnceLock<Record> = OnceLock::new();
    PROMISE.get_or_init(read_promise).clone()
}

fn read_promise() -> Record {
    let document = default_place().promises.remove(0);
    Record::Promise(StoredPromise {
        id: document.head().id.clone(),
        text_sv: document.head().names.sv.clone(),
        text_en: document.head().names.en.clone(),
        period: document.head().period.clone(),
        json: write_promises(std::slice::from_ref(&document)),
    })
}

pub(super) fn any_record() -> impl Strategy<Value = Record> {
    prop_oneof![
        observation(),
        activity(),
        area(),
        place(),
        survey(),
        reported_count(),
        action(),
        report(),
        booking(),
        comment(),
        priority(),
        Just(promise())
    ]
}
