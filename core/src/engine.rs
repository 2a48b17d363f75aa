//! Posthouse itself: store, clock, randomness, feed and ports in one handle. No rules.

mod noting;
mod proof;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::proof::prove;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::error::{Field, Reason, Result, internal};
use crate::feed::Feed;
use crate::ids::{Entropy, KeyId, SystemEntropy};
use crate::limits::AUDIT_DAYS;
use crate::mime::keys::{KeyError, KeyPair, generate_rsa2048};
use crate::mime::links::{LinkKey, PublicUrl};
use crate::mime::verify::Memory;
use crate::model::client::ClientPlaces;
use crate::model::email::IdempotencyHolder;
use crate::model::keep::Keep;
use crate::model::key::Mode;
use crate::model::notice::Form;
use crate::model::rate::Bucket;
use crate::model::retry::Retry;
use crate::outside::bounds::HTTP_TOTAL;
use crate::outside::dns::{Dns, Patience, Resolver};
use crate::outside::http::{Http, HttpClient, Names, Plain, Reach};
use crate::outside::smtp::{Smtp, SmtpClient};
use crate::outside::tls::Trust;
use crate::password::Passwords;
use crate::seal::{MasterKey, Vault};
use crate::store::{Migrated, Store};

/// What an operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Our own host name: in EHLO, in Message-IDs, and the parent of the return path.
    pub host: String,
    /// Where the links that are put into mail begin; `https://` and the host when absent.
    pub public_url: Option<PublicUrl>,
    /// The mode of keys when none is said.
    pub default_mode: Mode,
    /// The waits between tries.
    pub retry: Retry,
    /// What becomes of a delivery that a crash left unknown.
    pub after_crash: AfterCrash,
    /// The hosts where anybody's mail is kept for whoever asks: every address at them is a
    /// mailbox that is nobody's until somebody reserves it. Lower case.
    pub public_hosts: Vec<String>,
    /// Who reads what is kept there and is nobody's.
    pub public_readers: PublicReaders,
    /// What each mailbox that is nobody's keeps.
    pub public_keep: Keep,
    /// For how many days it is kept who changed what; None: for ever.
    pub audit_keep_days: Option<NonZeroU64>,
    /// Where webhooks may go.
    pub webhook_reach: Reach,
    /// Whether webhooks may go without TLS.
    pub webhook_plain: Plain,
    /// What a webhook's 5xx means.
    pub webhook_server_error: ServerError,
    /// The port of the recipients' mail servers: 25, but for tests.
    pub direct_port: u16,
    /// The block lists of domains that are asked, by the name of each one's zone.
    pub blocklists: Vec<String>,
    /// How a sender is kept waiting who waits for the first try.
    pub send_now: SendNow,
    /// Where people's mail programs find us.
    pub places: ClientPlaces,
}

/// Who reads mail that is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicReaders {
    /// Whoever shows a key.
    Known,
    /// Anybody.
    Anybody,
}

/// How a sender is kept waiting who waits for the first try of an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendNow {
    /// For how long.
    pub patience: Duration,
    /// What becomes of an email that was not taken meanwhile.
    pub on_temporary: OnTemporary,
}

impl Default for SendNow {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            on_temporary: OnTemporary::Queue,
        }
    }
}

/// What becomes of an email that was put off while its sender waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTemporary {
    /// It stays in the queue.
    Queue,
    /// It is taken back.
    Fail,
}

/// The block lists of domains that are asked unless others are said.
pub const BLOCKLISTS: [&str; 3] = ["dbl.spamhaus.org", "multi.surbl.org", "multi.uribl.com"];

/// What becomes of a delivery that a crash left unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCrash {
    /// It is sent again, with the same Message-ID: never lost, perhaps twice.
    Resend,
    /// It waits for a person.
    Hold,
}

/// What a 5xx answer to a webhook means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// Try again.
    Temporary,
    /// Switch the webhook off at once.
    Final,
}

impl Settings {
    /// Safe settings for a server named `host`.
    #[must_use]
    pub fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            public_url: None,
            default_mode: Mode::Capture,
            retry: Retry::default(),
            after_crash: AfterCrash::Resend,
            public_hosts: Vec::new(),
            public_readers: PublicReaders::Known,
            public_keep: Keep::default(),
            audit_keep_days: NonZeroU64::new(AUDIT_DAYS),
            webhook_reach: Reach::PublicOnly,
            webhook_plain: Plain::Refused,
            webhook_server_error: ServerError::Temporary,
            direct_port: 25,
            blocklists: BLOCKLISTS.map(String::from).to_vec(),
            send_now: SendNow::default(),
            places: ClientPlaces::default(),
        }
    }

    /// The host that return paths live at, unless a domain has its own.
    #[must_use]
    pub fn bounce_host(&self) -> String {
        format!("mailer.{}", self.host)
    }
}

/// The ways to the world.
#[derive(Clone)]
pub struct Ports {
    /// Names.
    pub dns: Arc<dyn Dns>,
    /// Mail servers.
    pub smtp: Arc<dyn Smtp>,
    /// Webhooks.
    pub http: Arc<dyn Http>,
}

