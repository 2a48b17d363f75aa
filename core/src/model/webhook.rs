//! Subscriptions to events over HTTP.

use uuid::Uuid;

use super::delivery::Route;
use super::event::EventKind;
use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DomainId, EventId, MailboxId, OrganizationId, WebhookDeliveryId, WebhookId};

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose.
    pub organization: OrganizationId,
    /// One domain's events, or all of the organization's.
    pub domain: Option<DomainId>,
    /// One mailbox's mail, where it is a mailbox's.
    pub mailbox: Option<MailboxId>,
    /// Whose form its bodies have, a word of the wire that renders them.
    pub form: String,
    /// The URL, without credentials.
    pub url_shown: String,
    /// The events it wants.
    pub kinds: Vec<EventKind>,
    /// The same, in the form's own words, where those are finer.
    pub words: Option<String>,
    /// The end of its shared secret, where its form signs with one.
    pub secret_hint: Option<String>,
    /// Whether it is called.
    pub activity: Activity,
    /// Why it was switched off.
    pub stopped_because: Option<String>,
    /// The last event turned into deliveries.
    pub cursor: EventId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

words! {
    /// Whether a webhook is called.
    Activity {
        /// It is.
        On = "on",
        /// It is not, until a person switches it on.
        Off = "off",
    }

    /// Where a webhook delivery stands.
    WebhookState {
        /// Not yet taken.
        Pending = "pending",
        /// Taken with a 2xx.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// Its id.
    pub id: WebhookDeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// What kind of event.
    pub kind: EventKind,
    /// How the delivery that it tells of left.
    pub route: Option<Route>,
    /// Where it stands.
    pub state: WebhookState,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// The last HTTP status.
    pub last_status: Option<u16>,
    /// The last thing that went wrong.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
