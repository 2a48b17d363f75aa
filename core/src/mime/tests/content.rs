use proptest::prelude::*;

use crate::limits::{ADDRESSES_READ, HEADER_BYTES, HEADER_FIELDS, LINKS};
use crate::mime::content::{Content, Named, content};
use crate::mime::headers::{fields, head};
use crate::mime::parts::{attachment, attachments};

fn named(name: &str, address: &str) -> Named {
    Named {
        address: address.to_owned(),
        name: name.to_owned(),
    }
}

const MAIL: &[u8] = b"From: =?iso-8859-1?Q?J=F6rg?= <j@a.test>\r\n\
    To: \"Lee, Kim\" <l@a.test>,\r\n friends: k@a.test, Mo <m@a.test>;\r\n\
    Reply-To: back@a.test\r\n\
    Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n =?utf-8?Q?_aus_Ulm?=\r\n\
    Message-ID: <x@y.test>\r\n\
    In-Reply-To: <one@y.test> <two@y.test>\r\n\
    Date: Sat, 09 Mar 2024 09:15:30 +0100\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\
    \r\n\
    --b\r\n\
    Content-Type: multipart/alternative; boundary=c\r\n\
    \r\n\
    --c\r\n\
    \r\n\
    See https://one.test/a?b=c&d. Or (http://two.test/x), not ftp://no.test/.\r\n\
    Again https://one.test/a?b=c&d\r\n\
    --c\r\n\
    Content-Type: text/html\r\n\
    \r\n\
    <style>p{background:url(https://no.test/)}</style>\r\n\
    <a href='https://one.test/a?b=c&amp;d'>one</a> <a href=mailto:k@a.test>mail</a>\r\n\
    <a href=\" HTTPS://three.test/ \">https://four.test/?a&amp;b</a>\r\n\
    <img src=https://no.test/pixel.gif><a href=/relative>x</a>\r\n\
    --c--\r\n\
    --b\r\n\
    Content-Type: application/pdf; name=\"a.pdf\"\r\n\
    Content-Transfer-Encoding: base64\r\n\
    Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf\r\n\
    \r\n\
    aGVsbG8=\r\n\
    --b\r\n\
    Content-Type: text/plain\r\n\
    \r\n\
    hello\r\n\
    --b--\r\n";

#[test]
fn the_content_of_a_mail() {
    let hello = "5d41402abc4b2a76b9719d911017c592".to_owned();
    let expected = Content {
        from: vec![named("J\u{f6}rg", "j@a.test")],
        to: vec![
            named("Lee, Kim", "l@a.test"),
            named("", "k@a.test"),
            named("Mo", "m@a.test"),
        ],
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: vec![named("", "back@a.test")],
        subject: Some("Gr\u{fc}\u{df}e aus Ulm".to_owned()),
        message_id: Some("x@y.test".to_owned()),
        in_reply_to: Some("one@y.test".to_owned()),
        date_ms: Some(1_709_972_130_000),
        links: [
            "https://one.test/a?b=c&d",
            "http://two.test/x",
            "HTTPS://three.test/",
            "https://four.test/?a&b",
        ]
        .map(str::to_owned)
        .to_vec(),
        attachments: vec![hello.clone(), hello],
    };
    assert_eq!(content(MAIL), expected);
}

#[test]
fn nothing_is_content_too() {
    assert_eq!(content(b""), Content::default());
    assert_eq!(content(b"\r\n\r\n"), Content::default());
    assert_eq!(content(&[0xff; 99]), Content::default());
}

#[test]
fn long_lists_end_somewhere() {
    let many = "Kim <k@a.test>, ".repeat(10_000);
    let group = format!("From: all: {many};\nTo: {many}\n\n");
    let found = content(group.as_bytes());
    assert_eq!(found.from.len(), ADDRESSES_READ);
    // The second field is past the bytes of a header that are looked at, but for its start.
    assert!(!found.to.is_empty() && found.to.len() <= ADDRESSES_READ);
    let links: String = (0..=LINKS)
        .map(|n| format!("https://a.test/{n} "))
        .collect();
    let html = format!("Content-Type: text/html\n\n{links}<a href=https://b.test/>");
    assert_eq!(content(format!("\n{links}").as_bytes()).links.len(), LINKS);
    assert_eq!(content(html.as_bytes()).links.len(), LINKS);
}

#[test]
fn a_header_is_looked_at_so_far() {
    let huge = format!(
        "Subject: a\nX: {}\nTo: b@a.test\n\nhttps://a.test/",
        "x ".repeat(HEADER_BYTES)
    );
    let found = content(huge.as_bytes());
    assert_eq!((found.subject.as_deref(), found.to.len()), (Some("a"), 0));
    assert_eq!(found.links, ["https://a.test/"]);
    let many = format!("{}To: b@a.test\n\n", "X: y\n".repeat(HEADER_FIELDS));
    assert_eq!(content(many.as_bytes()).to, []);
    assert_eq!(fields(many.as_bytes()).len(), HEADER_FIELDS);
    assert_eq!(head(many.as_bytes()).len(), many.len());
}

