//! Dialogues without sockets, and what a message is on the wire.

use std::sync::Arc;

use super::driver::stuffed;
use super::session::Session;
use super::step::{Answer, Ending, Question, Step};
use crate::net::manner::{Manner, PlainAuth, StartTls};

struct Talk {
    session: Session,
    asked: Option<Question>,
    said: String,
    closed: bool,
}

fn talk(plain_auth: PlainAuth, secured: bool) -> Talk {
    let manner = Manner {
        host: String::from("h.test"),
        starttls: StartTls::Offered,
        plain_auth,
    };
    let mut talk = Talk {
        session: Session::new(Arc::new(manner), secured),
        asked: None,
        said: String::new(),
        closed: false,
    };
    talk.run();
    talk
}

impl Talk {
    fn run(&mut self) {
        while let Some(step) = self.session.next() {
            match step {
                Step::Say(text) => self.said.push_str(&text),
                Step::Ask(question) => self.asked = Some(question),
                Step::StartTls => self.said.push_str("<TLS>"),
                Step::Close => self.closed = true,
            }
        }
    }

    fn line(&mut self, line: &str) -> String {
        self.said.clear();
        assert!(self.session.wants_line(), "{line}");
        self.session.line(Ok(line.as_bytes()));
        self.run();
        self.said.clone()
    }

    fn answer(&mut self, answer: Answer) -> String {
        self.said.clear();
        self.session.answer(answer);
        self.run();
        self.said.clone()
    }

    fn open(&mut self) {
        self.line("USER kim@d.test");
        self.line("PASS two words ");
        let messages = [("11", 100), ("12", 20), ("15", 3)];
        let messages = messages.map(|(name, size)| (name.to_owned(), size));
        let said = self.answer(Answer::Open(messages.into()));
        assert_eq!(said, "+OK 3 messages, 123 octets\r\n");
    }
}

#[test]
fn a_maildrop_is_looked_at_and_thinned() {
    let mut talk = talk(PlainAuth::Allowed, false);
    assert_eq!(talk.said, "+OK h.test POP3 Posthouse\r\n");
    talk.open();
    let credential = Question::Open {
        user: String::from("kim@d.test"),
        password: String::from("two words "),
    };
    assert_eq!(talk.asked, Some(credential));
    for (line, said) in [
        ("STAT", "+OK 3 123\r\n"),
        ("LIST", "+OK\r\n1 100\r\n2 20\r\n3 3\r\n.\r\n"),
        ("UIDL", "+OK\r\n1 11\r\n2 12\r\n3 15\r\n.\r\n"),
        ("UIDL 3", "+OK 3 15\r\n"),
        ("DELE 2", "+OK It goes when you QUIT\r\n"),
        ("DELE 2", "-ERR There is no such message\r\n"),
        ("LIST 2", "-ERR There is no such message\r\n"),
        ("RETR 2", "-ERR There is no such message\r\n"),
        ("LIST 0", "-ERR There is no such message\r\n"),
        ("LIST 4", "-ERR There is no such message\r\n"),
        ("STAT", "+OK 2 103\r\n"),
        ("LIST", "+OK\r\n1 100\r\n3 3\r\n.\r\n"),
        ("RSET", "+OK\r\n"),
        ("STAT", "+OK 3 123\r\n"),
        ("NOOP", "+OK\r\n"),
        ("USER lee", "-ERR You are in already\r\n"),
        ("STLS", "-ERR You are in already\r\n"),
        ("DELE 3", "+OK It goes when you QUIT\r\n"),
        ("DELE 1", "+OK It goes when you QUIT\r\n"),
    ] {
        assert_eq!(talk.line(line), said, "{line}");
    }
    assert_eq!(talk.line("TOP 2 5"), "");
    let write = Question::Write {
        place: 1,
        lines: Some(5),
    };
    assert_eq!(talk.asked, Some(write));
    assert_eq!(
        talk.answer(Answer::No(String::from("gone"))),
        "-ERR gone\r\n"
    );
    assert_eq!(talk.line("QUIT"), "");
    assert_eq!(talk.asked, Some(Question::Remove(vec![0, 2])));
    assert_eq!(talk.answer(Answer::Yes), "+OK Goodbye\r\n");
    assert!(talk.closed);
}

