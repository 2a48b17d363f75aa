//! One connection: the only part that knows sockets, deadlines and TLS.

use std::sync::Arc;

use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::limits::{
    COMMAND_WAIT, CONNECTION_WAIT, DATA_WAIT, MESSAGE_WAIT, READ_BYTES, REPLY_BYTES, REPLY_WAIT,
    ROOM_UNIT_BYTES, ROOM_UNITS, SMALL_BODY_BYTES,
};
use super::step::{Answer, Ending, Question, Step};
use super::talk::Talk;
use crate::net::stream::{Stream, handshake, linger, stopped};

/// What all messages that are not small may take together.
static ROOM: Semaphore = Semaphore::const_new(ROOM_UNITS);

/// Whoever answers what a session asks.
pub(super) trait Ask: Send {
    /// Answers one question.
    fn ask(&mut self, question: Question) -> impl Future<Output = Answer> + Send;

    /// Takes note that something was refused for good.
    fn refused(&mut self);
}

/// A client's dialogue and what it needs.
pub(super) struct Driver<A> {
    talk: Talk,
    asks: A,
    tls: Option<Arc<ServerConfig>>,
    stop: watch::Receiver<bool>,
    /// Replies that are not written yet.
    replies: Vec<u8>,
    /// Room for a message that is not small, in units.
    room: Option<SemaphorePermit<'static>>,
    /// The end of a message's time, while one comes in.
    message_end: Option<Instant>,
    /// The end of the connection's time.
    connection_end: Instant,
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

/// What became of waiting for more.
enum Came {
    Bytes(usize),
    Nothing(Ending),
    Lost,
}

impl<A: Ask> Driver<A> {
    pub(super) fn new(
        talk: Talk,
        asks: A,
        tls: Option<Arc<ServerConfig>>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            talk,
            asks,
            tls,
            stop,
            replies: Vec::new(),
            room: None,
            message_end: None,
            connection_end: Instant::now() + CONNECTION_WAIT,
        }
    }

    /// Talks until the connection is over.
    pub(super) async fn run(mut self, mut stream: impl Stream) {
        match self.talk_on(&mut stream).await {
            Over::Lost => {}
            Over::Close => linger(stream).await,
            Over::StartTls => {
                let Some(config) = self.tls.clone() else {
                    return;
                };
                let Some((mut stream, agreed)) = handshake(stream, config).await else {
                    return;
                };
                self.talk.secured(agreed);
                // A second STARTTLS is refused, so that there is no third stream.
                if let Over::Close = self.talk_on(&mut stream).await {
                    linger(stream).await;
                }
            }
        }
    }

    async fn talk_on(&mut self, stream: &mut impl Stream) -> Over {
        let mut buffer = vec![0; READ_BYTES];
        let mut command_end = Instant::now() + COMMAND_WAIT;
        loop {
            while let Some(step) = self.talk.step() {
                command_end = Instant::now() + COMMAND_WAIT;
                let over = match step {
                    Step::Say(reply) => {
                        if reply.code >= 500 {
                            self.asks.refused();
                        }
                        reply.write(self.talk.statuses(), &mut self.replies);
                        None
                    }
                    Step::Ask(question) => {
                        let answer = self.asks.ask(question).await;
                        self.talk.answer(answer);
                        None
                    }
                    Step::StartTls => Some(Over::StartTls),
                    Step::Close => Some(Over::Close),
                };
                let full = self.replies.len() >= REPLY_BYTES;
                if (full || over.is_some()) && self.write(stream).await.is_none() {
                    return Over::Lost;
                }
                if let Some(over) = over {
                    return over;
                }
            }
            if self.write(stream).await.is_none() {
                return Over::Lost;
            }
            self.make_room();
            match self.read(stream, &mut buffer, command_end).await {
                Came::Bytes(count) => self.talk.push(&buffer[..count]),
                Came::Nothing(ending) => self.talk.end(ending),
                Came::Lost => return Over::Lost,
            }
        }
    }

    async fn read(
        &mut self,
        stream: &mut impl Stream,
        buffer: &mut [u8],
        command_end: Instant,
    ) -> Came {
        let now = Instant::now();
        let mut until = command_end.min(self.connection_end);
        if !self.talk.is_in_body() && now >= self.connection_end {
            return Came::Nothing(Ending::Length);
        }
        if self.talk.is_in_body() {
            until = now + DATA_WAIT;
            self.message_end.get_or_insert(now + MESSAGE_WAIT);
        } else if self.talk.is_idle() {
            self.message_end = None;
        }
        until = self.message_end.map_or(until, |end| end.min(until));
        let read = timeout_at(until, stream.read(buffer));
        let read = if self.talk.is_idle() {
            tokio::select! {
                biased;
                () = stopped(&mut self.stop) => return Came::Nothing(Ending::Stop),
                read = read => read,
            }
        } else {
            read.await
        };
        match read {
            Ok(Ok(0) | Err(_)) => Came::Lost,
            Ok(Ok(count)) => Came::Bytes(count),
            // What ends now would have ended anyway; only the words are others.
            Err(_) if !self.talk.is_in_body() && until == self.connection_end => {
                Came::Nothing(Ending::Length)
            }
            Err(_) => Came::Nothing(Ending::Silence),
        }
    }

    /// Writes the replies that have gathered; None when that cannot be done.
    async fn write(&mut self, stream: &mut impl Stream) -> Option<()> {
        if self.replies.is_empty() {
            return Some(());
        }
        let written = async {
            stream.write_all(&self.replies).await?;
            stream.flush().await
        };
        let written = timeout(REPLY_WAIT, written).await;
        self.replies.clear();
        self.replies.shrink_to(REPLY_BYTES);
        written.ok()?.ok()
    }

    /// Sets room aside for what has come in of a message, and lets it go once it is dealt
    /// with.
    fn make_room(&mut self) {
        let bytes = self.talk.content_bytes().saturating_sub(SMALL_BODY_BYTES);
        if bytes == 0 {
            self.room = None;
            return;
        }
        let needed = bytes.div_ceil(ROOM_UNIT_BYTES);
        let held = self.room.as_ref().map_or(0, SemaphorePermit::num_permits);
        let more = u32::try_from(needed.saturating_sub(held)).unwrap_or(u32::MAX);
        match (ROOM.try_acquire_many(more), &mut self.room) {
            (Ok(more), Some(room)) => room.merge(more),
            (Ok(more), None) => self.room = Some(more),
            (Err(_), _) => self.talk.no_room(),
        }
    }
}

#[cfg(test)]
mod tests;
