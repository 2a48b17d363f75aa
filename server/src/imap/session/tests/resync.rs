//! Who comes back.

use super::*;

#[test]
fn who_comes_back_is_told_what_changed() {
    let mut talk = Talk::known();
    talk.says("b ENABLE QRESYNC", vec![]);
    let told = talk.says(
        "c SELECT INBOX (QRESYNC (7 20 1:20))",
        vec![selected(&[10, 30], 50)],
    );
    let since = matches!(
        &talk.asked[0],
        Question::Select {
            since: Some(20),
            ..
        }
    );
    assert!(since, "{:?}", talk.asked);
    assert!(told.contains("* VANISHED (EARLIER) 3:4,9\r\n"), "{told}");
    assert!(!told.contains("FETCH"), "30 is not among the known: {told}");
    let told = talk.says(
        "d SELECT INBOX (QRESYNC (7 20))",
        vec![selected(&[10, 30], 50)],
    );
    assert!(told.starts_with("* OK [CLOSED] "), "{told}");
    assert!(
        told.contains("* 2 FETCH (UID 30 FLAGS () MODSEQ (30))\r\n"),
        "{told}"
    );
    // Other uids mean another folder.
    let told = talk.says(
        "e SELECT INBOX (QRESYNC (8 20))",
        vec![selected(&[10, 30], 50)],
    );
    assert!(
        !told.contains("VANISHED") && !told.contains("FETCH"),
        "{told}"
    );
    let told = talk.says(
        "f UID FETCH 1:5 FLAGS (CHANGEDSINCE 10 VANISHED)",
        vec![Answer::Changes(None), news(50, vec![], &[3, 4, 9])],
    );
    assert_eq!(told, "* VANISHED (EARLIER) 3:4\r\nf OK Done\r\n");
    // What goes while it is read is still there for the client, and told as news.
    let told = talk.says(
        "f2 SELECT INBOX (QRESYNC (7 20))",
        vec![selected(&[9, 10], 50)],
    );
    assert!(told.contains("* VANISHED (EARLIER) 3:4\r\n"), "{told}");
    let told = talk.says(
        "f3 UID FETCH 1:10 FLAGS (CHANGEDSINCE 20 VANISHED)",
        vec![Answer::Changes(None), news(50, vec![], &[3, 9])],
    );
    assert_eq!(told, "* VANISHED (EARLIER) 3\r\nf3 OK Done\r\n");
    let told = talk.says("f4 NOOP", vec![news(51, vec![], &[9])]);
    assert_eq!(told, "* VANISHED 9\r\nf4 OK Done\r\n");
    let mut plain = Talk::known();
    let told = plain.says("g SELECT INBOX (QRESYNC (7 20))", vec![]);
    assert_eq!(told, "g BAD QRESYNC was not enabled\r\n");
}
