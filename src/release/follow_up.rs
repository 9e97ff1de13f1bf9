//! Deeds from the book of the follow-up: what was done until the end of a period, as it was known on a day.

use jiff::civil::{Date, date};

use super::deeds::{
    ActionTotals, AreaDeeds, FollowUp, Invitation, KindDeeds, Known, PublicComment, PublicCommitment, PublicPromise,
    PublicSurvey, PublicWave, Why,
};
use super::protected::{PublicArea, Stream};
use crate::domain::{ActionStatus, Booking, Names, Period, Pledge, Term, local_date};
use crate::followup::Book;
use crate::followup::ledger::{DocumentLedger, Reason, Row, View, ledger_at};
use crate::followup::perceived::{Audience, Series, Wave, series};
use crate::followup::tasks::{homes, tasks};
use crate::followup::work::work;
use crate::spatial::{AreaIndex, Snapshot};

/// What there was when a period ended, with what was said about it until `published_on`.
pub(super) fn follow_up(
    snapshot: &Snapshot,
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
        areas: deeds_by_area(snapshot, book, areas, &deeds_period, published_on),
        deeds_period,
        promises,
        surveys: series(book, last_day, Audience::Public).iter().map(|series| survey(book, series)).collect(),
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
        (Pledge::Raise { .. }, _, Some(level)) => {
            let amount = |amount: &super::Amount| {
                if level.in_minutes { amount.minutes_per_week() } else { amount.times_per_week() }
            };
            Known::Level {
                now: level.now_period.as_ref().map(|_| amount(&level.now)),
                before: level.baseline.as_ref().map(|baseline| amount(&baseline.amount)),
                in_minutes: level.in_minutes,
            }
        }
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

fn deeds_by_area(
    snapshot: &Snapshot,
    book: &Book,
    areas: &[PublicArea],
    period: &Period,
    known_on: Date,
) -> Vec<AreaDeeds> {
    let homes = homes(snapshot, book);
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
        let tasks = tasks(book, &homes, known_on, belongs);
        let open =
            |status: &[ActionStatus]| tasks.open.iter().filter(|action| status.contains(&action.status)).count() as u32;
        AreaDeeds {
            area: area.map(|area| area.id.clone()),
            names: area.map_or_else(whole_municipality, |area| area.names.clone()),
            done: book.kinds.iter().map(of_kind).collect(),
            actions: ActionTotals {
                done: tasks.done as u32,
                under_way: open(&[ActionStatus::Planned, ActionStatus::Started]),
                not_started: open(&[ActionStatus::NotStarted]),
                not_done: tasks.not_done.len() as u32,
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

fn survey(book: &Book, series: &Series) -> PublicSurvey {
    let question = &series.question;
    let percent = |share: f64| (share * 100.0).round() as u32;
    let wave = |wave: &Wave| PublicWave {
        name: wave.name.clone(),
        period: wave.period.clone(),
        source: wave.source.clone(),
        answered: wave.answered,
        safe_percent: wave
            .feels_safe
            .map(|share| (percent(share.value), percent(share.interval.low), percent(share.interval.high))),
        change: wave.change.as_ref().map(|change| change.verdict),
        smallest_points: wave.smallest_points,
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
