//! How often the public site answered what: one number per status, and nothing about who asked.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

/// Counters of answers; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<[AtomicU64; STATUSES.len() + 1]>);

/// The statuses that are counted by themselves; what else there is counts as `other`.
const STATUSES: [u16; 7] = [200, 304, 308, 400, 404, 410, 503];

impl Counts {
    /// Counts one answer.
    pub fn add(&self, status: StatusCode) {
        let at = STATUSES.iter().position(|known| *known == status.as_u16()).unwrap_or(STATUSES.len());
        self.0[at].fetch_add(1, Ordering::Relaxed);
    }

    /// The counters as Prometheus text.
    pub fn render(&self) -> String {
        let name = "lagesbild_public_requests_total";
        let mut text = format!("# HELP {name} Answers of the public site, by status.\n# TYPE {name} counter\n");
        for (at, count) in self.0.iter().enumerate() {
            let status = STATUSES.get(at).map_or("other".to_string(), u16::to_string);
            writeln!(text, "{name}{{status=\"{status}\"}} {}", count.load(Ordering::Relaxed))
                .expect("writing to a String cannot fail");
        }
        text
    }
}
