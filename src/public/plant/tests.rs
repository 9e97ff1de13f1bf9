use std::collections::BTreeMap;

use super::*;
use crate::public::Assets;
use crate::release::attack::{Strength, attack};
use crate::release::test_release::{follow_up_release, nothing_reported_release, statistics_release};
use crate::release::{Protected, Release};

fn whole(files: &Files) -> PublicFolder {
    let files: BTreeMap<String, Vec<u8>> = files.iter().map(|(path, bytes)| (path.into(), bytes.to_vec())).collect();
    PublicFolder::new(files).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn folder(release: &Protected<Release>) -> PublicFolder {
    whole(&crate::public::files(release, &Assets::default()))
}

#[test]
fn every_leak_is_in_all_files_and_found_by_its_rule_alone() {
    for release in [statistics_release(), nothing_reported_release()] {
        let good = folder(&release);
        for kind in Plant::ALL {
            let spoilt = whole(&plant(&good, kind).unwrap_or_else(|error| panic!("{kind:?}: {error}")));
            // Neither hashes nor files that disagree give it away.
            let claims = spoilt.claims().unwrap_or_else(|problems| panic!("{kind:?}: {problems:?}"));
            let outcome = attack(&[claims], Strength::Propagate);
            let found = outcome.findings.iter().filter(|finding| finding.rule == kind.found_by()).count();
            assert!(found > 0, "{kind:?}: {:?}", outcome.findings);
            assert_ne!(spoilt.files(), good.files());
        }
    }
}

#[test]
fn pages_are_spoilt_with_the_data() {
    let release = nothing_reported_release();
    let good = folder(&release);
    let mut files = Files::default();
    good.files().iter().for_each(|(path, bytes)| files.put(path.clone(), bytes.clone()));
    let row = r#"<table><tr data-place="municipality" data-category="all" data-period="2025"><th>Hela kommunen</th><td class="n" data-label="Antal" data-shown="under_10">under 10</td></tr></table>"#;
    files.put("statistik.html", row);
    let manifest = spoil::manifest(&files, &good);
    files.put(MANIFEST, manifest);
    let spoilt = plant(&whole(&files), Plant::ShownZero).expect("spoilt");
    let page = String::from_utf8_lossy(spoilt.get("statistik.html").expect("there")).into_owned();
    assert!(
        page.contains(r#"<td class="n" data-label="Antal" data-count="0" data-shown="about">0</td></tr>"#),
        "{page}"
    );
    assert!(whole(&spoilt).claims().is_ok());
}

#[test]
fn a_release_without_numbers_cannot_be_spoilt() {
    let refused = plant(&folder(&follow_up_release()), Plant::ShownZero).expect_err("no numbers");
    assert!(refused.to_string().contains("release 7 is a follow-up release"), "{refused}");
}

#[test]
fn plants_have_words_that_read_back() {
    for kind in Plant::ALL {
        assert_eq!(Plant::from_code(kind.code()), Some(kind));
    }
    assert_eq!(Plant::from_code("zero"), None);
}
