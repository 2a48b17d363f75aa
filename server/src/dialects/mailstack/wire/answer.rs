//! What is answered. "No value" is `null`, never a missing key.

use serde::{Serialize, Serializer};

/// An email, or a webhook's delivery, that was taken.
#[derive(Debug, Serialize)]
pub(in super::super) struct Taken {
    pub(in super::super) id: String,
    pub(in super::super) status: &'static str,
}

/// Something was done that there is nothing to say about.
#[derive(Debug, Serialize)]
pub(in super::super) struct Done {
    pub(in super::super) status: &'static str,
}

/// The answer to a batch and to a bulk send.
#[derive(Debug, Serialize)]
pub(in super::super) struct Batch {
    pub(in super::super) accepted: usize,
    pub(in super::super) rejected: usize,
    pub(in super::super) results: Vec<Outcome>,
}

/// What one email of a batch came to.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in super::super) enum Outcome {
    Accepted {
        index: usize,
        id: String,
        status: &'static str,
    },
    Rejected {
        index: usize,
        status: &'static str,
        error: String,
    },
}

/// A value of an enumeration, as the organization wants them.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(in super::super) enum Enumerated {
    Word(&'static str),
    Number(u8),
}

/// A message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Message {
    pub(in super::super) id: String,
    pub(in super::super) from_email: String,
    pub(in super::super) from_name: Option<String>,
    pub(in super::super) to_email: String,
    pub(in super::super) cc: Option<String>,
    pub(in super::super) bcc: Option<String>,
    pub(in super::super) reply_to: Option<String>,
    pub(in super::super) subject: Option<String>,
    pub(in super::super) status: Enumerated,
    pub(in super::super) provider_message_id: Option<String>,
    pub(in super::super) error_message: Option<String>,
    pub(in super::super) tags: Option<String>,
    pub(in super::super) queued_at: String,
    pub(in super::super) sent_at: Option<String>,
    pub(in super::super) created_at: String,
}

/// A message with its content.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct MessageContent {
    pub(in super::super) message: Message,
    pub(in super::super) html_body: Option<String>,
    pub(in super::super) text_body: Option<String>,
}

/// What happened to a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Event {
    pub(in super::super) id: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: u8,
    pub(in super::super) occurred_at: String,
    pub(in super::super) metadata: Option<Metadata>,
}

/// What an event says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Metadata {
    pub(in super::super) recipient: Option<String>,
    pub(in super::super) smtp_response: Option<String>,
    pub(in super::super) url: Option<String>,
    pub(in super::super) user_agent: Option<String>,
    pub(in super::super) ip: Option<String>,
}

/// A domain.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Domain {
    pub(in super::super) id: String,
    pub(in super::super) domain: String,
    pub(in super::super) status: Enumerated,
    pub(in super::super) custom_mail_from_domain: Option<String>,
    pub(in super::super) dns_records: Vec<DnsRecord>,
    pub(in super::super) created_at: String,
    pub(in super::super) verified_at: Option<String>,
}

/// A record to publish.
#[derive(Debug, Serialize)]
pub(in super::super) struct DnsRecord {
    #[serde(rename = "type")]
    pub(in super::super) kind: &'static str,
    pub(in super::super) name: String,
    pub(in super::super) value: String,
    pub(in super::super) ttl: u32,
    pub(in super::super) purpose: &'static str,
}

/// What the block lists say of a domain.
#[derive(Debug, Serialize)]
pub(in super::super) struct Blocklist {
    pub(in super::super) domain: String,
    pub(in super::super) listed: bool,
    pub(in super::super) checks: Vec<Check>,
}

/// What one block list says.
#[derive(Debug, Serialize)]
pub(in super::super) struct Check {
    pub(in super::super) list: String,
    pub(in super::super) listed: bool,
}

/// An API key without its secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Key {
    pub(in super::super) id: String,
    pub(in super::super) name: Option<String>,
    pub(in super::super) key_prefix: String,
    pub(in super::super) masked_key: String,
    pub(in super::super) scopes: Vec<&'static str>,
    pub(in super::super) last_used_at: Option<String>,
    pub(in super::super) expires_at: Option<String>,
    pub(in super::super) revoked_at: Option<String>,
    pub(in super::super) is_active: bool,
    pub(in super::super) created_at: String,
}

