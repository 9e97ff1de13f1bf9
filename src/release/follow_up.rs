//! Deeds from the book of the follow-up: what was done until the end of a period, as it was known on a day.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::deeds::{
    ActionTotals, AreaDeeds, FollowUp, Invitation, KindDeeds, Known, PublicComment, PublicCommitment, PublicPromise,
    PublicSurvey, PublicWave, Why,
};
use super::protected::{PublicArea, Stream};
use crate::domain::{ActionStatus, Booking, Names, Period, Pledge, Term, Vocabulary, local_date};
use crate::followup::Book;
use crate::followup::ledger::{DocumentLedger, Reason, Row, View, ledger_at};
use crate::followup::perceived::{Audience, Series, Wave, series};
use crate::followup::work::work;
use crate::spatial::AreaIndex;

/// Answers of one kind, safe or unsafe, from which a share is told.
const LEAST_ANSWERS_OF_A_KIND: u32 = 10;

/// What there was when a period ended, with what was said about it until `published_on`.
pub(super) fn follow_up(
    book: &Book,
    areas: &[PublicArea],
    stream: Stream,
    period: &Period,
    published_on: Date,
) -> FollowUp {
    let last_day = period.last_day();
    let ledger = ledger_at(book, View::at_end_of(period, published_on));
    let mut promises: Vec<PublicPromise> = ledger
        .documents
        .iter()
        .filter(|document| {
            let promised = &document.document.head().period;
            let year_before = Period::twelve_months_to(last_day);
            promised.start() <= last_day && promised.end() > year_before.start()
        })
        .map(|document| promise(book, document, last_day))
        .collect();
    promises.sort_by(|a, b| (b.period.start(), &a.id).cmp(&(a.period.start(), &b.id)));
    let deeds_period = match stream {
        Stream::Statistics => period.clone(),
        Stream::FollowUp => Period::spanning(date(last_day.year(), 1, 1), last_day).unwrap_or(period.clone()),
    };
    FollowUp {
        areas: deeds_by_area(book, areas, &deeds_period, published_on),
        deeds_period,
        promises,
        surveys: series(book, last_day, Audience::Public)
            .iter()
            .filter(|series| {
                let area = series.question.area.as_ref();
                area.is_none_or(|area| areas.iter().any(|public| public.id == *area))
            })
            .map(|series| survey(book, series))
            .collect(),
        invitations: book.bookings.iter().filter_map(|booking| invitation(book, booking, published_on)).collect(),
    }
}

fn promise(book: &Book, document: &DocumentLedger, last_day: Date) -> PublicPromise {
    let head = document.document.head();
    PublicPromise {
        id: head.id.clone(),
        names: head.names.clone(),
        signed: head.signed,
        period: head.period.clone(),
        parties: head.parties.iter().map(|party| party.organisation.clone()).collect(),
        quotes: document.document.promises().iter().map(|promise| promise.quote.clone()).collect(),
        commitments: document.rows.iter().map(|row| commitment(book, document, row, last_day)).collect(),
    }
}

fn commitment(book: &Book, document: &DocumentLedger, row: &Row, last_day: Date) -> PublicCommitment {
    let parties = &document.document.head().parties;
    let comments = row.comments.iter().map(|comment| PublicComment {
        party: parties
            .iter()
            .find(|party| party.id == comment.party)
            .map_or_else(|| comment.party.to_string(), |party| party.organisation.clone()),
        on: comment.on,
        text: comment.text.clone(),
    });
    PublicCommitment {
        id: row.commitment.id.clone(),
        names: row.commitment.names.clone(),
        quote: row.commitment.quote.clone(),
        area: row.commitment.pledge.area().map(|id| area_names(book, id)),
        status: row.status,
        known: known(row, last_day),
        why: why(row),
        comments: comments.collect(),
    }
}

fn known(row: &Row, last_day: Date) -> Known {
    match (&row.commitment.pledge, row.current(last_day), &row.level) {
        (Pledge::Activities { .. }, Some(stretch), _) => Known::Number {
            target: stretch.target,
            done: stretch.done,
            reported: stretch.parts().1,
            pace: stretch.pace,
            period: stretch.period.clone(),
            intelligence_led: stretch.intelligence_led.filter(|led| led.yes + led.no > 0).map(|led| led.yes),
        },
        // How many minutes of presence there were is staffing (P11): the status and its reason say what may be said.
        (Pledge::Raise { .. }, _, Some(_)) => Known::Nothing,
        (Pledge::Raise { .. }, ..) => Known::Perceived,
        (Pledge::Publish { at_most_days, .. }, ..) => match row.published {
            Some(published) => Known::Published {
                times: published.times,
                longest_gap_days: published.longest_gap_days,
                at_most_days: at_most_days.map(std::num::NonZeroU32::get),
            },
            None => Known::Nothing,
        },
        _ => Known::Nothing,
    }
}

fn why(row: &Row) -> Why {
    match &row.reason {
        Reason::Rule(rule) => Why::Rule(*rule),
        Reason::AllOver { missed } => Why::AllOver { missed: *missed },
        Reason::NoBaseline { .. } | Reason::BaselineWithoutData => Why::NoBaseline,
        Reason::StartOfMeasurement => Why::StartOfMeasurement,
        Reason::LevelHigher => Why::LevelHigher,
        Reason::LevelNotHigher => Why::LevelNotHigher,
        Reason::NothingAfterBaseline => Why::NothingAfterBaseline,
        Reason::Perceived(reason) => Why::Perceived(*reason),
        Reason::PublishedInTime => Why::PublishedInTime,
        Reason::PublishedLate => Why::PublishedLate,
        Reason::PublishedWithoutInterval => Why::PublishedWithoutInterval,
        Reason::NeverPublished | Reason::NotMeasurable => Why::NotMeasurable,
        Reason::NothingPromised => Why::NothingPromised,
    }
}

