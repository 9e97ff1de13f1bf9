//! Excel workbooks: what officers save, what Excel allows, and what nobody should send.

use std::io::Write;
use std::path::Path;

use lagesbild::domain::{Feeling, Observation, Record, Shape, TimeCertainty};
use lagesbild::geodata::{
    Format, Problem, ReadOptions, RecordReader, Register, RowError, SourceFile, Spot, XlsxLimits,
};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;

use crate::{Outcome, observations, places};

/// Reads a workbook as it stands on disk.
fn read_file(path: &Path, options: &ReadOptions) -> Result<Outcome, Vec<Problem>> {
    let source = SourceFile::inspect(path).map_err(|problem| vec![problem])?;
    assert_eq!(source.format(), Format::Xlsx);
    let vocabulary = lagesbild::domain::Vocabulary::seed();
    let mut reader = RecordReader::open(&source, options, &Register::new(&places()), &[], &vocabulary)?;
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for row in reader.by_ref() {
        match row {
            Ok(found) => records.extend(found),
            Err(RowError::Rejected(found)) => problems.extend(found),
            Err(RowError::Broken(problem)) => return Err(vec![problem]),
        }
    }
    Ok(Outcome { records, problems, summary: reader.summary() })
}

fn try_bytes(content: &[u8], options: &ReadOptions) -> Result<Outcome, Vec<Problem>> {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join("blad.xlsx");
    std::fs::write(&path, content).expect("written");
    read_file(&path, options)
}

/// A workbook with one sheet, filled by `fill`.
fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().expect("saved")
}

fn texts(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells) {
        if !text.is_empty() {
            sheet.write(row, column, *text).expect("written");
        }
    }
}

fn read(content: &[u8]) -> Outcome {
    try_bytes(content, &observations()).expect("a readable workbook")
}

fn utc(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("instant").as_second()
}

fn only(outcome: &Outcome) -> &Observation {
    let [Record::Observation(one)] = outcome.records.as_slice() else { panic!("{:?}", outcome.problems) };
    one
}

#[test]
fn a_sheet_saved_by_libreoffice_in_swedish_style_is_read_with_its_two_bad_rows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/fixtures/libreoffice-sv.xlsx");
    let outcome = read_file(&path, &observations()).expect("readable");
    let rows = outcome.observations();
    assert_eq!(rows.len(), 3, "{:?}", outcome.problems);
    // 21:30 in Stockholm in winter is 20:30 UTC.
    assert_eq!((rows[0].id.as_str(), rows[0].when.start_s()), ("1", utc("2025-03-01T20:30:00Z")));
    assert_eq!(rows[0].location.place.as_ref().map(|id| id.as_str()), Some("resecentrum"));
    assert_eq!((rows[0].feeling, rows[0].text.as_deref()), (Some(Feeling::Unsafe), Some("Lampan är trasig")));
    let Some(Shape::Point(at)) = &rows[1].location.shape else { panic!("no point") };
    assert!((at.lon() - 14.695).abs() < 1e-12 && (at.lat() - 57.652).abs() < 1e-12);
    assert_eq!(rows[1].when.start_s(), utc("2025-03-02T06:05:00Z"));
    assert_eq!(rows[2].when.certainty(), TimeCertainty::WholeDay);
    let places: Vec<(Spot, Option<&str>)> =
        outcome.problems.iter().map(|p| (p.spot.clone(), p.column.as_deref())).collect();
    assert_eq!(places, [(Spot::Line(8), Some("Datum")), (Spot::Line(9), Some("Longitud"))]);
    assert_eq!(outcome.problems[0].value.as_deref(), Some("2025-02-30"));
    assert_eq!(outcome.summary.dropped_columns, ["Handläggare"]);
    assert_eq!((outcome.summary.rows, outcome.summary.accepted), (5, 3));
}

