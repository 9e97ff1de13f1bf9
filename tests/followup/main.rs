//! The follow-up: statuses, evidence, history.

mod books;
mod evidence;
mod feeds;
mod history;
mod laws;
mod levels;
mod notices;
mod picture;
mod picture_paper;
mod status;
mod texts;
mod world;

#[path = "../support/lix.rs"]
mod lix;
