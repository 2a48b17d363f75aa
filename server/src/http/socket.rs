//! A web socket (RFC 6455) that this side talks on: the other's frames are only a sign of life.
//!
//! Nothing is kept for one who does not read: each frame has a time to be taken in, and who
//! takes longer is told to go. What is told is in the log, and can be read on in from where
//! one was.

pub mod origin;

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::time::{Instant, timeout};

use crate::net::Stay;

/// The longest frame that is taken from the other side, in bytes: nothing is done with it.
pub const HEARD_BYTES: usize = 64 * 1024;

/// Why it ends, as RFC 6455 section 7.4.1 numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Close {
    /// This server stops.
    GoingAway = 1001,
    /// The other may not listen, or not any more.
    Policy = 1008,
    /// A fault of ours.
    Fault = 1011,
    /// The other does not keep up, or there is no room; later it may go on.
    Later = 1013,
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A frame, until the other has taken it in; each `frame_bytes` of it have that long.
    pub frame: Duration,
    /// How much may take so long.
    pub frame_bytes: usize,
    /// Between two questions whether the other is there.
    pub ping: Duration,
    /// From such a question to a sign of life.
    pub pong: Duration,
    /// The end: what is under way, our close and the other's.
    pub end: Duration,
}

impl Patience {
    /// What readers over the world's networks need.
    pub const ORDINARY: Self = Self {
        frame: Duration::from_secs(5),
        frame_bytes: 1024 * 1024,
        ping: Duration::from_secs(30),
        pong: Duration::from_secs(20),
        end: Duration::from_secs(5),
    };
}

/// Why nothing more can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The other side ended it, or is not there.
    Gone,
    /// It does not keep up.
    Slow,
    /// This server stops.
    Stopping,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// What was waited for.
    ByIt,
    /// The time for a look around: the other was asked whether it is there.
    ByTheClock,
}

/// One end of a web socket.
pub struct Line {
    socket: WebSocket,
    stay: Stay,
    patience: Patience,
    heard_at: Instant,
    ping_at: Instant,
}

impl Line {
    /// A line that ends when its server stops.
    pub fn new(socket: WebSocket, stay: Stay, patience: Patience) -> Self {
        let now = Instant::now();
        Self {
            socket,
            stay,
            patience,
            heard_at: now,
            ping_at: now + patience.ping,
        }
    }

    /// Says a text.
    ///
    /// # Errors
    /// When the other is gone, or too slow for it.
    pub async fn say(&mut self, text: String) -> Result<(), Over> {
        let pieces = text.len() / self.patience.frame_bytes + 1;
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        self.send(Message::Text(text.into()), self.patience.frame * pieces)
            .await
    }

    async fn send(&mut self, message: Message, within: Duration) -> Result<(), Over> {
        match timeout(within, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Over::Gone),
            Err(_) => Err(Over::Slow),
        }
    }

    /// Waits for `it`, hearing meanwhile whether the other is there.
    ///
    /// # Errors
    /// When it is not, or this server stops.
    pub async fn wait(&mut self, it: impl Future<Output = ()>) -> Result<Woken, Over> {
        let mut it = std::pin::pin!(it);
        loop {
            tokio::select! {
                () = self.stay.stopped() => return Err(Over::Stopping),
                frame = self.socket.recv() => match frame {
                    None | Some(Ok(Message::Close(_)) | Err(_)) => return Err(Over::Gone),
                    Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {
                        self.heard_at = Instant::now();
                    }
                },
                () = tokio::time::sleep_until(self.ping_at) => {
                    self.look_around().await?;
                    return Ok(Woken::ByTheClock);
                }
                () = it.as_mut() => return Ok(Woken::ByIt),
            }
        }
    }

    /// Asks whether the other is there. One that has said nothing since it was last asked is
    /// looked at again when its time for that is over.
    async fn look_around(&mut self) -> Result<(), Over> {
        let Patience {
            frame, ping, pong, ..
        } = self.patience;
        let now = Instant::now();
        if now - self.heard_at >= ping + pong {
            return Err(Over::Gone);
        }
        self.ping_at = match now - self.heard_at >= ping {
            true => now + pong.min(ping),
            false => now + ping,
        };
        self.send(Message::Ping(Vec::new().into()), frame).await
    }

    /// Says why it ends, and lets the other read that.
    pub async fn close(mut self, code: Close, reason: &str) {
        // RFC 6455 section 5.5: 125 bytes, of which the code takes two.
        let reason = &reason[..reason.floor_char_boundary(123)];
        let frame = CloseFrame {
            code: code as u16,
            reason: reason.into(),
        };
        let ending = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                // The other's own close is the end of it (RFC 6455 section 7.1.1).
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        // Whoever does not read to the end has had the time to.
        let _ = timeout(self.patience.end, ending).await;
    }
}

#[cfg(test)]
mod tests;
