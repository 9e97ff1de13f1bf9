//! The collections of a data file, and a record of any of them.

use super::{
    Action, Activity, Area, Booking, Comment, Counted, Id, Observation, Place, Priority, Report, ReportedCount,
    StoredPromise, Survey,
};

/// A collection: a table of the data file whose records have ids and versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Collection {
    /// Named polygons.
    Areas,
    /// The place register.
    Places,
    /// Work done.
    Activities,
    /// Things seen or felt.
    Observations,
    /// Survey waves.
    Surveys,
    /// Work reported as a number.
    ReportedCounts,
    /// What is to be done.
    Actions,
    /// Weekly words of organisations.
    Reports,
    /// Promises with their documents.
    Promises,
    /// Dates set for work to come.
    Bookings,
    /// What parties say about commitments.
    Comments,
    /// What the weekly meeting puts first.
    Priorities,
}

impl Collection {
    /// All, in the order lists show them.
    pub const ALL: [Self; 12] = [
        Self::Areas,
        Self::Places,
        Self::Activities,
        Self::Observations,
        Self::Surveys,
        Self::ReportedCounts,
        Self::Actions,
        Self::Reports,
        Self::Promises,
        Self::Bookings,
        Self::Comments,
        Self::Priorities,
    ];

    /// The word used in URLs, on the command line and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReportedCounts => "reported-counts",
            other => other.table(),
        }
    }

    /// The table in the data file.
    pub fn table(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Places => "places",
            Self::Activities => "activities",
            Self::Observations => "observations",
            Self::Surveys => "surveys",
            Self::ReportedCounts => "reported_counts",
            Self::Actions => "actions",
            Self::Reports => "reports",
            Self::Promises => "promises",
            Self::Bookings => "bookings",
            Self::Comments => "comments",
            Self::Priorities => "priorities",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.code() == code)
    }

    /// Whether its records have a geometry.
    pub fn has_geometry(self) -> bool {
        matches!(self, Self::Areas | Self::Places | Self::Activities | Self::Observations)
    }

    /// The same among the two that are counted.
    pub fn counted(self) -> Option<Counted> {
        match self {
            Self::Observations => Some(Counted::Observations),
            Self::Activities => Some(Counted::Activities),
            _ => None,
        }
    }
}

impl From<Counted> for Collection {
    fn from(of: Counted) -> Self {
        match of {
            Counted::Observations => Self::Observations,
            Counted::Activities => Self::Activities,
        }
    }
}

/// A record of any collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An area.
    Area(Area),
    /// A place.
    Place(Place),
    /// An activity.
    Activity(Activity),
    /// An observation.
    Observation(Observation),
    /// A survey wave.
    Survey(Survey),
    /// A reported count.
    ReportedCount(ReportedCount),
    /// An action.
    Action(Action),
    /// A weekly report.
    Report(Report),
    /// A promise.
    Promise(StoredPromise),
    /// A booking.
    Booking(Booking),
    /// A comment.
    Comment(Comment),
    /// A priority.
    Priority(Priority),
}

impl Record {
    /// Which collection it belongs to.
    pub fn collection(&self) -> Collection {
        match self {
            Self::Area(_) => Collection::Areas,
            Self::Place(_) => Collection::Places,
            Self::Activity(_) => Collection::Activities,
            Self::Observation(_) => Collection::Observations,
            Self::Survey(_) => Collection::Surveys,
            Self::ReportedCount(_) => Collection::ReportedCounts,
            Self::Action(_) => Collection::Actions,
            Self::Report(_) => Collection::Reports,
            Self::Promise(_) => Collection::Promises,
            Self::Booking(_) => Collection::Bookings,
            Self::Comment(_) => Collection::Comments,
            Self::Priority(_) => Collection::Priorities,
        }
    }

    /// Its id, unique in its collection.
    pub fn id(&self) -> &Id {
        match self {
            Self::Area(record) => &record.id,
            Self::Place(record) => &record.id,
            Self::Activity(record) => &record.id,
            Self::Observation(record) => &record.id,
            Self::Survey(record) => &record.id,
            Self::ReportedCount(record) => &record.id,
            Self::Action(record) => &record.id,
            Self::Report(record) => &record.id,
            Self::Promise(record) => &record.id,
            Self::Booking(record) => &record.id,
            Self::Comment(record) => &record.id,
            Self::Priority(record) => &record.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_is_found_by_its_word_and_no_two_share_a_table() {
        for collection in Collection::ALL {
            assert_eq!(Collection::from_code(collection.code()), Some(collection));
            assert_eq!(Collection::ALL.iter().filter(|other| other.table() == collection.table()).count(), 1);
        }
        assert_eq!(Collection::from_code("reported_counts"), None);
    }
}
