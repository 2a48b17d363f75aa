use posthouse::mime::outline::{Wanted, outline};
use posthouse::model::folder::{FlagChange, Flags};

use super::super::samples::{changes, folder, item};
use super::super::step::Selected;
use super::*;
use crate::net::manner::{PlainAuth, StartTls};

mod auth;
mod copy;
mod resync;
mod search;

/// A session, and what it asked.
struct Talk {
    session: Session,
    asked: Vec<Question>,
}

impl Talk {
    fn new(plain_auth: PlainAuth) -> Self {
        let manner = Manner {
            host: "h.test".to_owned(),
            starttls: StartTls::Offered,
            plain_auth,
        };
        let session = Session::new(Arc::new(manner), false);
        Self {
            session,
            asked: Vec::new(),
        }
    }

    /// Signed in.
    fn known() -> Self {
        let mut talk = Self::new(PlainAuth::Allowed);
        talk.says("", vec![]);
        talk.says("a LOGIN kim secret", vec![Answer::Done]);
        talk
    }

    /// With these messages selected, and what was enabled before.
    fn selected(enabled: &str, uids: &[u32]) -> Self {
        let mut talk = Self::known();
        if !enabled.is_empty() {
            talk.says(&format!("b ENABLE {enabled}"), vec![]);
        }
        talk.says("c SELECT INBOX", vec![selected(uids, 50)]);
        talk
    }

    /// What is said to a command, where the engine gives these answers; nothing is new unless
    /// an answer says so.
    fn says(&mut self, command: &str, answers: Vec<Answer>) -> String {
        self.asked.clear();
        if !command.is_empty() {
            let frame = format!("{command}\r\n").into_bytes();
            self.session.command(frame, Timestamp(0));
        }
        self.goes_on(answers)
    }

    fn goes_on(&mut self, answers: Vec<Answer>) -> String {
        let mut answers = std::collections::VecDeque::from(answers);
        let mut said = String::new();
        while let Some(step) = self.session.step() {
            match step {
                Step::Say(bytes) => said += &String::from_utf8(bytes).unwrap(),
                Step::Ask(question) => {
                    let news = matches!(question, Question::News { .. });
                    let answer = match answers.front() {
                        Some(Answer::Changes(_)) => answers.pop_front(),
                        _ if news => Some(Answer::Changes(None)),
                        _ => answers.pop_front(),
                    };
                    self.asked.push(question);
                    self.session.answer(answer.expect("an answer"));
                }
                Step::StartTls => said += "<TLS>",
                Step::Close => said += "<end>",
            }
        }
        assert!(answers.is_empty(), "{answers:?} were not asked for");
        said
    }
}

fn selected(uids: &[u32], modseq: u64) -> Answer {
    Answer::Selected(Box::new(Selected {
        folder: folder("INBOX", modseq),
        items: uids.iter().map(|uid| item(*uid, u64::from(*uid))).collect(),
        vanished: vec![3, 4, 9],
    }))
}

fn news(modseq: u64, items: Vec<posthouse::model::folder::Item>, vanished: &[u32]) -> Answer {
    Answer::Changes(Some(Box::new(changes(modseq, items, vanished))))
}

fn seen(uid: u32, modseq: u64) -> posthouse::model::folder::Item {
    let flags = Flags {
        seen: true,
        ..Flags::default()
    };
    posthouse::model::folder::Item {
        flags,
        ..item(uid, modseq)
    }
}

