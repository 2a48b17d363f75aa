//! What happened, numbered.

use super::delivery::Route;
use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DeliveryId, DomainId, EmailId, EventId, MailboxId, MessageId, OrganizationId};

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
        /// A sender took a scheduled delivery back.
        Canceled = "canceled",
        /// A recipient complained.
        Complained = "complained",
        /// The image of a tracked email was fetched.
        Opened = "opened",
        /// A link of a tracked email was followed.
        Clicked = "clicked",
        /// A recipient unsubscribed.
        Unsubscribed = "unsubscribed",
        /// Mail came into a mailbox here.
        Received = "received",
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
    /// What it says beside its words.
    pub facts: Facts,
    /// When.
    pub at: Timestamp,
}

/// A message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Which.
    pub id: MessageId,
    /// The mailbox whose routing holds for it: its own, or the catch-all of its domain.
    pub routed_by: Option<MailboxId>,
}

/// What an event says beside its words; most say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// How a delivery left.
    pub route: Option<Route>,
    /// The name of the relay that took it.
    pub relay: Option<String>,
    /// The link that was followed.
    pub url: Option<String>,
    /// What fetched it.
    pub user_agent: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// The message that came in.
    pub message: Option<Incoming>,
}
