//! Snapshots with books beside them: `here` and `there` official, `drawn` assumed, `somewhere` a placeholder.

use lagesbild::domain::{
    Action, ActionStatus, Certainty, Feeling, LonLat, PromiseDocument, Record, Report, Source, Survey, SurveyResult,
    When,
};
use lagesbild::followup::Book;
use lagesbild::followup::picture::{Picture, PictureParams, picture};
use lagesbild::spatial::{Columns, Frame, Row, Snapshot};

use crate::books::{book_in, day, frame_of, id, period, second, square};

/// An observation: where along the row of areas (`here` begins at 0, `there` at 0.1), and when.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) x: Option<f64>,
    pub(crate) at: String,
    pub(crate) term: u16,
}

pub(crate) fn seen(x: f64, at: &str) -> Seen {
    Seen { x: Some(x), at: at.to_string(), term: 0 }
}

/// `n` observations in a month, spread over its first 28 days, each 80 m from the next.
pub(crate) fn spread(x: f64, month: &str, n: usize) -> Vec<Seen> {
    let one = |i: usize| Seen {
        x: Some(x + 0.0013 * (i % 7) as f64),
        at: format!("{month}-{:02}T{:02}:30", 1 + i % 28, 8 + i % 12),
        term: (i % 3) as u16,
    };
    (0..n).map(one).collect()
}

pub(crate) fn frame() -> Frame {
    let mut drawn = square("drawn", 0.2);
    drawn.certainty = Certainty::Assumed;
    let mut somewhere = square("somewhere", 0.3);
    somewhere.certainty = Certainty::Placeholder;
    frame_of(vec![square("here", 0.0), square("there", 0.1), drawn, somewhere])
}

pub(crate) fn snapshot(observations: &[Seen]) -> Snapshot {
    let mut columns = Columns::with_capacity(observations.len());
    for (i, one) in observations.iter().enumerate() {
        columns.push(&Row {
            id: &format!("o{i}"),
            at: one.x.map(|x| LonLat::new(14.001 + x, 57.005).expect("in range")),
            when: When::instant(second(&one.at)),
            term: one.term,
            source: Some(Source::Citizen),
            feeling: Some(Feeling::Unsafe),
            precision_m: Some(10.0),
            area: None,
            reporter: None,
        });
    }
    Snapshot::new(1, frame(), columns, Columns::default())
}

pub(crate) fn world(
    observations: &[Seen],
    documents: Vec<PromiseDocument>,
    records: Vec<Record>,
    days: &str,
    as_of: &str,
) -> (Snapshot, Book, Picture) {
    let snapshot = snapshot(observations);
    let book = book_in(snapshot.frame(), documents, records);
    let picture = picture(&snapshot, &book, &period(days), day(as_of), &PictureParams::default());
    (snapshot, book, picture)
}

pub(crate) fn action(name: &str, area: Option<&str>, due: Option<&str>, status: ActionStatus) -> Action {
    Action {
        id: id(name),
        about: None,
        text: format!("Åtgärd {name}"),
        owner_organisation: "Kommunen".into(),
        due: due.map(day),
        status,
        why_not: (status == ActionStatus::NotDone).then(|| "Marken är inte kommunens.".to_string()),
        recheck: None,
        area: area.map(id),
    }
}

pub(crate) fn report(organisation: &str, week: &str, n: u32) -> Report {
    let week = period(week);
    let reported_on = week.end();
    let name = format!("{}-{}", organisation.to_lowercase(), week.start());
    Report { id: id(&name), organisation: organisation.into(), week, area: None, n, reported_on }
}

pub(crate) fn survey(name: &str, area: &str, month: &str, answered: u32, unsafe_count: u32) -> Survey {
    Survey {
        id: id(name),
        wave: name.into(),
        area: Some(id(area)),
        question_sv: "Hur trygg känner du dig här på kvällen?".into(),
        question_en: "How safe do you feel here in the evening?".into(),
        respondents: "all".into(),
        answer_scale: "trygg; otrygg".into(),
        unsafe_answers: "otrygg".into(),
        period: period(month),
        result: SurveyResult::Counts { asked: 400, answered, unsafe_count },
        dont_know: None,
        dont_go_there: None,
        source: "Kommunen".into(),
    }
}
