//! The file read by GDAL, as QGIS and other tools read it. Skipped, and said so, where GDAL is not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use lagesbild::domain::{Activity, Collection, Counted, Observation, Record, Report};
use lagesbild::store::{Change, DataFile, ImportCounts, Store};
use rusqlite::Connection;

use crate::fixtures::*;

/// The path of an installed program; says on standard error when a test is skipped for want of it.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let found = std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|p| p.is_file());
    if found.is_none() {
        crate::skip::skip(&format!("{name} is not installed (Debian: gdal-bin, sqlite3)"));
    }
    found
}

/// What `ogrinfo` prints; anything on standard error is a failure.
fn ogrinfo(ogrinfo: &Path, arguments: &[&str], file: &Path, layer: Option<&str>) -> String {
    let mut command = Command::new(ogrinfo);
    command.args(arguments).arg(file).args(layer);
    let output = command.output().expect("runs");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && complaints.is_empty(), "{arguments:?}: {complaints}");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(!text.contains("Warning") && !text.contains("ERROR"), "{text}");
    text
}

fn feature_count(text: &str) -> usize {
    let line = text.lines().find_map(|line| line.strip_prefix("Feature Count: ")).expect("a count");
    line.parse().expect("a number")
}

fn fill(file: &mut DataFile) {
    let change = Change {
        observations: vec![
            full_observation("full"),
            Observation { location: Default::default(), ..observation("nowhere", 0.0, 0.0, 1) },
        ],
        activities: vec![full_activity("line"), Activity { location: Default::default(), ..full_activity("nowhere") }],
        reports: vec![Report {
            id: id("r1"),
            organisation: "Polisen".into(),
            week: lagesbild::domain::Period::parse("2026-W23").expect("a week"),
            area: None,
            n: 0,
            reported_on: "2026-06-08".parse().expect("a date"),
        }],
        ..Change::default()
    };
    file.commit(&actor(), &change).expect("commits");
}

#[test]
fn ogrinfo_reads_every_layer_and_table_without_a_word_of_complaint() {
    let Some(tool) = program("ogrinfo") else { return };
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    fill(&mut file);
    // The writer still has the file open; then closed, and then with the R-tree filled by an import.
    for step in 0..3 {
        let text = ogrinfo(&tool, &["-ro", "-al"], &path, None);
        let layers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Layer name: ")).collect();
        let expected = [
            "areas",
            "places",
            "activities",
            "observations",
            "categories",
            "kinds",
            "roles",
            "promises",
            "surveys",
            "reported_counts",
            "actions",
            "reports",
        ];
        for layer in expected {
            assert!(layers.contains(&layer), "{layer} is not among {layers:?}");
        }
        assert!(!layers.iter().any(|layer| layer.starts_with("lagesbild_")), "{layers:?}");
        if step == 0 {
            file = DataFile::open({
                drop(file);
                &path
            })
            .expect("opens");
        } else if step == 1 {
            let mut import = file.begin_import(&actor(), Collection::Observations, note("a")).expect("begins");
            for n in 0..500 {
                import.add(&Record::Observation(observation(&format!("i{n}"), 14.61, 57.61, n))).expect("adds");
            }
            import.finish(ImportCounts { rows: 500, accepted: 500, rejected: 0 }).expect("finishes");
        }
    }
    drop(file);
    let layer = |name: &str| ogrinfo(&tool, &["-ro", "-so"], &path, Some(name));
    for (name, count, geometry) in [
        ("areas", 3, "Multi Polygon"),
        ("places", 2, "Point"),
        ("activities", 2, "Unknown (any)"),
        ("observations", 502, "Point"),
        ("reports", 1, "None"),
    ] {
        let text = layer(name);
        assert_eq!(feature_count(&text), count, "{name}");
        assert!(text.contains(&format!("Geometry: {geometry}")), "{text}");
    }
    // The extent is the box of the R-tree, of 32-bit numbers rounded outwards: less than half a metre here.
    let text = layer("areas");
    let extent = text.lines().find_map(|line| line.strip_prefix("Extent: ")).expect("an extent");
    let numbers: Vec<f64> = extent.split(['(', ')', ',', '-', ' ']).filter_map(|part| part.parse().ok()).collect();
    let outside = [14.6 - numbers[0], 57.6 - numbers[1], numbers[2] - 14.8, numbers[3] - 57.7];
    assert!(outside.iter().all(|o| (-1e-9..5e-6).contains(o)), "{extent}");
    let text = ogrinfo(&tool, &["-ro"], &path, Some("observations"));
    for part in ["feeling (String) = unsafe", "start_utc (DateTime) = 2026/06/01 08:00:00+00", "POINT (14.65 57.63)"] {
        assert!(text.contains(part), "{part} is not in {}", &text[..2000.min(text.len())]);
    }
}

