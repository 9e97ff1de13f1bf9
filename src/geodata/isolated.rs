//! Judgements about geometries that may end in a panic.
//!
//! Relations, boolean operations and interior points of `geo` panic on some finite polygons whose corners nearly
//! coincide (georust/geo 885, 1064, 1180, 1189). What comes from outside is judged in here: the geometry is refused,
//! and the request or the file goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `judge` gives; `None` when it panicked. `judge` must only look: what it was changing would stay half done.
pub(super) fn isolated<T>(judge: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(judge)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_judgement_and_nothing_else() {
        assert_eq!(isolated(|| 1), Some(1));
        assert_eq!(isolated(|| -> u8 { panic!("segments that cannot be") }), None);
    }
}
