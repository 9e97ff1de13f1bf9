//! What holds for every record.

use super::*;
use crate::demo::observations::REPORTER_COLUMN;

#[test]
fn the_records_of_a_day_do_not_depend_on_today() {
    let (june, november) = (demo(plan("2026-06-30", 1)), demo(plan("2026-11-22", 1)));
    let shorter: Vec<(Date, Records)> = june.days().collect();
    let longer: Vec<(Date, Records)> = november.days().take(shorter.len()).collect();
    assert_eq!(shorter.len(), 365 + 181);
    assert!(shorter == longer);
    // A day asked for alone is the day met on the way.
    let (day, records) = &longer[300];
    assert_eq!(&november.day(*day), records);
}

#[test]
fn the_same_arguments_give_the_same_records_and_another_seed_gives_others() {
    let first = records("2026-03-31", 1);
    assert!(first == records("2026-03-31", 1));
    let other = records("2026-03-31", 2);
    assert!(first.observations != other.observations && first.activities != other.activities);
    assert!(first.reports != other.reports && first.surveys != other.surveys);
}

#[test]
fn ids_are_unique_and_name_the_day() {
    let all = records("2026-11-22", 1);
    let unique = |ids: Vec<&Id>| ids.len() == ids.iter().collect::<BTreeSet<_>>().len();
    assert!(unique(all.observations.iter().map(|o| &o.id).collect()));
    assert!(unique(all.activities.iter().map(|a| &a.id).collect()));
    assert!(unique(all.reports.iter().map(|r| &r.id).collect()));
    assert!(unique(all.surveys.iter().map(|s| &s.id).collect()));
    let one = demo(plan("2026-11-22", 1)).days().find(|(_, records)| records.observations.len() > 1).expect("some day");
    let (year, month, day) = (one.0.year(), one.0.month(), one.0.day());
    assert_eq!(one.1.observations[1].id.as_str(), format!("d{year}{month:02}{day:02}-002"));
}

#[test]
fn every_position_lies_in_the_municipality_and_in_one_part_of_it() {
    let areas = areas();
    let municipality: Vec<&Area> = areas.iter().filter(|a| a.set == "regso").collect();
    let within = |at: LonLat| municipality.iter().filter(|a| a.outline.contains(&Point(at.coord()))).count() == 1;
    let all = records("2026-11-22", 1);
    let points = all.observations.iter().filter_map(|o| o.location.shape.as_ref());
    for shape in points {
        let Shape::Point(at) = shape else { panic!("{shape:?} is no point") };
        assert!(within(*at), "{at:?}");
    }
    let mut forms = BTreeSet::new();
    for activity in &all.activities {
        let (form, corners): (_, Vec<Coord<f64>>) = match &activity.location.shape {
            None => continue,
            Some(Shape::Point(at)) => ("point", vec![at.coord()]),
            Some(Shape::Line(lines)) => ("line", lines.iter().flat_map(|line| line.0.clone()).collect()),
            Some(Shape::Polygon(grounds)) => {
                assert!(grounds.is_valid());
                ("polygon", grounds.iter().flat_map(|ground| ground.exterior().0.clone()).collect())
            }
        };
        forms.insert(form);
        assert!(corners.iter().all(|c| within(LonLat::new(c.x, c.y).expect("on Earth"))), "{:?}", activity.id);
    }
    assert_eq!(forms, BTreeSet::from(["line", "point", "polygon"]));
}

#[test]
fn every_record_uses_the_vocabulary_and_lies_in_the_period() {
    let plan = plan("2026-11-22", 3);
    let (window, vocabulary) = (plan.period().window(&zone()), Vocabulary::seed());
    let all = demo(plan).all();
    let knows = |terms: &[crate::domain::Term], code: &str| terms.iter().any(|term| term.code == code);
    for o in &all.observations {
        assert!(knows(&vocabulary.categories, &o.category) && window.contains(o.when.start_s()), "{o:?}");
        assert!(o.severity.is_none_or(|s| (1..=5).contains(&s)), "{o:?}");
        let has_point = o.location.shape.is_some();
        assert_eq!(has_point, o.location.precision_m.is_some_and(|p| p > 0.0), "{o:?}");
        assert!(has_point || o.location.place_text.is_some(), "{o:?}");
    }
    for a in &all.activities {
        assert!(knows(&vocabulary.kinds, &a.kind) && window.contains(a.when.start_s()), "{a:?}");
        assert!(!a.actors.is_empty() && a.actors.iter().all(|p| knows(&vocabulary.roles, &p.role)), "{a:?}");
        assert_eq!(a.minutes, Some(a.when.span_s() as f64 / 60.0), "{a:?}");
    }
    for s in &all.surveys {
        let SurveyResult::Counts { asked, answered, unsafe_count } = s.result else { panic!("{s:?}") };
        assert!(unsafe_count > 0 && unsafe_count <= answered && answered <= asked, "{s:?}");
    }
}

