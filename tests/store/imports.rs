//! An import is one revision: all of it or nothing.

use std::path::Path;

use lagesbild::domain::{Activity, Collection, Counted, Observation, Participant, Record};
use lagesbild::store::{DataFile, ImportCounts, ImportNote, StoreError, load_snapshot};
use rusqlite::Connection;

use crate::fixtures::*;

/// Everything in a data file that an import could have touched: definitions, rows and R-trees, as text.
fn dump(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    let texts = |sql: &str| -> Vec<String> {
        let mut rows = connection.prepare(sql).expect(sql);
        let columns = rows.column_count();
        let rows = rows.query_map([], |r| {
            let cells: Vec<String> =
                (0..columns).map(|c| r.get_ref(c).map(|v| format!("{v:?}"))).collect::<Result<_, _>>()?;
            Ok(cells.join("|"))
        });
        rows.expect(sql).collect::<Result<_, _>>().expect(sql)
    };
    let mut all = texts("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
    let tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .and_then(|mut s| s.query_map([], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>())
        .expect("tables");
    for table in tables {
        all.extend(texts(&format!("SELECT '{table}', * FROM \"{table}\"")));
    }
    all
}

pub(crate) fn rtree_problems(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    ["areas", "places", "activities", "observations"]
        .iter()
        .map(|table| {
            connection
                .query_row(&format!("SELECT rtreecheck('rtree_{table}_geom')"), [], |r| r.get::<_, String>(0))
                .expect("checks")
        })
        .filter(|text| text != "ok")
        .collect()
}

/// Rows whose R-tree box is missing, too many or does not hold the point.
fn rtree_mismatches(path: &Path) -> i64 {
    let connection = Connection::open(path).expect("opens");
    let count = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, i64>(0)).expect(sql);
    count(
        "SELECT count(*) FROM observations WHERE geom NOTNULL AND fid NOT IN (SELECT id FROM rtree_observations_geom)",
    ) + count(
        "SELECT count(*) FROM rtree_observations_geom WHERE id NOT IN (SELECT fid FROM observations WHERE geom NOTNULL)",
    )
}

fn import(file: &mut DataFile, note: ImportNote, records: &[Observation]) -> Result<u64, StoreError> {
    let mut import = file.begin_import(&actor(), Collection::Observations, note)?;
    for record in records {
        import.add(&Record::Observation(record.clone()))?;
    }
    let rows = records.len() as u64;
    import.finish(ImportCounts { rows, accepted: rows, rejected: 0 }).map(|imported| imported.revision)
}

fn scattered(count: usize, prefix: &str) -> Vec<Observation> {
    (0..count)
        .map(|n| {
            let (x, y) = ((n * 7919 % 1009) as f64 / 1009.0, (n * 104_729 % 997) as f64 / 997.0);
            observation(&format!("{prefix}{n}"), 14.6 + 0.2 * x, 57.6 + 0.1 * y, n as i64)
        })
        .collect()
}

#[test]
fn a_finished_import_is_one_revision_with_its_note() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    assert_eq!(import(&mut file, note("aa"), &scattered(3000, "p")).expect("imports"), 2);
    let snapshot = load_snapshot(&path).expect("loads");
    assert_eq!((snapshot.revision(), snapshot.table(Counted::Observations).len()), (2, 3000));
    let connection = Connection::open(&path).expect("opens");
    let logged: (i64, String, String, i64, i64, i64) = connection
        .query_row("SELECT import_id, file, sha256, rows, accepted, rejected FROM lagesbild_import", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?))
        })
        .expect("reads");
    assert_eq!(logged, (1, "points.csv".into(), "aa".into(), 3000, 3000, 0));
    assert_eq!(rtree_problems(&path), Vec::<String>::new());
    assert_eq!(rtree_mismatches(&path), 0);
}