#[test]
fn dates_and_times_are_read_as_numbers_as_formats_and_as_text() {
    let date = CellFormat::new().set_num_format("yyyy-mm-dd");
    let clock = CellFormat::new().set_num_format("hh:mm");
    let day = ExcelDateTime::from_ymd(2025, 3, 1).expect("a day");
    let content = sheet(|sheet| {
        texts(sheet, 0, &["id", "datum", "tid"]);
        sheet.write_with_format(1, 1, &day, &date).expect("written");
        sheet.write_with_format(1, 2, 0.895_833_333_333_333_4, &clock).expect("written");
        // The formats are lost: bare numbers.
        sheet.write(2, 1, 45_717).expect("written").write(2, 2, 0.895_833_333_333_333_4).expect("written");
        texts(sheet, 3, &["", "2025-03-01", "21.30"]);
        // A whole moment under both headings shows its day and its time.
        sheet.write_with_format(4, 1, 45_717.25, &date).expect("written");
        sheet.write_with_format(4, 2, 45_717.895_833_333_336, &clock).expect("written");
        texts(sheet, 5, &["", "2025-03-01 21:30"]);
    });
    let outcome = read(&content);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let starts: Vec<i64> = outcome.observations().iter().map(|o| o.when.start_s()).collect();
    assert_eq!(starts, [utc("2025-03-01T20:30:00Z"); 5]);
}

#[test]
fn numbers_booleans_and_decimal_commas_arrive_as_a_csv_has_them() {
    let content = sheet(|sheet| {
        texts(sheet, 0, &["Löpnr", "Datum", "Longitud", "Latitud", "Känns tryggt?", "Allvarlighetsgrad"]);
        sheet.write(1, 0, 2025.0).expect("id").write(1, 1, "2025-03-01").expect("text");
        sheet.write(1, 2, "14,695").expect("text").write(1, 3, 57.652).expect("number");
        sheet.write(1, 4, false).expect("boolean").write(1, 5, 3.0).expect("number");
    });
    let outcome = read(&content);
    let one = only(&outcome);
    assert_eq!((one.id.as_str(), one.feeling, one.severity), ("2025", Some(Feeling::Unsafe), Some(3)));
    let Some(Shape::Point(at)) = &one.location.shape else { panic!("no point") };
    assert!((at.lon() - 14.695).abs() < 1e-12 && (at.lat() - 57.652).abs() < 1e-12);
}

#[test]
fn an_error_in_a_cell_that_is_read_is_a_problem_of_its_row_and_elsewhere_is_none() {
    let na = || Formula::new("=NA()").set_result("#N/A");
    let content = sheet(|sheet| {
        texts(sheet, 0, &["id", "datum", "text", "annat"]);
        texts(sheet, 1, &["a", "2025-03-01", "bra", ""]);
        texts(sheet, 2, &["b", "2025-03-01", "", ""]);
        sheet.write(1, 3, na()).expect("written").write(2, 2, na()).expect("written");
    });
    // The writer stores a result as text; a workbook from Excel marks it as an error.
    let content = replaced(&content, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("t=\"str\"><f>NA()</f>", "t=\"e\"><f>NA()</f>")
    });
    let outcome = read(&content);
    assert_eq!(only(&outcome).id.as_str(), "a");
    let [problem] = outcome.problems.as_slice() else { panic!("{:?}", outcome.problems) };
    assert_eq!((problem.spot.clone(), problem.column.as_deref()), (Spot::Line(3), Some("text")));
    assert!(problem.reason.contains("#N/A") && problem.value.as_deref() == Some("#N/A"), "{problem}");
}

