//! The one way to a release: from a snapshot, a book and a request to protected values.

use std::collections::BTreeSet;

use geo::CoordsIter;
use jiff::ToSpan;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::attack::{Claims, Place, Shown};
use super::levels::{Addresses, levels, note};
use super::policy::Policy;
use super::protect::{Guarded, Under, protect, too_few_addresses};
use super::protected::{Earlier, Edition, Protected, PublicArea, Release, Stream};
use super::statistics::{GridNote, Statistics, is_statistics_period};
use super::{Refused, count, density, follow_up};
use crate::domain::{Names, Period};
use crate::followup::Book;
use crate::spatial::{DataClass, Snapshot};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its number.
    pub number: u32,
    /// Which stream.
    pub stream: Stream,
    /// The closed period.
    pub period: Period,
    /// Today: nothing is built of days that are not over.
    pub today: Date,
    /// The day it is to be public.
    pub published_on: Date,
    /// The release it revises.
    pub revision_of: Option<u32>,
    /// Releases that were published before, by number.
    pub earlier: Vec<Earlier>,
    /// What they said in numbers, as far as it concerns reports: this release must not give more together with them.
    pub before: Vec<Claims>,
    /// The last release that was published, with the [`fingerprint`] of its areas: they must be the same.
    pub areas_before: Option<(u32, String)>,
    /// The rules.
    pub policy: Policy,
    /// A register of addresses, when there is one.
    pub addresses: Option<Addresses>,
    /// Name and version of the program.
    pub software: String,
}

/// The stream that a period is for, when none is named: a month has a follow-up, longer periods have statistics.
pub fn stream_of(period: &Period) -> Stream {
    if is_statistics_period(period) { Stream::Statistics } else { Stream::FollowUp }
}

/// The first day on which a release of a period may be public.
pub fn earliest(policy: &Policy, stream: Stream, period: &Period) -> Date {
    // A statistics release has the deeds of its period too.
    let wait = match stream {
        Stream::FollowUp => policy.deeds_wait_days,
        Stream::Statistics => policy.deeds_wait_days.max(policy.reports_wait_days),
    };
    period.last_day().saturating_add(i64::from(wait).days())
}

/// Makes a release. Refuses a period that is not closed or no period of the stream, a policy below the floor, areas
/// that changed, and a release on which the attack still finds something. Cost: passes over the records of the period
/// and of the year before, and the attack.
pub fn build(snapshot: &Snapshot, book: &Book, request: &Request) -> Result<Protected<Release>, Refused> {
    let Request { stream, period, policy, .. } = request;
    policy.check()?;
    check_period(request)?;
    let areas = public_areas(snapshot, policy)?;
    // Another outline under the same name would be a difference of two areas (P3).
    if let Some((release, _)) = request.areas_before.as_ref().filter(|(_, before)| *before != fingerprint(&areas)) {
        let ids = areas.iter().map(|area| area.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Refused::AreasChanged { release: *release, set: policy.area_set.clone(), ids });
    }
    let follow_up = follow_up::follow_up(book, &areas, *stream, period, request.published_on);
    let statistics = match stream {
        Stream::FollowUp => None,
        Stream::Statistics => Some(statistics(snapshot, request, &areas)?),
    };
    let edition = Edition {
        number: request.number,
        stream: *stream,
        period: period.clone(),
        published_on: request.published_on,
        revision_of: request.revision_of,
        earlier: request.earlier.clone(),
        synthetic: snapshot.facts().data_class == DataClass::Synthetic,
        plane_epsg: u32::from(snapshot.plane().epsg()),
        software: request.software.clone(),
        policy: policy.clone(),
        areas,
    };
    Ok(Protected::of(Release { edition, follow_up, statistics }))
}

fn check_period(request: &Request) -> Result<(), Refused> {
    let Request { stream, period, policy, published_on, today, .. } = request;
    let is_month = super::count::parts(period, 1) == [period.clone()] && period.start().day() == 1;
    let (fits, accepted) = match stream {
        Stream::FollowUp => (is_month, "a month such as 2026-09"),
        Stream::Statistics => {
            (is_statistics_period(period), "a year, half-year or quarter such as 2025, 2025-H1 or 2025-Q1")
        }
    };
    if !fits {
        return Err(Refused::WrongPeriod { period: period.word(), stream: stream.code(), accepted });
    }
    let earliest = earliest(policy, *stream, period);
    if (*published_on).min(*today) < earliest {
        let what = match stream {
            Stream::FollowUp => "deeds",
            Stream::Statistics => "reports and deeds",
        };
        return Err(Refused::NotClosed { period: period.word(), last_day: period.last_day(), what, earliest });
    }
    Ok(())
}