/// A new API key, the only time that the whole of it is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct NewKey {
    pub(in super::super) key: Key,
    pub(in super::super) full_key: String,
}

/// What was sent this month, and what it costs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Usage {
    pub(in super::super) period_key: String,
    pub(in super::super) period_start: String,
    pub(in super::super) period_end: String,
    pub(in super::super) emails_sent: u64,
    pub(in super::super) free_monthly_allowance: u64,
    pub(in super::super) free_remaining: u64,
    pub(in super::super) billable_emails: u64,
    #[serde(rename = "pricePer1kCents")]
    pub(in super::super) price_per_1k_cents: u64,
    pub(in super::super) has_payment_method: bool,
    pub(in super::super) monthly_spend_cap_cents: Option<u32>,
}

/// A webhook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Webhook {
    pub(in super::super) id: String,
    pub(in super::super) url: String,
    pub(in super::super) event_types: String,
    /// Only of one that was made with a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) events: Option<Vec<String>>,
    pub(in super::super) enabled: bool,
    pub(in super::super) secret_hint: Option<String>,
    pub(in super::super) created_at: String,
}

/// A new webhook, the only time that its secret is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct NewWebhook {
    pub(in super::super) webhook: Webhook,
    pub(in super::super) signing_secret: Option<String>,
}

/// A webhook's other secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Secret {
    pub(in super::super) signing_secret: String,
}

/// An event on its way to a webhook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Delivery {
    pub(in super::super) id: String,
    pub(in super::super) webhook_id: String,
    pub(in super::super) event_type: Option<&'static str>,
    pub(in super::super) status: &'static str,
    pub(in super::super) attempts: u32,
    pub(in super::super) response_status: Option<u16>,
    pub(in super::super) last_attempt_at: Option<String>,
    pub(in super::super) next_attempt_at: Option<String>,
    pub(in super::super) created_at: String,
}

/// A template.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Template {
    pub(in super::super) id: String,
    pub(in super::super) name: String,
    pub(in super::super) subject: Option<String>,
    pub(in super::super) html: Option<String>,
    pub(in super::super) text: Option<String>,
    pub(in super::super) status: &'static str,
    pub(in super::super) version: u32,
    pub(in super::super) created_at: String,
    pub(in super::super) updated_at: String,
}

/// A template with its placeholders filled in.
#[derive(Debug, Serialize)]
pub(in super::super) struct Preview {
    pub(in super::super) subject: Option<String>,
    pub(in super::super) html: Option<String>,
    pub(in super::super) text: Option<String>,
}

/// What was found in an email.
#[derive(Debug, Serialize)]
pub(in super::super) struct Lint {
    pub(in super::super) score: u32,
    pub(in super::super) passed: bool,
    pub(in super::super) issues: Vec<Issue>,
}

/// One thing that was found in an email.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(in super::super) struct Issue {
    pub(in super::super) code: &'static str,
    pub(in super::super) severity: &'static str,
    pub(in super::super) message: String,
}

/// A refusal, in the forms that clients look for.
#[derive(Debug, Serialize)]
pub(in super::super) struct Refusal<'a> {
    pub(in super::super) error: &'a str,
    pub(in super::super) title: &'a str,
    pub(in super::super) status: u16,
    pub(in super::super) detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_object")]
    pub(in super::super) errors: &'a [(&'static str, Vec<String>)],
}

fn as_object<S: Serializer>(
    pairs: &&[(&'static str, Vec<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, texts)| (key, texts)))
}

/// The body of a webhook call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Hook<'a> {
    pub(in super::super) id: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: &'static str,
    pub(in super::super) created_at: String,
    pub(in super::super) data: HookData<'a>,
}

/// The email that a webhook call is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct HookData<'a> {
    pub(in super::super) id: String,
    pub(in super::super) to_email: &'a str,
    pub(in super::super) status: &'static str,
    pub(in super::super) error_message: Option<&'a str>,
}
