//! What is exported comes back the same in a fresh file.

use crate::Folder;

/// Places by position, by name, by area and not at all; times as instants, days and one that existed twice.
const RECORDS: &str = "\
id;datum;tid;lon;lat;plats;område;kategori;känsla;allvar;text;Diarienr
a;2025-01-10;21:30;14,694;57,6515;;;klotter;otryggt;3;\"Semikolon; i text, och \"\"citat\"\"\";D 1
b;2025-02-11;;;;Resecentrum;;buller;;;;
c;2025-03-12;08:00;;;;runneryd;buller;tryggt;;;D 3
d;2025-03-13;;;;;;annat;;;=2+2;
e;2025-10-26;02:30;14,69;57,65;Torget;;klotter;;5;;
";

fn filled() -> Folder {
    let folder = Folder::with_data();
    folder.import(RECORDS, &["--keep", "Diarienr"]).ok().says(&[
        "5 rows, 5 imported, 0 refused",
        "delimiter ';', decimal comma",
        "kept as they are: Diarienr",
    ]);
    folder
}

#[test]
fn every_format_of_export_imports_back_to_the_same_table() {
    let folder = filled();
    let table = |data: &str| folder.run(&["areas", "--data", data, "--format", "csv"]).ok().out;
    let export =
        |data: &str, format: &str| folder.run(&["export", "observations", "--data", data, "--format", format]).ok().out;
    let before = table("d.gpkg");
    for (format, name) in [("csv", "o.csv"), ("csv-excel-sv", "o-excel.csv"), ("geojson", "o.geojson")] {
        folder.run(&["export", "observations", "--data", "d.gpkg", "--format", format, "-o", name]).ok();
        let fresh = format!("{format}.gpkg");
        folder.run(&["init", &fresh]).ok();
        folder
            .run(&["import", name, "--into", "observations", "--data", &fresh, "--keep", "Diarienr"])
            .ok()
            .says(&["5 rows, 5 imported, 0 refused"]);
        assert_eq!(table(&fresh), before, "{format}");
        assert_eq!(export(&fresh, "csv"), export("d.gpkg", "csv"), "{format}");
    }
    assert!(folder.read("o-excel.csv").starts_with('\u{feff}') && folder.read("o-excel.csv").contains("14,694"));
    // A text that a spreadsheet would take for a formula is disarmed.
    assert!(folder.read("o.csv").contains("'=2+2"));
}

#[test]
fn activities_come_back_with_actors_and_minutes() {
    let folder = Folder::with_data();
    folder.write(
        "a.csv",
        "id,typ,start,slut,plats,aktörer,minuter\n1,närvaro,2025-03-01T20:00,2025-03-01T22:00,Resecentrum,Polisen och kommunen,120\n",
    );
    folder.run(&["import", "a.csv", "--into", "activities", "--data", "d.gpkg"]).ok();
    folder.run(&["export", "activities", "--data", "d.gpkg", "-o", "b.csv"]).ok();
    folder.run(&["init", "e.gpkg"]).ok();
    folder.run(&["import", "b.csv", "--into", "activities", "--data", "e.gpkg"]).ok();
    let export = |data: &str| folder.run(&["export", "activities", "--data", data, "--format", "geojson"]).ok().out;
    assert_eq!(export("e.gpkg"), export("d.gpkg"));
    assert!(export("e.gpkg").contains("police") && export("e.gpkg").contains("municipality"));
}
