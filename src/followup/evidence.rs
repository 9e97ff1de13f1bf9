//! Which activities and reported counts are evidence for a commitment, and why others are not.
//!
//! * An activity counts by its start, once per commitment, inside the area, with everybody who must take part.
//! * An operation is one decision with one purpose: its activities are one item, on the day of the first.
//! * A reported count counts for whole months or quarters inside the days in which the target holds. Activities of
//!   the same organisation in those days are taken to be among the number, so nothing counts twice.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::book::{Book, Deed};
use super::ledger::View;
use super::notice::Notice;
use crate::domain::{
    ActorRule, CountBy, Id, Participant, Period, PledgePlace, PromiseDocument, ReportedCount, Term, organisation_key,
    speaks_for,
};

/// One thing that counts: an activity, or an operation of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The activities, by start.
    pub activities: Vec<Id>,
    /// The day it counts on: that of its first activity.
    pub day: Date,
    /// Local days on which its activities began, rising.
    pub days: Vec<Date>,
    /// Whether it is stated as intelligence-led: yes when one of its activities says so.
    pub intelligence_led: Option<bool>,
    /// The reported count that includes it, when one does.
    pub within_count: Option<Id>,
}

/// A reported count that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountPart {
    /// The reported count.
    pub count: Id,
    /// Whose work.
    pub organisation: String,
    /// The month or quarter.
    pub period: Period,
    /// What it says.
    pub n: u32,
    /// What it adds to the activities that are recorded one by one: `n` less those, at least 0.
    pub counted: u32,
    /// Of `counted`, stated as intelligence-led, when the organisation says.
    pub intelligence_led: Option<u32>,
    /// Who reported it.
    pub reported_by: String,
    /// When.
    pub reported_on: Date,
}

/// Why an activity of the kind does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// It lies in another place.
    OtherArea,
    /// It lies on the border of the area: it belongs to none.
    OnBorder,
    /// Somebody who must take part did not.
    ActorMissing,
}

impl Why {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherArea => "other_area",
            Self::OnBorder => "on_border",
            Self::ActorMissing => "actor_missing",
        }
    }
}

/// An activity that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The activity.
    pub activity: Id,
    /// Its day.
    pub day: Date,
    /// Why.
    pub why: Why,
}

/// What is asked of an activity.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The document, whose parties say which role an organisation has.
    pub document: &'a PromiseDocument,
    /// Code in the kind table.
    pub kind: &'a str,
    /// Everybody who must take part.
    pub actors: &'a [ActorRule],
    /// Where.
    pub place: &'a PledgePlace,
}

/// What was found in the whole period of a document, up to a day.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// By day.
    pub items: Vec<Item>,
    /// By period and organisation.
    pub counts: Vec<CountPart>,
    /// By start.
    pub left_out: Vec<LeftOut>,
    /// What should be looked at.
    pub notices: Vec<Notice>,
}

/// Why an activity is not in a place; `None` when it is.
pub fn outside(book: &Book, place: &PledgePlace, deed: &Deed) -> Option<Why> {
    let PledgePlace::Area(area) = place else { return None };
    let index = book.areas.find(area);
    if index.is_some_and(|index| deed.membership.inside.contains(&index)) {
        None
    } else if index.is_some_and(|index| deed.membership.border.contains(&index)) {
        Some(Why::OnBorder)
    } else {
        Some(Why::OtherArea)
    }
}

/// Whether everybody took part who must.
pub fn all_took_part(actors: &[Participant], rules: &[ActorRule]) -> bool {
    rules.iter().all(|rule| rule.is_met_by(actors))
}

/// Collects the evidence for a number. `stretches` are the days in which the number holds, together the period of
/// the document. One pass over the activities of the kind and over the reported counts.
pub fn collect(book: &Book, wanted: Wanted<'_>, count_by: CountBy, stretches: &[Period], view: View) -> Evidence {
    let mut found = Evidence::default();
    items(book, wanted, count_by, view.work_until, &mut found);
    counts(book, wanted, stretches, view.known_on, &mut found);
    found
}

