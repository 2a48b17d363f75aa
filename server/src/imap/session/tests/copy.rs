//! COPY and MOVE.

use super::*;

#[test]
fn what_is_moved_is_told_before_it_is_gone() {
    let mut talk = Talk::selected("", &[10, 20, 30]);
    let moved = Answer::Copied {
        uid_validity: 9,
        pairs: vec![(10, 1), (30, 2)],
    };
    let told = talk.says("a MOVE 1,3 Archive", vec![moved]);
    assert_eq!(
        told,
        "* OK [COPYUID 9 10,30 1:2] Moved\r\n* 3 EXPUNGE\r\n* 1 EXPUNGE\r\na OK Done\r\n"
    );
    let nothing = Answer::Copied {
        uid_validity: 9,
        pairs: vec![],
    };
    assert_eq!(
        talk.says("b UID COPY 99 x", vec![nothing]),
        "b OK Copied\r\n"
    );
    let missing = Answer::No(Refusal::new("TRYCREATE", "There is no such folder"));
    let told = talk.says("c COPY 1 x", vec![missing]);
    assert_eq!(told, "c NO [TRYCREATE] There is no such folder\r\n");
    let mut talk = Talk::selected("QRESYNC", &[10]);
    let moved = Answer::Copied {
        uid_validity: 9,
        pairs: vec![(10, 1)],
    };
    let told = talk.says(
        "a MOVE 1 x",
        vec![Answer::Changes(None), moved, news(60, vec![], &[10])],
    );
    let words = "* OK [COPYUID 9 10 1] Moved\r\n* VANISHED 10\r\na OK [HIGHESTMODSEQ 60] Done\r\n";
    assert_eq!(told, words);
}

#[test]
fn what_is_gone_is_not_copied_in_silence() {
    for command in ["COPY 1:2 x", "MOVE 2 x"] {
        let mut talk = Talk::selected("", &[10, 20]);
        let told = talk.says(&format!("a {command}"), vec![news(60, vec![], &[20])]);
        let no = "a NO [EXPUNGEISSUED] Some of the messages are gone\r\n";
        assert_eq!(told, no, "{command}");
        assert_eq!(talk.asked.len(), 1, "{command}");
    }
}
