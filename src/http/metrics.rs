//! What is counted about requests, as Prometheus text.
//!
//! The recorder is a value of the service, not a global, so two services in one process do not mix their numbers.
//! Labels are path templates, known methods and statuses: their number is bounded whatever clients send.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

const REQUESTS: &str = "lagesbild_http_requests_total";
const DURATION: &str = "lagesbild_http_request_duration_seconds";
const CONNECTIONS: &str = "lagesbild_http_connections";
const HEAVY_RUNNING: &str = "lagesbild_heavy_running";
const HEAVY_WAITING: &str = "lagesbild_heavy_waiting";
const REVISION: &str = "lagesbild_snapshot_revision";
const RECORDS: &str = "lagesbild_snapshot_records";

/// Upper edges in seconds, from a page of a small file to the time limit of a request.
const DURATION_BUCKETS_S: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// After so many requests samples are sorted into buckets, so that memory stays bounded when nobody reads `/metrics`.
const UPKEEP_EVERY: u64 = 1024;

/// Counters of one service; clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    requests: AtomicU64,
}

/// Values that are read when somebody asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Open connections.
    pub connections: usize,
    /// Heavy computations running.
    pub heavy_running: usize,
    /// Heavy computations waiting.
    pub heavy_waiting: usize,
    /// Revision of the snapshot that is served.
    pub revision: u64,
    /// Records in it.
    pub records: u64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&DURATION_BUCKETS_S)
            .expect("the list of buckets is not empty")
            .build_recorder();
        metrics::with_local_recorder(&recorder, || {
            describe_counter!(REQUESTS, "Requests answered, by route template, method and status.");
            describe_histogram!(DURATION, "Time to the start of the answer.");
            describe_gauge!(CONNECTIONS, "Open connections.");
            describe_gauge!(HEAVY_RUNNING, "Heavy computations running.");
            describe_gauge!(HEAVY_WAITING, "Heavy computations waiting.");
            describe_gauge!(REVISION, "Revision of the snapshot that is served.");
            describe_gauge!(RECORDS, "Records in the snapshot that is served.");
        });
        let handle = recorder.handle();
        Self(Arc::new(Inner { recorder, handle, requests: AtomicU64::new(0) }))
    }

    /// Counts one request; without a status the client left before the answer.
    pub fn count_request(&self, method: &Method, route: &str, status: Option<u16>, elapsed: Duration) {
        let status = status.map_or_else(|| "client_left".to_string(), |status| status.to_string());
        let (method, route) = (method_label(method), route.to_string());
        metrics::with_local_recorder(&self.0.recorder, || {
            counter!(REQUESTS, "route" => route.clone(), "method" => method, "status" => status).increment(1);
            histogram!(DURATION, "route" => route).record(elapsed.as_secs_f64());
        });
        if (self.0.requests.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(UPKEEP_EVERY) {
            self.0.handle.run_upkeep();
        }
    }

    /// Everything as Prometheus text.
    pub fn render(&self, gauges: Gauges) -> String {
        metrics::with_local_recorder(&self.0.recorder, || {
            gauge!(CONNECTIONS).set(gauges.connections as f64);
            gauge!(HEAVY_RUNNING).set(gauges.heavy_running as f64);
            gauge!(HEAVY_WAITING).set(gauges.heavy_waiting as f64);
            gauge!(REVISION).set(gauges.revision as f64);
            gauge!(RECORDS).set(gauges.records as f64);
        });
        self.0.handle.render()
    }
}

fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_template_and_sorted_into_buckets() {
        let metrics = Metrics::new();
        let strange = Method::from_bytes(b"BREW").expect("a token");
        metrics.count_request(&Method::GET, "/api/areas/{id}", Some(200), Duration::from_millis(3));
        metrics.count_request(&Method::GET, "/api/areas/{id}", Some(200), Duration::from_millis(30));
        metrics.count_request(&strange, "unmatched", Some(404), Duration::from_millis(1));
        metrics.count_request(&Method::GET, "/", None, Duration::from_secs(20));
        let text = metrics.render(Gauges { connections: 3, revision: 17, records: 300, ..Gauges::default() });
        for line in [
            r#"lagesbild_http_requests_total{route="/api/areas/{id}",method="GET",status="200"} 2"#,
            r#"lagesbild_http_requests_total{route="unmatched",method="other",status="404"} 1"#,
            r#"lagesbild_http_requests_total{route="/",method="GET",status="client_left"} 1"#,
            r#"lagesbild_http_request_duration_seconds_bucket{route="/api/areas/{id}",le="0.005"} 1"#,
            r#"lagesbild_http_request_duration_seconds_bucket{route="/api/areas/{id}",le="0.05"} 2"#,
            r#"lagesbild_http_request_duration_seconds_bucket{route="/",le="10"} 0"#,
            "lagesbild_http_connections 3",
            "lagesbild_snapshot_revision 17",
            "lagesbild_snapshot_records 300",
            "lagesbild_heavy_waiting 0",
        ] {
            assert!(text.lines().any(|l| l == line), "missing {line} in\n{text}");
        }
    }
}
