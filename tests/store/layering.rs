//! However the records came in, a snapshot gives the same answers, and they are those of a naive scan.

use std::collections::BTreeMap;

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lagesbild::domain::{
    Activity, BBox, Counted, Feeling, Filter, HourMask, Id, Location, Observation, Shape, Source, Term, TimeCertainty,
    TimeRule, TimeWindow, When,
};
use lagesbild::domain::{Collection, Record};
use lagesbild::spatial::{Columns, Query, Snapshot, reporter_number};
use lagesbild::store::{Change, DataFile, ImportCounts, NewFile, Store, load_snapshot};
use proptest::prelude::*;

use crate::fixtures::*;

/// Every current record with everything the columns say about it, floats as bits.
pub(crate) fn all_records(snapshot: &Snapshot) -> BTreeMap<(&'static str, String), String> {
    let mut all = BTreeMap::new();
    for of in Counted::ALL {
        let filter = Filter { of, ..Filter::default() };
        Query::new(&filter, snapshot).scan(|c, row, weight| {
            let floats = [c.lon[row], c.lat[row], c.x_m[row], c.y_m[row], f64::from(c.precision_m[row]), weight];
            let facts = format!(
                "{:x?} {} {} {} {} {} {} {:?}",
                floats.map(f64::to_bits),
                c.start_s[row],
                c.span_s[row],
                c.has_certain_time(row),
                c.hour_of_week[row],
                c.term[row],
                c.reporter[row],
                snapshot.memberships().list()[c.membership[row] as usize],
            );
            let twice = all.insert((of.code(), c.id(row).to_string()), facts);
            assert_eq!(twice, None, "{} was visited twice", c.id(row));
        });
        assert_eq!(snapshot.table(of).len(), all.keys().filter(|(code, _)| *code == of.code()).count());
    }
    all
}

/// The town with one more word. "Lighting" is also the English label of the seeded code "lighting":
/// the code as written wins.
fn town() -> NewFile {
    let mut town = new_file();
    town.vocabulary.categories.push(Term::bare("Lighting"));
    // Both spellings in both tables: a word that is no code is looked up as a label, which the plain scan does not do.
    town.vocabulary.kinds.extend([Term::bare("lighting"), Term::bare("Lighting")]);
    town
}

const CATEGORIES: [&str; 4] = ["lighting", "Lighting", "isgata", "other"];
const QUARTER_S: i64 = 900;

#[derive(Clone, Debug)]
enum Step {
    Observe(Observation),
    Act(Activity),
    Withdraw(Counted, Id),
}

fn location() -> impl Strategy<Value = Location> + Clone {
    // A lattice of hundredths of a degree meets corners and borders of the areas often.
    let lattice = (1458_i32..=1482, 5758_i32..=5772).prop_map(|(x, y)| at(f64::from(x) / 100.0, f64::from(y) / 100.0));
    let far = (-180_i32..=180, -90_i32..=90).prop_map(|(x, y)| at(f64::from(x), f64::from(y)));
    let point = prop_oneof![8 => lattice, 1 => far]
        .prop_map(|p| Location { shape: Some(Shape::Point(p)), ..Location::default() });
    let area = prop_oneof![Just("west"), Just("ring"), Just("unknown")];
    let only_area = area.prop_map(|name| Location { area: Some(id(name)), ..Location::default() });
    let precision = proptest::option::of(0_u32..500);
    (prop_oneof![6 => point, 2 => only_area, 1 => Just(Location::default())], precision)
        .prop_map(|(location, precision)| Location { precision_m: precision.map(f64::from), ..location })
}

fn when() -> impl Strategy<Value = When> + Clone {
    // Around the autumn change of clocks 2026-10-25T01:00Z, in quarters of an hour.
    let quarters = prop_oneof![2 => Just(0_i64), 3 => 1_i64..200];
    (-800_i64..800, quarters, any::<bool>()).prop_map(|(start, span, whole)| {
        let start_s = 1_792_890_000 + start * QUARTER_S;
        let certainty = if whole { TimeCertainty::WholeDay } else { TimeCertainty::Interval };
        When::interval(start_s, start_s + span * QUARTER_S, certainty).expect("not backwards")
    })
}

