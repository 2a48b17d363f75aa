//! Asking the DNS. Nothing is kept: whoever mends a record and asks again sees it.
//!
//! This uses the transport of hickory-resolver (UDP, TCP after truncation, retries) and
//! not its resolver: that one keeps answers, reads the hosts file, tries search lists,
//! answers `localhost` by itself, and takes a loop of aliases for a name without records.

mod chain;
mod said;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::xfer::{DnsHandle, FirstAnswer};
use hickory_resolver::net::{DnsError as HickoryDnsError, NetError, NoRecords};
use hickory_resolver::proto::op::{
    DnsRequest, DnsRequestOptions, DnsResponse, Query, ResponseCode,
};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{NameServerPool, PoolContext, TlsConfig, system_conf};

use self::chain::Chain;
pub use self::said::{said_of_addresses, said_of_mx};
use super::deadline::Deadline;
use super::{Future, bounds};

/// What was found, and by which aliases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The names that CNAME records led through, in order, lower case, no dot at the end.
    /// The last one is where the records are; empty when they are at the name itself.
    pub names: Vec<String>,
    /// The records.
    pub value: T,
    /// The resolver says that DNSSEC vouches for every step (the AD bit, RFC 4035 section
    /// 3.2.3). Only as good as the way to that resolver.
    pub authentic: bool,
}

/// One MX record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mx {
    /// Lower is tried first.
    pub preference: u16,
    /// Lower case, no dot at the end. Empty means: this domain takes no mail (RFC 7505).
    pub host: String,
}

/// Why there is no answer. Only the first two say something about the name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnsError {
    /// The name, or the name that its aliases lead to, does not exist.
    #[error("no such name")]
    NoSuchName,
    /// The name exists and has no record of this type.
    #[error("no records of this type")]
    NoRecords,
    /// Nobody gave an answer to rely on: refusal, server failure, time-out, broken aliases.
    #[error("no reliable answer: {0}")]
    Unsure(String),
}

/// Questions to the DNS. Names are taken as absolute; a dot at the end changes nothing.
pub trait Dns: Send + Sync {
    /// TXT records, each with its character-strings joined.
    fn txt<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>>;

    /// MX records, most preferred first.
    fn mx<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>>;

    /// Addresses, IPv4 before IPv6. When one family gives addresses, a failure of the
    /// other does not matter.
    fn addresses<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>>;

    /// Where the name's own CNAME record points, not followed; `None` when the name exists
    /// without one.
    fn cname<'a>(&'a self, name: &'a str) -> Future<'a, Result<Option<String>, DnsError>>;
}

/// How long one question may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// One question to one server.
    pub one_try: Duration,
    /// Repetitions after no server answered.
    pub retries: usize,
    /// One call, all together.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            one_try: bounds::DNS_TRY,
            retries: bounds::DNS_RETRIES,
            total: bounds::DNS_TOTAL,
        }
    }
}

/// The real DNS, through recursive servers. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Resolver {
    // One pool a server: a pool of several takes the first failure for the answer of all.
    servers: Arc<[NameServerPool<TokioRuntimeProvider>]>,
    // Which server gave the last reliable answer, to be asked first.
    first: Arc<AtomicUsize>,
    patience: Patience,
}

impl Resolver {
    /// Uses the servers that this machine is set up with now. A later change of that
    /// configuration needs a new resolver.
    ///
    /// # Errors
    /// [`DnsError::Unsure`] when that configuration cannot be read or names no server.
    pub fn system(patience: Patience) -> Result<Self, DnsError> {
        let (config, _) =
            system_conf::read_system_conf().map_err(|error| DnsError::Unsure(error.to_string()))?;
        Self::over(config.name_servers, patience)
    }

    /// Uses the given servers, over UDP, and TCP for what does not fit.
    ///
    /// # Errors
    /// [`DnsError::Unsure`] when no server is given.
    pub fn servers(servers: &[SocketAddr], patience: Patience) -> Result<Self, DnsError> {
        let servers = servers.iter().map(|server| {
            let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
            for connection in &mut connections {
                connection.port = server.port();
            }
            NameServerConfig::new(server.ip(), true, connections)
        });
        Self::over(servers.collect(), patience)
    }

    fn over(servers: Vec<NameServerConfig>, patience: Patience) -> Result<Self, DnsError> {
        if servers.is_empty() {
            return Err(DnsError::Unsure("no DNS server is configured".to_owned()));
        }
        let mut options = ResolverOpts::default();
        options.timeout = patience.one_try;
        let tls = TlsConfig::new().map_err(|error| DnsError::Unsure(error.to_string()))?;
        let context = Arc::new(PoolContext::new(options, tls));
        let provider = TokioRuntimeProvider::default();
        let pools = servers
            .into_iter()
            .map(|server| NameServerPool::from_config([server], context.clone(), provider.clone()));
        Ok(Self {
            servers: pools.collect(),
            first: Arc::default(),
            patience,
        })
    }

    /// Records of one type, wherever the aliases of `name` lead.
    async fn records(&self, name: &str, kind: RecordType) -> Result<Found<Vec<RData>>, DnsError> {
        let name = absolute(name)?;
        let follow = Chain::new(name, kind).follow(self);
        Deadline::after(self.patience.total)
            .run(follow)
            .await
            .unwrap_or_else(|_| Err(DnsError::Unsure("time-out".to_owned())))
    }

