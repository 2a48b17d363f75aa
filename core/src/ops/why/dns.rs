//! What DNS says now: of the recipients' domains, and of the sending domain's own records.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, timeout_at};

use crate::clock::Timestamp;
use crate::limits::{MX_TRIED, WHY_DOMAINS};
use crate::model::domain::{Checked, Record, Verdict};
use crate::ops::records::look;
use crate::outside::dns::{Dns, DnsError, Found, Mx, said_of_addresses, said_of_mx};

/// Whether DNS is to be asked for a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Questions {
    /// It is, and all its answers together are waited for so long.
    Ask {
        /// How long.
        within: Duration,
    },
    /// It is not.
    Skip,
}

/// What DNS says now, if it was asked.
#[derive(Clone, Debug)]
pub enum Now<T> {
    /// It was not asked.
    NotAsked(NotAsked),
    /// What it said, or that it did not answer.
    Said(T),
}

/// Why DNS was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// No mail left this machine, so none was looked for.
    NothingLeft,
    /// [`Questions::Skip`].
    Unwanted,
    /// The sender's domain is none of this installation's: a provider answers for it.
    Provider,
    /// The email has recipients in more domains than are asked for.
    TooMany,
}

impl NotAsked {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NothingLeft => "not asked: nothing left this machine",
            Self::Unwanted => "not asked: it was not wanted",
            Self::Provider => "not asked: the sender's domain is its provider's business",
            Self::TooMany => "not asked: the email goes to more domains than are asked for",
        }
    }
}

/// What a domain says of taking mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It names its mail servers.
    Mx,
    /// It has none, and is a host itself (RFC 5321 section 5.1).
    Address,
    /// It says that it takes no mail (RFC 7505).
    NullMx,
    /// It has neither mail server nor address.
    NoServer,
    /// It does not exist.
    NoDomain,
    /// DNS did not answer.
    Unsure,
}

impl Takes {
    /// The word.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Mx => "mx",
            Self::Address => "address",
            Self::NullMx => "null-mx",
            Self::NoServer => "no-server",
            Self::NoDomain => "no-domain",
            Self::Unsure => "unsure",
        }
    }
}

/// A domain's mail servers, as DNS has them now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainNow {
    /// The domain.
    pub domain: String,
    /// Whether it takes mail.
    pub takes: Takes,
    /// Its mail servers, the preferred first, no more than would be tried.
    pub hosts: Vec<HostNow>,
    /// The resolver says that DNSSEC vouches for the names of the mail servers.
    pub authentic: bool,
    /// All that DNS said, a line an answer.
    pub lines: Vec<String>,
}

impl DomainNow {
    /// Whether there is an address to connect to.
    pub(super) fn has_host(&self) -> bool {
        let found = |host: &HostNow| host.addresses.as_ref().is_ok_and(|found| !found.is_empty());
        self.hosts.iter().any(found)
    }
}

/// A mail server, as DNS has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostNow {
    /// Lower is tried first; none when the domain itself is the host.
    pub preference: Option<u16>,
    /// Its name.
    pub host: String,
    /// Its addresses, or why there are none.
    pub addresses: Result<Vec<IpAddr>, DnsError>,
}

/// Asks for all domains at a time. What has no answer at `end` is unsure.
pub(super) async fn ask_domains(
    dns: &dyn Dns,
    domains: Vec<String>,
    end: Instant,
) -> BTreeMap<String, DomainNow> {
    let domains = domains.into_iter().take(WHY_DOMAINS);
    let answers = join_all(domains.map(|domain| ask_domain(dns, domain, end))).await;
    let named = answers.into_iter().map(|now| (now.domain.clone(), now));
    named.collect()
}

async fn in_time<T>(
    end: Instant,
    question: impl Future<Output = Result<T, DnsError>>,
) -> Result<T, DnsError> {
    let late = || DnsError::Unsure(String::from("time-out"));
    timeout_at(end, question)
        .await
        .unwrap_or_else(|_| Err(late()))
}

async fn ask_domain(dns: &dyn Dns, domain: String, end: Instant) -> DomainNow {
    let answer = in_time(end, dns.mx(&domain)).await;
    let lines = vec![said_of_mx(&domain, &answer)];
    let (takes, hosts, authentic) = match answer {
        Ok(Found {
            value, authentic, ..
        }) if value.iter().any(|mx| mx.host.is_empty()) => (Takes::NullMx, vec![], authentic),
        Ok(Found {
            value, authentic, ..
        }) => (Takes::Mx, value, authentic),
        Err(DnsError::NoSuchName) => (Takes::NoDomain, vec![], false),
        Err(DnsError::Unsure(_)) => (Takes::Unsure, vec![], false),
        Err(DnsError::NoRecords) => return ask_host(dns, domain, lines, end).await,
    };
    let mut now = DomainNow {
        domain,
        takes,
        hosts: Vec::new(),
        authentic,
        lines,
    };
    let hosts = hosts.into_iter().take(MX_TRIED);
    let asked = hosts.map(|Mx { preference, host }| async move {
        let answer = in_time(end, dns.addresses(&host)).await;
        (preference, host, answer)
    });
    for (preference, host, answer) in join_all(asked).await {
        now.lines.push(said_of_addresses(&host, &answer));
        now.hosts.push(HostNow {
            preference: Some(preference),
            host,
            addresses: answer.map(|found| found.value),
        });
    }
    now
}

/// A domain without an MX may be a host itself.
async fn ask_host(
    dns: &dyn Dns,
    domain: String,
    mut lines: Vec<String>,
    end: Instant,
) -> DomainNow {
    let answer = in_time(end, dns.addresses(&domain)).await;
    lines.push(said_of_addresses(&domain, &answer));
    let (takes, hosts, authentic) = match answer {
        Ok(found) => {
            let host = HostNow {
                preference: None,
                host: domain.clone(),
                addresses: Ok(found.value),
            };
            (Takes::Address, vec![host], found.authentic)
        }
        Err(DnsError::NoRecords | DnsError::NoSuchName) => (Takes::NoServer, vec![], false),
        Err(DnsError::Unsure(_)) => (Takes::Unsure, vec![], false),
    };
    DomainNow {
        domain,
        takes,
        hosts,
        authentic,
        lines,
    }
}

/// Looks at each record of the sending domain, and writes nothing down. What has no answer
/// at `end` is unsure.
pub(super) async fn ask_records(
    dns: &dyn Dns,
    mut records: Vec<Record>,
    now: Timestamp,
    end: Instant,
) -> Vec<Record> {
    let looks = records.iter().map(|record| async move {
        let late = |_| Checked {
            verdict: Verdict::Unsure,
            found: vec![String::from("time-out")],
            at: now,
        };
        let look = timeout_at(end, look(dns, record, now)).await;
        look.unwrap_or_else(late)
    });
    let found = join_all(looks).await;
    for (record, checked) in records.iter_mut().zip(found) {
        record.checked = Some(checked);
    }
    records
}