fn items(book: &Book, wanted: Wanted<'_>, count_by: CountBy, as_of: Date, found: &mut Evidence) {
    let mut groups: BTreeMap<(i64, &Id), Vec<&Deed>> = BTreeMap::new();
    let mut first_of: BTreeMap<&str, (i64, &Id)> = BTreeMap::new();
    for deed in book.deeds_of(wanted.kind, &wanted.document.head().period).take_while(|deed| deed.day <= as_of) {
        if let Some(why) = outside(book, wanted.place, deed) {
            found.left_out.push(LeftOut { activity: deed.id.clone(), day: deed.day, why });
            continue;
        }
        let own = (deed.start_s, &deed.id);
        let key = match (&deed.operation, count_by) {
            (Some(operation), CountBy::Operation) => *first_of.entry(operation).or_insert(own),
            _ => own,
        };
        groups.entry(key).or_default().push(deed);
    }
    for deeds in groups.into_values() {
        // Units at once are one operation, so who took part in any of them took part in it.
        let actors: Vec<Participant> = deeds.iter().flat_map(|deed| deed.actors.iter().cloned()).collect();
        if all_took_part(&actors, wanted.actors) {
            found.items.push(item(&deeds));
        } else {
            let nobody = deeds.iter().filter(|deed| deed.actors.is_empty());
            found.notices.extend(nobody.map(|deed| Notice::WithoutParticipants { activity: deed.id.clone() }));
            let left_out = |deed: &&Deed| LeftOut { activity: deed.id.clone(), day: deed.day, why: Why::ActorMissing };
            found.left_out.extend(deeds.iter().map(left_out));
        }
    }
    found.left_out.sort_by(|a, b| (a.day, &a.activity).cmp(&(b.day, &b.activity)));
}

fn item(deeds: &[&Deed]) -> Item {
    let mut days: Vec<Date> = deeds.iter().map(|deed| deed.day).collect();
    days.sort_unstable();
    days.dedup();
    let says = |what: bool| deeds.iter().any(|deed| deed.intelligence_led == Some(what));
    Item {
        activities: deeds.iter().map(|deed| deed.id.clone()).collect(),
        // Groups are never empty.
        day: days.first().copied().unwrap_or_default(),
        days,
        intelligence_led: if says(true) { Some(true) } else { says(false).then_some(false) },
        within_count: None,
    }
}

fn counts(book: &Book, wanted: Wanted<'_>, stretches: &[Period], as_of: Date, found: &mut Evidence) {
    let whole = &wanted.document.head().period;
    let of_kind: Vec<&ReportedCount> = book
        .reported_counts
        .iter()
        .filter(|count| count.kind == wanted.kind && count.reported_on <= as_of && overlap(&count.period, whole))
        .filter(|count| match wanted.place {
            PledgePlace::Area(area) => count.area.as_ref() == Some(area),
            PledgePlace::Municipality | PledgePlace::None => true,
        })
        .collect();
    // A number for the whole municipality holds those of its areas, so it comes first.
    let (whole_first, of_areas): (Vec<_>, Vec<_>) = of_kind.into_iter().partition(|count| count.area.is_none());
    let mut taken: Vec<&ReportedCount> = Vec::new();
    for count in whole_first.into_iter().chain(of_areas) {
        if !stretches
            .iter()
            .any(|stretch| count.period.start() >= stretch.start() && count.period.end() <= stretch.end())
        {
            found.notices.push(Notice::CountPartlyOutside { count: count.id.clone() });
            continue;
        }
        let holds = |other: &&&ReportedCount| {
            other.area.is_none()
                && count.area.is_some()
                && same_organisation(other, count)
                && overlap(&other.period, &count.period)
        };
        if let Some(whole) = taken.iter().find(holds) {
            found.notices.push(Notice::CountWithinAnother { count: count.id.clone(), whole: whole.id.clone() });
            continue;
        }
        let clash = taken.iter().find(|other| other.overlaps(count));
        if let Some(other) = clash {
            found.notices.push(Notice::OverlappingCounts { count: other.id.clone(), left_out: count.id.clone() });
            continue;
        }
        let own = role_of(&count.organisation, wanted.document, &book.roles);
        let own = own.map(|role| Participant { role, organisation: Some(count.organisation.clone()) });
        let actors: Vec<Participant> = count.actors.iter().cloned().chain(own.clone()).collect();
        if !all_took_part(&actors, wanted.actors) {
            found.notices.push(Notice::CountWithoutActors { count: count.id.clone() });
            continue;
        }
        taken.push(count);
        let part = count_part(book, count, own.as_ref(), found);
        found.counts.push(part);
    }
    found.counts.sort_by(|a, b| {
        (a.period.start(), &a.organisation, &a.count).cmp(&(b.period.start(), &b.organisation, &b.count))
    });
}

