//! Embeds as other sites show them: in Chromium, in frames of pages of other origins, listed and not.

mod browser;
mod samples;
#[path = "../support/skip.rs"]
mod skip;
mod town;

use std::collections::BTreeSet;

#[test]
fn embeds_hold_in_frames_of_other_origins() {
    let Some(tools) = browser::tools() else { return };
    let cases = browser::run(&tools, &town::Town::of_the_program(), "");
    hold(&cases);
    // 3 views in 2 languages: 12 cases of width and colours for each, 7 of frames and scripts, and those per language.
    assert!(cases.len() >= 110, "only {} cases ran", cases.len());
}

#[test]
fn squares_are_on_the_map_of_a_release_that_has_them() {
    let Some(tools) = browser::tools() else { return };
    let cases = browser::run(&tools, &town::Town::with_squares(), "^(interactive map|weight)");
    hold(&cases);
    assert!(cases.len() >= 4, "only {} cases ran", cases.len());
}

fn hold(cases: &[browser::Case]) {
    let faults: Vec<String> = cases.iter().flat_map(|case| case.told()).collect();
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), cases.len(), faults.join("\n"));
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "every case has its name");
}