impl Ports {
    /// The machine's own ways: its resolver, its certificate authorities, its network.
    ///
    /// # Errors
    /// `Internal` when the machine's DNS configuration cannot be read.
    pub fn system() -> Result<Self> {
        let trust = Arc::new(Trust::new(&[]).map_err(internal)?);
        let dns = Resolver::system(Patience::default()).map_err(internal)?;
        Ok(Self {
            dns: Arc::new(dns),
            smtp: Arc::new(SmtpClient::new(trust.clone())),
            http: Arc::new(HttpClient::new(trust, Names::System, HTTP_TOTAL)),
        })
    }
}

/// What opening needs.
pub struct Opening {
    /// The database file; made if there is none.
    pub path: PathBuf,
    /// What secrets are sealed with.
    pub master_key: MasterKey,
    /// What the operator decided.
    pub settings: Settings,
    /// The ways to the world.
    pub ports: Ports,
    /// How webhooks look, one a vendor.
    pub forms: Vec<Arc<dyn Form>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How the RSA keys of domains are made.
    pub rsa: fn() -> std::result::Result<KeyPair, KeyError>,
}

impl Opening {
    /// An opening with the machine's own clock and randomness, and no webhook forms.
    #[must_use]
    pub fn new(path: PathBuf, master_key: MasterKey, settings: Settings, ports: Ports) -> Self {
        Self {
            path,
            master_key,
            settings,
            ports,
            forms: Vec::new(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            rsa: generate_rsa2048,
        }
    }
}

/// The engine. Clones share it.
#[derive(Clone)]
pub struct Posthouse {
    inner: Arc<Inner>,
    pub(crate) store: Store,
}

/// What links in mail are made of.
pub(crate) struct Links {
    pub(crate) base: PublicUrl,
    pub(crate) key: LinkKey,
}

impl Links {
    fn of(settings: &Settings, vault: &Vault) -> Result<Self> {
        let base = match &settings.public_url {
            Some(url) => url.clone(),
            None => PublicUrl::parse(&format!("https://{}", settings.host))
                .ok_or_else(|| Field::Host.error(Reason::Malformed))?,
        };
        Ok(Self {
            base,
            key: LinkKey::new(&vault.derive("links")),
        })
    }
}

/// What the clones of an engine share; nothing of it is for the outside.
pub struct Inner {
    pub(crate) vault: Vault,
    pub(crate) feed: Feed,
    pub(crate) links: Arc<Links>,
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) forms: HashMap<&'static str, Arc<dyn Form>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    rsa: fn() -> std::result::Result<KeyPair, KeyError>,
    /// Idempotency-Keys with a request under way.
    pub(crate) running: Mutex<HashSet<(IdempotencyHolder, String)>>,
    /// What DNS said lately of the domains that mail comes from.
    pub(crate) said: Memory,
    /// Who showed wrong passwords lately, and room to check some.
    pub(crate) passwords: Passwords,
    /// Rate buckets of limited keys.
    pub(crate) buckets: Mutex<HashMap<KeyId, Bucket>>,
    pub(crate) migrated: Migrated,
}

impl std::ops::Deref for Posthouse {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Posthouse {
    /// Opens the database and checks that the master key is its own.
    ///
    /// # Errors
    /// `Busy::Storage` when the file cannot be written; `Internal` when it is not ours, is
    /// newer, or was sealed with another master key; `Invalid` when no URL can begin with
    /// the host.
    pub async fn open(opening: Opening) -> Result<Self> {
        let vault = Vault::new(&opening.master_key);
        let links = Arc::new(Links::of(&opening.settings, &vault)?);
        let feed = Feed::new(4096);
        let path = opening.path;
        let told = feed.clone();
        let (store, migrated) = tokio::task::spawn_blocking(move || Store::open(&path, told))
            .await
            .map_err(internal)??;
        prove(&store, &vault, opening.entropy.as_ref()).await?;
        let inner = Arc::new(Inner {
            vault,
            feed,
            links,
            settings: opening.settings,
            ports: opening.ports,
            forms: opening
                .forms
                .into_iter()
                .map(|form| (form.name(), form))
                .collect(),
            clock: opening.clock,
            entropy: opening.entropy,
            rsa: opening.rsa,
            running: Mutex::default(),
            buckets: Mutex::default(),
            said: Memory::default(),
            passwords: Passwords::default(),
            migrated,
        });
        Ok(Self { inner, store })
    }

    /// Whether the database was made by this opening, and how many schema steps were run.
    #[must_use]
    pub fn migrated(&self) -> Migrated {
        self.migrated
    }

    /// What the operator decided.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Where the links begin that are put into mail.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.inner.links.base
    }

    /// What changes, from now on.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.inner.feed
    }

    /// Where randomness comes from.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.inner.entropy.as_ref()
    }

    /// An RSA key for a domain, made off the asynchronous threads.
    pub(crate) async fn new_rsa(&self) -> Result<KeyPair> {
        tokio::task::spawn_blocking(self.rsa)
            .await
            .map_err(internal)?
            .map_err(internal)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes what is queued and closes the database. Later writes are `Busy::Closing`.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
