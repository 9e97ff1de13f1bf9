//! Public releases against those who would take them apart: generated towns, leaks put in on purpose, changes that
//! must not show. Three towns in a normal run, all of them with `LAGESBILD_FULL=1`.

mod inversion;
mod leaks;
mod model;
mod quiet;
mod towns;

/// Whether the long run is asked for.
pub(crate) fn is_full() -> bool {
    std::env::var_os("LAGESBILD_FULL").is_some()
}
