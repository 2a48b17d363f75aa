//! Where a console is: what of the machine it shows.

use std::path::PathBuf;

use posthouse::outside::Future;

use super::trouble::{Outcome, Trouble};
use super::wire::{Kind, ListenerKind, SettingRow, Switch};

/// A listener, as it is.
#[derive(Clone, Debug)]
pub struct Listener {
    /// What is spoken.
    pub kind: ListenerKind,
    /// Where; None where it is off.
    pub address: Option<std::net::SocketAddr>,
}

/// What a kind is called where it is written down.
pub(crate) fn place_name(kind: ListenerKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

/// What listens on this machine.
pub trait Listeners: Send + Sync {
    /// All of them.
    fn all(&self) -> Vec<Listener>;

    /// Whether they can be switched here.
    fn settable(&self) -> bool;

    /// Switches one.
    ///
    /// # Errors
    /// Where they cannot be switched here, or it cannot listen.
    fn set(&self, kind: ListenerKind, to: Switch) -> Future<'_, Outcome<()>>;
}

/// Where a console is.
pub struct Place {
    /// Server or desktop.
    pub kind: Kind,
    /// What listens.
    pub listeners: Box<dyn Listeners>,
    /// The operator's settings, as they hold.
    pub settings: Vec<SettingRow>,
    /// Where copies of the database are made; None: nowhere.
    pub backups: Option<PathBuf>,
}

/// Listeners that are as the settings of a server say.
pub struct Fixed(pub Vec<Listener>);

impl Listeners for Fixed {
    fn all(&self) -> Vec<Listener> {
        self.0.clone()
    }

    fn settable(&self) -> bool {
        false
    }

    fn set(&self, _: ListenerKind, _: Switch) -> Future<'_, Outcome<()>> {
        Box::pin(async {
            Err(Trouble::Elsewhere(
                "A server listens where its configuration file says: change it there, and start it again.",
            ))
        })
    }
}

impl Place {
    /// A server of which nothing is shown but what the engine knows.
    #[must_use]
    pub fn bare() -> Self {
        Self {
            kind: Kind::Server,
            listeners: Box::new(Fixed(Vec::new())),
            settings: Vec::new(),
            backups: None,
        }
    }

    /// The listener of this kind, where it is on.
    pub(super) fn address(&self, kind: ListenerKind) -> Option<std::net::SocketAddr> {
        let all = self.listeners.all();
        all.into_iter()
            .find(|one| one.kind == kind)
            .and_then(|one| one.address)
    }
}
