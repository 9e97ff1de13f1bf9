//! Everything the follow-up is made from, at one revision of a data file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{
    Action, Activity, Booking, Comment, Id, Participant, Period, Priority, PromiseDocument, Record, Report,
    ReportedCount, Survey, Term, local_date,
};
use crate::spatial::{AreaSet, FileFacts, Frame, Membership};

/// An activity as the follow-up needs it, about 120 bytes: equal kinds, actors and memberships are shared.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Id of the activity.
    pub id: Id,
    /// Code in the kind table.
    pub kind: Arc<str>,
    /// First second, since 1970 UTC.
    pub start_s: i64,
    /// Second after the last; equal to the start for an instant.
    pub end_s: i64,
    /// Local day of the start: the day it counts on.
    pub day: Date,
    /// Minutes of work, when counted.
    pub minutes: Option<f64>,
    /// Who took part.
    pub actors: Arc<[Participant]>,
    /// One decision with one purpose.
    pub operation: Option<Arc<str>>,
    /// Whether it is stated as intelligence-led.
    pub intelligence_led: Option<bool>,
    /// The areas it lies in or on the border of.
    pub membership: Arc<Membership>,
}

/// What is known at one revision. Lists are in fixed orders, so that equal books give equal answers.
#[derive(Clone, Debug)]
pub struct Book {
    /// The revision of the data file.
    pub revision: u64,
    /// Facts of the file: its zone, its name in answers, whether its data is made up.
    pub facts: Arc<FileFacts>,
    /// The zone of local days.
    pub zone: TimeZone,
    /// The areas as they are now.
    pub areas: Arc<AreaSet>,
    /// The kinds of activity with their labels.
    pub kinds: Vec<Term>,
    /// The roles with their labels.
    pub roles: Vec<Term>,
    /// Promises, by first day and id.
    pub promises: Vec<PromiseDocument>,
    /// Promises that are in the file and cannot be read: id and what is wrong.
    pub unreadable_promises: Vec<(Id, String)>,
    /// Activities, by start and id.
    pub deeds: Vec<Deed>,
    /// Positions in `deeds` of each kind, rising.
    by_kind: BTreeMap<Arc<str>, Vec<u32>>,
    /// By first day, organisation and id.
    pub reported_counts: Vec<ReportedCount>,
    /// By due day (none last) and id.
    pub actions: Vec<Action>,
    /// By week, organisation and id.
    pub reports: Vec<Report>,
    /// By first day and id.
    pub surveys: Vec<Survey>,
    /// By start and id.
    pub bookings: Vec<Booking>,
    /// By day and id.
    pub comments: Vec<Comment>,
    /// By week, rank and id.
    pub priorities: Vec<Priority>,
    /// Days on which releases were published, rising.
    pub publications: Vec<Date>,
}

impl Book {
    /// The activities of a kind that began in a period, by start and id. Finds the first by halving.
    pub fn deeds_of<'a>(&'a self, kind: &str, period: &'a Period) -> impl Iterator<Item = &'a Deed> + use<'a> {
        let all: &[u32] = self.by_kind.get(kind).map_or(&[], Vec::as_slice);
        let from = all.partition_point(|at| self.deeds[*at as usize].day < period.start());
        all[from..].iter().map(|at| &self.deeds[*at as usize]).take_while(|deed| deed.day < period.end())
    }

    /// The label of a kind; its code when the table does not have it.
    pub fn kind(&self, code: &str) -> Term {
        self.kinds.iter().find(|term| term.code == code).cloned().unwrap_or_else(|| Term::bare(code))
    }

    /// The label of a role; its code when the table does not have it.
    pub fn role(&self, code: &str) -> Term {
        self.roles.iter().find(|term| term.code == code).cloned().unwrap_or_else(|| Term::bare(code))
    }
}

/// Takes records one by one and makes a [`Book`].
#[derive(Debug)]
pub struct BookBuilder {
    book: Book,
    kinds: HashSet<Arc<str>>,
    operations: HashSet<Arc<str>>,
    actors: HashMap<String, Arc<[Participant]>>,
    memberships: HashMap<Membership, Arc<Membership>>,
}

impl BookBuilder {
    /// A book of a data file without records, at a revision.
    pub fn new(frame: &Frame, revision: u64) -> Self {
        let book = Book {
            revision,
            facts: Arc::clone(&frame.facts),
            zone: frame.facts.zone.clone(),
            areas: Arc::clone(&frame.areas),
            kinds: frame.vocabulary.kinds.clone(),
            roles: frame.vocabulary.roles.clone(),
            promises: Vec::new(),
            unreadable_promises: Vec::new(),
            deeds: Vec::new(),
            by_kind: BTreeMap::new(),
            reported_counts: Vec::new(),
            actions: Vec::new(),
            reports: Vec::new(),
            surveys: Vec::new(),
            bookings: Vec::new(),
            comments: Vec::new(),
            priorities: Vec::new(),
            publications: Vec::new(),
        };
        Self {
            book,
            kinds: HashSet::new(),
            operations: HashSet::new(),
            actors: HashMap::new(),
            memberships: HashMap::new(),
        }
    }

