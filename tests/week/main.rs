//! The week page, inventories, meetings and overdue actions through a real service on a small or generated data file.

mod inventories;
mod ledger;
#[path = "../support/lix.rs"]
mod lix;
mod meetings;
mod overdue;
mod printed;
mod server;
mod sheets;
#[path = "../support/skip.rs"]
mod skip;
mod weeks;