#[test]
fn a_dropped_import_leaves_the_file_exactly_as_before() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    import(&mut file, note("aa"), &scattered(300, "p")).expect("imports");
    let before = dump(&path);
    let update = ImportNote { update: true, ..note("bb") };
    let mut import = file.begin_import(&actor(), Collection::Observations, update).expect("begins");
    for record in scattered(500, "p") {
        let category = format!("new-{}", record.id);
        import.add(&Record::Observation(Observation { category, ..record })).expect("adds");
    }
    drop(import);
    assert_eq!(dump(&path), before);
    drop(file);
    assert_eq!(dump(&path), before);
}

#[test]
fn a_duplicate_id_leaves_the_rest_of_the_import_usable() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    import(&mut file, note("aa"), &scattered(10, "p")).expect("imports");
    let mut second = file.begin_import(&actor(), Collection::Observations, note("bb")).expect("begins");
    second.add(&Record::Observation(observation("q0", 14.65, 57.63, 0))).expect("adds");
    let clash = second.add(&Record::Observation(observation("p3", 14.65, 57.63, 0))).expect_err("exists");
    says(&clash, &["'p3'", "observations", "--update", "--id-prefix"]);
    let clash = second.add(&Record::Observation(observation("q0", 14.66, 57.63, 0))).expect_err("twice in one import");
    says(&clash, &["'q0'", "more than once"]);
    second.add(&Record::Observation(observation("q1", 14.65, 57.63, 0))).expect("goes on");
    second.finish(ImportCounts { rows: 4, accepted: 2, rejected: 2 }).expect("finishes");
    assert_eq!(load_snapshot(&path).expect("loads").table(Counted::Observations).len(), 12);
    assert_eq!(rtree_mismatches(&path), 0);
}

#[test]
fn the_same_content_twice_is_refused_unless_it_updates_or_has_another_prefix() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    import(&mut file, note("aa"), &scattered(3, "p")).expect("imports");
    let again = import(&mut file, note("aa"), &scattered(3, "p")).expect_err("the same");
    says(&again, &["imported already", "import 1", "points.csv", "--update", "--id-prefix"]);
    let prefixed = ImportNote { id_prefix: "x-".into(), ..note("aa") };
    import(&mut file, prefixed, &scattered(3, "x-p")).expect("another prefix");
    import(&mut file, ImportNote { update: true, ..note("aa") }, &scattered(3, "p")).expect("updates");
    assert_eq!(load_snapshot(&path).expect("loads").table(Counted::Observations).len(), 6);
}

#[test]
fn an_update_replaces_records_once_and_keeps_their_history() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    import(&mut file, note("aa"), &scattered(100, "p")).expect("imports");
    let update = ImportNote { update: true, ..note("bb") };
    let mut second = file.begin_import(&actor(), Collection::Observations, update).expect("begins");
    second.add(&Record::Observation(observation("p7", 14.75, 57.65, 5))).expect("replaces");
    second.add(&Record::Observation(observation("new", 14.75, 57.66, 5))).expect("adds");
    for twice in ["p7", "new", "p7"] {
        let error = second.add(&Record::Observation(observation(twice, 14.7, 57.6, 5))).expect_err("twice in one file");
        says(&error, &[twice, "more than once"]);
    }
    second.finish(ImportCounts { rows: 5, accepted: 2, rejected: 3 }).expect("finishes");
    let connection = Connection::open(&path).expect("opens");
    let versions: Vec<(String, i64, i64)> = connection
        .prepare("SELECT id, from_revision, to_revision FROM lagesbild_history")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect())
        .expect("reads");
    assert_eq!(versions, [("p7".to_string(), 2, 3)]);
    assert_eq!(load_snapshot(&path).expect("loads").table(Counted::Observations).len(), 101);
    assert_eq!(rtree_problems(&path), Vec::<String>::new());
    assert_eq!(rtree_mismatches(&path), 0);
}

