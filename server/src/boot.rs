//! From settings and a data folder to an open engine.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use posthouse::engine::{PublicReaders, SendNow};
use posthouse::model::client::ClientPlaces;
use posthouse::model::keep::Keep;
use posthouse::model::retry::Retry;
use posthouse::outside::Future;
use posthouse::outside::bounds::HTTP_TOTAL;
use posthouse::outside::dns::{Dns, DnsError, Found, Mx, Patience, Resolver};
use posthouse::outside::http::{HttpClient, Names, Plain, Reach};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse, Settings};

use crate::config::Config;
use crate::data::Data;
use crate::dialects;
use crate::refusal::{Exit, Refusal};

/// What the engine is told of the settings.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    let sending = &config.sending;
    let webhooks = &config.webhooks;
    Settings {
        host: config.server.host.0.clone(),
        public_url: config.server.public_url.0.clone(),
        default_mode: sending.default_mode,
        retry: Retry {
            first: sending.retry_first.0,
            longest: sending.retry_longest.0,
            give_up_after: sending.give_up_after.0,
        },
        after_crash: sending.after_crash,
        public_hosts: config.receiving.public_hosts.0.clone(),
        public_readers: if config.receiving.anonymous_public_reads.0 {
            PublicReaders::Anybody
        } else {
            PublicReaders::Known
        },
        public_keep: Keep {
            days: config.receiving.public_keep_days.0,
            messages: config.receiving.public_keep_messages.0,
            bytes: config.receiving.public_keep_bytes.0,
        },
        audit_keep_days: config.console.audit_keep_days.0,
        webhook_reach: if webhooks.allow_private.0 {
            Reach::Anywhere
        } else {
            Reach::PublicOnly
        },
        webhook_plain: if webhooks.allow_http.0 {
            Plain::Allowed
        } else {
            Plain::Refused
        },
        webhook_server_error: webhooks.server_error,
        direct_port: sending.direct_port.0,
        send_now: SendNow {
            patience: sending.send_now_timeout.0,
            on_temporary: sending.send_now_on_temporary,
        },
        places: ClientPlaces::default(),
        blocklists: config.dns.blocklists.0.clone(),
    }
}

/// Opens the engine on the database in `data`. `places` is where people's programs
/// find what this process speaks.
///
/// # Errors
/// When an extra root is no certificate, and as [`Posthouse::open`].
pub async fn open(
    data: &Data,
    key: MasterKey,
    config: &Config,
    places: ClientPlaces,
) -> Result<Posthouse, Refusal> {
    let mut settings = settings(config);
    settings.places = places;
    let mut opening = Opening::new(data.database(), key, settings, ports(config)?);
    opening.forms = dialects::forms();
    Posthouse::open(opening).await.map_err(|error| {
        let words = format!("{} cannot be opened: {error}", data.database().display());
        Refusal {
            words: Some(words),
            ..Refusal::from(error)
        }
    })
}

fn ports(config: &Config) -> Result<Ports, Refusal> {
    let trust = Arc::new(trust(config.tls.extra_roots.0.as_deref())?);
    let servers = &config.dns.servers.0;
    let (dns, names): (Arc<dyn Dns>, Names) = if servers.is_empty() {
        (system_dns(), Names::System)
    } else {
        let resolver = Resolver::servers(servers, Patience::default()).map_err(|error| {
            Refusal::new(Exit::Usage, format!("dns.servers cannot be used: {error}"))
        })?;
        let dns: Arc<dyn Dns> = Arc::new(resolver);
        (dns.clone(), Names::Dns(dns))
    };
    Ok(Ports {
        dns,
        smtp: Arc::new(SmtpClient::new(trust.clone())),
        http: Arc::new(HttpClient::new(trust, names, HTTP_TOTAL)),
    })
}

fn trust(extra_roots: Option<&Path>) -> Result<Trust, Refusal> {
    let pem = match extra_roots {
        None => Vec::new(),
        Some(path) => fs::read(path).map_err(|error| {
            Refusal::new(
                Exit::Usage,
                format!(
                    "tls.extra_roots: {} cannot be read: {error}",
                    path.display()
                ),
            )
        })?,
    };
    Trust::new(&pem).map_err(|error| Refusal::new(Exit::Usage, format!("tls.extra_roots: {error}")))
}

/// A machine without DNS can still keep mail: it fails when a name is needed.
fn system_dns() -> Arc<dyn Dns> {
    match Resolver::system(Patience::default()) {
        Ok(resolver) => Arc::new(resolver),
        Err(error) => {
            tracing::warn!(%error, "this machine has no DNS that can be used; set dns.servers");
            Arc::new(NoDns(format!("this machine has no DNS: {error}")))
        }
    }
}

/// Gives no answer to anything, and says why.
struct NoDns(String);

impl NoDns {
    fn unsure<T: Send>(&self) -> Future<'_, Result<T, DnsError>> {
        Box::pin(async { Err(DnsError::Unsure(self.0.clone())) })
    }
}

impl Dns for NoDns {
    fn txt<'a>(&'a self, _name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        self.unsure()
    }

    fn mx<'a>(&'a self, _name: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        self.unsure()
    }

    fn addresses<'a>(&'a self, _name: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        self.unsure()
    }

    fn cname<'a>(&'a self, _name: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        self.unsure()
    }
}
