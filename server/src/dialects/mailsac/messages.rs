//! Messages: the routes and handlers below one address, and of one message's content.

mod list;
mod one;

use axum::routing::get;

use super::Route;

/// The routes, below `/api`.
pub(super) fn routes() -> Vec<Route> {
    vec![
        ("/addresses/{email}/message-count", get(list::count)),
        (
            "/addresses/{email}/messages",
            axum::routing::delete(list::purge),
        ),
        (
            "/addresses/{email}/messages/{id}",
            axum::routing::delete(one::remove),
        ),
    ]
}
