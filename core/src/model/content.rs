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

/// A header field as it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As it was written, in visible ASCII.
    pub name: String,
    /// On one line, encoded words decoded (RFC 2047), folds as one blank. Bytes that are not
    /// ASCII are read as UTF-8.
    pub value: String,
}

/// A part of a message that is not the text or the html it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The MD5 of the decoded bytes, in lower-case hex.
    pub checksum: String,
    /// `attachment`, `inline` or what else was said, in lower case.
    pub disposition: Option<String>,
    /// Without angle brackets.
    pub content_id: Option<String>,
    /// Lower-case `type/subtype`, without parameters.
    pub content_type: String,
    /// Decoded, on one line; not safe as a path.
    pub file_name: Option<String>,
    /// Decoded.
    pub size_bytes: u64,
    /// In lower case.
    pub transfer_encoding: Option<String>,
    /// The part's own fields.
    pub headers: Vec<Field>,
    /// Whether it belongs to a page (RFC 2387) and is called by it.
    pub related: bool,
}
