//! What the upload page shows before anything is kept.

use lagesbild::domain::{Id, Vocabulary};
use lagesbild::geodata::{Encoding, Field, Preview, ReadOptions, Register, SourceFile, Spot, preview};

use crate::{observations, places};

fn look(csv: &str, options: &ReadOptions, max_rows: usize) -> Preview {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join("rows.csv");
    std::fs::write(&path, csv).expect("written");
    let source = SourceFile::inspect(&path).expect("readable");
    preview(&source, options, &Register::new(&places()), &[], &Vocabulary::seed(), max_rows).expect("a preview")
}

const CSV: &str = "id;datum;tid;plats;annat;text\n\
    a;2025-03-01;21:30;Torget;x;bra\n\
    b;2025-03-02;;Torget;y;Ring 070-123 45 67\n\
    a;2025-03-03;25:00;Resecentrum;;\n\
    a;2025-03-03;;Torget;;\n\
    a;2025-03-04;;Parken;;\n";

#[test]
fn a_preview_says_what_was_understood_and_masks_what_looks_personal() {
    let seen = look(CSV, &observations(), 3);
    assert_eq!((seen.format, seen.encoding, seen.delimiter), ("CSV", Some(Encoding::Utf8), Some(';')));
    assert_eq!((seen.epsg, seen.time_sample.as_deref()), (None, Some("2025-03-01 21:30")));
    let columns: Vec<(&str, &[Field])> =
        seen.columns.iter().map(|c| (c.heading.as_str(), c.fields.as_slice())).collect();
    assert_eq!(columns[1], ("datum", [Field::Date].as_slice()));
    assert_eq!(columns[4], ("annat", [].as_slice()));
    assert_eq!(seen.columns[3].samples, ["Torget", "Resecentrum"]);
    assert_eq!(seen.columns[5].samples, ["bra", "Ring [...]"]);
    let spots: Vec<(Spot, usize, usize)> =
        seen.rows.iter().map(|row| (row.spot.clone(), row.records.len(), row.problems.len())).collect();
    assert_eq!(spots, [(Spot::Line(2), 1, 0), (Spot::Line(3), 0, 1), (Spot::Line(4), 0, 1)]);
    assert!(!format!("{seen:?}").contains("070-123"));
    // The whole file is counted, though only three rows are shown.
    assert_eq!((seen.summary.rows, seen.summary.accepted, seen.summary.personal_data), (5, 3, 1));
    assert_eq!(seen.summary.unmatched_places, [("Torget".to_string(), 2), ("Parken".to_string(), 1)]);
    assert_eq!(seen.duplicate_ids, [("a".to_string(), 3)]);
    assert_eq!(seen.summary.dropped_columns, ["annat"]);
}

#[test]
fn a_place_name_that_was_mapped_once_is_found() {
    let mut options = observations();
    options.place_names = vec![("torget".to_string(), Id::new("resecentrum").expect("id"))];
    let seen = look(CSV, &options, 1);
    assert_eq!(seen.summary.unmatched_places, [("Parken".to_string(), 1)]);
    assert!(format!("{:?}", seen.rows[0].records).contains("14.695"));
}

#[test]
fn a_file_that_breaks_off_says_where() {
    let open_quote = format!("id,datum,text\n1,2025-03-01,ok\n2,2025-03-01,\"{}", "x\n".repeat(1_000_000));
    let seen = look(&open_quote, &observations(), 10);
    assert_eq!(seen.rows.len(), 1);
    assert!(seen.broken.is_some_and(|problem| problem.reason.contains("longer than 1 MiB")));
}
