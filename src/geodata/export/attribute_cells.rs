//! The cells of records without geometry.

use jiff::tz::TimeZone;

use super::cells::{Cell, time_cells};
use crate::domain::{Action, Booking, Comment, Period, Priority, Record, Report, ReportedCount, Survey, SurveyResult};

/// The cells of such a record in the order of its columns; none for the others.
pub(super) fn of<'a>(record: &'a Record, zone: &TimeZone) -> Vec<Cell<'a>> {
    match record {
        Record::Survey(survey) => of_survey(survey),
        Record::ReportedCount(count) => reported_count(count),
        Record::Action(action) => of_action(action),
        Record::Report(report) => of_report(report),
        Record::Promise(p) => {
            let [first, last] = days(&p.period);
            let texts = [Cell::id(Some(&p.id)), Cell::text(&p.text_sv), Cell::text(&p.text_en)];
            texts.into_iter().chain([first, last, Cell::text(&p.json)]).collect()
        }
        Record::Booking(booking) => of_booking(booking, zone),
        Record::Comment(comment) => of_comment(comment),
        Record::Priority(priority) => of_priority(priority),
        Record::Area(_) | Record::Place(_) | Record::Activity(_) | Record::Observation(_) => Vec::new(),
    }
}

fn of_survey(survey: &Survey) -> Vec<Cell<'_>> {
    let ([asked, answered, unsafe_count, share, margin], weighted) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            ([Some(asked), Some(answered), Some(unsafe_count), None, None].map(|n| n.map(f64::from)), None)
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted } => {
            ([None, Some(f64::from(answered)), None, Some(unsafe_share), margin], weighted)
        }
    };
    let [first, last] = days(&survey.period);
    vec![
        Cell::id(Some(&survey.id)),
        Cell::text(&survey.wave),
        Cell::id(survey.area.as_ref()),
        Cell::text(&survey.question_sv),
        Cell::text(&survey.question_en),
        Cell::text(&survey.respondents),
        Cell::text(&survey.answer_scale),
        Cell::text(&survey.unsafe_answers),
        first,
        last,
        Cell::number(asked),
        Cell::number(answered),
        Cell::number(unsafe_count),
        Cell::number(share),
        Cell::number(margin),
        Cell::flag(weighted),
        Cell::number(survey.dont_know),
        Cell::number(survey.dont_go_there),
        Cell::text(&survey.source),
    ]
}

/// First and last day, both of the period.
fn days(period: &Period) -> [Cell<'static>; 2] {
    [Cell::Day(period.start()), Cell::Day(period.last_day())]
}

fn week(period: &Period) -> Cell<'static> {
    let week = period.start().iso_week_date();
    Cell::text(format!("{}-W{:02}", week.year(), week.week()))
}

fn reported_count(count: &ReportedCount) -> Vec<Cell<'_>> {
    let [first, last] = days(&count.period);
    vec![
        Cell::id(Some(&count.id)),
        Cell::text(&count.organisation),
        Cell::text(&count.kind),
        Cell::id(count.area.as_ref()),
        first,
        last,
        Cell::Number(f64::from(count.n)),
        Cell::number(count.intelligence_led),
        Cell::actors(&count.actors),
        Cell::text(&count.reported_by),
        Cell::Day(count.reported_on),
    ]
}

fn of_action(action: &Action) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&action.id)),
        Cell::id(action.about.as_ref()),
        Cell::text(&action.text),
        Cell::text(&action.owner_organisation),
        Cell::day(action.due),
        Cell::text(action.status.code()),
        Cell::maybe(action.why_not.as_deref()),
        Cell::day(action.recheck),
        Cell::id(action.area.as_ref()),
    ]
}

fn of_report(report: &Report) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&report.id)),
        Cell::text(&report.organisation),
        week(&report.week),
        Cell::id(report.area.as_ref()),
        Cell::Number(f64::from(report.n)),
        Cell::Day(report.reported_on),
    ]
}

fn of_booking<'a>(booking: &'a Booking, zone: &TimeZone) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::id(Some(&booking.id)), Cell::text(&booking.kind)];
    cells.extend(time_cells(booking.when, zone));
    cells.extend([
        Cell::id(booking.area.as_ref()),
        Cell::actors(&booking.actors),
        Cell::maybe(booking.title.as_deref()),
        Cell::Day(booking.booked_on),
        Cell::flag(Some(booking.cancelled)),
        Cell::id(booking.activity.as_ref()),
        Cell::flag(Some(booking.invitation)),
    ]);
    cells
}

