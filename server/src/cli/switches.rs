//! Listeners that are switched on and off one by one while the engine runs: the desktop's.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use posthouse::Posthouse;
use posthouse::outside::Future;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::doors::Doors;
use crate::config::{Config, Listen};
use crate::console::place::place_name;
use crate::console::trouble::{Outcome, Trouble};
use crate::console::wire::{Kind, ListenerKind, Switch};
use crate::console::{Listener, Listeners, Place, Table};
use crate::data::{Data, write_secret};
use crate::refusal::{Exit, Refusal};

/// How long who talks with a listener may go on when it is switched off.
const GRACE: Duration = Duration::from_secs(2);

/// Every kind, and where it listens where the settings do not say: on this machine only.
const ALL: [(ListenerKind, &str); 10] = [
    (ListenerKind::Http, "127.0.0.1:8025"),
    (ListenerKind::Https, "127.0.0.1:8443"),
    (ListenerKind::SmtpInbound, "127.0.0.1:2525"),
    (ListenerKind::SmtpSubmission, "127.0.0.1:2587"),
    (ListenerKind::SmtpSubmissions, "127.0.0.1:2465"),
    (ListenerKind::SmtpCapture, "127.0.0.1:5587"),
    (ListenerKind::Imap, "127.0.0.1:1143"),
    (ListenerKind::Imaps, "127.0.0.1:1993"),
    (ListenerKind::Pop3, "127.0.0.1:1110"),
    (ListenerKind::Pop3s, "127.0.0.1:1995"),
];

/// The setting that says where a kind listens.
const fn setting(config: &mut Config, kind: ListenerKind) -> &mut Listen {
    match kind {
        ListenerKind::Http => &mut config.server.http,
        ListenerKind::Https => &mut config.server.https,
        ListenerKind::SmtpInbound => &mut config.smtp.inbound,
        ListenerKind::SmtpSubmission => &mut config.smtp.submission,
        ListenerKind::SmtpSubmissions => &mut config.smtp.submissions,
        ListenerKind::SmtpCapture => &mut config.smtp.capture,
        ListenerKind::Imap => &mut config.imap.starttls,
        ListenerKind::Imaps => &mut config.imap.tls,
        ListenerKind::Pop3 => &mut config.pop3.starttls,
        ListenerKind::Pop3s => &mut config.pop3.tls,
    }
}

/// The settings with these kinds and no other.
pub(super) fn only(config: &Config, kinds: &[ListenerKind]) -> Config {
    let mut only = config.clone();
    for (kind, usual) in ALL {
        let place = setting(&mut only, kind);
        *place = match kinds.contains(&kind) {
            true => Listen(place.0.or_else(|| usual.parse().ok())),
            false => Listen(None),
        };
    }
    only
}

/// The file that says which were on.
fn memory(data: &Data) -> PathBuf {
    data.folder().join("listeners.json")
}

/// Which were on when they were last switched; none where nothing can be read.
pub(super) fn remembered(data: &Data) -> Vec<ListenerKind> {
    let text = std::fs::read_to_string(memory(data)).unwrap_or_default();
    let names: Vec<String> = serde_json::from_str(&text).unwrap_or_default();
    let known = ALL.into_iter().map(|(kind, _)| kind);
    known
        .filter(|kind| names.contains(&place_name(*kind)))
        .collect()
}

/// A listener that is on.
struct On {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinSet<io::Result<()>>,
}

impl On {
    async fn end(mut self) {
        // Nobody left to tell means that it has ended.
        let _ = self.stop.send(true);
        let all = async { while self.serving.join_next().await.is_some() {} };
        if timeout(GRACE, all).await.is_err() {
            self.serving.shutdown().await;
        }
    }
}

