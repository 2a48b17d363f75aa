//! What comes of messages.

use serde::Serialize;

use super::mail::Mail;

/// How many messages an address has.
#[derive(Debug, Serialize)]
pub(in super::super) struct Count {
    pub(in super::super) count: u64,
    pub(in super::super) inbox: String,
}

/// What comes of a message that is removed.
#[derive(Debug, Serialize)]
pub(in super::super) struct Removed {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) inbox: String,
    pub(in super::super) message: &'static str,
}

/// A message's labels.
#[derive(Debug, Serialize)]
pub(in super::super) struct Labelled {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) labels: Vec<String>,
}

/// A message's folder.
#[derive(Debug, Serialize)]
pub(in super::super) struct Filed {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) folder: &'static str,
}

/// Whether a message was read.
#[derive(Debug, Serialize)]
pub(in super::super) struct Marked {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) read: bool,
    /// The same: the schema has this name for it.
    pub(in super::super) folder: bool,
}

/// A header field.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(in super::super) struct HeaderField {
    pub(in super::super) name: String,
    pub(in super::super) value: String,
}

/// What is known of an attachment.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct AttachmentMeta {
    pub(in super::super) checksum: String,
    pub(in super::super) content_disposition: String,
    pub(in super::super) content_id: String,
    pub(in super::super) content_type: String,
    pub(in super::super) file_name: String,
    /// Decoded, in bytes.
    pub(in super::super) length: u64,
    pub(in super::super) transfer_encoding: String,
}

/// What was found.
#[derive(Debug, Serialize)]
pub(in super::super) struct Hits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) query: Option<String>,
    pub(in super::super) messages: Vec<Mail>,
}

/// How often it is there.
#[derive(Debug, Serialize)]
pub(in super::super) struct Number {
    pub(in super::super) n: u64,
}
