//! The header field that says what the checks came to (RFC 8601).

use std::fmt::Write as _;

use super::{Asked, Claim, Finding};
use crate::model::trace::AuthResult;

/// Signatures that are told one by one.
const TOLD: usize = 8;

/// The field, its line ends included.
#[must_use]
pub fn field(claim: &Claim<'_>, finding: &Finding) -> String {
    let Claim {
        helo, from, host, ..
    } = claim;
    let verdicts = &finding.verdicts;
    let mut text = format!("Authentication-Results: {host};\r\n\tspf={}", verdicts.spf);
    let (property, domain) = match from {
        Some(from) => (
            "smtp.mailfrom",
            from.rsplit_once('@').map_or(*from, |(_, host)| host),
        ),
        None => ("smtp.helo", *helo),
    };
    push(&mut text, property, domain);
    if finding.signatures.is_empty() {
        text.push_str(&format!(";\r\n\tdkim={}", verdicts.dkim));
    }
    for signature in finding.signatures.iter().take(TOLD) {
        // Writing to a string cannot fail.
        let _ = write!(text, ";\r\n\tdkim={}", signature.result);
        if let Some((domain, selector)) = &signature.by {
            push(&mut text, "header.d", domain);
            push(&mut text, "header.s", selector);
        }
    }
    let _ = write!(text, ";\r\n\tdmarc={}", verdicts.dmarc);
    match (verdicts.dmarc, finding.asked) {
        (AuthResult::Fail, Asked::Reject) => text.push_str(" (p=reject)"),
        (AuthResult::Fail, Asked::Quarantine) => text.push_str(" (p=quarantine)"),
        (AuthResult::Fail, Asked::Nothing) => text.push_str(" (p=none)"),
        _ => {}
    }
    if let Some(author) = &finding.author {
        push(&mut text, "header.from", author);
    }
    let _ = write!(text, ";\r\n\tarc={}\r\n", verdicts.arc);
    text
}

/// A property, where its value is a host name; what else a peer may say is left out.
fn push(text: &mut String, property: &str, value: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if !value.is_empty() && value.len() <= 255 && value.bytes().all(plain) {
        let _ = write!(text, " {property}={value}");
    }
}
