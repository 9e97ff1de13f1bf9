//! Records go in, are replaced and withdrawn, and come back as they were.

use lagesbild::domain::{Activity, Collection, Counted, Filter, Observation, Participant, Record, Shape};
use lagesbild::spatial::{Query, Snapshot};
use lagesbild::store::{Change, DataFile, Reader, Store, StoreError, load_snapshot};
use rusqlite::Connection;

use crate::fixtures::*;

fn read_back(path: &std::path::Path) -> (Vec<Observation>, Vec<Activity>) {
    let reader = Reader::open(path).expect("opens");
    let (mut observations, mut activities) = (vec![], vec![]);
    let mut visit = |record| {
        match record {
            Record::Observation(o) => observations.push(o),
            Record::Activity(a) => activities.push(a),
            other => panic!("{other:?}"),
        }
        Ok::<(), StoreError>(())
    };
    reader.each(Collection::Observations, &mut visit).expect("reads");
    reader.each(Collection::Activities, &mut visit).expect("reads");
    (observations, activities)
}

fn ids(snapshot: &Snapshot, of: Counted) -> Vec<String> {
    let mut ids = vec![];
    let filter = Filter { of, ..Filter::default() };
    Query::new(&filter, snapshot).scan(|columns, row, _| ids.push(columns.id(row).to_string()));
    ids.sort();
    ids
}

fn history(path: &std::path::Path) -> Vec<(String, String, i64, i64, String, String)> {
    let connection = Connection::open(path).expect("opens");
    let mut rows = connection
        .prepare(
            "SELECT collection, id, from_revision, to_revision, reason, record FROM lagesbild_history ORDER BY 1, 2, 3",
        )
        .expect("reads");
    let rows = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)));
    rows.expect("reads").collect::<Result<_, _>>().expect("reads")
}

#[test]
fn what_was_committed_is_read_back_equal() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let polygon = Activity {
        location: lagesbild::domain::Location {
            shape: Some(Shape::Polygon(geo::wkt!(MULTIPOLYGON(((14.6 57.6,14.61 57.6,14.61 57.61,14.6 57.6)))))),
            ..Default::default()
        },
        ..full_activity("b-polygon")
    };
    let nowhere = Activity { location: Default::default(), actors: vec![], ..full_activity("c-nowhere") };
    let change = Change {
        what: "test".into(),
        observations: vec![full_observation("full"), observation("plain", 14.7, 57.65, 1)],
        activities: vec![full_activity("a-line"), polygon.clone(), nowhere.clone()],
        ..Change::default()
    };
    assert_eq!(file.commit(&actor(), &change).expect("commits"), 2);
    let frame = file.frame().expect("reads");
    assert_eq!(frame.areas.areas(), areas());
    assert_eq!(frame.places.as_slice(), places());
    let (observations, activities) = read_back(&path);
    assert_eq!(observations, change.observations);
    assert_eq!(activities, vec![full_activity("a-line"), polygon, nowhere]);
}

#[test]
fn a_read_after_an_acknowledgement_sees_the_write() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    for n in 0..20 {
        let name = format!("o{n:02}");
        let change = Change { observations: vec![observation(&name, 14.65, 57.63, n)], ..Change::default() };
        let revision = store.commit(&actor(), change).expect("commits");
        let snapshot = store.snapshot();
        assert_eq!(snapshot.revision(), revision);
        assert!(snapshot.table(Counted::Observations).contains(&name));
        assert_eq!(load_snapshot(&path).expect("loads").revision(), revision);
    }
    assert_eq!(ids(&store.snapshot(), Counted::Observations).len(), 20);
}