fn public_areas(snapshot: &Snapshot, policy: &Policy) -> Result<Vec<PublicArea>, Refused> {
    let of_set = snapshot.areas().areas().iter().filter(|area| area.set == policy.area_set);
    let mut areas: Vec<PublicArea> = of_set
        .map(|area| PublicArea {
            id: area.id.clone(),
            names: area.names.clone(),
            certainty: area.certainty,
            outline: area.outline.clone(),
            outline_m: count::in_plane(snapshot.plane(), &area.outline),
        })
        .collect();
    areas.sort_by(|a, b| a.id.cmp(&b.id));
    if areas.is_empty() {
        let known = snapshot.areas().sets().join(", ");
        return Err(Refused::NoSuchSet { set: policy.area_set.clone(), known });
    }
    Ok(areas)
}

/// Tells whether two lists of public areas are the same: the hash of their ids and outlines.
pub fn fingerprint(areas: &[PublicArea]) -> String {
    let mut hash = Sha256::new();
    for area in areas {
        hash.update(area.id.as_str().as_bytes());
        hash.update([0]);
        for at in area.outline.coords_iter() {
            hash.update(at.x.to_le_bytes());
            hash.update(at.y.to_le_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn statistics(snapshot: &Snapshot, request: &Request, areas: &[PublicArea]) -> Result<Statistics, Refused> {
    let Request { period, policy, .. } = request;
    // The calendar year before that of the period: known before its first report.
    let first = period.start().first_of_year();
    let year_before = Period::new(first.saturating_sub(1.year()), first).unwrap_or_else(|| period.clone());
    // A revision keeps the squares of what it revises.
    let levels_m = levels_of(&request.before, period)
        .unwrap_or_else(|| levels(policy, period, count::located(snapshot, &year_before), request.addresses.is_some()));
    // The rule is about a year; days that are not over are not looked at.
    let in_year = count::located(snapshot, &Period::twelve_months_to(period.last_day()));
    let mut grid = note(policy, in_year, &levels_m, period);
    let levels_m = if grid == GridNote::Released { levels_m } else { Vec::new() };
    let squares = count::squares(snapshot, policy, &levels_m);
    let counts = count::count(snapshot, policy, areas, period, &squares);
    let withheld = match &request.addresses {
        Some(addresses) => too_few_addresses(addresses, policy, &levels_m),
        None => BTreeSet::new(),
    };
    let under = Under { policy, areas, period, levels_m: &levels_m, before: &request.before, release: request.number };
    let Guarded { figures, left_out, remaining } = protect(&counts, withheld, under);
    if !remaining.is_empty() {
        let findings = remaining.iter().map(|finding| finding.text.clone()).collect();
        return Err(Refused::NotProtected { findings });
    }
    let is_square = |place: &Place| matches!(place, Place::Square { .. });
    if grid == GridNote::Released
        && !figures.iter().any(|figure| is_square(&figure.place) && matches!(figure.shown, Shown::About(_)))
    {
        grid = GridNote::NothingLeft;
    }
    let density = match grid {
        GridNote::Released => {
            let squares: Vec<_> = figures.iter().filter(|figure| is_square(&figure.place)).cloned().collect();
            density::density(&squares)
        }
        _ => None,
    };
    let terms = snapshot.vocabulary().categories.iter();
    let categories =
        terms.map(|term| (term.code.clone(), Names { sv: term.sv.clone(), en: term.en.clone() })).collect();
    Ok(Statistics { figures, categories, levels_m, grid, left_out, density })
}

/// The sizes of squares, the coarsest first, that were published of a period.
fn levels_of(before: &[Claims], period: &Period) -> Option<Vec<u32>> {
    let statements = before.iter().flat_map(|claims| &claims.statements).filter(|s| s.period == *period);
    let sizes: BTreeSet<u32> = statements
        .filter_map(|statement| match statement.place {
            Place::Square { cell_m, .. } => Some(cell_m),
            _ => None,
        })
        .collect();
    (!sizes.is_empty()).then(|| sizes.into_iter().rev().collect())
}
