//! Bounces and complaints, as they were told.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{BounceId, EmailId, OrganizationId};

words! {
    /// What kind of bounce.
    BounceKind {
        /// For good.
        Hard = "hard",
        /// For now.
        Soft = "soft",
        /// The recipient complained.
        Complaint = "complaint",
    }

    /// Who told of it.
    BounceSource {
        /// A peer, over SMTP.
        Smtp = "smtp",
        /// A caller, over an API.
        Api = "api",
        /// An outcome address.
        Simulated = "simulated",
    }
}

/// One bounce or complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Its id.
    pub id: BounceId,
    /// Whose mail.
    pub organization: OrganizationId,
    /// The recipient, in the form that addresses are compared in.
    pub address: String,
    /// What kind.
    pub kind: BounceKind,
    /// A finer word, if one was told.
    pub subtype: Option<String>,
    /// What was said.
    pub diagnostic: Option<String>,
    /// Who told of it.
    pub source: BounceSource,
    /// The email that bounced, if known.
    pub email: Option<EmailId>,
    /// When it was told.
    pub created_at: Timestamp,
}
