//! The MailPace API: sending with a server token, domains and tokens with an organization
//! token, and the webhooks.

mod calls;
mod convert;
mod hooks;
mod inbound;
pub mod kind;
mod refuse;
#[cfg(test)]
mod tests;
mod wire;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use posthouse::Posthouse;

use crate::http::Dialect;
use crate::http::answer::empty;
use crate::http::either_slash;

pub use convert::{ORGANIZATION_SHAPE, SERVER_SHAPE, organization_token, server_token};
pub use hooks::Hooks;
pub use inbound::Inbound;

/// The MailPace API.
pub struct MailPace;

impl Dialect for MailPace {
    fn name(&self) -> &'static str {
        "mailpace"
    }

    fn owns(&self, path: &str) -> bool {
        ["/api/v1/send", "/api/v1/domains", "/send"]
            .iter()
            .filter_map(|own| path.strip_prefix(own))
            .any(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn router(&self, engine: Posthouse) -> Router {
        let domain = "/api/v1/domains/{domain}";
        let routes = [
            (String::from("/api/v1/send"), post(calls::send)),
            // Clients that are given only a host post there: the contract's section 1.
            (String::from("/send"), post(calls::send)),
            (
                String::from("/api/v1/domains"),
                get(calls::domains).post(calls::create_domain),
            ),
            (
                domain.to_owned(),
                get(calls::domain).patch(calls::set_domain),
            ),
            (format!("{domain}/verify"), post(calls::verify_domain)),
            (
                format!("{domain}/api_tokens"),
                get(calls::tokens).post(calls::create_token),
            ),
            (
                format!("{domain}/api_tokens/{{token}}"),
                get(calls::token)
                    .patch(calls::set_token)
                    .delete(calls::revoke_token),
            ),
        ];
        routes
            .into_iter()
            .fold(Router::new(), |router, (path, to)| {
                either_slash(router, &path, to)
            })
            .with_state(engine)
    }

    fn no_route(&self) -> Response {
        refuse::no_route()
    }

    fn wrong_method(&self) -> Response {
        refuse::wrong_method()
    }

    fn fault(&self) -> Response {
        empty(axum::http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}
