//! Trees, their pieces, and what is found in them.

use crate::mime::find::{Needle, in_body, in_field, in_header, sent_day};
use crate::mime::section::{NotDecoded, Piece, decoded, section};
use crate::mime::structure::{Structure, Within, structure};
use crate::mime::tree::Part;

/// The example of RFC 3501 section 6.4.5, in small.
const NESTED: &str = "From: a@b.test\r\nSubject: Outer\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=one\r\n\r\npreamble\r\n\
--one\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nfirst\r\n\
--one\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
Content-Disposition: attachment; filename=\"x.bin\"\r\n\r\nAAEC\r\n\
--one\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\nTo: c@d.test\r\n\
Content-Type: multipart/alternative; boundary=two\r\n\r\n\
--two\r\n\r\nplain\r\n--two\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--two--\r\n\
--one\r\nContent-Type: message/rfc822\r\n\r\nSubject: Bare\r\n\r\nbare text\r\n\
--one--\r\nepilogue\r\n";

fn piece(path: &[u32], piece: &Piece) -> Option<String> {
    let tree = Part::of(NESTED.as_bytes());
    let found = section(&tree, path, piece)?;
    Some(String::from_utf8(found.into_owned()).unwrap())
}

#[test]
fn fields_end_as_their_header_does() {
    for (raw, expected) in [
        ("Subject: a\r\nTo: b\r\n\r\nbody", "Subject: a\r\n\r\n"),
        ("To: b\r\n\r\nbody", "\r\n"),
        ("Subject: a\n\nbody", "Subject: a\n\r\n"),
        // RFC 9051 section 6.4.5: no empty line, where there is none.
        ("Subject: a\r\nTo: b\r\n", "Subject: a\r\n"),
        ("To: b", ""),
        ("no header", ""),
        ("", ""),
    ] {
        let tree = Part::of(raw.as_bytes());
        let found = section(&tree, &[], &Piece::Fields(vec![b"subject".to_vec()]));
        assert_eq!(found.as_deref(), Some(expected.as_bytes()), "{raw:?}");
    }
}

#[test]
fn pieces_are_found_by_their_numbers() {
    let named = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
    let subject = || Piece::Fields(named(&["SUBJECT"]));
    let cases: [(&[u32], Piece, Option<&str>); 24] = [
        (&[], Piece::Whole, Some(NESTED)),
        (&[], subject(), Some("Subject: Outer\r\n\r\n")),
        (
            &[],
            Piece::OtherFields(named(&["subject", "content-type", "x"])),
            Some("From: a@b.test\r\nMIME-Version: 1.0\r\n\r\n"),
        ),
        (&[], Piece::Mime, None),
        (&[1], Piece::Whole, Some("first")),
        (
            &[1],
            Piece::Mime,
            Some("Content-Type: text/plain; charset=utf-8\r\n\r\n"),
        ),
        (&[1], Piece::Header, None),
        (&[1], Piece::Text, None),
        (&[1, 1], Piece::Whole, None),
        (&[2], Piece::Whole, Some("AAEC")),
        (
            &[3],
            Piece::Mime,
            Some("Content-Type: message/rfc822\r\n\r\n"),
        ),
        (&[3], subject(), Some("Subject: Inner\r\n\r\n")),
        (
            &[3],
            Piece::Header,
            Some(
                "Subject: Inner\r\nTo: c@d.test\r\n\
                 Content-Type: multipart/alternative; boundary=two\r\n\r\n",
            ),
        ),
        (&[3, 1], Piece::Whole, Some("plain")),
        (&[3, 1], Piece::Mime, Some("\r\n")),
        (&[3, 2], Piece::Whole, Some("<p>html")),
        (&[3, 3], Piece::Whole, None),
        (&[3, 2, 1], Piece::Whole, None),
        (&[4], Piece::Whole, Some("Subject: Bare\r\n\r\nbare text")),
        (&[4], Piece::Text, Some("bare text")),
        (&[4, 1], Piece::Whole, Some("bare text")),
        (&[4, 1], Piece::Mime, Some("Subject: Bare\r\n\r\n")),
        (&[5], Piece::Whole, None),
        (&[0], Piece::Whole, None),
    ];
    for (path, wanted, expected) in cases {
        assert_eq!(
            piece(path, &wanted).as_deref(),
            expected,
            "{path:?} {wanted:?}"
        );
    }
}

#[test]
fn the_only_part_of_a_plain_message_is_number_one() {
    let tree = Part::of(b"Subject: x\r\n\r\nbody");
    let text = |path: &[u32], wanted| section(&tree, path, &wanted).map(|found| found.to_vec());
    assert_eq!(text(&[1], Piece::Whole), Some(b"body".to_vec()));
    assert_eq!(text(&[], Piece::Text), Some(b"body".to_vec()));
    assert_eq!(text(&[1, 1], Piece::Whole), None);
    assert_eq!(text(&[2], Piece::Whole), None);
}

