//! Whatever is handed in: a clear error, the right exit code, nothing lost and nothing half-written.

use crate::Folder;

const GOOD: &str = "id,datum,lon,lat\n1,2025-03-01,14.69,57.65\n";

#[test]
fn what_is_no_records_file_is_refused_with_what_it_is() {
    let folder = Folder::with_data();
    std::fs::create_dir(folder.path("folder")).expect("made");
    folder.write("empty.csv", "");
    folder.write("book.xlsx", b"PK\x03\x04rest");
    folder.write("list.json", "[1,2]");
    folder.write("headings.csv", "a,b\n1,2\n");
    folder.write("cut.geojson", r#"{"type":"FeatureCollection","features":[{"type":"Feature","#);
    for (file, words) in [
        ("folder", ["folder", "is a directory"]),
        ("empty.csv", ["empty.csv", "is empty"]),
        ("book.xlsx", ["damaged workbook", "save it anew as .xlsx"]),
        ("list.json", ["is a JSON list", "FeatureCollection"]),
        ("headings.csv", ["headings.csv", "no column says when"]),
        ("cut.geojson", ["cut.geojson", "ends too early"]),
        ("d.gpkg", ["d.gpkg", "is a data file of this program"]),
        ("absent.csv", ["absent.csv", "cannot be read"]),
    ] {
        folder.run(&["import", file, "--into", "observations", "--data", "d.gpkg"]).code(1).says(&words);
    }
    assert_eq!(folder.records(), 0);
}

#[test]
fn what_is_no_data_file_is_refused_with_what_it_is_and_left_alone() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("folder")).expect("made");
    folder.write("in.csv", GOOD);
    folder.write("empty.gpkg", "");
    folder.write("text.gpkg", GOOD);
    rusqlite::Connection::open(folder.path("other.gpkg"))
        .and_then(|c| c.execute_batch("CREATE TABLE t (a)"))
        .expect("made");
    for (file, what) in [
        ("folder", "is a folder"),
        ("empty.gpkg", "is empty"),
        ("text.gpkg", "is a text file"),
        ("other.gpkg", "no GeoPackage"),
    ] {
        let before = std::fs::read(folder.path(file)).ok();
        folder.run(&["areas", "--data", file]).code(1).says(&[file, what]);
        folder.run(&["import", "in.csv", "--into", "observations", "--data", file]).code(1).says(&[file, what]);
        assert!(std::fs::read(folder.path(file)).ok() == before, "{file} was changed");
    }
    folder.run(&["init", "text.gpkg"]).code(1).says(&["text.gpkg", "already exists"]);
    assert_eq!(folder.read("text.gpkg"), GOOD);
}

#[test]
fn a_file_of_a_later_version_is_refused_with_both_versions() {
    let folder = Folder::with_data();
    let file = rusqlite::Connection::open(folder.path("d.gpkg")).expect("opened");
    // Other programs cannot write: the triggers that say so go first.
    let refused = file.execute("UPDATE lagesbild_meta SET value = '7' WHERE key = 'schema_version'", []);
    assert!(refused.is_err(), "another program could write");
    let names: Vec<String> = file
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'lagesbild_meta'")
        .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
        .expect("listed");
    names.iter().for_each(|name| file.execute_batch(&format!("DROP TRIGGER \"{name}\"")).expect("dropped"));
    file.execute("UPDATE lagesbild_meta SET value = '7' WHERE key = 'schema_version'", []).expect("written");
    drop(file);
    folder.run(&["areas", "--data", "d.gpkg"]).code(1).says(&[
        "version 7",
        &format!("up to {}", lagesbild::store::SCHEMA_VERSION),
        "newer lagesbild",
    ]);
    folder.import(GOOD, &[]).code(1).says(&["version 7"]);
}

#[test]
fn wrong_values_are_told_with_line_column_value_and_what_is_accepted() {
    let folder = Folder::with_data();
    let csv = "id,datum,lon,lat\n1,2025-02-30,14.69,57.65\n2,2025-03-01,NaN,57.65\n3,2025-03-01,14.69,1e400\n\
               4,2025-03-01,14.69,157.65\n5,2025-03-01,57.65,14.69\n6,2025-03-30T02:30,14.69,57.65\n7,2025-03-01,14.69,57.65\n";
    folder.import(csv, &[]).code(3).says(&[
        "in.csv:2:datum: no such day (value '2025-02-30')",
        "in.csv:3:lon: not a number",
        "in.csv:4:lat: the number is too large",
        "in.csv:5:lon: not a position in degrees (value '14.69, 157.65')",
        "longitude and latitude look swapped",
        "in.csv:7:datum: ",
        "7 rows, 1 imported, 6 refused",
    ]);
    assert_eq!(folder.records(), 1);
}

