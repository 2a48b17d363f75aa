//! Mail that is kept here.

use super::{given, told, words};

words! {
    /// Where in its mailbox a message lies.
    Folder = posthouse::model::mailbox::Folder { Inbox, All, Spam, Trash, Sent, Drafts }

    /// What a check of a message's origin came to.
    Verdict = posthouse::model::trace::AuthResult {
        None, Pass, Fail,
        #[serde(rename = "softfail")]
        SoftFail,
        Neutral, Policy,
        #[serde(rename = "temperror")]
        TempError,
        #[serde(rename = "permerror")]
        PermError,
    }
}

given! {
    /// `message.list`
    pub struct MessagesAsked {
        /// Only one mailbox's, by address.
        pub mailbox: Option<String>,
        pub folder: Option<Folder>,
        pub before: Option<String>,
        /// 50 unless said, 200 at most.
        pub limit: Option<u32>,
        /// Only with this in subject, sender or recipients: of the newest 20,000.
        pub search: Option<String>,
    }

    /// `message.mark`
    pub struct MessageMark {
        /// At most 200.
        pub ids: Vec<i64>,
        pub seen: Option<bool>,
        pub starred: Option<bool>,
    }

    /// `message.move`
    pub struct MessageMove {
        /// At most 200.
        pub ids: Vec<i64>,
        pub folder: Folder,
    }

    /// `message.remove`
    pub struct MessageRemove {
        /// At most 200.
        pub ids: Vec<i64>,
    }

    /// `message.html`
    pub struct MessageHtmlAsked {
        pub id: i64,
        /// With images from elsewhere: whoever sent it then learns that it is read.
        pub remote: bool,
    }
}

told! {
    /// A message in a list.
    pub struct MessageRow {
        pub id: i64,
        /// The mailbox's address.
        pub mailbox: String,
        /// As written.
        pub from: String,
        pub subject: Option<String>,
        pub at: String,
        pub size_bytes: u64,
        pub seen: bool,
        pub starred: bool,
        pub folder: Folder,
        /// Null where it is only known once it is read.
        pub attachments: Option<u64>,
    }

    /// `message.show`
    pub struct MessageShown {
        pub id: i64,
        pub mailbox: String,
        pub from: String,
        pub to: Vec<String>,
        pub cc: Vec<String>,
        pub reply_to: Vec<String>,
        pub subject: Option<String>,
        pub at: String,
        /// What the message says of itself.
        pub date: Option<String>,
        /// Without angle brackets.
        pub message_id: Option<String>,
        pub size_bytes: u64,
        pub seen: bool,
        pub starred: bool,
        pub folder: Folder,
        pub labels: Vec<String>,
        /// The UUID of the email that it was captured or delivered here from.
        pub email: Option<String>,
        pub headers: Vec<Header>,
        /// Made from the html where there is no text.
        pub text: String,
        pub has_html: bool,
        /// The html cleaned of all that acts or loads, for a sandboxed frame.
        pub html_url: Option<String>,
        pub attachments: Vec<AttachmentShown>,
        pub links: Vec<String>,
        /// Null where it came by no server.
        pub trace: Option<TraceShown>,
        /// Null where nobody checked.
        pub verdicts: Option<Verdicts>,
        pub raw_url: String,
    }

    /// A header field.
    pub struct Header {
        pub name: String,
        pub value: String,
    }

    /// A file of a message.
    pub struct AttachmentShown {
        pub name: Option<String>,
        /// Such as `image/png`.
        #[serde(rename = "type")]
        pub content_type: String,
        pub size_bytes: u64,
        /// Meant to be shown within the text.
        pub inline: bool,
        pub url: String,
    }

    /// How a message came.
    pub struct TraceShown {
        pub remote: String,
        pub helo: String,
        pub tls: Option<String>,
        /// Null for the null one.
        pub envelope_from: Option<String>,
    }

    /// The checks of a message's origin.
    pub struct Verdicts {
        pub spf: Verdict,
        pub dkim: Verdict,
        pub dmarc: Verdict,
        pub arc: Verdict,
    }

    /// `message.html`
    pub struct MessageHtml {
        /// For a frame's `srcdoc`, sandboxed all the same.
        pub html: String,
        /// It calls for images from elsewhere.
        pub has_remote: bool,
    }

    /// `message.mark`, `message.move`, `message.remove`
    pub struct MessagesChanged {
        /// How many there were.
        pub messages: u64,
    }
}
