//! One connection: the only part that knows sockets, deadlines and TLS.

use std::sync::Arc;

use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use super::clerk::Clerk;
use super::limits::{
    COMMAND_WAIT, MESSAGE_WAIT, MESSAGES_AT_A_TIME, READ_BYTES, REPLY_WAIT, WRITE_BYTES,
};
use super::session::Session;
use super::step::{Answer, Ending, Question, Step};
use crate::net::line::Input;
use crate::net::stream::{Stream, handshake, linger, stopped};

/// Messages in memory, over all connections.
static MESSAGES: Semaphore = Semaphore::const_new(MESSAGES_AT_A_TIME);

/// A client's dialogue and what it needs.
pub(super) struct Driver {
    session: Session,
    input: Input,
    clerk: Clerk,
    tls: Option<Arc<ServerConfig>>,
    stop: watch::Receiver<bool>,
}

/// How a stream came to its end.
enum Over {
    /// We close it.
    Close,
    /// It is of no use any more.
    Lost,
    /// TLS goes on on it.
    StartTls,
}

impl Driver {
    pub(super) fn new(
        session: Session,
        clerk: Clerk,
        tls: Option<Arc<ServerConfig>>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            session,
            input: Input::default(),
            clerk,
            tls,
            stop,
        }
    }

    /// Talks until the connection is over.
    pub(super) async fn run(mut self, mut stream: impl Stream) {
        match self.talk(&mut stream).await {
            Over::Lost => {}
            Over::Close => linger(stream).await,
            Over::StartTls => {
                // Whoever wrote what lies there was not under TLS (CVE-2011-0411).
                self.input.clear();
                let Some(config) = self.tls.clone() else {
                    return;
                };
                let Some((mut stream, _)) = handshake(stream, config).await else {
                    return;
                };
                self.session.secured();
                if let Over::Close = self.talk(&mut stream).await {
                    linger(stream).await;
                }
            }
        }
    }

    async fn talk(&mut self, stream: &mut impl Stream) -> Over {
        loop {
            while let Some(step) = self.session.next() {
                match step {
                    Step::Say(text) => {
                        if write(stream, text.as_bytes()).await.is_none() {
                            return Over::Lost;
                        }
                    }
                    Step::Ask(question) => match self.asked(stream, question).await {
                        Some(answer) => self.session.answer(answer),
                        None => return Over::Lost,
                    },
                    Step::StartTls => return Over::StartTls,
                    Step::Close => return Over::Close,
                }
            }
            if self.session.wants_line()
                && let Some(line) = self.input.line()
            {
                self.session.line(line.as_deref().map_err(|fault| *fault));
                continue;
            }
            let mut buffer = [0; READ_BYTES];
            let read = tokio::select! {
                biased;
                () = stopped(&mut self.stop) => {
                    self.session.end(Ending::Stop);
                    continue;
                }
                read = timeout(COMMAND_WAIT, stream.read(&mut buffer)) => read,
            };
            match read {
                Ok(Ok(0) | Err(_)) => return Over::Lost,
                Ok(Ok(count)) => self.input.push(&buffer[..count]),
                Err(_) => self.session.end(Ending::Silence),
            }
        }
    }

    /// The answer to a question; None when the connection is lost over it.
    async fn asked(&mut self, stream: &mut impl Stream, question: Question) -> Option<Answer> {
        Some(match question {
            Question::Open { user, password } => self.clerk.open(&user, &password).await,
            Question::Remove(places) => self.clerk.remove(&places).await,
            Question::Write { place, lines } => {
                let Ok(Ok(_room)) = timeout(MESSAGE_WAIT, MESSAGES.acquire()).await else {
                    let words = "[SYS/TEMP] Too many messages are being read, try later";
                    return Some(Answer::No(words.to_owned()));
                };
                match self.clerk.message(place).await {
                    Ok(raw) => {
                        write(stream, b"+OK\r\n").await?;
                        write(stream, &stuffed(&raw, lines)).await?;
                        Answer::Yes
                    }
                    Err(answer) => answer,
                }
            }
        })
    }
}

/// Writes all of it, piece by piece; None when that cannot be done.
async fn write(stream: &mut impl Stream, bytes: &[u8]) -> Option<()> {
    for piece in bytes.chunks(WRITE_BYTES) {
        let written = async {
            stream.write_all(piece).await?;
            stream.flush().await
        };
        timeout(REPLY_WAIT, written).await.ok()?.ok()?;
    }
    Some(())
}

/// A message as it goes over the wire, with its end (RFC 1939 section 3): its header and so
/// many lines, or all.
pub(super) fn stuffed(raw: &[u8], lines: Option<u64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 64 + 8);
    let mut left = lines;
    let mut in_head = true;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if !in_head && let Some(count) = &mut left {
            if *count == 0 {
                break;
            }
            *count -= 1;
        }
        if line.starts_with(b".") {
            out.push(b'.');
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        out.extend_from_slice(text);
        out.extend_from_slice(b"\r\n");
        in_head = in_head && !text.is_empty();
    }
    out.extend_from_slice(b".\r\n");
    out
}
