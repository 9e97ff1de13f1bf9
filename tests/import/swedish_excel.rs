//! What a municipal officer saves from Excel.

use lagesbild::domain::{Feeling, Shape, Source, TimeCertainty};
use lagesbild::geodata::{Field, Into, Record};

use crate::{observations, read, try_read, zone};

const EXPORT: &str = "Löpnummer;Datum;Klockslag;Kategori;Plats;Longitud;Latitud;Område;Känns tryggt?;Allvarlighetsgrad;Beskrivning;Källa;Handläggare\r\n\
    2025-1;2025-03-01;21:30;Belysning;;14,6950;57,6520;;nej;3;Lampan är trasig;Medborgare;A\r\n\
    2025-2;2025-03-02;;Nedskräpning;Resecentrum, spår 1;;;;;;\"Skräp; mycket\";Trygghetsvandring;B\r\n\
    2025-3;2025-03-02;kl 7;Klotter;Runneryd;;;;ja;;;Kommunen;A\r\n\
    2025-4;2025-03-03;0815;klotter;Torget;;;;;;;;\r\n\
    ;;;;;;;;;;;;\r\n";

#[test]
fn an_export_in_windows_1252_and_in_utf8_with_byte_order_mark_gives_the_same_records() {
    let latin = encoding_of(EXPORT);
    let from_latin = try_read(&latin, &observations(), &[]).expect("readable");
    let from_utf8 = read(&format!("\u{feff}{EXPORT}"), &observations());
    assert_eq!(from_latin.records, from_utf8.records);
    assert_eq!((from_latin.records.len(), from_latin.problems.len()), (4, 0));
}

/// Windows-1252 of Swedish text: one byte per letter, the same number as in Unicode.
fn encoding_of(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin 1")).collect()
}

#[test]
fn every_column_of_the_export_is_understood() {
    let outcome = read(EXPORT, &observations());
    let rows = outcome.observations();
    let first = rows[0];
    assert_eq!((first.id.as_str(), first.category.as_str(), first.severity), ("2025-1", "lighting", Some(3)));
    assert_eq!((first.feeling, first.source), (Some(Feeling::Unsafe), Some(Source::Citizen)));
    // 2025-03-01 21:30 in Stockholm is 20:30 UTC.
    assert_eq!(first.when.start_s(), "2025-03-01T20:30:00Z".parse::<jiff::Timestamp>().expect("instant").as_second());
    let Some(Shape::Point(at)) = &first.location.shape else { panic!("no point") };
    assert!((at.lon() - 14.695).abs() < 1e-12 && (at.lat() - 57.652).abs() < 1e-12);

    assert_eq!(rows[1].when.certainty(), TimeCertainty::WholeDay);
    assert_eq!(rows[1].location.place.as_ref().map(|p| p.as_str()), Some("resecentrum"));
    assert_eq!(rows[1].location.precision_m, Some(75.0));
    assert_eq!(rows[1].text.as_deref(), Some("Skräp; mycket"));
    assert_eq!(rows[2].location.area.as_ref().map(|a| a.as_str()), Some("runneryd"));
    assert_eq!((rows[2].category.as_str(), rows[3].category.as_str()), ("Klotter", "Klotter"));

    let summary = &outcome.summary;
    assert_eq!((summary.rows, summary.accepted, summary.rejected), (4, 4, 0));
    assert_eq!(summary.dropped_columns, ["Handläggare"]);
    assert_eq!(summary.new_categories, [("Klotter".to_string(), 2)]);
    assert_eq!(summary.unmatched_places, [("Torget".to_string(), 1)]);
    assert_eq!((summary.whole_days, summary.without_position, summary.area_only), (1, 1, 1));
    assert!(summary.columns.contains(&("Klockslag".to_string(), Field::Time)));
}

