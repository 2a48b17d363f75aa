//! One client's dialogue, without sockets, clocks or the engine.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

use super::command::{self, Command, Wrong};
use super::limits::{MISTAKES, WRONG_CREDENTIALS};
use super::step::{Answer, Ending, Question, Step};
use crate::net::line::LineFault;
use crate::net::manner::{Manner, PlainAuth, StartTls};
use crate::net::plain::{self, Plain, PlainFault};

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Nobody yet, or whoever said a name.
    Authorization(Option<String>),
    /// Within a SASL exchange.
    Sasl,
    Asked(Asked),
    /// The maildrop is open.
    Transaction,
    Handshake,
    Closed,
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Open,
    Write,
    Remove,
}

/// A message of the maildrop.
#[derive(Debug)]
struct Kept {
    name: String,
    size_bytes: u64,
    deleted: bool,
}

/// The dialogue with one client.
#[derive(Debug)]
pub struct Session {
    manner: Arc<Manner>,
    secured: bool,
    state: State,
    steps: VecDeque<Step>,
    kept: Vec<Kept>,
    mistakes: u32,
    wrong_credentials: u32,
}

impl Session {
    /// Begins with a greeting; `secured` says whether TLS is on from the start.
    #[must_use]
    pub fn new(manner: Arc<Manner>, secured: bool) -> Self {
        let greeting = format!("+OK {} POP3 Posthouse\r\n", manner.host);
        Self {
            manner,
            secured,
            state: State::Authorization(None),
            steps: VecDeque::from([Step::Say(greeting)]),
            kept: Vec::new(),
            mistakes: 0,
            wrong_credentials: 0,
        }
    }

