//! What happened, numbered.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DeliveryId, DomainId, EmailId, EventId, OrganizationId};

words! {
    /// What happened.
    EventKind {
        /// An email was accepted.
        Queued = "queued",
        /// A delivery reached the next hop or a mailbox here.
        Delivered = "delivered",
        /// A try failed for now.
        Deferred = "deferred",
        /// A delivery was given up.
        Bounced = "bounced",
        /// A content filter refused the email.
        Spam = "spam",
        /// A delivery waits for a person.
        Held = "held",
        /// A person let a held delivery go.
        Released = "released",
        /// A person decided that a held delivery is never sent.
        Burned = "burned",
        /// A delivery was not made, because its address is suppressed.
        Suppressed = "suppressed",
        /// A crash left it unknown whether a delivery was made.
        Unknown = "unknown",
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// To which domain's mail.
    pub domain: Option<DomainId>,
    /// To which email.
    pub email: Option<EmailId>,
    /// To which recipient.
    pub delivery: Option<DeliveryId>,
    /// What.
    pub kind: EventKind,
    /// In words.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}
