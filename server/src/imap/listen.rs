//! Who comes in by IMAP.

use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::clerk::Clerk;
use super::driver::Driver;
use super::session::Session;
use crate::net::gate::{Gate, Place};
use crate::net::listen::Admit;
use crate::net::manner::Manner;
use crate::net::stream::{Beginning, handshake};

/// What a listener needs.
#[derive(Clone)]
pub struct Door {
    pub engine: Posthouse,
    pub manner: Arc<Manner>,
    pub beginning: Beginning,
    pub tls: Arc<ServerConfig>,
    /// The places inside; the same for all listeners of IMAP.
    pub places: Arc<Gate>,
    /// Who was wrong; the same for all listeners, so that who was wrong at one door has been
    /// wrong at all.
    pub gate: Arc<Gate>,
}

impl Admit for Door {
    fn admit(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        stop: &watch::Receiver<bool>,
        connections: &mut JoinSet<()>,
    ) {
        match self.places.enter(remote.ip(), self.engine.now()) {
            Ok(place) => {
                let door = self.clone();
                connections.spawn(door.talk(stream, remote, stop.clone(), place));
            }
            Err(crowded) => {
                tracing::info!(%remote, ?crowded, "a connection was turned away");
                // What does not fit into an empty socket at once is not waited for, and
                // under TLS it would not be understood.
                if self.beginning == Beginning::Clear {
                    let _ = stream.try_write(b"* BYE [UNAVAILABLE] Too many connections\r\n");
                }
            }
        }
    }
}

impl Door {
    async fn talk(
        self,
        stream: TcpStream,
        remote: SocketAddr,
        stop: watch::Receiver<bool>,
        place: Place,
    ) {
        // Responses are whole when they are written.
        let _ = stream.set_nodelay(true);
        let clerk = Clerk {
            engine: self.engine,
            gate: self.gate,
            remote,
            stop: stop.clone(),
            person: None,
        };
        match self.beginning {
            Beginning::Clear => {
                let session = Session::new(self.manner, false);
                let driver = Driver::new(session, clerk, Some(self.tls), stop);
                driver.run(stream).await;
            }
            Beginning::Tls => {
                if let Some((stream, _)) = Box::pin(handshake(stream, self.tls)).await {
                    let session = Session::new(self.manner, true);
                    Driver::new(session, clerk, None, stop).run(stream).await;
                }
            }
        }
        drop(place);
    }
}
