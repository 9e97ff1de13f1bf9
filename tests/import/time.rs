//! The two nights of the year on which the clock changes.

use lagesbild::domain::TimeCertainty;
use lagesbild::geodata::Ambiguous;

use crate::{observations, read, zone};

const STOCKHOLM: &str =
    "datum,tid\n2025-10-26,01:59\n2025-10-26,02:00\n2025-10-26,02:59\n2025-10-26,03:00\n2025-03-30,02:00\n";
const CHICAGO: &str =
    "datum,tid\n2019-11-03,00:59\n2019-11-03,01:00\n2019-11-03,01:59\n2019-11-03,02:00\n2019-03-10,02:59\n";

#[test]
fn the_autumn_hour_is_flagged_and_counted_and_the_spring_hour_refused() {
    for (csv, name) in [(STOCKHOLM, "Europe/Stockholm"), (CHICAGO, "America/Chicago")] {
        let mut options = observations();
        options.zone = zone(name);
        let outcome = read(csv, &options);
        let flagged: Vec<bool> =
            outcome.observations().iter().map(|o| o.when.certainty() == TimeCertainty::Ambiguous).collect();
        assert_eq!(flagged, [false, true, true, false], "{name}");
        assert!(outcome.observations().iter().all(|o| o.when.span_s() == 0 || o.when.span_s() == 3600));
        assert_eq!((outcome.summary.ambiguous_times, outcome.summary.rejected), (2, 1));
        assert!(outcome.problems[0].reason.contains("does not exist"), "{}", outcome.problems[0]);
    }
}

#[test]
fn the_flag_chooses_between_the_two_readings() {
    let rows = |ambiguous| {
        let mut options = observations();
        options.ambiguous = ambiguous;
        let outcome = read("datum,tid\n2025-10-26,02:30\n", &options);
        let starts: Vec<i64> = outcome.observations().iter().map(|o| o.when.start_s()).collect();
        (starts, outcome.summary.rejected)
    };
    let earlier = "2025-10-26T02:30:00+02:00".parse::<jiff::Timestamp>().expect("instant").as_second();
    assert_eq!(rows(Ambiguous::Earlier), (vec![earlier], 0));
    assert_eq!(rows(Ambiguous::Later), (vec![earlier + 3600], 0));
    assert_eq!(rows(Ambiguous::Reject), (vec![], 1));
}

#[test]
fn an_offset_settles_the_hour_that_exists_twice() {
    let outcome = read("tidpunkt\n2025-10-26T02:30:00+01:00\n", &observations());
    assert_eq!((outcome.summary.ambiguous_times, outcome.observations()[0].when.span_s()), (0, 0));
}