fn of_comment(comment: &Comment) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&comment.id)),
        Cell::id(Some(&comment.promise)),
        Cell::id(Some(&comment.commitment)),
        Cell::id(Some(&comment.party)),
        Cell::text(&comment.text),
        Cell::Day(comment.on),
    ]
}

fn of_priority(priority: &Priority) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&priority.id)),
        week(&priority.week),
        Cell::Number(f64::from(priority.rank)),
        Cell::id(priority.area.as_ref()),
        Cell::text(&priority.text),
        Cell::maybe(priority.owner_organisation.as_deref()),
        Cell::Day(priority.decided_on),
    ]
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::domain::{ActionStatus, Collection, Id, StoredPromise};
    use crate::geodata::export::cells::row;
    use crate::geodata::export::columns::columns;

    fn id(text: &str) -> Id {
        Id::new(text).expect("id")
    }

    #[test]
    fn records_without_time_or_place_fill_exactly_their_columns() {
        let period = Period::parse("2026-05").expect("period");
        let day = Date::constant(2026, 6, 1);
        let records = [
            Record::Survey(Survey {
                dont_go_there: None,
                dont_know: None,
                id: id("s"),
                wave: "2026".into(),
                area: None,
                question_sv: "Känner du dig trygg?".into(),
                question_en: "Do you feel safe?".into(),
                respondents: "residents".into(),
                answer_scale: "1-5".into(),
                unsafe_answers: "1-2".into(),
                period: period.clone(),
                result: SurveyResult::Share { unsafe_share: 0.25, answered: 40, margin: None, weighted: None },
                source: "kommunen".into(),
            }),
            Record::ReportedCount(ReportedCount {
                id: id("c"),
                organisation: "Polisen".into(),
                kind: "targeted_operation".into(),
                area: Some(id("runneryd")),
                period: period.clone(),
                n: 4,
                reported_by: "Polisen".into(),
                intelligence_led: None,
                actors: Vec::new(),
                reported_on: day,
            }),
            Record::Action(Action {
                id: id("a"),
                about: None,
                text: "Byt lampan".into(),
                owner_organisation: "Kommunen".into(),
                due: Some(day),
                status: ActionStatus::NotDone,
                why_not: Some("=2+2".into()),
                recheck: None,
                area: None,
            }),
            Record::Report(Report {
                id: id("r"),
                organisation: "Kommunen".into(),
                week: Period::parse("2026-W09").expect("week"),
                area: None,
                n: 0,
                reported_on: day,
            }),
            Record::Promise(StoredPromise {
                id: id("p"),
                text_sv: "Löfte".into(),
                text_en: "Promise".into(),
                period,
                json: "{}".into(),
            }),
        ];
        for record in &records {
            let of = record.collection();
            let row = row(record, of, &TimeZone::UTC).expect("its own collection");
            assert_eq!(row.cells.len(), columns(of).len(), "{}", of.code());
            let cell = |name: &str| {
                let at = columns(of).iter().position(|c| c.name == name).expect("a column");
                row.cells[at].clone().into_text().into_owned()
            };
            match of {
                Collection::Surveys => {
                    assert_eq!([cell("answered"), cell("unsafe_share"), cell("source")], ["40", "0.25", "kommunen"])
                }
                Collection::ReportedCounts => assert_eq!(
                    [cell("period_start"), cell("period_end"), cell("n"), cell("reported_on")],
                    ["2026-05-01", "2026-05-31", "4", "2026-06-01"]
                ),
                Collection::Actions => {
                    assert_eq!([cell("status"), cell("why_not"), cell("area")], ["not_done", "=2+2", ""])
                }
                Collection::Reports => assert_eq!([cell("week"), cell("n")], ["2026-W09", "0"]),
                _ => assert_eq!([cell("period_end"), cell("document")], ["2026-05-31", "{}"]),
            }
        }
        assert!(row(&records[0], Collection::Reports, &TimeZone::UTC).is_err());
    }
}
