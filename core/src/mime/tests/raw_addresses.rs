//! Addresses as they are written.

use crate::mime::envelope::{Written, envelope};

fn shown(list: &[Written]) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let one = |written: &Written| match written {
        Written::Mailbox {
            name,
            route,
            local,
            domain,
        } => {
            let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
            let (name, route) = (name.as_deref().map(text), route.as_deref().map(text));
            format!(
                "{}|{}|{}|{}",
                or(name),
                or(route),
                text(local),
                text(domain)
            )
        }
        Written::Begin(name) => format!("{}:", text(name)),
        Written::End => ";".to_owned(),
    };
    list.iter().map(one).collect()
}

#[test]
fn lists_are_read_as_they_are_written() {
    let cases: [(&str, &[&str]); 16] = [
        ("a@b.test", &["-|-|a|b.test"]),
        ("<a@b.test>", &["-|-|a|b.test"]),
        ("Kim Lee <a@b.test>", &["Kim Lee|-|a|b.test"]),
        (
            "\"Lee, Kim \\\"K\\\"\" <a@b.test>, c@d",
            &["Lee, Kim \"K\"|-|a|b.test", "-|-|c|d"],
        ),
        (
            "=?utf-8?q?M=C3=BCller?= <m@b.test>",
            &["=?utf-8?q?M=C3=BCller?=|-|m|b.test"],
        ),
        ("a@b.test (Kim (the) Lee)", &["Kim (the) Lee|-|a|b.test"]),
        (
            "Friends: a@b, \"x y\"@z;, c@d",
            &["Friends:", "-|-|a|b", "-|-|x y|z", ";", "-|-|c|d"],
        ),
        (
            "undisclosed-recipients:;",
            &["undisclosed-recipients:", ";"],
        ),
        ("Group: a@b", &["Group:", "-|-|a|b", ";"]),
        ("<@one,@two:a@b>", &["-|@one,@two|a|b"]),
        ("postmaster", &["-|-|postmaster|"]),
        ("a@[192.0.2.1]", &["-|-|a|[192.0.2.1]"]),
        (",, ,", &[]),
        ("", &[]),
        ("<>", &["-|-||"]),
        ("Kim\r\n Lee <a\r\n @b.test>", &["Kim Lee|-|a|b.test"]),
    ];
    for (value, expected) in cases {
        let raw = format!("To: {value}\r\n\r\n");
        assert_eq!(shown(&envelope(raw.as_bytes()).to), expected, "{value}");
    }
}

#[test]
fn what_is_open_at_the_end_ends_there() {
    for value in [
        "\"open", "(open (", "<a@b", "[x", "a\\", "\"\\", "(\\", "x:", "@", ":;:;",
    ] {
        let raw = format!("To: {value}");
        let _ = shown(&envelope(raw.as_bytes()).to);
    }
}

#[test]
fn sender_and_reply_to_are_the_author_unless_said() {
    let found = envelope(b"From: a@b\r\nreply-to: c@d\r\nSubject: one\r\n two \r\n\r\n");
    assert_eq!(shown(&found.sender), ["-|-|a|b"]);
    assert_eq!(shown(&found.reply_to), ["-|-|c|d"]);
    assert_eq!(found.subject.as_deref(), Some(b"one two".as_slice()));
    assert_eq!(found.date, None);
}