#[test]
fn metres_are_recognised_and_read_with_the_flag_that_is_named() {
    let folder = Folder::with_data();
    let csv = "id,datum,x,y\n1,2025-03-01,481781,6389937\n2,2025-03-01,481800,6389950\n";
    folder.import(csv, &[]).code(1).says(&["SWEREF 99 TM; use --crs EPSG:3006", "nothing was imported"]);
    assert_eq!(folder.records(), 0);
    folder.import(csv, &["--crs", "EPSG:3006"]).ok();
    assert_eq!(folder.records(), 2);
    folder.import(csv, &["--crs", "EPSG:3999"]).code(2).says(&["--crs", "EPSG:3999"]);
}

#[test]
fn every_problem_of_every_outline_is_listed_and_no_file_is_made() {
    let folder = Folder::new();
    let feature = |id: &str, rings: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}"}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
        )
    };
    let bow_tie = feature("tie", "[[[14,57],[16,59],[16,57],[14,59],[14,57]]]");
    let open = feature("open", "[[[14,57],[15,57],[15,58]],[[14,57],[15,57]]]");
    let swapped = feature("swapped", "[[[57,14],[58,14],[58,15],[57,14]]]");
    folder.write("a.geojson", format!(r#"{{"type":"FeatureCollection","features":[{bow_tie},{open},{swapped}]}}"#));
    folder.run(&["init", "x.gpkg", "--areas", "a.geojson"]).code(1).says(&[
        "feature 1: outer ring crosses itself at (15.000000, 58.000000): positions 1-2 and 3-4",
        "feature 2: outer ring is not closed",
        "feature 2: hole 1",
        "feature 3: longitude and latitude look swapped",
    ]);
    assert_eq!(folder.names(), ["a.geojson"]);
}

#[test]
fn flags_that_cannot_be_meant_are_usage_errors_and_make_no_file() {
    let folder = Folder::new();
    for (more, words) in [
        (["--plane", "EPSG:99999"], ["--plane", "EPSG:99999"]),
        (["--plane", "EPSG:4326"], ["--plane", "EPSG:3006"]),
        (["--plane", "sweref"], ["--plane", "'sweref'"]),
        (["--time-zone", "Europe/Stokholm"], ["--time-zone", "Europe/Stockholm"]),
        (["--controller", "kommun"], ["--controller", "municipality or police"]),
    ] {
        folder.run(&["init", "x.gpkg", more[0], more[1]]).code(2).says(&words);
    }
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn places_that_cannot_be_written_are_told_and_nothing_is_left_behind() {
    let folder = Folder::with_data();
    folder.write("file", "");
    std::fs::create_dir(folder.path("folder")).expect("made");
    let before = folder.names();
    for to in ["nowhere/kde.geojson", "file/kde.geojson", "folder"] {
        folder.run(&["areas", "--data", "d.gpkg", "-o", to]).code(1).says(&[to]);
        folder.run(&["layer", "grid", "--data", "d.gpkg", "-o", to]).code(1).says(&[to]);
        folder.run(&["export", "observations", "--data", "d.gpkg", "-o", to]).code(1).says(&[to]);
    }
    folder.run(&["init", "nowhere/x.gpkg"]).code(1).says(&["nowhere/x.gpkg"]);
    folder.run(&["init", "file/x.gpkg"]).code(1).says(&["file/x.gpkg"]);
    let after: Vec<String> = folder.names().into_iter().filter(|name| !name.starts_with("d.gpkg")).collect();
    let before: Vec<String> = before.into_iter().filter(|name| !name.starts_with("d.gpkg")).collect();
    assert_eq!(after, before);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_a_reader_that_stops_early_is_no_failure() {
    let folder = Folder::with_data();
    folder.import(GOOD, &[]).ok();
    for args in
        [vec!["areas", "--data", "d.gpkg"], vec!["export", "observations", "--data", "d.gpkg"], vec!["config", "show"]]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let mut command = folder.command(&args);
        let output = command.stdout(full).output().expect("starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains("standard output"), "{args:?}: {said}");
        let mut command = folder.command(&args);
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        assert!(child.wait().expect("ends").success(), "{args:?}");
    }
}
