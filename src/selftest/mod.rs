//! The proof to users: reference values of other tools against the very functions that serve requests.
//!
//! A fixture file names its method; one file here knows how to compute each. Reading a folder is the
//! caller's business, who passes names and texts, so this module touches no files. A fixture that
//! cannot be understood fails with the reason; nothing expected is ever passed over in silence.

mod comparison;
mod fixture;
mod grid_counts;
mod kde;
mod poisson_rate_ratio;
mod projection_area_h3;
mod proportion;
mod zone_counts;

use comparison::Comparison;
use fixture::Fixture;

/// How one case of a fixture went.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    /// Name of the fixture file.
    pub file: String,
    /// Name of the case; empty when the file as a whole could not be read.
    pub case: String,
    /// The largest relative error among the compared numbers; absent when none was compared.
    pub worst_relative_error: Option<f64>,
    /// The largest relative error that passes.
    pub tolerance: f64,
    /// Whether it passed.
    pub verdict: Verdict,
    /// What differs and where, or which member is not known; empty when the case passed.
    pub detail: String,
}

/// The outcome of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything expected was compared and agrees.
    Pass,
    /// Something differs, or the fixture cannot be understood.
    Fail,
    /// What was compared agrees, but the file's method or a member of `expected` is not known here.
    UnknownMethod,
}

impl Verdict {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::UnknownMethod => "unknown_method",
        }
    }
}

/// The fixtures that are part of the program: name and text of each.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("grid_counts.json", include_str!("../../tests/reference/grid_counts.json")),
    ("kde.json", include_str!("../../tests/reference/kde.json")),
    ("poisson_rate_ratio.json", include_str!("../../tests/reference/poisson_rate_ratio.json")),
    ("projection_area_h3.json", include_str!("../../tests/reference/projection_area_h3.json")),
    ("proportion.json", include_str!("../../tests/reference/proportion.json")),
    ("zone_counts.json", include_str!("../../tests/reference/zone_counts.json")),
];

/// Runs every case of every file, in the order given.
pub fn run<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<CaseResult> {
    files.into_iter().flat_map(|(file, text)| run_file(file, text)).collect()
}

fn run_file(file: &str, text: &str) -> Vec<CaseResult> {
    let fixture = match Fixture::parse(text) {
        Ok(fixture) => fixture,
        Err(reason) => {
            return vec![CaseResult {
                file: file.to_string(),
                case: String::new(),
                worst_relative_error: None,
                tolerance: 0.0,
                verdict: Verdict::Fail,
                detail: reason,
            }];
        }
    };
    let method = match fixture.method.as_str() {
        "grid_counts" => Some(grid_counts::run as Method),
        "kde" => Some(kde::run as Method),
        "poisson_rate_ratio" => Some(poisson_rate_ratio::run as Method),
        "projection_area_h3" => Some(projection_area_h3::run as Method),
        "proportion" => Some(proportion::run as Method),
        "zone_counts" => Some(zone_counts::run as Method),
        _ => None,
    };
    fixture.cases.iter().enumerate().map(|(number, case)| run_case(file, &fixture, number, case, method)).collect()
}

/// Computes what a case expects and compares it; an error says why the case makes no sense.
type Method = fn(case: &fixture::Part, comparison: &mut Comparison) -> Result<(), String>;

