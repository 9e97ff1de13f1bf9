//! The police's public feed: one answer of it as it came, and hand-made events.

use std::io::Write;

use lagesbild::domain::{Record, Shape, Source, Vocabulary};
use lagesbild::geodata::{Format, RecordReader, Register, RowError, SourceFile};

use crate::observations;
use crate::skip::shared;

#[test]
fn an_unchanged_answer_gives_500_observations_that_no_surface_can_use() {
    let Some(path) = shared("data/polisen-events/api_sample_500_raw.json") else { return };
    let source = SourceFile::inspect_as(&path, Some(Format::PolisenEvents)).expect("readable");
    let reader = RecordReader::open(&source, &observations(), &Register::default(), &[], &Vocabulary::seed());
    let mut reader = reader.expect("opened");
    let mut found = Vec::new();
    for row in reader.by_ref() {
        found.extend(row.expect("an event"));
    }
    assert_eq!((found.len(), reader.summary().rows), (500, 500));
    assert_eq!(reader.summary().dropped_columns, ["title", "url"]);
    for record in &found {
        let Record::Observation(event) = record else { panic!("{record:?}") };
        // All 500 locations are counties: the point is a county's centre.
        assert_eq!((event.source, event.location.precision_m), (Some(Source::Feed), Some(250_000.0)));
        assert!(matches!(event.location.shape, Some(Shape::Point(_))) && event.category.trim() == event.category);
    }
    let Record::Observation(first) = &found[0] else { panic!("no observation") };
    assert_eq!((first.id.as_str(), first.category.as_str()), ("650297", "Brand"));
    // 17.59 in the title is summer time; it was published at 19:51.
    let utc = "2026-08-22T15:59:00Z".parse::<jiff::Timestamp>().expect("instant").as_second();
    assert_eq!(first.when.start_s(), utc);
    assert_eq!(first.location.place_text.as_deref(), Some("Kävlinge, Skåne län"));
}

fn read(json: &str) -> Result<(Vec<Record>, usize), String> {
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(json.as_bytes()).expect("written");
    let source = SourceFile::inspect_as(file.path(), Some(Format::PolisenEvents)).map_err(|p| p.to_string())?;
    let reader = RecordReader::open(&source, &observations(), &Register::default(), &[], &Vocabulary::seed());
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
fn old_events_keep_their_municipality_and_broken_ones_are_refused_one_by_one() {
    let event = r#"{"id": 1, "datetime": "2023-04-03 9:21:26 +02:00", "name": "Brand", "summary": "Rök.",
        "type": "Lagen om hundar och katter ", "location": {"name": "Nässjö", "gps": "57.653036,14.696725"}}"#;
    let (records, rejected) =
        read(&format!("[{event}, {{}}, 3, {{\"id\": 2, \"datetime\": \"i går\"}}]")).expect("read");
    assert_eq!(rejected, 3);
    let [Record::Observation(one)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(one.category, "Lagen om hundar och katter");
    assert_eq!((one.location.place_text.as_deref(), one.location.precision_m), (Some("Nässjö"), Some(50_000.0)));
    // Without a time in the title the publication counts: 9:21:26 summer time.
    let utc = "2023-04-03T07:21:26Z".parse::<jiff::Timestamp>().expect("instant").as_second();
    assert_eq!(one.when.start_s(), utc);
}

#[test]
fn what_is_no_list_of_events_is_refused_and_a_list_is_named_by_its_flag() {
    assert!(read("{\"type\": \"FeatureCollection\"}").expect_err("refused").contains("events feed"));
    assert!(read("[{\"id\": 1}").expect_err("refused").contains("list of events"));
    assert!(read(&format!("[{{\"id\": \"{}\"}}]", "x".repeat(3_000_000))).expect_err("refused").contains("1 MiB"));
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(b"[]").expect("written");
    let problem = SourceFile::inspect(file.path()).expect_err("refused");
    assert!(problem.hint.contains("--format polisen-events"), "{problem}");
}