#[test]
fn the_first_parts_of_too_many_are_looked_at() {
    let part = "--b\nContent-Type: application/pdf\n\nx\n".repeat(10_000);
    let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n{part}--b--\n");
    assert_eq!(content(raw.as_bytes()).attachments.len(), 255);
}

#[test]
fn fields_are_told_in_order() {
    let raw = b"Received: one;\r\n\tSat\r\nX-A:  two  blanks\r\nreceived: two\r\nno field\r\n\
        Subject: \xc3\xa9 =?utf-8?q?=C3=BC?=\r\nX-B:\r\n\r\nbody: no\r\n";
    let found: Vec<_> = fields(raw).into_iter().map(|f| (f.name, f.value)).collect();
    let expected = [
        ("Received", "one; Sat"),
        ("X-A", "two  blanks"),
        ("received", "two"),
        ("Subject", "\u{e9} \u{fc}"),
        ("X-B", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(head(raw), &raw[..raw.len() - b"body: no\r\n".len()]);
    assert_eq!(head(b"only text\n\nmore"), b"");
}

#[test]
fn an_attachment_has_three_names() {
    let listed = attachments(MAIL);
    let pdf = &listed[0];
    assert_eq!(pdf.file_name.as_deref(), Some("r\u{e9}sum\u{e9}.pdf"));
    assert_eq!((pdf.size_bytes, pdf.related), (5, false));
    assert_eq!(pdf.disposition.as_deref(), Some("attachment"));
    assert_eq!(pdf.transfer_encoding.as_deref(), Some("base64"));
    assert_eq!(pdf.headers[0].name, "Content-Type");
    let page = b"Content-Type: multipart/related; boundary=r\n\n--r\n\
        Content-Type: image/png\nContent-ID: <logo@a.test>\n\npng\n--r--\n";
    for (raw, identifier) in [
        (MAIL, pdf.checksum.as_str()),
        (MAIL, &pdf.checksum.to_uppercase()),
        (MAIL, "r\u{e9}sum\u{e9}.pdf"),
        (page, "logo@a.test"),
        (page, "<logo@a.test>"),
    ] {
        let found = attachment(raw, identifier).map(|(_, bytes)| bytes);
        let bytes: &[u8] = if raw == MAIL { b"hello" } else { b"png" };
        assert_eq!(found.as_deref(), Some(bytes), "{identifier}");
    }
    assert!(attachments(page)[0].related);
    for stranger in ["", "<>", "a.pdf", "5d41402abc4b2a76b9719d911017c593"] {
        assert!(attachment(MAIL, stranger).is_none(), "{stranger}");
    }
}

/// Looks at everything that reading has.
fn read_all(raw: &[u8]) {
    let found = content(raw);
    assert!(found.links.iter().all(|link| link.contains("://")));
    let listed = attachments(raw);
    assert_eq!(listed.len(), found.attachments.len());
    for part in &listed {
        let (again, bytes) = attachment(raw, &part.checksum).expect("listed");
        assert_eq!(
            (&again.checksum, again.size_bytes),
            (&part.checksum, bytes.len() as u64)
        );
    }
    assert!(raw.starts_with(head(raw)));
    let _ = fields(raw);
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&raw);
    }

    #[test]
    fn any_message_like_text_is_read(text in "(From: |To: |Subject: |Date: |Message-ID: |Content-ID: <a>|Content-Disposition: attachment; filename\\*0=|Content-Type: (multipart/mixed; boundary=b|text/html|message/rfc822|text/plain; charset=(gb18030|utf-7|iso-2022-jp))|Content-Transfer-Encoding: (base64|quoted-printable)|=\\?(utf-8|gb18030|utf-7|iso-2022-jp)\\?[bq]\\?|\\?=|<a href=|https://a.test/|<|>|,|:|;|\"|--b|--|=|AAAA|\r\n|\n|\n\n|\\PC){0,60}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn any_bytes_in_any_charset_are_read(
        charset in "(gb18030|gbk|big5|euc-kr|euc-jp|shift_jis|iso-2022-jp|utf-7|utf-16|utf-16be|koi8-r|macintosh|x-user-defined|iso-2022-kr)",
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut raw = format!("Subject: =?{charset}?q?").into_bytes();
        raw.extend(bytes.iter().filter(|b| !b"?\r\n".contains(b)));
        raw.extend(format!("?=\nContent-Type: text/plain; charset={charset}\n\n").bytes());
        raw.extend(&bytes);
        read_all(&raw);
    }
}
