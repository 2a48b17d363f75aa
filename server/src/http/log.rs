//! One line a request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use posthouse::Posthouse;
use posthouse::ids::random;
use tokio::time::Instant;

use super::answer::Fault;
use super::body::{declared, lingering};
use super::router::{Dialects, fault};
use crate::console::http::Number;

/// What is logged of a path.
const PATH_BYTES: usize = 256;

/// A request's line, written when it is let go: after its answer, or when the client went
/// away before there was one. Neither header fields nor the query are part of it: keys are
/// in them.
struct Line {
    request: String,
    dialect: &'static str,
    method: Method,
    path: String,
    started: Instant,
    bytes_in: u64,
    answer: Option<(StatusCode, u64)>,
}

impl Drop for Line {
    fn drop(&mut self) {
        let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (request, dialect, path) = (&self.request, self.dialect, &self.path);
        let (method, bytes_in) = (&self.method, self.bytes_in);
        match self.answer {
            Some((status, bytes_out)) => tracing::info!(
                request, dialect, %method, path, status = status.as_u16(), ms, bytes_in, bytes_out,
                "answered"
            ),
            None => tracing::info!(
                request, dialect, %method, path, ms, bytes_in, "the client went away"
            ),
        }
    }
}

/// Numbers the request, answers for a handler that panics, logs faults with their cause,
/// and writes the line.
pub(super) async fn record(
    State((engine, dialects)): State<(Posthouse, Arc<Dialects>)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let owner = dialects.owner(path);
    let mut end = path.len().min(PATH_BYTES);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    let mut line = Line {
        request: format!("{:016x}", u64::from_be_bytes(random(engine.entropy()))),
        dialect: owner.map_or("none", |dialect| dialect.name()),
        method: request.method().clone(),
        path: path[..end].to_owned(),
        started: Instant::now(),
        bytes_in: declared(request.headers()).unwrap_or(0),
        answer: None,
    };
    let mut request = lingering(request);
    request
        .extensions_mut()
        .insert(Number(line.request.clone()));
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = handled.unwrap_or_else(|_| fault(owner));
    if let Some(Fault(cause)) = response.extensions_mut().remove() {
        tracing::error!(request = line.request, cause, "a fault of ours");
    }
    let bytes_out = response.body().size_hint().exact().unwrap_or(0);
    line.answer = Some((response.status(), bytes_out));
    response
}