fn step() -> impl Strategy<Value = Step> {
    let name = (0_u8..14).prop_map(|n| id(&format!("r{n}")));
    let feeling = proptest::option::of(prop_oneof![Just(Feeling::Safe), Just(Feeling::Unsafe)]);
    let source = proptest::option::of(proptest::sample::select(Source::ALL.to_vec()));
    let reporter = proptest::option::of((0_u8..4).prop_map(|n| format!("k{n}")));
    let put = (name.clone(), proptest::sample::select(CATEGORIES.to_vec()), feeling, source, when(), location());
    let observe =
        (put.clone(), reporter).prop_map(|((id, category, feeling, source, when, location), reporter_key)| {
            let category = category.to_string();
            let plain = observation("x", 0.0, 0.0, 0);
            Step::Observe(Observation { id, category, feeling, source, when, location, reporter_key, ..plain })
        });
    let act = (put, any::<bool>()).prop_map(|((id, kind, _, _, when, location), line)| {
        let walked = full_activity("x").location;
        let location = if line { walked } else { location };
        Step::Act(Activity { id, kind: kind.to_string(), when, location, ..full_activity("x") })
    });
    let of = prop_oneof![Just(Counted::Observations), Just(Counted::Activities)];
    let withdraw = (of, name).prop_map(|(of, id)| Step::Withdraw(of, id));
    prop_oneof![5 => observe, 2 => act, 2 => withdraw]
}

#[derive(Clone, Debug)]
struct Question {
    filter: Filter,
    hours: Option<((u8, u8), Vec<u8>)>,
}

fn question() -> impl Strategy<Value = Question> {
    let of = prop_oneof![3 => Just(Counted::Observations), 1 => Just(Counted::Activities)];
    let end = || proptest::option::of((-900_i64..900).prop_map(|q| 1_792_890_000 + q * QUARTER_S));
    let words = proptest::sample::subsequence(CATEGORIES.to_vec(), 0..=2);
    let sources = proptest::sample::subsequence(Source::ALL.to_vec(), 0..=3);
    let feelings = proptest::sample::subsequence(vec![Feeling::Safe, Feeling::Unsafe], 0..=2);
    let inside = proptest::sample::subsequence(vec!["west", "east", "ring", "unknown"], 0..=2);
    let bbox = proptest::option::of(proptest::sample::select(vec![
        "14.60,57.60,14.70,57.70",
        "170,-90,-170,90",
        "14.65,-90,14.60,90",
        "-180,-90,180,90",
    ]));
    let hours = proptest::option::of((
        (0_u8..24, 1_u8..=23),
        proptest::sample::subsequence((0..7).collect::<Vec<u8>>(), 1..=7),
    ));
    let aoristic = any::<bool>();
    ((of, end(), end(), words, sources, feelings), (inside, bbox, hours, aoristic)).prop_map(
        |((of, start_s, end_s, words, sources, feelings), (inside, bbox, hours, aoristic))| {
            let hours = hours.map(|((from, length), days)| ((from, (from + length) % 24), days));
            let words: Vec<String> = words.into_iter().map(str::to_string).collect();
            let filter = Filter {
                of,
                window: TimeWindow { start_s, end_s },
                categories: words.clone(),
                kinds: words,
                sources,
                feelings,
                areas: inside.into_iter().map(id).collect(),
                bbox: bbox.map(|text| BBox::parse(text).expect("a box")),
                hours: hours.as_ref().map(|(span, days)| HourMask::new(Some(*span), Some(days))),
                time: if aoristic { TimeRule::Aoristic } else { TimeRule::Start },
            };
            Question { filter, hours }
        },
    )
}

/// The records as they should stand after some steps, kept in the plainest way.
#[derive(Clone, Debug, Default)]
struct Truth {
    observations: BTreeMap<Id, Observation>,
    activities: BTreeMap<Id, Activity>,
}

