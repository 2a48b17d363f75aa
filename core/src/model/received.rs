//! Mail that came in, told to a webhook.

use uuid::Uuid;

use super::content::{Attachment, Content, Field};
use super::event::Event;
use super::mailbox::Message;
use crate::clock::Timestamp;

/// Everything that a webhook's body may say of mail that came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// That it came, and when.
    pub event: Event,
    /// The UUID that stands for the event.
    pub event_uuid: Uuid,
    /// The message, as it lies in its mailbox.
    pub message: Message,
    /// What the message is known by outside: it cannot be guessed.
    pub token: String,
    /// The address that stands for the mailbox's without telling it.
    pub alias: Option<String>,
    /// Its bytes, with our own trace on top.
    pub raw: Vec<u8>,
    /// What its header and parts say.
    pub content: Content,
    /// Its header fields, in order.
    pub fields: Vec<Field>,
    /// Its text.
    pub text: Option<String>,
    /// Its html.
    pub html: Option<String>,
    /// Its attachments with their decoded bytes, in order.
    pub files: Vec<(Attachment, Vec<u8>)>,
    /// When this is told.
    pub now: Timestamp,
}
