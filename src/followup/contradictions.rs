//! What does not fit together, found in a book; see [`Notice`].

use jiff::civil::Date;

use super::Book;
use super::notice::Notice;
use crate::domain::{Comment, Commitment, Id, Period, Pledge, PromiseDocument, SurveyResult};

/// Surveys with more answers than people asked, and comments that belong nowhere.
pub(super) fn of_records(book: &Book, known_on: Date) -> Vec<Notice> {
    let surveys = book.surveys.iter().filter_map(|survey| match survey.result {
        SurveyResult::Counts { asked, answered, .. } => {
            let apart = survey.dont_know.unwrap_or(0).saturating_add(survey.dont_go_there.unwrap_or(0));
            let is_more = answered.saturating_add(apart) > asked;
            is_more.then(|| Notice::MoreAnswersThanAsked { survey: survey.id.clone() })
        }
        SurveyResult::Share { .. } => None,
    });
    let has_place = |comment: &&Comment| {
        book.promises.iter().filter(|document| document.head().id == comment.promise).any(|document| {
            document.commitments().iter().any(|commitment| commitment.id == comment.commitment)
                && document.head().parties.iter().any(|party| party.id == comment.party)
        })
    };
    let lost = book.comments.iter().filter(|comment| comment.on <= known_on && !has_place(comment));
    let lost = lost.map(|comment| Notice::CommentWithoutPlace { comment: comment.id.clone() });
    surveys.chain(lost).collect()
}

/// An area that the file does not have, or whose outline does not hold for the whole promise.
pub(super) fn of_area(book: &Book, document: &PromiseDocument, area: Option<&Id>) -> Vec<Notice> {
    let Some(id) = area else { return Vec::new() };
    let Some(index) = book.areas.find(id) else { return vec![Notice::UnknownArea { area: id.clone() }] };
    let area = book.areas.area(index);
    let period = &document.head().period;
    let begins_late = area.valid_from.is_some_and(|from| from > period.start());
    let ends_early = area.valid_to.is_some_and(|to| to < period.last_day());
    if !begins_late && !ends_early {
        return Vec::new();
    }
    let follows = |other: &&crate::domain::Area| {
        other.id != area.id && other.names.sv == area.names.sv && other.valid_from > area.valid_from
    };
    let newer = book.areas.areas().iter().filter(follows).map(|other| other.id.clone()).collect();
    let (valid_from, valid_to) = (area.valid_from, area.valid_to);
    vec![Notice::AreaReplaced { area: id.clone(), valid_from, valid_to, newer }]
}

/// Other promises that count the same kind in the same place on the same days.
pub(super) fn of_promises(book: &Book, document: &PromiseDocument, commitment: &Commitment) -> Vec<Notice> {
    let Pledge::Activities { kind, place, .. } = &commitment.pledge else { return Vec::new() };
    let is_alike =
        |pledge: &Pledge| matches!(pledge, Pledge::Activities { kind: k, place: p, .. } if k == kind && p == place);
    let own = &document.head().period;
    let mut notices = Vec::new();
    for other in book.promises.iter().filter(|other| other.head().id != document.head().id) {
        let theirs = &other.head().period;
        let both = Period::new(own.start().max(theirs.start()), own.end().min(theirs.end()));
        let Some(both) = both else { continue };
        for theirs in other.commitments() {
            if is_alike(&theirs.pledge) {
                notices.push(Notice::OverlappingPromises {
                    commitment: commitment.id.clone(),
                    other: (other.head().id.clone(), theirs.id.clone()),
                    period: both.clone(),
                });
            }
        }
    }
    notices
}
