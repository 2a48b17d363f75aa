//! Where people read their mail: the listeners of IMAP and POP3.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use rustls::ServerConfig;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::doors::{Bound, bind, plain_auth};
use super::ready;
use crate::config::{self, Config};
use crate::net::gate::{Bounds, Gate};
use crate::net::listen;
use crate::net::manner::{Manner, PlainAuth, StartTls};
use crate::net::stream::Beginning;
use crate::refusal::Refusal;
use crate::{imap, pop3};

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Imap,
    Pop3,
}

/// What the settings say of it.
struct Said {
    starttls: Option<SocketAddr>,
    tls: Option<SocketAddr>,
    plain: config::PlainAuth,
    bounds: Bounds,
}

impl Protocol {
    fn said(self, config: &Config) -> Said {
        let bounds = |connections, connections_an_address, connections_a_minute| Bounds {
            connections,
            connections_an_address,
            connections_a_minute,
            messages_a_minute: None,
            refusals_a_minute: None,
        };
        match self {
            Self::Imap => {
                let said = &config.imap;
                Said {
                    starttls: said.starttls.0,
                    tls: said.tls.0,
                    plain: said.plain,
                    bounds: bounds(
                        said.connections.0,
                        said.connections_per_address.0,
                        said.connections_per_minute.0,
                    ),
                }
            }
            Self::Pop3 => {
                let said = &config.pop3;
                Said {
                    starttls: said.starttls.0,
                    tls: said.tls.0,
                    plain: said.plain,
                    bounds: bounds(
                        said.connections.0,
                        said.connections_per_address.0,
                        said.connections_per_minute.0,
                    ),
                }
            }
        }
    }

    const fn flags(self) -> [&'static str; 2] {
        match self {
            Self::Imap => ["imap-starttls", "imap-tls"],
            Self::Pop3 => ["pop3-starttls", "pop3-tls"],
        }
    }
}

/// The listeners of one protocol.
pub(super) struct Reading {
    protocol: Protocol,
    starttls: Option<Bound>,
    tls: Option<Bound>,
    /// How each behaves, in this order.
    manners: [Arc<Manner>; 2],
    places: Arc<Gate>,
}

impl Reading {
    /// Binds what the settings name.
    ///
    /// # Errors
    /// The first that cannot be.
    pub(super) async fn open(protocol: Protocol, config: &Config) -> Result<Self, Refusal> {
        let said = protocol.said(config);
        let flags = protocol.flags();
        let starttls = bind(said.starttls, flags[0]).await?;
        let tls = bind(said.tls, flags[1]).await?;
        let at = starttls.as_ref().map(|(_, address)| address.ip());
        let manner = |starttls, plain_auth| {
            Arc::new(Manner {
                host: config.server.host.0.clone(),
                starttls,
                plain_auth,
            })
        };
        let plain = at.map_or(PlainAuth::Refused, |at| plain_auth(said.plain, at));
        Ok(Self {
            protocol,
            starttls,
            tls,
            manners: [
                manner(StartTls::Offered, plain),
                manner(StartTls::Absent, PlainAuth::Refused),
            ],
            places: Arc::new(Gate::new(said.bounds)),
        })
    }

    /// Whether there is any.
    pub(super) const fn is_open(&self) -> bool {
        self.starttls.is_some() || self.tls.is_some()
    }

    /// Where they are.
    pub(super) fn addresses(&self) -> ready::ReadingAddresses {
        let address = |bound: &Option<Bound>| -> Option<SocketAddr> {
            bound.as_ref().map(|(_, address)| *address)
        };
        ready::ReadingAddresses {
            starttls: address(&self.starttls),
            tls: address(&self.tls),
        }
    }

    /// Serves them until the stop.
    pub(super) fn serve(
        self,
        engine: &Posthouse,
        tls: &Arc<ServerConfig>,
        gate: &Arc<Gate>,
        stopped: &watch::Receiver<bool>,
        serving: &mut JoinSet<io::Result<()>>,
    ) {
        let [clear, secure] = self.manners;
        let all = [
            (self.starttls, Beginning::Clear, clear),
            (self.tls, Beginning::Tls, secure),
        ];
        for (bound, beginning, manner) in all {
            let Some((listener, _)) = bound else { continue };
            let (engine, tls) = (engine.clone(), tls.clone());
            let (places, gate) = (self.places.clone(), gate.clone());
            let stopped = stopped.clone();
            match self.protocol {
                Protocol::Imap => {
                    let door = imap::Door {
                        engine,
                        manner,
                        beginning,
                        tls,
                        places,
                        gate,
                    };
                    serving.spawn(listen::serve(listener, door, stopped));
                }
                Protocol::Pop3 => {
                    let door = pop3::Door {
                        engine,
                        manner,
                        beginning,
                        tls,
                        places,
                        gate,
                    };
                    serving.spawn(listen::serve(listener, door, stopped));
                }
            }
        }
    }
}
