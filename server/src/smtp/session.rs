//! One client's dialogue, without sockets, clocks or the engine: lines, pieces of messages
//! and answers go in, steps come out.

mod auth;
mod mail;

use std::collections::VecDeque;
use std::sync::Arc;

use super::command::{self, Command, Wrong};
use super::data::{Content, Ended, Fault, Unstuff};
use super::limits::{IDLE_COMMANDS, REFUSALS, UNKNOWN_COMMANDS};
use super::manner::{Manner, Role};
use super::reply::{Reply, Statuses};
use super::step::{Answer, Ending, Question, Step, Taking, Wants};
use super::words;
use crate::net::line::LineFault;
use crate::net::manner::{PlainAuth, StartTls};
use auth::Exchange;
use mail::{Chunking, Envelope};

#[derive(Debug)]
enum State {
    Command,
    Auth(Exchange),
    Asked(Asked),
    Data(Unstuff),
    Chunk(Chunking),
    Handshake,
    Closed,
}

/// What an answer is for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Credential,
    Begin(Box<command::Mail>),
    Recipient(String),
    Taking,
}

#[derive(Debug, Default)]
struct Counts {
    refusals: u32,
    unknown: u32,
    idle: u32,
    wrong_credentials: u32,
}

/// Whether somebody has shown a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    No,
    Yes,
}

/// The dialogue with one client.
#[derive(Debug)]
pub struct Session {
    manner: Arc<Manner>,
    state: State,
    steps: VecDeque<Step>,
    tls: Option<String>,
    helo: Option<String>,
    known: Known,
    envelope: Option<Envelope>,
    counts: Counts,
}

impl Session {
    /// Begins with a greeting; `tls` is what a listener with TLS from the start has agreed.
    #[must_use]
    pub fn new(manner: Arc<Manner>, tls: Option<String>) -> Self {
        let greeting = words::greeting(&manner.host);
        Self {
            manner,
            state: State::Command,
            steps: VecDeque::from([Step::Say(greeting)]),
            tls,
            helo: None,
            known: Known::No,
            envelope: None,
            counts: Counts::default(),
        }
    }

    /// What to do next, if anything.
    pub fn next(&mut self) -> Option<Step> {
        self.steps.pop_front()
    }

    /// What it can take next.
    #[must_use]
    pub const fn wants(&self) -> Wants {
        match self.state {
            State::Command | State::Auth(_) => Wants::Line,
            State::Data(_) | State::Chunk(_) => Wants::Body,
            State::Asked(_) | State::Handshake | State::Closed => Wants::Nothing,
        }
    }

