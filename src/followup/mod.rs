//! Following a promise from its words to its evidence.
//!
//! Functions from values to values: a [`Book`] (everything that was reported, at one revision) and a day give a
//! [`ledger::Ledger`], a week page, a situation picture. The status of a commitment is computed here and nowhere
//! else; nobody sets it.

pub mod agenda;
pub mod attention;
pub mod book;
pub mod bookings;
mod contradictions;
pub mod evidence;
pub mod history;
pub mod ledger;
pub mod level;
pub mod notice;
pub mod overdue;
pub mod perceived;
pub mod picture;
pub mod protocol;
pub mod publications;
pub mod silence;
pub mod status;
pub mod tasks;
#[cfg(test)]
pub(crate) mod test_book;
pub mod week;
pub mod work;

pub use book::{Book, BookBuilder, Deed};
