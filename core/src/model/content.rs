//! What a message's header and parts say, read once when it comes in.

/// An address and the name written with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The address.
    pub address: String,
    /// The name; empty when there is none.
    pub name: String,
}

/// What is shown of a message in lists. Decoded, but not checked: whoever wrote the message
/// wrote this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub from: Vec<Named>,
    pub to: Vec<Named>,
    pub cc: Vec<Named>,
    pub bcc: Vec<Named>,
    pub reply_to: Vec<Named>,
    pub subject: Option<String>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// Without angle brackets.
    pub in_reply_to: Option<String>,
    /// Milliseconds since the epoch.
    pub date_ms: Option<i64>,
    /// URLs of text and html, each once, in order.
    pub links: Vec<String>,
    /// MD5 of each attachment's decoded bytes, in hexadecimal.
    pub attachments: Vec<String>,
}
