//! Reported counts, reports, actions and surveys, and the safety-walk protocol.

use jiff::civil::date;
use lagesbild::domain::{
    Action, ActionStatus, Area, AreaType, Certainty, Feeling, Id, Names, Period, Record, Source, SurveyResult,
};
use lagesbild::geodata::{Field, Into, Problem, Profile, ReadOptions};

use crate::{observations, try_read};

pub(crate) fn area() -> Area {
    Area {
        id: Id::new("runneryd").expect("id"),
        names: Names { sv: "Runnerydsområdet".to_string(), en: "Runneryd".to_string() },
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

fn into(into: Into) -> ReadOptions {
    ReadOptions { into, ..observations() }
}

fn read(csv: &str, options: &ReadOptions) -> (Vec<Record>, Vec<Problem>) {
    let outcome = try_read(csv.as_bytes(), options, &[area()]).expect("readable");
    (outcome.records, outcome.problems)
}

#[test]
fn counts_of_a_whole_month_or_quarter_are_read_with_swedish_headings() {
    let csv = "Organisation;Typ;Område;Månad;Antal;Rapporterat av;Datum\n\
        Polisen;Riktad insats;Runnerydsområdet;maj 2025;4;Områdespolisen;2025-06-02\n\
        Polisen;traffic_check;hela kommunen;2025-Q2;0;;2025-07-01\n";
    let (records, problems) = read(csv, &into(Into::ReportedCounts));
    assert!(problems.is_empty(), "{problems:?}");
    let [Record::ReportedCount(may), Record::ReportedCount(quarter)] = records.as_slice() else {
        panic!("{records:?}")
    };
    assert_eq!(
        (may.kind.as_str(), may.n, may.area.as_ref().map(Id::as_str)),
        ("targeted_operation", 4, Some("runneryd"))
    );
    assert_eq!(may.period, Period::parse("2025-05").expect("a month"));
    assert_eq!((may.reported_by.as_str(), may.reported_on), ("Områdespolisen", date(2025, 6, 2)));
    assert_eq!((quarter.n, quarter.area.as_ref(), quarter.reported_by.as_str()), (0, None, "Polisen"));
}

#[test]
fn a_count_that_cannot_be_counted_is_refused_with_every_reason() {
    let head = "organisation,kind,area,period,n,reported_on\n";
    for (row, column) in [
        ("Polisen,okänd sort,runneryd,2025-05,4,2025-06-02", "kind"),
        ("Polisen,presence,Norr,2025-05,4,2025-06-02", "area"),
        ("Polisen,presence,runneryd,2025-W09,4,2025-06-02", "period"),
        ("Polisen,presence,runneryd,2025-05-02/2025-06-01,4,2025-06-02", "period"),
        ("Polisen,presence,runneryd,2025-05,-1,2025-06-02", "n"),
        ("Polisen,presence,runneryd,2025-05,4.5,2025-06-02", "n"),
        ("Polisen,presence,runneryd,2025-05,4,snart", "reported_on"),
        (",presence,runneryd,2025-05,4,2025-06-02", "organisation"),
    ] {
        let (records, problems) = read(&format!("{head}{row}\n"), &into(Into::ReportedCounts));
        let columns: Vec<&str> = problems.iter().filter_map(|p| p.column.as_deref()).collect();
        assert_eq!((records.len(), columns), (0, vec![column]), "{row}: {problems:?}");
    }
    let (_, problems) = read(&format!("{head},,,,,\n,x,,y,z,\n"), &into(Into::ReportedCounts));
    assert_eq!(problems.len(), 5, "{problems:?}");
}

#[test]
fn a_week_with_nothing_to_report_is_a_report() {
    let (records, problems) =
        read("Organisation;Vecka;Antal;Datum\nLinden;vecka 9 2025;0;2025-03-03\n", &into(Into::Reports));
    let [Record::Report(report)] = records.as_slice() else { panic!("{problems:?}") };
    assert_eq!((report.organisation.as_str(), report.n), ("Linden", 0));
    assert_eq!(report.week, Period::parse("2025-W09").expect("a week"));
    assert_eq!(read("organisation,week,n,reported_on\nL,2025-02,0,2025-03-03\n", &into(Into::Reports)).1.len(), 1);
}

#[test]
fn actions_have_an_owner_and_a_reason_exactly_when_they_are_not_done() {
    let csv = "id;Åtgärd;Ansvarig;Senast;Status;Varför inte;Område\n\
        a1;Byt lampan;Kommunen;2025-06-01;Påbörjad;;Runnerydsområdet\n\
        a2;Klipp häcken;Linden;;Ej genomförd;Fågelbo;\n\
        a3;Måla;Linden;;Klar;Ingen färg;\n\
        a4;Måla;Linden;;not_done;;\n\
        a5;Måla;;;;;\n";
    let (records, problems) = read(csv, &into(Into::Actions));
    let [Record::Action(one), Record::Action(two)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((one.status, one.due, one.text.as_str()), (ActionStatus::Started, Some(date(2025, 6, 1)), "Byt lampan"));
    assert_eq!((two.status, two.why_not.as_deref()), (ActionStatus::NotDone, Some("Fågelbo")));
    let columns: Vec<&str> = problems.iter().filter_map(|p| p.column.as_deref()).collect();
    assert_eq!(columns, ["Status", "Varför inte", "Ansvarig"]);
}

#[test]
fn surveys_give_counts_or_a_share() {
    let csv = "mätning;fråga;period;tillfrågade;svarade;antal svar;otrygga;andel otrygga;felmarginal\n\
        2022;Känner du dig trygg?;2022-10;9500;;4500;1125;;\n\
        2024;Känner du dig trygg?;2024-10;;;4100;;25 %;0,01\n\
        2025;Känner du dig trygg?;2025-10;100;;50;60;;\n";
    let mut options = into(Into::Surveys);
    options.map = vec![(Field::Answered, "antal svar".to_string())];
    let (records, problems) = read(csv, &options);
    let [Record::Survey(counts), Record::Survey(share)] = records.as_slice() else { panic!("{problems:?}") };
    assert_eq!(counts.result, SurveyResult::Counts { asked: 9500, answered: 4500, unsafe_count: 1125 });
    assert_eq!(
        share.result,
        SurveyResult::Share { unsafe_share: 0.25, answered: 4100, margin: Some(0.01), weighted: None }
    );
    assert!(problems.len() == 1 && problems[0].reason.contains("60 unsafe of 50"), "{problems:?}");
}

#[test]
fn a_row_of_a_safety_walk_is_an_observation_and_its_action() {
    let csv = "Nr;Datum;Plats;Känns tryggt?;Beskrivning;Åtgärd;Ansvarig;Senast;Status;Varför inte\n\
        1;2025-03-01;Resecentrum;nej;Mörkt;Byt lampan;Kommunen;2025-04-01;planerad;\n\
        2;2025-03-01;Runneryd;ja;Lugnt;;;;;\n\
        3;2025-03-01;Torget;nej;Skräp;;Linden;;;\n\
        4;2025-03-01;Torget;nej;Skräp;Städa;Linden;snart;;\n\
        5;2025-03-01;Torget;nej;Mörkt;Byt lampan;;;;\n\
        6;2025-03-01;Torget;nej;Mörkt;;;2025-05-01;;\n";
    let mut options = into(Into::Observations);
    options.profile = Some(Profile::SafetyWalk);
    options.map = vec![(Field::Id, "Nr".to_string())];
    let (records, problems) = read(csv, &options);
    let [
        Record::Observation(first),
        Record::Action(lamp),
        Record::Observation(_),
        Record::Observation(third),
        Record::Action(litter),
    ] = records.as_slice()
    else {
        panic!("{records:?} {problems:?}")
    };
    assert_eq!((first.source, first.feeling), (Some(Source::Inventory), Some(Feeling::Unsafe)));
    let expected = Action {
        id: Id::new("1-a").expect("id"),
        about: Some(first.id.clone()),
        text: "Byt lampan".to_string(),
        owner_organisation: "Kommunen".to_string(),
        due: Some(date(2025, 4, 1)),
        status: ActionStatus::Planned,
        why_not: None,
        recheck: None,
        area: None,
    };
    assert_eq!(*lamp, expected);
    assert_eq!((litter.text.as_str(), litter.about.as_ref()), ("other", Some(&third.id)));
    // A row with a fault in its action gives neither.
    let told: Vec<String> =
        problems.iter().map(|p| format!("{:?} {:?} {}", p.spot, p.column.as_deref(), p.reason)).collect();
    assert_eq!(
        told,
        [
            "Line(5) Some(\"Senast\") not a time",
            "Line(6) Some(\"Ansvarig\") an action without an owner",
            "Line(7) Some(\"Ansvarig\") an action without an owner"
        ]
    );
    // Without the profile these are columns nobody asked for.
    options.profile = None;
    assert_eq!(read(csv, &options).0.len(), 6);
}

#[test]
fn points_of_an_inventory_name_it_and_their_picture() {
    let csv = "Nr;Datum;Plats;Inventering;Foto;Åtgärd;Ansvarig\n\
        7;2025-03-01;Resecentrum;inv-2025-1;IMG_0412.jpg;Byt lampan;Kommunen\n\
        8;2025-03-01;Resecentrum;;;;\n\
        9;2025-03-01;Resecentrum;Runneryd i mars;;;\n";
    let mut options = into(Into::Observations);
    options.profile = Some(Profile::SafetyWalk);
    options.map = vec![(Field::Id, "Nr".to_string())];
    let (records, problems) = read(csv, &options);
    let [Record::Observation(point), Record::Action(action), Record::Observation(other)] = records.as_slice() else {
        panic!("{records:?} {problems:?}")
    };
    assert_eq!(point.inventory.as_ref().map(Id::as_str), Some("inv-2025-1"));
    assert_eq!((point.photo.as_deref(), action.about.as_ref()), (Some("IMG_0412.jpg"), Some(&point.id)));
    assert_eq!((other.inventory.as_ref(), other.photo.as_ref()), (None, None));
    assert!(problems.len() == 1 && problems[0].column.as_deref() == Some("Inventering"), "{problems:?}");
}

#[test]
fn the_key_of_a_reporter_is_read_and_a_person_is_refused() {
    let long = "k".repeat(129);
    let csv = format!(
        "Kategori;Datum;Plats;Anmälarnyckel\nBelysning;2025-03-01;Resecentrum;k5f0c2d1\nBelysning;2025-03-01;Resecentrum;\n\
         Belysning;2025-03-01;Resecentrum;811228-9874\nBelysning;2025-03-01;Resecentrum;anna@example.se\n\
         Belysning;2025-03-01;Resecentrum;070-123 45 67\nBelysning;2025-03-01;Resecentrum;{long}\n"
    );
    let (records, problems) = read(&csv, &into(Into::Observations));
    let keys: Vec<Option<&str>> = records
        .iter()
        .map(
            |record| if let Record::Observation(o) = record { o.reporter_key.as_deref() } else { panic!("{record:?}") },
        )
        .collect();
    assert_eq!(keys, [Some("k5f0c2d1"), None]);
    assert!(
        problems.len() == 4 && problems.iter().all(|p| p.column.as_deref() == Some("Anmälarnyckel")),
        "{problems:?}"
    );
    let told: Vec<bool> = problems.iter().map(|p| format!("{p:?}").contains("1 to 128 characters")).collect();
    assert_eq!(told, [false, false, false, true]);
    // The same heading in English, and asked for by name.
    let (records, _) =
        read("category,date,place,reporter_key\nlighting,2025-03-01,Resecentrum,k1\n", &into(Into::Observations));
    assert!(matches!(&records[..], [Record::Observation(o)] if o.reporter_key.as_deref() == Some("k1")), "{records:?}");
}

#[test]
fn a_public_invitation_is_read_and_what_is_not_announced_is_refused() {
    let csv = "Typ;Datum;Bokat den;Inbjudan\nTrygghetsvandring;2025-03-01;2025-02-01;ja\nDialogmöte;2025-03-02;2025-02-01;Ja\n\
        Närvaro;2025-03-03;2025-02-01;nej\nNärvaro;2025-03-04;2025-02-01;\nNärvaro;2025-03-05;2025-02-01;ja\n\
        Riktad insats;2025-03-06;2025-02-01;ja\nTrygghetsvandring;2025-03-07;2025-02-01;kanske\n";
    let (records, problems) = read(csv, &into(Into::Bookings));
    let kept: Vec<(&str, bool)> = records
        .iter()
        .map(|r| if let Record::Booking(b) = r { (b.kind.as_str(), b.invitation) } else { panic!("{r:?}") })
        .collect();
    assert_eq!(kept, [("safety_walk", true), ("dialogue", true), ("presence", false), ("presence", false)]);
    assert!(problems.len() == 3 && problems.iter().all(|p| p.column.as_deref() == Some("Inbjudan")), "{problems:?}");
    let told = format!("{:?}", problems[0]);
    assert!(told.contains("'presence'") && told.contains("safety_walk, dialogue"), "{told}");
}

#[test]
fn what_is_stated_as_intelligence_led_is_read_in_swedish() {
    let csv = "Typ;Datum;Underrättelsestyrd\nRiktad insats;2025-03-01;ja\nRiktad insats;2025-03-02;Nej\n\
        Riktad insats;2025-03-03;\nRiktad insats;2025-03-04;kanske\n";
    let (records, problems) = read(csv, &into(Into::Activities));
    let led: Vec<Option<bool>> = records
        .iter()
        .map(|record| if let Record::Activity(a) = record { a.intelligence_led } else { panic!("{record:?}") })
        .collect();
    assert_eq!((led, problems.len()), (vec![Some(true), Some(false), None], 1));

    let csv = "Organisation;Typ;Månad;Antal;Varav underrättelsebaserade;Deltagare;Datum\n\
        Polisen;Riktad insats;maj 2025;4;3;Polisen och Kommunen;2025-06-02\n\
        Polisen;Riktad insats;juni 2025;4;5;;2025-07-02\n";
    let (records, problems) = read(csv, &into(Into::ReportedCounts));
    let [Record::ReportedCount(may)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((may.organisation.as_str(), may.n, may.intelligence_led), ("Polisen", 4, Some(3)));
    assert_eq!(may.actors.iter().map(|a| a.role.as_str()).collect::<Vec<_>>(), ["police", "municipality"]);
    assert!(problems.len() == 1 && problems[0].reason == "5 intelligence-led of 4", "{problems:?}");
}

#[test]
fn those_who_do_not_know_or_go_there_are_counted_among_those_asked() {
    let head = "mätning;fråga;period;tillfrågade;antal svar;otrygga;andel otrygga;viktad;vet ej;går inte dit\n";
    let rows = "1;Trygg?;2025-10;100;80;20;;;12;8\n2;Trygg?;2025-10;100;80;20;;;12;9\n\
        3;Trygg?;2025-10;;80;;0,25;ja;;\n4;Trygg?;2025-10;100;80;20;;ja;;\n";
    let (records, problems) = read(&format!("{head}{rows}"), &into(Into::Surveys));
    let [Record::Survey(counts), Record::Survey(share)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((counts.dont_know, counts.dont_go_there), (Some(12), Some(8)));
    assert!(matches!(share.result, SurveyResult::Share { weighted: Some(true), .. }));
    let told: Vec<(Option<&str>, &str)> = problems.iter().map(|p| (p.column.as_deref(), p.reason.as_ref())).collect();
    assert_eq!(
        told,
        [
            (Some("vet ej"), "more answers than asked: 101 with those who do not know or go there, asked 100"),
            (Some("viktad"), "stands beside counts")
        ]
    );
}

#[test]
fn bookings_comments_and_priorities_are_read_with_swedish_headings() {
    let csv = "Typ;Datum;Tid;Område;Deltagare;Rubrik;Bokat den;Inställt\n\
        Samverkansmöte;2025-03-01;13:00;hela kommunen;Polisen, Kommunen;Vårens läge;2025-02-01;nej\n\
        Trygghetsinventering;2025-04-01;;Runnerydsområdet;;;2025-02-01;x\n\
        Fika;2025-04-01;;;;;2025-02-01;\n";
    let (records, problems) = read(csv, &into(Into::Bookings));
    let [Record::Booking(meeting), Record::Booking(inventory)] = records.as_slice() else {
        panic!("{records:?} {problems:?}")
    };
    assert_eq!((meeting.kind.as_str(), meeting.when.start_s()), ("collaboration_meeting", 1_740_830_400));
    assert_eq!((meeting.actors.len(), meeting.cancelled, meeting.title.as_deref()), (2, false, Some("Vårens läge")));
    assert_eq!((inventory.area.as_ref().map(Id::as_str), inventory.cancelled), (Some("runneryd"), true));
    assert_eq!(problems.iter().filter_map(|p| p.column.as_deref()).collect::<Vec<_>>(), ["Typ"]);

    let csv = format!(
        "Löfte;Utlovad aktivitet;Part;Kommentar;Datum\nl1;insatser;police;Vi tar igen det.;2025-03-01\nl1;insatser;police;{};2025-03-01\nl1;;police;x;\n",
        "å".repeat(401)
    );
    let (records, problems) = read(&csv, &into(Into::Comments));
    let [Record::Comment(comment)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((comment.text.as_str(), comment.on), ("Vi tar igen det.", date(2025, 3, 1)));
    assert_eq!(
        (problems[0].reason.as_ref(), problems[0].hint.as_ref()),
        ("401 characters", "at most 400 characters are accepted")
    );
    assert_eq!(problems.len(), 3, "{problems:?}");

    let csv = "Vecka;Ordning;Prioritering;Ansvarig;Beslutat den\nvecka 9 2025;1;Närvaro;Polisen;2025-02-21\n2025-W09;0;x;;2025-02-21\n";
    let (records, problems) = read(csv, &into(Into::Priorities));
    let [Record::Priority(first)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((first.rank, first.owner_organisation.as_deref()), (1, Some("Polisen")));
    assert_eq!((problems.len(), problems[0].column.as_deref()), (1, Some("Ordning")));
}
