use imap_codec::CommandCodec;
use imap_codec::decode::Decoder as _;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::fetch::MacroOrMessageDataItemNames;

use super::*;
use crate::imap::samples::item;

const RAW: &str = "Subject: Hi\r\nTo: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
    --x\r\n\r\nfirst\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\naGkA\r\n\
    --x\r\nContent-Transfer-Encoding: x-odd\r\n\r\n??\r\n--x--\r\n";

fn wants(names: &str) -> Vec<Want> {
    let command = format!("a FETCH 1 ({names})\r\n");
    let decoded = CommandCodec::default().decode(command.as_bytes()).unwrap();
    let CommandBody::Fetch {
        macro_or_item_names: MacroOrMessageDataItemNames::MessageDataItemNames(names),
        ..
    } = decoded.1.body
    else {
        panic!("no names");
    };
    names.iter().map(Want::of).collect()
}

fn shown(names: &str) -> Result<String, UnknownEncoding> {
    let mut out = Vec::new();
    message(
        &mut out,
        3,
        &item(30, 5),
        &wants(names),
        Known::whole(RAW.as_bytes()),
    )?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn each_thing_is_shown_as_the_rfc_has_it() {
    let cases = [
        ("FLAGS UID", "FLAGS () UID 30"),
        ("RFC822.SIZE MODSEQ", "RFC822.SIZE 100 MODSEQ (5)"),
        (
            "INTERNALDATE",
            "INTERNALDATE \" 9-Mar-2024 08:15:30 +0000\"",
        ),
        ("BODY[1]", "BODY[1] {5}\r\nfirst"),
        ("BODY.PEEK[1]<1.2>", "BODY[1]<1> {2}\r\nir"),
        ("BODY[1]<9.2>", "BODY[1]<9> {0}\r\n"),
        ("BODY[1]<3.4294967295>", "BODY[1]<3> {2}\r\nst"),
        ("BODY[9]", "BODY[9] NIL"),
        (
            "BODY[2.MIME]",
            "BODY[2.MIME] {37}\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        ),
        (
            "BODY[HEADER.FIELDS (subject \"x y\")]",
            "BODY[HEADER.FIELDS (subject \"x y\")] {15}\r\nSubject: Hi\r\n\r\n",
        ),
        (
            "BODY[HEADER.FIELDS.NOT (Content-Type)]",
            "BODY[HEADER.FIELDS.NOT (Content-Type)] {24}\r\nSubject: Hi\r\nTo: a@b\r\n\r\n",
        ),
        ("BINARY[2]", "BINARY[2] ~{3}\r\nhi\0"),
        ("BINARY.SIZE[2]", "BINARY.SIZE[2] 3"),
        ("BINARY.PEEK[2]<0.2>", "BINARY[2]<0> {2}\r\nhi"),
    ];
    for (names, expected) in cases {
        assert_eq!(
            shown(names).unwrap(),
            format!("* 3 FETCH ({expected})\r\n"),
            "{names}"
        );
    }
    for (names, start) in [
        ("ENVELOPE", "ENVELOPE (NIL \"Hi\" NIL"),
        ("BODY", "BODY ((\"TEXT\""),
        ("BODYSTRUCTURE", "BODYSTRUCTURE ((\"TEXT\""),
        ("RFC822.HEADER", "RFC822.HEADER {67}\r\nSubject: Hi"),
        ("RFC822.TEXT", "RFC822.TEXT {"),
    ] {
        let found = shown(names).unwrap();
        assert!(found.starts_with(&format!("* 3 FETCH ({start}")), "{found}");
    }
    let whole = format!("* 3 FETCH (BODY[] {{{}}}\r\n{RAW})\r\n", RAW.len());
    assert_eq!(shown("BODY[]").unwrap(), whole);
    assert_eq!(
        shown("BODY[3]").unwrap(),
        "* 3 FETCH (BODY[3] {2}\r\n??)\r\n"
    );
    assert_eq!(shown("UID BINARY[3]"), Err(UnknownEncoding));
}

#[test]
fn nothing_is_read_that_is_not_needed() {
    for (names, needs, sees) in [
        (
            "FLAGS UID RFC822.SIZE INTERNALDATE MODSEQ",
            Reads::Nothing,
            false,
        ),
        ("ENVELOPE FLAGS", Reads::Outline(Wanted::LISTED), false),
        ("BODYSTRUCTURE", Reads::Outline(Wanted::STRUCTURE), false),
        (
            "BODY ENVELOPE",
            Reads::Outline(Wanted::STRUCTURE.and(Wanted::LISTED)),
            false,
        ),
        ("BODY ENVELOPE BODY.PEEK[1]", Reads::Bytes, false),
        ("BODY[]", Reads::Bytes, true),
        ("BODY.PEEK[]", Reads::Bytes, false),
        ("RFC822", Reads::Bytes, true),
        (
            "BODY.PEEK[HEADER.FIELDS (To X-Y)]",
            Reads::Outline(Wanted::HEAD),
            false,
        ),
        ("RFC822.HEADER", Reads::Outline(Wanted::HEAD), false),
        (
            "BODY.PEEK[HEADER.FIELDS (To)]",
            Reads::Outline(Wanted::LISTED),
            false,
        ),
        (
            "BODY.PEEK[HEADER.FIELDS.NOT (To)]",
            Reads::Outline(Wanted::HEAD),
            false,
        ),
        ("BODY.PEEK[1.HEADER]", Reads::Bytes, false),
        ("ENVELOPE BODY.PEEK[TEXT]", Reads::Bytes, false),
        ("RFC822.TEXT", Reads::Bytes, true),
        ("BINARY[1]", Reads::Bytes, true),
        ("BINARY.PEEK[1]", Reads::Bytes, false),
    ] {
        let wants = wants(names);
        let reads = wants.iter().map(Want::reads);
        assert_eq!(reads.fold(Reads::Nothing, Reads::and), needs, "{names}");
        assert_eq!(wants.iter().any(Want::sees), sees, "{names}");
    }
}
