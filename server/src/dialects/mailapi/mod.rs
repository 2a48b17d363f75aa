//! The MailAPI API: domains, domains below them and mailboxes, asked for now and made in the
//! background.

mod calls;
mod convert;
pub mod kind;
mod refuse;
#[cfg(test)]
mod tests;
mod wire;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use posthouse::Posthouse;

use crate::http::{Dialect, either_slash};

/// The MailAPI API.
pub struct MailApi;

/// Where it is, and where it is when the contract's base URL and paths are joined as they are
/// written (section 1).
const BASES: [&str; 2] = ["/api/v1", "/api/api/v1"];
/// Everything below these is answered in the vendor's form.
const OWN: [&str; 3] = ["/list", "/create", "/get"];

impl Dialect for MailApi {
    fn name(&self) -> &'static str {
        "mailapi"
    }

    fn owns(&self, path: &str) -> bool {
        BASES
            .iter()
            .filter_map(|base| path.strip_prefix(base))
            .flat_map(|rest| OWN.iter().filter_map(|own| rest.strip_prefix(own)))
            .any(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn router(&self, engine: Posthouse) -> Router {
        BASES
            .iter()
            .flat_map(|base| routes().map(|(path, to)| (format!("{base}{path}"), to)))
            .fold(Router::new(), |router, (path, to)| {
                either_slash(router, &path, to)
            })
            .with_state(engine)
    }

    fn no_route(&self) -> Response {
        refuse::no_route().response()
    }

    fn wrong_method(&self) -> Response {
        refuse::wrong_method().response()
    }

    fn fault(&self) -> Response {
        refuse::fault(StatusCode::INTERNAL_SERVER_ERROR).response()
    }
}

/// The eight endpoints.
fn routes() -> [(&'static str, MethodRouter<Posthouse>); 8] {
    [
        ("/list/domain", get(calls::list_domains)),
        ("/list/mailbox", get(calls::list_mailboxes)),
        ("/create/domain", post(calls::create_domain)),
        ("/create/sub-domain", post(calls::create_sub_domains)),
        ("/create/mailbox/single", post(calls::create_mailbox)),
        ("/create/mailbox/bulk", post(calls::create_mailboxes)),
        ("/get/mailbox/single", get(calls::mailbox_task)),
        ("/get/mailbox/bulk", get(calls::mailboxes_task)),
    ]
}
