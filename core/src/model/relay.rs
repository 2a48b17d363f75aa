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
    /// Its place in the order in which relays are tried; the default's is 0.
    pub position: i64,
    /// How much it takes.
    pub limits: RelayLimits,
    /// The sender of mail that names none.
    pub sender: Option<RelaySender>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How much a relay takes: emails a recipient, in a UTC hour and in a UTC day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayLimits {
    /// In an hour.
    pub hourly: Option<u32>,
    /// In a day.
    pub daily: Option<u32>,
}

/// The sender of mail that names none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelaySender {
    /// The address.
    pub email: String,
    /// The name.
    pub name: Option<String>,
}

words! {
    /// What a limit holds for.
    Span {
        /// An hour of the clock in UTC.
        Hour = "hour",
        /// A day in UTC.
        Day = "day",
    }
}

impl Span {
    /// Its first instant, for the one that `at` is in.
    #[must_use]
    pub const fn start(self, at: Timestamp) -> Timestamp {
        at.floor(self.length_ms())
    }

    /// The first instant of the next one.
    #[must_use]
    pub const fn end(self, at: Timestamp) -> Timestamp {
        Timestamp(self.start(at).0 + self.length_ms())
    }

    const fn length_ms(self) -> i64 {
        match self {
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }
}

/// A relay that may be tried, and whether it has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayRoom {
    /// Which.
    pub id: RelayId,
    /// Its place in the order.
    pub position: i64,
    /// From when it takes more; None when it does now.
    pub full_until: Option<Timestamp>,
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