fn deeds_by_area(book: &Book, areas: &[PublicArea], period: &Period, known_on: Date) -> Vec<AreaDeeds> {
    // Only what an action says itself: where a hidden report lies is not told by the action that came of it.
    let places: Vec<Vec<AreaIndex>> = book
        .actions
        .iter()
        .map(|action| action.area.as_ref().and_then(|area| book.areas.find(area)).into_iter().collect())
        .collect();
    let kinds = public_kinds(book);
    let row = |area: Option<&PublicArea>, belongs: &dyn Fn(&[AreaIndex]) -> bool| {
        let done = work(book, period, known_on, belongs);
        let of_kind = |term: &Term| {
            let found = done.iter().find(|work| work.kind == term.code);
            let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
            KindDeeds {
                kind: term.code.clone(),
                names: names(term),
                items: found.map_or(0, |work| whole(work.items)),
                reported: found.map_or(0, |work| whole(work.reported)),
            }
        };
        let count = |wanted: &[ActionStatus]| {
            let here = book.actions.iter().zip(&places).filter(|(_, places)| belongs(places));
            here.filter(|(action, _)| wanted.contains(&action.status)).count() as u32
        };
        AreaDeeds {
            area: area.map(|area| area.id.clone()),
            names: area.map_or_else(whole_municipality, |area| area.names.clone()),
            done: kinds.iter().map(|term| of_kind(term)).collect(),
            actions: ActionTotals {
                done: count(&[ActionStatus::Done]),
                under_way: count(&[ActionStatus::Planned, ActionStatus::Started]),
                not_started: count(&[ActionStatus::NotStarted]),
                not_done: count(&[ActionStatus::NotDone]),
            },
        }
    };
    let mut rows: Vec<AreaDeeds> = areas
        .iter()
        .map(|area| {
            let index = book.areas.find(&area.id);
            row(Some(area), &|inside: &[AreaIndex]| index.is_some_and(|index| inside.contains(&index)))
        })
        .collect();
    rows.push(row(None, &|_: &[AreaIndex]| true));
    rows
}

/// Kinds that every file has and those that promises name. A kind that an import added may be anybody's words.
fn public_kinds(book: &Book) -> Vec<&Term> {
    let seeded = Vocabulary::seed().kinds;
    let promised: BTreeSet<&str> = book
        .promises
        .iter()
        .flat_map(|document| document.commitments())
        .filter_map(|commitment| match &commitment.pledge {
            Pledge::Activities { kind, .. } => Some(kind.as_str()),
            _ => None,
        })
        .collect();
    let is_public =
        |term: &&Term| seeded.iter().any(|seed| seed.code == term.code) || promised.contains(term.code.as_str());
    book.kinds.iter().filter(is_public).collect()
}

fn survey(book: &Book, series: &Series) -> PublicSurvey {
    let question = &series.question;
    let percent = |share: f64| (share * 100.0).round() as u32;
    let wave = |wave: &Wave| {
        // Answers are reports too: a share behind which fewer than ten answers stand on either side is not told.
        let few = |share: f64| share * f64::from(wave.answered) < f64::from(LEAST_ANSWERS_OF_A_KIND);
        let told = wave.feels_safe.filter(|share| !few(share.value) && !few(1.0 - share.value));
        PublicWave {
            name: wave.name.clone(),
            period: wave.period.clone(),
            source: wave.source.clone(),
            answered: told.map(|_| (wave.answered + 5) / 10 * 10),
            safe_percent: told
                .map(|share| (percent(share.value), percent(share.interval.low), percent(share.interval.high))),
            change: wave.change.as_ref().filter(|_| told.is_some()).map(|change| change.verdict),
            smallest_points: told.map(|_| wave.smallest_points),
        }
    };
    PublicSurvey {
        area: question.area.clone(),
        area_names: question.area.as_ref().map_or_else(whole_municipality, |id| area_names(book, id)),
        question: Names { sv: question.sv.clone(), en: question.en.clone() },
        respondents: question.respondents.clone(),
        waves: series.waves.iter().map(wave).collect(),
    }
}

/// What a booking says to everybody: only one that is flagged as an invitation, is not called off and lies ahead.
fn invitation(book: &Book, booking: &Booking, published_on: Date) -> Option<Invitation> {
    let day = local_date(booking.when.start_s(), &book.zone);
    let is_open = booking.invitation && !booking.cancelled && day > published_on;
    is_open.then(|| {
        let time = |second: i64| {
            let at = jiff::Timestamp::from_second(second).unwrap_or_default().to_zoned(book.zone.clone());
            at.time()
        };
        let is_whole_day = booking.when.certainty() == crate::domain::TimeCertainty::WholeDay;
        Invitation {
            kind: names(&book.kind(&booking.kind)),
            title: booking.title.clone(),
            area: booking.area.as_ref().map(|id| area_names(book, id)),
            day,
            hours: (!is_whole_day).then(|| (time(booking.when.start_s()), time(booking.when.end_s()))),
            by: booking.actors.iter().filter_map(|actor| actor.organisation.clone()).collect(),
        }
    })
}

fn names(term: &Term) -> Names {
    Names { sv: term.sv.clone(), en: term.en.clone() }
}

fn area_names(book: &Book, id: &crate::domain::Id) -> Names {
    let found = book.areas.find(id).map(|index| book.areas.area(index).names.clone());
    found.unwrap_or_else(|| Names { sv: id.to_string(), en: id.to_string() })
}

fn whole_municipality() -> Names {
    Names { sv: "Hela kommunen".to_string(), en: "The whole municipality".to_string() }
}
