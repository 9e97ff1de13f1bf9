//! The vocabulary: values that are valid because they exist.
//!
//! No files, clock, network, locks or JSON. A constructor checks, nothing deeper checks again.
//! Distances and densities are in metres of the data file's [`Plane`]; input and output are
//! longitude and latitude in degrees (CRS84).

mod actor;
mod area;
mod calendar;
mod collection;
mod filter;
mod followup;
mod id;
mod place;
mod plane;
mod pledge;
mod position;
mod promise;
mod record;
mod vocabulary;

pub use actor::{Actor, Identity, Role};
pub use area::{Area, AreaType, Certainty, Names};
pub use calendar::{HourMask, InvalidPeriod, Period, TimeCertainty, TimeWindow, When, local_date};
pub use collection::{Collection, Record};
pub use filter::{BBox, Counted, Filter, InvalidBBox, TimeRule};
pub use followup::{
    Action, ActionStatus, Booking, Comment, INVITATION_KINDS, NotInvited, Priority, Report, ReportedCount,
    StoredPromise, Survey, SurveyResult, organisation_key, speaks_for,
};
pub use id::{Id, InvalidId};
pub use place::Place;
pub use plane::{Plane, PlaneError};
pub use pledge::{ActorRule, CountBy, Counting, Measure, Pledge, PledgePlace, Respondents, Target};
pub use position::{InvalidPosition, LonLat};
pub use promise::{
    Alternative, Basis, Commitment, InvalidDocument, Party, Promise, PromiseDocument, PromiseHead, Reading,
};
pub use record::{Activity, Feeling, Location, Observation, Participant, Shape, Source};
pub use vocabulary::{Term, Vocabulary};