#[test]
fn what_is_gone_is_told_only_where_it_may_be() {
    // RFC 9051 section 7.5.1.
    let cases = [
        ("a FETCH 1 UID", "* 1 FETCH (UID 10)\r\n", false),
        ("a UID FETCH 30 UID", "* 3 FETCH (UID 30)\r\n", true),
        ("a SEARCH UID 30", "* SEARCH 3\r\n", false),
        ("a UID SEARCH UID 30", "* SEARCH 30\r\n", true),
        ("a NOOP", "", true),
        ("a CHECK", "", true),
        ("a CAPABILITY", "* CAPABILITY", true),
    ];
    for (command, said, told) in cases {
        let mut talk = Talk::selected("", &[10, 20, 30]);
        let found = talk.says(command, vec![news(60, vec![], &[20])]);
        assert!(found.starts_with(said), "{command}: {found}");
        assert_eq!(
            found.contains("* 2 EXPUNGE\r\n"),
            told,
            "{command}: {found}"
        );
        let later = talk.says("b NOOP", vec![]);
        assert_eq!(
            later.contains("* 2 EXPUNGE\r\n"),
            !told,
            "{command}: {later}"
        );
    }
    let mut talk = Talk::selected("", &[10, 20, 30]);
    let marked = Answer::Marked {
        items: vec![seen(30, 61)],
        unchanged: vec![],
    };
    let found = talk.says(
        "a STORE 3 +FLAGS \\Seen",
        vec![news(60, vec![], &[10]), marked],
    );
    assert_eq!(found, "* 3 FETCH (FLAGS (\\Seen))\r\na OK Done\r\n");
    assert_eq!(talk.says("b NOOP", vec![]), "* 1 EXPUNGE\r\nb OK Done\r\n");
    assert_eq!(
        talk.says("c UID FETCH 30 UID", vec![]),
        "* 2 FETCH (UID 30)\r\nc OK Done\r\n"
    );
}

#[test]
fn what_comes_is_told_with_the_next_command() {
    let mut talk = Talk::selected("", &[10, 20]);
    let told = talk.says(
        "a NOOP",
        vec![news(60, vec![seen(20, 55), item(30, 60)], &[])],
    );
    assert_eq!(
        told,
        "* 2 FETCH (FLAGS (\\Seen))\r\n* 3 EXISTS\r\na OK Done\r\n"
    );
    let asked = Question::News {
        folder: FolderId(1),
        since: 60,
    };
    talk.says("b NOOP", vec![]);
    assert_eq!(talk.asked, [asked]);
}

#[test]
fn the_unasked_has_what_was_switched_on() {
    let cases = [
        ("", "* 1 FETCH (FLAGS (\\Seen))\r\n* 2 EXPUNGE\r\n"),
        (
            "CONDSTORE",
            "* 1 FETCH (FLAGS (\\Seen) MODSEQ (55))\r\n* 2 EXPUNGE\r\n",
        ),
        (
            "QRESYNC",
            "* 1 FETCH (UID 10 FLAGS (\\Seen) MODSEQ (55))\r\n* VANISHED 20\r\n",
        ),
        (
            "IMAP4rev2",
            "* 1 FETCH (UID 10 FLAGS (\\Seen))\r\n* 2 EXPUNGE\r\n",
        ),
    ];
    for (enabled, expected) in cases {
        let mut talk = Talk::selected(enabled, &[10, 20]);
        let told = talk.says("a NOOP", vec![news(60, vec![seen(10, 55)], &[20])]);
        assert_eq!(told, format!("{expected}a OK Done\r\n"), "{enabled}");
    }
}

#[test]
fn idle_tells_what_happens_until_done() {
    let mut talk = Talk::selected("", &[10]);
    assert_eq!(talk.says("a IDLE", vec![]), "+ Waiting\r\n");
    assert!(talk.session.is_idling());
    assert_eq!(talk.session.wants(), Wants::Line);
    talk.session.stirred();
    let told = talk.goes_on(vec![news(60, vec![item(20, 60)], &[10])]);
    assert_eq!(told, "* 2 EXISTS\r\n* 1 EXPUNGE\r\n");
    talk.session.stirred();
    assert_eq!(talk.goes_on(vec![]), "");
    talk.session.line(b"done");
    assert_eq!(talk.goes_on(vec![]), "a OK Done\r\n");
    assert!(!talk.session.is_idling());
    talk.says("b IDLE", vec![]);
    talk.session.line(b"NOOP");
    assert_eq!(talk.goes_on(vec![]), "b BAD IDLE ends with DONE\r\n");
}

