//! Mail that is kept here.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{BodyId, EmailId, MailboxId, MessageId};

words! {
    /// Whose a mailbox is, and what it can do.
    MailboxKind {
        /// Anybody's.
        Public = "public",
        /// An organization's.
        Reserved = "reserved",
        /// A person's, with password and folders.
        Full = "full",
    }
}

/// A piece of mail in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it lies.
    pub mailbox: MailboxId,
    /// The mailbox's address.
    pub address: String,
    /// Its number in the mailbox.
    pub uid: u32,
    /// Its bytes.
    pub body: BodyId,
    /// The email it was captured from, if it was sent here.
    pub email: Option<EmailId>,
    /// The sender as written.
    pub from: String,
    /// The subject.
    pub subject: Option<String>,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// When it came.
    pub received_at: Timestamp,
}
