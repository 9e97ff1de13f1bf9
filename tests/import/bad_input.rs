//! Wrong rows and files: each is told with its place, its value and what is accepted.

use lagesbild::domain::{Area, AreaType, Certainty, Id, Names};
use lagesbild::geodata::{Field, Problem, Spot};

use crate::{observations, read, try_read};

fn problems(csv: &str) -> Vec<Problem> {
    read(csv, &observations()).problems
}

#[test]
fn each_wrong_value_is_told_with_line_column_and_what_is_accepted() {
    for (csv, column, reason, hint) in [
        ("datum,lon,lat\n2025-02-30,1,2\n", "datum", "no such day", "year, month, day"),
        ("datum,lon,lat\n01/03/2025,1,2\n", "datum", "either way round", "2025-03-01"),
        ("datum,lon,lat\n2025-03-01,NaN,2\n", "lon", "not a number", "57.65"),
        ("datum,lon,lat\n2025-03-01,1,inf\n", "lat", "not a number", "57.65"),
        ("datum,lon,lat\n2025-03-01,14.69,157.65\n", "lon", "not a position", "longitude"),
        ("datum,lon,lat\n2025-03-01,481781,6389937\n", "lon", "not a position", "EPSG:3006"),
        ("datum,lon,lat\n2025-03-01,14.69,\n", "lat", "missing", "both"),
        ("datum,lon,lat\n2025-03-01,1e999,2\n", "lon", "too large", "finite"),
        ("datum,källa\n2025-03-01,polisen\n", "källa", "unknown source", "police_report"),
        ("datum,känsla\n2025-03-01,ja\n", "känsla", "not a feeling", "unsafe"),
        ("datum,severity\n2025-03-01,9\n", "severity", "not a severity", "1 (slight)"),
        ("datum,id\n2025-03-01,2019/123\n", "id", "not an id", "'2019-123'"),
        ("datum,id\n2025-03-01,811228-9874\n", "id", "personal data", "--redact"),
        ("datum,text\n2025-03-01,Åke 070-1234567\n", "text", "personal data", "--redact"),
        ("datum,plats\n2025-03-01,hos a@example.se\n", "plats", "personal data", "--redact"),
        ("datum,geometry\n2025-03-01,LINESTRING (1 2)\n", "geometry", "does not fit", "a point"),
        ("datum,precision_m\n2025-03-01,-5\n", "precision_m", "less than 0", "0 or more"),
        ("start,end\n2025-03-02,2025-03-01\n", "end", "ends before", "at or after"),
        ("datum,tid\n2025-03-01,25:00\n", "tid", "not a time of day", "21:30"),
        ("datum,tid\n,21:30 \n", "tid", "not a time", "2025-03-01"),
    ] {
        let found = problems(csv);
        let [problem] = found.as_slice() else { panic!("{csv}: {found:?}") };
        assert_eq!((problem.spot.clone(), problem.column.as_deref()), (Spot::Line(2), Some(column)), "{problem}");
        assert!(problem.reason.contains(reason) && problem.hint.contains(hint), "{problem}");
        assert_eq!(problem.value.is_none(), reason == "missing", "{problem}");
    }
}

#[test]
fn all_problems_of_a_row_are_told_and_personal_data_is_masked_in_them() {
    let found = problems("id,datum,lon,lat,severity,text\n1/2,2025-02-30,x,91,0,ABC123 och 811228-9874\n");
    let columns: Vec<&str> = found.iter().filter_map(|p| p.column.as_deref()).collect();
    assert_eq!(columns, ["id", "lon", "datum", "severity", "text"]);
    assert_eq!(found[4].value.as_deref(), Some("[...] och [...]"));
}

#[test]
fn a_row_with_a_shifted_column_is_refused_and_the_next_one_read() {
    let outcome = read("id,datum\n1,2025-03-01,3\n2,2025-03-01\n3\n4,2025-03-01,,\n", &observations());
    let lines: Vec<Spot> = outcome.problems.iter().map(|p| p.spot.clone()).collect();
    assert_eq!(lines, [Spot::Line(2), Spot::Line(4)]);
    assert_eq!((outcome.summary.rows, outcome.summary.accepted, outcome.summary.rejected), (4, 2, 2));
}

