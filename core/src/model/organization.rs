//! Tenants and their people.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{OrganizationId, UserId};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name, unique on the server.
    pub name: String,
    /// Whether it may send at all.
    pub standing: Standing,
    /// Whether live mail without a relay goes to the recipients' own servers.
    pub direct: Direct,
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

    /// What a person may do in an organization.
    Role {
        /// Everything.
        Owner = "owner",
        /// Everything but people and keys.
        Member = "member",
        /// Read.
        Reader = "reader",
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
    /// When it was made.
    pub created_at: Timestamp,
}