#[test]
fn the_sheet_with_known_headings_is_found_and_another_can_be_asked_for() {
    let mut workbook = Workbook::new();
    texts(workbook.add_worksheet().set_name("Läs mig").expect("name"), 0, &["Så här fyller du i", "Steg"]);
    let hidden = workbook.add_worksheet().set_name("Gömt").expect("name").set_hidden(true);
    texts(hidden, 0, &["datum", "id"]);
    let points = workbook.add_worksheet().set_name("Punkter").expect("name");
    texts(points, 2, &["id", "datum"]);
    texts(points, 3, &["p1", "2025-03-01"]);
    points.write(3, 4, "en anteckning i marginalen").expect("written");
    let more = workbook.add_worksheet().set_name("2024").expect("name");
    texts(more, 0, &["id", "datum"]);
    texts(more, 1, &["q1", "2024-03-01"]);
    let content = workbook.save_to_buffer().expect("saved");
    let outcome = read(&content);
    assert_eq!(only(&outcome).id.as_str(), "p1");
    assert_eq!(outcome.summary.dropped_columns, ["(column 5)"]);
    let mut options = observations();
    options.sheet = Some("2024".to_string());
    assert_eq!(only(&try_bytes(&content, &options).expect("readable")).id.as_str(), "q1");
    options.sheet = Some("2023".to_string());
    let problems = try_bytes(&content, &options).err().expect("refused");
    assert!(problems[0].to_string().contains("no sheet '2023'") && problems[0].hint.contains("'Punkter'"));
}

#[test]
fn an_empty_workbook_gives_no_record_and_one_without_a_time_column_says_so() {
    assert_eq!(read(&sheet(|_| {})).summary.rows, 0);
    let problems = try_bytes(&sheet(|s| texts(s, 0, &["id", "plats"])), &observations()).err().expect("refused");
    assert!(problems[0].reason.contains("no column says when"), "{}", problems[0]);
}

