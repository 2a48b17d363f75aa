use imap_codec::imap_types::status::StatusDataItemName;

use super::*;

fn order(text: &str) -> Option<Order> {
    parse(text.as_bytes().to_vec())
        .ok()
        .map(|request| request.order)
}

const FINE: &[&str] = &[
    "a CAPABILITY",
    "a noop",
    "a LOGOUT",
    "a STARTTLS",
    "a AUTHENTICATE PLAIN",
    "a AUTHENTICATE PLAIN AGEAYg==",
    "a AUTHENTICATE PLAIN =",
    "a LOGIN kim \"pass word\"",
    "a LOGIN \"kim@\u{fc}.test\" \"gr\u{fc}n\"",
    "a SELECT INBOX",
    "a EXAMINE \"a b\"",
    "a SELECT x (CONDSTORE)",
    "a SELECT x (QRESYNC (7 20))",
    "a SELECT x (QRESYNC (7 20 1:5))",
    "a SELECT x (QRESYNC (7 20 1:5 (1,2 1,2)))",
    "a UNSELECT",
    "a CREATE x",
    "a DELETE x",
    "a RENAME x y",
    "a SUBSCRIBE x",
    "a UNSUBSCRIBE x",
    "a STATUS x (MESSAGES UIDNEXT SIZE HIGHESTMODSEQ DELETED)",
    "a IDLE",
    "a ENABLE QRESYNC CONDSTORE IMAP4rev2",
    "a NAMESPACE",
    "a ID NIL",
    "a ID (\"name\" \"x\")",
    "a GETQUOTA \"\"",
    "a GETQUOTAROOT INBOX",
    "a CHECK",
    "a CLOSE",
    "a EXPUNGE",
    "a UID EXPUNGE 1:5",
    "a COPY 1 x",
    "a UID COPY 1:* x",
    "a MOVE 1 x",
    "a UID MOVE 1 x",
    "a STORE 1 FLAGS (\\Seen)",
    "a STORE 1 +FLAGS.SILENT \\Deleted",
    "a UID STORE 1 (UNCHANGEDSINCE 5) -FLAGS ($Junk x)",
    "a STORE 1 FLAGS ()",
    "a FETCH 1 ALL",
    "a FETCH 1:*,3 (FLAGS UID ENVELOPE BODYSTRUCTURE RFC822.SIZE MODSEQ)",
    "a FETCH 1 BODY.PEEK[1.2.HEADER.FIELDS (TO \"X-Y\")]<0.100>",
    "a FETCH 1 BODY[]",
    "a FETCH 1 (BODY[1.MIME] BODY[TEXT] BINARY.PEEK[1] BINARY.SIZE[2])",
    "a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5 VANISHED)",
    "a FETCH $ FLAGS",
    "a SEARCH ALL",
    "a SEARCH CHARSET UTF-8 TEXT \"gr\u{fc}n\"",
    "a UID SEARCH RETURN (MIN COUNT) OR SEEN NOT 1:5",
    "a SEARCH RETURN () $",
    "a SEARCH MODSEQ 5",
    "a SEARCH MODSEQ \"/flags/\\\\draft\" all 620162338",
    "a SEARCH YOUNGER 60 LARGER 5 SENTSINCE 1-Feb-2024",
    "a LIST \"\" *",
    "a APPEND x (\\Seen) \" 1-Feb-2024 10:00:00 +0100\" {3}\r\nabc",
];

const WRONG: &[&str] = &[
    "a",
    "a ",
    "a XYZZY",
    "a NOOP x",
    "a LOGIN kim",
    "a FETCH 0 FLAGS",
    "a FETCH 1",
    "a FETCH 1 NOTHING",
    "a STORE 1 FLAGS",
    "a SEARCH",
    "a SEARCH NONSENSE",
    "a SEARCH RETURN (ALL)",
    "a SEARCH RETURN (EVERYTHING) ALL",
    "a SELECT",
    "a COPY 1",
    "a FETCH 1 BODY[]<0.0>",
    "a SELECT x (QRESYNC (0 20))",
    "a UID NOOP",
    "+ NOOP",
    "a LOGIN \"kim pass",
    "a APPEND x {3}\r\nabcd",
    "a LIST \"\"",
    "a LIST \"\" ()",
    "a LIST (RECURSIVEMATCH) \"\" *",
    "a LIST (NONSENSE) \"\" *",
    "a LIST \"\" * RETURN (NONSENSE)",
    "a LSUB (SUBSCRIBED) \"\" *",
    "a LIST \"\" * RETURN (STATUS (NONSENSE))",
    "a LIST \"\" * RETURN (STATUS ())",
    "a STATUS x ()",
    "a FETCH 1 ()",
];