fn run_case(
    file: &str,
    fixture: &Fixture,
    number: usize,
    case: &serde_json::Value,
    method: Option<Method>,
) -> CaseResult {
    let name = case.get("name").and_then(|name| name.as_str());
    let name = name.map_or_else(|| format!("case {}", number + 1), str::to_string);
    let result = |worst_relative_error, verdict, detail| CaseResult {
        file: file.to_string(),
        case: name.clone(),
        worst_relative_error,
        tolerance: fixture.tolerance,
        verdict,
        detail,
    };
    let Some(method) = method else {
        let detail = format!("the method '{}' is not known here", fixture.method);
        return result(None, Verdict::UnknownMethod, detail);
    };
    let case = fixture::Part::new(case);
    let outcome = case.part("expected").and_then(|expected| {
        let mut comparison = Comparison::new(expected, fixture.tolerance)?;
        method(&case, &mut comparison)?;
        Ok(comparison.finish())
    });
    match outcome {
        Err(reason) => result(None, Verdict::Fail, reason),
        Ok(found) => {
            let tolerance = found.tolerance;
            CaseResult { tolerance, ..result(found.worst_relative_error, found.verdict, found.detail) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoilt(file: &str, from: &str, to: &str) -> Vec<CaseResult> {
        let (_, text) = BUILT_IN.into_iter().find(|(name, _)| *name == file).expect("built in");
        assert!(text.contains(from), "{from} is in {file}");
        run([(file, text.replacen(from, to, 1).as_str())])
    }

    fn not_passed(results: &[CaseResult]) -> Vec<(&str, Verdict, &str)> {
        let failed = results.iter().filter(|r| r.verdict != Verdict::Pass);
        failed.map(|r| (r.case.as_str(), r.verdict, r.detail.as_str())).collect()
    }

    #[test]
    fn every_case_of_every_built_in_fixture_passes() {
        let results = run(BUILT_IN);
        assert_eq!(not_passed(&results), []);
        // As many as `"name":` occurs in the files.
        let cases: usize = BUILT_IN.iter().map(|(_, text)| text.matches("\"name\":").count()).sum();
        assert_eq!(results.len(), cases);
        for result in results {
            assert!(result.worst_relative_error.is_some_and(|error| error <= result.tolerance), "{result:?}");
        }
    }

    #[test]
    fn a_spoilt_number_fails_its_case_and_no_other() {
        for (file, from, to, case) in [
            ("kde.json", "0.00039337847861416094", "0.00039337847961416094", "quartic_h150"),
            ("kde.json", "0.014427638130641891", "0.014427638230641891", "large_offset_small_bandwidth_quartic"),
            ("grid_counts.json", "\"non_empty_cells\": 32", "\"non_empty_cells\": 33", "counts"),
            ("poisson_rate_ratio.json", "0.5105143185793495", "0.5105145185793495", "pair_1"),
            ("poisson_rate_ratio.json", "0.1749", "0.1750", "published_etest"),
            ("projection_area_h3.json", "8a0886618867fff", "8a0886618867ffe", "points"),
            ("projection_area_h3.json", "6390130.351375582", "6390130.352475582", "points"),
            ("projection_area_h3.json", "698167.2089958191", "698167.3089958191", "polygon"),
            ("proportion.json", "0.32905581739942663", "0.32905581839942663", "41_of_160"),
            ("proportion.json", "-0.006493049587159336", "-0.006493049687159336", "change"),
            ("zone_counts.json", "\"outside_every_zone\": 3", "\"outside_every_zone\": 2", "zones"),
        ] {
            let results = spoilt(file, from, to);
            let failed = not_passed(&results);
            assert_eq!(failed.len(), 1, "{file} {from}: {failed:?}");
            assert_eq!((failed[0].0, failed[0].1), (case, Verdict::Fail), "{failed:?}");
        }
    }

    #[test]
    fn an_undefined_value_must_be_absent_and_a_defined_one_present() {
        let results = spoilt("poisson_rate_ratio.json", "\"rate_ratio\": null", "\"rate_ratio\": 0.0");
        assert_eq!(not_passed(&results)[0].0, "pair_4");
        let results = spoilt("poisson_rate_ratio.json", "\"rate_ratio\": 0.48", "\"rate_ratio\": null");
        assert_eq!(not_passed(&results)[0].0, "pair_2");
        let results = spoilt("poisson_rate_ratio.json", "\"rate_ratio\": \"inf\"", "\"rate_ratio\": 1e300");
        assert_eq!(not_passed(&results)[0].0, "pair_3");
    }

    #[test]
    fn a_member_that_is_not_known_is_named() {
        let results = spoilt("grid_counts.json", "\"n_points\": 60", "\"n_points\": 60, \"median\": 0");
        let failed = not_passed(&results);
        assert_eq!(failed[0].1, Verdict::UnknownMethod);
        assert!(failed[0].2.contains("median"), "{failed:?}");
    }

    #[test]
    fn a_method_that_is_not_known_says_so_for_each_case() {
        let results = run([("knox.json", r#"{"method": "knox", "cases": [{"name": "a"}, {"name": "b"}]}"#)]);
        assert_eq!(
            results.iter().map(|r| (r.case.as_str(), r.verdict)).collect::<Vec<_>>(),
            [("a", Verdict::UnknownMethod), ("b", Verdict::UnknownMethod)]
        );
    }

    #[test]
    fn a_fixture_that_cannot_be_understood_fails_with_the_reason() {
        for (text, said) in [
            ("", "JSON"),
            ("[]", "method"),
            (r#"{"method": "kde"}"#, "cases"),
            (r#"{"method": "kde", "cases": [3]}"#, "expected"),
            (r#"{"method": "kde", "cases": [{"expected": {}}]}"#, "expected"),
            (r#"{"method": "kde", "cases": [{"expected": {"values": [1]}}]}"#, "params"),
            (
                r#"{"method": "poisson_rate_ratio", "cases": [{"input": {"count_1": 18446744073709551615,
                "exposure_1": 1, "count_2": 1, "exposure_2": 1}, "expected": {"rate_ratio": 1}}]}"#,
                "count_1",
            ),
            (
                r#"{"method": "kde", "cases": [{"input": {"points_xy": [[0, "x"]]}, "params": {"kernel": "quartic",
                "bandwidth": 1, "at_xy": [[0, 0]]}, "expected": {"values": [1]}}]}"#,
                "points_xy[0][1]",
            ),
            (
                r#"{"method": "kde", "cases": [{"input": {"points_xy": []}, "params": {"kernel": "quartic",
                "bandwidth": 0, "at_xy": [[0, 0]]}, "expected": {"values": [1]}}]}"#,
                "bandwidth of 0 m",
            ),
            (
                r#"{"method": "kde", "cases": [{"input": {"points_xy": []}, "params": {"kernel": "quartic",
                "bandwidth": 9, "grid": {"xmin": 0, "ymin": 0, "cell": 1, "nx": 60000000, "ny": 60000000,
                "evaluate_at": "cell centres"}}, "expected": {"values_rows": [[1]]}}]}"#,
                "cells",
            ),
        ] {
            let results = run([("x.json", text)]);
            assert_eq!((results.len(), results[0].verdict), (1, Verdict::Fail), "{text}: {results:?}");
            assert!(results[0].detail.contains(said), "{text}: {results:?}");
        }
    }
}
