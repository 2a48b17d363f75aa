//! The mailboxes of people, and every address that keeps mail.

use super::{Folder, Switch, given, told, words};

words! {
    /// Whose a mailbox is, and what it can do.
    MailboxKind = posthouse::model::mailbox::MailboxKind {
        Public,
        /// Made by mail that came for it.
        Implicit,
        Reserved,
        /// A person's, with password and folders.
        Full,
    }

    /// What came of one of many.
    MadeOutcome { Made, Exists, Malformed, NotOurs, Full, Failed }
}

given! {
    /// `mailbox.list`
    pub struct MailboxesAsked {
        pub before: Option<String>,
        /// 50 unless said, 200 at most.
        pub limit: Option<u32>,
        /// In address or name.
        pub search: Option<String>,
        /// Only people's; null: every address that keeps mail.
        pub kind: Option<MailboxKind>,
    }

    /// `mailbox.make`
    pub struct MailboxMake {
        pub address: String,
        pub name: String,
        /// Null: anything.
        pub quota_bytes: Option<u64>,
        /// Null: one is made, and shown once.
        pub password: Option<String>,
    }

    /// `mailbox.make_many`: at most 100.
    pub struct MailboxMakeMany {
        pub lines: Vec<MailboxMake>,
    }

    /// `mailbox.password`
    pub struct MailboxPassword {
        pub address: String,
        /// Null: one is made, and shown once.
        pub password: Option<String>,
    }

    /// `mailbox.rename`
    pub struct MailboxRename {
        pub address: String,
        pub to: String,
    }

    /// `mailbox.set`: null leaves.
    pub struct MailboxSet {
        pub address: String,
        pub name: Option<String>,
        /// 0: anything.
        pub quota_bytes: Option<u64>,
        pub keep_sent: Option<Switch>,
        /// For how many days, how many messages, how many bytes it keeps mail; 0: as the
        /// organization does.
        pub keep_days: Option<u64>,
        pub keep_messages: Option<u64>,
        pub keep_bytes: Option<u64>,
    }
}

told! {
    /// A mailbox in a list.
    pub struct MailboxRow {
        pub address: String,
        pub kind: MailboxKind,
        pub name: String,
        /// Null: anything.
        pub quota_bytes: Option<u64>,
        pub used_bytes: u64,
        pub messages: u64,
        pub unread: u64,
        pub suspended: bool,
        pub removed_at: Option<String>,
        pub has_password: bool,
        pub created_at: String,
    }

    /// `mailbox.show`
    pub struct MailboxShown {
        pub mailbox: MailboxRow,
        pub folders: Vec<FolderRow>,
        pub keep_sent: Switch,
        /// What it keeps where it is not as the organization's do.
        pub keep_days: Option<u64>,
        pub keep_messages: Option<u64>,
        pub keep_bytes: Option<u64>,
    }

    /// A folder of a person's mailbox.
    pub struct FolderRow {
        pub name: String,
        /// Null for one of the person's own.
        pub role: Option<Folder>,
        pub messages: u64,
        pub unread: u64,
    }

    /// `mailbox.make`, `mailbox.password`
    pub struct MailboxMade {
        pub address: String,
        /// Only where it was made here; shown once.
        pub password: Option<String>,
    }

    /// `mailbox.make_many`
    pub struct MailboxesMade {
        /// In the order of the lines.
        pub results: Vec<MailboxResult>,
    }

    /// What came of one line.
    pub struct MailboxResult {
        pub address: String,
        pub outcome: MadeOutcome,
        /// What stood in the way.
        pub text: Option<String>,
        /// Only where it was made here; shown once.
        pub password: Option<String>,
    }
}
