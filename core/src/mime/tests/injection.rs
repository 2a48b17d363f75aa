//! No text of a draft can add a header field, a recipient or a part.

use mail_parser::MessageParser;
use proptest::prelude::*;

use super::*;
use crate::mime::compose::{ComposeError, Reason};
use crate::mime::read::summary;

/// What an attacker writes: line ends of every kind, field names, delimiters.
pub(super) const HOSTILE: &str = "(\r|\n|\r\n|\0|\t|\u{85}|\u{2028}|Bcc: x@evil\\.test|To:|,|;|:|<|>|\"|\\\\|\\(|=\\?utf-8\\?q\\?=0D=0ABcc:x@evil\\.test\\?=|--=_0000000000000007_1|--| |é|日本|🎉|x@evil\\.test|[ -~]){0,24}";

fn with(field: &'static str, text: &str) -> Draft {
    let text = text.to_owned();
    let plain = draft();
    let file = attachment("a.txt", b"x");
    match field {
        "from" => Draft {
            from: Mailbox {
                name: Some(text),
                ..plain.from.clone()
            },
            ..plain
        },
        "to" => Draft {
            to: vec![Mailbox {
                name: Some(text),
                ..plain.to[0].clone()
            }],
            ..plain
        },
        "subject" => Draft {
            subject: Some(text),
            ..plain
        },
        "in_reply_to" => Draft {
            in_reply_to: Some(text),
            ..plain
        },
        "references" => Draft {
            references: Some(text),
            ..plain
        },
        "list_unsubscribe" => Draft {
            list_unsubscribe: Some(text),
            ..plain
        },
        "message_id" => Draft {
            message_id: text,
            ..plain
        },
        "attachment.name" => Draft {
            attachments: vec![Attachment { name: text, ..file }],
            ..plain
        },
        "attachment.content_type" => Draft {
            attachments: vec![Attachment {
                content_type: Some(text),
                ..file
            }],
            ..plain
        },
        "attachment.content_id" => Draft {
            attachments: vec![Attachment {
                content_id: Some(text),
                ..file
            }],
            ..plain
        },
        "text" => Draft {
            text: Some(text),
            attachments: vec![file],
            ..plain
        },
        "html" => Draft {
            html: Some(text),
            attachments: vec![file],
            ..plain
        },
        other => panic!("no field {other}"),
    }
}

const HEADER_FIELDS: [&str; 10] = [
    "from",
    "to",
    "subject",
    "in_reply_to",
    "references",
    "list_unsubscribe",
    "message_id",
    "attachment.name",
    "attachment.content_type",
    "attachment.content_id",
];

#[test]
fn control_characters_are_refused_in_every_field() {
    for field in HEADER_FIELDS {
        for c in (0..=0x1f).chain(0x7f..=0x9f).filter_map(char::from_u32) {
            for text in [format!("a{c}b"), format!("{c}a"), format!("a{c}")] {
                assert_eq!(
                    compose(&with(field, &text), SEED),
                    Err(ComposeError {
                        field,
                        reason: Reason::Control
                    }),
                    "{field} {text:?}"
                );
            }
        }
    }
}

/// The field names a draft gives when nothing is hostile in it.
fn expected_names(field: &str) -> Vec<&'static str> {
    let mut names = vec!["From", "To", "Subject", "Message-ID"];
    match field {
        "in_reply_to" => names.push("In-Reply-To"),
        "references" => names.push("References"),
        _ => {}
    }
    names.push("Date");
    if field == "list_unsubscribe" {
        names.push("List-Unsubscribe");
    }
    names.extend(["MIME-Version", "Content-Type"]);
    if !field.starts_with("attachment") && !matches!(field, "text" | "html") {
        names.push("Content-Transfer-Encoding");
    }
    names
}

/// Composes with this text in this field: refused, or nothing is added.
pub(super) fn check(field: &'static str, text: &str) -> Result<(), TestCaseError> {
    let draft = with(field, text);
    let raw = match compose(&draft, SEED) {
        Ok(raw) => raw,
        Err(error) => {
            prop_assert_eq!(error.field, field);
            return Ok(());
        }
    };
    assert_on_wire(&raw);
    prop_assert_eq!(field_names(&raw), expected_names(field));
    let message = MessageParser::new().parse(&raw).unwrap();
    let to: Vec<_> = message.to().unwrap().iter().map(|a| a.address()).collect();
    prop_assert_eq!(to, [Some("kim@customer.example")]);
    let from: Vec<_> = message
        .from()
        .unwrap()
        .iter()
        .map(|a| a.address())
        .collect();
    prop_assert_eq!(from, [Some("hello@shop.example")]);
    let leaves = 1 + draft.attachments.len() + usize::from(draft.html.is_some());
    let multiparts = usize::from(leaves > 1) + usize::from(draft.html.is_some());
    prop_assert_eq!(message.parts.len(), leaves + multiparts);
    let found = summary(&raw);
    prop_assert_eq!(found.attachments.len(), draft.attachments.len());
    if field == "subject" && !text.trim().is_empty() {
        prop_assert_eq!(found.subject.as_deref(), Some(text));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_injected(text in HOSTILE) {
        for field in HEADER_FIELDS.iter().chain(&["text", "html"]) {
            check(field, &text)?;
        }
    }

    #[test]
    fn nothing_is_injected_by_printable_text(text in "\\PC{0,200}") {
        for field in HEADER_FIELDS.iter().chain(&["text", "html"]) {
            check(field, &text)?;
        }
    }
}
