//! `import`: what is kept, what is refused, and what is said about it.

use crate::Folder;

const TWO: &str = "id,datum,lon,lat,kategori\n1,2025-03-01,14.69,57.65,buller\n2,2025-03-02,14.70,57.66,buller\n";
const ONE_BAD: &str = "id,datum,lon,lat,kategori\n1,2025-03-01,14.69,57.65,buller\n2,2025-02-30,14.70,57.66,buller\n";

#[test]
fn a_swedish_excel_file_in_windows_1252_is_read_as_it_is() {
    let folder = Folder::with_data();
    let text = "Löpnr;Datum;Klockslag;Plats;Kategori;Känsla\r\n1;2025-03-01;21.30;Resecentrum;Klotter;Otryggt\r\n2;2025-03-02;08:15;Åsgatan;Bråk;Tryggt\r\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    folder.write("excel.csv", latin);
    folder
        .run(&["import", "excel.csv", "--into", "observations", "--data", "d.gpkg", "--map", "id=Löpnr"])
        .ok()
        .says(&["Windows-1252", "delimiter ';'", "2 rows, 2 imported, 0 refused", "Åsgatan (1)"]);
    assert_eq!(folder.records(), 2);
}

#[test]
fn refused_rows_give_exit_code_3_and_a_file_that_can_be_corrected_and_imported() {
    let folder = Folder::with_data();
    folder.import(ONE_BAD, &["--rejects", "rejects.csv"]).code(3).says(&[
        "in.csv:3:datum: ",
        "no such day",
        "'2025-02-30'",
        "2 rows, 1 imported, 1 refused",
    ]);
    let rejects = folder.read("rejects.csv");
    assert!(
        rejects.starts_with("id,datum,lon,lat,kategori,line,reason\n2,2025-02-30,14.70,57.66,buller,3,"),
        "{rejects}"
    );
    folder.write("corrected.csv", rejects.replace("2025-02-30", "2025-02-28"));
    folder.run(&["import", "corrected.csv", "--into", "observations", "--data", "d.gpkg"]).ok();
    assert_eq!(folder.records(), 2);
}

#[test]
fn a_dry_run_says_everything_and_keeps_nothing() {
    let folder = Folder::with_data();
    folder
        .import(ONE_BAD, &["--dry-run"])
        .code(3)
        .says(&["no such day", "1 of 2 rows could be imported; nothing was kept"]);
    assert_eq!(folder.records(), 0);
    folder.import(ONE_BAD, &[]).code(3);
    assert_eq!(folder.records(), 1);
}

#[test]
fn the_same_file_twice_is_noticed_and_ids_are_kept_apart_or_replaced_when_asked() {
    let folder = Folder::with_data();
    folder.import(TWO, &[]).ok();
    folder.import(TWO, &[]).code(1).says(&["imported already", "in.csv", "--update", "--id-prefix"]);
    assert_eq!(folder.records(), 2);
    folder.import(TWO, &["--update"]).ok();
    assert_eq!(folder.records(), 2);
    folder.import(TWO, &["--id-prefix", "x-"]).ok();
    assert_eq!(folder.records(), 4);
    // Another file with an id that exists: that row is refused.
    folder.import(&TWO.replace("2,2025-03-02", "3,2025-03-02"), &[]).code(3).says(&["'1'", "exists in observations"]);
    assert_eq!(folder.records(), 5);
}

#[test]
fn too_many_refused_rows_end_the_import_without_a_trace() {
    let folder = Folder::with_data();
    folder
        .import(ONE_BAD, &["--max-errors", "0", "--rejects", "r.csv"])
        .code(1)
        .says(&["more than 0 rows were refused", "nothing was imported"]);
    assert_eq!(folder.records(), 0);
    assert!(folder.read("r.csv").contains("2025-02-30"), "the rows that ended it are in the rejects");
    folder.import(ONE_BAD, &["--max-errors", "1"]).code(3);
}

#[test]
fn one_bad_feature_of_a_geojson_file_is_refused_and_the_others_are_kept() {
    let folder = Folder::with_data();
    let feature = |x: &str| {
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{x},57.65]}},"properties":{{"datum":"2025-03-01"}}}}"#
        )
    };
    let text = format!(
        r#"{{"type":"FeatureCollection","bbox":[14,57,15,58],"features":[{},{},{}]}}"#,
        feature("14.69"),
        feature("1e400"),
        feature("14.70")
    );
    folder.write("f.geojson", text);
    folder
        .run(&["import", "f.geojson", "--into", "observations", "--data", "d.gpkg", "--rejects", "r.csv"])
        .code(3)
        .says(&["feature 2", "too large", "3 rows, 2 imported, 1 refused"]);
    assert_eq!(folder.records(), 2);
    assert!(folder.read("r.csv").contains(",2,"));
}

