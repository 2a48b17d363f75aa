use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::*;
use crate::mime::read::summary;

#[test]
fn a_small_message_is_exactly_this() {
    let raw = String::from_utf8(composed(&draft())).unwrap();
    assert_eq!(
        raw,
        "From: Shop <hello@shop.example>\r\n\
         To: kim@customer.example\r\n\
         Subject: Order 9\r\n\
         Message-ID: <1@mailer.test>\r\n\
         Date: Sat, 09 Mar 2024 08:15:30 +0000\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         Hi\r\n"
    );
}

#[test]
fn every_field_is_written_once_and_bcc_never() {
    let draft = Draft {
        cc: vec![mailbox("c@d.ef")],
        reply_to: vec![mailbox("r@d.ef"), mailbox("s@d.ef")],
        in_reply_to: Some("x@y".to_owned()),
        references: Some("<a@b> c@d<e@f>".to_owned()),
        list_unsubscribe: Some("<https://d.ef/u?x=1>, <mailto:u@d.ef>".to_owned()),
        one_click: OneClick::Offered,
        ..draft()
    };
    let raw = composed(&draft);
    assert_eq!(
        field_names(&raw),
        [
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Subject",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Date",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
        ]
    );
    let raw = String::from_utf8(raw).unwrap();
    for line in [
        "Reply-To: r@d.ef, s@d.ef\r\n",
        "In-Reply-To: <x@y>\r\n",
        "References: <a@b> <c@d> <e@f>\r\n",
        "List-Unsubscribe: <https://d.ef/u?x=1>, <mailto:u@d.ef>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
    ] {
        assert!(raw.contains(line), "{line}{raw}");
    }
}

#[test]
fn subjects_are_read_as_they_were_given() {
    let long_ascii = "word ".repeat(199) + "final";
    let no_blank = "x".repeat(1000);
    let japanese = "注文番号９の発送が完了しました。".repeat(20);
    for subject in [
        "Order 9",
        "注文の確認",
        "Grüße 🎉👩‍👩‍👧‍👦 from Zürich",
        "مرحبا بالعالم",
        "שלום \u{202b}rtl\u{202c} mixed",
        "=?utf-8?b?SGk=?=",
        "half =?utf-8?q?x?= way",
        "two  blanks, and  more",
        " leading",
        "trailing ",
        "a: b; c, <d> \"e\" (f) \\",
        "é",
        &long_ascii,
        &no_blank,
        &japanese,
    ] {
        let raw = composed(&Draft {
            subject: Some(subject.to_owned()),
            ..draft()
        });
        assert_eq!(summary(&raw).subject.as_deref(), Some(subject));
    }
}

#[test]
fn absent_and_empty_subjects() {
    let raw = composed(&Draft {
        subject: None,
        ..draft()
    });
    assert!(!field_names(&raw).contains(&"Subject".to_owned()));
    let raw = composed(&Draft {
        subject: Some(String::new()),
        ..draft()
    });
    assert!(field_names(&raw).contains(&"Subject".to_owned()));
}

#[test]
fn names_are_read_as_they_were_given() {
    for name in [
        "Kim",
        "Lee, Kim",
        "a \"b\" \\c",
        "Kim Lee",
        "O'Brien",
        "Dr. Kim (EU) @ Work <x@y.zz>",
        "キム・リー",
        "😀, \"x\" <a@b.cd>",
        "=?utf-8?q?x?=",
        "a name that is quite long, and longer than one line of a header has room for, really",
    ] {
        let to = Mailbox {
            name: Some(name.to_owned()),
            ..mailbox("kim@customer.example")
        };
        let raw = composed(&Draft {
            to: vec![to.clone(), to],
            ..draft()
        });
        let message = MessageParser::new().parse(&raw).unwrap();
        let list = message.to().unwrap().as_list().unwrap();
        let found: Vec<_> = list.iter().map(|one| (one.name(), one.address())).collect();
        assert_eq!(found, [(Some(name), Some("kim@customer.example")); 2]);
    }
}

#[test]
fn fifty_recipients_fold() {
    let to: Vec<_> = (0..50)
        .map(|n| mailbox(&format!("\"Number, {n}\" <recipient{n}@customer.example>")))
        .collect();
    let raw = composed(&Draft { to, ..draft() });
    assert!(raw.split(|&b| b == b'\n').all(|line| line.len() <= 79));
    let message = MessageParser::new().parse(&raw).unwrap();
    let list = message.to().unwrap().as_list().unwrap();
    assert_eq!(list.len(), 50);
    assert_eq!(list[49].name(), Some("Number, 49"));
    assert_eq!(list[49].address(), Some("recipient49@customer.example"));
}

/// As parts of a message, and as the message itself.
#[test]
fn bodies_are_read_as_they_were_given() {
    let long = "x".repeat(5000);
    let long_words = "wörd ".repeat(1000);
    let html = "<p>long line</p>".repeat(200);
    for (given, read) in [
        ("", ""),
        ("Hi", "Hi"),
        ("a\r\nb\nc\rd", "a\nb\nc\nd"),
        ("\r\n\r\n\r\n", "\n\n\n"),
        ("a\n\n\n", "a\n\n\n"),
        (" \n\t\n", " \n\t\n"),
        ("a\n   \n \n", "a\n   \n \n"),
        ("a\n  ", "a\n  "),
        ("a  \nb\t\n", "a  \nb\t\n"),
        (".\r\n..\r\n.hidden\r\n", ".\n..\n.hidden\n"),
        ("From me\n>From you\n", "From me\n>From you\n"),
        ("a\0b\u{1b}c\u{7f}d", "a\0b\u{1b}c\u{7f}d"),
        ("=3D = ==\n", "=3D = ==\n"),
        ("Grüße\n🎉\n", "Grüße\n🎉\n"),
        ("日本語だけの本文です。\n", "日本語だけの本文です。\n"),
        (
            "--=_0000000000000007_1\r\n--\n",
            "--=_0000000000000007_1\n--\n",
        ),
        (&long, &long),
        (&long_words, &long_words),
        (&html, &html),
    ] {
        let raw = composed(&Draft {
            text: Some(given.to_owned()),
            html: Some(given.to_owned()),
            ..draft()
        });
        let found = summary(&raw);
        assert_eq!(found.text.as_deref(), Some(read), "{given:.40?}");
        assert_eq!(found.html.as_deref(), Some(read), "{given:.40?}");

        let raw = composed(&Draft {
            text: Some(given.to_owned()),
            ..draft()
        });
        assert_eq!(summary(&raw).text.as_deref(), Some(read), "{given:.40?}");
    }
}

