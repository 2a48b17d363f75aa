//! An event told to a webhook: what happened, and the email it happened to.

use super::email::{Email, Fields};
use super::event::EventKind;
use crate::clock::Timestamp;
use crate::ids::{DomainId, EmailId, EventId};

/// Everything a webhook's body may say.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The event's number.
    pub event: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// The recipient it happened to; None when it happened to the whole email.
    pub recipient: Option<String>,
    /// The email.
    pub email: EmailId,
    /// Its domain.
    pub domain: DomainId,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// Its header fields as submitted.
    pub fields: Fields,
    /// Its html.
    pub html: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// When it was accepted.
    pub created_at: Timestamp,
}

impl Notice {
    /// The email's part of a notice.
    #[must_use]
    pub fn of(email: Email, event: EventId, kind: EventKind, at: Timestamp) -> Self {
        Self {
            event,
            kind,
            at,
            recipient: None,
            email: email.id,
            domain: email.domain,
            message_id: email.message_id,
            fields: email.fields,
            html: None,
            text: None,
            created_at: email.created_at,
        }
    }
}

/// Header fields and body of one webhook call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Header fields beside Content-Type and Content-Length.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// How one vendor's webhooks look. The signature is the domain's Ed25519 key's.
pub trait Form: Send + Sync {
    /// The word that webhooks of this form carry.
    fn name(&self) -> &'static str;

    /// The call for `notice`; None when this form has no word for the event.
    fn render(&self, notice: &Notice, sign: &dyn Fn(&[u8]) -> [u8; 64]) -> Option<Rendered>;
}
