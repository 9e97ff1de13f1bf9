//! Work done on a day.

use jiff::civil::{Date, Weekday};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::clock::wall_time;
use super::draw::{Purpose, day_number, one_of, pick, poisson, stream};
use super::profile::{ShapeSpec, Timing, WorkSpec};
use super::scene::Scene;
use super::{DAYS_PER_YEAR, Demo};
use crate::domain::{Activity, Id, Location, Participant, Shape, TimeCertainty, When};

/// How far an evenly spread occurrence may lie from the middle of its part of the year, as a share
/// of the part. Small, so that the number done by a date is nearly the same whatever the seed.
const EVEN_JITTER: f64 = 0.08;

impl Timing {
    /// Occurrences in a year.
    pub(super) fn per_year(&self) -> f64 {
        match self {
            Self::EvenPerYear(n) => f64::from(*n),
            Self::Windows(windows) => windows.len() as f64,
            Self::PerWeek(n) => n * DAYS_PER_YEAR / 7.0,
        }
    }
}

/// What is done on a date: indices of kinds of work with the number of the occurrence, which within
/// a year counts from 1 for planned work and within a day for work by the week.
pub(super) fn on(scene: &Scene, date: Date, seed: u64) -> Vec<(usize, usize)> {
    let all = scene.profile.work.iter().enumerate();
    all.flat_map(|(index, work)| occurrences(index, work, date, seed).into_iter().map(move |n| (index, n))).collect()
}

fn occurrences(index: usize, work: &WorkSpec, date: Date, seed: u64) -> Vec<usize> {
    let year_stream = || stream(seed, Purpose::Schedule, i64::from(date.year()), index);
    match &work.timing {
        Timing::EvenPerYear(n) => {
            let mut of_year = year_stream();
            let part = f64::from(date.days_in_year()) / f64::from(*n);
            let mut day = |k: u16| {
                let jitter = of_year.random_range(-EVEN_JITTER..EVEN_JITTER);
                // Day of the year from 1; the cast cuts to the day it falls in.
                ((f64::from(k) + 0.5 + jitter) * part) as i16 + 1
            };
            let days: Vec<i16> = (0..*n).map(&mut day).collect();
            (1..).zip(days).filter(|(_, day)| *day == date.day_of_year()).map(|(number, _)| number).collect()
        }
        Timing::Windows(windows) => {
            if !windows.iter().any(|window| window.contains(date)) {
                return Vec::new();
            }
            let mut of_year = year_stream();
            let mut day = |window: &super::profile::Window| {
                let (first, last) = window.in_year(date.year());
                let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                let mut days: Vec<Date> = first.series(jiff::ToSpan::day(1)).take_while(|day| *day <= last).collect();
                if !days.iter().all(weekend) {
                    days.retain(|day| !weekend(day));
                }
                *one_of(&days, &mut of_year)
            };
            let days: Vec<Date> = windows.iter().map(&mut day).collect();
            (1..).zip(days).filter(|(_, day)| *day == date).map(|(number, _)| number).collect()
        }
        Timing::PerWeek(rate) => {
            let weights = work.weekdays.unwrap_or([1.0; 7]);
            let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            let mean = rate * weights[weekday] / weights.iter().sum::<f64>();
            let n = poisson(mean, &mut stream(seed, Purpose::Schedule, day_number(date), index));
            (1..=n as usize).collect()
        }
    }
}

/// The activities of a day, in order of start.
pub(super) fn of_day(demo: &Demo, date: Date) -> Vec<Activity> {
    let mut activities = Vec::new();
    for (index, number) in on(&demo.scene, date, demo.plan.seed) {
        let mut rng = stream(demo.plan.seed, Purpose::Work, day_number(date), index + 1000 * number);
        let work = &demo.scene.profile.work[index];
        let units = 1 + u8::from(work.second_unit_share > 0.0 && rng.random_bool(work.second_unit_share));
        let led = work.numbered.then(|| led(demo.plan.seed, date, index)).flatten();
        for _ in 0..units {
            activities.push(Activity { intelligence_led: led, ..one(demo, index, number, date, &mut rng) });
        }
    }
    activities.sort_by_key(|activity| activity.when.start_s());
    for (position, activity) in activities.iter_mut().enumerate() {
        let id = format!("a{:08}-{:02}", day_number(date), position + 1);
        activity.id = Id::new(&id).expect("digits and a hyphen");
    }
    activities
}

/// Most operations are stated as intelligence-led, a few as not, and of some nobody says.
fn led(seed: u64, date: Date, index: usize) -> Option<bool> {
    match stream(seed, Purpose::Led, day_number(date), index).random::<f64>() {
        drawn if drawn < 0.7 => Some(true),
        drawn if drawn < 0.8 => Some(false),
        _ => None,
    }
}

fn one(demo: &Demo, index: usize, number: usize, date: Date, rng: &mut ChaCha8Rng) -> Activity {
    let work = &demo.scene.profile.work[index];
    let hour = rng.random_range(work.start_hours[0]..=work.start_hours[1]);
    let start = wall_time(date, hour, 15 * rng.random_range(0..4_i8), &demo.plan.zone);
    let minutes = (rng.random_range(work.minutes[0]..=work.minutes[1]) / 5 * 5).max(work.minutes[0]);
    let end_s = start.start_s() + 60 * i64::from(minutes);
    Activity {
        id: Id::new("a").expect("a letter"),
        kind: work.kind.clone(),
        when: When::interval(start.start_s(), end_s, TimeCertainty::Interval).unwrap_or(start),
        location: location(demo, index, rng),
        actors: Participant::parse_list(&work.actors),
        mode: (!work.modes.is_empty()).then(|| one_of(&work.modes, rng).clone()),
        minutes: Some(f64::from(minutes)),
        result: Some(one_of(&work.results, rng).clone()).filter(|text| !text.is_empty()),
        operation_id: work.numbered.then(|| format!("{}-{}-{number:02}", work.id, date.year())),
        intelligence_led: None,
        text: None,
        kept: Vec::new(),
    }
}

fn location(demo: &Demo, index: usize, rng: &mut ChaCha8Rng) -> Location {
    let form = *one_of(&demo.scene.profile.work[index].shapes, rng);
    let Some(stratum) = demo.scene.work_stratum[index].map(|stratum| &demo.scene.strata[stratum]) else {
        return Location::default();
    };
    let ground = &stratum.grounds[pick(stratum.spec.areas.iter().map(|(_, weight)| *weight), rng)];
    let shape = match form {
        ShapeSpec::None => return Location::default(),
        ShapeSpec::Area => return Location { area: Some(ground.id.clone()), ..Location::default() },
        ShapeSpec::Point => Shape::Point(ground.position(rng)),
        ShapeSpec::Line => ground.line(rng),
        ShapeSpec::Ground => ground.ground(rng),
    };
    let precision_m = matches!(shape, Shape::Point(_)).then(|| f64::from(rng.random_range(1..=10_u8) * 5));
    Location { shape: Some(shape), precision_m, ..Location::default() }
}

/// The days on which a kind of work brings findings, for those who make observations of them.
pub(super) fn findings_on(demo: &Demo, date: Date) -> Vec<usize> {
    let done = on(&demo.scene, date, demo.plan.seed).into_iter();
    done.map(|(index, _)| index).filter(|index| demo.scene.profile.work[*index].findings.is_some()).collect()
}
