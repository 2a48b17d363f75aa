//! Who comes in by SMTP.

use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::clerk::Clerk;
use super::driver::Driver;
use super::manner::Manner;
use super::talk::Talk;
use super::words;
use crate::net::gate::{Gate, Place};
use crate::net::listen::Admit;
use crate::net::stream::{Beginning, handshake};

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

impl Admit for Door {
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
}

impl Door {
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
            known: None,
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
