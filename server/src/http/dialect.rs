//! One vendor's HTTP API.

use axum::Router;
use axum::response::Response;
use posthouse::Posthouse;

/// One vendor's HTTP API: its paths, and what it says where no handler does.
pub trait Dialect: Send + Sync {
    /// The word it is known by in logs.
    fn name(&self) -> &'static str;

    /// Whether a request for `path` is meant for it, so that refusals take its form.
    fn owns(&self, path: &str) -> bool;

    /// Its routes, each also with a slash behind it.
    fn router(&self, engine: Posthouse) -> Router;

    /// There is no such route.
    fn no_route(&self) -> Response;

    /// There is such a route, for another method. `Allow` is added by the router.
    fn wrong_method(&self) -> Response;

    /// A fault of ours that no handler could answer for.
    fn fault(&self) -> Response;
}
