use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::public::data;
use crate::public::files::sha256;
use crate::public::{Assets, Files};
use crate::release::attack::Shown;
use crate::release::density::density;
use crate::release::test_release::{follow_up_release, nothing_reported_release, statistics_release};
use crate::release::{Protected, Release};

fn files(release: &Protected<Release>) -> BTreeMap<String, Vec<u8>> {
    let mut files = Files::default();
    data::put(&mut files, release.get());
    files.seal(release.get());
    files.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect()
}

/// The release with some text changed in a file, and a manifest that says so: a leak, not a fault of the disk.
fn changed(path: &str, from: &str, to: &str) -> PublicFolder {
    let mut folder = PublicFolder::new(files(&statistics_release())).expect("whole");
    let text = String::from_utf8(folder.files[path].clone()).expect("UTF-8");
    assert!(text.contains(from), "{path} has no {from}");
    folder.files.insert(path.to_string(), text.replacen(from, to, 1).into_bytes());
    folder
}

fn problems(folder: &PublicFolder) -> String {
    folder.claims().expect_err("a problem").iter().map(|p| format!("{p}\n")).collect()
}

#[test]
fn what_a_release_says_is_read_back_from_its_files() {
    let release = statistics_release();
    let folder = PublicFolder::new(files(&release)).expect("whole");
    let claims = folder.claims().unwrap_or_else(|problems| panic!("{problems:?}"));
    let statistics = release.get().statistics.as_ref().expect("statistics");
    assert_eq!(claims.statements, statistics.figures);
    assert_eq!((claims.release, claims.least, claims.round_to), (8, 10, 5));
    for ((id, outline), area) in claims.areas.iter().zip(&release.get().edition.areas) {
        assert_eq!(*id, area.id);
        // Degrees and back: a tenth of a millimetre.
        let pairs = outline.0[0].exterior().0.iter().zip(&area.outline_m.0[0].exterior().0);
        assert!(pairs.into_iter().all(|(a, b)| (a.x - b.x).abs() < 1e-3 && (a.y - b.y).abs() < 1e-3));
    }
    let claims = PublicFolder::new(files(&nothing_reported_release())).expect("whole").claims().expect("read");
    assert!(claims.statements.iter().all(|s| s.shown == Shown::UnderLeast) && !claims.statements.is_empty());
    assert!(
        PublicFolder::new(files(&follow_up_release())).expect("whole").claims().expect("read").statements.is_empty()
    );
}

#[test]
fn files_that_do_not_agree_are_named_with_the_row() {
    let csv = "data/statistics.csv";
    let one = problems(&changed(csv, "all,Alla,All,2025,1250,about", "all,Alla,All,2025,1245,about"));
    assert!(one.contains("data/statistics.json, figure 1: not what row 1"), "{one}");
    let grid = "data/grid-2000m.geojson";
    let count = problems(&changed(grid, "\"count\":480", "\"count\":483"));
    assert!(count.contains("grid-2000m.geojson, feature ") && count.contains("statistics.csv"), "{count}");
    let spare = problems(&changed(grid, "\"cell_m\":2000", "\"cell_m\":2000,\"true\":3"));
    assert!(spare.contains("'true' is none that a public square has"), "{spare}");
    let corner = problems(&changed(grid, "\"coordinates\":[[[", "\"coordinates\":[[[1"));
    assert!(corner.contains("corners"), "{corner}");
    let area = problems(&changed("data/areas.geojson", "\"count\":120", "\"count\":125"));
    assert!(area.contains("areas.geojson, resecentrum: the reports of 2025"), "{area}");
    let hidden = problems(&changed(csv, "2025-02,,under_10", "2025-02,4,under_10"));
    assert!(hidden.contains("row 5: shown is 'under_10' with the count 4"), "{hidden}");
    let spelt = problems(&changed(csv, ",2025-02,,under_10", ",2025-02-01/2025-02-28,,under_10"));
    assert!(spelt.contains("accepted: 'municipality', 'all', '2025-02'"), "{spelt}");
    let internal = problems(&changed("data/commitments.json", "\"quote\"", "\"reporter_key\""));
    assert!(internal.contains("'reporter_key' is a member of internal records"), "{internal}");
}

#[test]
fn every_number_in_the_table_of_a_page_must_be_public() {
    let mut folder = PublicFolder::new(files(&statistics_release())).expect("whole");
    let page = r#"<table><tr data-place="runneryd" data-category="not_sensitive" data-period="2025"><th>Runneryd</th>
        <td data-count="85" data-shown="about">ca 85</td></tr></table>"#;
    folder.files.insert("statistik.html".into(), page.into());
    assert!(folder.claims().is_ok());
    folder.files.insert("statistik.html".into(), page.replace("85", "87").into());
    assert!(problems(&folder).contains("statistik.html, row 1: runneryd, not_sensitive, 2025 is not what"));
    folder.files.insert("statistik.html".into(), page.replace(">Runneryd<", ">Runneryd 87<").into());
    assert!(problems(&folder).contains("statistik.html, row 1: 'Runneryd 87' has a number"));
    let exact = page.replace("data-shown=\"about\"", "data-shown=\"exact\"");
    for path in ["statistik.html", "lofte.html"] {
        let mut folder = PublicFolder::new(files(&statistics_release())).expect("whole");
        folder.files.insert(path.into(), exact.clone().into());
        assert!(problems(&folder).contains(&format!("{path}, row 1: 'ca 85' is said to be exact")), "{path}");
    }
}

