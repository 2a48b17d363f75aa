//! Mail that is kept here.

use super::content::Content;
use super::domain::Switch;
use super::keep::Keep;
use super::trace::Trace;
use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{BodyId, DomainId, EmailId, MailboxId, MessageId, OrganizationId};

words! {
    /// Whose a mailbox is, and what it can do.
    MailboxKind {
        /// Anybody's.
        Public = "public",
        /// An organization's, made by mail that came for it: at one of its domains, or
        /// captured. It has no routing of its own.
        Implicit = "implicit",
        /// An organization's, asked for by name.
        Reserved = "reserved",
        /// A person's, with password and folders.
        Full = "full",
    }

    /// Where in its mailbox a message lies.
    Folder {
        /// What came in.
        Inbox = "inbox",
        /// Put away.
        All = "all",
        /// Unwanted.
        Spam = "spam",
        /// Thrown away.
        Trash = "trash",
        /// What was sent.
        Sent = "sent",
        /// Not yet sent.
        Drafts = "drafts",
    }

    /// Whether a person has read a message.
    Marking {
        /// They have.
        Read = "read",
        /// They have not.
        Unread = "unread",
    }
}

impl MailboxKind {
    /// Whether somebody asked for the address, so that it is nobody else's.
    #[must_use]
    pub const fn is_asked_for(self) -> bool {
        match self {
            Self::Public | Self::Implicit => false,
            Self::Reserved | Self::Full => true,
        }
    }
}

/// An address that keeps mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Its id.
    pub id: MailboxId,
    /// Whose it is; None: nobody's.
    pub owner: Option<OrganizationId>,
    /// The owner's domain that its address is at.
    pub domain: Option<DomainId>,
    /// Its address, lower case.
    pub address: String,
    /// Whose it is, and what it can do.
    pub kind: MailboxKind,
    /// A person's words about it.
    pub info: String,
    /// The address here that its mail goes to as well.
    pub forward: Option<String>,
    /// Whether sockets are told of its mail.
    pub socket: Switch,
    /// What the person is called.
    pub name: String,
    /// Whether a password opens it.
    pub password: Switch,
    /// Whether what is sent from it is kept in `Sent`, where its person's program does not.
    pub keep_sent: Switch,
    /// Since when nobody can open it; it still takes mail.
    pub suspended_at: Option<Timestamp>,
    /// When it was removed; it takes no mail, and goes when it could not be brought back
    /// any more.
    pub removed_at: Option<Timestamp>,
    /// What it may hold, in bytes.
    pub quota_bytes: Option<u64>,
    /// What it keeps, where it is not as its organization's do.
    pub keep: Keep,
    /// What it holds.
    pub messages: u64,
    /// Of these, the unread.
    pub unread: u64,
    /// What they take, in bytes.
    pub bytes: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an organization keeps, over all its mailboxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Messages.
    pub messages: u64,
    /// Of these, the unread.
    pub unread: u64,
    /// Of these, the starred.
    pub starred: u64,
    /// What they take, in bytes.
    pub bytes: u64,
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
    /// Whose it is: the mailbox's owner, or who starred it in a mailbox that is nobody's.
    pub owner: Option<OrganizationId>,
    /// The owner's domain that it came to.
    pub domain: Option<DomainId>,
    /// Its bytes.
    pub body: BodyId,
    /// The email it was captured from, if it was sent here.
    pub email: Option<EmailId>,
    /// Its place among the recipients that it came for.
    pub place: u32,
    /// The recipient as the envelope had it, where that is not the mailbox's address.
    pub original: Option<String>,
    /// Where in the mailbox it lies.
    pub folder: Folder,
    /// Whether it was read.
    pub seen: bool,
    /// The account that starred it.
    pub starred_by: Option<String>,
    /// A person's words for it.
    pub labels: Vec<String>,
    /// The sender as written.
    pub from: String,
    /// The recipients as written.
    pub to: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// What its header and parts say; None for mail that was captured before this was kept.
    pub content: Option<Content>,
    /// How it came over SMTP.
    pub trace: Option<Trace>,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// When it came.
    pub received_at: Timestamp,
}
