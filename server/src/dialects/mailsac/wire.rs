//! The contract's schemas, field for field.

pub(super) mod account;
pub(super) mod address;
pub(super) mod ask;
pub(super) mod domain;
pub(super) mod mail;
pub(super) mod message;
pub(super) mod outgoing;
pub(super) mod socket;

use serde::Serialize;

/// A refusal.
#[derive(Debug, Serialize)]
pub(super) struct Failure<'a> {
    pub(super) message: &'a str,
    pub(super) error: &'a str,
    #[serde(rename = "validationErrors", skip_serializing_if = "<[_]>::is_empty")]
    pub(super) validation_errors: &'a [String],
}
