//! Addresses, and what is known of strangers'.

use serde::Serialize;

/// An address.
#[derive(Debug, Serialize)]
pub(in super::super) struct Address {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    /// Left out where nobody has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) owner: Option<String>,
    pub(in super::super) forward: Option<String>,
    pub(in super::super) enablews: bool,
    /// As the contract's answer spells it; its request, and every sample, spell `enablews`.
    pub(in super::super) enabledws: bool,
    pub(in super::super) webhook: Option<String>,
    #[serde(rename = "webhookSlack")]
    pub(in super::super) webhook_slack: Option<String>,
    #[serde(rename = "webhookSlackToFrom")]
    pub(in super::super) webhook_slack_to_from: bool,
    #[serde(rename = "catchAll")]
    pub(in super::super) catch_all: bool,
    /// Always null.
    pub(in super::super) password: Option<String>,
    pub(in super::super) info: String,
    #[serde(rename = "encryptedInbox")]
    pub(in super::super) encrypted_inbox: String,
    pub(in super::super) implicit: bool,
    pub(in super::super) created: Option<String>,
    pub(in super::super) updated: Option<String>,
}

/// What comes of an address that is let go.
#[derive(Debug, Serialize)]
pub(in super::super) struct Released {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) message: &'static str,
}

/// Whether an address can be had.
#[derive(Debug, Serialize)]
pub(in super::super) struct Availability {
    pub(in super::super) available: bool,
    pub(in super::super) email: String,
    pub(in super::super) owned: bool,
}

/// What is known of an address.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Integrity {
    pub(in super::super) email: String,
    pub(in super::super) valid_format: bool,
    /// The older name of the same.
    pub(in super::super) is_valid_format: bool,
    pub(in super::super) local: String,
    pub(in super::super) domain: String,
    pub(in super::super) is_disposable: bool,
    pub(in super::super) disposable_domains: Vec<String>,
    pub(in super::super) aliases: Vec<String>,
}
