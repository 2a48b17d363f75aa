//! How a listener behaves.

use crate::net::manner::{PlainAuth, StartTls};

/// What a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Mail for our own recipients, from anybody.
    Inbound,
    /// Mail to be sent, from those who show a key.
    Submission,
    /// Mail to anybody, that is kept and never sent, from those who show a key.
    Capture,
}

/// How a listener behaves.
#[derive(Clone, Debug)]
pub struct Manner {
    pub role: Role,
    /// Our host name.
    pub host: String,
    pub starttls: StartTls,
    pub plain_auth: PlainAuth,
    /// The longest message, in bytes.
    pub size_bytes: usize,
}
