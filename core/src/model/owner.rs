//! The proof that a person may open their mailbox.

use crate::ids::{DomainId, MailboxId, OrganizationId};

/// A person who showed a mailbox's password, or whoever stands for them. Only authentication
/// makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub(crate) mailbox: MailboxId,
    pub(crate) organization: OrganizationId,
    pub(crate) domain: Option<DomainId>,
    pub(crate) address: String,
}

impl Owner {
    /// The mailbox.
    #[must_use]
    pub const fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// Whose it is.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The organization's domain that it is at.
    #[must_use]
    pub const fn domain(&self) -> Option<DomainId> {
        self.domain
    }

    /// Its address, lower case.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}
