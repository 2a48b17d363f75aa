//! Who changed what.

use crate::clock::Timestamp;
use crate::ids::{AuditId, OrganizationId, UserId};

/// A change, to be written down. Nothing of it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In which organization.
    pub organization: OrganizationId,
    /// Who, where it was a person.
    pub user: Option<UserId>,
    /// What they are called.
    pub who: String,
    /// What they did, in a word.
    pub what: String,
    /// To what.
    pub target: Option<String>,
    /// What was said beside, as JSON.
    pub detail: Option<String>,
    /// From where.
    pub remote: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A change as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Its number.
    pub id: AuditId,
    /// The change.
    pub note: Note,
}
