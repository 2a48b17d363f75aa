//! Whom a forward-path means: an address, or the postmaster, who needs no domain (RFC 5321
//! sections 2.3.5 and 4.5.1).

use super::home::{Home, home};
use crate::error::Result;
use crate::ids::OrganizationId;
use crate::model::address::{Address, AddressError};
use crate::model::domain::DomainSort;
use crate::model::page::{Direction, Page};
use crate::store::Read;

/// The local part that every domain has, in any case of letters.
pub(super) const POSTMASTER: &str = "postmaster";

/// Whom mail is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    /// Whoever looks after this server.
    Postmaster,
    Address(Address),
}

impl Recipient {
    /// Reads a forward-path.
    pub(super) fn parse(path: &str) -> std::result::Result<Self, AddressError> {
        match path.eq_ignore_ascii_case(POSTMASTER) {
            true => Ok(Self::Postmaster),
            false => Address::parse(path).map(Self::Address),
        }
    }

    /// Whether the other is the same mailbox for whoever wrote both on one envelope.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Postmaster, Self::Postmaster) => true,
            (Self::Address(one), Self::Address(other)) => one.key() == other.key(),
            (Self::Postmaster, Self::Address(_)) | (Self::Address(_), Self::Postmaster) => false,
        }
    }
}

/// Where mail for the postmaster without a domain goes: to the postmaster of this server's
/// `host` where that is a domain here, else of the first domain of the first organization; to
/// that organization's mailbox `postmaster` at `host` while it has no domain. None: nobody is
/// here at all.
pub(super) fn postmaster(
    read: &Read<'_>,
    host: &str,
    public_hosts: &[String],
) -> Result<Option<Home>> {
    let (of, at) = match read.receiving_domain(host)? {
        Some(domain) => (domain.organization, host.to_owned()),
        None => {
            let first = read.organizations(OrganizationId(0), 1)?;
            let Some(of) = first.first().map(|organization| organization.id) else {
                return Ok(None);
            };
            let domains = read.domains(of, Page::first(1), DomainSort::Id, Direction::Ascending)?;
            let at = domains.into_iter().next().map(|domain| domain.host);
            (of, at.unwrap_or_else(|| host.to_owned()))
        }
    };
    let whole = format!("{POSTMASTER}@{at}");
    let domain = read.receiving_domain(&at)?;
    // A host of one label is no address; a domain is.
    if domain.is_some()
        && let Ok(address) = Address::parse(&whole)
        && let Ok(found) = home(read, &address, public_hosts)?
    {
        return Ok(Some(found));
    }
    // What a domain takes mail for is no matter here.
    Ok(Some(Home {
        original: None,
        owner: Some(of),
        mailbox: read.mailbox_of(Some(of), &whole)?,
        address: whole,
        domain,
        routed_by: None,
        by: None,
    }))
}