    /// Adds a promise document.
    pub fn promise(&mut self, document: PromiseDocument) {
        self.book.promises.push(document);
    }

    /// Adds a day on which a release was published.
    pub fn publication(&mut self, day: Date) {
        let at = self.book.publications.partition_point(|other| *other <= day);
        self.book.publications.insert(at, day);
    }

    /// Adds a promise that cannot be read.
    pub fn unreadable_promise(&mut self, id: Id, what: String) {
        self.book.unreadable_promises.push((id, what));
    }

    /// Adds a record. Areas, places, observations and stored promises are no part of a book.
    pub fn record(&mut self, record: Record) {
        match record {
            Record::Activity(activity) => self.activity(&activity),
            Record::ReportedCount(count) => self.book.reported_counts.push(count),
            Record::Action(action) => self.book.actions.push(action),
            Record::Report(report) => self.book.reports.push(report),
            Record::Survey(survey) => self.book.surveys.push(survey),
            Record::Booking(booking) => self.book.bookings.push(booking),
            Record::Comment(comment) => self.book.comments.push(comment),
            Record::Priority(priority) => self.book.priorities.push(priority),
            Record::Area(_) | Record::Place(_) | Record::Observation(_) | Record::Promise(_) => {}
        }
    }

    fn activity(&mut self, activity: &Activity) {
        let at = activity.location.shape.as_ref().and_then(crate::domain::Shape::representative_point);
        let membership = match (at, &activity.location.area) {
            (Some(at), _) => self.book.areas.membership(at),
            (None, Some(area)) => {
                Membership { inside: self.book.areas.find(area).into_iter().collect(), border: Vec::new() }
            }
            (None, None) => Membership::default(),
        };
        let membership = match self.memberships.get(&membership) {
            Some(shared) => Arc::clone(shared),
            None => {
                let shared = Arc::new(membership.clone());
                self.memberships.insert(membership, Arc::clone(&shared));
                shared
            }
        };
        let list = Participant::format_list(&activity.actors);
        let actors = self.actors.entry(list).or_insert_with(|| activity.actors.clone().into()).clone();
        let kind = shared(&mut self.kinds, &activity.kind);
        let operation = activity.operation_id.as_deref().map(|id| shared(&mut self.operations, id));
        self.book.deeds.push(Deed {
            id: activity.id.clone(),
            kind,
            start_s: activity.when.start_s(),
            end_s: activity.when.end_s(),
            day: local_date(activity.when.start_s(), &self.book.zone),
            minutes: activity.minutes,
            actors,
            operation,
            intelligence_led: activity.intelligence_led,
            membership,
        });
    }

    /// The book, in its orders.
    pub fn finish(mut self) -> Book {
        let book = &mut self.book;
        book.promises
            .sort_by(|a, b| (a.head().period.start(), &a.head().id).cmp(&(b.head().period.start(), &b.head().id)));
        book.deeds.sort_by(|a, b| (a.start_s, &a.id).cmp(&(b.start_s, &b.id)));
        for (at, deed) in book.deeds.iter().enumerate() {
            // Fewer than 2^32 activities fit in a data file.
            book.by_kind.entry(Arc::clone(&deed.kind)).or_default().push(at as u32);
        }
        book.reported_counts.sort_by(|a, b| {
            (a.period.start(), &a.organisation, &a.id).cmp(&(b.period.start(), &b.organisation, &b.id))
        });
        book.actions.sort_by(|a, b| (a.due.is_none(), a.due, &a.id).cmp(&(b.due.is_none(), b.due, &b.id)));
        book.reports
            .sort_by(|a, b| (a.week.start(), &a.organisation, &a.id).cmp(&(b.week.start(), &b.organisation, &b.id)));
        book.surveys.sort_by(|a, b| (a.period.start(), &a.id).cmp(&(b.period.start(), &b.id)));
        book.bookings.sort_by(|a, b| (a.when.start_s(), &a.id).cmp(&(b.when.start_s(), &b.id)));
        book.comments.sort_by(|a, b| (a.on, &a.id).cmp(&(b.on, &b.id)));
        book.priorities.sort_by(|a, b| (a.week.start(), a.rank, &a.id).cmp(&(b.week.start(), b.rank, &b.id)));
        self.book
    }
}

fn shared(known: &mut HashSet<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(shared) = known.get(text) {
        return Arc::clone(shared);
    }
    let shared: Arc<str> = text.into();
    known.insert(Arc::clone(&shared));
    shared
}
