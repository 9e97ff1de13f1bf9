//! Computed against expected, member by member, with nothing passed over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Verdict;
use super::fixture::Part;

/// Members of `expected` that explain and state nothing.
const EXPLAINS: [&str; 1] = ["note"];

/// Keeps account of what a case expects and how far the computed values are from it.
pub(super) struct Comparison<'a> {
    tolerance: f64,
    left: BTreeMap<&'a str, Part<'a>>,
    worst: Option<f64>,
    differences: Vec<String>,
}

/// What came of a case.
pub(super) struct Found {
    pub(super) worst_relative_error: Option<f64>,
    pub(super) tolerance: f64,
    pub(super) verdict: Verdict,
    pub(super) detail: String,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(expected: Part<'a>, tolerance: f64) -> Result<Self, String> {
        let left: BTreeMap<_, _> =
            expected.members()?.into_iter().filter(|(name, _)| !EXPLAINS.contains(name)).collect();
        if left.is_empty() {
            return Err("'expected' is empty: a case without expectations proves nothing".to_string());
        }
        Ok(Self { tolerance, left, worst: None, differences: Vec::new() })
    }

    /// Takes a member out of what is left to compare; the caller must compare it.
    pub(super) fn take(&mut self, name: &str) -> Option<Part<'a>> {
        self.left.remove(name)
    }

    /// Some values are published with fewer digits than the file's tolerance asks for.
    pub(super) fn allow(&mut self, tolerance: f64) {
        self.tolerance = self.tolerance.max(tolerance);
    }

    pub(super) fn differs(&mut self, what: String) {
        self.differences.push(what);
    }

    /// A member that is one number, `null` for none, or `"inf"`.
    pub(super) fn number(&mut self, name: &str, computed: Option<f64>) {
        if let Some(expected) = self.take(name) {
            self.value(name, expected.value, computed, None);
        }
    }

    /// A member that is a lower and an upper limit.
    pub(super) fn limits(&mut self, name: &str, computed: Option<[f64; 2]>) -> Result<(), String> {
        let Some(expected) = self.take(name) else { return Ok(()) };
        if expected.value.is_null() {
            self.value(name, expected.value, computed.map(|[low, _]| low), None);
            return Ok(());
        }
        let limits = expected.items()?;
        if limits.len() != 2 {
            return Err(format!("'{name}' has {} members: 2 limits are accepted", limits.len()));
        }
        for (i, limit) in limits.iter().enumerate() {
            self.value(&format!("{name}[{i}]"), limit.value, computed.map(|limits| limits[i]), None);
        }
        Ok(())
    }

    /// A member that is a list: errors relative to its largest expected value.
    pub(super) fn list(&mut self, name: &str, computed: &[f64]) -> Result<(), String> {
        let Some(expected) = self.take(name) else { return Ok(()) };
        let items = expected.items()?;
        self.members(name, &items, computed)
    }

    /// A member that is a table, row by row: errors relative to its largest expected value.
    pub(super) fn rows(&mut self, name: &str, columns: usize, computed: &[f64]) -> Result<(), String> {
        let Some(expected) = self.take(name) else { return Ok(()) };
        let mut items = Vec::new();
        for row in expected.items()? {
            let row = row.items()?;
            if row.len() != columns {
                self.differs(format!("{name} has a row of {} columns where {columns} were computed", row.len()));
            }
            items.extend(row);
        }
        self.members(name, &items, computed)
    }

    fn members(&mut self, name: &str, expected: &[Part<'a>], computed: &[f64]) -> Result<(), String> {
        if expected.len() != computed.len() {
            self.differs(format!("{name}: {} values expected, {} computed", expected.len(), computed.len()));
        }
        let mut largest = 0.0_f64;
        for item in expected {
            if !item.value.is_null() {
                largest = largest.max(item.number()?.abs());
            }
        }
        for (i, (item, &value)) in expected.iter().zip(computed).enumerate() {
            self.value(&format!("{name}[{i}]"), item.value, Some(value), Some(largest));
        }
        Ok(())
    }

    /// One value, relative to `scale` or else to itself.
    pub(super) fn value(&mut self, name: &str, expected: &Value, computed: Option<f64>, scale: Option<f64>) {
        let target = match expected {
            Value::String(text) if text == "inf" => Some(f64::INFINITY),
            other => other.as_f64(),
        };
        let error = match (target, computed) {
            (None, None) if expected.is_null() => 0.0,
            (Some(target), Some(computed)) if target.total_cmp(&computed).is_eq() => 0.0,
            (Some(target), Some(computed)) => {
                let difference = (computed - target).abs();
                // An expected 0 has no scale of its own: only 0 is equal to it. The quotient of
                // two infinities is NaN and counts as infinitely wrong below.
                if difference > 0.0 { difference / scale.unwrap_or(target.abs()) } else { difference }
            }
            _ => f64::INFINITY,
        };
        let error = if error.is_nan() { f64::INFINITY } else { error };
        self.worst = Some(self.worst.map_or(error, |worst| worst.max(error)));
        if error > self.tolerance {
            let computed = computed.map_or("undefined".to_string(), |value| value.to_string());
            self.differs(format!("{name}: {expected} expected, {computed} computed"));
        }
    }

    /// A member that must be equal, such as an id.
    pub(super) fn equal(&mut self, name: &str, expected: &str, computed: &str) {
        let error = if expected == computed { 0.0 } else { f64::INFINITY };
        self.worst = Some(self.worst.map_or(error, |worst| worst.max(error)));
        if expected != computed {
            self.differs(format!("{name}: {expected} expected, {computed} computed"));
        }
    }

    pub(super) fn finish(self) -> Found {
        const SHOWN: usize = 3;
        let unknown: Vec<_> = self.left.keys().map(|name| format!("'{name}'")).collect();
        let mut detail: Vec<String> = self.differences.iter().take(SHOWN).cloned().collect();
        if self.differences.len() > SHOWN {
            detail.push(format!("and {} more", self.differences.len() - SHOWN));
        }
        if !unknown.is_empty() {
            detail.push(format!("not compared, because not known here: {}", unknown.join(", ")));
        }
        let verdict = match (self.differences.is_empty(), unknown.is_empty()) {
            (false, _) => Verdict::Fail,
            (true, false) => Verdict::UnknownMethod,
            (true, true) => Verdict::Pass,
        };
        Found { worst_relative_error: self.worst, tolerance: self.tolerance, verdict, detail: detail.join("; ") }
    }
}
