//! How a listener behaves.

pub use crate::smtp::{PlainAuth, StartTls};

/// How a listener behaves.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Our host name.
    pub host: String,
    pub starttls: StartTls,
    pub plain_auth: PlainAuth,
}
