//! The vendors' APIs, each in a folder of its own that knows nothing of the others.

use crate::http::Dialect;

pub mod mailpace;

/// Every dialect spoken.
pub(crate) fn all() -> Vec<Box<dyn Dialect>> {
    vec![Box::new(mailpace::MailPace)]
}