#[test]
fn single_writes_go_on_in_a_tree_that_was_filled_in_bulk() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    import(&mut file, note("aa"), &scattered(4000, "p")).expect("imports");
    // 1500 more one by one split full nodes; withdrawing most of the first empties others.
    for chunk in scattered(1500, "q").chunks(100) {
        let change = lagesbild::store::Change { observations: chunk.to_vec(), ..Default::default() };
        file.commit(&actor(), &change).expect("commits");
    }
    let withdrawn = (0..3900).map(|n| (Counted::Observations, id(&format!("p{n}")), "test".to_string())).collect();
    let change = lagesbild::store::Change { withdrawn, ..Default::default() };
    file.commit(&actor(), &change).expect("commits");
    assert_eq!(rtree_problems(&path), Vec::<String>::new());
    assert_eq!(rtree_mismatches(&path), 0);
    // A small import into the large file, and a large one into what is left.
    import(&mut file, note("bb"), &scattered(5, "r")).expect("imports");
    import(&mut file, note("cc"), &scattered(5000, "s")).expect("imports");
    assert_eq!(rtree_problems(&path), Vec::<String>::new());
    assert_eq!(rtree_mismatches(&path), 0);
    assert_eq!(load_snapshot(&path).expect("loads").table(Counted::Observations).len(), 100 + 1500 + 5 + 5000);
}

#[test]
fn a_box_query_on_a_bulk_filled_tree_finds_what_a_full_scan_finds() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let records = scattered(9000, "p");
    import(&mut file, note("aa"), &records).expect("imports");
    let connection = Connection::open(&path).expect("opens");
    for (west, south, size) in [(14.61, 57.61, 0.05), (14.7, 57.65, 0.001), (14.5, 57.5, 1.0), (10.0, 50.0, 1.0)] {
        let found: i64 = connection
            .query_row(
                "SELECT count(*) FROM rtree_observations_geom WHERE maxx >= ?1 AND minx <= ?2 AND maxy >= ?3 AND miny <= ?4",
                [west, west + size, south, south + size],
                |r| r.get(0),
            )
            .expect("counts");
        // Boxes are 32-bit and grow outwards, so a point within a float step of the edge may count too.
        let inside = |grown: f64| {
            let within = |o: &&Observation| {
                let Some(p) = o.location.shape.as_ref().and_then(|s| s.representative_point()) else { return false };
                p.lon() >= west - grown
                    && p.lon() <= west + size + grown
                    && p.lat() >= south - grown
                    && p.lat() <= south + size + grown
            };
            records.iter().filter(within).count() as i64
        };
        assert!((inside(0.0)..=inside(1e-5)).contains(&found), "{found} of {}", inside(0.0));
    }
}

#[test]
fn areas_places_and_activities_are_imported_too() {
    let (_folder, path) = empty_folder();
    let empty = lagesbild::store::NewFile { areas: vec![], places: vec![], ..new_file() };
    let mut file = DataFile::create(&path, &empty, &actor()).expect("creates");
    let mut into_areas = file.begin_import(&actor(), Collection::Areas, note("a")).expect("begins");
    for area in areas() {
        into_areas.add(&Record::Area(area.clone())).expect("adds");
    }
    into_areas.finish(ImportCounts { rows: 3, accepted: 3, rejected: 0 }).expect("finishes");
    let mut into_places = file.begin_import(&actor(), Collection::Places, note("b")).expect("begins");
    for place in places() {
        into_places.add(&Record::Place(place.clone())).expect("adds");
    }
    into_places.finish(ImportCounts { rows: 2, accepted: 2, rejected: 0 }).expect("finishes");
    let mut into_activities = file.begin_import(&actor(), Collection::Activities, note("c")).expect("begins");
    let stranger = Activity {
        kind: "stickprov".into(),
        // Role and kind share a code; both tables must learn it.
        actors: vec![Participant { role: "stickprov".into(), organisation: None }],
        ..full_activity("walk")
    };
    into_activities.add(&Record::Activity(stranger.clone())).expect("adds");
    into_activities.finish(ImportCounts { rows: 1, accepted: 1, rejected: 0 }).expect("finishes");
    let snapshot = load_snapshot(&path).expect("loads");
    assert_eq!(snapshot.areas().areas(), areas());
    assert_eq!(snapshot.places(), places());
    assert!(snapshot.vocabulary().kinds.iter().any(|t| t.code == "stickprov"));
    assert!(snapshot.vocabulary().roles.iter().any(|t| t.code == "stickprov"));
    assert_eq!(rtree_problems(&path), Vec::<String>::new());
}