#[test]
fn a_box_asked_of_gdal_through_the_index_gives_what_counting_gives() {
    let Some(tool) = program("ogrinfo") else { return };
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let positions: Vec<(f64, f64)> = (0..3000)
        .map(|n| (14.6 + f64::from(n * 7919 % 1009) / 5045.0, 57.6 + f64::from(n * 6007 % 997) / 9970.0))
        .collect();
    let mut import = file.begin_import(&actor(), Collection::Observations, note("a")).expect("begins");
    for (n, (lon, lat)) in positions.iter().enumerate() {
        import.add(&Record::Observation(observation(&format!("o{n}"), *lon, *lat, 0))).expect("adds");
    }
    import.finish(ImportCounts { rows: 3000, accepted: 3000, rejected: 0 }).expect("finishes");
    drop(file);
    for [west, south, east, north] in [[14.61, 57.61, 14.63, 57.64], [14.6, 57.6, 14.8, 57.7], [10.0, 50.0, 11.0, 51.0]]
    {
        let spat = [west, south, east, north].map(|v| v.to_string());
        let arguments = ["-ro", "-so", "-spat", &spat[0], &spat[1], &spat[2], &spat[3]];
        let counted = positions.iter().filter(|(x, y)| west <= *x && *x <= east && south <= *y && *y <= north).count();
        assert_eq!(feature_count(&ogrinfo(&tool, &arguments, &path, Some("observations"))), counted);
    }
}

struct StopOnDrop<'a>(&'a std::sync::atomic::AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn gdal_reads_whole_revisions_while_the_store_commits() {
    let Some(tool) = program("ogrinfo") else { return };
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let committed = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 0;
            while n < 2000 && !stop.load(std::sync::atomic::Ordering::Relaxed) {
                // Ten at a time, so a number that is not a multiple of ten would be half a revision.
                let observations = (0..10).map(|i| observation(&format!("o{n}-{i}"), 14.65, 57.63, n)).collect();
                store.commit(&actor(), Change { observations, ..Change::default() }).expect("commits");
                n += 1;
            }
            n
        });
        // Also when an assertion below fails, or the writer would go on to its end.
        let stop_writer = StopOnDrop(&stop);
        let mut before = 0;
        for _ in 0..15 {
            let arguments = ["-ro", "-so", "-spat", "14.6", "57.6", "14.7", "57.7"];
            let count = feature_count(&ogrinfo(&tool, &arguments, &path, Some("observations")));
            assert!(count.is_multiple_of(10) && count >= before, "{before} then {count}");
            before = count;
        }
        drop(stop_writer);
        writer.join().expect("the writer was not disturbed")
    });
    let expected = committed as usize * 10;
    assert_eq!(store.snapshot().table(Counted::Observations).len(), expected);
    assert_eq!(feature_count(&ogrinfo(&tool, &["-ro", "-so"], &path, Some("observations"))), expected);
}

#[test]
fn the_requirements_of_geopackage_that_sql_can_check_hold() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    fill(&mut file);
    drop(file);
    let connection = Connection::open(&path).expect("opens");
    let number = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, i64>(0)).expect(sql);
    let text = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, String>(0)).expect(sql);
    assert_eq!(number("PRAGMA application_id"), i64::from(u32::from_be_bytes(*b"GPKG"))); // requirement 2
    assert_eq!(number("PRAGMA user_version"), 10_300);
    assert_eq!(text("PRAGMA integrity_check"), "ok"); // 6
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0); // 7
    // 11: the three required reference systems.
    assert_eq!(number("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"), 3);
    // 10, 13, 14: contents and geometry columns name tables and reference systems that exist.
    assert_eq!(
        number("SELECT count(*) FROM gpkg_contents WHERE table_name NOT IN (SELECT name FROM sqlite_master)"),
        0
    );
    assert_eq!(number("SELECT count(*) FROM gpkg_contents WHERE last_change NOT GLOB '????-??-??T??:??:??.???Z'"), 0);
    assert_eq!(
        number(
            "SELECT count(*) FROM gpkg_contents LEFT JOIN gpkg_geometry_columns USING (table_name)
             WHERE (data_type = 'features') != (column_name NOTNULL)"
        ),
        0
    );
    // 29, 119: every listed table has an INTEGER PRIMARY KEY.
    let tables: Vec<String> = connection
        .prepare("SELECT table_name FROM gpkg_contents")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("tables");
    for table in &tables {
        let sql = format!("SELECT count(*) FROM pragma_table_info('{table}') WHERE pk = 1 AND type = 'INTEGER'");
        assert_eq!(number(&sql), 1, "{table}");
        // 5: only types GeoPackage knows.
        let sql = format!(
            "SELECT count(*) FROM pragma_table_info('{table}') WHERE type NOT IN ('INTEGER', 'DOUBLE', 'TEXT', 'DATE', 'DATETIME',
             'BOOLEAN', 'POINT', 'MULTIPOLYGON', 'GEOMETRY') AND type NOT GLOB 'TEXT([0-9]*)'"
        );
        assert_eq!(number(&sql), 0, "{table}");
    }
    for table in ["areas", "places", "activities", "observations"] {
        // 58, 75 to 77: the index is registered, named and has its triggers.
        let sql = format!(
            "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index' AND table_name = '{table}'"
        );
        assert_eq!(number(&sql), 1);
        assert_eq!(text(&format!("SELECT rtreecheck('rtree_{table}_geom')")), "ok");
        // 19, 33: blobs begin with GP, version 0, and the reference system of their column.
        let sql = format!("SELECT count(*) FROM {table} WHERE geom NOTNULL AND substr(hex(geom), 1, 6) != '475000'");
        assert_eq!(number(&sql), 0);
        let sql = format!("SELECT count(*) FROM {table} WHERE geom NOTNULL AND substr(hex(geom), 9, 8) != 'E6100000'");
        assert_eq!(number(&sql), 0);
    }
}
