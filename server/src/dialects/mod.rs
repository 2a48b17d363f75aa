//! The vendors' APIs, each in a folder of its own that knows nothing of the others.

use std::sync::Arc;

use posthouse::model::notice::Form;

use crate::http::Dialect;

pub mod mailpace;
pub mod mailpass;
pub mod mailstack;

// The keys that a new installation and the command line make: every dialect there is can be
// reached with them.
pub use mailpace::{ORGANIZATION_SHAPE, SERVER_SHAPE, organization_token, server_token};
pub use mailstack::{LIVE_SHAPE, TEST_SHAPE, live_token, test_token};

/// Where a token of [`SERVER_SHAPE`] sends mail.
pub const SEND_PATH: &str = "/api/v1/send";
/// The header field of a token of [`SERVER_SHAPE`].
pub const TOKEN_FIELD: &str = "MailPace-Server-Token";

/// Every dialect spoken.
pub(crate) fn all() -> Vec<Box<dyn Dialect>> {
    vec![
        Box::new(mailpace::MailPace),
        Box::new(mailpass::MailPass),
        Box::new(mailstack::Mailstack),
    ]
}

/// Every form of webhooks.
#[must_use]
pub fn forms() -> Vec<Arc<dyn Form>> {
    vec![Arc::new(mailpace::Hooks), Arc::new(mailstack::Hooks)]
}
