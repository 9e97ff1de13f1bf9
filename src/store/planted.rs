//! Faults put in on purpose, so that the fault harness can be shown to find them. Only in builds with the
//! feature `planted-bugs`, and only the one that `PLANTED_FAULT` names.

/// Whether this fault is put in.
#[cfg(feature = "planted-bugs")]
pub(super) fn is(fault: &str) -> bool {
    use std::sync::OnceLock;
    static CHOSEN: OnceLock<String> = OnceLock::new();
    CHOSEN.get_or_init(|| std::env::var("PLANTED_FAULT").unwrap_or_default()) == fault
}

/// No faults in a real build.
#[cfg(not(feature = "planted-bugs"))]
pub(super) const fn is(_fault: &str) -> bool {
    false
}
