//! Where this machine listens.

use super::{Security, given, told, words};

words! {
    /// What is spoken.
    ListenerKind {
        Http,
        Https,
        /// Mail for our own recipients.
        SmtpInbound,
        SmtpSubmission,
        SmtpSubmissions,
        /// Mail that is kept and never sent.
        SmtpCapture,
        Imap,
        Imaps,
        Pop3,
        Pop3s,
    }
}

given! {
    /// `listener.set`
    pub struct ListenerSet {
        pub kind: ListenerKind,
        pub on: bool,
    }
}

told! {
    /// A listener.
    pub struct ListenerRow {
        pub kind: ListenerKind,
        /// `address:port`; null where it is off.
        pub address: Option<String>,
        pub security: Security,
        pub on: bool,
        /// In words.
        pub about: String,
        /// To paste into a shell or a program's settings; null where it is off.
        pub line: Option<String>,
        /// It can be switched here.
        pub settable: bool,
    }
}
