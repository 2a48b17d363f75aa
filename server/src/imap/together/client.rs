//! A client, and what it believes of the folder that it has open.

use std::sync::Arc;

use posthouse::Posthouse;
use posthouse::clock::Timestamp;
use posthouse::model::owner::Owner;
use tokio::sync::watch;

use super::super::clerk::{Clerk, Person};
use super::super::driver::Ask as _;
use super::super::session::Session;
use super::super::step::{Answer, Question, Step};
use super::{MARKS, Opening};
use crate::net::gate::{Bounds, Gate};
use crate::net::manner::{Manner, PlainAuth, StartTls};

/// What a client believes of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Belief {
    pub(super) uid: Option<u32>,
    pub(super) marks: Option<u8>,
    modseq: u64,
}

/// The folder that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) at: usize,
    pub(super) opening: Opening,
    /// By sequence number, from 1.
    pub(super) messages: Vec<Belief>,
    /// The highest that was told.
    pub(super) modseq: u64,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Ok,
    No,
    /// It goes on.
    Open,
}

pub(super) struct Client {
    session: Session,
    clerk: Clerk,
    pub(super) open: Option<Open>,
    /// What is to be open once that is closed.
    next: Option<Open>,
    pub(super) idles: bool,
    /// All that was said, for whoever looks why a test failed.
    log: String,
    _stop: watch::Sender<bool>,
}

impl Client {
    /// One that has signed in and switched something on.
    pub(super) async fn new(engine: &Posthouse, owner: Owner, enabled: &str) -> Self {
        let manner = Manner {
            host: "h.test".to_owned(),
            starttls: StartTls::Offered,
            plain_auth: PlainAuth::Allowed,
        };
        let bounds = Bounds {
            connections: 1,
            connections_an_address: 1,
            connections_a_minute: None,
            messages_a_minute: None,
            refusals_a_minute: None,
        };
        let (stop, stopping) = watch::channel(false);
        let clerk = Clerk {
            engine: engine.clone(),
            gate: Arc::new(Gate::new(bounds)),
            remote: "127.0.0.1:1".parse().unwrap(),
            stop: stopping,
            person: Some(Person::new(owner, engine)),
        };
        let mut client = Self {
            session: Session::new(Arc::new(manner), false),
            clerk,
            open: None,
            next: None,
            idles: false,
            log: String::new(),
            _stop: stop,
        };
        client.pump().await;
        client.ask("LOGIN kim x").await;
        if !enabled.is_empty() {
            client.ask(&format!("ENABLE {enabled}")).await;
        }
        client
    }

    /// Says a command; how it ended. What it is told it believes.
    pub(super) async fn ask(&mut self, command: &str) -> Ended {
        self.log += &format!("C: {command}\n");
        let frame = format!("t {command}\r\n").into_bytes();
        self.session.command(frame, Timestamp(0));
        let said = self.pump().await;
        self.hears(command, &said)
    }

    /// Opens a folder by a command.
    pub(super) async fn opens(&mut self, open: Open, command: &str) -> Ended {
        // RFC 7162 section 3.2.11: up to CLOSED, everything is about the one before.
        match self.open {
            Some(_) => self.next = Some(open),
            None => self.open = Some(open),
        }
        let ended = self.ask(command).await;
        assert!(self.next.is_none(), "nothing was closed: {}", self.log);
        ended
    }

    /// Somebody changed something while it idles.
    pub(super) async fn stirred(&mut self) {
        self.session.stirred();
        let said = self.pump().await;
        self.hears("IDLE", &said);
    }

    pub(super) async fn done(&mut self) {
        self.idles = false;
        self.session.line(b"DONE");
        let said = self.pump().await;
        assert_eq!(self.hears("IDLE", &said), Ended::Ok, "{}", self.log);
    }

    async fn pump(&mut self) -> String {
        let mut said = String::new();
        while let Some(step) = self.session.step() {
            match step {
                Step::Say(bytes) => said += &String::from_utf8(bytes).unwrap(),
                Step::Ask(Question::SignIn { .. }) => self.session.answer(Answer::Done),
                Step::Ask(question) => {
                    let answer = self.clerk.ask(question).await;
                    self.session.answer(answer);
                }
                Step::StartTls | Step::Close => panic!("it ended: {said} {}", self.log),
            }
        }
        said
    }

    /// Asks for what it does not know of messages it was told of.
    pub(super) async fn learn(&mut self) {
        let unknown = |open: &Open| {
            let mut messages = open.messages.iter();
            messages.position(|one| one.uid.is_none() || one.marks.is_none())
        };
        while let Some(at) = self.open.as_ref().and_then(unknown) {
            let ended = self.ask(&format!("FETCH {} (UID FLAGS)", at + 1)).await;
            assert_eq!(ended, Ended::Ok, "{}", self.log);
        }
    }

