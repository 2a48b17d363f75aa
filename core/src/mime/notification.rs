//! A report of mail that could not be delivered (RFC 3464), and who must not get one.

use std::fmt::Write as _;

use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0,
};
use lettre::message::{Body, MultiPart, SinglePart};

use super::compose::{ComposeError, date};
use super::entity::Entity;
use super::header;
use super::headers::head;
use crate::limits::HEADER_BYTES;
use crate::model::address::Mailbox;

/// A failure to be reported.
#[derive(Debug, Clone)]
pub struct FailureReport<'a> {
    /// Whom it is from.
    pub from: Mailbox,
    /// The return path of the mail that failed.
    pub to: Mailbox,
    /// Our host.
    pub host: &'a str,
    /// The recipient that failed.
    pub recipient: &'a str,
    /// RFC 3463: `5.4.7`.
    pub status: &'a str,
    /// What happened, for a person; one sentence.
    pub words: &'a str,
    /// The mail that failed.
    pub raw: &'a [u8],
    /// When that came, in milliseconds since the epoch.
    pub arrived_ms: i64,
    /// Without angle brackets.
    pub message_id: &'a str,
    /// Milliseconds since the epoch.
    pub date_ms: i64,
}

/// The subject of every report.
pub const SUBJECT: &str = "Your mail could not be delivered";

/// Composes the report: what happened, the same for machines, and the header of the mail.
/// `seed` makes the MIME boundary, as for [`compose`](super::compose::compose).
///
/// # Errors
/// When an address or a date cannot be written.
pub fn failure_report(report: &FailureReport<'_>, seed: u64) -> Result<Vec<u8>, ComposeError> {
    let headers = headers(report)?;
    let mut arrived = Headers::new();
    arrived.insert_raw(date(report.arrived_ms)?);
    let arrived = arrived.to_string();
    let arrived = arrived.trim_start_matches("Date:").trim();
    let (kind, recipient) = typed(report.recipient);
    let host = report.host;
    let status = format!(
        "Reporting-MTA: dns; {host}\r\nArrival-Date: {arrived}\r\n\r\n\
         Final-Recipient: {kind}; {recipient}\r\nAction: failed\r\nStatus: {}\r\n",
        report.status
    );
    let words = format!(
        "This is {host}. Your mail to {} could not be delivered.\r\n\r\n{}\r\n\r\n\
         The header of your mail is below.\r\n",
        report.recipient, report.words
    );
    let boundary = format!("=_{seed:016x}_report");
    let parts = MultiPart::builder()
        .header(typed_as(&format!(
            "multipart/report; report-type=delivery-status; boundary=\"{boundary}\""
        )))
        .singlepart(part("text/plain; charset=utf-8", words))
        .singlepart(part("message/delivery-status", status))
        .singlepart(part("text/rfc822-headers", head_of(report.raw)));
    let mut out = headers.to_string().into_bytes();
    out.extend_from_slice(&parts.formatted());
    Ok(out)
}

fn headers(report: &FailureReport<'_>) -> Result<Headers, ComposeError> {
    let mut headers = Headers::with_capacity(10);
    for (field, name, who) in [("from", "From", &report.from), ("to", "To", &report.to)] {
        let value = header::mailboxes(name, std::slice::from_ref(who)).map_err(|r| r.of(field))?;
        headers.insert_raw(header::field(name, value));
    }
    headers.insert_raw(header::field("Subject", SUBJECT.to_owned()));
    let id = header::identifier(report.message_id).map_err(|r| r.of("message_id"))?;
    headers.insert_raw(header::field("Message-ID", format!("<{id}>")));
    if let Some(of) = super::people::message_id(&Entity::of(report.raw), "Message-ID")
        && let Ok(of) = header::identifier(&of)
    {
        headers.insert_raw(header::field("In-Reply-To", format!("<{of}>")));
    }
    headers.insert_raw(date(report.date_ms)?);
    // RFC 3834 section 5: nothing that answers by itself answers this.
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    headers.insert_raw(HeaderValue::new(name, String::from("auto-replied")));
    headers.set(MIME_VERSION_1_0);
    Ok(headers)
}

fn typed_as(kind: &str) -> ContentType {
    ContentType::parse(kind).expect("a type that is written here parses")
}

fn part(kind: &str, content: String) -> SinglePart {
    let plain = content.is_ascii()
        && !content.contains('\0')
        && content.split("\r\n").all(|line| line.len() <= 998);
    // lettre's own choice refuses lines that 7bit may have (RFC 2045 section 2.7).
    let body = if plain {
        Body::dangerous_pre_encoded(content.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new_with_encoding(content, ContentTransferEncoding::QuotedPrintable)
            .expect("quoted-printable can hold every text")
    };
    SinglePart::builder().header(typed_as(kind)).body(body)
}

/// The header of the mail, with CRLF at each line's end; of one that is too long, its first
/// lines.
fn head_of(raw: &[u8]) -> String {
    let mut head = head(raw);
    if let Some(start) = head.get(..HEADER_BYTES) {
        let lines = memchr::memrchr(b'\n', start).map_or(0, |at| at + 1);
        head = &start[..lines];
    }
    let text = String::from_utf8_lossy(head);
    text.replace("\r\n", "\n").replace(['\r', '\n'], "\r\n")
}

/// The recipient as RFC 3464 section 2.3.2 has it, or as RFC 6533 section 3 does where it is
/// not ASCII.
fn typed(address: &str) -> (&'static str, String) {
    if address.is_ascii() {
        return ("rfc822", address.to_owned());
    }
    let escaped = address.chars().fold(String::new(), |mut text, one| {
        if one.is_ascii() {
            text.push(one);
        } else {
            let _ = write!(text, "\\x{{{:X}}}", u32::from(one));
        }
        text
    });
    ("utf-8", escaped)
}

/// Whether mail wants no answer from a machine: it came from one, or through a list (RFC 3834
/// section 2, RFC 2919).
#[must_use]
pub fn wants_no_report(raw: &[u8]) -> bool {
    Entity::of(raw).fields().iter().any(|field| {
        let value = field.value.trim().to_ascii_lowercase();
        match field.name.to_ascii_lowercase().as_str() {
            "auto-submitted" => value.split(';').next().map(str::trim) != Some("no"),
            "precedence" => ["bulk", "list", "junk"].contains(&value.as_str()),
            "list-id" | "list-post" | "list-unsubscribe" | "list-help" => true,
            "x-auto-response-suppress" => value.contains("all") || value.contains("dr"),
            _ => false,
        }
    })
}