/// Marks the items that are among a reported count, and says what it adds to them.
fn count_part(book: &Book, count: &ReportedCount, own: Option<&Participant>, found: &mut Evidence) -> CountPart {
    let index = count.area.as_ref().and_then(|area| book.areas.find(area));
    let by_organisation = |deed: &Deed| {
        // A role without an organisation is taken for the one that reports in that role.
        deed.actors.iter().any(|actor| match &actor.organisation {
            Some(organisation) => speaks_for(organisation, &count.organisation),
            None => own.is_some_and(|own| own.role == actor.role),
        })
    };
    let is_there = |deed: &Deed| count.area.is_none() || index.is_some_and(|i| deed.membership.inside.contains(&i));
    let deeds: BTreeMap<&Id, &Deed> = book
        .deeds_of(&count.kind, &count.period)
        .filter(|deed| by_organisation(deed) && is_there(deed))
        .map(|deed| (&deed.id, deed))
        .collect();
    let (mut among, mut led) = (0_u32, 0_u32);
    for item in &mut found.items {
        let is_among = contains(&count.period, item.day) && item.activities.iter().any(|id| deeds.contains_key(id));
        if is_among && item.within_count.is_none() {
            item.within_count = Some(count.id.clone());
            among += 1;
            led += u32::from(item.intelligence_led == Some(true));
        }
    }
    if among > count.n {
        found.notices.push(Notice::CountContradictsItems { count: count.id.clone(), n: count.n, items: among });
    }
    let counted = count.n.saturating_sub(among);
    CountPart {
        count: count.id.clone(),
        organisation: count.organisation.clone(),
        period: count.period.clone(),
        n: count.n,
        counted,
        intelligence_led: count.intelligence_led.map(|all| all.saturating_sub(led).min(counted)),
        reported_by: count.reported_by.clone(),
        reported_on: count.reported_on,
    }
}

/// Whether two periods share a day.
pub fn overlap(a: &Period, b: &Period) -> bool {
    a.start() < b.end() && b.start() < a.end()
}

/// Whether a day is in a period.
pub fn contains(period: &Period, day: Date) -> bool {
    period.start() <= day && day < period.end()
}

fn same_organisation(a: &ReportedCount, b: &ReportedCount) -> bool {
    a.organisation_key() == b.organisation_key()
}

/// The role of an organisation: that of the party of this name; else the role whose label its name begins with
/// ("Polisen, Lokalpolisområde Höglandet" is police). `None` when neither says.
pub fn role_of(organisation: &str, document: &PromiseDocument, roles: &[Term]) -> Option<String> {
    let name = organisation_key(organisation);
    let party = document.head().parties.iter().find(|party| organisation_key(&party.organisation) == name);
    let begins = |label: &str| {
        let label = organisation_key(label);
        name.strip_prefix(label.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let labelled = || roles.iter().find(|role| begins(&role.code) || begins(&role.sv) || begins(&role.en));
    party.map(|party| party.role.clone()).or_else(|| labelled().map(|role| role.code.clone()))
}
