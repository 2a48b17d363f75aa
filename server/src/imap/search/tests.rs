use posthouse::model::folder::Flags;

use super::super::command::{Order, parse};
use super::super::samples::item;
use super::*;

const NOW: Timestamp = Timestamp(1_709_972_190_000);
const RAW: &[u8] = b"Subject: Offer\r\nFrom: Kim <kim@a.test>\r\nX-Tag: one\r\n\
    Date: Fri, 8 Mar 2024 23:00:00 -0500\r\n\r\nThe body.\r\n";

fn view() -> View {
    let mut items: Vec<Item> = [10, 20, 30].map(|uid| item(uid, u64::from(uid))).to_vec();
    items[1].flags = Flags {
        seen: true,
        flagged: true,
        keywords: vec!["$Junk".to_owned()],
        ..Flags::default()
    };
    items[2].size_bytes = 5_000;
    View::new(items, 30)
}

fn key(text: &str) -> Result<Key, NoSuchNumber> {
    let command = format!("a SEARCH {text}\r\n").into_bytes();
    let Order::Search(seeking) = parse(command).unwrap().order else {
        panic!("no search");
    };
    Key::all(&seeking.keys, &view(), &[20, 30])
}

/// The uids that are found without bytes, and those where it is not known without.
fn known(text: &str) -> (Vec<u32>, Vec<u32>) {
    let key = key(text).unwrap();
    let (view, mut found) = (view(), (Vec::new(), Vec::new()));
    for item in view.items() {
        match key.finds(item, None, NOW) {
            Some(true) => found.0.push(item.uid),
            Some(false) => {}
            None => found.1.push(item.uid),
        }
    }
    found
}

#[test]
fn what_is_known_needs_no_bytes() {
    let cases: [(&str, &[u32]); 32] = [
        ("ALL", &[10, 20, 30]),
        ("SEEN", &[20]),
        ("UNSEEN", &[10, 30]),
        ("FLAGGED UNSEEN", &[]),
        ("UNFLAGGED", &[10, 30]),
        ("NOT SEEN", &[10, 30]),
        ("OR SEEN LARGER 4000", &[20, 30]),
        ("KEYWORD $junk", &[20]),
        ("UNKEYWORD $Junk", &[10, 30]),
        ("SMALLER 101", &[10, 20]),
        ("SMALLER 100", &[]),
        ("LARGER 99", &[10, 20, 30]),
        ("1:2", &[10, 20]),
        ("UID 20:*", &[20, 30]),
        ("3,1", &[10, 30]),
        ("(1:2 SEEN)", &[20]),
        ("$", &[20, 30]),
        ("UID $ UNSEEN", &[30]),
        ("OLD", &[10, 20, 30]),
        ("NEW", &[]),
        ("RECENT", &[]),
        ("ON 9-Mar-2024", &[10, 20, 30]),
        ("BEFORE 9-Mar-2024", &[]),
        ("SINCE 9-Mar-2024", &[10, 20, 30]),
        ("SINCE 10-Mar-2024", &[]),
        ("YOUNGER 60", &[10, 20, 30]),
        ("YOUNGER 59", &[]),
        ("OLDER 59", &[10, 20, 30]),
        ("MODSEQ 20", &[20, 30]),
        ("DELETED", &[]),
        ("UNDRAFT UNANSWERED UNDELETED", &[10, 20, 30]),
        ("DRAFT", &[]),
    ];
    for (text, uids) in cases {
        assert_eq!(known(text), (uids.to_vec(), Vec::new()), "{text}");
    }
}

#[test]
fn bytes_are_read_only_where_nothing_else_decides() {
    let cases: [(&str, &[u32], &[u32]); 5] = [
        ("SUBJECT x", &[], &[10, 20, 30]),
        ("SEEN SUBJECT x", &[], &[20]),
        ("SUBJECT x SEEN", &[], &[20]),
        ("OR SEEN TEXT x", &[20], &[10, 30]),
        ("NOT (SEEN BODY x)", &[10, 30], &[20]),
    ];
    for (text, found, unsure) in cases {
        assert_eq!(known(text), (found.to_vec(), unsure.to_vec()), "{text}");
    }
}

#[test]
fn bytes_decide_the_rest() {
    let one = item(10, 10);
    let cases = [
        ("SUBJECT offer", true),
        ("SUBJECT body", false),
        ("FROM KIM@", true),
        ("TO kim", false),
        ("CC x", false),
        ("BCC x", false),
        ("BODY body", true),
        ("BODY offer", false),
        ("TEXT offer", true),
        ("TEXT body", true),
        ("TEXT nothing", false),
        ("HEADER x-tag ONE", true),
        ("HEADER x-tag \"\"", true),
        ("HEADER x-none \"\"", false),
        ("SENTON 8-Mar-2024", true),
        ("SENTBEFORE 8-Mar-2024", false),
        ("SENTSINCE 9-Mar-2024", false),
        ("SENTSINCE 1-Jan-2024 SENTBEFORE 9-Mar-2024", true),
        ("NOT SUBJECT offer", false),
    ];
    for (text, expected) in cases {
        let found = key(text).unwrap().finds(&one, Some(RAW), NOW);
        assert_eq!(found, Some(expected), "{text}");
    }
}

#[test]
fn numbers_that_are_not_there_are_refused() {
    assert_eq!(key("4").err(), Some(NoSuchNumber));
    assert_eq!(key("NOT (SEEN 1:4)").err(), Some(NoSuchNumber));
    assert!(key("OR SEEN MODSEQ 5").unwrap().asks_for_changes());
    assert!(!key("OR SEEN 1").unwrap().asks_for_changes());
}
