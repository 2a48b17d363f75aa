//! Tenants and their people.

use uuid::Uuid;

use super::domain::Switch;
use super::keep::Keep;
use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{OrganizationId, UserId};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name, unique on the server.
    pub name: String,
    /// Whether it may send at all.
    pub standing: Standing,
    /// Whether live mail without a relay goes to the recipients' own servers.
    pub direct: Direct,
    /// Whether what it sends is charged for.
    pub metering: Metering,
    /// What it pays with, were it charged.
    pub payment: Payment,
    /// What it may spend in a month, in cents.
    pub spend_cap_cents: Option<u32>,
    /// How enumerations are written where a contract leaves a choice.
    pub enum_style: EnumStyle,
    /// How webhooks are signed where a contract leaves a choice.
    pub signature_format: SignatureFormat,
    /// Whether mail that it captures is starred.
    pub capture_private: Switch,
    /// What each of its mailboxes keeps.
    pub keep: Keep,
    /// When it was made.
    pub created_at: Timestamp,
}

words! {
    /// Whether an organization may send.
    Standing {
        /// It may.
        Active = "active",
        /// Its plan has lapsed.
        NoPlan = "no-plan",
        /// An operator disabled it.
        Disabled = "disabled",
    }

    /// Whether live mail may go to the recipients' own servers.
    Direct {
        /// It may not: a relay is needed.
        Off = "off",
        /// It may.
        On = "on",
    }

    /// Whether what an organization sends is charged for.
    Metering {
        /// It is counted, and nothing follows from it.
        Off = "off",
        /// Past the allowance and the cap, mail is refused.
        On = "on",
    }

    /// What an organization pays with.
    Payment {
        /// Nothing.
        Absent = "none",
        /// Something that the operator knows of.
        Present = "present",
    }

    /// How enumerations are written.
    EnumStyle {
        /// As words.
        Words = "string",
        /// As numbers.
        Numbers = "integer",
    }

    /// How a webhook's shared-secret signature is made.
    SignatureFormat {
        /// Over the body.
        Plain = "plain",
        /// Over the moment and the body, so that a call cannot be played back later.
        Timestamped = "timestamped",
    }

    /// What a person may do in an organization.
    Role {
        /// Everything.
        Owner = "owner",
        /// Everything but people, settings, and what lets mail leave.
        Member = "member",
        /// Read.
        Reader = "reader",
    }
}

impl Role {
    /// Whether whoever has this one may do what needs `least`.
    #[must_use]
    pub const fn covers(self, least: Self) -> bool {
        self.rank() >= least.rank()
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Owner => 2,
            Self::Member => 1,
            Self::Reader => 0,
        }
    }
}

/// A person in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The organization.
    pub organization: OrganizationId,
    /// The name, unique on the server.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether a password lets them in.
    pub password: Switch,
    /// When they were last here, to the minute.
    pub seen_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
