//! Addresses that must not be sent to.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DomainId, EmailId, OrganizationId, SuppressionId};

words! {
    /// Why an address is suppressed.
    SuppressionReason {
        /// It refused mail for good.
        Bounce = "bounce",
        /// Its owner complained.
        Complaint = "complaint",
        /// Its owner unsubscribed.
        Unsubscribe = "unsubscribe",
        /// A person put it there.
        Manual = "manual",
    }
}

/// A suppressed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Its id.
    pub id: SuppressionId,
    /// Whose list.
    pub organization: OrganizationId,
    /// One domain's list, or the whole organization's.
    pub domain: Option<DomainId>,
    /// The address, lower case.
    pub address: String,
    /// Why.
    pub reason: SuppressionReason,
    /// In words.
    pub detail: Option<String>,
    /// The email that caused it.
    pub email: Option<EmailId>,
    /// Since when.
    pub created_at: Timestamp,
}
