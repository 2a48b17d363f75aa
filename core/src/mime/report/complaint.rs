//! Complaints: the Abuse Reporting Format, RFC 5965.

use std::net::IpAddr;

use super::{Original, address};
use crate::limits::REPORTED_RECIPIENTS;
use crate::mime::entity::{Entity, unstructured};
use crate::mime::people::date_of;

/// Somebody said that a message was unwanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintReport {
    pub feedback_type: Feedback,
    /// The program that wrote the report.
    pub user_agent: Option<String>,
    /// The envelope's sender. None for the empty one too.
    pub original_mail_from: Option<String>,
    /// The envelope's recipients, as far as they are told; many tell none.
    pub original_rcpt_to: Vec<String>,
    /// Milliseconds since the epoch.
    pub arrival_date_ms: Option<i64>,
    /// Whom the message came from.
    pub source_ip: Option<IpAddr>,
    /// Without angle brackets.
    pub original_message_id: Option<String>,
    /// The first address of the message's `To`.
    pub original_to: Option<String>,
}

/// RFC 5965 7.3, and RFC 6430 for `not-spam`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    Abuse,
    Fraud,
    Virus,
    /// It was taken for spam and is none.
    NotSpam,
    /// Anything else, also what is not known here (RFC 5965 3.1).
    Other,
}

pub(super) fn read(fields: &[u8], original: Original) -> ComplaintReport {
    // An empty line before the fields is a mistake that some make.
    let group = Entity::of(fields.trim_ascii_start());
    let recipients = group
        .lines()
        .filter(|line| line.name.eq_ignore_ascii_case(b"Original-Rcpt-To"))
        .filter_map(|line| address(&unstructured(line.value)?));
    let sender = group.text_of("Original-Mail-From");
    let arrival = group
        .value("Arrival-Date")
        .or_else(|| group.value("Received-Date"));
    ComplaintReport {
        feedback_type: feedback(&group.text_of("Feedback-Type").unwrap_or_default()),
        user_agent: group.text_of("User-Agent"),
        original_mail_from: sender.as_deref().and_then(address),
        original_rcpt_to: recipients.take(REPORTED_RECIPIENTS).collect(),
        arrival_date_ms: arrival.and_then(date_of),
        source_ip: group.text_of("Source-IP").as_deref().and_then(ip),
        original_message_id: original.message_id,
        original_to: original.to,
    }
}

fn feedback(said: &str) -> Feedback {
    match said.trim().to_ascii_lowercase().as_str() {
        "abuse" => Feedback::Abuse,
        "fraud" => Feedback::Fraud,
        "virus" => Feedback::Virus,
        "not-spam" => Feedback::NotSpam,
        _ => Feedback::Other,
    }
}

/// Also in brackets and with the `IPv6:` of RFC 5321 4.1.3.
fn ip(said: &str) -> Option<IpAddr> {
    let bare = said.trim().trim_matches(['[', ']']);
    bare.strip_prefix("IPv6:").unwrap_or(bare).parse().ok()
}
