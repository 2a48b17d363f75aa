//! `posthouse serve`: everything in one process, until it is told to stop.

use std::io;
use std::time::Duration;

use clap::Args;
use posthouse::Posthouse;
use posthouse::model::client::ClientPlaces;
use posthouse::work::{Recovered, Workers};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::Place;
use super::console_open::ConsoleOpen;
use super::desk::{self, Found};
use super::doors::Doors;
use super::first;
use super::log;
use super::out::Out;
use super::ready::{Addresses, Ready};
use super::signals::Signals;
use crate::boot;
use crate::config::{Config, Listen, SettingFlags};
use crate::console::place::Fixed;
use crate::console::wire::{Kind, ListenerKind, SettingRow};
use crate::console::{Listener, Place as ConsolePlace, Table};
use crate::data::{Data, Lock, MASTER_KEY_VARIABLE};
use crate::refusal::{Exit, Refusal};

/// Where HTTPS is spoken with `--dev-tls` when nothing else is said.
const DEV_TLS: &str = "127.0.0.1:8443";

/// Start the server
///
/// The first start makes the data folder, the master key, the database, an organization, a
/// domain and credentials, and prints how to send a first mail. Until a key is made live,
/// nothing leaves this machine: mail is captured, and read with `posthouse message`.
///
/// Every setting can stand in the configuration file or in the environment too; a flag
/// comes before the environment, which comes before the file. Ctrl-C stops: requests and
/// deliveries under way are finished first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse serve
  posthouse serve --data /var/lib/posthouse --host mail.example.com --http 0.0.0.0:8025
  posthouse serve --dev-tls                 HTTPS with a certificate for localhost
  posthouse serve --json --http 127.0.0.1:0 for scripts: the first line says where it listens")]
pub struct Serve {
    /// Speak HTTPS too, with a certificate by a development CA made in the data folder
    /// [default address: 127.0.0.1:8443]
    #[arg(long)]
    dev_tls: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

impl Serve {
    /// Runs until stopped.
    ///
    /// # Errors
    /// Whatever stands in the way of starting; an own end of a listener.
    pub fn run(self, place: &Place, out: Out) -> Result<(), Refusal> {
        let mut found = desk::settings(place, self.settings.0)?;
        if self.dev_tls && found.config.server.https.0.is_none() {
            found.config.server.https = Listen(DEV_TLS.parse().ok());
        }
        log::start(&found.config);
        for variable in found.layers.unknown_variables() {
            tracing::warn!(variable, "this variable of the environment is no setting");
        }
        // Only fails when there is one already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        runtime()?.block_on(serve(&found, out))
    }
}

/// As many threads as there are processors, in bounds: work that blocks has its own.
fn runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors.clamp(2, 16))
        .max_blocking_threads(64)
        .enable_all()
        .build()
        .map_err(|error| Refusal::new(Exit::Busy, format!("no threads can be started: {error}")))
}

/// Refuses what nobody would reach.
fn serves_http(config: &Config) -> Result<(), Refusal> {
    if config.server.http.0.is_some() || config.server.https.0.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        Exit::Usage,
        "HTTP and HTTPS are both switched off: there is nothing to serve",
    )
    .hint("Set --http or --https, such as --http 127.0.0.1:8025."))
}

