//! What does not fit together in a book: named, with what to do. The ledger renders beside it.

use jiff::civil::Date;

use crate::domain::{Id, Period};

/// Something a person should look at. Words are given at the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A promise in the file cannot be read.
    UnreadablePromise {
        /// Its id.
        promise: Id,
        /// What is wrong.
        what: String,
    },
    /// Two documents count the same kind in the same place at the same time: one activity counts in both.
    OverlappingPromises {
        /// The commitment here.
        commitment: Id,
        /// The other document and commitment.
        other: (Id, Id),
        /// The days both hold.
        period: Period,
    },
    /// A commitment names an area the file does not have.
    UnknownArea {
        /// The area.
        area: Id,
    },
    /// The outline of the area does not hold for the whole period of the promise.
    AreaReplaced {
        /// The area.
        area: Id,
        /// First day its outline holds.
        valid_from: Option<Date>,
        /// Day from which it no longer holds.
        valid_to: Option<Date>,
        /// Areas whose outline follows it: valid from that day or later and over the same ground by name.
        newer: Vec<Id>,
    },
    /// A level has a baseline in which nothing was logged.
    BaselineWithoutData {
        /// The baseline.
        baseline: Period,
    },
    /// The period of the promise has not begun.
    PeriodNotBegun {
        /// Its first day.
        begins: Date,
    },
    /// An activity of this kind names nobody who took part.
    WithoutParticipants {
        /// The activity.
        activity: Id,
    },
    /// A reported count says fewer than the activities of the same organisation and days; the activities stand.
    CountContradictsItems {
        /// The reported count.
        count: Id,
        /// What it says.
        n: u32,
        /// Activities that count.
        items: u32,
    },
    /// A reported count lies only partly inside the days in which the target holds, so it is left out.
    CountPartlyOutside {
        /// The reported count.
        count: Id,
    },
    /// A reported count does not say that everybody took part who must, so it is left out.
    CountWithoutActors {
        /// The reported count.
        count: Id,
    },
    /// A reported count of an area lies in one of the whole municipality by the same organisation, which holds it.
    CountWithinAnother {
        /// The reported count of the area.
        count: Id,
        /// That of the municipality, which counts.
        whole: Id,
    },
    /// A comment fits no commitment, or no party of the promise, so it is shown nowhere.
    CommentWithoutPlace {
        /// The comment.
        comment: Id,
    },
    /// Reported counts of one organisation overlap (they came in before that was refused); the later is left out.
    OverlappingCounts {
        /// The one that counts.
        count: Id,
        /// The one left out.
        left_out: Id,
    },
    /// A survey has more answers than people asked.
    MoreAnswersThanAsked {
        /// The survey.
        survey: Id,
    },
    /// A booked date is gone, and no activity is recorded for it.
    BookingWithoutActivity {
        /// The booking.
        booking: Id,
        /// Its day.
        day: Date,
    },
}
