//! Answers.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::internal;
use serde::Serialize;

/// The cause of a 500, carried beside the answer to the log and never shown.
#[derive(Clone, Debug)]
pub struct Fault(pub String);

/// A JSON answer.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => json_bytes(status, bytes),
        Err(error) => fault(format!("an answer could not be written as JSON: {error}")),
    }
}

/// A JSON answer that is text already.
pub fn json_bytes(status: StatusCode, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A 500 without a body; `cause` goes to the log.
pub fn fault(cause: String) -> Response {
    let mut response = empty(StatusCode::INTERNAL_SERVER_ERROR);
    response.extensions_mut().insert(Fault(cause));
    response
}

/// Runs an operation to its end even if the client goes away meanwhile, so that what it
/// guards (an Idempotency-Key, say) is not let go before its write is done.
///
/// # Errors
/// As the operation; `Internal` when it panicked.
pub async fn uncut<T: Send + 'static>(
    operation: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(operation).await.map_err(internal)?
}