    fn hears(&mut self, command: &str, said: &str) -> Ended {
        self.log += said;
        let mut ended = Ended::Open;
        for line in said.lines() {
            assert_eq!(ended, Ended::Open, "something behind the end: {}", self.log);
            if let Some(rest) = line.strip_prefix("t ") {
                ended = match rest.split(' ').next() {
                    Some("OK") => Ended::Ok,
                    Some("NO") => Ended::No,
                    _ => panic!("{}", self.log),
                };
            }
            if line.starts_with("* OK [CLOSED]") {
                self.open = self.next.take();
            }
            if let Some((_, rest)) = line.split_once("[HIGHESTMODSEQ ") {
                self.heard_modseq(rest.split(']').next().unwrap().parse().unwrap());
            }
            if let Some(rest) = line.strip_prefix("* ") {
                self.hears_data(command, rest);
            }
        }
        ended
    }

    fn heard_modseq(&mut self, modseq: u64) {
        if let Some(open) = &mut self.open {
            assert!(modseq >= open.modseq, "{}", self.log);
            open.modseq = modseq;
        }
    }

    fn hears_data(&mut self, command: &str, text: &str) {
        let Some(open) = &mut self.open else {
            return;
        };
        // RFC 9051 section 7.5.1.
        let numbers_stay = ["FETCH ", "STORE ", "SEARCH "];
        let may_go = !numbers_stay.iter().any(|name| command.starts_with(name));
        let mut words = text.split(' ');
        let (first, second) = (words.next().unwrap(), words.next().unwrap_or_default());
        let log = &self.log;
        match (first, second, first.parse::<usize>()) {
            (_, "EXISTS", Ok(count)) => {
                assert!(count >= open.messages.len(), "fewer are there: {log}");
                open.messages.resize(count, Belief::default());
            }
            (_, "EXPUNGE", Ok(number)) => {
                assert!(may_go, "numbers change within {command}: {log}");
                assert!((1..=open.messages.len()).contains(&number), "{log}");
                open.messages.remove(number - 1);
            }
            (_, "FETCH", Ok(number)) => {
                let belief = open.messages.get_mut(number.wrapping_sub(1));
                believe(
                    belief.unwrap_or_else(|| panic!("no {number}: {log}")),
                    text,
                    log,
                );
            }
            ("VANISHED", set, _) => {
                assert!(may_go, "numbers change within {command}: {log}");
                for uid in uids(set) {
                    // Of what came only now, nobody knows the uid.
                    let is = |one: &Belief| one.uid == Some(uid);
                    let at = open.messages.iter().position(is);
                    let at = at.or_else(|| open.messages.iter().position(|one| one.uid.is_none()));
                    open.messages
                        .remove(at.unwrap_or_else(|| panic!("no uid {uid}: {log}")));
                }
            }
            ("SEARCH", ..) => {
                let of_uids = command.starts_with("UID");
                let found = text.split(' ').skip(1).map(|word| word.parse().unwrap());
                let known = |number: usize| match of_uids {
                    true => open
                        .messages
                        .iter()
                        .any(|one| one.uid.is_none_or(|uid| uid as usize == number)),
                    false => (1..=open.messages.len()).contains(&number),
                };
                for number in found {
                    assert!(known(number), "{number} was found: {log}");
                }
            }
            _ => {}
        }
    }

    pub(super) fn log(&self) -> &str {
        &self.log
    }
}

/// Takes in what a FETCH response says of a message.
fn believe(belief: &mut Belief, text: &str, log: &str) {
    let behind = |name: &str| text.split_once(name).map(|(_, rest)| rest);
    if let Some(rest) = behind("UID ") {
        let uid = rest.split([' ', ')']).next().unwrap().parse().unwrap();
        assert!(belief.uid.is_none_or(|known| known == uid), "{log}");
        belief.uid = Some(uid);
    }
    if let Some(rest) = behind("FLAGS (") {
        let words: Vec<&str> = rest.split(')').next().unwrap().split(' ').collect();
        let bits = MARKS.iter().filter(|(_, word)| words.contains(word));
        belief.marks = Some(bits.map(|(bit, _)| bit).sum());
    }
    if let Some(rest) = behind("MODSEQ (") {
        let modseq = rest.split(')').next().unwrap().parse().unwrap();
        assert!(modseq >= belief.modseq, "it goes back: {log}");
        belief.modseq = modseq;
    }
}

fn uids(set: &str) -> Vec<u32> {
    let ranges = set.split(',').map(|range| {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        from.parse::<u32>().unwrap()..=to.parse().unwrap()
    });
    ranges.flatten().collect()
}
