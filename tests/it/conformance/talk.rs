//! A script spoken with one server: what is said to each command, in pieces.

use std::collections::BTreeMap;

use super::answer::{self, Known};
use super::script::{Deed, Line, Piece, Script, pieces};
use super::wire::Wire;
use super::{corpus, pop3};
use crate::dialogue::unescape;

/// Where a server is, and who speaks with it.
#[derive(Clone, Debug)]
pub struct Server {
    pub imap: String,
    pub pop3: String,
    pub user: String,
    pub password: String,
}

/// A command, and the pieces of what is said to it.
pub type Said = (String, Vec<String>);

/// A connection by IMAP.
struct Talker {
    wire: Wire,
    tag: String,
    count: u32,
}

struct Talk<'a> {
    server: &'a Server,
    /// The corpus message that is spoken of.
    message: Option<&'a str>,
    first: Option<Talker>,
    second: Option<Talker>,
    pop3: Option<Wire>,
    known: Known,
    kept: BTreeMap<String, u64>,
    said: Vec<Said>,
}

/// Speaks a script from its start to its end.
pub fn talk(script: &Script, server: &Server) -> Vec<Said> {
    let mut said = Vec::new();
    let names = match script.each {
        true => corpus::names().into_iter().map(Some).collect(),
        false => vec![None],
    };
    for name in &names {
        let mut talk = Talk {
            server,
            message: name.as_deref(),
            first: None,
            second: None,
            pop3: None,
            known: Known::default(),
            kept: BTreeMap::new(),
            said: Vec::new(),
        };
        for deed in &script.deeds {
            talk.deed(deed);
        }
        let place = match name {
            Some(name) => format!("{}/{name}", script.name),
            None => script.name.clone(),
        };
        let labelled = talk.said.into_iter();
        said.extend(labelled.map(|(label, pieces)| (format!("{place}: {label}"), pieces)));
    }
    said
}

impl Talker {
    /// What is said until the command ends, or waits for more.
    fn hear(&mut self) -> (Vec<Vec<u8>>, bool) {
        let end = format!("{} ", self.tag);
        let mut heard = Vec::new();
        while let Some(response) = self.wire.response() {
            let over = response.starts_with(end.as_bytes()) || response.starts_with(b"+");
            heard.push(response);
            if over {
                return (heard, false);
            }
        }
        heard.push(b"* BYE and the end".to_vec());
        (heard, true)
    }

    fn next_tag(&mut self) {
        self.count += 1;
        self.tag = format!("t{}", self.count);
    }
}

impl Talk<'_> {
    fn deed(&mut self, deed: &Deed) {
        match deed {
            Deed::Keep(name) => {
                self.kept.insert(name.clone(), self.known.modseq);
                self.known.kept = Some(self.known.modseq);
            }
            Deed::Ask(Line::Pop3, text) => self.pop3(text),
            Deed::Ask(line, text) => {
                let mut talker = self.talker(*line);
                talker.next_tag();
                let all = self.fill(&format!("{} {text}\r\n", talker.tag));
                self.send(*line, talker, text, all);
            }
            Deed::GoOn(line, text) => {
                let talker = self.talker(*line);
                let all = self.fill(&format!("{text}\r\n"));
                self.send(*line, talker, text, all);
            }
            Deed::Raw(line, text) => {
                let mut talker = self.talker(*line);
                talker.next_tag();
                let mut bytes = unescape(text);
                bytes.extend_from_slice(format!("{} NOOP\r\n", talker.tag).as_bytes());
                self.send(*line, talker, text, vec![Piece::Bytes(bytes)]);
            }
            Deed::Await(line, text) => {
                let mut talker = self.talker(*line);
                let mut heard = Vec::new();
                loop {
                    let response = talker.wire.response().expect("what is awaited");
                    let found = String::from_utf8_lossy(&response).contains(text);
                    heard.push(response);
                    if found {
                        break;
                    }
                }
                self.told(text, &heard, &talker.tag.clone());
                self.keep(*line, talker);
            }
        }
    }

    /// The connection, which is made where there is none.
    fn talker(&mut self, line: Line) -> Talker {
        let there = match line {
            Line::First => self.first.take(),
            Line::Second | Line::Pop3 => self.second.take(),
        };
        there.unwrap_or_else(|| {
            let mut wire = Wire::connect(&self.server.imap);
            let greeting = wire.response().expect("a greeting");
            assert!(
                greeting.starts_with(b"* OK "),
                "{}",
                greeting.escape_ascii()
            );
            Talker {
                wire,
                tag: String::new(),
                count: 0,
            }
        })
    }

    fn keep(&mut self, line: Line, talker: Talker) {
        match line {
            Line::First => self.first = Some(talker),
            Line::Second | Line::Pop3 => self.second = Some(talker),
        }
    }

    /// Says something and hears what comes of it.
    fn send(&mut self, line: Line, mut talker: Talker, label: &str, all: Vec<Piece>) {
        let mut heard = Vec::new();
        let mut over = false;
        let last = all.len() - 1;
        for (at, piece) in all.into_iter().enumerate() {
            let (Piece::Bytes(bytes) | Piece::Awaited(bytes)) = piece;
            talker.wire.say(&bytes);
            // What waits is sent when it is asked for.
            if at % 2 == 1 && at < last {
                continue;
            }
            let (more, ended) = talker.hear();
            let goes_on = more.last().is_some_and(|one| one.starts_with(b"+"));
            heard.extend(more);
            over = ended;
            if !goes_on || over {
                break;
            }
        }
        let tag = talker.tag.clone();
        let bye = heard.iter().any(|one| one.starts_with(b"* BYE"));
        self.told(label, &heard, &tag);
        if !over && !bye {
            self.keep(line, talker);
        }
    }

    fn told(&mut self, label: &str, heard: &[Vec<u8>], tag: &str) {
        let pieces = answer::pieces(heard, tag, &mut self.known);
        self.said.push((label.to_owned(), pieces));
    }

    fn fill(&self, text: &str) -> Vec<Piece> {
        let validity = self.known.validity().to_owned();
        let kept: Vec<(String, String)> = self
            .kept
            .iter()
            .map(|(name, modseq)| (format!("modseq {name}"), modseq.to_string()))
            .collect();
        let mut known = vec![
            ("user", self.server.user.as_str()),
            ("password", self.server.password.as_str()),
            ("uidvalidity", validity.as_str()),
            ("name", self.message.unwrap_or_default()),
        ];
        known.extend(
            kept.iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let message = |name: &str| match (name, self.message) {
            ("", Some(each)) => corpus::message(each),
            (name, _) => corpus::message(name),
        };
        pieces(text, &known, message)
    }

    fn pop3(&mut self, text: &str) {
        let mut wire = self.pop3.take().unwrap_or_else(|| {
            let mut wire = Wire::connect(&self.server.pop3);
            let greeting = wire.line().expect("a greeting");
            assert!(greeting.starts_with(b"+OK"), "{}", greeting.escape_ascii());
            wire
        });
        for piece in self.fill(&format!("{text}\r\n")) {
            let (Piece::Bytes(bytes) | Piece::Awaited(bytes)) = piece;
            wire.say(&bytes);
        }
        let pieces = pop3::hear(&mut wire, text);
        let over = pieces.is_empty() || text == "QUIT";
        self.said.push((text.to_owned(), pieces));
        if !over {
            self.pop3 = Some(wire);
        }
    }
}