#[test]
fn weekly_reports_count_what_was_handed_in_and_sometimes_say_nothing_or_are_missing() {
    let (demo, mut handed_in) = (demo(plan("2026-11-22", 1)), BTreeMap::new());
    let mut reports = Vec::new();
    for (day, records) in demo.days() {
        let monday = plus_days(day, -i32::from(day.weekday().to_monday_zero_offset()));
        for observation in &records.observations {
            assert_eq!(observation.kept[0].0, REPORTER_COLUMN);
            *handed_in.entry((observation.kept[0].1.clone(), monday)).or_insert(0) += 1;
        }
        assert!(records.reports.iter().all(|report| report.reported_on == day));
        reports.extend(records.reports);
    }
    for report in &reports {
        let counted = handed_in.get(&(report.organisation.clone(), report.week.start())).copied().unwrap_or(0);
        assert_eq!((report.n, report.week.days()), (counted, 7), "{report:?}");
        assert!((0..3).contains(&report.week.end().until(report.reported_on).expect("dates").get_days()));
    }
    let organisations: BTreeSet<&str> = reports.iter().map(|r| r.organisation.as_str()).collect();
    assert_eq!(organisations.len(), 12);
    // The first whole week begins on 6 January 2025; the last one reported ends on 15 November 2026.
    let weeks = 97;
    assert!(reports.iter().any(|r| r.n == 0) && reports.iter().any(|r| r.n > 0));
    assert!(reports.len() < 12 * weeks && reports.len() > 12 * weeks * 7 / 10, "{}", reports.len());
}

#[test]
fn no_text_looks_like_personal_data() {
    let all = records("2026-11-22", 1);
    let observed = all.observations.iter().flat_map(|o| [o.text.clone(), o.location.place_text.clone()]);
    let done = all.activities.iter().flat_map(|a| [a.text.clone(), a.result.clone()]);
    let mut seen = 0;
    for text in observed.chain(done).flatten() {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        // House and track numbers have two digits; a phone or personal number has six at least.
        assert!(digits < 3 && !text.contains('@'), "{text:?}");
        seen += 1;
    }
    assert!(seen > 500);
}

#[test]
fn residents_report_once_or_often_under_keys_that_name_nobody() {
    let all = records("2026-11-22", 1).observations;
    let mut reports: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    let told: Vec<_> = all.iter().filter(|o| o.source == Some(crate::domain::Source::Citizen)).collect();
    for observation in &all {
        let Some(key) = observation.reporter_key.as_deref() else { continue };
        assert_eq!(observation.source, Some(crate::domain::Source::Citizen), "{}", observation.id);
        let (first, digits) = key.split_at(1);
        assert!(first == "k" && digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
        *reports.entry(key).or_default() += 1;
    }
    // Seven of ten have a key; 15 of 100 come from twelve people who report often.
    let keyed: u32 = reports.values().sum();
    let share = f64::from(keyed) / told.len() as f64;
    assert!((share - 0.7).abs() < 0.15, "{keyed} of {}", told.len());
    assert!(reports.values().any(|n| *n >= 2) && reports.values().filter(|n| **n == 1).count() > reports.len() / 2);
    // The same person another year: a key is of the seed, not of the day.
    let year = |o: &&crate::domain::Observation| o.when.start_s() < 1_767_225_600; // 2026-01-01
    let (before, after): (Vec<_>, Vec<_>) = all.iter().partition(year);
    let keys = |list: &[&crate::domain::Observation]| -> BTreeSet<String> {
        list.iter().filter_map(|o| o.reporter_key.clone()).collect()
    };
    assert!(keys(&before).intersection(&keys(&after)).count() >= 3);
}

#[test]
fn only_walks_and_dialogues_ahead_are_public_invitations() {
    let made = demo(plan("2026-11-22", 1));
    let bookings = made.follow_up().bookings;
    let invited: Vec<(&str, String)> = bookings
        .iter()
        .filter(|booking| booking.invitation)
        .map(|booking| (booking.kind.as_str(), crate::domain::local_date(booking.when.start_s(), &zone()).to_string()))
        .collect();
    // 16 and 23 days after Sunday 22 November.
    assert_eq!(invited, [("safety_walk", "2026-12-08".to_string()), ("dialogue", "2026-12-15".to_string())]);
    assert_eq!(bookings.len(), 4);
}

#[test]
fn days_of_a_size_have_more_than_999_observations_without_two_of_one_id() {
    let sized = demo(DemoPlan { amount: Amount::InAll(1_000_000), ..plan("2026-11-22", 1) });
    let day = sized.day(date("2025-08-22")).observations;
    let ids: BTreeSet<&Id> = day.iter().map(|o| &o.id).collect();
    assert!(day.len() > 1000 && ids.len() == day.len());
    assert!(day.iter().any(|o| o.id.as_str() == "d20250822-1000"));
}