#[test]
fn to_look_into_a_message_is_to_see_it() {
    let raw = || Answer::Bytes(vec![Some(b"Subject: x\r\n\r\nb".to_vec())]);
    let mut talk = Talk::selected("", &[10]);
    let marked = Answer::Marked {
        items: vec![seen(10, 60)],
        unchanged: vec![],
    };
    let told = talk.says("a FETCH 1 BODY[TEXT]", vec![marked, raw()]);
    assert_eq!(
        told,
        "* 1 FETCH (BODY[TEXT] {1}\r\nb FLAGS (\\Seen))\r\na OK Done\r\n"
    );
    let add = FlagChange::Add(seen(10, 1).flags);
    assert!(matches!(&talk.asked[1], Question::Mark { change, .. } if *change == add));
    // It is seen now, and nothing has to be written.
    let told = talk.says("b FETCH 1 BODY[TEXT]", vec![raw()]);
    assert_eq!(told, "* 1 FETCH (BODY[TEXT] {1}\r\nb)\r\nb OK Done\r\n");
    let mut talk = Talk::known();
    talk.says("c EXAMINE INBOX", vec![selected(&[10], 50)]);
    let told = talk.says("d FETCH 1 BODY[TEXT]", vec![raw()]);
    assert_eq!(told, "* 1 FETCH (BODY[TEXT] {1}\r\nb)\r\nd OK Done\r\n");
}

#[test]
fn what_is_gone_meanwhile_is_no_message() {
    let mut talk = Talk::selected("", &[10, 20]);
    let some = Some(b"Subject: x\r\n\r\nb".to_vec());
    let bytes = Answer::Bytes(vec![None, some]);
    let told = talk.says("a FETCH 1:2 RFC822.HEADER", vec![bytes]);
    assert_eq!(
        told,
        "* 2 FETCH (RFC822.HEADER {14}\r\nSubject: x\r\n\r\n)\r\n\
         a NO [EXPUNGEISSUED] Some of the messages are gone\r\n"
    );
}

#[test]
fn nothing_is_read_that_nobody_asked_for() {
    let uids: Vec<u32> = (1..=2_000).collect();
    let mut talk = Talk::selected("", &uids);
    let told = talk.says("a FETCH 1:* (FLAGS UID RFC822.SIZE INTERNALDATE)", vec![]);
    assert_eq!(told.lines().count(), 2_001);
    assert_eq!(talk.asked.len(), 1);
    // The next are asked for when these are dealt with.
    talk.session
        .command(b"b FETCH 1:* ENVELOPE\r\n".to_vec(), Timestamp(0));
    assert!(matches!(
        talk.session.step(),
        Some(Step::Ask(Question::News { .. }))
    ));
    talk.session.answer(Answer::Changes(None));
    let Some(Step::Ask(Question::Outlines(ids, Wanted::LISTED))) = talk.session.step() else {
        panic!("no question");
    };
    assert_eq!(ids.len(), super::super::limits::OUTLINES_AHEAD);
}

#[test]
fn a_structure_that_is_known_is_shown() {
    let raw = b"Subject: x\r\n\r\nb\r\n";
    let known = |wanted| Answer::Outlines(vec![Some(outline(raw, wanted))]);
    let mut talk = Talk::selected("", &[10]);
    let told = talk.says("a FETCH 1 BODY", vec![known(Wanted::STRUCTURE)]);
    let shown = "BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 3 1)";
    assert_eq!(told, format!("* 1 FETCH ({shown})\r\na OK Done\r\n"));
    let wanted = Wanted::STRUCTURE.and(Wanted::HEAD);
    let both = vec![known(wanted)];
    let told = talk.says("b FETCH 1 (BODY RFC822.HEADER)", both);
    assert_eq!(
        told,
        format!("* 1 FETCH ({shown} RFC822.HEADER {{14}}\r\nSubject: x\r\n\r\n)\r\nb OK Done\r\n")
    );
    assert!(matches!(
        talk.asked.last(),
        Some(Question::Outlines(_, asked)) if *asked == wanted
    ));
}

