//! What is submitted to be sent.

use serde_json::Value;
use uuid::Uuid;

use super::address::Address;
use super::key::Key;
use crate::clock::Timestamp;
use crate::error::Problem;
use crate::ids::{BodyId, DeliveryId, DomainId, EmailId, KeyId, MailboxId, OrganizationId};
use crate::limits;

/// An email as accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// Its UUID, also in the return path.
    pub uuid: Uuid,
    /// Who sent it.
    pub organization: OrganizationId,
    /// From which domain; None when the sender's domain is a provider's business.
    pub domain: Option<DomainId>,
    /// With which key.
    pub key: KeyId,
    /// Its MIME.
    pub body: BodyId,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// The header fields as submitted.
    pub fields: Fields,
    /// What the sender keeps with it: a JSON object.
    pub metadata: Option<String>,
    /// When it is to be sent, if not at once.
    pub send_at: Option<Timestamp>,
    /// When it was accepted.
    pub created_at: Timestamp,
}

/// The header fields of an email, as submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// One mailbox.
    pub from: String,
    /// A list.
    pub to: String,
    /// A list.
    pub cc: Option<String>,
    /// A list; never in the headers.
    pub bcc: Option<String>,
    /// A list.
    pub reply_to: Option<String>,
    /// Free text.
    pub subject: Option<String>,
    /// As submitted.
    pub list_unsubscribe: Option<String>,
    /// None when none were submitted.
    pub tags: Option<Vec<String>>,
}

/// Whether an email answers by itself, with nobody who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Automatic {
    /// It does: its return path is null (RFC 5321 section 4.5.5), and whether it arrives says
    /// nothing of its recipient.
    Yes,
    /// Somebody sent it.
    No,
}

/// What a wire hands over to be sent. Strings as they came; the engine parses them.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// What holds for everything that comes in by this door.
    pub terms: Terms,
    /// One mailbox.
    pub from: Option<String>,
    /// The sender's name; wins over the one in `from`.
    pub from_name: Option<String>,
    /// A list.
    pub to: Option<String>,
    /// A list.
    pub cc: Option<String>,
    /// A list.
    pub bcc: Option<String>,
    /// A list.
    pub reply_to: Option<String>,
    /// Free text.
    pub subject: Option<String>,
    /// The UUID of a published template that subject and bodies come from.
    pub template: Option<String>,
    /// What stands for the placeholders; None leaves them be, without a template.
    pub variables: Option<serde_json::Map<String, Value>>,
    /// When to send it; None, and the past, is at once.
    pub send_at: Option<Timestamp>,
    /// A JSON object that the sender keeps with it.
    pub metadata: Option<String>,
    /// Html.
    pub html: Option<String>,
    /// Text.
    pub text: Option<String>,
    /// A message-id.
    pub in_reply_to: Option<String>,
    /// Message-ids.
    pub references: Option<String>,
    /// `<https://…>` or `<mailto:…>`.
    pub list_unsubscribe: Option<String>,
    /// None when the field was absent.
    pub tags: Option<Vec<String>>,
    /// Files.
    pub attachments: Vec<SubmittedFile>,
    /// File name extensions that the wire's contract lets through, lower case; None lets all.
    pub extensions: Option<&'static [&'static str]>,
    /// The caller's Idempotency-Key.
    pub idempotency: Option<String>,
    /// The message itself, where a person's own program wrote it; then the content above
    /// stands for nothing.
    pub posted: Option<Posted>,
    /// What the wire found wrong by itself, such as a number where text should be. Told
    /// together with, and after the same checks as, what the engine finds. `from` has no
    /// place here: one that is left out is refused as malformed.
    pub refused: Vec<Problem>,
}

impl Submission {
    /// The content there is, and the values for its placeholders, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let texts = [&self.html, &self.text].into_iter().flatten();
        let values = self.variables.iter().flat_map(|all| all.values());
        let files = self
            .attachments
            .iter()
            .filter_map(|file| file.content.as_ref());
        let posted = self.posted.as_ref().map_or(0, |posted| posted.raw.len());
        posted
            + texts.map(String::len).sum::<usize>()
            + files.map(Vec::len).sum::<usize>()
            + values.map(value_bytes).sum::<usize>()
    }
}

/// A message as a person's own program wrote it.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Lines ended by CRLF.
    pub raw: Vec<u8>,
    /// Who gets it, whoever is named in it.
    pub recipients: Vec<Address>,
    /// The mailbox that a copy lies in.
    pub copy_to: Option<MailboxId>,
}