#[test]
fn what_is_no_workbook_is_refused_by_its_name() {
    let zip = archive(&[("hej.xml", b"<a/>")]);
    for (content, said) in [
        (zip.as_slice(), "without a workbook"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old".as_slice(), "save it as .xlsx"),
        (b"PK\x03\x04 cut short", "damaged"),
        (b"PK\x05\x06".as_slice(), "empty"),
    ] {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("x.xlsx");
        std::fs::write(&path, content).expect("written");
        let problems = match SourceFile::inspect(&path) {
            Err(problem) => vec![problem],
            Ok(_) => read_file(&path, &observations()).err().expect("refused"),
        };
        assert!(problems[0].to_string().contains(said), "{}", problems[0]);
    }
}

/// An archive of these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("begun");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

/// The same workbook with one of its files changed.
fn replaced(content: &[u8], name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(content)).expect("archive");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..from.len() {
        let mut entry = from.by_index(index).expect("entry");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("inflated");
        files.push((entry.name().expect("name").to_string(), bytes));
    }
    let changed = files.iter_mut().find(|(file, _)| file == name).expect("it is there");
    changed.1 = change(String::from_utf8(std::mem::take(&mut changed.1)).expect("text")).into_bytes();
    archive(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// A workbook whose one sheet has this between `<sheetData>` and its end.
fn with_rows(rows: &str) -> Vec<u8> {
    let heading = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>datum</t></is></c></row>"#;
    replaced(&sheet(|s| texts(s, 0, &["datum"])), "xl/worksheets/sheet1.xml", |xml| {
        let from = xml.find("<sheetData>").expect("there") + "<sheetData>".len();
        let to = xml.find("</sheetData>").expect("there");
        format!("{}{heading}{rows}{}", &xml[..from], &xml[to..])
    })
}

fn date_row(row: u64) -> String {
    format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>2025-03-01</t></is></c></row>")
}

fn refusal(content: &[u8], limits: XlsxLimits) -> String {
    let mut options = observations();
    options.xlsx = limits;
    match try_bytes(content, &options) {
        Ok(outcome) => format!("read with {} rows", outcome.summary.accepted),
        Err(problems) => problems[0].to_string(),
    }
}

#[test]
fn rows_are_read_to_the_limit_and_refused_one_above_and_a_thousand_times_above() {
    let limits = XlsxLimits { max_rows: 20, ..XlsxLimits::default() };
    for (rows, said) in [(20, "read with 20 rows"), (21, "more than 20 rows"), (20_000, "more than 20 rows")] {
        let content = with_rows(&(2..rows + 2).map(date_row).collect::<String>());
        assert!(refusal(&content, limits).contains(said), "{rows}");
    }
}

#[test]
fn one_cell_at_the_far_corner_makes_no_rectangle() {
    let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>"#;
    assert!(refusal(&with_rows(far), XlsxLimits::default()).contains("column 16384"));
    assert!(
        refusal(&with_rows(far), XlsxLimits::COMMAND_LINE).contains("none of")
            || !refusal(&with_rows(far), XlsxLimits::COMMAND_LINE).contains("column 16384")
    );
    let at = |column: &str| with_rows(&format!(r#"<row r="2"><c r="{column}2"><v>1</v></c></row>"#));
    // SR is column 512, SS the next.
    assert!(refusal(&at("SR"), XlsxLimits::default()).starts_with("read"));
    assert!(refusal(&at("SS"), XlsxLimits::default()).contains("column 513"));
    // Numbers too large for any sheet are an error, not a panic.
    for column in ["ZZZZZZZZZZ", "A99999999999", "", "A0"] {
        assert!(!refusal(&at(column), XlsxLimits::default()).is_empty(), "{column}");
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_unpacks_to_before_it_is_opened() {
    let limits = XlsxLimits { inflated_bytes: 3_000_000, inflated_ratio: u64::MAX, ..XlsxLimits::default() };
    let blanks = |bytes: usize| with_rows(&"<row/>".repeat(bytes / 6));
    assert!(refusal(&blanks(2_900_000), limits).starts_with("read"));
    assert!(refusal(&blanks(3_000_001), limits).contains("more than the 3000000 that are accepted"));
    let limits = XlsxLimits { inflated_bytes: 30_000, ..limits };
    assert!(refusal(&blanks(30_000_000), limits).contains("more than the 30000"));
    // The ratio counts beyond one MiB only.
    let limits = XlsxLimits { inflated_ratio: 20, ..XlsxLimits::default() };
    assert!(refusal(&blanks(900_000), limits).starts_with("read"));
    assert!(refusal(&blanks(2_000_000), limits).contains("times its packed size"));
}

#[test]
fn texts_and_formats_are_limited_by_what_keeping_them_costs() {
    let book = sheet(|s| texts(s, 0, &["datum"]));
    let texts = |count: usize, announced: &str| {
        replaced(&book, "xl/sharedStrings.xml", |_| {
            format!("<sst uniqueCount=\"{announced}\"><si><t>datum</t></si>{}</sst>", "<si/>".repeat(count))
        })
    };
    // Each text costs 96 bytes and its 5 letters of XML; 1000 of them about 101 kB.
    let limits = XlsxLimits { shared_strings_bytes: 102_000, ..XlsxLimits::default() };
    assert!(refusal(&texts(1000, "1001"), limits).starts_with("read"));
    assert!(refusal(&texts(1010, "1011"), limits).contains("memory for its texts"));
    assert!(refusal(&texts(1_000_000, "1000001"), limits).contains("memory for its texts"));
    // Room for what is only announced is not made either.
    for announced in ["4000000000", "99999999999999999999999"] {
        assert!(refusal(&texts(0, announced), XlsxLimits::default()).contains("memory for its texts"));
    }
    // A long font name is copied into each of the cell formats.
    let styles = |formats: usize| {
        replaced(&book, "xl/styles.xml", |_| {
            let font = format!("<fonts><font><name val=\"{}\"/></font></fonts>", "x".repeat(10_000));
            format!("<styleSheet>{font}<cellXfs>{}</cellXfs></styleSheet>", "<xf fontId=\"0\"/>".repeat(formats))
        })
    };
    assert!(refusal(&styles(100), XlsxLimits::default()).starts_with("read"));
    assert!(refusal(&styles(60_000), XlsxLimits::default()).contains("formats and names"));
}

#[test]
fn one_cell_cannot_hold_the_whole_file() {
    let limits = XlsxLimits { token_bytes: 10_000, cell_bytes: 30_000, ..XlsxLimits::default() };
    let text = |bytes: usize| {
        with_rows(&format!("<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>{}</t></is></c></row>", "x".repeat(bytes)))
    };
    assert!(refusal(&text(10_000), limits).starts_with("read"));
    assert!(refusal(&text(10_001), limits).contains("in one tag or text"));
    assert!(refusal(&text(10_000_000), limits).contains("in one tag or text"));
    let runs = |count: usize| {
        let run = format!("<r><t>{}</t></r>", "x".repeat(1000));
        with_rows(&format!("<row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is>{}</is></c></row>", run.repeat(count)))
    };
    assert!(refusal(&runs(29), limits).starts_with("read"));
    assert!(refusal(&runs(30), limits).contains("in one cell"));
    // One text of the shared table, named in many cells of a row.
    let named = replaced(
        &with_rows(&format!("<row r=\"2\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(400))),
        "xl/sharedStrings.xml",
        |_| format!("<sst><si><t>{}</t></si></sst>", "x".repeat(5000)),
    );
    assert!(refusal(&named, XlsxLimits::default()).contains("bytes of text"));
}

#[test]
fn a_sheet_hidden_in_a_picture_and_an_archive_of_too_many_files_are_refused() {
    let book = with_rows(&date_row(2));
    let moved = {
        let xml = replaced(&book, "xl/_rels/workbook.xml.rels", |rels| {
            rels.replace("worksheets/sheet1.xml", "media/image1.png")
        });
        let mut from = zip::ZipArchive::new(std::io::Cursor::new(xml.as_slice())).expect("archive");
        let mut sheet = Vec::new();
        let mut entry = from.by_name("xl/worksheets/sheet1.xml").expect("there");
        std::io::Read::read_to_end(&mut entry, &mut sheet).expect("inflated");
        drop(entry);
        let mut writer = zip::ZipWriter::new_append(std::io::Cursor::new(xml)).expect("archive");
        writer.start_file("xl/media/image1.png", SimpleFileOptions::default()).expect("begun");
        writer.write_all(&sheet).expect("written");
        writer.finish().expect("finished").into_inner()
    };
    assert!(refusal(&moved, XlsxLimits::default()).contains("pictures"), "{}", refusal(&moved, XlsxLimits::default()));
    let many = |count: usize| {
        let mut writer = zip::ZipWriter::new_append(std::io::Cursor::new(book.clone())).expect("archive");
        let there = zip::ZipArchive::new(std::io::Cursor::new(book.as_slice())).expect("archive").len();
        for number in there..count {
            writer.start_file(format!("xl/media/{number}"), SimpleFileOptions::default()).expect("begun");
        }
        writer.finish().expect("finished").into_inner()
    };
    let limits = XlsxLimits { entries: 60, ..XlsxLimits::default() };
    assert!(refusal(&many(60), limits).starts_with("read"));
    assert!(refusal(&many(61), limits).contains("61 files inside"));
    assert!(refusal(&many(60_000), limits).contains("60000 files inside"));
}

#[test]
fn a_workbook_cut_or_bent_anywhere_is_an_error_and_never_a_panic() {
    let book = sheet(|s| {
        texts(s, 0, &["id", "datum", "text"]);
        (1..40).for_each(|row| texts(s, row, &[&format!("r{row}"), "2025-03-01", "hej"]));
    });
    for cut in (4..book.len()).step_by(97) {
        let _ = try_bytes(&book[..cut], &observations());
    }
    for at in (30..book.len()).step_by(61) {
        let mut bent = book.clone();
        bent[at] ^= 0x55;
        let _ = try_bytes(&bent, &observations());
    }
}