#[test]
fn an_update_keeps_the_free_text_and_the_action_that_its_row_leaves_unsaid() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let action = |id_text: &str, about: &str, text: &str| lagesbild::domain::Action {
        id: id(id_text),
        about: Some(id(about)),
        text: text.into(),
        owner_organisation: "Kommunen".into(),
        due: None,
        status: lagesbild::domain::ActionStatus::NotStarted,
        why_not: None,
        recheck: None,
        area: None,
    };
    let mut told = observation("p1", 14.7, 57.6, 5);
    told.text = Some("Mörkt".into());
    told.photo = Some("IMG_1.jpg".into());
    told.reporter_key = Some("k5f0c2".into());
    told.location.place_text = Some("vid trappan".into());
    told.kept = vec![("Väder".into(), "regn".into()), ("Vem".into(), "vi".into())];
    let change = lagesbild::store::Change { observations: vec![told], ..Default::default() };
    file.commit(&actor(), &change).expect("commits");
    let mut first = file.begin_import(&actor(), Collection::Actions, note("aa")).expect("begins");
    for known in [action("only", "p1", "Laga"), action("x", "p2", "Ett"), action("y", "p2", "Två")] {
        first.add(&Record::Action(known)).expect("adds");
    }
    first.finish(ImportCounts { rows: 3, accepted: 3, rejected: 0 }).expect("finishes");

    let mut bare = observation("p1", 14.75, 57.65, 9);
    bare.kept = vec![("Vem".into(), "de".into())];
    let update = ImportNote { update: true, ..note("bb") };
    let mut second = file.begin_import(&actor(), Collection::Observations, update).expect("begins");
    let row = [Record::Observation(bare), Record::Action(action("p1-a", "p1", "Laga nu"))];
    second.add_row(&row).expect("replaces both");
    let other = [Record::Observation(observation("p2", 14.75, 57.65, 9)), Record::Action(action("p2-a", "p2", "Tre"))];
    second.add_row(&other).expect("adds both");
    second.finish(ImportCounts { rows: 2, accepted: 2, rejected: 0 }).expect("finishes");

    let reader = lagesbild::store::Reader::open(&path).expect("opens");
    let mut points = Vec::new();
    let mut note_point = |record: Record| {
        points.push(record);
        Ok::<(), lagesbild::store::StoreError>(())
    };
    reader.each(Collection::Observations, &mut note_point).expect("reads");
    let Some(Record::Observation(point)) = points.iter().find(|point| point.id().as_str() == "p1") else {
        panic!("no p1 in {points:?}");
    };
    assert_eq!((point.text.as_deref(), point.photo.as_deref()), (Some("Mörkt"), Some("IMG_1.jpg")));
    assert_eq!(point.reporter_key.as_deref(), Some("k5f0c2"));
    assert_eq!(point.location.place_text.as_deref(), Some("vid trappan"));
    assert_eq!(point.kept, [("Vem".to_string(), "de".to_string()), ("Väder".to_string(), "regn".to_string())]);
    let mut actions = Vec::new();
    let mut note_action = |record: Record| {
        if let Record::Action(action) = record {
            actions.push((action.id.to_string(), action.text));
        }
        Ok::<(), lagesbild::store::StoreError>(())
    };
    reader.each(Collection::Actions, &mut note_action).expect("reads");
    let wanted = [("only", "Laga nu"), ("p2-a", "Tre"), ("x", "Ett"), ("y", "Två")];
    assert_eq!(actions, wanted.map(|(id, text)| (id.to_string(), text.to_string())));
}
