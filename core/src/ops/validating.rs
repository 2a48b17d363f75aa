//! Addresses of strangers: well-formed, and whose mail servers they are at.

use std::collections::HashSet;
use std::sync::LazyLock;

use futures_util::StreamExt;
use futures_util::stream;

use crate::engine::Posthouse;
use crate::error::{Field, Reason, Result};
use crate::limits::{VALIDATED_AT_ONCE, VALIDATING_AT_A_TIME, VALIDATING_DNS, VALIDATING_HOSTS};
use crate::model::address::Address;
use crate::model::key::{Caller, Scope};

/// Hosts that hand out addresses for a short while; see `core/data/README.md`.
static DISPOSABLE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../data/disposable_domains.txt")
        .lines()
        .collect()
});

/// What is known of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validated {
    /// As it was given.
    pub given: String,
    /// None when it is no address.
    pub address: Option<Address>,
    /// The hosts of its domain or of its mail servers that hand out addresses for a short
    /// while.
    pub disposable: Vec<String>,
    /// Its mail servers, and their IP addresses.
    pub servers: Vec<String>,
}

impl Posthouse {
    /// What is known of each of these addresses, in their order. DNS that does not answer in
    /// time tells nothing.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` address that has too many.
    pub async fn validate_addresses(
        &self,
        caller: &Caller,
        given: Vec<String>,
    ) -> Result<Vec<Validated>> {
        caller.needs(Scope::Mail)?;
        if given.len() > VALIDATED_AT_ONCE {
            return Err(Field::Address.error(Reason::TooMany));
        }
        let end = tokio::time::Instant::now() + VALIDATING_DNS;
        let each = given.into_iter().map(|given| self.validated(given, end));
        Ok(stream::iter(each)
            .buffered(VALIDATING_AT_A_TIME)
            .collect()
            .await)
    }

    async fn validated(&self, given: String, end: tokio::time::Instant) -> Validated {
        let Ok(address) = Address::parse(given.trim()) else {
            return Validated {
                given,
                ..Validated::default()
            };
        };
        let servers = tokio::time::timeout_at(end, self.servers(address.domain()))
            .await
            .unwrap_or_default();
        let mut disposable: Vec<String> = Vec::new();
        for host in std::iter::once(address.domain()).chain(servers.iter().map(String::as_str)) {
            if let Some(known) = disposable_host(host)
                && !disposable.iter().any(|one| one == known)
            {
                disposable.push(known.to_owned());
            }
        }
        Validated {
            given,
            address: Some(address),
            disposable,
            servers,
        }
    }

    async fn servers(&self, domain: &str) -> Vec<String> {
        let dns = &self.ports.dns;
        let Ok(found) = dns.mx(domain).await else {
            return Vec::new();
        };
        let hosts = found.value.into_iter().map(|mx| mx.host);
        let hosts: Vec<String> = hosts
            .filter(|host| !host.is_empty())
            .take(VALIDATING_HOSTS)
            .collect();
        let addresses = hosts.iter().map(|host| dns.addresses(host));
        let addresses = futures_util::future::join_all(addresses).await;
        let addresses = addresses.into_iter().flatten();
        let mut all = hosts.clone();
        for address in addresses.flat_map(|found| found.value) {
            let address = address.to_string();
            if !all.contains(&address) {
                all.push(address);
            }
        }
        all
    }
}

/// The host on the list that this is, or is below of.
fn disposable_host(host: &str) -> Option<&'static str> {
    let mut rest = host;
    loop {
        if let Some(known) = DISPOSABLE.get(rest) {
            return Some(known);
        }
        rest = rest.split_once('.')?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_knows_hosts_below() {
        let lines: Vec<&str> = include_str!("../../data/disposable_domains.txt")
            .lines()
            .collect();
        assert!(lines.is_sorted() && lines.len() > 5_000);
        assert!(
            lines
                .iter()
                .all(|line| line.contains('.') && line.trim() == *line)
        );
        assert_eq!(disposable_host("mailinator.com"), Some("mailinator.com"));
        assert_eq!(disposable_host("mx.mailinator.com"), Some("mailinator.com"));
        assert_eq!(disposable_host("a-mailinator.com"), None);
        assert_eq!(disposable_host("com"), None);
    }
}
