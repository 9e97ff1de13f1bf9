//! Generated towns: reports in 6 by 6 km, 70 % of them in 40 hot spots (Pareto weights with exponent 1.2, 120 m
//! standard deviation), six categories of 35, 25, 15, 12, 8 and 5 %, spread over the days of two years.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use geo::Contains;
use jiff::Timestamp;
use jiff::civil::Date;
use lagesbild::domain::{
    Action, ActionStatus, Activity, Area, AreaType, Certainty, Id, Location, Names, Participant, Period, Plane,
    Priority, Record, Vocabulary, When,
};
use lagesbild::followup::{Book, BookBuilder};
use lagesbild::release::attack::{Category, Place, Statement};
use lagesbild::release::build::{Request, build};
use lagesbild::release::levels::Addresses;
use lagesbild::release::policy::{Policy, Publisher};
use lagesbild::release::{Protected, Release, Stream};
use lagesbild::spatial::{AreaSet, Columns, DataClass, FileFacts, Frame, Row, Snapshot};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Lower left corner of the town, metres in SWEREF 99 TM: not where squares begin.
const WEST_M: f64 = 479_130.0;
const SOUTH_M: f64 = 6_386_410.0;
const SIDE_M: f64 = 6_000.0;

/// A report.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) x_m: f64,
    pub(crate) y_m: f64,
    pub(crate) category: usize,
    pub(crate) day: Date,
    pub(crate) second_of_day: i64,
}

/// A town with its reports of 2024 and 2025.
pub(crate) struct Town {
    pub(crate) seed: u64,
    pub(crate) frame: Frame,
    pub(crate) reports: Vec<Report>,
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect(text)
}

pub(crate) fn year() -> Period {
    Period::parse("2025").expect("a year")
}

/// The areas of the promise, as shares of the town's side: two that overlap, one inside another, two that touch.
const AREAS: [(&str, [(f64, f64); 5]); 6] = [
    ("centrum", [(0.35, 0.35), (0.62, 0.33), (0.66, 0.55), (0.50, 0.68), (0.33, 0.60)]),
    ("torget", [(0.45, 0.45), (0.52, 0.44), (0.53, 0.50), (0.50, 0.53), (0.44, 0.51)]),
    ("stationen", [(0.55, 0.40), (0.75, 0.42), (0.78, 0.52), (0.68, 0.60), (0.56, 0.54)]),
    ("norr", [(0.10, 0.72), (0.40, 0.72), (0.40, 0.95), (0.25, 0.98), (0.08, 0.93)]),
    ("skolan", [(0.40, 0.72), (0.60, 0.72), (0.62, 0.90), (0.50, 0.96), (0.40, 0.95)]),
    ("parken", [(0.05, 0.05), (0.30, 0.08), (0.33, 0.25), (0.20, 0.32), (0.04, 0.28)]),
];

