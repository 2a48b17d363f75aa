//! SMTP providers.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{OrganizationId, RelayId};

words! {
    /// How a relay is spoken to.
    RelaySecurity {
        /// In the clear; only for loopback and tests.
        Plain = "plain",
        /// STARTTLS, the certificate checked.
        StartTls = "starttls",
        /// TLS from the first byte, the certificate checked.
        Tls = "tls",
    }
}

/// An SMTP provider that takes mail for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Its id.
    pub id: RelayId,
    /// Whose.
    pub organization: OrganizationId,
    /// A person's name for it.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is spoken to.
    pub security: RelaySecurity,
    /// The login's user, if it wants one.
    pub user: Option<String>,
    /// Whether mail goes by it when nothing else is said.
    pub standing: RelayStanding,
    /// When it was made.
    pub created_at: Timestamp,
}

words! {
    /// Whether mail goes by a relay when nothing else is said.
    RelayStanding {
        /// It does.
        Default = "default",
        /// It does not.
        Spare = "spare",
    }
}
