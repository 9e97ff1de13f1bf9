//! Pages for people, made by the program and complete without JavaScript.

use super::State;
use super::route::Route;

/// The routes of the pages.
pub fn routes() -> Vec<Route<State>> {
    Vec::new()
}
