//! What listens: opened before anything else is done, and told of when all is ready.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use posthouse::Posthouse;
use posthouse::clock::{Clock as _, SystemClock};
use posthouse::limits::MESSAGE_BYTES;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::reading::{Protocol, Reading};
use super::ready;
use crate::config::{self, Config};
use crate::console::Table;
use crate::data::Data;
use crate::http::{Proxies, unwrapped};
use crate::net::gate::{Bounds, Gate};
use crate::net::manner::{PlainAuth, StartTls};
use crate::net::stream::Beginning;
use crate::refusal::{Exit, Refusal};
use crate::smtp::{Door, Manner, Role};
use crate::tls::{Tls, tls};
use crate::{http, net};

/// A socket that listens, and where.
pub(super) type Bound = (TcpListener, SocketAddr);

/// What listens.
pub(super) struct Doors {
    http: Option<Bound>,
    https: Option<Bound>,
    smtp: Vec<Mail>,
    imap: Reading,
    pop3: Reading,
    gate: Arc<Gate>,
    proxies: Arc<Proxies>,
    /// There when something needs it.
    tls: Option<Tls>,
}

/// A listener for mail.
struct Mail {
    name: Name,
    bound: Bound,
    manner: Arc<Manner>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Inbound,
    Submission,
    Submissions,
    Capture,
}

impl Name {
    const ALL: [Self; 4] = [
        Self::Inbound,
        Self::Submission,
        Self::Submissions,
        Self::Capture,
    ];

    const fn flag(self) -> &'static str {
        match self {
            Self::Inbound => "smtp-inbound",
            Self::Submission => "smtp-submission",
            Self::Submissions => "smtp-submissions",
            Self::Capture => "smtp-capture",
        }
    }

    fn address(self, settings: &config::Smtp) -> Option<SocketAddr> {
        match self {
            Self::Inbound => settings.inbound.0,
            Self::Submission => settings.submission.0,
            Self::Submissions => settings.submissions.0,
            Self::Capture => settings.capture.0,
        }
    }

    const fn beginning(self) -> Beginning {
        match self {
            Self::Inbound | Self::Submission | Self::Capture => Beginning::Clear,
            Self::Submissions => Beginning::Tls,
        }
    }

    fn manner(self, config: &Config, at: IpAddr) -> Manner {
        let settings = &config.smtp;
        let (role, plain_auth, size_bytes) = match self {
            Self::Inbound => (Role::Inbound, PlainAuth::Refused, MESSAGE_BYTES),
            Self::Submission => (
                Role::Submission,
                plain_auth(settings.submission_plain, at),
                MESSAGE_BYTES,
            ),
            Self::Submissions => (Role::Submission, PlainAuth::Refused, MESSAGE_BYTES),
            Self::Capture => (
                Role::Capture,
                plain_auth(settings.capture_plain, at),
                settings.capture_size.0,
            ),
        };
        Manner {
            role,
            host: config.server.host.0.clone(),
            starttls: match self.beginning() {
                Beginning::Clear => StartTls::Offered,
                Beginning::Tls => StartTls::Absent,
            },
            plain_auth,
            size_bytes,
        }
    }
}

pub(super) fn plain_auth(setting: config::PlainAuth, at: IpAddr) -> PlainAuth {
    match setting {
        config::PlainAuth::Always => PlainAuth::Allowed,
        config::PlainAuth::Loopback if at.to_canonical().is_loopback() => PlainAuth::Allowed,
        config::PlainAuth::Loopback | config::PlainAuth::Never => PlainAuth::Refused,
    }
}