/// The listeners of this machine.
pub struct Switches {
    data: Data,
    config: Config,
    engine: Posthouse,
    on: Mutex<BTreeMap<u8, On>>,
    /// One is switched at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Switches {
    /// All of them off.
    pub(super) fn new(data: Data, config: Config, engine: Posthouse) -> Self {
        Self {
            data,
            config,
            engine,
            on: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    fn on(&self) -> std::sync::MutexGuard<'_, BTreeMap<u8, On>> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_on(&self, kind: ListenerKind) -> bool {
        self.on().contains_key(&(kind as u8))
    }

    /// Switches one on, or leaves it.
    ///
    /// # Errors
    /// `Exit::Busy` where it cannot listen.
    async fn begin(self: &Arc<Self>, kind: ListenerKind) -> Result<(), Refusal> {
        if self.is_on(kind) {
            return Ok(());
        }
        let config = only(&self.config, &[kind]);
        let doors = Doors::open(&config, &self.data).await?;
        let Some(address) = doors.addresses().any() else {
            return Err(Refusal::new(Exit::Refused, "it has no address"));
        };
        let (stop, stopped) = watch::channel(false);
        let console = config.console.enabled.0.then(|| self.console());
        let serving = doors.serve(&self.engine, console, &stopped);
        let on = On {
            address,
            stop,
            serving,
        };
        self.on().insert(kind as u8, on);
        tracing::info!(kind = place_name(kind), %address, "listens");
        Ok(())
    }

    /// The console in a browser: the same listeners, that nobody switches from there.
    fn console(self: &Arc<Self>) -> Table {
        let place = Place {
            kind: Kind::Server,
            listeners: Box::new(Watched(self.clone())),
            settings: Vec::new(),
            backups: None,
        };
        Table::new(self.engine.clone(), place)
    }

    async fn end(&self, kind: ListenerKind) {
        let on = self.on().remove(&(kind as u8));
        if let Some(on) = on {
            on.end().await;
            tracing::info!(kind = place_name(kind), "listens no more");
        }
    }

    /// Switches those on that were when they were last switched. One that cannot listen now
    /// stays off, which the log tells.
    pub(super) async fn resume(self: &Arc<Self>) {
        for kind in remembered(&self.data) {
            if let Err(refusal) = self.begin(kind).await {
                tracing::warn!(kind = place_name(kind), %refusal, "does not listen");
            }
        }
    }

    /// Ends all of them, and leaves them to be resumed.
    pub(super) async fn close(&self) {
        let all = std::mem::take(&mut *self.on());
        for on in all.into_values() {
            on.end().await;
        }
    }

    fn remember(&self) -> io::Result<()> {
        let on = ALL.into_iter().filter(|(kind, _)| self.is_on(*kind));
        let names: Vec<String> = on.map(|(kind, _)| place_name(kind)).collect();
        let text = serde_json::to_string(&names).map_err(io::Error::other)?;
        write_secret(&memory(&self.data), &text)
    }

    fn listed(&self) -> Vec<Listener> {
        let on = self.on();
        let listed = ALL.into_iter().map(|(kind, _)| Listener {
            kind,
            address: on.get(&(kind as u8)).map(|on| on.address),
        });
        listed.collect()
    }

    async fn turn(self: &Arc<Self>, kind: ListenerKind, to: Switch) -> Outcome<()> {
        let _turn = self.turn.lock().await;
        match to {
            Switch::On => self.begin(kind).await.map_err(|refusal| {
                let name = setting_name(kind);
                let words = refusal.words.unwrap_or_default();
                Trouble::Field(
                    "address",
                    format!("{words}; stop what is there, or set {name} in posthouse.toml").into(),
                )
            })?,
            Switch::Off => self.end(kind).await,
        }
        if let Err(error) = self.remember() {
            tracing::warn!(%error, "which listeners are on cannot be written down");
        }
        Ok(())
    }
}

const fn setting_name(kind: ListenerKind) -> &'static str {
    match kind {
        ListenerKind::Http => "server.http",
        ListenerKind::Https => "server.https",
        ListenerKind::SmtpInbound => "smtp.inbound",
        ListenerKind::SmtpSubmission => "smtp.submission",
        ListenerKind::SmtpSubmissions => "smtp.submissions",
        ListenerKind::SmtpCapture => "smtp.capture",
        ListenerKind::Imap => "imap.starttls",
        ListenerKind::Imaps => "imap.tls",
        ListenerKind::Pop3 => "pop3.starttls",
        ListenerKind::Pop3s => "pop3.tls",
    }
}

/// Those listeners, to be switched.
pub(super) struct Switched(pub(super) Arc<Switches>);

impl Listeners for Switched {
    fn all(&self) -> Vec<Listener> {
        self.0.listed()
    }

    fn settable(&self) -> bool {
        true
    }

    fn set(&self, kind: ListenerKind, to: Switch) -> Future<'_, Outcome<()>> {
        Box::pin(self.0.turn(kind, to))
    }
}

/// Those listeners, to be looked at.
struct Watched(Arc<Switches>);

impl Listeners for Watched {
    fn all(&self) -> Vec<Listener> {
        self.0.listed()
    }

    fn settable(&self) -> bool {
        false
    }

    fn set(&self, _: ListenerKind, _: Switch) -> Future<'_, Outcome<()>> {
        Box::pin(async {
            Err(Trouble::Elsewhere(
                "What this machine listens for is switched in its desktop app.",
            ))
        })
    }
}