#[test]
fn areas_and_places_are_imported_too() {
    let folder = Folder::with_data();
    let ring = "[[481700,6389900],[481900,6389900],[481900,6390100],[481700,6390100],[481700,6389900]]";
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"kod":"k1","namn":"Kvarteret"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    );
    folder.write("kvarter.geojson", text);
    let import = ["import", "kvarter.geojson", "--into", "areas", "--data", "d.gpkg"];
    folder.run(&import).code(1).says(&["looks like SWEREF 99 TM; use --crs EPSG:3006", "no area was imported"]);
    let mut with_crs = import.to_vec();
    with_crs.extend(["--crs", "EPSG:3006"]);
    folder.run(&with_crs).ok().says(&["1 features, 1 areas"]);
    folder.run(&["init", "e.gpkg", "--areas", "kvarter.geojson", "--crs", "EPSG:3006"]).ok();
    let table = folder.run(&["areas", "--data", "d.gpkg", "--set", "kvarter", "--format", "json"]).ok().json();
    // 200 m by 200 m in the plane; the scale of SWEREF 99 TM is 0.9996 to 1 here.
    let km2 = table["areas"][0]["area_km2"].as_f64().expect("a number");
    assert!((km2 - 0.04).abs() < 0.00005, "{km2}");
    folder.write("places.csv", "id,namn,alias,lon,lat\ntorget,Stora torget,Torget,14.69,57.65\n");
    folder.run(&["import", "places.csv", "--into", "places", "--data", "d.gpkg"]).ok();
    folder.import("datum,plats\n2025-03-01,Torget\n", &[]).ok();
    let json = folder.run(&["areas", "--data", "d.gpkg", "--format", "json"]).ok().json();
    assert_eq!(json["without_position"]["count"], 0);
}

#[test]
fn a_count_of_days_that_are_reported_already_is_refused_with_its_line() {
    let folder = Folder::with_data();
    let head = "id,organisation,kind,period,n,reported_on\n";
    let import = |name: &str, rows: &str, more: &[&str]| {
        folder.write(name, format!("{head}{rows}"));
        let args = ["import", name, "--into", "reported-counts", "--data", "d.gpkg"];
        folder.run(&[&args[..], more].concat())
    };
    import("may.csv", "may,Polisen,presence,2025-05,4,2025-06-02\n", &[]).ok();
    let rows = "q2,POLISEN,presence,2025-Q2,9,2025-07-02\njune,Polisen,presence,2025-06,2,2025-07-02\n\
        june-2,Polisen,presence,juni 2025,3,2025-07-02\n";
    for more in [&["--dry-run"][..], &[]] {
        import("rest.csv", rows, more).code(3).says(&[
            "rest.csv:2",
            "'q2' overlaps 'may' (2025-05-01 to 2025-05-31)",
            "rest.csv:4",
            "'june-2' overlaps 'june'",
            "change or withdraw 'june'",
        ]);
    }
}

#[test]
fn bookings_comments_and_priorities_go_in_and_out() {
    let folder = Folder::with_data();
    for (name, into, rows) in [
        (
            "b.csv",
            "bookings",
            "id;typ;datum;tid;rubrik;bokat den\nb1;Samverkansmöte;2025-05-12;13:00;Vårens läge;2025-04-01\n",
        ),
        (
            "c.csv",
            "comments",
            "id;löfte;utlovad aktivitet;part;kommentar;datum\nc1;l;insatser;police;Vi tar igen det.;2025-04-01\n",
        ),
        ("p.csv", "priorities", "id;vecka;ordning;prioritering;beslutat den\np1;2025-W15;1;Närvaro;2025-04-01\n"),
    ] {
        folder.write(name, rows);
        folder.run(&["import", name, "--into", into, "--data", "d.gpkg"]).ok().says(&["1 rows, 1 imported, 0 refused"]);
        let out = format!("{into}.csv");
        folder.run(&["export", into, "--data", "d.gpkg", "-o", &out]).ok();
        assert_eq!(folder.read(&out).lines().count(), 2, "{into}");
        folder.run(&["import", &out, "--into", into, "--data", "d.gpkg", "--update"]).ok();
    }
    folder.run(&["audit", "verify", "--data", "d.gpkg"]).ok();
}
