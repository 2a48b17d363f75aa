//! Where people read their mail: the listeners of IMAP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use rustls::ServerConfig;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::doors::{Bound, bind, plain_auth};
use super::ready;
use crate::config::Config;
use crate::imap::{Door, Manner, PlainAuth, StartTls};
use crate::net::gate::{Bounds, Gate};
use crate::net::listen;
use crate::net::stream::Beginning;
use crate::refusal::Refusal;

/// What listens.
pub(super) struct Reading {
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
    pub(super) async fn open(config: &Config) -> Result<Self, Refusal> {
        let settings = &config.imap;
        let starttls = bind(settings.starttls.0, "imap-starttls").await?;
        let tls = bind(settings.tls.0, "imap-tls").await?;
        let at = starttls.as_ref().map(|(_, address)| address.ip());
        let manner = |starttls, plain_auth| {
            Arc::new(Manner {
                host: config.server.host.0.clone(),
                starttls,
                plain_auth,
            })
        };
        let plain = at.map_or(PlainAuth::Refused, |at| plain_auth(settings.plain, at));
        Ok(Self {
            starttls,
            tls,
            manners: [
                manner(StartTls::Offered, plain),
                manner(StartTls::Absent, PlainAuth::Refused),
            ],
            places: Arc::new(Gate::new(Bounds {
                connections: settings.connections.0,
                connections_an_address: settings.connections_per_address.0,
                connections_a_minute: settings.connections_per_minute.0,
                messages_a_minute: None,
                refusals_a_minute: None,
            })),
        })
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
            if let Some((listener, _)) = bound {
                let door = Door {
                    engine: engine.clone(),
                    manner,
                    beginning,
                    tls: tls.clone(),
                    places: self.places.clone(),
                    gate: gate.clone(),
                };
                serving.spawn(listen::serve(listener, door, stopped.clone()));
            }
        }
    }
}
