//! One connection: the only part that knows sockets, deadlines and TLS.

use std::sync::Arc;

use posthouse::clock::Timestamp;
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::frame::{Frame, Frames};
use super::limits::{
    COMMAND_WAIT, PIECE_WAIT, READ_BYTES, ROOM_UNIT_BYTES, ROOM_UNITS, SIGN_IN_WAIT,
    SMALL_LITERAL_BYTES, SMALL_READ_BYTES, WRITE_BYTES, WRITE_WAIT,
};
use super::session::Session;
use super::step::{Answer, Ending, Question, Step, Wants};
use crate::net::stream::{Stream, handshake, linger, stopped};

/// What all literals that are not small may take together.
static ROOM: Semaphore = Semaphore::const_new(ROOM_UNITS);

/// Whoever answers what a session asks.
pub(super) trait Ask: Send {
    /// Answers one question.
    fn ask(&mut self, question: Question) -> impl Future<Output = Answer> + Send;

    /// Waits until something may have changed; may be called off at any time.
    fn stirred(&mut self) -> impl Future<Output = ()> + Send;

    /// What time it is.
    fn now(&self) -> Timestamp;
}

/// A client's dialogue and what it needs.
pub(super) struct Driver<A> {
    session: Session,
    asks: A,
    tls: Option<Arc<ServerConfig>>,
    stop: watch::Receiver<bool>,
    frames: Frames,
    /// Responses that are not written yet.
    out: Vec<u8>,
    /// Room for a literal that is not small.
    room: Option<SemaphorePermit<'static>>,
    /// Until when somebody has to have signed in.
    sign_in_end: Instant,
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
    /// Something may have changed.
    Stir,
    Nothing(Ending),
    Lost,
}

impl<A: Ask> Driver<A> {
    pub(super) fn new(
        session: Session,
        asks: A,
        tls: Option<Arc<ServerConfig>>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            session,
            asks,
            tls,
            stop,
            frames: Frames::default(),
            out: Vec::new(),
            room: None,
            sign_in_end: Instant::now() + SIGN_IN_WAIT,
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
                // RFC 9051 section 6.2.1: what came with the command was not said in private.
                self.frames.clear();
                let secured = Box::pin(handshake(stream, config)).await;
                let Some((mut stream, _)) = secured else {
                    return;
                };
                self.session.secured();
                // A second STARTTLS is refused, so that there is no third stream.
                if let Over::Close = self.talk_on(&mut stream).await {
                    linger(stream).await;
                }
            }
        }
    }

    async fn talk_on(&mut self, stream: &mut impl Stream) -> Over {
        let mut buffer = Vec::new();
        loop {
            if let Some(over) = self.steps(stream).await {
                return over;
            }
            if self.take() {
                continue;
            }
            if self.write(stream).await.is_none() {
                return Over::Lost;
            }
            self.frames.shrink();
            match self.wait(stream, &mut buffer).await {
                Came::Bytes(count) => self.frames.push(&buffer[..count]),
                Came::Stir => self.session.stirred(),
                Came::Nothing(ending) => self.session.end(ending),
                Came::Lost => return Over::Lost,
            }
        }
    }

    /// Does what is to be done.
    async fn steps(&mut self, stream: &mut impl Stream) -> Option<Over> {
        while let Some(step) = self.session.step() {
            let over = match step {
                Step::Say(bytes) => {
                    self.out.extend_from_slice(&bytes);
                    None
                }
                Step::Ask(question) => {
                    // In a box, so that nobody who waits keeps room for it.
                    let answer = Box::pin(self.asks.ask(question)).await;
                    self.session.answer(answer);
                    None
                }
                Step::StartTls => Some(Over::StartTls),
                Step::Close => Some(Over::Close),
            };
            let full = self.out.len() >= WRITE_BYTES;
            if (full || over.is_some()) && self.write(stream).await.is_none() {
                return Some(Over::Lost);
            }
            if over.is_some() {
                return over;
            }
        }
        None
    }

    /// Takes what came, if it is whole.
    fn take(&mut self) -> bool {
        match self.session.wants() {
            Wants::Nothing => false,
            Wants::Line => match self.frames.line() {
                Some(Ok(line)) => {
                    self.session.line(&line);
                    true
                }
                Some(Err(fault)) => {
                    self.session.broken(fault);
                    true
                }
                None => false,
            },
            Wants::Command => {
                let room = &mut self.room;
                let sender = self.session.sender();
                let Some(frame) = self.frames.next(sender, |bytes| make_room(room, bytes)) else {
                    return false;
                };
                match frame {
                    Frame::Command(bytes) => {
                        self.session.command(bytes, self.asks.now());
                        self.room = None;
                    }
                    Frame::Wait => self.out.extend_from_slice(b"+ Go on\r\n"),
                    Frame::Refused { tag, why } => {
                        self.session.refused(&tag, why);
                        self.room = None;
                    }
                    Frame::Broken(fault) => self.session.broken(fault),
                }
                true
            }
        }
    }

    async fn wait(&mut self, stream: &mut impl Stream, buffer: &mut Vec<u8>) -> Came {
        let size = match self.frames.is_in_literal() {
            true => READ_BYTES,
            false => SMALL_READ_BYTES,
        };
        if buffer.len() != size {
            *buffer = vec![0; size];
        }
        let now = Instant::now();
        let within = self.frames.is_within();
        let until = match (self.session.sender(), within) {
            (super::frame::Sender::Stranger, _) => self.sign_in_end,
            (super::frame::Sender::Known, true) => now + PIECE_WAIT,
            (super::frame::Sender::Known, false) => now + COMMAND_WAIT,
        };
        let idles = self.session.is_idling();
        let (asks, stop) = (&mut self.asks, &mut self.stop);
        let stirred = async move {
            match idles {
                true => asks.stirred().await,
                false => std::future::pending().await,
            }
        };
        let read = tokio::select! {
            biased;
            () = stopped(stop), if !within => return Came::Nothing(Ending::Stop),
            read = timeout_at(until, stream.read(buffer)) => read,
            () = stirred => return Came::Stir,
        };
        match read {
            Ok(Ok(0) | Err(_)) => Came::Lost,
            Ok(Ok(count)) => Came::Bytes(count),
            Err(_) => Came::Nothing(Ending::Silence),
        }
    }

    /// Writes the responses that have gathered; None when that cannot be done. Each piece has
    /// its time, so that a slow reader of much is not cut off.
    async fn write(&mut self, stream: &mut impl Stream) -> Option<()> {
        for piece in self.out.chunks(WRITE_BYTES) {
            timeout(WRITE_WAIT, stream.write_all(piece))
                .await
                .ok()?
                .ok()?;
        }
        if !self.out.is_empty() {
            timeout(WRITE_WAIT, stream.flush()).await.ok()?.ok()?;
        }
        self.out = Vec::new();
        Some(())
    }
}

/// Sets room aside for a literal of so many bytes, if there is any.
fn make_room(room: &mut Option<SemaphorePermit<'static>>, bytes: usize) -> bool {
    if bytes <= SMALL_LITERAL_BYTES {
        return true;
    }
    let units = u32::try_from(bytes.div_ceil(ROOM_UNIT_BYTES)).unwrap_or(u32::MAX);
    *room = ROOM.try_acquire_many(units).ok();
    room.is_some()
}

#[cfg(test)]
mod tests;
