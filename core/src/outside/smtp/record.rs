//! What was said in a conversation, kept within bounds and without secrets.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lettre::transport::smtp;
use tokio::time::Instant;

use super::super::bounds;
use super::failure::{Failure, Kind, Stage};
use super::reply::{Framed, Reply};

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// This program.
    Client,
    /// The server.
    Server,
    /// Nobody: a remark about the connection.
    Note,
}

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who said it.
    pub side: Side,
    /// Milliseconds since the connection was begun.
    pub offset_ms: u64,
    /// Without its end.
    pub text: String,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = match self.side {
            Side::Client => "C:",
            Side::Server => "S:",
            Side::Note => "--",
        };
        write!(f, "{:>6} ms {side} {}", self.offset_ms, self.text)
    }
}

/// What the bytes are that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// Commands: kept.
    Commands,
    /// Name and password: left out.
    Secrets,
    /// A message: left out.
    Content,
}

/// The record of a connection. Shared, because the client library owns the stream.
#[derive(Debug, Clone)]
pub(super) struct Record(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    started: Instant,
    lines: Vec<Line>,
    bytes: usize,
    writing: Writing,
    unfinished: Vec<u8>,
    replies: Vec<Reply>,
    fault: Option<Kind>,
}

impl Record {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner {
            started: Instant::now(),
            lines: Vec::new(),
            bytes: 0,
            writing: Writing::Commands,
            unfinished: Vec::new(),
            replies: Vec::new(),
            fault: None,
        })))
    }

    // A panic elsewhere leaves a list of lines that is as good as before.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A step begins: forgets the replies of the one before.
    pub fn begin(&self, writing: Writing) {
        let mut inner = self.inner();
        inner.writing = writing;
        inner.unfinished.clear();
        inner.replies.clear();
        inner.fault = None;
    }

    pub fn writing(&self) -> Writing {
        self.inner().writing
    }

    pub fn note(&self, text: String) {
        self.inner().push(Side::Note, text);
    }

    /// Bytes that were accepted for sending.
    pub fn sent(&self, bytes: &[u8]) {
        let mut inner = self.inner();
        if inner.writing == Writing::Content {
            return;
        }
        inner.unfinished.extend_from_slice(bytes);
        while let Some(end) = inner.unfinished.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = inner.unfinished.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let text = match inner.writing {
                Writing::Commands | Writing::Content => line.trim_end().to_owned(),
                Writing::Secrets => redacted(line.trim_end()),
            };
            inner.push(Side::Client, text);
        }
    }

    pub fn received(&self, framed: &Framed) {
        let mut inner = self.inner();
        inner.push(Side::Server, framed.line.trim_end().to_owned());
        inner.replies.extend(framed.reply.clone());
    }

    /// The latest reply within the step.
    pub fn last_reply(&self) -> Option<Reply> {
        self.inner().replies.last().cloned()
    }

    /// The latest reply within the step that has this code.
    pub fn reply_with(&self, code: u16) -> Option<Reply> {
        let inner = self.inner();
        let found = inner.replies.iter().rev().find(|reply| reply.code == code);
        found.cloned()
    }

    /// Remembers what the stream found wrong; the first fault of a step counts.
    pub fn fault(&self, kind: Kind) {
        self.inner().fault.get_or_insert(kind);
    }

    pub fn take_fault(&self) -> Option<Kind> {
        self.inner().fault.take()
    }

    pub fn take_lines(&self) -> Vec<Line> {
        let mut inner = self.inner();
        inner.bytes = 0;
        std::mem::take(&mut inner.lines)
    }

    /// What an error of the client library is.
    pub fn failure_of(&self, stage: Stage, error: &smtp::Error) -> Failure {
        let kind = match (self.refusal(error), self.take_fault()) {
            (Some(reply), _) => Kind::Refused(reply),
            (None, Some(fault)) => fault,
            (None, None) if error.is_client() || error.is_response() => {
                Kind::Protocol(error.to_string())
            }
            (None, None) => Kind::Network(error.to_string()),
        };
        self.failure(stage, kind)
    }

    /// The server's refusal behind an error of the client library. It is looked for by its
    /// code: after some refusals the library says QUIT, which has a reply of its own.
    pub fn refusal(&self, error: &smtp::Error) -> Option<Reply> {
        self.reply_with(error.status()?.into())
    }

    /// A failure, with what was said so far.
    pub fn failure(&self, stage: Stage, kind: Kind) -> Failure {
        Failure {
            stage,
            kind,
            transcript: self.take_lines(),
        }
    }
}

impl Inner {
    fn push(&mut self, side: Side, text: String) {
        let left = bounds::SMTP_TRANSCRIPT_BYTES.saturating_sub(self.bytes);
        if left == 0 {
            return;
        }
        // The line that does not fit is the last one until the lines are taken.
        let (side, text) = if text.len() <= left {
            (side, text)
        } else {
            self.bytes = bounds::SMTP_TRANSCRIPT_BYTES;
            (Side::Note, "more was said than is kept".to_owned())
        };
        self.bytes += text.len();
        self.lines.push(Line {
            side,
            offset_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            text,
        });
    }
}

/// `AUTH PLAIN <secret>` keeps its first two words, an answer to a challenge nothing.
fn redacted(line: &str) -> String {
    let mut words = line.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some("AUTH"), Some(mechanism), None) => format!("AUTH {mechanism}"),
        (Some("AUTH"), Some(mechanism), Some(_)) => format!("AUTH {mechanism} <left out>"),
        _ => "<left out>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(record: &Record) -> Vec<String> {
        record.take_lines().into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn secrets_and_content_stay_out() {
        let record = Record::new();
        record.sent(b"EHLO me");
        record.sent(b"\r\n");
        record.begin(Writing::Secrets);
        record.sent(b"AUTH PLAIN AGEAYg==\r\nAUTH LOGIN\r\nc2VjcmV0\r\n");
        record.begin(Writing::Content);
        record.sent(b"Subject: x\r\n\r\nAUTH\r\n.\r\n");
        assert_eq!(
            texts(&record),
            [
                "EHLO me",
                "AUTH PLAIN <left out>",
                "AUTH LOGIN",
                "<left out>"
            ]
        );
    }

    #[test]
    fn the_transcript_is_bounded() {
        let record = Record::new();
        for _ in 0..bounds::SMTP_TRANSCRIPT_BYTES {
            record.sent(b"NOOP with a word\r\n");
        }
        let lines = texts(&record);
        assert_eq!(lines.len(), bounds::SMTP_TRANSCRIPT_BYTES / 16);
        record.sent(b"QUIT\r\n");
        assert_eq!(texts(&record), ["QUIT"]);
        record.sent(
            &[
                vec![b'x'; bounds::SMTP_TRANSCRIPT_BYTES + 1],
                b"\nNOOP\n".to_vec(),
            ]
            .concat(),
        );
        assert_eq!(texts(&record), ["more was said than is kept"]);
    }
}
