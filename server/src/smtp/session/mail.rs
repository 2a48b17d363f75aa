//! Mail transactions: MAIL, RCPT, and DATA or BDAT.

use super::{Answer, Asked, Known, Question, Role, Session, State, Taking};
use crate::smtp::command::{Charset, Chunk, Mail, Place};
use crate::smtp::data::{Content, Unstuff};
use crate::smtp::limits::{DRAINED_MESSAGES, RECIPIENTS};
use crate::smtp::reply::Reply;
use crate::smtp::words;

/// An open transaction.
#[derive(Debug)]
pub(super) struct Envelope {
    from: Option<String>,
    charset: Charset,
    /// How long the message is to be, where that was said.
    size_bytes: Option<u64>,
    recipients: Vec<String>,
    /// Whether a recipient was named, taken or not.
    tried: bool,
    /// Whether its content comes by BDAT, and has begun to.
    chunked: bool,
    pub(super) content: Content,
}

/// A chunk that is coming in.
#[derive(Debug)]
pub(super) struct Chunking {
    left: u64,
    chunk: Chunk,
    /// Why it is thrown away (RFC 3030 section 2: it is taken off the line all the same).
    refusal: Option<Reply>,
}

impl Session {
    pub(super) fn mail(&mut self, mail: Mail) {
        if let Some(refusal) = self.no_mail(&mail) {
            return self.refuse(refusal);
        }
        self.ask(Question::Begin, Asked::Begin(Box::new(mail)));
    }

    fn no_mail(&self, mail: &Mail) -> Option<Reply> {
        if self.helo.is_none() {
            return Some(words::out_of_order("Say EHLO first"));
        }
        let needs_key = match self.manner.role {
            Role::Inbound => false,
            Role::Submission | Role::Capture => self.known == Known::No,
        };
        if needs_key && !self.may_show_keys() {
            return Some(words::tls_needed());
        }
        if needs_key {
            return Some(words::key_needed());
        }
        if self.envelope.is_some() {
            return Some(words::out_of_order("A mail transaction is open already"));
        }
        if is_foreign(mail.from.as_deref().unwrap_or_default(), mail.charset) {
            return Some(words::ascii_needed());
        }
        let limit_bytes = self.manner.size_bytes as u64;
        mail.size_bytes
            .is_some_and(|bytes| bytes > limit_bytes)
            .then(words::too_large)
    }

    pub(super) fn begin(&mut self, mail: Mail, answer: Answer) {
        match answer {
            Answer::No(reply) => self.refuse(reply),
            Answer::Yes | Answer::Taken(_) => {
                self.envelope = Some(Envelope {
                    from: mail.from,
                    charset: mail.charset,
                    size_bytes: mail.size_bytes,
                    recipients: Vec::new(),
                    tried: false,
                    chunked: false,
                    content: Content::new(self.manner.size_bytes),
                });
                self.say(words::sender_taken(self.manner.role));
            }
        }
    }

    pub(super) fn rcpt(&mut self, to: String) {
        let Some(envelope) = &mut self.envelope else {
            return self.refuse(words::out_of_order("Say MAIL first"));
        };
        envelope.tried = true;
        let refusal = if envelope.chunked {
            words::out_of_order("The message has begun")
        } else if is_foreign(&to, envelope.charset) {
            words::ascii_needed()
        } else if envelope.recipients.len() == RECIPIENTS {
            words::too_many_recipients()
        } else {
            let question = Question::Recipient {
                to: to.clone(),
                size_bytes: envelope.size_bytes,
            };
            return self.ask(question, Asked::Recipient(to));
        };
        self.refuse(refusal);
    }

    pub(super) fn recipient(&mut self, to: String, answer: Answer) {
        match (answer, &mut self.envelope) {
            (Answer::No(reply), _) => self.refuse(reply),
            (Answer::Yes | Answer::Taken(_), envelope) => {
                if let Some(envelope) = envelope
                    && !envelope.recipients.contains(&to)
                {
                    envelope.recipients.push(to);
                }
                self.say(words::recipient_taken(self.manner.role));
            }
        }
    }

