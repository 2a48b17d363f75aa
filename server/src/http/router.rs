//! All routes: the dialects', the two for whoever watches the server, and nobody's.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use posthouse::Posthouse;

use super::answer::{self, Fault, json_bytes};
use super::dialect::Dialect;
use super::log::record;
use super::track;
use crate::console::Table;
use crate::{console, dialects, setup};

/// The dialects spoken.
pub(super) struct Dialects(Vec<Box<dyn Dialect>>);

impl Dialects {
    /// Whose form refusals for `path` have.
    pub(super) fn owner(&self, path: &str) -> Option<&dyn Dialect> {
        self.0
            .iter()
            .find(|dialect| dialect.owns(path))
            .map(AsRef::as_ref)
    }
}

/// Everything that is served over HTTP but the console.
pub fn router(engine: Posthouse) -> Router {
    with_console(engine, None)
}

/// Everything that is served over HTTP, with a console or without.
pub fn with_console(engine: Posthouse, console: Option<Table>) -> Router {
    let spoken = Arc::new(Dialects(dialects::all()));
    let mut router = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(engine.clone())
        .method_not_allowed_fallback(async || {
            json_bytes(
                StatusCode::METHOD_NOT_ALLOWED,
                r#"{"error":"Method not allowed"}"#,
            )
        });
    router = router.merge(track::router(engine.clone()));
    router = router.merge(setup::router(engine.clone()));
    for (at, dialect) in spoken.0.iter().enumerate() {
        let spoken = spoken.clone();
        router = router.merge(
            dialect
                .router(engine.clone())
                .method_not_allowed_fallback(async move || spoken.0[at].wrong_method()),
        );
    }
    let (refusing, shows) = (spoken.clone(), console.is_some());
    if let Some(table) = console {
        router = router.merge(console::http::router(table));
    }
    router
        .fallback(async move |method: Method, uri: Uri| {
            let path = uri.path();
            let shown = match (shows, refusing.owner(path)) {
                (true, None) => console::http::page(&method, path),
                (false, _) | (true, Some(_)) => None,
            };
            shown.unwrap_or_else(|| no_route(&refusing, path))
        })
        .layer(from_fn_with_state((engine, spoken), record))
}

/// Adds a route, with and without a slash behind it.
pub fn either_slash(
    router: Router<Posthouse>,
    path: &str,
    to: MethodRouter<Posthouse>,
) -> Router<Posthouse> {
    router
        .route(path, to.clone())
        .route(&format!("{path}/"), to)
}

/// What is said where a handler could say nothing.
pub(super) fn fault(owner: Option<&dyn Dialect>) -> Response {
    let mut response = owner.map_or_else(
        || answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        Dialect::fault,
    );
    response
        .extensions_mut()
        .insert(Fault(String::from("a handler panicked")));
    response
}

fn no_route(spoken: &Dialects, path: &str) -> Response {
    match spoken.owner(path) {
        Some(dialect) => dialect.no_route(),
        None => json_bytes(StatusCode::NOT_FOUND, r#"{"error":"Not found"}"#),
    }
}

/// The process runs and answers.
async fn healthz() -> Response {
    json_bytes(StatusCode::OK, r#"{"ok":true}"#)
}

/// The database takes writes.
async fn readyz(State(engine): State<Posthouse>) -> Response {
    match engine.ready().await {
        Ok(()) => json_bytes(StatusCode::OK, r#"{"ready":true}"#),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            json_bytes(StatusCode::SERVICE_UNAVAILABLE, r#"{"ready":false}"#)
        }
    }
}
