//! The Mailstack API: emails, what became of them, domains, API keys, billing, webhooks and
//! templates, each with a bearer's key.

mod calls;
mod convert;
mod hooks;
pub mod kind;
mod refuse;
#[cfg(test)]
mod tests;
mod wire;

use axum::Router;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};
use posthouse::Posthouse;

use self::calls::{billing, domains, emails, keys, messages, templates, webhooks};
use crate::http::{Dialect, either_slash};

pub use convert::{LIVE_SHAPE, TEST_SHAPE, live_token, test_token};
pub use hooks::Hooks;

/// The Mailstack API.
pub struct Mailstack;

/// Every route. The three that need a card processor are not there (section 8).
fn routes() -> [(&'static str, MethodRouter<Posthouse>); 26] {
    [
        ("/emails", get(emails::list).post(emails::send)),
        ("/emails/batch", post(emails::batch)),
        ("/emails/bulk", post(emails::bulk)),
        ("/emails/lint", post(emails::lint)),
        ("/emails/{id}", get(emails::one)),
        ("/emails/{id}/cancel", post(emails::cancel)),
        ("/messages", get(messages::list)),
        ("/messages/{id}", get(messages::one)),
        ("/messages/{id}/events", get(messages::events)),
        ("/domains", get(domains::list).post(domains::create)),
        ("/domains/{id}", get(domains::one).delete(domains::remove)),
        ("/domains/{id}/verify", post(domains::verify)),
        ("/domains/{id}/blocklist", get(domains::blocklist)),
        ("/api-keys", get(keys::list).post(keys::create)),
        ("/api-keys/{id}", delete(keys::revoke)),
        ("/billing/usage", get(billing::usage)),
        ("/billing/spend-cap", put(billing::set_spend_cap)),
        ("/webhooks", get(webhooks::list).post(webhooks::create)),
        (
            "/webhooks/{id}",
            get(webhooks::one)
                .put(webhooks::set)
                .delete(webhooks::remove),
        ),
        ("/webhooks/{id}/rotate-secret", post(webhooks::rotate)),
        ("/webhooks/{id}/deliveries", get(webhooks::deliveries)),
        ("/webhooks/deliveries/{id}/replay", post(webhooks::replay)),
        ("/templates", get(templates::list).post(templates::create)),
        (
            "/templates/{id}",
            get(templates::one)
                .put(templates::set)
                .delete(templates::remove),
        ),
        ("/templates/{id}/publish", post(templates::publish)),
        ("/templates/{id}/preview", post(templates::preview)),
    ]
}

impl Dialect for Mailstack {
    fn name(&self) -> &'static str {
        "mailstack"
    }

    fn owns(&self, path: &str) -> bool {
        path.strip_prefix("/v1")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn router(&self, engine: Posthouse) -> Router {
        routes()
            .into_iter()
            .fold(Router::new(), |router, (path, to)| {
                either_slash(router, &format!("/v1{path}"), to)
            })
            .with_state(engine)
    }

    fn no_route(&self) -> Response {
        refuse::nothing_there().response()
    }

    fn wrong_method(&self) -> Response {
        refuse::wrong_method().response()
    }

    fn fault(&self) -> Response {
        refuse::fault().response()
    }
}