async fn serve(found: &Found, out: Out) -> Result<(), Refusal> {
    let (data, config) = (&found.data, &found.config);
    serves_http(config)?;
    // Taken first, so that a stop asked for while starting is not missed.
    let mut signals = Signals::listen()?;
    data.create()?;
    let lock = data.lock()?;
    let doors = Doors::open(config, data).await?;
    let places = doors.addresses().places(&config.server.host.0);
    let engine = open(data, config, &lock, places).await?;
    let first = first::found(&engine).await?;
    let (workers, recovered) = engine.work().await?;
    tell_recovered(recovered);
    let console = match config.console.enabled.0 {
        true => Some(Table::new(engine.clone(), place(found, &doors.addresses()))),
        false => None,
    };
    let console_open = match &console {
        Some(_) => ConsoleOpen::of(&engine).await?,
        None => ConsoleOpen::No,
    };
    let about = (recovered, first, console_open);
    let ready = Ready::gather(found, &engine, &doors.addresses(), about).await?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = doors.serve(&engine, console, &stopped);
    ready.tell(out)?;
    tracing::info!(http = ready.http, https = ready.https, "ready");
    for (address, does) in ready.smtp.words() {
        tracing::info!(%address, "SMTP {does}");
    }
    for (protocol, reading) in [("IMAP", &ready.imap), ("POP3", &ready.pop3)] {
        for (address, does) in reading.words() {
            tracing::info!(%address, "{protocol} {does}");
        }
    }
    let ended = tokio::select! {
        name = signals.next() => {
            tracing::info!(signal = name, "stopping");
            None
        }
        Some(ended) = serving.join_next() => Some(ended),
    };
    // Nobody left to tell means that all have ended.
    let _ = stop.send(true);
    let stopping = end(config.server.shutdown_grace.0, serving, workers, &engine);
    tokio::select! {
        () = stopping => {}
        name = signals.again() => {
            tracing::warn!(signal = name, "stopped at once; the next start settles what was cut off");
            std::process::exit(130);
        }
    }
    drop(lock);
    match ended {
        None => Ok(()),
        Some(ended) => Err(Refusal::new(
            Exit::Refused,
            format!("a listener ended by itself: {ended:?}"),
        )),
    }
}

/// Finishes what is under way, within `grace` all together.
async fn end(
    grace: Duration,
    mut serving: JoinSet<io::Result<()>>,
    workers: Workers,
    engine: &Posthouse,
) {
    let deadline = Instant::now() + grace;
    let all = async {
        while let Some(ended) = serving.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a listener ended badly");
            }
        }
    };
    if timeout_at(deadline, all).await.is_err() {
        tracing::warn!("requests were still under way at the end of the grace, and were cut off");
        serving.shutdown().await;
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let cut = workers.stop(left).await;
    if cut > 0 {
        tracing::warn!(
            deliveries = cut,
            "deliveries were still under way and were cut off; the next start settles them"
        );
    }
    engine.close().await;
    tracing::info!("stopped");
}

async fn open(
    data: &Data,
    config: &Config,
    lock: &Lock,
    places: ClientPlaces,
) -> Result<Posthouse, Refusal> {
    let given = std::env::var(MASTER_KEY_VARIABLE).ok();
    let key = match data.master_key(given.as_deref())? {
        Some(key) => key,
        None => data.make_master_key(lock, &posthouse::ids::SystemEntropy)?,
    };
    if given.is_none()
        && let Some(warning) = data.loose_key()
    {
        tracing::warn!("{warning}");
    }
    data.make_database()?;
    boot::open(data, key, config, places).await
}

/// What of this server its console shows.
fn place(found: &Found, addresses: &Addresses) -> ConsolePlace {
    let (smtp, imap, pop3) = (&addresses.smtp, &addresses.imap, &addresses.pop3);
    let listeners = [
        (ListenerKind::Http, addresses.http),
        (ListenerKind::Https, addresses.https),
        (ListenerKind::SmtpInbound, smtp.inbound),
        (ListenerKind::SmtpSubmission, smtp.submission),
        (ListenerKind::SmtpSubmissions, smtp.submissions),
        (ListenerKind::SmtpCapture, smtp.capture),
        (ListenerKind::Imap, imap.starttls),
        (ListenerKind::Imaps, imap.tls),
        (ListenerKind::Pop3, pop3.starttls),
        (ListenerKind::Pop3s, pop3.tls),
    ];
    let listeners = listeners.map(|(kind, address)| Listener { kind, address });
    let settings = found.layers.told().into_iter();
    let settings = settings.map(|(name, value, about)| SettingRow { name, value, about });
    ConsolePlace {
        kind: Kind::Server,
        listeners: Box::new(Fixed(listeners.to_vec())),
        settings: settings.collect(),
        backups: Some(found.data.folder().to_owned()),
    }
}

pub(super) fn tell_recovered(recovered: Recovered) {
    if recovered != Recovered::default() {
        tracing::warn!(
            not_sent = recovered.not_sent,
            unknown_resent = recovered.unknown_resent,
            unknown_held = recovered.unknown_held,
            "the last run was cut off; its open deliveries are settled"
        );
    }
}
