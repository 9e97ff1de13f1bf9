//! Reads a request body within its limits of size, time and silence.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout, timeout_at};

use super::problem::Problem;
use super::route::RequestLimits;

pub(super) async fn read(mut body: Body, limits: RequestLimits) -> Result<Bytes, Problem> {
    let end = Instant::now() + limits.body_timeout;
    let mut whole = Vec::new();
    loop {
        let frame = match timeout_at(end, timeout(limits.idle_timeout, body.frame())).await {
            Ok(Ok(Some(frame))) => frame,
            Ok(Ok(None)) => return Ok(whole.into()),
            Ok(Err(_)) | Err(_) => return Err(Problem::BodyTooSlow),
        };
        let frame = frame.map_err(|_| Problem::Malformed("the body is broken off or badly framed".to_string()))?;
        // Trailers are the other kind of frame; nothing here reads them.
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > limits.body_bytes {
            return Err(Problem::BodyTooLarge { limit_bytes: limits.body_bytes });
        }
        whole.extend_from_slice(&data);
    }
}