    /// What to do next, if anything.
    pub fn next(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    /// Whether it takes a line.
    #[must_use]
    pub const fn wants_line(&self) -> bool {
        match self.state {
            State::Authorization(_) | State::Sasl | State::Transaction => true,
            State::Asked(_) | State::Handshake | State::Closed => false,
        }
    }

    /// TLS is on. Nothing that was said before holds any more (RFC 2595 section 4).
    pub fn secured(&mut self) {
        self.secured = true;
        self.state = State::Authorization(None);
    }

    /// Ends it; nothing is removed (RFC 1939 section 6).
    pub fn end(&mut self, ending: Ending) {
        self.no(match ending {
            Ending::Silence => "[SYS/TEMP] You took too long",
            Ending::Stop => "[SYS/TEMP] The server stops, come again",
        });
        self.close();
    }

    /// Takes a line; only when it [wants one](Self::wants_line).
    pub fn line(&mut self, line: Result<&[u8], LineFault>) {
        let Ok(line) = line else {
            self.no("This is no line of POP3");
            return self.close();
        };
        if self.state == State::Sasl {
            return self.response(line);
        }
        match command::parse(line) {
            Ok(command) => self.command(command),
            Err(Wrong::Unknown) => self.mistake("There is no such command"),
            Err(Wrong::Arguments) => self.mistake("This command needs other arguments"),
        }
    }

    /// Takes the answer to what was asked.
    pub fn answer(&mut self, answer: Answer) {
        let State::Asked(asked) = self.state else {
            return;
        };
        self.state = State::Transaction;
        match (asked, answer) {
            (Asked::Open, Answer::Open(messages)) => {
                let kept = |(name, size_bytes)| Kept {
                    name,
                    size_bytes,
                    deleted: false,
                };
                self.kept = messages.into_iter().map(kept).collect();
                let (count, bytes) = self.total();
                self.say(&format!("+OK {count} messages, {bytes} octets"));
            }
            (Asked::Open, Answer::Wrong(words)) => {
                self.state = State::Authorization(None);
                self.no(&words);
                self.wrong_credentials += 1;
                if self.wrong_credentials >= WRONG_CREDENTIALS {
                    self.close();
                }
            }
            (Asked::Open, Answer::No(words)) => {
                self.state = State::Authorization(None);
                self.no(&words);
            }
            (Asked::Open, Answer::Yes) => self.close(),
            // Whoever answered has written it.
            (Asked::Write, Answer::Yes | Answer::Open(_)) => {}
            (Asked::Write, Answer::No(words) | Answer::Wrong(words)) => self.no(&words),
            (Asked::Remove, Answer::Yes | Answer::Open(_)) => {
                self.say("+OK Goodbye");
                self.close();
            }
            (Asked::Remove, Answer::No(words) | Answer::Wrong(words)) => {
                self.no(&words);
                self.close();
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Capa => self.capabilities(),
            Command::Quit => self.quit(),
            Command::User(_)
            | Command::Pass(_)
            | Command::Apop
            | Command::Auth(_)
            | Command::Stls => match &self.state {
                State::Authorization(_) => self.authorization(command),
                _ => self.mistake("You are in already"),
            },
            Command::Stat
            | Command::List(_)
            | Command::Uidl(_)
            | Command::Retr(_)
            | Command::Top(..)
            | Command::Dele(_)
            | Command::Noop
            | Command::Rset => match &self.state {
                State::Transaction => self.transaction(&command),
                _ => self.mistake("Say who you are first"),
            },
        }
    }

    fn authorization(&mut self, command: Command) {
        let named = std::mem::replace(&mut self.state, State::Authorization(None));
        match command {
            Command::Stls => match (self.secured, self.manner.starttls) {
                (false, StartTls::Offered) => {
                    self.say("+OK Begin TLS");
                    self.steps.push_back(Step::StartTls);
                    self.state = State::Handshake;
                }
                (true, _) => self.mistake("TLS is on already"),
                (false, StartTls::Absent) => self.mistake("There is no TLS here"),
            },
            Command::Apop => {
                self.mistake("APOP needs passwords in the clear on this side; there are none");
            }
            _ if !self.may_show_passwords() => self.mistake("Begin TLS first"),
            Command::User(name) => {
                self.state = State::Authorization(Some(name));
                self.say("+OK");
            }
            Command::Pass(password) => match named {
                State::Authorization(Some(user)) => self.open(user, password),
                _ => self.mistake("Say USER first"),
            },
            Command::Auth(None) => self.lines("+OK", &["PLAIN".to_owned()]),
            Command::Auth(Some((mechanism, initial))) => match (mechanism.as_str(), initial) {
                ("PLAIN", Some(initial)) => self.response(initial.as_bytes()),
                ("PLAIN", None) => {
                    self.say("+ ");
                    self.state = State::Sasl;
                }
                _ => self.mistake("There is no such mechanism; AUTH PLAIN is there"),
            },
            _ => self.mistake("Say who you are first"),
        }
    }

    /// A response of SASL PLAIN.
    fn response(&mut self, line: &[u8]) {
        self.state = State::Authorization(None);
        match plain::encoded(line) {
            Ok(Plain { user, password }) => self.open(user, password),
            Err(PlainFault::Base64 | PlainFault::Form | PlainFault::Other) => {
                self.mistake("The exchange was broken off");
            }
        }
    }

    fn open(&mut self, user: String, password: String) {
        self.ask(Asked::Open, Question::Open { user, password });
    }

    fn transaction(&mut self, command: &Command) {
        match *command {
            Command::Stat => {
                let (count, bytes) = self.total();
                self.say(&format!("+OK {count} {bytes}"));
            }
            Command::List(place) => self.list(place, |kept| kept.size_bytes.to_string()),
            Command::Uidl(place) => self.list(place, |kept| kept.name.clone()),
            Command::Retr(place) => self.write(place, None),
            Command::Top(place, lines) => self.write(place, Some(lines)),
            Command::Dele(place) => match self.there(place) {
                Some(at) => {
                    self.kept[at].deleted = true;
                    self.say("+OK It goes when you QUIT");
                }
                None => self.missing(),
            },
            Command::Rset => {
                for kept in &mut self.kept {
                    kept.deleted = false;
                }
                self.say("+OK");
            }
            _ => self.say("+OK"),
        }
    }

    fn list(&mut self, place: Option<u32>, told: impl Fn(&Kept) -> String) {
        if let Some(place) = place {
            return match self.there(place) {
                Some(at) => self.say(&format!("+OK {place} {}", told(&self.kept[at]))),
                None => self.missing(),
            };
        }
        let all = self
            .kept
            .iter()
            .enumerate()
            .filter(|(_, kept)| !kept.deleted);
        let lines: Vec<String> = all
            .map(|(at, kept)| format!("{} {}", at + 1, told(kept)))
            .collect();
        self.lines("+OK", &lines);
    }

    fn write(&mut self, place: u32, lines: Option<u64>) {
        match self.there(place) {
            Some(place) => self.ask(Asked::Write, Question::Write { place, lines }),
            None => self.missing(),
        }
    }

    fn quit(&mut self) {
        let deleted = self
            .kept
            .iter()
            .enumerate()
            .filter(|(_, kept)| kept.deleted);
        let places: Vec<usize> = deleted.map(|(at, _)| at).collect();
        if places.is_empty() {
            self.say("+OK Goodbye");
            return self.close();
        }
        self.ask(Asked::Remove, Question::Remove(places));
    }

    fn capabilities(&mut self) {
        let mut lines: Vec<String> = ["TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"]
            .map(String::from)
            .into();
        if !self.secured && self.manner.starttls == StartTls::Offered {
            lines.push(String::from("STLS"));
        }
        if self.may_show_passwords() {
            lines.push(String::from("USER"));
            lines.push(String::from("SASL PLAIN"));
        }
        lines.push(String::from("IMPLEMENTATION Posthouse"));
        self.lines("+OK", &lines);
    }

    fn may_show_passwords(&self) -> bool {
        self.secured || self.manner.plain_auth == PlainAuth::Allowed
    }

    /// Where a message is that was not deleted, by its number from 1.
    fn there(&self, place: u32) -> Option<usize> {
        let at = usize::try_from(place).ok()?.checked_sub(1)?;
        self.kept.get(at).filter(|kept| !kept.deleted).map(|_| at)
    }

    fn total(&self) -> (usize, u64) {
        let there = self.kept.iter().filter(|kept| !kept.deleted);
        let bytes = there.clone().map(|kept| kept.size_bytes).sum();
        (there.count(), bytes)
    }

    fn missing(&mut self) {
        self.mistake("There is no such message");
    }

    fn mistake(&mut self, words: &str) {
        self.no(words);
        self.mistakes += 1;
        if self.mistakes >= MISTAKES {
            self.close();
        }
    }

    fn no(&mut self, words: &str) {
        self.say(&format!("-ERR {words}"));
    }

    fn say(&mut self, line: &str) {
        self.steps.push_back(Step::Say(format!("{line}\r\n")));
    }

    fn lines(&mut self, first: &str, lines: &[String]) {
        let mut text = format!("{first}\r\n");
        for line in lines {
            // Writing to a string cannot fail.
            let _ = write!(text, "{line}\r\n");
        }
        text.push_str(".\r\n");
        self.steps.push_back(Step::Say(text));
    }

    fn ask(&mut self, asked: Asked, question: Question) {
        self.steps.push_back(Step::Ask(question));
        self.state = State::Asked(asked);
    }

    fn close(&mut self) {
        self.steps.push_back(Step::Close);
        self.state = State::Closed;
    }
}
