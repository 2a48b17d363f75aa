//! A message as a person's own program wrote it, made ready to be sent as it is (RFC 6409
//! section 8): nothing of it is written anew, so that signatures over it stay good.

use super::compose::{ComposeError, date};
use super::entity::Entity;
use super::header;
use super::people::{message_id, named};
use crate::model::content::Named;

/// Who is named in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// Each `From` and `Sender` there is, however many.
    pub senders: Vec<Named>,
    /// To.
    pub to: Vec<Named>,
    /// Cc.
    pub cc: Vec<Named>,
    /// The subject.
    pub subject: Option<String>,
    /// Without angle brackets, if there is one.
    pub message_id: Option<String>,
}

/// Fields that say who sent it: a second one of either would be shown by some readers and
/// checked by others.
const SENDERS: [&str; 2] = ["From", "Sender"];
/// Fields that are nobody's business, or are written on the way (RFC 5322 section 3.6.3 and
/// 3.6.7).
const DROPPED: [&str; 3] = ["Bcc", "Return-Path", "Resent-Bcc"];

/// Who is named in a message; None where `From` or `Sender` stands there twice.
#[must_use]
pub fn people(raw: &[u8]) -> Option<People> {
    let head = Entity::of(raw);
    for name in SENDERS {
        let of_name = |line: &super::entity::Line<'_>| {
            line.name.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
        };
        if head.lines().filter(of_name).count() > 1 {
            return None;
        }
    }
    Some(People {
        senders: SENDERS
            .iter()
            .flat_map(|field| named(&head, field))
            .collect(),
        to: named(&head, "To"),
        cc: named(&head, "Cc"),
        subject: head.text_of("Subject"),
        message_id: message_id(&head, "Message-ID"),
    })
}

/// The message to be sent: without blind copies, with the Message-ID and the date that it
/// lacks, and without empty lines at its end, which do not survive every way.
///
/// # Errors
/// When the Message-ID or the date cannot be written.
pub fn ready(raw: &[u8], missing_id: &str, date_ms: i64) -> Result<Vec<u8>, ComposeError> {
    let entity = Entity::of(raw);
    let mut out = Vec::with_capacity(raw.len() + 256);
    if message_id(&entity, "Message-ID").is_none() {
        let id = header::identifier(missing_id).map_err(|refused| refused.of("message_id"))?;
        out.extend_from_slice(format!("Message-ID: <{id}>\r\n").as_bytes());
    }
    if entity.value("Date").is_none() {
        let mut headers = lettre::message::header::Headers::new();
        headers.insert_raw(date(date_ms)?);
        out.extend_from_slice(headers.to_string().as_bytes());
    }
    out.extend_from_slice(&without(entity.head));
    if entity.head.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(entity.body);
    let end = out.trim_ascii_end().len();
    out.truncate(end);
    out.extend_from_slice(b"\r\n");
    Ok(out)
}

/// A header block without the fields that are dropped, folds and all.
fn without(head: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(head.len());
    let mut drops = false;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            let name = name.trim_ascii();
            drops = DROPPED
                .iter()
                .any(|dropped| name.eq_ignore_ascii_case(dropped.as_bytes()));
        }
        if !drops {
            out.extend_from_slice(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        String::from_utf8(ready(raw.as_bytes(), "new@h.test", 1_700_000_000_000).unwrap()).unwrap()
    }

    #[test]
    fn what_is_lacking_is_added_and_the_rest_stays() {
        let whole = "Message-ID: <1@d.test>\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
                     From:  Kim <kim@d.test>\r\nX-Odd:a\r\n b\r\n\r\nHello \r\n.\r\n";
        assert_eq!(text(whole), whole);
        let bare = "From: kim@d.test\r\nBcc: a@b.test,\r\n c@d.test\r\nReturn-Path: <x@y>\r\n\
                    Subject: x\r\n\r\nHi\r\n \r\n\r\n";
        assert_eq!(
            text(bare),
            "Message-ID: <new@h.test>\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
             From: kim@d.test\r\nSubject: x\r\n\r\nHi\r\n"
        );
    }

    #[test]
    fn two_senders_fields_are_nobody() {
        for (head, senders) in [
            ("From: a@d.test\r\n", Some(1)),
            ("From: a@d.test, b@d.test\r\nSender: a@d.test\r\n", Some(3)),
            ("From: a@d.test\r\nfrom : b@d.test\r\n", None),
            (
                "From: a@d.test\r\nSender: a@d.test\r\nSENDER: b@d.test\r\n",
                None,
            ),
            ("To: a@d.test\r\n", Some(0)),
        ] {
            let found = people(format!("{head}\r\nx\r\n").as_bytes());
            assert_eq!(found.map(|found| found.senders.len()), senders, "{head}");
        }
    }
}