    /// Whether nothing is lost when it ends here.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        self.envelope.is_none() && matches!(self.state, State::Command | State::Auth(_))
    }

    /// Whether the connection is over once the steps are done.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// Whether replies show their enhanced status.
    #[must_use]
    pub fn statuses(&self) -> Statuses {
        words::statuses(self.manner.role)
    }

    /// What the message that is coming in takes, in bytes.
    #[must_use]
    pub fn content_bytes(&self) -> usize {
        let content = self.envelope.as_ref().map(|envelope| &envelope.content);
        content.map_or(0, Content::size_bytes)
    }

    /// There is no memory for the message that is coming in.
    pub fn no_room(&mut self) {
        if let Some(envelope) = &mut self.envelope {
            envelope.content.refuse(Fault::NoRoom);
        }
    }

    /// Takes a line; only when it [`Wants::Line`].
    pub fn line(&mut self, line: Result<&[u8], LineFault>) {
        if let State::Auth(exchange) = std::mem::replace(&mut self.state, State::Command) {
            return self.auth_line(exchange, line);
        }
        let command = match line {
            Err(LineFault::BareEnd) => return self.refuse(words::bare_line_end()),
            Err(LineFault::TooLong) => Err(Wrong::TooLong),
            Ok(line) => command::parse(line),
        };
        match command {
            Ok(command) => self.command(command),
            Err(wrong) => self.wrong(wrong),
        }
    }

    /// Takes a piece of a message; how many bytes of it were used. Only when it
    /// [`Wants::Body`].
    pub fn body(&mut self, bytes: &[u8]) -> usize {
        match &mut self.state {
            State::Data(unstuff) => {
                let Some(envelope) = &mut self.envelope else {
                    return bytes.len();
                };
                let (used, ended) = unstuff.feed(bytes, &mut envelope.content);
                if let Some(ended) = ended {
                    self.state = State::Command;
                    self.take();
                    if ended == Ended::Doubtfully {
                        self.close();
                    }
                }
                used
            }
            State::Chunk(_) => self.chunk_bytes(bytes),
            State::Command
            | State::Auth(_)
            | State::Asked(_)
            | State::Handshake
            | State::Closed => bytes.len(),
        }
    }

    /// Takes the answer to what was asked.
    pub fn answer(&mut self, answer: Answer) {
        let state = std::mem::replace(&mut self.state, State::Command);
        let State::Asked(asked) = state else {
            self.state = state;
            return;
        };
        match asked {
            Asked::Credential => self.credential(answer),
            Asked::Begin(mail) => self.begin(*mail, answer),
            Asked::Recipient(to) => self.recipient(to, answer),
            Asked::Taking => self.taken(answer),
        }
    }

    /// The handshake is done. Nothing that was said before holds any more
    /// (RFC 3207 section 4.2).
    pub fn secured(&mut self, tls: String) {
        self.state = State::Command;
        self.tls = Some(tls);
        self.helo = None;
        self.known = Known::No;
        self.envelope = None;
    }

    /// Ends it.
    pub fn end(&mut self, ending: Ending) {
        self.say(words::ending(ending, &self.manner.host));
        self.close();
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Helo(name) => self.hello(name, words::helo),
            Command::Ehlo(name) => self.hello(name, words::ehlo),
            Command::Mail(mail) => self.mail(mail),
            Command::Rcpt(to) => self.rcpt(to),
            Command::Data => self.data(),
            Command::Bdat(chunk) => self.bdat(chunk),
            Command::Auth(mechanism, initial) => self.auth(&mechanism, initial.as_deref()),
            Command::StartTls => self.starttls(),
            Command::Rset => {
                self.envelope = None;
                self.idle(words::fine());
            }
            Command::Noop => self.idle(words::fine()),
            Command::Vrfy => self.idle(words::not_verified()),
            Command::Help => self.idle(words::help()),
            Command::Quit => {
                self.say(words::goodbye());
                self.close();
            }
        }
    }

    fn hello(&mut self, name: String, reply: fn(&words::Offer<'_>) -> Reply) {
        self.helo = Some(name);
        self.envelope = None;
        let reply = reply(&words::Offer {
            manner: &self.manner,
            secured: self.tls.is_some(),
        });
        self.idle(reply);
    }

    fn starttls(&mut self) {
        match (&self.tls, self.manner.starttls) {
            (Some(_), _) => self.refuse(words::out_of_order("TLS is on already")),
            (None, StartTls::Absent) => self.refuse(words::not_here()),
            (None, StartTls::Offered) => {
                self.say(words::ready_for_tls());
                self.steps.push_back(Step::StartTls);
                self.state = State::Handshake;
            }
        }
    }

    fn wrong(&mut self, wrong: Wrong) {
        if wrong == Wrong::Unknown {
            self.counts.unknown += 1;
        }
        self.refuse(words::wrong(wrong));
        // What would follow could be anything: a page's form, or a chunk of unknown length.
        let over = matches!(wrong, Wrong::Http | Wrong::Chunk);
        if over || self.counts.unknown >= UNKNOWN_COMMANDS {
            self.give_up(wrong == Wrong::Unknown);
        }
    }

    /// A reply to what brings no mail nearer.
    fn idle(&mut self, reply: Reply) {
        self.counts.idle += 1;
        self.say(reply);
        if self.counts.idle >= IDLE_COMMANDS {
            self.give_up(true);
        }
    }

    /// A reply that counts among the refusals when it is for good.
    fn refuse(&mut self, reply: Reply) {
        if reply.code >= 500 {
            self.counts.refusals += 1;
        }
        self.say(reply);
        if self.counts.refusals >= REFUSALS {
            self.give_up(true);
        }
    }

    fn give_up(&mut self, with_words: bool) {
        if self.is_over() {
            return;
        }
        if with_words {
            self.say(words::too_many_mistakes());
        }
        self.close();
    }

    fn say(&mut self, reply: Reply) {
        self.steps.push_back(Step::Say(reply));
    }

    fn ask(&mut self, question: Question, asked: Asked) {
        self.steps.push_back(Step::Ask(question));
        self.state = State::Asked(asked);
    }

    fn close(&mut self) {
        self.steps.push_back(Step::Close);
        self.envelope = None;
        self.state = State::Closed;
    }
}
