//! The MailPass API: sending with the answer that the first try gives, batches, what became
//! of a message, and bounces.

mod calls;
mod convert;
pub mod kind;
mod refuse;
mod wire;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use posthouse::Posthouse;

use crate::http::Dialect;
use crate::http::either_slash;

pub use convert::{LIVE_SHAPE, SHAPES, TEST_SHAPE, live_token, scopes, test_token};

/// The MailPass API.
pub struct MailPass;

/// Everything below these is answered in the vendor's form, also what the vendor has and we
/// have not.
const OWN: [&str; 6] = [
    "/api/v1/mail",
    "/api/v1/bounces",
    "/api/v1/otp",
    "/api/v1/webhooks",
    "/api/v1/subscribers",
    "/api/v1/campaigns",
];

impl Dialect for MailPass {
    fn name(&self) -> &'static str {
        "mailpass"
    }

    fn owns(&self, path: &str) -> bool {
        OWN.iter()
            .filter_map(|own| path.strip_prefix(own))
            .any(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn router(&self, engine: Posthouse) -> Router {
        let routes = [
            ("/api/v1/mail/send", post(calls::send)),
            ("/api/v1/mail/send-batch", post(calls::send_batch)),
            ("/api/v1/mail/status/{message_id}", get(calls::status)),
            (
                "/api/v1/bounces",
                get(calls::bounces).post(calls::report_bounce),
            ),
        ];
        routes
            .into_iter()
            .fold(Router::new(), |router, (path, to)| {
                either_slash(router, path, to)
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
        refuse::fault(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests;