impl Doors {
    /// Binds every listener of the settings.
    ///
    /// # Errors
    /// The first that cannot be; a certificate that cannot be used.
    pub(super) async fn open(config: &Config, data: &Data) -> Result<Self, Refusal> {
        let server = &config.server;
        let http = bind(server.http.0, "http").await?;
        let mut doors = Self {
            http,
            https: None,
            smtp: Vec::new(),
            imap: Reading::open(Protocol::Imap, config).await?,
            pop3: Reading::open(Protocol::Pop3, config).await?,
            proxies: Arc::new(Proxies(server.trusted_proxies.0.clone())),
            gate: Arc::new(Gate::new(Bounds {
                connections: config.smtp.connections.0,
                connections_an_address: config.smtp.connections_per_address.0,
                connections_a_minute: config.smtp.connections_per_minute.0,
                messages_a_minute: config.smtp.messages_per_minute.0,
                refusals_a_minute: config.smtp.refusals_per_minute.0,
            })),
            tls: None,
        };
        let mails = Name::ALL.map(|name| name.address(&config.smtp));
        let reads = doors.imap.is_open() || doors.pop3.is_open();
        if server.https.0.is_some() || reads || mails.iter().any(Option::is_some) {
            doors.tls = Some(tls(config, data, SystemClock.now())?);
        }
        doors.https = bind(server.https.0, "https").await?;
        for (name, address) in Name::ALL.into_iter().zip(mails) {
            if let Some(bound) = bind(address, name.flag()).await? {
                let manner = Arc::new(name.manner(config, bound.1.ip()));
                doors.smtp.push(Mail {
                    name,
                    bound,
                    manner,
                });
            }
        }
        Ok(doors)
    }

    /// Where they are.
    pub(super) fn addresses(&self) -> ready::Addresses {
        let mail = |name| {
            let mut all = self.smtp.iter();
            all.find(|mail| mail.name == name).map(|mail| mail.bound.1)
        };
        let dev_ca = || -> Option<PathBuf> { self.tls.as_ref()?.dev_ca.clone() };
        ready::Addresses {
            http: self.http.as_ref().map(|(_, address)| *address),
            https: self.https.as_ref().map(|(_, address)| *address),
            dev_ca: self.https.as_ref().and_then(|_| dev_ca()),
            smtp: ready::MailAddresses {
                inbound: mail(Name::Inbound),
                submission: mail(Name::Submission),
                submissions: mail(Name::Submissions),
                capture: mail(Name::Capture),
                dev_ca: self.smtp.first().and_then(|_| dev_ca()),
            },
            imap: self.imap.addresses(),
            pop3: self.pop3.addresses(),
        }
    }

    /// Serves them all until the stop.
    pub(super) fn serve(
        self,
        engine: &Posthouse,
        console: Option<Table>,
        stopped: &watch::Receiver<bool>,
    ) -> JoinSet<io::Result<()>> {
        let behind = from_fn_with_state(self.proxies, unwrapped);
        let router = http::with_console(engine.clone(), console).layer(behind);
        let mut serving = JoinSet::new();
        if let Some((listener, _)) = self.http {
            serving.spawn(net::serve(listener, None, router.clone(), stopped.clone()));
        }
        let Some(tls) = self.tls else {
            return serving;
        };
        if let Some((listener, _)) = self.https {
            let config = Some(tls.http);
            serving.spawn(net::serve(listener, config, router, stopped.clone()));
        }
        for reading in [self.imap, self.pop3] {
            reading.serve(engine, &tls.mail, &self.gate, stopped, &mut serving);
        }
        for mail in self.smtp {
            let door = Door {
                engine: engine.clone(),
                manner: mail.manner,
                beginning: mail.name.beginning(),
                tls: tls.mail.clone(),
                gate: self.gate.clone(),
            };
            serving.spawn(net::listen::serve(mail.bound.0, door, stopped.clone()));
        }
        serving
    }
}

pub(super) async fn bind(
    address: Option<SocketAddr>,
    flag: &str,
) -> Result<Option<Bound>, Refusal> {
    match address {
        None => Ok(None),
        Some(address) => listen(address, flag).await.map(Some),
    }
}

async fn listen(address: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr), Refusal> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|error: io::Error| {
        let (words, hint) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                format!("{address} is in use by another program"),
                format!(
                    "Stop that program, or choose another port: --{flag} {}:0 takes a free one.",
                    host(address)
                ),
            ),
            io::ErrorKind::PermissionDenied => (
                format!("{address} may not be listened on: {error}"),
                format!("Ports below 1024 are root's; choose another with --{flag} ADDRESS:PORT."),
            ),
            io::ErrorKind::AddrNotAvailable => (
                format!("{address} is no address of this machine"),
                format!("Choose one of its own with --{flag} ADDRESS:PORT, or 0.0.0.0 for all."),
            ),
            _ => (
                format!("{address} cannot be listened on: {error}"),
                format!("Choose another with --{flag} ADDRESS:PORT."),
            ),
        };
        Refusal::new(Exit::Busy, words).hint(hint)
    })
}

/// The address without its port, as it stands before one.
fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}