#[test]
fn structure_of_every_kind() {
    fn shape(draft: &Draft) -> String {
        fn walk(message: &mail_parser::Message<'_>, id: u32) -> String {
            let part = &message.parts[id as usize];
            let kind = part.content_type().unwrap().subtype().unwrap().to_owned();
            match &part.body {
                PartType::Multipart(ids) => {
                    let inner: Vec<_> = ids.iter().map(|&id| walk(message, id)).collect();
                    format!("{kind}({})", inner.join(" "))
                }
                _ => kind,
            }
        }
        let raw = composed(draft);
        let message = MessageParser::new().parse(&raw).unwrap();
        walk(&message, 0)
    }
    let text = Some("Hi".to_owned());
    let html = Some("<p>Hi</p>".to_owned());
    let inline = Attachment {
        content_id: Some("logo".to_owned()),
        ..attachment("logo.png", b"png")
    };
    let file = attachment("a.pdf", b"pdf");
    for (text, html, attachments, expected) in [
        (None, None, vec![], "plain"),
        (text.clone(), None, vec![], "plain"),
        (None, html.clone(), vec![], "html"),
        (
            text.clone(),
            html.clone(),
            vec![],
            "alternative(plain html)",
        ),
        (text.clone(), None, vec![&file], "mixed(plain pdf)"),
        (None, None, vec![&file], "mixed(plain pdf)"),
        (text.clone(), None, vec![&inline], "mixed(plain png)"),
        (None, html.clone(), vec![&inline], "related(html png)"),
        (
            text.clone(),
            html.clone(),
            vec![&file, &inline, &inline],
            "mixed(alternative(plain related(html png png)) pdf)",
        ),
    ] {
        let attachments = attachments.into_iter().cloned().collect();
        assert_eq!(
            shape(&Draft {
                text,
                html,
                attachments,
                ..draft()
            }),
            expected
        );
    }
}

#[test]
fn attachments_are_read_as_they_were_given() {
    let content: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let long = "long file name ".repeat(20) + ".pdf";
    for name in [
        "a.pdf",
        "a b \"c\" \\d; e=f.pdf",
        "請求書.pdf",
        "Zürich – Übersicht 🎉.pdf",
        "",
        &long,
    ] {
        let raw = composed(&Draft {
            attachments: vec![attachment(name, &content), attachment("empty.txt", b"")],
            ..draft()
        });
        let message = MessageParser::new().parse(&raw).unwrap();
        let part = message.attachment(0).unwrap();
        assert_eq!(part.attachment_name().unwrap_or_default(), name);
        assert_eq!(part.contents(), content);
        assert_eq!(message.attachment(1).unwrap().contents(), b"");
        let found = summary(&raw);
        assert_eq!(found.attachments.len(), 2);
        assert_eq!(found.attachments[0].size_bytes, 10_000);
        assert!(!found.attachments[0].inline);
    }
}

#[test]
fn inline_images_carry_their_id() {
    let raw = composed(&Draft {
        html: Some("<img src=\"cid:logo@x\">".to_owned()),
        attachments: vec![Attachment {
            content_id: Some("logo@x".to_owned()),
            content_type: Some("image/png; name=\"logo.png\"".to_owned()),
            ..attachment("logo.png", b"png")
        }],
        ..draft()
    });
    let found = &summary(&raw).attachments[0];
    assert_eq!(found.content_id.as_deref(), Some("logo@x"));
    assert_eq!(found.content_type, "image/png");
    assert!(found.inline);
}

#[test]
fn content_types_by_extension() {
    for (name, expected) in [
        ("a.PDF", "application/pdf"),
        ("a.jpeg", "image/jpeg"),
        ("a.b.csv", "text/csv"),
        ("noextension", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
    ] {
        let raw = composed(&Draft {
            attachments: vec![attachment(name, b"x")],
            ..draft()
        });
        assert_eq!(
            summary(&raw).attachments[0].content_type,
            expected,
            "{name}"
        );
    }
}

#[test]
fn long_threads_fold() {
    let ids: Vec<_> = (0..200)
        .map(|n| format!("<{n}.abcdefgh@mail.example>"))
        .collect();
    let raw = composed(&Draft {
        references: Some(ids.join(" ")),
        ..draft()
    });
    let message = MessageParser::new().parse(&raw).unwrap();
    assert_eq!(message.references().as_text_list().unwrap().len(), 200);
}

#[test]
fn the_last_date_is_written() {
    let raw = composed(&Draft {
        date_ms: 253_402_300_799_000,
        ..draft()
    });
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let both = Draft {
        html: Some("<p>Hi</p>".to_owned()),
        ..draft()
    };
    assert_eq!(compose(&both, 1), compose(&both, 1));
    assert_ne!(compose(&both, 1), compose(&both, 2));
}
