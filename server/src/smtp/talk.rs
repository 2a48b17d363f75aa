//! A session fed with bytes, as they come.

use std::sync::Arc;

use super::manner::Manner;
use super::reply::Statuses;
use super::session::Session;
use super::step::{Answer, Ending, Step, Wants};
use crate::net::line::Input;

/// A session and the bytes that it has not used yet.
#[derive(Debug)]
pub struct Talk {
    session: Session,
    input: Input,
}

impl Talk {
    /// A new client.
    #[must_use]
    pub fn new(manner: Arc<Manner>, tls: Option<String>) -> Self {
        Self {
            session: Session::new(manner, tls),
            input: Input::default(),
        }
    }

    /// Adds what came in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.input.push(bytes);
    }

    /// What to do next; None when more has to come in first.
    pub fn step(&mut self) -> Option<Step> {
        loop {
            if let Some(step) = self.session.next() {
                if step == Step::StartTls {
                    // Whoever wrote it was not under TLS (RFC 3207 section 6, CVE-2011-0411).
                    self.input.clear();
                }
                return Some(step);
            }
            match self.session.wants() {
                Wants::Line => {
                    let line = self.input.line()?;
                    self.session.line(line.as_deref().map_err(|fault| *fault));
                }
                Wants::Body => {
                    let rest = self.input.rest();
                    if rest.is_empty() {
                        return None;
                    }
                    let used = self.session.body(rest);
                    self.input.consume(used);
                }
                Wants::Nothing => return None,
            }
        }
    }

    /// Takes the answer to what was asked.
    pub fn answer(&mut self, answer: Answer) {
        self.session.answer(answer);
    }

    /// The handshake is done.
    pub fn secured(&mut self, tls: String) {
        self.session.secured(tls);
    }

    /// Ends it.
    pub fn end(&mut self, ending: Ending) {
        self.session.end(ending);
    }

    /// There is no memory for the message that is coming in.
    pub fn no_room(&mut self) {
        self.session.no_room();
    }

    /// What the message that is coming in takes, in bytes.
    #[must_use]
    pub fn content_bytes(&self) -> usize {
        self.session.content_bytes()
    }

    /// Whether nothing is lost when it ends here.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        self.session.is_idle()
    }

    /// Whether a message is coming in.
    #[must_use]
    pub fn is_in_body(&self) -> bool {
        self.session.wants() == Wants::Body
    }

    /// Whether replies show their enhanced status.
    #[must_use]
    pub fn statuses(&self) -> Statuses {
        self.session.statuses()
    }
}
