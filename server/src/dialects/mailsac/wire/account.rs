//! Who calls, what they have, and who is shut out.

use serde::Serialize;

use super::mail::Mail;

/// All mail of an account.
#[derive(Debug, Serialize)]
pub(in super::super) struct Inbox {
    pub(in super::super) messages: Vec<Mail>,
    pub(in super::super) unread: u64,
    pub(in super::super) limit: u32,
    pub(in super::super) skip: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) since: Option<String>,
}

/// Who calls; flags are 0 and 1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Me {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) email: String,
    pub(in super::super) invoice_email: String,
    pub(in super::super) capture_private: bool,
    pub(in super::super) message_limit: u32,
    pub(in super::super) private_domain: u32,
    pub(in super::super) private_address_credits: u32,
    pub(in super::super) whitelist_access: u8,
    #[serde(rename = "moAPICount")]
    pub(in super::super) month_calls: u32,
    pub(in super::super) api_monthly_limit: u32,
    pub(in super::super) billing_hold: Option<String>,
    pub(in super::super) disabled: Option<String>,
    pub(in super::super) recents: Vec<String>,
    pub(in super::super) labels: Vec<String>,
    pub(in super::super) company: String,
    pub(in super::super) address: String,
    pub(in super::super) firehose: u8,
    pub(in super::super) allow_public_domains: u8,
    pub(in super::super) view_analytics: u8,
    pub(in super::super) api_access: u8,
    pub(in super::super) ws_domain: u8,
    pub(in super::super) many_keys: u8,
    pub(in super::super) internal_unlimited: u8,
    pub(in super::super) last_login: String,
    pub(in super::super) allow_multiple_users: u8,
    pub(in super::super) user_limit: u32,
    pub(in super::super) disable_spam: bool,
    pub(in super::super) stripe_id: Option<String>,
    #[serde(rename = "moAPIDisabled")]
    pub(in super::super) month_disabled: u8,
    #[serde(rename = "moAPILimitWarningEmail")]
    pub(in super::super) month_warning: u8,
    pub(in super::super) api_key_name: String,
}

/// What an account has.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Stats {
    pub(in super::super) addresses: Vec<String>,
    pub(in super::super) domains: Vec<String>,
    pub(in super::super) starred_messages: u64,
    pub(in super::super) stored_messages: u64,
    pub(in super::super) inbox_bytes: u64,
    pub(in super::super) last_month_ops: u64,
    pub(in super::super) default_domain: String,
    pub(in super::super) non_owned_inboxes: Vec<String>,
}

/// Whether a host or an IP address is shut out.
#[derive(Debug, Serialize)]
pub(in super::super) struct Blacklisted {
    pub(in super::super) blacklisted: bool,
}

/// How often a thing is there.
#[derive(Debug, Serialize)]
pub(in super::super) struct Figure {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) n: u64,
}
