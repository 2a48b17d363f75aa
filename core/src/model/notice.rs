//! An event told to a webhook: what happened, and the email it happened to.

use std::time::Duration;

use uuid::Uuid;

use super::delivery::Delivery;
use super::email::Email;
use super::event::{Event, EventKind};
use super::organization::SignatureFormat;
use super::received::Received;
use super::webhook::WebhookState;
use crate::clock::Timestamp;

/// Everything a webhook's body may say.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What happened, when, and what it says beside its words.
    pub event: Event,
    /// The UUID that stands for the event.
    pub event_uuid: Uuid,
    /// The recipient it happened to; None when it happened to the whole email.
    pub recipient: Option<String>,
    /// The email.
    pub email: Email,
    /// Its recipients, as they stand when this is told.
    pub deliveries: Vec<Delivery>,
    /// Its html.
    pub html: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// When this is told.
    pub now: Timestamp,
}

/// A signature of `N` bytes over some bytes.
pub type Sign<'a, const N: usize> = dyn Fn(&[u8]) -> [u8; N] + Send + Sync + 'a;

/// What a call is signed with, at the moment it is made.
pub struct Signing<'a> {
    /// The key of the email's domain: Ed25519 over some bytes. None for mail without one.
    pub domain: Option<&'a Sign<'a, 64>>,
    /// The webhook's shared secret: HMAC-SHA256 over some bytes, keyed with the secret's
    /// text. None for a form without secrets.
    pub secret: Option<&'a Sign<'a, 32>>,
    /// How the organization wants signatures by shared secret.
    pub format: SignatureFormat,
    /// Now.
    pub now: Timestamp,
}

/// How a form's webhooks are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The waits before the second, third, … call.
    pub gaps: &'static [Duration],
    /// What is tried again.
    pub retried: Retried,
    /// What follows when the last call failed, or one that is not tried again.
    pub afterwards: Afterwards,
}

/// What is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// Whatever was not taken.
    Everything,
    /// What may pass; not what looks like a mistake of whoever set the webhook up.
    Passing,
}

/// What follows when a webhook's call is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// That event is lost to it; it goes on with the next.
    GoOn,
    /// It is switched off, and a person switches it on again.
    SwitchOff,
    /// Mail that came in and could not be passed on: its sender is told, and it goes on with
    /// the next.
    TellSender,
}

/// What a form asks of the domain that a webhook is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainTerms {
    /// Nothing; it may be of all domains.
    Any,
    /// That there is one, and that its DKIM record is verified.
    Verified,
}

/// Whether webhooks of a form have a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// They have none.
    None,
    /// Each has one, this before its random part.
    Prefixed(&'static str),
}

/// What becomes of an email, in the words that every form has.
const EMAIL_KINDS: [EventKind; 5] = [
    EventKind::Queued,
    EventKind::Delivered,
    EventKind::Deferred,
    EventKind::Bounced,
    EventKind::Spam,
];

/// How one vendor's webhooks look.
pub trait Form: Send + Sync {
    /// The word that webhooks of this form carry.
    fn name(&self) -> &'static str;

    /// The JSON body for `notice`; None when this form has no word for the event, or none of
    /// `words`, a webhook's own choice in this form's words, is for it.
    fn body(&self, notice: &Notice, words: Option<&str>) -> Option<Vec<u8>>;

    /// The JSON body for mail that came in; None when this form does not tell of it.
    fn received(&self, received: &Received, words: Option<&str>) -> Option<Vec<u8>> {
        let (_, _) = (received, words);
        None
    }

    /// The events that its webhooks hear of when nothing else is said.
    fn kinds(&self) -> &'static [EventKind] {
        &EMAIL_KINDS
    }

    /// Its word for where a delivery stands after some tries.
    fn state(&self, state: WebhookState, attempts: u32) -> &'static str {
        let _ = attempts;
        state.as_str()
    }

    /// The header fields of the call, made anew for each: signatures may hold the moment.
    fn headers(&self, body: &[u8], signing: &Signing<'_>) -> Vec<(String, String)>;

    /// How its webhooks are called.
    fn patience(&self) -> Patience;

    /// Whether its webhooks have a shared secret.
    fn secrecy(&self) -> Secrecy;

    /// What it asks of the domain that a webhook is of.
    fn domain(&self) -> DomainTerms {
        DomainTerms::Any
    }
}
