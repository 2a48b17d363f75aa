//! Whether a domain is on the public block lists of domains.

use std::net::IpAddr;

use futures_util::future::join_all;
use uuid::Uuid;

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::model::domain::Domain;
use crate::model::key::{Caller, Scope};
use crate::outside::bounds::BLOCKLISTS_TOTAL;
use crate::outside::deadline::Deadline;
use crate::outside::dns::{Dns, DnsError};

/// What one block list says of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The name of the list's zone.
    pub list: String,
    /// What it says.
    pub listing: Listing,
}

/// Whether a block list names a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It does.
    Listed,
    /// It does not.
    Clear,
    /// It did not say, and why.
    Unknown(String),
}

impl Posthouse {
    /// Asks every block list of the settings about a domain, all at once and now.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn domain_blocklists(
        &self,
        caller: &Caller,
        uuid: Uuid,
    ) -> Result<(Domain, Vec<Check>)> {
        caller.needs(Scope::DomainsRead)?;
        let of = caller.organization();
        let domain = self
            .store
            .read(move |read| {
                read.domain_by_uuid(of, uuid)?
                    .ok_or(Error::Missing(Missing::Domain))
            })
            .await?;
        let end = Deadline::after(BLOCKLISTS_TOTAL);
        let (dns, host) = (self.ports.dns.as_ref(), domain.host.as_str());
        let lists = self.settings().blocklists.iter();
        let checks = lists.map(|list| check(dns, host, list, end));
        let checks = join_all(checks).await;
        Ok((domain, checks))
    }
}

async fn check(dns: &dyn Dns, host: &str, list: &str, end: Deadline) -> Check {
    let listing = end
        .run(ask(dns, host, list))
        .await
        .unwrap_or_else(|_| Listing::Unknown(String::from("time-out")));
    if let Listing::Unknown(why) = &listing {
        tracing::warn!(list, host, why, "a block list did not say");
    }
    Check {
        list: list.to_owned(),
        listing,
    }
}

/// RFC 5782 section 2.1: a name is listed when the list has an address for it.
async fn ask(dns: &dyn Dns, host: &str, list: &str) -> Listing {
    match dns.addresses(&format!("{host}.{list}")).await {
        Ok(found) => said(&found.value),
        Err(DnsError::NoSuchName | DnsError::NoRecords) => Listing::Clear,
        Err(DnsError::Unsure(why)) => Listing::Unknown(why),
    }
}

/// Lists answer in 127.0.0.0/16. Of that, 127.0.0.1 is for those who may not ask, and
/// 127.0.1.255 for questions that make no sense; 127.255.255.0/24 says the same elsewhere.
fn said(addresses: &[IpAddr]) -> Listing {
    let listed = addresses.iter().any(|address| match address {
        IpAddr::V4(v4) => {
            let octets = v4.octets();
            octets[..2] == [127, 0] && octets != [127, 0, 0, 1] && octets != [127, 0, 1, 255]
        }
        IpAddr::V6(_) => false,
    });
    if listed {
        return Listing::Listed;
    }
    let answers: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    Listing::Unknown(format!("it answered {}", answers.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_lists_a_name_or_refuses_to_say() {
        for (answers, listed) in [
            (&["127.0.0.2"][..], true),
            (&["127.0.1.2"], true),
            (&["127.0.0.64", "::1"], true),
            (&["127.0.0.1"], false),
            (&["127.0.1.255"], false),
            (&["127.255.255.254"], false),
            (&["192.0.2.1"], false),
            (&["::ffff:7f00:2"], false),
            (&[], false),
        ] {
            let addresses: Vec<IpAddr> = answers.iter().map(|one| one.parse().unwrap()).collect();
            let listing = said(&addresses);
            assert_eq!(listing == Listing::Listed, listed, "{answers:?}");
            assert_ne!(listing, Listing::Clear, "{answers:?}");
        }
    }
}