    pub(super) fn data(&mut self) {
        match self.no_content() {
            Some(refusal) => self.refuse(refusal),
            None if self.envelope.as_ref().is_some_and(|one| one.chunked) => {
                self.refuse(words::out_of_order("The message comes by BDAT"));
            }
            None => {
                self.say(words::go_ahead());
                self.state = State::Data(Unstuff::default());
            }
        }
    }

    /// Why no message can follow now.
    fn no_content(&self) -> Option<Reply> {
        match &self.envelope {
            None => Some(words::out_of_order("Say MAIL first")),
            Some(envelope) if !envelope.recipients.is_empty() => None,
            Some(envelope) if envelope.tried => Some(words::nobody_to_take_it()),
            Some(_) => Some(words::out_of_order("Say RCPT first")),
        }
    }

    pub(super) fn bdat(&mut self, chunk: Chunk) {
        let refusal = self.no_content();
        // Longer than anybody waits for.
        if chunk.size_bytes > DRAINED_MESSAGES * self.manner.size_bytes as u64 {
            self.refuse(refusal.unwrap_or_else(words::too_large));
            return self.give_up(false);
        }
        if let Some(envelope) = &mut self.envelope {
            envelope.chunked |= refusal.is_none();
        }
        self.state = State::Chunk(Chunking {
            left: chunk.size_bytes,
            chunk,
            refusal,
        });
        if chunk.size_bytes == 0 {
            self.chunk_bytes(b"");
        }
    }

    /// Takes bytes of a chunk; how many were its own.
    pub(super) fn chunk_bytes(&mut self, bytes: &[u8]) -> usize {
        let State::Chunk(chunking) = &mut self.state else {
            return 0;
        };
        let left = usize::try_from(chunking.left).unwrap_or(usize::MAX);
        let own = &bytes[..bytes.len().min(left)];
        chunking.left -= own.len() as u64;
        if chunking.refusal.is_none()
            && let Some(envelope) = &mut self.envelope
        {
            envelope.content.chunk(own);
        }
        if chunking.left == 0 {
            let (chunk, refusal) = (chunking.chunk, chunking.refusal.take());
            self.state = State::Command;
            self.chunk_done(chunk, refusal);
        }
        own.len()
    }

    fn chunk_done(&mut self, chunk: Chunk, refusal: Option<Reply>) {
        let fault = self.envelope.as_ref().and_then(|one| one.content.fault());
        match (refusal, fault, chunk.place) {
            (Some(refusal), _, _) => self.refuse(refusal),
            (None, Some(fault), _) => {
                // What follows belongs to nothing, and is refused as such.
                self.envelope = None;
                self.refuse(words::faulty(fault));
            }
            (None, None, Place::Last) => self.take(),
            (None, None, Place::Inner) => self.say(words::chunk_taken(chunk.size_bytes)),
        }
    }

    /// The content is whole.
    pub(super) fn take(&mut self) {
        let Some(envelope) = self.envelope.take() else {
            return;
        };
        match envelope.content.finish() {
            Err(fault) => self.refuse(words::faulty(fault)),
            Ok(raw) => {
                let taking = Taking {
                    helo: self.helo.clone().unwrap_or_default(),
                    tls: self.tls.clone(),
                    from: envelope.from,
                    recipients: envelope.recipients,
                    raw,
                };
                self.ask(Question::Take(Box::new(taking)), Asked::Taking);
            }
        }
    }

    pub(super) fn taken(&mut self, answer: Answer) {
        self.counts.idle = 0;
        match answer {
            Answer::Taken(id) => self.say(words::taken(self.manner.role, &id)),
            Answer::Yes => self.say(words::fine()),
            Answer::No(reply) => self.refuse(reply),
        }
    }
}

/// Whether an address needs SMTPUTF8 and does not have it (RFC 6531 section 3.4).
fn is_foreign(address: &str, charset: Charset) -> bool {
    match charset {
        Charset::Utf8 => false,
        Charset::Ascii => !address.is_ascii(),
    }
}
