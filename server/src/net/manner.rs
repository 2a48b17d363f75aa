//! How a listener for mail programs behaves.

/// Whether STARTTLS, or what the protocol calls it, is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTls {
    Offered,
    Absent,
}

/// Whether credentials may be shown without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainAuth {
    Allowed,
    Refused,
}

/// How a listener behaves that people read their mail at.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Our host name.
    pub host: String,
    pub starttls: StartTls,
    pub plain_auth: PlainAuth,
}