/// Roughly what a value takes.
fn value_bytes(value: &Value) -> usize {
    limits::TEMPLATE_VALUE_BYTES
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(value_bytes).sum(),
            Value::Object(values) => values.values().map(value_bytes).sum(),
        }
}

/// What a contract asks of everything that comes in by its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Whose domain the sender's has to be.
    pub sender: SenderTerms,
    /// What becomes of an email with suppressed recipients.
    pub suppressed: SuppressedTerms,
    /// Whether there has to be a subject.
    pub subject: SubjectTerms,
    /// Whether there has to be a way out.
    pub way_out: WayOutTerms,
    /// Addresses over to, cc and bcc.
    pub recipients: usize,
    /// Characters of the subject.
    pub subject_characters: usize,
    /// Tags, and the characters of each.
    pub tags: (usize, usize),
    /// Bytes of html and text together.
    pub body_bytes: usize,
    /// How the Message-ID is written.
    pub message_id: MessageIdTerms,
    /// Within what an Idempotency-Key stands for one email.
    pub idempotency: IdempotencyTerms,
}

impl Terms {
    /// What holds where a contract says nothing.
    pub const ORDINARY: Self = Self {
        sender: SenderTerms::KeyDomain,
        suppressed: SuppressedTerms::Refuse,
        subject: SubjectTerms::Optional,
        way_out: WayOutTerms::Later,
        recipients: 3 * limits::RECIPIENTS_A_FIELD,
        subject_characters: limits::HEADER_TEXT_CHARACTERS,
        tags: (limits::TAGS, limits::TAG_CHARACTERS),
        // What is past the bound of a message is told when it is composed.
        body_bytes: limits::REQUEST_BODY_BYTES,
        message_id: MessageIdTerms::Uuid,
        idempotency: IdempotencyTerms::Key,
    };
}

impl Default for Terms {
    fn default() -> Self {
        Self::ORDINARY
    }
}

/// Whose domain the sender's has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderTerms {
    /// The one that the key is bound to.
    KeyDomain,
    /// A verified one of the organization.
    OwnDomain,
    /// The provider's business; a verified one of the organization where mail leaves
    /// without a provider. Without a sender, the provider's default is taken.
    Provider,
}

/// What becomes of an email with suppressed recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressedTerms {
    /// It is refused.
    Refuse,
    /// It goes to the others; refused when there are none.
    Skip,
    /// Copies go without them; refused when it is addressed to one.
    SkipCopies,
}

/// Whether there has to be a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectTerms {
    /// There may be none.
    Optional,
    /// There has to be one.
    Required,
}

/// Whether there has to be a way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOutTerms {
    /// Mail waits for one.
    Later,
    /// There has to be one, with room under its limits, unless the mail stays here.
    Now,
}

/// How a Message-ID is written. Each holds the email's UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageIdTerms {
    /// `uuid@host`.
    Uuid,
    /// `base32.seconds@host`.
    Dated,
}

/// Within what an Idempotency-Key stands for one email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdempotencyTerms {
    /// Each key that sends has its own.
    Key,
    /// The organization's keys of one shape share them.
    Organization,
}

/// Whose an Idempotency-Key is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IdempotencyHolder {
    /// One key that sends.
    Key(KeyId),
    /// The keys of this shape in an organization.
    Shape(OrganizationId, String),
}

impl IdempotencyTerms {
    /// Whose those are that come with `key`.
    #[must_use]
    pub fn holder(self, key: &Key) -> IdempotencyHolder {
        match self {
            Self::Key => IdempotencyHolder::Key(key.id),
            Self::Organization => IdempotencyHolder::Shape(key.organization, key.shape.clone()),
        }
    }
}

/// A file as it came.
#[derive(Clone, Debug)]
pub struct SubmittedFile {
    /// Its name, if any.
    pub name: Option<String>,
    /// Its type, if said.
    pub content_type: Option<String>,
    /// Its bytes, or None when they could not be decoded.
    pub content: Option<Vec<u8>>,
    /// Its Content-ID, bare; inline when there is one.
    pub content_id: Option<String>,
}

/// What the sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The email's id.
    pub id: EmailId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// The sender's address.
    pub from: String,
    /// The recipients, in order.
    pub deliveries: Vec<(DeliveryId, String)>,
    /// Whether this answer is an earlier one's.
    pub replayed: Replayed,
}

/// Whether an answer was given before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// Accepted now.
    No,
    /// Accepted earlier, under the same Idempotency-Key.
    Yes,
}
