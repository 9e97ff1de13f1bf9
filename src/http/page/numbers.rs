//! Numbers and dates as people write them.

pub(super) use crate::wire::figures::{HIDDEN_SIGN, UNKNOWN_SIGN, count, days, decimal, range, short, whole};