#[test]
fn a_first_insert_writes_no_history_and_a_later_version_moves_the_earlier_one_there() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let first = Change { observations: vec![full_observation("o")], ..Change::default() };
    file.commit(&actor(), &first).expect("commits");
    assert!(history(&path).is_empty());
    let second = Change { observations: vec![observation("o", 14.75, 57.65, 1)], ..Change::default() };
    file.commit(&actor(), &second).expect("commits");
    let gone = Change { withdrawn: vec![(Counted::Observations, id("o"), "double".into())], ..Change::default() };
    file.commit(&actor(), &gone).expect("commits");
    let versions = history(&path);
    let facts: Vec<(&str, i64, i64, &str)> = versions.iter().map(|v| (v.1.as_str(), v.2, v.3, v.4.as_str())).collect();
    assert_eq!(facts, [("o", 2, 3, "replaced"), ("o", 3, 4, "double")]);
    let record: serde_json::Value = serde_json::from_str(&versions[0].5).expect("JSON");
    assert_eq!(record["text"], "trasig lampa \u{1f4a1}\nandra raden");
    assert_eq!(record["precision_m"], 12.5);
    // A point at 14.65 57.63, little-endian after the header of 8 bytes and the WKB head of 5.
    let hex: String = [14.65_f64, 57.63].iter().flat_map(|v| v.to_le_bytes()).map(|b| format!("{b:02x}")).collect();
    assert!(record["geom"].as_str().expect("hex").ends_with(&hex));
    assert!(read_back(&path).0.is_empty());
}

#[test]
fn withdrawing_what_is_not_there_keeps_nothing_of_the_change() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let change = Change {
        observations: vec![observation("new", 14.65, 57.63, 0)],
        withdrawn: vec![(Counted::Activities, id("ghost"), String::new())],
        ..Change::default()
    };
    says(&store.commit(&actor(), change).expect_err("there is no ghost"), &["ghost", "activities"]);
    assert!(store.snapshot().table(Counted::Observations).is_empty());
    let snapshot = load_snapshot(&path).expect("loads");
    assert!(snapshot.table(Counted::Observations).is_empty());
    assert_eq!(snapshot.revision(), 1);
}

#[test]
fn an_id_twice_in_one_change_is_refused_by_file_and_store_alike() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let twice = Change {
        observations: vec![observation("o", 14.65, 57.63, 0), observation("o", 14.66, 57.63, 0)],
        ..Change::default()
    };
    says(&file.commit(&actor(), &twice).expect_err("twice"), &["'o'", "observations", "more than once"]);
    drop(file);
    let store = Store::open(&path).expect("opens");
    says(&store.commit(&actor(), twice).expect_err("twice"), &["'o'", "observations", "more than once"]);
}

#[test]
fn new_words_are_learned_the_same_way_in_file_and_snapshot() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let change = Change {
        observations: vec![Observation { category: "isgata".into(), ..observation("o", 14.65, 57.63, 0) }],
        activities: vec![Activity {
            kind: "nattpatrull".into(),
            // A role may have the same code as a kind or a category.
            actors: vec![Participant { role: "nattpatrull".into(), organisation: None }],
            ..full_activity("a")
        }],
        ..Change::default()
    };
    store.commit(&actor(), change).expect("commits");
    let published = store.snapshot();
    let loaded = load_snapshot(&path).expect("loads");
    assert_eq!(published.vocabulary(), loaded.vocabulary());
    let last = |terms: &[lagesbild::domain::Term]| terms.last().map(|t| t.code.clone()).unwrap_or_default();
    let words = loaded.vocabulary();
    assert_eq!(
        [last(&words.categories), last(&words.kinds), last(&words.roles)],
        ["isgata", "nattpatrull", "nattpatrull"]
    );
}

#[test]
fn the_extent_of_a_layer_follows_its_records() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let extent = || -> [Option<f64>; 4] {
        let connection = Connection::open(&path).expect("opens");
        connection
            .query_row(
                "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'observations'",
                [],
                |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]),
            )
            .expect("reads")
    };
    // Within a step of 32-bit floats, which is what the R-tree holds.
    let near = |found: [Option<f64>; 4], wanted: [f64; 4]| {
        found.iter().zip(wanted).all(|(f, w)| f.is_some_and(|f| (f - w).abs() < 1e-5))
    };
    assert_eq!(extent(), [None; 4]);
    let two = Change {
        observations: vec![observation("a", 14.65, 57.63, 0), observation("b", 15.5, 58.5, 0)],
        ..Change::default()
    };
    file.commit(&actor(), &two).expect("commits");
    assert!(near(extent(), [14.65, 57.63, 15.5, 58.5]), "{:?}", extent());
    let gone = Change { withdrawn: vec![(Counted::Observations, id("b"), String::new())], ..Change::default() };
    file.commit(&actor(), &gone).expect("commits");
    assert!(near(extent(), [14.65, 57.63, 14.65, 57.63]), "{:?}", extent());
}
