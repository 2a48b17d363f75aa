//! The signals that ask a process to stop.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::refusal::{Exit, Refusal};

/// A signal that comes this soon after another is the same wish: `timeout` and some
/// supervisors tell the process and then its group.
const ECHO: Duration = Duration::from_millis(300);

/// SIGINT and SIGTERM, from now on.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Hears of them instead of dying of them.
    ///
    /// # Errors
    /// As the system says.
    pub fn listen() -> Result<Self, Refusal> {
        let heard = |kind| {
            signal(kind).map_err(|error| {
                Refusal::new(Exit::Refused, format!("signals cannot be heard: {error}"))
            })
        };
        Ok(Self {
            interrupt: heard(SignalKind::interrupt())?,
            terminate: heard(SignalKind::terminate())?,
        })
    }

    /// Waits for another one, that is not an echo of the one just heard; its name.
    pub async fn again(&mut self) -> &'static str {
        let quiet = tokio::time::Instant::now() + ECHO;
        while tokio::time::timeout_at(quiet, self.next()).await.is_ok() {}
        self.next().await
    }

    /// Waits for the next; its name.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}