#[test]
fn the_summary_says_what_refused_coordinates_look_like() {
    let outcome =
        read("datum,x,y\n2025-03-01,481781,6389937\n2025-03-01,481782,6389938\n2025-03-01,0,0\n", &observations());
    assert_eq!((outcome.summary.looks_like.len(), outcome.summary.looks_like[0].1), (1, 2));
    assert_eq!((outcome.summary.at_zero_zero, outcome.summary.accepted), (1, 1));
}

#[test]
fn swapped_degrees_are_refused_when_the_areas_lie_the_other_way_round() {
    let chicago = Area {
        id: Id::new("loop").expect("id"),
        names: Names { sv: "Loop".to_string(), en: "The Loop".to_string() },
        set: "x".to_string(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: String::new(),
        certainty: Certainty::Official,
        how_drawn: String::new(),
        outline: geo::MultiPolygon(vec![geo::Rect::new((-87.9, 41.6), (-87.5, 42.0)).to_polygon()]),
    };
    let csv = "datum,lon,lat,area\n2025-03-01,41.9,-87.6,\n2025-03-01,-87.6,41.9,\n2025-03-01,,,the loop\n";
    let outcome = try_read(csv.as_bytes(), &observations(), &[chicago]).expect("readable");
    assert_eq!(outcome.problems.len(), 1);
    assert!(outcome.problems[0].hint.contains("swapped"), "{}", outcome.problems[0]);
    assert_eq!(outcome.observations()[1].location.area.as_ref().map(|a| a.as_str()), Some("loop"));
}

#[test]
fn files_that_cannot_be_read_at_all_say_why() {
    let refused = |content: &[u8]| match try_read(content, &observations(), &[]) {
        Ok(_) => panic!("accepted"),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    assert!(refused(b"").contains("is empty"));
    assert!(refused(b"PK\x03\x04").contains("damaged workbook"));
    assert!(refused(b"a,b\n1,2\n").contains("no column says when"));
    let open_quote = format!("id,datum,text\n1,2025-03-01,ok\n2,2025-03-01,\"{}", "x\n".repeat(1_000_000));
    let message = refused(open_quote.as_bytes());
    assert!(message.contains(":3: ") && message.contains("never closed"), "{message}");
    assert!(refused(b"{\"type\": \"FeatureCollection\", \"features\": [{\"type\": 1}]}").contains("feature 1"));
}

#[test]
fn columns_are_read_to_the_limit_and_refused_one_above_and_hundreds_of_times_above() {
    let file = |columns: usize| format!("datum{}\n2025-03-01{}\n", ",q".repeat(columns - 1), ",".repeat(columns - 1));
    assert_eq!(read(&file(2_000), &observations()).summary.accepted, 1);
    // A row of at most 1 MiB has no room for a thousand times as many.
    for columns in [2_001, 500_000] {
        let problems = try_read(file(columns).as_bytes(), &observations(), &[]).err().expect("refused");
        assert!(problems[0].reason.contains("more than the 2000"), "{}", problems[0]);
    }
}

#[test]
fn options_that_name_nothing_are_refused_together() {
    let mut options = observations();
    options.map = vec![(Field::Lon, "Longitd".to_string())];
    options.keep = vec!["nix".to_string()];
    options.crs = Some(1);
    options.id_prefix = Some("å".to_string());
    let found = try_read(b"datum,longitud,latitud\n2025-03-01,1,2\n", &options, &[]).err().expect("refused");
    let all = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for part in ["did you mean 'longitud'", "nix", "EPSG:1", "prefix 'å'"] {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
}

#[test]
fn strict_categories_refuse_what_the_data_file_does_not_have() {
    let mut options = observations();
    options.strict_categories = true;
    let outcome = read("datum,kategori\n2025-03-01,Belysnin\n2025-03-01,belysning\n", &options);
    assert_eq!((outcome.summary.accepted, outcome.problems[0].reason.as_str()), (1, "unknown category"));
}
