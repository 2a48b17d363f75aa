//! The console over HTTP: its commands, its files, what changes, and the page itself.

mod api;
mod events;
mod files;
mod frame;
mod page;
mod visitor;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use tower::ServiceExt as _;

pub(super) use frame::frame;
pub use page::{Built, page, page_built};
pub(crate) use visitor::Number;

use super::table::{Refusing, Table};
use super::wire::{Refused, RefusedBody, RefusedKind};
use crate::http::answer::{Fault, json};

/// Its routes, all below `/console`.
pub fn router(table: Table) -> Router {
    Router::new()
        .route("/console/api/{command}", post(api::call))
        .route("/console/events", get(events::events))
        .route("/console/files/{*path}", get(files::file))
        .with_state(table)
        .method_not_allowed_fallback(async |request: Request| {
            let refused = Refused {
                kind: RefusedKind::Missing,
                code: String::from("method"),
                message: String::from("That is asked for in another way."),
                fields: Default::default(),
                wait_ms: None,
                request: Number::of(request.extensions()),
            };
            json(
                StatusCode::METHOD_NOT_ALLOWED,
                &RefusedBody { error: refused },
            )
        })
}

/// A file of the console's, such as an answer's `raw_url`, for whoever has the machine: what a
/// browser would be answered. A path that is no file's is answered with 404.
pub async fn file_here(table: &Table, path: &str) -> Response {
    let request = match path.strip_prefix("/console/files/") {
        Some(_) => Request::get(path)
            .extension(files::Here)
            .body(Body::empty()),
        None => Request::get("/").body(Body::empty()),
    };
    match request {
        Ok(request) => {
            let Ok(response) = router(table.clone()).oneshot(request).await;
            response
        }
        Err(_) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    }
}

const fn status(refused: &Refused) -> StatusCode {
    match refused.kind {
        RefusedKind::Denied => StatusCode::FORBIDDEN,
        RefusedKind::Missing => StatusCode::NOT_FOUND,
        RefusedKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusedKind::Conflict => StatusCode::CONFLICT,
        RefusedKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        RefusedKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusedKind::Unknown => StatusCode::UNAUTHORIZED,
        RefusedKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The answer that says why it was not done.
fn answer(refusing: Refusing, number: Option<String>) -> Response {
    let mut refused = refusing.refused;
    refused.request = number;
    let status = match refused.code.as_str() {
        "rate" => StatusCode::TOO_MANY_REQUESTS,
        _ => status(&refused),
    };
    let wait_ms = refused.wait_ms;
    let mut response = json(status, &RefusedBody { error: refused });
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(ms) = wait_ms {
        headers.insert("retry-after", HeaderValue::from(ms.div_ceil(1_000)));
    }
    if let Some(cause) = refusing.cause {
        response.extensions_mut().insert(Fault(cause));
    }
    response
}
