//! Cells that a spreadsheet would run: in CSV they get an apostrophe, in a workbook they are text.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use lagesbild::domain::{Collection, Id, Location, Observation, Record, TimeCertainty, When};
use lagesbild::geodata::{self, CsvExport, CsvStyle, ExportOptions, Into, WorkbookExport};

use crate::{observations, try_read, zone};

/// Forty ways to begin a formula: each sign as it is, full-width, and after what is looked through.
const STARTERS: [&str; 40] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://x\")",
    "+cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "@cmd",
    "==1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttab",
    "\rcr",
    "\nlf",
    " =1",
    "  +1+1",
    " -x",
    " @x",
    "\u{a0}=1",
    "\u{3000}=1",
    "\u{202f}@x",
    "\u{feff}=1",
    "\u{200b}=1",
    "\"=1\"",
    "\"+x\"",
    "\"-x",
    "\"@x",
    "'=1",
    "''=1",
    "' =1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM",
    " ＝1",
    "\"＝1",
    "\u{2212}1+1",
    "-inf",
];

fn record(at: usize, text: &str) -> Record {
    Record::Observation(Observation {
        id: Id::new(&format!("o{at}")).expect("id"),
        category: "other".to_string(),
        feeling: None,
        when: When::interval(1_740_000_000, 1_740_003_600, TimeCertainty::Interval).expect("ordered"),
        location: Location::default(),
        source: None,
        severity: None,
        inventory: None,
        photo: None,
        reporter_key: None,
        text: Some(text.to_string()),
        kept: vec![("=diarium".to_string(), text.to_string())],
    })
}

fn options() -> ExportOptions {
    ExportOptions {
        of: Collection::Observations,
        zone: zone("Europe/Stockholm"),
        kept: vec!["=diarium".to_string()],
        terms: vec![],
        data_class: None,
    }
}

fn csv(style: CsvStyle) -> Vec<u8> {
    let mut out = Vec::new();
    let mut export = CsvExport::new(&mut out, options(), style).expect("heading");
    STARTERS.iter().enumerate().for_each(|(at, text)| export.write(&record(at, text)).expect("written"));
    export.finish().expect("flushed");
    out
}

#[test]
fn forty_beginnings_of_formulas_are_disarmed_in_csv_and_come_back_as_they_were() {
    for (style, delimiter) in [(CsvStyle::Rfc, b','), (CsvStyle::ExcelSv, b';')] {
        let file = csv(style);
        let content = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&file);
        let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(content);
        let text_at = rows.headers().expect("headings").iter().position(|h| h == "text").expect("the column");
        assert_eq!(rows.headers().expect("headings").iter().next_back(), Some("'=diarium"));
        for (row, text) in rows.records().zip(STARTERS) {
            let row = row.expect("a row");
            for at in [text_at, row.len() - 1] {
                assert_eq!(row[at], format!("'{text}"), "{style:?}");
            }
        }
        let read = lagesbild::geodata::ReadOptions {
            into: Into::Observations,
            keep: vec!["=diarium".into()],
            ..observations()
        };
        let back = try_read(&file, &read, &[]).expect("readable");
        assert!(back.problems.is_empty(), "{:?}", back.problems);
        for (at, (found, text)) in back.records.iter().zip(STARTERS).enumerate() {
            let geodata::Record::Observation(found) = found else { panic!("an observation") };
            assert_eq!(found.text.as_deref(), Some(text), "row {at}, {style:?}");
        }
        assert_eq!(back.records.len(), STARTERS.len());
    }
}

#[test]
fn forty_beginnings_of_formulas_are_text_in_a_workbook() {
    let mut export = WorkbookExport::new();
    export.begin(options()).expect("a sheet");
    STARTERS.iter().enumerate().for_each(|(at, text)| export.write(&record(at, text)).expect("written"));
    let mut file = Cursor::new(Vec::new());
    export.finish(&[("Innehåll", "=1+1".to_string())], &mut file).expect("written");
    let mut book = Xlsx::new(Cursor::new(file.into_inner())).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Iakttagelser", "Om"]);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("readable");
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
    let sheet = book.worksheet_range("Iakttagelser").expect("the sheet");
    let headings: Vec<String> = sheet.rows().next().expect("headings").iter().map(ToString::to_string).collect();
    let at = headings.iter().position(|h| h == "Text").expect("the column");
    for (row, text) in sheet.rows().skip(1).zip(STARTERS) {
        for cell in [&row[at], row.last().expect("the kept column")] {
            // XML readers turn a carriage return into a line feed unless it is escaped; both are text.
            assert!(
                matches!(cell, Data::String(found) if found.replace('\r', "\n") == text.replace('\r', "\n")),
                "{cell:?} for {text:?}"
            );
        }
    }
    assert_eq!(sheet.height(), STARTERS.len() + 1);
}
