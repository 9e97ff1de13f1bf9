//! Releases made by hand, for tests of what is written from them.

use std::collections::BTreeMap;

use jiff::civil::{Date, time};

use super::attack::{Category, Place, Shown, Statement};
use super::deeds::{
    ActionTotals, AreaDeeds, FollowUp, Invitation, KindDeeds, Known, PublicComment, PublicCommitment, PublicPromise,
    PublicSurvey, PublicWave, Why,
};
use super::policy::{Policy, Publisher};
use super::statistics::{Density, DensityCell, GridNote, LeftOut, Statistics};
use super::{Earlier, Edition, LevelReason, Protected, PublicArea, Release, Rule, Status, Stream, Verdict};
use crate::domain::{Certainty, Id, LonLat, Names, Period, Plane};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

fn period(text: &str) -> Period {
    Period::parse(text).expect("a period")
}

fn names(sv: &str, en: &str) -> Names {
    Names { sv: sv.to_string(), en: en.to_string() }
}

/// A policy at the floor.
pub(crate) fn policy() -> Policy {
    Policy {
        publisher: Publisher {
            name_sv: "Nässjö kommun".into(),
            name_en: "Nässjö municipality".into(),
            contact: "mailto:kommunen@example.org".into(),
            site: "https://lagesbild.example.org/public/".into(),
            accessibility_tested_on: day("2026-11-01"),
        },
        area_set: "promise".into(),
        municipality_set: "regso".into(),
        least_reports: 10,
        least_days: 3,
        least_reporters: 3,
        round_to: 5,
        reports_wait_days: 14,
        deeds_wait_days: 30,
        least_located_for_grid: 1_000,
        grid_levels_m: BTreeMap::new(),
        least_addresses: 8,
        open_categories: ["lighting", "littering", "vandalism"].map(String::from).to_vec(),
        municipality_categories: vec!["violence".into()],
        sole_publisher: false,
        sole_publisher_wait_hours: 24,
        allowed_hosts: vec!["https://polisen.se".into()],
    }
}

/// Three areas around Nässjö of all three certainties, as rectangles in the plane.
fn areas() -> Vec<PublicArea> {
    let plane = Plane::from_epsg(3006).expect("known");
    let area = |code: &str, sv: &str, en: &str, certainty, [x, y, w, h]: [f64; 4]| {
        let outline_m = geo::Rect::new((x, y), (x + w, y + h)).to_polygon();
        let degrees = |c: &geo::Coord<f64>| {
            let at: LonLat = plane.to_lonlat(c.x, c.y).expect("inside");
            geo::Coord { x: at.lon(), y: at.lat() }
        };
        let ring: Vec<geo::Coord<f64>> = outline_m.exterior().coords().map(degrees).collect();
        PublicArea {
            id: id(code),
            names: names(sv, en),
            certainty,
            outline: geo::MultiPolygon(vec![geo::Polygon::new(geo::LineString(ring), vec![])]),
            outline_m: geo::MultiPolygon(vec![outline_m]),
        }
    };
    vec![
        area("resecentrum", "Resecentrum", "Travel centre", Certainty::Assumed, [481_600.0, 6_389_750.0, 320.0, 430.0]),
        area("runneryd", "Runneryd", "Runneryd", Certainty::Official, [481_900.0, 6_390_300.0, 800.0, 1_700.0]),
        area(
            "sporthallen",
            "Området runt sporthallen",
            "The area around the sports hall",
            Certainty::Placeholder,
            [482_200.0, 6_389_950.0, 200.0, 200.0],
        ),
    ]
}

fn edition(number: u32, stream: Stream, period: Period) -> Edition {
    Edition {
        number,
        stream,
        period,
        published_on: day("2026-11-23"),
        revision_of: None,
        earlier: vec![
            Earlier {
                number: 5,
                stream: Stream::FollowUp,
                period: self::period("2026-08"),
                published_on: day("2026-10-02"),
                revision_of: None,
                withdrawn: Some((day("2026-10-05"), "Fel månad i rubriken".into())),
                corrections: Vec::new(),
            },
            Earlier {
                number: 6,
                stream: Stream::FollowUp,
                period: self::period("2026-09"),
                published_on: day("2026-10-31"),
                revision_of: None,
                withdrawn: None,
                corrections: Vec::new(),
            },
        ],
        synthetic: true,
        plane_epsg: 3006,
        software: "lagesbild 0.1.0".into(),
        policy: policy(),
        areas: areas(),
    }
}