    /// Asks one server after the other until one gives a reliable answer, yes or no.
    async fn ask(&self, name: &Name, kind: RecordType) -> Result<DnsResponse, DnsError> {
        let mut options = DnsRequestOptions::default();
        options.use_edns = true;
        let mut request = DnsRequest::from_query(Query::query(name.clone(), kind), options);
        // RFC 6840 section 5.7: asks for the AD bit, without the weight of the signatures.
        request.metadata.authentic_data = true;
        let first = self.first.load(Ordering::Relaxed);
        let count = self.servers.len();
        let mut failure = DnsError::Unsure("no server answered".to_owned());
        for turn in 0..count * (self.patience.retries + 1) {
            let index = (first + turn) % count;
            let answer = self.servers[index]
                .send(request.clone())
                .first_answer()
                .await
                .map_err(refusal)
                .and_then(reliable);
            match answer {
                Err(unsure @ DnsError::Unsure(_)) => failure = unsure,
                answer => {
                    self.first.store(index, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(failure)
    }
}

/// Takes a response that says something; the rest is a failure of the server.
fn reliable(response: DnsResponse) -> Result<DnsResponse, DnsError> {
    match response.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(response),
        code => Err(DnsError::Unsure(code.to_string())),
    }
}

/// What a failed question says. Anything but a clear "no" is [`DnsError::Unsure`].
fn refusal(error: NetError) -> DnsError {
    match error {
        NetError::Dns(HickoryDnsError::NoRecordsFound(NoRecords {
            response_code,
            soa,
            ns,
            ..
        })) => match response_code {
            ResponseCode::NXDomain => DnsError::NoSuchName,
            // A referral: the server only knows whom else to ask.
            ResponseCode::NoError if soa.is_none() && ns.is_some() => {
                DnsError::Unsure("the server does not resolve for us (referral)".to_owned())
            }
            ResponseCode::NoError => DnsError::NoRecords,
            code => DnsError::Unsure(code.to_string()),
        },
        NetError::Dns(HickoryDnsError::ResponseCode(code)) => DnsError::Unsure(code.to_string()),
        NetError::Timeout => DnsError::Unsure("time-out".to_owned()),
        error => DnsError::Unsure(error.to_string()),
    }
}

/// A name that cannot be written in the DNS cannot be there.
fn absolute(name: &str) -> Result<Name, DnsError> {
    let ascii = if name.is_ascii() {
        name.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(name).map_err(|_| DnsError::NoSuchName)?
    };
    let mut name = Name::from_ascii(&ascii).map_err(|_| DnsError::NoSuchName)?;
    name.set_fqdn(true);
    Ok(name)
}

fn plain(name: &Name) -> String {
    let mut text = name.to_ascii().to_ascii_lowercase();
    if text.ends_with('.') {
        text.pop();
    }
    text
}

impl Dns for Resolver {
    fn txt<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        Box::pin(async move {
            let found = self.records(name, RecordType::TXT).await?;
            let texts = found.value.iter().filter_map(|data| match data {
                RData::TXT(txt) => {
                    Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned())
                }
                _ => None,
            });
            Ok(Found {
                value: texts.collect(),
                names: found.names,
                authentic: found.authentic,
            })
        })
    }

    fn mx<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        Box::pin(async move {
            let found = self.records(name, RecordType::MX).await?;
            let hosts = found.value.iter().filter_map(|data| match data {
                RData::MX(mx) => Some(Mx {
                    preference: mx.preference,
                    host: plain(&mx.exchange),
                }),
                _ => None,
            });
            let mut value: Vec<Mx> = hosts.collect();
            value.sort();
            Ok(Found {
                value,
                names: found.names,
                authentic: found.authentic,
            })
        })
    }

    fn addresses<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        Box::pin(async move {
            let (v4, v6) = tokio::join!(
                self.records(name, RecordType::A),
                self.records(name, RecordType::AAAA)
            );
            let found = match (v4, v6) {
                (Ok(mut v4), Ok(v6)) => {
                    v4.value.extend(v6.value);
                    v4.authentic &= v6.authentic;
                    v4
                }
                (Ok(found), Err(_)) | (Err(_), Ok(found)) => found,
                (Err(unsure @ DnsError::Unsure(_)), Err(_))
                | (Err(_), Err(unsure @ DnsError::Unsure(_))) => return Err(unsure),
                (Err(DnsError::NoSuchName), Err(DnsError::NoSuchName)) => {
                    return Err(DnsError::NoSuchName);
                }
                (Err(_), Err(_)) => return Err(DnsError::NoRecords),
            };
            let addresses = found.value.iter().filter_map(|data| match data {
                RData::A(a) => Some(IpAddr::V4(a.0)),
                RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
                _ => None,
            });
            Ok(Found {
                value: addresses.collect(),
                names: found.names,
                authentic: found.authentic,
            })
        })
    }

    fn cname<'a>(&'a self, name: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        Box::pin(async move {
            let found = match self.records(name, RecordType::CNAME).await {
                Err(DnsError::NoRecords) => return Ok(None),
                found => found?,
            };
            Ok(found.value.iter().find_map(|data| match data {
                RData::CNAME(target) => Some(plain(&target.0)),
                _ => None,
            }))
        })
    }
}

#[cfg(test)]
mod tests;