#[test]
fn the_pages_and_embeds_of_a_release_say_what_its_data_say() {
    let all = crate::public::files(&statistics_release(), &Assets::default());
    let folder = PublicFolder::new(all.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect());
    let mut folder = folder.expect("whole");
    folder.claims().unwrap_or_else(|problems| panic!("{problems:?}"));
    for path in ["statistik.html", "statistik.en.html", "embed/sv/statistik.html"] {
        let text = String::from_utf8(folder.files[path].clone()).expect("UTF-8");
        let other = text.replacen("data-count=\"1250\"", "data-count=\"1255\"", 1);
        assert_ne!(text, other, "{path} has the number of the municipality");
        folder.files.insert(path.into(), other.into_bytes());
        assert!(problems(&folder).contains(path), "{path}");
        // A heading that says more than the corner of its square.
        let (before, square) = text.split_once("<tr data-place=\"square-").expect("squares have rows");
        let other = format!("{before}<tr data-place=\"square-{}", square.replacen("</th>", " (3)</th>", 1));
        folder.files.insert(path.into(), other.into_bytes());
        assert!(problems(&folder).contains("has a number and does not say which it is"), "{path}");
        folder.files.insert(path.into(), text.into_bytes());
    }
}

#[test]
fn a_changed_missing_or_added_file_is_named() {
    let good = files(&statistics_release());
    type All = BTreeMap<String, Vec<u8>>;
    let says = |change: &dyn Fn(&mut All)| {
        let mut files = good.clone();
        change(&mut files);
        let problems = PublicFolder::new(files).expect_err("a problem");
        problems.iter().map(|p| format!("{p}\n")).collect::<String>()
    };
    let path = "data/deeds.csv";
    let flipped = says(&|files| files.get_mut(path).expect("there")[3] ^= 1);
    assert!(flipped.contains("manifest.json, data/deeds.csv: its bytes have changed"), "{flipped}");
    let longer = says(&|files| files.get_mut(path).expect("there").push(b'x'));
    assert!(longer.contains("are listed"), "{longer}");
    let missing = says(&|files| drop(files.remove(path)));
    assert!(missing.contains("listed, and missing"), "{missing}");
    let added = says(&|files| drop(files.insert("data/more.csv".into(), vec![])));
    assert!(added.contains("data/more.csv: there, and not listed"), "{added}");
    let none = says(&|files| drop(files.remove("manifest.json")));
    assert!(none.contains("this is no release"), "{none}");
    // A file changed together with its line leaves the hash over all lines.
    let both = says(&|files| {
        let old = sha256(&files[path]);
        files.get_mut(path).expect("there")[3] ^= 1;
        let new = sha256(&files[path]);
        let manifest = String::from_utf8(files["manifest.json"].clone()).expect("UTF-8").replace(&old, &new);
        files.insert("manifest.json".into(), manifest.into_bytes());
    });
    assert!(both.contains("content_sha256: not the hash"), "{both}");
    let word = says(&|files| {
        let manifest = String::from_utf8(files["manifest.json"].clone()).expect("UTF-8");
        files.insert("manifest.json".into(), manifest.replacen("{", "{\"built_at\": 1,", 1).into_bytes());
    });
    assert!(word.contains("built_at"), "{word}");
}

#[test]
fn a_folder_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files(&statistics_release()) {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("inside")).expect("made");
        fs::write(path, bytes).expect("written");
    }
    assert_eq!(folder(dir.path()).expect("whole").files, files(&statistics_release()));
    fs::write(dir.path().join("data/stray"), "x").expect("written");
    assert!(folder(dir.path()).expect_err("stray")[0].to_string().contains("data/stray"));
    assert!(folder(&dir.path().join("none")).expect_err("none")[0].to_string().contains("cannot be read"));
}

#[test]
fn density_must_follow_from_the_published_squares() {
    // The density of the release made by hand was made by hand too.
    let by_hand = PublicFolder::new(files(&statistics_release())).expect("whole");
    let problems = by_hand.density();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].to_string().contains("density.geojson: its surfaces are not those"), "{problems:?}");
    let release = statistics_release();
    let statistics = release.get().statistics.as_ref().expect("statistics");
    let computed = density(&statistics.figures).expect("numbers");
    assert!(!computed.cells.is_empty());
    let mut folder = by_hand;
    folder.files.insert("data/density.geojson".into(), data::density_geojson(release.get(), &computed));
    assert_eq!(folder.density(), []);
    folder.files.remove("data/density.geojson");
    assert!(folder.density()[0].to_string().contains("missing"));
}