/// Two kinds of work, each with what is recorded and what is reported.
fn work(counts: [(u32, u32); 2]) -> Vec<KindDeeds> {
    let kinds = [
        ("safety_inventory", "trygghetsinventering", "safety inventory"),
        ("targeted_operation", "riktad insats", "targeted operation"),
    ];
    let one = |((kind, sv, en), (items, reported)): ((&str, &str, &str), (u32, u32))| KindDeeds {
        kind: kind.into(),
        names: names(sv, en),
        items,
        reported,
    };
    kinds.into_iter().zip(counts).map(one).collect()
}

/// What can be known of a commitment, each with a reason that goes with it: all kinds of both.
fn commitments() -> Vec<PublicCommitment> {
    let number = |target, done, pace| Known::Number {
        target,
        done,
        reported: 2.min(done),
        pace,
        period: period("2026"),
        intelligence_led: (target == 30).then_some(4),
    };
    let level = |now, before| Known::Level { now, before, in_minutes: true };
    let published = |at_most_days| Known::Published { times: 3, longest_gap_days: 31, at_most_days };
    let perceived = |reason| (Status::CannotBeMeasured, Known::Perceived, Why::Perceived(reason));
    let all = [
        (Status::OnPace, number(30, 26, Some(25)), Why::Rule(Rule::Pace)),
        (Status::Behind, number(15, 8, Some(12)), Why::Rule(Rule::Pace)),
        (Status::Met, number(1, 1, None), Why::Rule(Rule::TargetReached)),
        (Status::Missed, number(2, 1, None), Why::AllOver { missed: 1 }),
        (Status::Planned, number(2, 1, None), Why::Rule(Rule::DateBooked)),
        (Status::NotStarted, number(1, 0, None), Why::Rule(Rule::BeforeHalf)),
        (Status::OnPace, number(3, 1, None), Why::Rule(Rule::BeforeHalf)),
        (Status::NotStarted, number(10, 0, Some(0)), Why::Rule(Rule::PeriodNotBegun)),
        (Status::Behind, number(1, 0, None), Why::Rule(Rule::HalfGoneWithoutDate)),
        (Status::Missed, number(12, 5, Some(12)), Why::Rule(Rule::PeriodOver)),
        (Status::CannotBeMeasured, level(None, None), Why::NoBaseline),
        (Status::CannotBeMeasured, level(None, Some(210.0)), Why::StartOfMeasurement),
        (Status::OnPace, level(Some(1_250.0), Some(840.5)), Why::LevelHigher),
        (Status::Behind, level(Some(8.25), Some(12.0)), Why::LevelNotHigher),
        (Status::CannotBeMeasured, level(None, Some(12.0)), Why::NothingAfterBaseline),
        (Status::Met, Known::Perceived, Why::Perceived(LevelReason::Higher)),
        (Status::Behind, Known::Perceived, Why::Perceived(LevelReason::Lower)),
        perceived(LevelReason::TooSmallToSee { smallest_points: 18 }),
        perceived(LevelReason::NoSurvey),
        perceived(LevelReason::NoBaseline),
        perceived(LevelReason::BaselineWithoutData),
        perceived(LevelReason::NothingAfterBaseline),
        perceived(LevelReason::TooFewAnswers),
        (Status::OnPace, published(Some(60)), Why::PublishedInTime),
        (Status::Behind, published(Some(30)), Why::PublishedLate),
        (Status::OnPace, published(None), Why::PublishedWithoutInterval),
        (Status::CannotBeMeasured, Known::Nothing, Why::NotMeasurable),
        (Status::CannotBeMeasured, Known::Nothing, Why::NothingPromised),
    ];
    let one = |(n, (status, known, why)): (usize, (Status, Known, Why))| PublicCommitment {
        id: id(&format!("c{}", n + 1)),
        names: names(&format!("Utlovad aktivitet nummer {}", n + 1), &format!("Commitment number {}", n + 1)),
        quote: format!("Vi lovar <b>& nummer</b> {}.", n + 1),
        area: (n % 3 == 0).then(|| names("Runneryd", "Runneryd")),
        status,
        known,
        why,
        comments: if n == 1 {
            vec![PublicComment {
                party: "Polisen".into(),
                on: day("2026-10-20"),
                text: "Två insatser flyttades till november.".into(),
            }]
        } else {
            Vec::new()
        },
    };
    all.into_iter().enumerate().map(one).collect()
}

