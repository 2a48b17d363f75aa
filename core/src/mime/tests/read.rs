use std::fmt::Write as _;

use proptest::prelude::*;

use crate::mime::read::{Summary, summary};

#[test]
fn a_message_of_another_hand() {
    let found = summary(
        b"From: =?iso-8859-1?Q?J=F6rg?= <j@a.test>, Kim <k@a.test>\n\
          To: undisclosed-recipients:;\n\
          Cc: \"Lee, Kim\" <l@a.test>\n\
          Subject: =?utf-8?B?R3LDvMOfZQ==?=\n =?utf-8?Q?_aus=0D=0ABcc:_x?=\n\
          Date: Sat, 09 Mar 2024 09:15:30 +0100\n\
          Message-ID: <x@y>\n\
          Content-Type: multipart/mixed; boundary=b\n\
          \n\
          preamble\n\
          --b\n\
          Content-Type: text/plain; charset=iso-8859-1\n\
          Content-Transfer-Encoding: quoted-printable\n\
          \n\
          Gr=FC=DFe\n\
          --bc is text\n\
          --b \n\
          Content-Type: message/rfc822\n\
          \n\
          Subject: inner\n\
          \n\
          inner text\n\
          --b\n\
          \n\
          second text\n\
          --b--\n\
          epilogue\n",
    );
    assert_eq!(
        found.from.as_deref(),
        Some("Jörg <j@a.test>, Kim <k@a.test>")
    );
    assert_eq!(found.cc.as_deref(), Some("\"Lee, Kim\" <l@a.test>"));
    assert_eq!(found.subject.as_deref(), Some("Grüße aus  Bcc: x"));
    assert_eq!(found.date_ms, Some(1_709_972_130_000));
    assert_eq!(found.message_id.as_deref(), Some("x@y"));
    assert_eq!(found.text.as_deref(), Some("Grüße\n--bc is text"));
    assert_eq!(found.html, None);
    let kinds: Vec<_> = found
        .attachments
        .iter()
        .map(|a| a.content_type.as_str())
        .collect();
    assert_eq!(kinds, ["message/rfc822", "text/plain"]);
    assert_eq!(found.attachments[0].size_bytes, 26);
}

#[test]
fn bytes_that_are_no_message() {
    assert_eq!(summary(b"").text.as_deref(), Some(""));
    assert_eq!(
        summary(b"\r\nonly text\r\n").text.as_deref(),
        Some("only text")
    );
    assert_eq!(summary(&[0xff; 10]).subject, None);
}

fn nested(levels: usize) -> String {
    let mut text = "Subject: deep\n".to_owned();
    for level in 0..levels {
        write!(
            text,
            "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
        )
        .unwrap();
    }
    text + "\nbottom\n"
}

fn wide(parts: usize) -> String {
    let part = "--b\nContent-Type: application/pdf\n\nx\n";
    format!(
        "Subject: wide\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
        part.repeat(parts)
    )
}

#[test]
fn past_the_bounds_there_are_header_fields_only() {
    assert_eq!(
        summary(nested(32).as_bytes()).text.as_deref(),
        Some("bottom\n")
    );
    let deep = summary(nested(33).as_bytes());
    assert_eq!((deep.subject.as_deref(), deep.text), (Some("deep"), None));
    assert_eq!(summary(wide(255).as_bytes()).attachments.len(), 255);
    let wide = summary(wide(256).as_bytes());
    assert_eq!(
        (wide.subject.as_deref(), wide.attachments.len()),
        (Some("wide"), 0)
    );
}

/// A parser that recurses would run out of stack.
#[test]
fn a_tower_of_messages_does_no_harm() {
    let tower = "Content-Type: message/rfc822\n\n".repeat(200_000);
    assert_eq!(summary(tower.as_bytes()).attachments.len(), 1);
    let tower = nested(50_000);
    assert_eq!(summary(tower.as_bytes()).text, None);
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _: Summary = summary(&raw);
    }

    #[test]
    fn any_message_like_text_is_read(text in "(From: |To: |Subject: |Date: |Content-Type: (multipart/mixed; boundary=b|text/html|message/rfc822|text/plain; charset=x)|Content-Transfer-Encoding: (base64|quoted-printable)|=\\?utf-8\\?|<|>|,|\"|--b|--|=|AAAA|\r\n|\n|\n\n|\\PC){0,60}") {
        let _: Summary = summary(text.as_bytes());
    }
}
