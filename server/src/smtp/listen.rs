//! Listeners: who comes in, and what each is for.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::FutureExt;
use posthouse::Posthouse;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::clerk::Clerk;
use super::driver::{Driver, handshake, stopped};
use super::gate::{Gate, Place};
use super::limits::AFTER_FAILURE;
use super::manner::Manner;
use super::talk::Talk;
use super::words;

/// How a connection begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// In the clear; STARTTLS may follow.
    Clear,
    /// With TLS (RFC 8314 section 3.3).
    Tls,
}

/// What a listener needs.
#[derive(Clone)]
pub struct Door {
    pub engine: Posthouse,
    pub manner: Arc<Manner>,
    pub beginning: Beginning,
    pub tls: Arc<ServerConfig>,
    /// The same for all listeners.
    pub gate: Arc<Gate>,
}

/// Serves `listener` until `stop` is true, or its sender gone. Then those who are idle are
/// told and closed, and messages under way are taken; returns when all are done. Dropped, it
/// cuts them off.
///
/// # Errors
/// None at present: a failed accept is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    door: Door,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopped(&mut stop) => break,
            Some(ended) = connections.join_next() => {
                note(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => door.admit(stream, remote, &stop, &mut connections),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
    // Who has connected already would be reset together with the listener.
    while let Some(Ok((stream, remote))) = listener.accept().now_or_never() {
        door.admit(stream, remote, &stop, &mut connections);
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        note(ended);
    }
    Ok(())
}

/// A panic ends its own connection and no other.
fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended badly");
    }
}

impl Door {
    fn admit(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        stop: &watch::Receiver<bool>,
        connections: &mut JoinSet<()>,
    ) {
        match self.gate.enter(remote.ip(), self.engine.now()) {
            Ok(place) => {
                let door = self.clone();
                connections.spawn(door.talk(stream, remote, stop.clone(), place));
            }
            Err(crowded) => {
                tracing::info!(%remote, ?crowded, "a connection was turned away");
                let mut words = Vec::new();
                let reply = words::crowded(crowded, &self.manner.host);
                reply.write(words::statuses(self.manner.role), &mut words);
                // What does not fit into an empty socket at once is not waited for, and
                // under TLS it would not be understood.
                if self.beginning == Beginning::Clear {
                    let _ = stream.try_write(&words);
                }
            }
        }
    }

    async fn talk(
        self,
        stream: TcpStream,
        remote: SocketAddr,
        stop: watch::Receiver<bool>,
        place: Place,
    ) {
        let Ok(local) = stream.local_addr() else {
            return;
        };
        // Replies are whole when they are written.
        let _ = stream.set_nodelay(true);
        let clerk = Clerk {
            engine: self.engine,
            gate: self.gate,
            role: self.manner.role,
            remote,
            local,
            stop: stop.clone(),
            key: None,
        };
        match self.beginning {
            Beginning::Clear => {
                let talk = Talk::new(self.manner, None);
                Driver::new(talk, clerk, Some(self.tls), stop)
                    .run(stream)
                    .await;
            }
            Beginning::Tls => {
                if let Some((stream, agreed)) = handshake(stream, self.tls).await {
                    let talk = Talk::new(self.manner, Some(agreed));
                    Driver::new(talk, clerk, None, stop).run(stream).await;
                }
            }
        }
        drop(place);
    }
}