impl Truth {
    /// Works a step in and gives the change to commit; `None` when it withdraws what is not there.
    fn apply(&mut self, step: &Step) -> Option<Change> {
        let mut change = Change::default();
        match step {
            Step::Observe(record) => {
                self.observations.insert(record.id.clone(), record.clone());
                change.observations.push(record.clone());
            }
            Step::Act(record) => {
                self.activities.insert(record.id.clone(), record.clone());
                change.activities.push(record.clone());
            }
            Step::Withdraw(of, id) => {
                let there = match of {
                    Counted::Observations => self.observations.remove(id).is_some(),
                    Counted::Activities => self.activities.remove(id).is_some(),
                };
                if !there {
                    return None;
                }
                change.withdrawn.push((*of, id.clone(), String::new()));
            }
        }
        Some(change)
    }

    /// Ids and weights, found by looking at every record.
    fn answer(&self, question: &Question) -> BTreeMap<String, f64> {
        let mut found = BTreeMap::new();
        match question.filter.of {
            Counted::Observations => {
                for r in self.observations.values() {
                    let known = (r.category.as_str(), r.source, r.feeling);
                    if let Some(weight) = weight(question, known, &r.location, r.when) {
                        found.insert(r.id.to_string(), weight);
                    }
                }
            }
            Counted::Activities => {
                for r in self.activities.values() {
                    if let Some(weight) = weight(question, (&r.kind, None, None), &r.location, r.when) {
                        found.insert(r.id.to_string(), weight);
                    }
                }
            }
        }
        found
    }
}

fn weight(
    question: &Question,
    (word, source, feeling): (&str, Option<Source>, Option<Feeling>),
    location: &Location,
    when: When,
) -> Option<f64> {
    let filter = &question.filter;
    let position = location.shape.as_ref().and_then(Shape::representative_point);
    let words_match = filter.categories.is_empty() || filter.categories.iter().any(|w| w == word);
    let source_matches = filter.sources.is_empty() || source.is_some_and(|s| filter.sources.contains(&s));
    let feeling_matches = filter.feelings.is_empty() || feeling.is_some_and(|f| filter.feelings.contains(&f));
    let in_area = |wanted: &Id| match position {
        Some(p) => areas()
            .iter()
            .any(|area| area.id == *wanted && area.outline.coordinate_position(&p.coord()) == CoordPos::Inside),
        None => location.area.as_ref() == Some(wanted) && areas().iter().any(|area| area.id == *wanted),
    };
    let area_matches = filter.areas.is_empty() || filter.areas.iter().any(in_area);
    let box_matches = filter.bbox.is_none_or(|b| {
        position.is_some_and(|p| {
            let between = if b.west > b.east {
                p.lon() >= b.west || p.lon() <= b.east
            } else {
                p.lon() >= b.west && p.lon() <= b.east
            };
            between && p.lat() >= b.south && p.lat() <= b.north
        })
    });
    if !(words_match && source_matches && feeling_matches && area_matches && box_matches) {
        return None;
    }
    let counts = |second: i64| {
        filter.window.start_s.is_none_or(|s| second >= s)
            && filter.window.end_s.is_none_or(|e| second < e)
            && question.hours.as_ref().is_none_or(|(span, days)| in_hours(second, *span, days))
    };
    match filter.time {
        TimeRule::Start => {
            // An observation's interval must lie in the hours as a whole; an activity goes by its start.
            let quarters = if question.filter.of == Counted::Activities { 0 } else { when.span_s() / QUARTER_S };
            let in_all = |span: (u8, u8), days: &[u8]| {
                (0..quarters).all(|q| in_hours(when.start_s() + q * QUARTER_S, span, days))
            };
            let whole = question.hours.as_ref().is_none_or(|(span, days)| in_all(*span, days));
            (whole && counts(when.start_s())).then_some(1.0)
        }
        TimeRule::Aoristic if when.span_s() == 0 => counts(when.start_s()).then_some(1.0),
        TimeRule::Aoristic => {
            let quarters = when.span_s() / QUARTER_S;
            let inside = (0..quarters).filter(|q| counts(when.start_s() + q * QUARTER_S)).count();
            (inside > 0).then(|| inside as f64 / quarters as f64)
        }
    }
}