fn area(plane: &Plane, name: &str, set: &str, corners: &[(f64, f64)]) -> Area {
    let ring: Vec<(f64, f64)> = corners
        .iter()
        .map(|(x, y)| {
            let at = plane.to_lonlat(WEST_M + x * SIDE_M, SOUTH_M + y * SIDE_M).expect("inside");
            (at.lon(), at.lat())
        })
        .collect();
    Area {
        id: id(name),
        names: Names { sv: name.into(), en: name.into() },
        set: set.into(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: "generated".into(),
        certainty: Certainty::Official,
        how_drawn: "generated".into(),
        outline: geo::MultiPolygon(vec![geo::Polygon::new(ring.into(), vec![])]),
    }
}

fn frame() -> Frame {
    let plane = Plane::from_epsg(3006).expect("known");
    let mut areas: Vec<Area> = AREAS.iter().map(|(name, corners)| area(&plane, name, "promise", corners)).collect();
    // The municipality reaches further than the town: most of it is empty.
    let around = [(-0.5, -0.5), (1.6, -0.5), (1.6, 1.4), (-0.5, 1.4)];
    areas.push(area(&plane, "kommunen", "municipality", &around));
    let facts = FileFacts {
        plane,
        time_zone: "Europe/Stockholm".into(),
        zone: jiff::tz::TimeZone::get("Europe/Stockholm").expect("bundled"),
        data_class: DataClass::Synthetic,
        identity: "town".into(),
    };
    Frame {
        facts: Arc::new(facts),
        areas: Arc::new(AreaSet::new(areas)),
        places: Arc::new(Vec::new()),
        vocabulary: Arc::new(Vocabulary::seed()),
    }
}

impl Town {
    /// A town with about so many reports in each of two years.
    pub(crate) fn new(seed: u64, per_year: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let spots: Vec<(f64, f64, f64)> = (0..40)
            .map(|_| {
                let weight = (1.0 - random.random::<f64>()).powf(-1.0 / 1.2);
                (random.random::<f64>() * SIDE_M, random.random::<f64>() * SIDE_M, weight)
            })
            .collect();
        let whole: f64 = spots.iter().map(|spot| spot.2).sum();
        let shares = [0.35, 0.25, 0.15, 0.12, 0.08, 0.05];
        let first: Date = "2024-01-01".parse().expect("a day");
        let report = |random: &mut ChaCha8Rng| {
            let (x, y) = if random.random::<f64>() < 0.7 {
                let mut at = random.random::<f64>() * whole;
                let spot = spots.iter().find(|spot| {
                    at -= spot.2;
                    at <= 0.0
                });
                let (x, y, _) = spot.unwrap_or(&spots[39]);
                // Box and Muller 1958.
                let radius = 120.0 * (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
                let angle = random.random::<f64>() * std::f64::consts::TAU;
                ((x + radius * angle.cos()).clamp(0.0, SIDE_M), (y + radius * angle.sin()).clamp(0.0, SIDE_M))
            } else {
                (random.random::<f64>() * SIDE_M, random.random::<f64>() * SIDE_M)
            };
            let mut share = random.random::<f64>();
            let category = shares.iter().position(|s| {
                share -= s;
                share < 0.0
            });
            let day = i64::from(random.random_range(0..731));
            Report {
                x_m: WEST_M + x,
                y_m: SOUTH_M + y,
                category: category.unwrap_or(0),
                day: first.saturating_add(jiff::ToSpan::days(day)),
                // Between six in the morning and ten at night UTC, so that the local day is the same.
                second_of_day: random.random_range(6 * 3600..22 * 3600),
            }
        };
        let reports = (0..2 * per_year).map(|_| report(&mut random)).collect();
        Self { seed, frame: frame(), reports }
    }

    /// The reports of 2025.
    pub(crate) fn of_year(&self) -> impl Iterator<Item = &Report> {
        self.reports.iter().filter(|report| report.day.year() == 2025)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot_of(&self.reports)
    }

    pub(crate) fn snapshot_of(&self, reports: &[Report]) -> Snapshot {
        self.snapshot_with(reports, "r")
    }

    /// Reports whose ids and reporters begin with a word.
    pub(crate) fn snapshot_with(&self, reports: &[Report], word: &str) -> Snapshot {
        let mut columns = Columns::with_capacity(reports.len());
        for (n, report) in reports.iter().enumerate() {
            // Every third is of somebody who is known, and nobody reports twice.
            let key = n.is_multiple_of(3).then(|| format!("{word}-{n}"));
            let midnight: Timestamp = format!("{}T00:00:00Z", report.day).parse().expect("an instant");
            columns.push(&Row {
                id: &format!("{word}{n}"),
                at: Some(self.frame.facts.plane.to_lonlat(report.x_m, report.y_m).expect("inside")),
                when: When::instant(midnight.as_second() + report.second_of_day),
                term: report.category as u16,
                source: None,
                feeling: None,
                precision_m: Some(5.0),
                area: None,
                reporter: key.as_deref(),
            });
        }
        Snapshot::new(1, self.frame.clone(), columns, Columns::with_capacity(0))
    }

    pub(crate) fn book(&self) -> Book {
        BookBuilder::new(&self.frame, 1).finish()
    }

    /// The codes of the categories in use, the last of them sensitive.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.frame.vocabulary.categories[..6].iter().map(|term| term.code.clone()).collect()
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy {
            publisher: Publisher {
                name_sv: "Kommunen".into(),
                name_en: "The municipality".into(),
                contact: "mailto:kommunen@example.org".into(),
                site: "https://lagesbild.example.org/public/".into(),
                accessibility_tested_on: "2026-11-01".parse().expect("a day"),
            },
            area_set: "promise".into(),
            municipality_set: "municipality".into(),
            least_reports: 10,
            least_days: 3,
            least_reporters: 3,
            round_to: 5,
            reports_wait_days: 14,
            deeds_wait_days: 30,
            least_located_for_grid: 1_000,
            grid_levels_m: BTreeMap::new(),
            least_addresses: 8,
            open_categories: self.codes()[..5].to_vec(),
            // The sixth, and two that nobody reports.
            municipality_categories: self.frame.vocabulary.categories[5..8]
                .iter()
                .map(|term| term.code.clone())
                .collect(),
            sole_publisher: false,
            sole_publisher_wait_hours: 24,
            allowed_hosts: Vec::new(),
        }
    }

    pub(crate) fn request(&self) -> Request {
        // Eighty metres between houses: nine or more in every square of 250 m of the town.
        let houses = (0..75).flat_map(|i| (0..75).map(move |j| (i, j)));
        let at_m = houses.map(|(i, j)| [WEST_M as i64 + 80 * i, SOUTH_M as i64 + 80 * j]).collect();
        Request {
            number: 1,
            stream: Stream::Statistics,
            period: year(),
            today: "2026-02-15".parse().expect("a day"),
            published_on: "2026-02-15".parse().expect("a day"),
            revision_of: None,
            earlier: Vec::new(),
            before: Vec::new(),
            areas_before: None,
            policy: self.policy(),
            addresses: Some(Addresses { at_m }),
            software: "lagesbild test".into(),
        }
    }

    pub(crate) fn release(&self) -> Protected<Release> {
        build(&self.snapshot(), &self.book(), &self.request())
            .unwrap_or_else(|refused| panic!("town {}: {refused}", self.seed))
    }

    /// The true counts behind statements, counted here and not by the release. Squares are of the whole year and of
    /// all categories but the sensitive one, as releases have them.
    pub(crate) fn truths(&self, reports: &[Report], statements: &[Statement]) -> Vec<u32> {
        let codes = self.codes();
        let plane = &self.frame.facts.plane;
        let areas = self.frame.areas.areas();
        let mut squares: HashMap<(u32, i64, i64), u32> = HashMap::new();
        let sizes: BTreeSet<u32> = statements.iter().filter_map(|s| size(&s.place)).collect();
        let mut inside: Vec<Vec<bool>> = Vec::with_capacity(reports.len());
        for report in reports {
            if report.category < 5 && report.day.year() == 2025 {
                for cell_m in &sizes {
                    let low = |metres: f64| (metres / f64::from(*cell_m)).floor() as i64 * i64::from(*cell_m);
                    *squares.entry((*cell_m, low(report.x_m), low(report.y_m))).or_default() += 1;
                }
            }
            let at = plane.to_lonlat(report.x_m, report.y_m).expect("inside");
            let point = geo::Point::new(at.lon(), at.lat());
            inside.push(areas.iter().map(|area| area.outline.contains(&point)).collect());
        }
        let count = |statement: &Statement| {
            let area = match &statement.place {
                Place::Square { cell_m, x_m, y_m } => {
                    return squares.get(&(*cell_m, *x_m, *y_m)).copied().unwrap_or(0);
                }
                Place::Municipality => None,
                Place::Area(id) => areas.iter().position(|area| area.id == *id),
            };
            let is_in = |(report, inside): &(&Report, &Vec<bool>)| {
                let category = match &statement.category {
                    Category::All => true,
                    Category::NotSensitive => report.category < 5,
                    Category::One(code) => codes.get(report.category) == Some(code),
                };
                let days = statement.period.start() <= report.day && report.day < statement.period.end();
                category && days && area.is_none_or(|area| inside[area])
            };
            reports.iter().zip(&inside).filter(is_in).count() as u32
        };
        statements.iter().map(count).collect()
    }
}

fn size(place: &Place) -> Option<u32> {
    match place {
        Place::Square { cell_m, .. } => Some(*cell_m),
        _ => None,
    }
}

/// Records of every kind that the follow-up reads, with a word in each text that no release has.
pub(crate) fn canaries(word: &str) -> Vec<Record> {
    let day = |text: &str| text.parse::<Date>().expect("a day");
    let noon =
        |text: &str| When::instant(format!("{text}T12:00:00Z").parse::<Timestamp>().expect("an instant").as_second());
    let mut records = Vec::new();
    for n in 0..100 {
        let text = |what: &str| format!("{word} {what} {n}");
        records.push(Record::Activity(Activity {
            id: id(&format!("{word}-activity-{n}")),
            kind: "safety_inventory".into(),
            when: noon(&format!("2025-{:02}-{:02}", n % 12 + 1, n % 28 + 1)),
            location: Location::default(),
            actors: Participant::parse_list("police; municipality"),
            mode: Some(text("mode")),
            minutes: Some(30.0),
            result: Some(text("result")),
            operation_id: Some(text("operation")),
            intelligence_led: None,
            text: Some(text("text")),
            kept: Vec::new(),
        }));
        records.push(Record::Action(Action {
            id: id(&format!("{word}-action-{n}")),
            about: None,
            text: text("action"),
            owner_organisation: text("owner"),
            due: Some(day("2025-06-01")),
            status: ActionStatus::Done,
            why_not: Some(text("why not")),
            recheck: None,
            area: Some(id("norr")),
        }));
        records.push(Record::Priority(Priority {
            id: id(&format!("{word}-priority-{n}")),
            week: Period::parse("2025-W20").expect("a week"),
            rank: n + 1,
            area: None,
            text: text("priority"),
            owner_organisation: Some(text("owner")),
            decided_on: day("2025-05-01"),
        }));
    }
    records
}
