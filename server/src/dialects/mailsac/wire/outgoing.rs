//! Mail to be sent.

use serde::Serialize;

/// What was sent.
#[derive(Debug, Serialize)]
pub(in super::super) struct Sent {
    pub(in super::super) from: String,
    pub(in super::super) to: Vec<String>,
    pub(in super::super) id: String,
}
