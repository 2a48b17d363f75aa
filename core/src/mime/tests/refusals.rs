//! What has no form in a message is refused, field by field.

use super::*;
use crate::mime::compose::{ComposeError, Reason};

fn refused(draft: &Draft) -> (&'static str, Reason) {
    let ComposeError { field, reason } = compose(draft, SEED).unwrap_err();
    (field, reason)
}

#[test]
fn addresses_outside_ascii() {
    let list = || vec![mailbox("用户@acme.test")];
    for (field, draft) in [
        (
            "from",
            Draft {
                from: list().remove(0),
                ..draft()
            },
        ),
        (
            "to",
            Draft {
                to: list(),
                ..draft()
            },
        ),
        (
            "cc",
            Draft {
                cc: list(),
                ..draft()
            },
        ),
        (
            "reply_to",
            Draft {
                reply_to: list(),
                ..draft()
            },
        ),
    ] {
        assert_eq!(refused(&draft), (field, Reason::NotAscii));
    }
}

#[test]
fn message_ids() {
    let long = "x".repeat(901);
    for (value, reason) in [
        ("", Reason::Malformed),
        ("<>", Reason::Malformed),
        ("<a@b", Reason::Malformed),
        ("a>b", Reason::Malformed),
        ("<a b@c>", Reason::Malformed),
        ("ä@b", Reason::NotAscii),
        (long.as_str(), Reason::TooLong),
    ] {
        let some = Some(value.to_owned());
        let reply = Draft {
            in_reply_to: some.clone(),
            ..draft()
        };
        assert_eq!(refused(&reply), ("in_reply_to", reason));
        let thread = Draft {
            references: some,
            ..draft()
        };
        assert_eq!(refused(&thread), ("references", reason));
        let own = Draft {
            message_id: value.to_owned(),
            ..draft()
        };
        assert_eq!(refused(&own), ("message_id", reason));
    }
    let own = Draft {
        message_id: "<a@b>".to_owned(),
        ..draft()
    };
    assert_eq!(refused(&own), ("message_id", Reason::Malformed));
}

#[test]
fn list_unsubscribe() {
    let long = "x".repeat(901);
    for (value, reason) in [
        ("", Reason::Malformed),
        ("  ", Reason::Malformed),
        ("<https://ä.test>", Reason::NotAscii),
        (long.as_str(), Reason::TooLong),
    ] {
        let draft = Draft {
            list_unsubscribe: Some(value.to_owned()),
            ..draft()
        };
        assert_eq!(refused(&draft), ("list_unsubscribe", reason));
    }
}

#[test]
fn dates() {
    for date_ms in [-1, i64::MIN, i64::MAX, 253_402_300_799_001] {
        let draft = Draft { date_ms, ..draft() };
        assert_eq!(refused(&draft), ("date", Reason::OutOfRange));
    }
}

#[test]
fn attachments() {
    let long = format!("text/{}", "x".repeat(300));
    let with = |file| Draft {
        attachments: vec![file],
        ..draft()
    };
    for (kind, reason) in [
        ("", Reason::Malformed),
        ("text", Reason::Malformed),
        ("text/", Reason::Malformed),
        ("/plain", Reason::Malformed),
        ("*/*", Reason::Malformed),
        ("text/plain/x", Reason::Malformed),
        ("a b/c", Reason::Malformed),
        ("multipart/mixed; boundary=x", Reason::Malformed),
        ("Message/RFC822", Reason::Malformed),
        ("text/plain; x=\"ä\"", Reason::NotAscii),
        (long.as_str(), Reason::TooLong),
    ] {
        let file = Attachment {
            content_type: Some(kind.to_owned()),
            ..attachment("a.txt", b"x")
        };
        assert_eq!(
            refused(&with(file)),
            ("attachment.content_type", reason),
            "{kind}"
        );
    }
    for (id, reason) in [
        ("", Reason::Malformed),
        ("<x>", Reason::Malformed),
        ("a b", Reason::Malformed),
        ("ä", Reason::NotAscii),
    ] {
        let file = Attachment {
            content_id: Some(id.to_owned()),
            ..attachment("a.png", b"x")
        };
        assert_eq!(
            refused(&with(file)),
            ("attachment.content_id", reason),
            "{id}"
        );
    }
}
