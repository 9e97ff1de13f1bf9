//! What is exported can be imported again, and is the same.

use geo::{line_string, polygon};
use lagesbild::domain::{
    Activity, Area, AreaType, Certainty, Feeling, Id, Location, LonLat, Names, Observation, Participant, Place, Shape,
    Source, TimeCertainty, When,
};
use lagesbild::geodata::{CsvExport, CsvStyle, ExportOptions, GeoJsonExport, Into, ReadOptions, Record};
use proptest::prelude::*;

use crate::{observations, places, try_read, zone};

fn area() -> Area {
    Area {
        id: Id::new("runneryd").expect("id"),
        names: Names { sv: "Runneryd".to_string(), en: "Runneryd".to_string() },
        set: "promise".to_string(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: String::new(),
        certainty: Certainty::Assumed,
        how_drawn: String::new(),
        outline: geo::MultiPolygon(vec![geo::Rect::new((14.6, 57.6), (14.7, 57.7)).to_polygon()]),
    }
}

fn options(of: Into) -> (ExportOptions, ReadOptions) {
    let kept = vec!["=diarium".to_string()];
    let zone = zone("Europe/Stockholm");
    let read = ReadOptions { into: of, keep: kept.clone(), ..observations() };
    (ExportOptions { of, zone, kept, terms: vec![], data_class: None }, read)
}

fn csv(records: &[Record], of: Into, style: CsvStyle) -> Vec<u8> {
    let mut out = Vec::new();
    let mut export = CsvExport::new(&mut out, options(of).0, style).expect("heading");
    records.iter().for_each(|record| export.write(record).expect("written"));
    export.finish().expect("flushed");
    out
}

fn geojson(records: &[Record], of: Into) -> Vec<u8> {
    let mut out = Vec::new();
    let mut export = GeoJsonExport::new(&mut out, options(of).0).expect("begun");
    records.iter().for_each(|record| export.write(record).expect("written"));
    export.finish().expect("flushed");
    out
}

fn back(content: &[u8], of: Into) -> Vec<Record> {
    let outcome = try_read(content, &options(of).1, &[area()]).expect("readable");
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    outcome.records
}

/// Free text without digits and @, so that nothing looks like personal data; trimmed as imports are.
fn text() -> impl Strategy<Value = Option<String>> {
    let signs = prop::option::of("[a-zåäöÅÄÖ =+'\";,:\n-]{1,20}");
    signs.prop_map(|text| text.map(|t| t.trim().to_string()).filter(|t| !t.is_empty()))
}

fn when() -> impl Strategy<Value = When> {
    // 1971 to 2096, whole seconds, both clock-change nights of many years included.
    let certainty =
        prop_oneof![Just(TimeCertainty::Interval), Just(TimeCertainty::WholeDay), Just(TimeCertainty::Ambiguous)];
    (31_536_000_i64..4_000_000_000, 0_i64..3_000_000, certainty)
        .prop_map(|(start, span, certainty)| When::interval(start, start + span, certainty).expect("ordered"))
}

fn location() -> impl Strategy<Value = Location> {
    let at = (-180.0..=180.0_f64, -90.0..=90.0_f64).prop_filter_map("not swapped", |(lon, lat)| {
        let swapped = (14.0..15.5).contains(&lat) && (57.0..58.5).contains(&lon);
        if swapped { None } else { LonLat::new(lon, lat).ok() }
    });
    let place_text = prop::option::of("(torg|gata|=väg)[a-zåäö]{0,8}");
    (prop::option::of(at), prop::option::of(0.0..1e4_f64), any::<bool>(), any::<bool>(), place_text).prop_map(
        |(at, precision_m, has_place, has_area, place_text)| Location {
            place: (at.is_some() && has_place).then(|| Id::new("resecentrum").expect("id")),
            area: (at.is_none() && has_area).then(|| Id::new("runneryd").expect("id")),
            shape: at.map(Shape::Point),
            precision_m,
            place_text,
        },
    )
}

fn observation() -> impl Strategy<Value = Observation> {
    let category = prop_oneof![Just("lighting"), Just("other"), Just("Cykel, lås")];
    let source = prop::option::of(prop::sample::select(Source::ALL.to_vec()));
    let feeling = prop::option::of(prop_oneof![Just(Feeling::Unsafe), Just(Feeling::Safe)]);
    let parts = ("[A-Za-z][A-Za-z0-9._-]{0,3}", category, feeling, when(), location(), source);
    let point = (prop::option::of("inv-[a-z]{1,4}"), prop::option::of("IMG_[a-z]{1,4}[.]jpg"));
    (parts, prop::option::of(1_u8..=5), point, text(), text()).prop_map(
        |((id, category, feeling, when, location, source), severity, (inventory, photo), text, kept)| Observation {
            inventory: inventory.map(|id| Id::new(&id).expect("id")),
            photo,
            // In no export.
            reporter_key: None,
            id: Id::new(&id).expect("id"),
            category: category.to_string(),
            feeling,
            when,
            location,
            source,
            severity,
            text,
            kept: kept.map(|value| ("=diarium".to_string(), value)).into_iter().collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn observations_come_back_equal(list in prop::collection::vec(observation(), 1..8)) {
        let records: Vec<Record> = list.into_iter().map(Record::Observation).collect();
        for style in [CsvStyle::Rfc, CsvStyle::ExcelSv] {
            prop_assert_eq!(&back(&csv(&records, Into::Observations, style), Into::Observations), &records);
        }
        prop_assert_eq!(&back(&geojson(&records, Into::Observations), Into::Observations), &records);
        // Who reported them changes no byte of what leaves the file.
        let mut keyed = records.clone();
        keyed.iter_mut().for_each(|record| if let Record::Observation(o) = record { o.reporter_key = Some("k5f0c2".into()) });
        prop_assert_eq!(csv(&keyed, Into::Observations, CsvStyle::Rfc), csv(&records, Into::Observations, CsvStyle::Rfc));
        prop_assert_eq!(geojson(&keyed, Into::Observations), geojson(&records, Into::Observations));
    }
}

#[test]
fn activities_with_lines_polygons_and_actors_come_back_equal() {
    let line = geo::MultiLineString(vec![line_string![(x: 14.6, y: 57.6), (x: 14.7, y: 57.65), (x: 14.75, y: 57.6)]]);
    let ground = geo::MultiPolygon(vec![
        polygon![(x: 14.6, y: 57.6), (x: 14.7, y: 57.6), (x: 14.7, y: 57.7), (x: 14.6, y: 57.6)],
    ]);
    let shapes = [Some(Shape::Line(line)), Some(Shape::Polygon(ground)), None];
    let actor = |role: &str, organisation: Option<&str>| Participant {
        role: role.to_string(),
        organisation: organisation.map(str::to_string),
    };
    let actors = [
        vec![actor("police", Some("Lokalpolisområde Höglandet")), actor("Linden, AB", None)],
        vec![actor("Linden, AB", None)],
        vec![],
    ];
    let records: Vec<Record> = shapes
        .into_iter()
        .zip(actors)
        .enumerate()
        .map(|(at, (shape, actors))| {
            Record::Activity(Activity {
                id: Id::new(&format!("a{at}")).expect("id"),
                kind: "safety_walk".to_string(),
                when: When::interval(1_740_000_000, 1_740_007_200, TimeCertainty::Interval).expect("ordered"),
                location: Location { shape, ..Location::default() },
                actors,
                mode: Some("till fots".to_string()),
                minutes: Some(90.5),
                result: Some("@alla: lugnt".to_string()),
                operation_id: Some("op-a".to_string()),
                intelligence_led: [Some(true), Some(false), None][at],
                text: None,
                kept: vec![],
            })
        })
        .collect();
    for style in [CsvStyle::Rfc, CsvStyle::ExcelSv] {
        assert_eq!(back(&csv(&records, Into::Activities, style), Into::Activities), records);
    }
    let mut from_geojson = back(&geojson(&records, Into::Activities), Into::Activities);
    from_geojson.sort_by_key(|record| if let Record::Activity(a) = record { a.id.to_string() } else { String::new() });
    assert_eq!(from_geojson, records);
}

#[test]
fn places_come_back_equal_in_csv_and_formulas_are_disarmed_in_the_file() {
    let mut list = places();
    list.push(Place {
        id: Id::new("p").expect("id"),
        name: "=Torget".to_string(),
        aliases: vec!["Stora torget".to_string(), "Nytorget".to_string()],
        at: LonLat::new(-0.5, 0.25).ok(),
        precision_m: None,
        area: None,
        source: "kommunen".to_string(),
    });
    let records: Vec<Record> = list.into_iter().map(Record::Place).collect();
    let mut export_options = options(Into::Places).0;
    export_options.kept.clear();
    export_options.data_class = Some("synthetic".to_string());
    let mut out = Vec::new();
    let mut export = CsvExport::new(&mut out, export_options, CsvStyle::Rfc).expect("heading");
    records.iter().for_each(|record| export.write(record).expect("written"));
    export.finish().expect("flushed");
    let file = String::from_utf8(out).expect("UTF-8");
    assert!(file.contains("p,'=Torget,Stora torget; Nytorget,-0.5,0.25,,,kommunen,synthetic\n"), "{file}");
    let read_options = ReadOptions { into: Into::Places, ..observations() };
    assert_eq!(try_read(file.as_bytes(), &read_options, &[area()]).expect("readable").records, records);
}

#[test]
fn an_export_of_nothing_is_a_heading_and_an_empty_collection() {
    let file = String::from_utf8(csv(&[], Into::Observations, CsvStyle::Rfc)).expect("UTF-8");
    assert_eq!(file.lines().count(), 1);
    assert!(file.ends_with(",text,'=diarium\n"), "{file}");
    assert!(back(file.as_bytes(), Into::Observations).is_empty());
    let collection: geojson::FeatureCollection =
        String::from_utf8(geojson(&[], Into::Observations)).expect("UTF-8").parse().expect("GeoJSON");
    assert!(collection.features.is_empty());
    assert!(back(&geojson(&[], Into::Observations), Into::Observations).is_empty());
}
