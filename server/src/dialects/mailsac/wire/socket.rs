//! The frames of `/incoming-messages`.

use serde::Serialize;

use super::mail::WholeMail;

/// The first frame.
#[derive(Debug, Serialize)]
pub(in super::super) struct Greeting<'a> {
    pub(in super::super) status: u16,
    pub(in super::super) msg: &'static str,
    pub(in super::super) addresses: &'a [String],
    pub(in super::super) domains: &'a [String],
    /// After this event it begins.
    pub(in super::super) event: i64,
}

/// Mail, flat as the vendor's guide reads it, and nested as its specification has it.
#[derive(Debug, Serialize)]
pub(in super::super) struct Told<'a> {
    pub(in super::super) status: u16,
    /// The number to come again with.
    pub(in super::super) event: i64,
    #[serde(flatten)]
    pub(in super::super) mail: &'a WholeMail,
    pub(in super::super) email: &'a WholeMail,
}

/// A refusal, which is the last frame.
#[derive(Debug, Serialize)]
pub(in super::super) struct Refused<'a> {
    pub(in super::super) status: u16,
    pub(in super::super) error: &'a str,
}