/// Local hours `[from, to)` of the weekdays on which they begin.
fn in_hours(second: i64, (from, to): (u8, u8), days: &[u8]) -> bool {
    let zone = TimeZone::get("Europe/Stockholm").expect("bundled");
    let local = Timestamp::from_second(second).expect("in range").to_zoned(zone);
    let (hour, day) = (local.hour() as u8, local.weekday().to_monday_zero_offset() as u8);
    let day_before = (day + 6) % 7;
    if from < to {
        (from..to).contains(&hour) && days.contains(&day)
    } else {
        (hour >= from && days.contains(&day)) || (hour < to && days.contains(&day_before))
    }
}

fn scanned(snapshot: &Snapshot, filter: &Filter) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    Query::new(filter, snapshot).scan(|columns, row, weight| {
        assert_eq!(found.insert(columns.id(row).to_string(), weight), None, "visited twice");
    });
    found
}

/// The numbers of those who reported, of every observation.
fn reporters_in(snapshot: &Snapshot) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    Query::new(&Filter::default(), snapshot).scan(|columns, row, _| {
        found.insert(columns.id(row).to_string(), columns.reporter[row]);
    });
    found
}

fn reporters_of(truth: &Truth) -> BTreeMap<String, u32> {
    let number = |record: &Observation| record.reporter_key.as_deref().map_or(0, reporter_number);
    truth.observations.values().map(|record| (record.id.to_string(), number(record))).collect()
}

type Box4 = ([f64; 2], [f64; 2]);

fn near(snapshot: &Snapshot, filter: &Filter, (min_m, max_m): Box4, retest: bool) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let inside = |c: &Columns, row: usize| {
        min_m[0] <= c.x_m[row] && c.x_m[row] <= max_m[0] && min_m[1] <= c.y_m[row] && c.y_m[row] <= max_m[1]
    };
    Query::new(filter, snapshot).scan_near(min_m, max_m, |columns, row, weight| {
        if !retest || inside(columns, row) {
            assert_eq!(found.insert(columns.id(row).to_string(), weight), None, "visited twice");
        }
    });
    found
}

