//! Bytes out, bytes in: what is composed is read again by mail-parser, which
//! did not write it.

mod compose;
mod content;
mod corpus;
mod injection;
mod links;
mod notification;
mod page;
mod raw_addresses;
mod read;
mod refusals;
mod report;
mod sign;
mod structure;
mod template;
mod track;
mod verify;

use super::compose::{Attachment, Draft, OneClick, compose};
use crate::model::address::Mailbox;

/// 2024-03-09T08:15:30Z.
const DATE_MS: i64 = 1_709_972_130_000;
const SEED: u64 = 7;

fn mailbox(text: &str) -> Mailbox {
    Mailbox::parse(text).unwrap()
}

fn draft() -> Draft {
    Draft {
        from: mailbox("Shop <hello@shop.example>"),
        to: vec![mailbox("kim@customer.example")],
        cc: Vec::new(),
        reply_to: Vec::new(),
        subject: Some("Order 9".to_owned()),
        html: None,
        text: Some("Hi".to_owned()),
        in_reply_to: None,
        references: None,
        list_unsubscribe: None,
        one_click: OneClick::Unsaid,
        attachments: Vec::new(),
        message_id: "1@mailer.test".to_owned(),
        date_ms: DATE_MS,
    }
}

fn attachment(name: &str, content: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        content_type: None,
        content: content.to_vec(),
        content_id: None,
    }
}

/// Composes, and checks what holds for every message.
fn composed(draft: &Draft) -> Vec<u8> {
    let raw = compose(draft, SEED).unwrap();
    assert_on_wire(&raw);
    raw
}

/// RFC 5322 2.1 and 2.1.1, and nothing that needs 8BITMIME.
fn assert_on_wire(raw: &[u8]) {
    let text = std::str::from_utf8(raw).unwrap();
    assert!(text.ends_with("\r\n"));
    let lines: Vec<_> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    for line in &lines {
        assert!(line.len() <= 998, "{line}");
        let printable = |b: u8| b == b'\t' || (b' '..=b'~').contains(&b);
        assert!(line.bytes().all(printable), "{line:?}");
    }
    let head = lines.iter().position(|line| line.is_empty()).unwrap();
    assert!(lines[..head].iter().all(|line| !line.trim().is_empty()));
    let last = lines.iter().rfind(|line| !line.is_empty());
    assert!(last.is_some_and(|line| !line.trim().is_empty()));
}

/// The names of the header fields of the message itself.
fn field_names(raw: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(raw).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap().to_owned())
        .collect()
}
