//! Whose mailbox mail for an address goes to.

use super::recipient::POSTMASTER;
use crate::error::Result;
use crate::ids::{MailboxId, OrganizationId};
use crate::model::address::Address;
use crate::model::domain::Receives;
use crate::model::mailbox::Mailbox;
use crate::store::{Read, ReceivingDomain};

/// Where mail for an address goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// The mailbox's address: lower case, what stands behind `+` left out.
    pub(crate) address: String,
    /// The address as the envelope had it, where that is another.
    pub(crate) original: Option<String>,
    /// Whose the mailbox is; None: nobody's.
    pub(crate) owner: Option<OrganizationId>,
    /// The owner's domain.
    pub(crate) domain: Option<ReceivingDomain>,
    /// The mailbox, if it is there already.
    pub(crate) mailbox: Option<Mailbox>,
    /// The mailbox whose routing holds.
    pub(crate) routed_by: Option<MailboxId>,
    /// The address that passed it on to here.
    pub(crate) by: Option<String>,
}

impl Home {
    /// Whether it holds `bytes` more.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        self.mailbox.as_ref().is_none_or(|mailbox| {
            mailbox
                .quota_bytes
                .is_none_or(|quota| mailbox.bytes.saturating_add(bytes) <= quota)
        })
    }
}

/// Why mail for an address goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Homeless {
    /// Its host is not ours.
    NotHere,
    /// Nobody has this address, and only known ones are taken.
    NoMailbox,
}

/// Finds the home of `address`. `public_hosts` are those where anybody's mail is kept.
pub(crate) fn home(
    read: &Read<'_>,
    address: &Address,
    public_hosts: &[String],
) -> Result<std::result::Result<Home, Homeless>> {
    let written = address.key();
    let ours = |host: &str| -> Result<_> {
        let domain = read.receiving_domain(host)?;
        let public = public_hosts.iter().any(|public| public == host);
        Ok((domain.is_some() || public).then_some(domain))
    };
    let Some(mut domain) = ours(address.domain())? else {
        return Ok(Err(Homeless::NotHere));
    };
    let mut whole = written.clone();
    if let Some(meant) = read.alias(&address.local().to_lowercase())? {
        let host = meant.rsplit_once('@').map_or("", |(_, host)| host);
        let Some(of_meant) = ours(host)? else {
            return Ok(Err(Homeless::NotHere));
        };
        domain = of_meant;
        whole = meant;
    }
    // An address that somebody has with its `+` stays as it is.
    let asked_for = match read.mailbox_asked_for(&whole)? {
        Some(mailbox) => Some(mailbox),
        None => read.mailbox_asked_for(&folded(&whole))?,
    };
    let place = match &asked_for {
        Some(mailbox) => mailbox.address.clone(),
        None => folded(&whole),
    };
    let mut home = Home {
        original: (written != place).then(|| written.clone()),
        address: place,
        owner: domain.map(|domain| domain.organization),
        domain,
        mailbox: asked_for,
        routed_by: None,
        by: None,
    };
    if let Some(mailbox) = &home.mailbox {
        if mailbox.removed_at.is_some() {
            return Ok(Err(Homeless::NoMailbox));
        }
        home.owner = mailbox.owner;
        home.routed_by = Some(mailbox.id);
        return Ok(Ok(home));
    }
    home.routed_by = domain.and_then(|domain| domain.catch_all);
    match domain.map(|domain| domain.receives) {
        None | Some(Receives::Any) => {
            home.mailbox = read.mailbox_of(home.owner, &home.address)?;
            Ok(Ok(home))
        }
        Some(Receives::Nothing) => Ok(Err(Homeless::NoMailbox)),
        Some(Receives::Known) => {
            let catch_all = match home.routed_by {
                // What is put into one that was removed would go with it.
                Some(id) => read.mailbox(id)?.filter(|one| one.removed_at.is_none()),
                None => None,
            };
            let Some(mailbox) = catch_all else {
                // Wherever mail is taken, this one has to be (RFC 5321 section 4.5.1).
                if is_postmaster(&home.address) {
                    home.mailbox = read.mailbox_of(home.owner, &home.address)?;
                    return Ok(Ok(home));
                }
                return Ok(Err(Homeless::NoMailbox));
            };
            home.original = Some(written);
            home.address.clone_from(&mailbox.address);
            home.mailbox = Some(mailbox);
            Ok(Ok(home))
        }
    }
}

fn is_postmaster(address: &str) -> bool {
    let local = address.rsplit_once('@').map(|(local, _)| local);
    local == Some(POSTMASTER)
}

/// An address without its sub-address (RFC 5233): `kim+news@d` is `kim@d`.
pub(crate) fn folded(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, host)) => match local.split_once('+') {
            Some((base, _)) if !base.is_empty() => format!("{base}@{host}"),
            Some(_) | None => address.to_owned(),
        },
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_plus_is_left_out() {
        for (address, expected) in [
            ("kim@d.test", "kim@d.test"),
            ("kim+news@d.test", "kim@d.test"),
            ("kim+a+b@d.test", "kim@d.test"),
            ("+kim@d.test", "+kim@d.test"),
            ("kim+@d.test", "kim@d.test"),
        ] {
            assert_eq!(folded(address), expected);
        }
    }
}