#[test]
fn commands_are_known_by_their_form() {
    for text in FINE {
        assert!(order(&format!("{text}\r\n")).is_some(), "{text}");
    }
    for text in WRONG {
        assert!(order(&format!("{text}\r\n")).is_none(), "{text}");
    }
}

#[test]
fn what_is_wrong_keeps_its_tag() {
    let wrong = |text: &str| parse(text.as_bytes().to_vec()).unwrap_err().tag;
    assert_eq!(wrong("a1 XYZZY\r\n"), "a1");
    assert_eq!(wrong("(x\r\n"), "");
    assert_eq!(wrong("\r\n"), "");
}

#[test]
fn nested_keys_are_bounded() {
    let nested = |depth: usize| format!("a SEARCH {}SEEN\r\n", "NOT ".repeat(depth));
    assert!(order(&nested(8)).is_some());
    assert!(order(&nested(10_000)).is_none());
}

#[test]
fn a_message_is_taken_as_it_is() {
    let text = "a APPEND \"f\u{fc}nf\" (\\Seen x) \" 1-Feb-2024 10:00:00 +0100\" {9+}\r\n\
                a\r\n{3}\r\nb\r\n";
    let Some(Order::Append(found)) = order(text) else {
        panic!("no message");
    };
    assert_eq!(found.raw, b"a\r\n{3}\r\nb");
    assert_eq!(found.date_ms, Some(1_706_778_000_000));
    assert_eq!(found.flags.len(), 2);
    let Mailbox::Other(name) = found.mailbox else {
        panic!("no name");
    };
    assert_eq!(name.inner().as_ref(), "f\u{fc}nf".as_bytes());
}

#[test]
fn lists_say_what_and_how() {
    let found = |text: &str| match order(text) {
        Some(Order::List(found)) => found,
        other => panic!("{other:?}"),
    };
    let plain = found("a LIST \"ref/\" %\r\n");
    assert_eq!((plain.reference.as_str(), plain.extended), ("ref/", false));
    assert_eq!(plain.patterns, ["%"]);
    let full = found(
        "a LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (INBOX \"a b/%\" {2}\r\nc* d) \
         RETURN (CHILDREN SUBSCRIBED STATUS (MESSAGES SIZE))\r\n",
    );
    assert_eq!(full.patterns, ["INBOX", "a b/%", "c*", "d"]);
    assert!(full.select.subscribed && full.select.recursive && !full.select.special_use);
    assert!(full.give.subscribed && full.extended);
    let items = vec![StatusDataItemName::Messages, StatusDataItemName::Size];
    assert_eq!(full.give.status, Some(items));
    assert_eq!(found("a LSUB \"\" *\r\n").kind, Kind::Lsub);
    assert!(found("a LIST (SPECIAL-USE) \"\" *\r\n").select.special_use);
}

#[test]
fn searches_say_what_they_return() {
    let found = |text: &str| match order(text) {
        Some(Order::Search(found)) => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(found("a SEARCH SEEN\r\n").returns, None);
    let one = found("a UID SEARCH RETURN (MIN SAVE) SEEN 1:2\r\n");
    assert!(one.uid);
    assert_eq!(one.keys.len(), 2);
    let expected = Returns {
        min: true,
        save: true,
        ..Returns::default()
    };
    assert_eq!(one.returns, Some(expected));
    let nothing = found("a SEARCH RETURN () CHARSET UTF-8 ALL\r\n")
        .returns
        .unwrap();
    assert!(nothing.all && !nothing.save);
}

proptest::proptest! {
    #[test]
    fn no_bytes_do_harm(mut bytes: Vec<u8>) {
        bytes.extend_from_slice(b"\r\n");
        let _ = parse(bytes);
    }

    #[test]
    fn no_arguments_do_harm(verb in "(UID )?(FETCH|SEARCH|STORE|LIST|APPEND|SELECT)", rest in ".*") {
        let _ = parse(format!("a {verb} {rest}\r\n").into_bytes());
    }
}
