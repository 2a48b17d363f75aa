//! Texts with placeholders that mail is made from.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::ids::{OrganizationId, TemplateId};

/// A template as it is worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose.
    pub organization: OrganizationId,
    /// A person's name for it, unique in the organization.
    pub name: String,
    /// The draft.
    pub draft: TemplateText,
    /// Whether there is a published version; the draft may be another one.
    pub publication: Publication,
    /// The number of the last published version; 0 before the first.
    pub version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed or published.
    pub updated_at: Timestamp,
}

/// Whether mail can be made from a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// Only a draft.
    Draft,
    /// There is a published version.
    Published,
}

/// What a template is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateText {
    /// The subject.
    pub subject: Option<String>,
    /// Html.
    pub html: Option<String>,
    /// Text.
    pub text: Option<String>,
}