#[test]
fn a_change_that_came_first_is_not_overwritten() {
    let mut talk = Talk::selected("CONDSTORE", &[10, 20, 30]);
    let marked = Answer::Marked {
        items: vec![seen(10, 60)],
        unchanged: vec![20, 30],
    };
    let command = "a STORE 1:3 (UNCHANGEDSINCE 20) +FLAGS.SILENT \\Seen";
    let told = talk.says(command, vec![marked]);
    assert_eq!(
        told,
        "* 1 FETCH (MODSEQ (60))\r\na OK [MODIFIED 2:3] Some had changed\r\n"
    );
}

#[test]
fn to_look_only_changes_nothing() {
    let mut talk = Talk::known();
    talk.says("b EXAMINE INBOX", vec![selected(&[10], 50)]);
    for command in ["STORE 1 FLAGS ()", "EXPUNGE", "UID EXPUNGE 10", "MOVE 1 x"] {
        let told = talk.says(&format!("c {command}"), vec![]);
        let no = "c NO The folder was opened to be looked at only\r\n";
        assert_eq!(told, no, "{command}");
    }
    assert_eq!(talk.says("d CLOSE", vec![]), "d OK Done\r\n");
}

#[test]
fn what_was_expunged_is_told_with_the_last_change() {
    for (enabled, told) in [
        ("", "* 1 EXPUNGE\r\na OK Done\r\n"),
        (
            "CONDSTORE",
            "* 1 EXPUNGE\r\na OK [HIGHESTMODSEQ 60] Done\r\n",
        ),
        (
            "QRESYNC",
            "* VANISHED 10\r\na OK [HIGHESTMODSEQ 60] Done\r\n",
        ),
    ] {
        let mut talk = Talk::selected(enabled, &[10, 20]);
        let expunged = Answer::Expunged(vec![10]);
        let settled = news(60, vec![], &[10]);
        let said = talk.says("a EXPUNGE", vec![Answer::Changes(None), expunged, settled]);
        assert_eq!(said, told, "{enabled}");
    }
}

#[test]
fn a_folder_that_is_gone_is_closed() {
    let mut talk = Talk::selected("", &[10]);
    talk.session.command(b"a NOOP\r\n".to_vec(), Timestamp(0));
    assert!(matches!(talk.session.step(), Some(Step::Ask(_))));
    let gone = Refusal::new(words::NONEXISTENT, "There is no such folder");
    talk.session.answer(Answer::No(gone));
    let told = talk.goes_on(vec![]);
    assert_eq!(told, "* OK [CLOSED] The folder is gone\r\na OK Done\r\n");
    assert_eq!(
        talk.says("b FETCH 1 UID", vec![]),
        "b BAD Select a folder first\r\n"
    );
}

#[test]
fn mistakes_are_borne_for_a_while() {
    let mut talk = Talk::known();
    for _ in 1..MISTAKES {
        let told = talk.says("x XYZZY", vec![]);
        assert_eq!(told, "x BAD No such command, or not in its form\r\n");
    }
    let told = talk.says("(", vec![]);
    assert_eq!(
        told,
        "* BAD A command begins with a tag\r\n* BYE Too many mistakes\r\n<end>"
    );
}

#[test]
fn names_are_spoken_as_the_client_does() {
    let mut talk = Talk::known();
    talk.says("a CREATE \"Entw&APw-rfe\"", vec![Answer::Done]);
    assert_eq!(talk.asked, [Question::Create("Entwürfe".to_owned())]);
    let told = talk.says("b CREATE \"a&b\"", vec![]);
    assert_eq!(told, "b NO [CANNOT] No folder can have such a name\r\n");
    talk.says("c ENABLE IMAP4rev2", vec![]);
    talk.says("d CREATE \"a&b\"", vec![Answer::Done]);
    assert_eq!(talk.asked, [Question::Create("a&b".to_owned())]);
    talk.says("e DELETE \"Entwürfe\"", vec![Answer::Done]);
    assert_eq!(talk.asked, [Question::Remove("Entwürfe".to_owned())]);
}