/// Those of the truth whose position, put into the plane, lies in the box.
fn truly_near(truth: &Truth, question: &Question, (min_m, max_m): Box4) -> BTreeMap<String, f64> {
    let plane = new_file().plane;
    let position = |name: &str| -> Option<[f64; 2]> {
        let shape = match question.filter.of {
            Counted::Observations => truth.observations[&id(name)].location.shape.clone(),
            Counted::Activities => truth.activities[&id(name)].location.shape.clone(),
        };
        plane.to_plane(shape?.representative_point()?).ok()
    };
    let inside = |[x, y]: [f64; 2]| min_m[0] <= x && x <= max_m[0] && min_m[1] <= y && y <= max_m[1];
    truth.answer(question).into_iter().filter(|(name, _)| position(name).is_some_and(inside)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_split_between_base_and_delta_is_never_seen(
        steps in proptest::collection::vec(step(), 1..60),
        cut in any::<proptest::sample::Index>(),
        questions in proptest::collection::vec(question(), 12),
        corner in (-20_i32..20, -20_i32..20, 0_i32..30, 0_i32..30),
    ) {
        let (_folder, path) = empty_folder();
        drop(DataFile::create(&path, &town(), &actor()).expect("creates"));
        let mut truth = Truth::default();
        let cut = cut.index(steps.len());
        let commit = |store: &Store, truth: &mut Truth, step: &Step| {
            if let Some(change) = truth.apply(step) {
                store.commit(&actor(), change).expect("commits");
            }
        };
        // Everything up to the cut in the delta; then loaded into a base, and the rest in the delta on it.
        let store = Store::open(&path).expect("opens");
        steps[..cut].iter().for_each(|step| commit(&store, &mut truth, step));
        let early = (truth.clone(), store.snapshot());
        drop(store);
        let store = Store::open(&path).expect("opens again");
        steps[cut..].iter().for_each(|step| commit(&store, &mut truth, step));
        let layered = store.snapshot();
        let compacted = layered.compacted();
        let loaded = load_snapshot(&path).expect("loads");
        prop_assert_eq!(compacted.delta_entries(), 0);
        let all = all_records(&layered);
        prop_assert_eq!(&all, &all_records(&compacted));
        prop_assert_eq!(&all, &all_records(&loaded));
        prop_assert_eq!(layered.vocabulary(), loaded.vocabulary());
        for snapshot in [&layered, &compacted, &loaded] {
            prop_assert_eq!(reporters_in(snapshot), reporters_of(&truth));
        }
        prop_assert_eq!(reporters_in(&early.1), reporters_of(&early.0));

        // Kilometres around the middle of the town, about 476 and 6390 km in the plane.
        let (x, y, width, height) = corner;
        let min_m = [476_000.0 + f64::from(x) * 1000.0, 6_390_000.0 + f64::from(y) * 1000.0];
        let area = (min_m, [min_m[0] + f64::from(width) * 1000.0, min_m[1] + f64::from(height) * 1000.0]);
        for question in &questions {
            let expected = truth.answer(question);
            let expected_near = truly_near(&truth, question, area);
            for snapshot in [&layered, &compacted, &loaded] {
                prop_assert_eq!(&scanned(snapshot, &question.filter), &expected, "{:?}", question);
                prop_assert_eq!(&near(snapshot, &question.filter, area, true), &expected_near, "{:?}", question);
                let candidates = near(snapshot, &question.filter, area, false);
                prop_assert!(candidates.iter().all(|(id, w)| expected.get(id) == Some(w)), "{:?}", question);
            }
            // An older snapshot still answers as it did, whatever came after it.
            prop_assert_eq!(&scanned(&early.1, &question.filter), &early.0.answer(question));
        }
    }
}

#[test]
fn a_large_base_answers_boxes_and_windows_as_a_naive_scan_does() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let mut truth = Truth::default();
    let mut import = file.begin_import(&actor(), Collection::Observations, note("a")).expect("begins");
    for n in 0..25_000_i64 {
        let (x, y) = ((n * 7919 % 2003) as f64 / 10_000.0, (n * 104_729 % 1999) as f64 / 20_000.0);
        let mut record = observation(&format!("r{n}"), 14.6 + x, 57.6 + y, n);
        if n % 11 == 0 {
            record.location = Location { area: Some(id("east")), ..Location::default() };
        }
        import.add(&Record::Observation(record.clone())).expect("adds");
        truth.observations.insert(record.id.clone(), record);
    }
    import.finish(ImportCounts { rows: 25_000, accepted: 25_000, rejected: 0 }).expect("finishes");
    let snapshot = load_snapshot(&path).expect("loads");
    // More than one part is read in parallel and a window of 2 % goes through the index in time.
    let filter = |window| Filter { window, areas: vec![id("west"), id("ring")], ..Filter::default() };
    for (from, to) in [(0, 500), (24_000, 30_000), (-10, 0), (0, 25_000)] {
        let window = TimeWindow { start_s: Some(MONDAY_EIGHT + from * 3600), end_s: Some(MONDAY_EIGHT + to * 3600) };
        let question = Question { filter: filter(window), hours: None };
        assert_eq!(scanned(&snapshot, &question.filter), truth.answer(&question));
    }
    for (x_m, y_m, size_m) in [(476_000.0, 6_388_000.0, 500.0), (478_000.0, 6_384_000.0, 3000.0), (0.0, 0.0, 1000.0)] {
        let question = Question { filter: Filter::default(), hours: None };
        let area = ([x_m, y_m], [x_m + size_m, y_m + size_m]);
        let found = near(&snapshot, &question.filter, area, true);
        assert_eq!(found, truly_near(&truth, &question, area));
        // The index is of use: a small box reads a small part.
        let read = near(&snapshot, &question.filter, area, false).len();
        assert!(size_m > 500.0 || read < 2500, "{read} of 25,000 records were read");
    }
}
