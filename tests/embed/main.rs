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
    let town = town::Town::new();
    let cases = browser::run(&tools, &town);
    let faults: Vec<String> = cases.iter().flat_map(|case| case.told()).collect();
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), cases.len(), faults.join("\n"));
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "every case has its name");
    // 2 views in 2 languages: 9 kinds of case for each, 12 of width and colours, and those per language.
    assert!(cases.len() >= 80, "only {} cases ran", cases.len());
}
