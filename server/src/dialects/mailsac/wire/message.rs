//! What comes of messages.

use serde::Serialize;

/// How many messages an address has.
#[derive(Debug, Serialize)]
pub(in super::super) struct Count {
    pub(in super::super) count: u64,
    pub(in super::super) inbox: String,
}

/// What comes of a message that is removed.
#[derive(Debug, Serialize)]
pub(in super::super) struct Removed {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) inbox: String,
    pub(in super::super) message: &'static str,
}