fn follow_up(deeds_period: Period) -> FollowUp {
    let wave = |name: &str, when: &str, answered, safe_percent, change| PublicWave {
        name: name.into(),
        period: period(when),
        source: "Nässjö kommun".into(),
        answered,
        safe_percent,
        change,
        smallest_points: answered.map(|_| 18),
    };
    let row = |area: Option<&str>, sv: &str, en: &str, counts, (done, under_way, not_started, not_done)| AreaDeeds {
        area: area.map(id),
        names: names(sv, en),
        done: work(counts),
        actions: ActionTotals { done, under_way, not_started, not_done },
    };
    FollowUp {
        deeds_period,
        promises: vec![PublicPromise {
            id: id("medborgarlofte"),
            names: names("Medborgarlöfte 2025–2026", "Citizen promise 2025–2026"),
            signed: day("2025-01-15"),
            period: period("2025-01-01/2026-12-31"),
            parties: vec!["Polisen".into(), "Nässjö kommun".into()],
            quotes: vec!["Det ska vara tryggt vid Resecentrum.".into(), "Vi ska synas mer i Runneryd.".into()],
            commitments: commitments(),
        }],
        areas: vec![
            row(Some("resecentrum"), "Resecentrum", "Travel centre", [(1, 0), (3, 5)], (3, 1, 1, 0)),
            row(Some("runneryd"), "Runneryd", "Runneryd", [(0, 0), (1_250, 0)], (0, 0, 2, 1)),
            row(
                Some("sporthallen"),
                "Området runt sporthallen",
                "The area around the sports hall",
                [(0, 0), (0, 0)],
                (0, 0, 0, 0),
            ),
            row(None, "Hela kommunen", "The whole municipality", [(2, 1), (1_254, 5)], (4, 1, 3, 1)),
        ],
        surveys: vec![PublicSurvey {
            area: Some(id("runneryd")),
            area_names: names("Runneryd", "Runneryd"),
            question: names("Hur trygg känner du dig ute sent?", "How safe do you feel outside late?"),
            respondents: "residents".into(),
            waves: vec![
                wave("Våren 2025", "2025-04", Some(120), Some((58, 49, 67)), None),
                wave("Våren 2026", "2026-04", Some(100), Some((64, 54, 73)), Some(Verdict::NoEvidence)),
                wave("Hösten 2026", "2026-09", None, None, None),
            ],
        }],
        invitations: vec![Invitation {
            kind: names("trygghetsvandring", "safety walk"),
            title: Some("Vi går runt Resecentrum".into()),
            area: Some(names("Resecentrum", "Travel centre")),
            day: day("2026-12-03"),
            hours: Some((time(17, 0, 0, 0), time(19, 30, 0, 0))),
            by: vec!["Nässjö kommun".into(), "Polisen".into()],
        }],
    }
}

/// Release 7: the follow-up of October 2026.
pub(crate) fn follow_up_release() -> Protected<Release> {
    Protected::of(Release {
        edition: edition(7, Stream::FollowUp, period("2026-10")),
        follow_up: follow_up(period("2026-01-01/2026-10-31")),
        statistics: None,
    })
}

/// A release without promises, areas, surveys or earlier releases.
pub(crate) fn empty_release() -> Protected<Release> {
    let mut edition = edition(1, Stream::FollowUp, period("2026-10"));
    edition.areas.clear();
    edition.earlier.clear();
    edition.synthetic = false;
    let follow_up = FollowUp {
        deeds_period: period("2026-01-01/2026-10-31"),
        promises: Vec::new(),
        areas: vec![AreaDeeds {
            area: None,
            names: names("Hela kommunen", "The whole municipality"),
            done: work([(0, 0), (0, 0)]),
            actions: ActionTotals::default(),
        }],
        surveys: Vec::new(),
        invitations: Vec::new(),
    };
    Protected::of(Release { edition, follow_up, statistics: None })
}

/// Numbers of the municipality and the areas of 2025; the sports hall has nothing but hidden ones.
fn figures() -> Vec<Statement> {
    let say = |place: Place, category: Category, when: &str, shown| Statement {
        place,
        category,
        period: period(when),
        shown,
    };
    let (graffiti, offence) = (Category::One("graffiti".into()), Category::One("sexual_offence".into()));
    let mut figures = vec![
        say(Place::Municipality, Category::All, "2025", Shown::About(1_250)),
        say(Place::Municipality, graffiti.clone(), "2025", Shown::About(240)),
        say(Place::Municipality, offence, "2025", Shown::UnderLeast),
    ];
    for month in 1..=12 {
        let shown = if month == 2 { Shown::UnderLeast } else { Shown::About(100 + 5 * (month % 3)) };
        figures.push(say(Place::Municipality, Category::All, &format!("2025-{month:02}"), shown));
    }
    let areas = [
        ("resecentrum", Shown::About(120), Shown::About(30)),
        ("runneryd", Shown::About(85), Shown::UnderLeast),
        ("sporthallen", Shown::UnderLeast, Shown::NotDivided),
    ];
    for (area, year, quarter) in areas {
        figures.push(say(Place::Area(id(area)), Category::NotSensitive, "2025", year));
        for n in 1..=4 {
            figures.push(say(Place::Area(id(area)), Category::NotSensitive, &format!("2025-Q{n}"), quarter));
        }
        let of_kind = if area == "resecentrum" { Shown::About(20) } else { Shown::NotDivided };
        figures.push(say(Place::Area(id(area)), graffiti.clone(), "2025", of_kind));
    }
    figures
}

