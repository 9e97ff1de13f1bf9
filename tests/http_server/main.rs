//! The service over real connections on loopback: limits, guard, conditional answers, stop.
//!
//! Every test has its own server on a free port; whatever waits has a bound.

mod answers;
mod connections;
mod guarding;
mod public;
mod server;
mod stopping;