#[test]
fn parts_are_decoded() {
    let tree = Part::of(NESTED.as_bytes());
    assert_eq!(decoded(&tree, &[2]).unwrap().as_ref(), [0, 1, 2]);
    assert_eq!(decoded(&tree, &[1]).unwrap().as_ref(), b"first");
    assert_eq!(decoded(&tree, &[9]).unwrap_err(), NotDecoded::Missing);
    let odd = Part::of(b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin");
    assert_eq!(decoded(&odd, &[1]).unwrap_err(), NotDecoded::Encoding);
}

#[test]
fn the_structure_has_every_part() {
    let found = structure(&Part::of(NESTED.as_bytes()));
    assert_eq!(found.kind, ("MULTIPART".to_owned(), "MIXED".to_owned()));
    assert_eq!(found.parameters, [(b"boundary".to_vec(), b"one".to_vec())]);
    let Within::Parts(parts) = found.within else {
        panic!("no parts");
    };
    let kinds: Vec<String> = parts
        .iter()
        .map(|part| format!("{}/{}", part.kind.0, part.kind.1))
        .collect();
    let rfc822 = "MESSAGE/RFC822";
    assert_eq!(
        kinds,
        ["TEXT/PLAIN", "APPLICATION/OCTET-STREAM", rfc822, rfc822]
    );
    assert_eq!((parts[0].size_bytes, parts[0].lines), (5, 0));
    assert_eq!(parts[1].encoding, b"BASE64");
    let disposition = (
        b"ATTACHMENT".to_vec(),
        vec![(b"filename".to_vec(), b"x.bin".to_vec())],
    );
    assert_eq!(parts[1].disposition, Some(disposition));
    let Within::Message(inner) = &parts[2].within else {
        panic!("no message");
    };
    assert_eq!(inner.0.subject.as_deref(), Some(b"Inner".as_slice()));
    assert_eq!(parts[2].lines, 11);
    assert!(matches!(&inner.1.within, Within::Parts(parts) if parts.len() == 2));
}

#[test]
fn hostile_trees_are_bounded() {
    let mut deep = String::new();
    for level in 0..200 {
        deep += &format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    let wide = format!(
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n{}",
        "--x\r\n\r\n".repeat(5_000)
    );
    let chain = "Content-Type: message/rfc822\r\n\r\n".repeat(500);
    for raw in [&deep, &wide, &chain] {
        let tree = Part::of(raw.as_bytes());
        assert!(count(&structure(&tree)) <= crate::limits::MIME_PARTS);
    }
    let empty = structure(&Part::of(
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n",
    ));
    assert_eq!(empty.kind, ("TEXT".to_owned(), "PLAIN".to_owned()));
    assert_eq!(structure(&Part::of(b"")).within, Within::Nothing);
}

fn count(one: &Structure) -> usize {
    1 + match &one.within {
        Within::Nothing => 0,
        Within::Message(inner) => count(&inner.1),
        Within::Parts(parts) => parts.iter().map(count).sum(),
    }
}

#[test]
fn texts_are_found_decoded_in_any_case() {
    let raw = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an Kim\r\nX-Empty:\r\n\
        Content-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nK=F6ln und so wei=\r\nter\r\n";
    let raw = raw.as_bytes();
    let needle = Needle::new;
    assert!(in_field(raw, b"subject", &needle("GRÜ")));
    assert!(in_field(raw, b"Subject", &needle("an kim")));
    assert!(!in_field(raw, b"Subject", &needle("an kin")));
    assert!(in_field(raw, b"X-Empty", &needle("")));
    assert!(!in_field(raw, b"X-None", &needle("")));
    assert!(in_body(raw, &needle("köln")));
    assert!(in_body(raw, &needle("WEITER")));
    assert!(!in_body(raw, &needle("Kim")));
    assert!(in_header(raw, &needle("grüße an")));
    assert!(!in_header(raw, &needle("köln")));
}

#[test]
fn the_day_of_sending_is_that_of_the_writer() {
    let cases = [
        ("Thu, 1 Jan 1970 23:30:00 -0500", Some(0)),
        ("Fri, 2 Jan 1970 00:30:00 +0200", Some(1)),
        ("Sat, 9 Mar 2024 08:15:30 +0000", Some(19_791)),
        ("never", None),
    ];
    for (date, day) in cases {
        let raw = format!("Date: {date}\r\n\r\n");
        assert_eq!(sent_day(raw.as_bytes()), day, "{date}");
    }
}
