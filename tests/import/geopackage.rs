//! Feature layers of GeoPackages that other programs wrote, made here by hand.

use lagesbild::domain::{Record, Shape, Vocabulary};
use lagesbild::geodata::{Format, ReadOptions, RecordReader, Register, RowError, SourceFile};
use rusqlite::{Connection, params};

use crate::observations;

/// A GeoPackage with this much of the standard, and a layer for each name, in EPSG:3006.
fn geopackage(layers: &[&str]) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join("lager å 1%.gpkg");
    let file = Connection::open(&path).expect("made");
    let schema = "PRAGMA application_id = 0x47504B47;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER);
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('SWEREF99 TM', 3006, 'EPSG', 3006);";
    file.execute_batch(schema).expect("schema");
    for name in layers {
        let layer = name.replace('"', "\"\"");
        let sql =
            format!("CREATE TABLE \"{layer}\" (fid INTEGER PRIMARY KEY, geom POINT, datum TEXT, antal REAL, lon TEXT)");
        file.execute_batch(&sql).expect("layer");
        file.execute("INSERT INTO gpkg_contents VALUES (?1, 'features')", [name]).expect("contents");
        file.execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 3006)", [name]).expect("geometry");
        let sql = format!("INSERT INTO \"{layer}\" (geom, datum, antal, lon) VALUES (?1, ?2, 3.0, 'x')");
        // The railway operating point N of Trafikverket, published in both systems.
        file.execute(&sql, params![point(481_781.0, 6_389_937.0), "2025-03-01"]).expect("row");
        file.execute(&sql, params![b"GP\0\x01\0\0\0\0\x01\x02".to_vec(), "2025-03-02"]).expect("row");
        file.execute(&sql, params![None::<Vec<u8>>, "2025-03-03"]).expect("row");
    }
    (dir, path)
}

fn point(x: f64, y: f64) -> Vec<u8> {
    let mut blob = b"GP\0\x01".to_vec();
    blob.extend(3006_i32.to_le_bytes());
    blob.push(1);
    blob.extend(1_u32.to_le_bytes());
    blob.extend(x.to_le_bytes());
    blob.extend(y.to_le_bytes());
    blob
}

fn read(path: &std::path::Path, options: &ReadOptions) -> Result<(Vec<Record>, usize), String> {
    let source = SourceFile::inspect(path).map_err(|p| p.to_string())?;
    assert_eq!(source.format(), Format::GeoPackage);
    let reader = RecordReader::open(&source, options, &Register::default(), &[], &Vocabulary::seed());
    let (mut records, mut rejected) = (Vec::new(), 0);
    for row in reader.map_err(|p| p[0].to_string())? {
        match row {
            Ok(found) => records.extend(found),
            Err(RowError::Rejected(_)) => rejected += 1,
            Err(RowError::Broken(problem)) => return Err(problem.to_string()),
        }
    }
    Ok((records, rejected))
}

#[test]
fn a_layer_is_read_in_its_own_system_and_a_broken_geometry_refuses_its_feature() {
    let (_dir, path) = geopackage(&["punkter"]);
    let (records, rejected) = read(&path, &observations()).expect("read");
    assert_eq!(rejected, 1);
    let [Record::Observation(one), Record::Observation(nowhere)] = records.as_slice() else { panic!("{records:?}") };
    let Some(Shape::Point(at)) = &one.location.shape else { panic!("no point") };
    assert!((at.lon() - 14.694735).abs() < 2e-5 && (at.lat() - 57.651359).abs() < 1e-5, "{at:?}");
    assert_eq!(nowhere.location.shape, None);
}

#[test]
fn one_of_several_layers_has_to_be_named() {
    let (_dir, path) = geopackage(&["punkter", "ytor \"norr\""]);
    let mut options = observations();
    let error = read(&path, &options).expect_err("refused");
    assert!(error.contains("'punkter', 'ytor \"norr\"'") && error.contains("--layer"), "{error}");
    options.layer = Some("ytor \"norr\"".to_string());
    assert_eq!(read(&path, &options).expect("read").0.len(), 2);
    options.layer = Some("linjer".to_string());
    assert!(read(&path, &options).expect_err("refused").contains("no layer 'linjer'"));
}

#[test]
fn our_own_data_file_a_view_and_too_many_features_are_refused() {
    let (_dir, path) = geopackage(&["punkter"]);
    let mut options = observations();
    options.xlsx.max_rows = 2;
    assert!(read(&path, &options).expect_err("refused").contains("more than 2 features"));
    options.xlsx.max_rows = 3;
    assert!(read(&path, &options).is_ok());
    let file = Connection::open(&path).expect("opened");
    file.execute_batch("ALTER TABLE punkter RENAME TO egentligen; CREATE VIEW punkter AS SELECT * FROM egentligen")
        .expect("view");
    assert!(read(&path, &options).expect_err("refused").contains("is no table"));
    file.execute_batch("CREATE TABLE lagesbild_meta (key TEXT)").expect("table");
    drop(file);
    assert!(read(&path, &options).expect_err("refused").contains("lagesbild export"));
}

#[test]
fn a_file_with_unmerged_changes_and_a_bent_one_are_errors() {
    let (dir, path) = geopackage(&["punkter"]);
    let whole = std::fs::read(&path).expect("read");
    let bent = dir.path().join("bent.gpkg");
    for at in (100..whole.len()).step_by(251) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5A;
        std::fs::write(&bent, &bytes).expect("written");
        let _ = read(&bent, &observations());
    }
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    std::fs::write(&log, b"something").expect("written");
    assert!(read(&path, &observations()).expect_err("refused").contains("-wal"));
}
