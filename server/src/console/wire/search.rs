//! One text, looked for everywhere.

use super::{DomainRow, EmailRow, MailboxRow, MessageRow, given, told};

given! {
    /// `search.all`
    pub struct SearchAsked {
        pub text: String,
    }
}

told! {
    /// `search.all`: the newest few of each.
    pub struct Found {
        pub emails: Vec<EmailRow>,
        pub messages: Vec<MessageRow>,
        pub domains: Vec<DomainRow>,
        pub mailboxes: Vec<MailboxRow>,
    }
}
