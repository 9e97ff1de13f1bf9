//! `lagesbild export` and `areas --format xlsx`: every form, read back by other readers.

use std::collections::HashMap;

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::{Folder, ogrinfo};

/// Two in Runneryd's neighbourhood, one by area only, one without position; January, March and April.
const RECORDS: &str = "\
id;datum;tid;lon;lat;plats;område;kategori;text;Diarienr
a;2025-01-31;23:30;14,694;57,6515;;;vandalism;=HYPERLINK(1);D 1
b;2025-03-01;08:00;14,694;57,6515;;;vandalism;;
c;2025-03-12;08:00;;;;runneryd;theft;;D 3
d;2025-04-01;00:30;;;;;theft;;
";

fn filled() -> Folder {
    let folder = Folder::with_data();
    folder.import(RECORDS, &["--keep", "Diarienr"]).ok();
    folder
}

/// A sheet as rows of text.
fn sheet(folder: &Folder, file: &str, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(folder.path(file)).expect("a workbook");
    let range = book.worksheet_range(name).expect("the sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

fn about(folder: &Folder, file: &str) -> HashMap<String, String> {
    sheet(folder, file, "Om").iter().map(|row| (row[0].to_string(), row[1].to_string())).collect()
}

#[test]
fn a_workbook_of_records_has_swedish_headings_and_says_what_it_is() {
    let folder = filled();
    folder.run(&["export", "observations", "--data", "d.gpkg", "--format", "xlsx", "-o", "o.xlsx"]).ok();
    let rows = sheet(&folder, "o.xlsx", "Iakttagelser");
    let headings: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(
        headings[..9],
        [
            "Id",
            "Kategori",
            "Kategori i klartext",
            "Start (UTC)",
            "Slut (UTC)",
            "Tidssäkerhet",
            "Lokalt datum",
            "Lokal timme",
            "Veckodag"
        ]
    );
    assert_eq!(headings.last().map(String::as_str), Some("Diarienr"));
    // 23:30 on a Friday in January is 22:30 UTC.
    let a = &rows[1];
    assert_eq!(a[2].to_string(), "Skadegörelse");
    assert_eq!(a[3], Data::String("2025-01-31T22:30:00Z".to_string()));
    assert!(matches!(&a[6], Data::DateTime(day) if day.to_ymd_hms_milli() == (2025, 1, 31, 0, 0, 0, 0)), "{:?}", a[6]);
    assert_eq!((&a[7], a[8].to_string().as_str()), (&Data::Float(23.0), "fredag"));
    assert_eq!(rows.len(), 5);
    let about = about(&folder, "o.xlsx");
    assert_eq!(about["Dataklass"], "verkliga data");
    assert_eq!(about["Iakttagelser"], "4 rader");
    assert!(about["Programvara"].starts_with("lagesbild "), "{about:?}");
}

#[test]
fn a_workbook_read_cell_by_cell_and_written_as_csv_imports_back_to_the_same_records() {
    let folder = filled();
    folder.run(&["export", "observations", "--data", "d.gpkg", "--format", "xlsx", "-o", "o.xlsx"]).ok();
    let mut out = csv::WriterBuilder::new().delimiter(b',').from_writer(Vec::new());
    for row in sheet(&folder, "o.xlsx", "Iakttagelser") {
        out.write_record(row.iter().map(ToString::to_string)).expect("written");
    }
    folder.write("o.csv", out.into_inner().expect("flushed"));
    folder.run(&["init", "e.gpkg"]).ok();
    folder.run(&["import", "o.csv", "--into", "observations", "--data", "e.gpkg", "--keep", "Diarienr"]).ok();
    let export = |data: &str| folder.run(&["export", "observations", "--data", data]).ok().out;
    assert_eq!(export("e.gpkg"), export("d.gpkg"));
}

#[test]
fn the_geopackage_to_share_holds_the_layers_and_nothing_else() {
    let folder = filled();
    folder.run(&["export", "all", "--data", "d.gpkg", "--format", "gpkg", "-o", "share.gpkg"]).ok();
    let shared: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with("share")).collect();
    assert_eq!(shared, ["share.gpkg"]);
    let connection = rusqlite::Connection::open(folder.path("share.gpkg")).expect("a database");
    let list = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("sql");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("text")).collect()
    };
    let tables = list("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    let expected: Vec<&str> = tables.iter().map(String::as_str).filter(|name| !name.starts_with("gpkg_")).collect();
    assert_eq!(expected[..], list("SELECT table_name FROM gpkg_contents ORDER BY 1")[..]);
    for table in ["areas", "places", "activities", "observations"] {
        assert!(expected.contains(&table), "{table}");
    }
    assert!(list("SELECT name FROM sqlite_master WHERE type = 'trigger'").is_empty());
    assert_eq!(list("PRAGMA integrity_check"), ["ok"]);
    let columns = list("SELECT name FROM pragma_table_info('observations')");
    assert!(
        !columns.iter().any(|c| ["revision", "import_id", "reporter_key", "lon"].contains(&c.as_str())),
        "{columns:?}"
    );
    assert!(columns.contains(&"Diarienr".to_string()));
    let extent: (f64, f64, f64, f64) = connection
        .query_row(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'observations'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .expect("an extent");
    assert_eq!(extent, (14.694, 57.6515, 14.694, 57.6515));
    drop(connection);
    if let Some(text) = ogrinfo(&folder.path("share.gpkg"), &["-al"]) {
        assert!(!text.contains("Warning") && !text.contains("ERROR"), "{text}");
        assert!(text.contains("Layer name: observations") && text.contains("POINT (14.694 57.6515)"), "{text}");
        assert!(text.contains("start_utc (DateTime) = 2025/01/31 22:30:00+00"), "{text}");
        assert!(text.contains("local_date (Date) = 2025/01/31"), "{text}");
    }
}

#[test]
fn the_tidy_table_has_every_area_month_and_category_and_the_numbers_of_the_area_table() {
    let folder = filled();
    let tidy = |more: &[&str]| {
        let mut args = vec!["export", "tidy", "--data", "d.gpkg"];
        args.extend(more);
        let out = folder.run(&args).ok().out;
        let mut rows = csv::Reader::from_reader(out.as_bytes());
        rows.deserialize::<HashMap<String, String>>().map(|row| row.expect("a row")).collect::<Vec<_>>()
    };
    let rows = tidy(&["--period", "2025-01-15/2025-04-30", "--category", "vandalism,theft"]);
    let areas =
        folder.run(&["areas", "--data", "d.gpkg", "--period", "2025-01-15/2025-04-30", "--format", "csv"]).ok().out;
    let counts: Vec<(String, String)> = crate::column(&areas, "count");
    // Areas and the two ends, four months, two categories.
    assert_eq!(rows.len(), counts.len() * 4 * 2);
    for (id, count) in &counts {
        let of_area = rows.iter().filter(|row| row["area"] == *id);
        let sum: u64 = of_area.map(|row| row["count"].parse::<u64>().expect("a number")).sum();
        assert_eq!(sum.to_string(), *count, "{id}");
    }
    let count = |area: &str, month: &str, category: &str| {
        let found = rows.iter().find(|row| row["area"] == area && row["month"] == month && row["category"] == category);
        found.map(|row| row["count"].clone())
    };
    assert_eq!(count("runneryd", "2025-03", "theft").as_deref(), Some("1"));
    assert_eq!(count("runneryd", "2025-02", "theft").as_deref(), Some("0"));
    // 00:30 on 1 April in Stockholm is still March in UTC.
    assert_eq!(count("without_position", "2025-04", "theft").as_deref(), Some("1"));
    let january = rows.iter().find(|row| row["month"] == "2025-01").expect("a row");
    assert_eq!(
        (january["from"].as_str(), january["to"].as_str(), january["days"].as_str()),
        ("2025-01-15", "2025-01-31", "17")
    );
    // Without a period: from the first record to the last, every category of the file.
    let all = tidy(&[]);
    assert_eq!(all.iter().filter(|row| row["area"] == "rest" && row["month"] == "2025-02").count(), 12);
    folder
        .run(&["export", "tidy", "--data", "d.gpkg", "--compare", "previous"])
        .code(2)
        .says(&["compare", "does not apply"]);
}

#[test]
fn the_tidy_workbook_and_the_workbook_of_areas_say_where_their_numbers_come_from() {
    let folder = filled();
    folder.run(&["export", "tidy", "--data", "d.gpkg", "--period", "2025", "--format", "xlsx", "-o", "t.xlsx"]).ok();
    let rows = sheet(&folder, "t.xlsx", "Månader");
    assert_eq!(rows[0][0].to_string(), "Område-id");
    let antal = rows[0].iter().position(|h| *h == Data::String("Antal".to_string())).expect("the column");
    let csv = folder.run(&["export", "tidy", "--data", "d.gpkg", "--period", "2025"]).ok().out;
    let counts: Vec<String> = crate::column(&csv, "count").into_iter().map(|(_, n)| n).collect();
    assert_eq!(rows[1..].iter().map(|row| row[antal].to_string()).collect::<Vec<_>>(), counts);
    let about = about(&folder, "t.xlsx");
    assert_eq!(about["Period"], "2025-01-01 till och med 2025-12-31 (365 dagar)");
    assert_eq!((about["Totalt"].as_str(), about["Tidszon"].as_str()), ("4 poster", "Europe/Stockholm"));
    assert!(about["Summor"].contains("inte summan") && about["Plan"].contains("3006"), "{about:?}");
    folder
        .run(&[
            "areas",
            "--data",
            "d.gpkg",
            "--period",
            "2025",
            "--compare",
            "previous",
            "--format",
            "xlsx",
            "-o",
            "a.xlsx",
        ])
        .ok();
    let areas = sheet(&folder, "a.xlsx", "Områden");
    let csv = folder.run(&["areas", "--data", "d.gpkg", "--period", "2025", "--format", "csv"]).ok().out;
    let counts: Vec<(String, String)> = crate::column(&csv, "count");
    assert_eq!(areas[1..].iter().map(|row| (row[0].to_string(), row[5].to_string())).collect::<Vec<_>>(), counts);
}

#[test]
fn places_and_areas_come_back_from_geojson_and_what_cannot_be_is_said() {
    let folder = filled();
    for (what, file) in [("areas", "areas.geojson"), ("places", "places.csv")] {
        let format = if what == "areas" { "geojson" } else { "csv" };
        folder.run(&["export", what, "--data", "d.gpkg", "--format", format, "-o", file]).ok();
    }
    folder.run(&["init", "e.gpkg", "--areas", "areas.geojson"]).ok();
    let areas = |data: &str| folder.run(&["export", "areas", "--data", data]).ok().out;
    assert_eq!(areas("e.gpkg"), areas("d.gpkg"));
    folder.run(&["export", "observations", "--data", "d.gpkg", "--format", "gpkg"]).code(2).says(&["-o FILE.gpkg"]);
    folder.run(&["export", "all", "--data", "d.gpkg"]).code(2).says(&["xlsx or gpkg"]);
}
