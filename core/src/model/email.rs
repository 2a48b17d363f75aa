//! What is submitted to be sent.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::Problem;
use crate::ids::{BodyId, DomainId, EmailId, KeyId, OrganizationId};

/// An email as accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// Its UUID, also in the return path.
    pub uuid: Uuid,
    /// Who sent it.
    pub organization: OrganizationId,
    /// From which domain.
    pub domain: DomainId,
    /// With which key.
    pub key: KeyId,
    /// Its MIME.
    pub body: BodyId,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// The header fields as submitted.
    pub fields: Fields,
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

/// What a wire hands over to be sent. Strings as they came; the engine parses them.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// One mailbox.
    pub from: Option<String>,
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
    /// What the wire found wrong by itself, such as a number where text should be. Told
    /// together with, and after the same checks as, what the engine finds. `from` has no
    /// place here: one that is left out is refused as malformed.
    pub refused: Vec<Problem>,
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