/// Squares of 2 km with 1 km inside: one divided with a hidden part, one with a number that is not divided, the rest
/// under the threshold.
fn squares() -> Vec<Statement> {
    let say = |cell_m: u32, x_m: i64, y_m: i64, shown| Statement {
        place: Place::Square { cell_m, x_m, y_m },
        category: Category::NotSensitive,
        period: period("2025"),
        shown,
    };
    let mut squares = Vec::new();
    let (west, south) = (476_000, 6_386_000);
    for column in 0..5 {
        for row in 0..4 {
            let (x, y) = (west + 2_000 * column, south + 2_000 * row);
            let shown = match (column, row) {
                (2, 1) => Shown::About(480),
                (3, 2) => Shown::About(120),
                (2, 2) => Shown::About(35),
                _ => Shown::UnderLeast,
            };
            squares.push(say(2_000, x, y, shown));
            for (dx, dy, part) in [(0, 0, 250), (1_000, 0, 20), (0, 1_000, 0), (1_000, 1_000, 205)] {
                let part = match (column, row) {
                    (2, 1) if part > 0 => Shown::About(part),
                    (2, 1) => Shown::UnderLeast,
                    _ => Shown::NotDivided,
                };
                squares.push(say(1_000, x + dx, y + dy, part));
            }
        }
    }
    squares.sort_by_key(|s| match s.place {
        Place::Square { cell_m, x_m, y_m } => (std::cmp::Reverse(cell_m), x_m, y_m),
        _ => (std::cmp::Reverse(0), 0, 0),
    });
    squares
}

/// Release 8: the statistics of 2025 with squares of 2 and 1 km and a density.
pub(crate) fn statistics_release() -> Protected<Release> {
    let cell = |x_m, y_m, class| DensityCell { x_m, y_m, class };
    let statistics = Statistics {
        figures: figures().into_iter().chain(squares()).collect(),
        categories: vec![
            ("graffiti".into(), names("klotter", "graffiti")),
            ("sexual_offence".into(), names("sexualbrott", "sexual offence")),
        ],
        levels_m: vec![2_000, 1_000],
        grid: GridNote::Released,
        left_out: vec![LeftOut::Squares { cell_m: 2_000, n: 2 }, LeftOut::Categories(id("runneryd"))],
        density: Some(Density {
            cell_m: 1_000,
            bandwidth_m: 2_000,
            kernel: "quartic",
            hidden_as: 5.0,
            breaks_per_km2: vec![10.0, 25.0, 50.0, 100.0, 250.0],
            cells: vec![
                cell(479_000, 6_388_000, 1),
                cell(480_000, 6_388_000, 4),
                cell(481_000, 6_388_000, 3),
                cell(481_000, 6_389_000, 5),
                cell(482_000, 6_390_000, 2),
            ],
        }),
    };
    let mut edition = edition(8, Stream::Statistics, period("2025"));
    edition.revision_of = Some(4);
    Protected::of(Release { edition, follow_up: follow_up(period("2025")), statistics: Some(statistics) })
}

/// Release 9: the statistics of a small town's year without a single report: no grid, every number hidden.
pub(crate) fn nothing_reported_release() -> Protected<Release> {
    let hidden = figures().into_iter().map(|s| Statement { shown: Shown::UnderLeast, ..s }).collect();
    let statistics = Statistics {
        figures: hidden,
        categories: vec![
            ("graffiti".into(), names("klotter", "graffiti")),
            ("sexual_offence".into(), names("sexualbrott", "sexual offence")),
        ],
        levels_m: Vec::new(),
        grid: GridNote::TooFewLocated { least: 1_000 },
        left_out: vec![LeftOut::Months, LeftOut::Quarters(id("runneryd"))],
        density: None,
    };
    let edition = edition(9, Stream::Statistics, period("2025"));
    Protected::of(Release { edition, follow_up: follow_up(period("2025")), statistics: Some(statistics) })
}