#[test]
fn nothing_is_shown_before_tls_where_that_is_asked_for() {
    let mut talk = talk(PlainAuth::Refused, false);
    let capabilities = talk.line("CAPA");
    assert!(capabilities.contains("\r\nSTLS\r\n"), "{capabilities}");
    assert!(!capabilities.contains("USER") && !capabilities.contains("SASL"));
    for line in ["USER kim@d.test", "PASS x", "AUTH PLAIN AGtpbQBh", "AUTH"] {
        assert_eq!(talk.line(line), "-ERR Begin TLS first\r\n", "{line}");
    }
    assert_eq!(talk.line("STAT"), "-ERR Say who you are first\r\n");
    assert_eq!(talk.line("STLS"), "+OK Begin TLS\r\n<TLS>");
    assert!(!talk.session.wants_line());
    talk.session.secured();
    assert_eq!(talk.line("STLS"), "-ERR TLS is on already\r\n");
    let capabilities = talk.line("CAPA");
    assert!(!capabilities.contains("STLS"), "{capabilities}");
    assert!(capabilities.contains("\r\nUSER\r\nSASL PLAIN\r\n"));
    assert_eq!(talk.line("AUTH PLAIN"), "+ \r\n");
    assert_eq!(talk.line("AGtpbUBkLnRlc3QAc2VjcmV0"), "");
    let credential = Question::Open {
        user: String::from("kim@d.test"),
        password: String::from("secret"),
    };
    assert_eq!(talk.asked, Some(credential));
}

#[test]
fn who_is_wrong_too_often_is_let_go() {
    let mut asked = talk(PlainAuth::Allowed, true);
    assert_eq!(asked.line("PASS x"), "-ERR Say USER first\r\n");
    assert!(asked.line("APOP kim 0f").starts_with("-ERR "));
    assert!(asked.line("AUTH CRAM-MD5").starts_with("-ERR "));
    asked.line("AUTH PLAIN");
    assert!(asked.line("*").starts_with("-ERR "));
    for closed in [false, false, true] {
        asked.line("USER kim@d.test");
        asked.line("PASS guess");
        asked.answer(Answer::Wrong(String::from("[AUTH] wrong")));
        assert_eq!(asked.closed, closed);
    }
    let mut lost = talk(PlainAuth::Allowed, true);
    for _ in 0..20 {
        assert!(!lost.closed);
        lost.line("GET / HTTP/1.1");
    }
    assert!(lost.closed);
}

#[test]
fn a_connection_that_ends_otherwise_removes_nothing() {
    for ending in [Ending::Silence, Ending::Stop] {
        let mut talk = talk(PlainAuth::Allowed, true);
        talk.open();
        talk.line("DELE 1");
        talk.asked = None;
        talk.session.end(ending);
        talk.run();
        assert!(talk.closed && talk.asked.is_none());
        assert!(talk.said.contains("-ERR [SYS/TEMP]"), "{}", talk.said);
    }
}

#[test]
fn a_message_has_its_dots_and_its_end() {
    for (raw, lines, expected) in [
        (
            "A: b\r\n\r\n.x\r\n..\r\n",
            None,
            "A: b\r\n\r\n..x\r\n...\r\n.\r\n",
        ),
        ("A: b\r\n\r\nx", None, "A: b\r\n\r\nx\r\n.\r\n"),
        ("A: b\n\nx\n", None, "A: b\r\n\r\nx\r\n.\r\n"),
        ("A: b\r\n\r\n1\r\n\r\n3\r\n", Some(0), "A: b\r\n\r\n.\r\n"),
        (
            "A: b\r\n\r\n1\r\n\r\n3\r\n",
            Some(2),
            "A: b\r\n\r\n1\r\n\r\n.\r\n",
        ),
        ("A: b\r\n\r\n1\r\n", Some(9), "A: b\r\n\r\n1\r\n.\r\n"),
        ("A: b\r\n", Some(1), "A: b\r\n.\r\n"),
    ] {
        let found = String::from_utf8(stuffed(raw.as_bytes(), lines)).unwrap();
        assert_eq!(found, expected, "{raw} {lines:?}");
    }
}