#[test]
fn sweref_and_rt_90_columns_are_converted() {
    let mut options = observations();
    options.crs = Some(3006);
    // The railway operating point N of Trafikverket, published in both systems.
    let tm = read("datum;Nord;Öst\n2025-03-01;6389937,0;481781,0\n", &options);
    options.crs = Some(3021);
    // gdaltransform of 14.694735 57.651359; X is the northing in RT 90.
    let rt90 = read("datum;RT90 X;RT90 Y\n2025-03-01;6392364,89;1433698,98\n", &options);
    for outcome in [tm, rt90] {
        let Some(Shape::Point(at)) = &outcome.observations()[0].location.shape else { panic!("no point") };
        assert!((at.lon() - 14.694735).abs() < 2e-5 && (at.lat() - 57.651359).abs() < 1e-5, "{at:?}");
    }
}

#[test]
fn activities_and_places_have_their_own_columns() {
    let mut options = observations();
    options.into = Into::Activities;
    let csv = "id;datum;från;till;typ;aktörer;minuter;område;resultat\n\
        a1;2025-03-01;18:00;20:30;Riktad insats;Polisen, kommunen och Linden;90,5;Runneryd;lugnt\n";
    let outcome = read(csv, &options);
    let [Record::Activity(activity)] = outcome.records.as_slice() else { panic!("{:?}", outcome.problems) };
    assert_eq!(
        (activity.kind.as_str(), activity.minutes, activity.when.span_s()),
        ("targeted_operation", Some(90.5), 9000)
    );
    let roles: Vec<&str> = activity.actors.iter().map(|a| a.role.as_str()).collect();
    assert_eq!(roles, ["police", "municipality", "Linden"]);
    assert_eq!(outcome.summary.new_roles, [("Linden".to_string(), 1)]);
    assert_eq!(outcome.summary.unmatched_areas, [("Runneryd".to_string(), 1)]);

    options.into = Into::Places;
    let outcome =
        read("namn;alias;longitud;latitud;noggrannhet\nStora torget;Torget|Nytorget;14,6;57,6;30\n", &options);
    let [Record::Place(place)] = outcome.records.as_slice() else { panic!("{:?}", outcome.problems) };
    assert_eq!((place.name.as_str(), place.aliases.len(), place.precision_m), ("Stora torget", 2, Some(30.0)));
    assert!(place.at.is_some());
}

#[test]
fn rows_without_id_get_the_same_id_every_time_and_the_prefix_goes_before_all() {
    let csv = "id,datetime\n,2025-03-01\nk7,2025-03-02\n";
    let ids = |options: &_| read(csv, options).observations().iter().map(|o| o.id.to_string()).collect::<Vec<_>>();
    let plain = ids(&observations());
    assert_eq!(plain, ids(&observations()));
    assert!(plain[0].starts_with('r') && plain[0].ends_with("-2") && plain[0].len() == 1 + 8 + 2, "{plain:?}");
    let mut prefixed = observations();
    prefixed.id_prefix = Some("n25-".to_string());
    let prefixed = ids(&prefixed);
    assert_eq!(prefixed, [format!("n25-{}", &plain[0][1..]), "n25-k7".to_string()]);
}

#[test]
fn kept_and_mapped_columns_and_redaction_do_what_they_say() {
    let mut options = observations();
    options.keep = vec!["Handläggare".to_string()];
    options.map = vec![(Field::Text, "Övrigt".to_string())];
    options.redact = true;
    options.zone = zone("Europe/Stockholm");
    let csv = "datum,Handläggare,Övrigt\n2025-03-01,nr 4,Ring 070-123 45 67\n2025-03-01,,'=1+1\n";
    let outcome = read(csv, &options);
    let rows = outcome.observations();
    assert_eq!(rows[0].kept, [("Handläggare".to_string(), "nr 4".to_string())]);
    assert_eq!((rows[0].text.as_deref(), rows[1].text.as_deref()), (Some("Ring [...]"), Some("=1+1")));
    assert_eq!(outcome.summary.personal_data, 1);
}
