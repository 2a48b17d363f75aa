//! A message, as lists show it and as it is told whole.

use std::collections::BTreeMap;

use serde::Serialize;

/// Somebody on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in super::super) struct Person {
    pub(in super::super) address: String,
    pub(in super::super) name: String,
}

/// `EmailMessage`: all of its keys, everywhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Mail {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) from: Vec<Person>,
    pub(in super::super) to: Vec<Person>,
    pub(in super::super) cc: Vec<Person>,
    pub(in super::super) bcc: Vec<Person>,
    pub(in super::super) subject: String,
    pub(in super::super) saved_by: Option<String>,
    pub(in super::super) inbox: String,
    pub(in super::super) original_inbox: String,
    pub(in super::super) domain: String,
    pub(in super::super) received: String,
    pub(in super::super) size: u64,
    pub(in super::super) attachments: Vec<String>,
    pub(in super::super) ip: String,
    pub(in super::super) via: String,
    pub(in super::super) folder: &'static str,
    pub(in super::super) labels: Vec<String>,
    pub(in super::super) read: bool,
    pub(in super::super) rtls: bool,
    pub(in super::super) links: Vec<String>,
    pub(in super::super) spam: u8,
}

/// A message with its content: what webhooks and sockets are told (section 12).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct WholeMail {
    #[serde(flatten)]
    pub(in super::super) mail: Mail,
    pub(in super::super) text: String,
    /// The html, as `html` is: both names are read.
    pub(in super::super) body: String,
    pub(in super::super) html: String,
    pub(in super::super) raw: String,
    /// Each name in lower case, once, with all of its values.
    pub(in super::super) headers: BTreeMap<String, Vec<String>>,
    pub(in super::super) message_id: Option<String>,
    pub(in super::super) priority: &'static str,
    pub(in super::super) date: Option<String>,
    pub(in super::super) received_date: String,
    pub(in super::super) encrypted_inbox: Option<String>,
}

/// What a Slack webhook takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in super::super) struct Words {
    pub(in super::super) text: String,
}
