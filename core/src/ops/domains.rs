//! Domains: made with their keys, listed, changed.

use uuid::Uuid;

use super::organizations::checked_name;
use super::receive::folded;
use super::records::{Verification, with_records};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, MailboxId, new_uuid, random};
use crate::mime::keys::{KeyPair, generate_ed25519};
use crate::model::address::{Address, DomainName};
use crate::model::domain::{Algorithm, DmarcRule, Domain, DomainSort, Receives, Switch, TlsPolicy};
use crate::model::key::{Caller, Scope};
use crate::model::page::{Direction, Page};
use crate::store::{NewDkimKey, NewDomain, Write};

/// What DKIM private keys are sealed for.
pub(crate) const DKIM_PURPOSE: &str = "dkim key";
/// What webhook signing seeds are sealed for.
pub(crate) const WEBHOOK_PURPOSE: &str = "webhook key";

/// What to change of a domain; None leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainChange {
    /// The host.
    pub host: Option<String>,
    /// The name; an inner None takes it away.
    pub name: Option<Option<String>>,
    /// What its mail asks of TLS; only the operator says.
    pub tls: Option<TlsPolicy>,
    /// Whether opens and clicks are told; only the operator says.
    pub tracking: Option<Switch>,
    /// Whether its mail is given one-click unsubscribing; only the operator says.
    pub unsubscribe: Option<Switch>,
    /// Which addresses it takes mail for; only the operator says, and so of what follows.
    pub receives: Option<Receives>,
    /// What it makes of mail that fails DMARC.
    pub dmarc: Option<DmarcRule>,
    /// The address at it whose mailbox gets the mail of addresses that nobody made, where only
    /// known ones are taken; an inner None: nobody's.
    pub catch_all: Option<Option<String>>,
}

impl DomainChange {
    /// Whether it says something that only the operator says.
    const fn is_operators(&self) -> bool {
        self.tls.is_some()
            || self.tracking.is_some()
            || self.unsubscribe.is_some()
            || self.receives.is_some()
            || self.dmarc.is_some()
            || self.catch_all.is_some()
    }
}

pub(crate) fn checked_host(host: &str) -> Result<String> {
    if host.trim().is_empty() {
        return Err(Field::Host.error(Reason::Absent));
    }
    DomainName::parse(host.trim())
        .map(|name| name.as_str().to_owned())
        .map_err(|_| Field::Host.error(Reason::Malformed))
}

/// The host that a label stands for below `host`.
fn below(label: &str, host: &str) -> Result<String> {
    let label = label.trim();
    let malformed = || Field::Name.error(Reason::Malformed);
    if label.is_empty() || label.contains('.') {
        return Err(malformed());
    }
    DomainName::parse(&format!("{label}.{host}"))
        .map(|name| name.as_str().to_owned())
        .map_err(|_| malformed())
}

fn optional_name(name: Option<&str>) -> Result<Option<String>> {
    name.filter(|name| !name.trim().is_empty())
        .map(checked_name)
        .transpose()
}

fn checked_catch_all(address: &str) -> Result<Address> {
    Address::parse(address.trim()).map_err(|_| Field::Address.error(Reason::Malformed))
}

/// The mailbox that a domain's catch-all is to be: one of its own; made where there is none.
fn catch_all_of(
    write: &Write<'_>,
    domain: &Domain,
    address: Option<&Address>,
    now: Timestamp,
) -> Result<Option<MailboxId>> {
    let Some(address) = address else {
        return Ok(None);
    };
    if address.domain() != domain.host {
        return Err(Field::Address.error(Reason::Forbidden));
    }
    let key = folded(&address.key());
    let of = domain.organization;
    let mailbox = match write.mailbox_asked_for(&key)? {
        Some(mailbox) if mailbox.owner == Some(of) => mailbox,
        Some(_) => return Err(Field::Address.error(Reason::Taken)),
        None => write.mailbox_for(Some((of, Some(domain.id))), &key, now)?,
    };
    Ok(Some(mailbox.id))
}

impl Posthouse {
    /// Makes a domain with an RSA-2048 and an Ed25519 DKIM key under selectors of its own,
    /// and an Ed25519 key for webhooks. Takes up to a second, off the async threads.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` host: absent, malformed or taken.
    pub async fn create_domain(
        &self,
        caller: &Caller,
        host: &str,
        name: Option<&str>,
    ) -> Result<Domain> {
        let made = self.create_sending_domain(caller, host, name, None).await?;
        Ok(made.domain)
    }

    /// Makes a domain with a return path of its own, at the label `mail_from` below it; with
    /// the records to publish.
    ///
    /// # Errors
    /// As `create_domain`; `Invalid` name for a label that is none.
    pub async fn create_sending_domain(
        &self,
        caller: &Caller,
        host: &str,
        name: Option<&str>,
        mail_from: Option<&str>,
    ) -> Result<Verification> {
        caller.needs(Scope::Domains)?;
        let host = checked_host(host)?;
        let name = optional_name(name)?;
        let mail_from = mail_from.map(|label| below(label, &host)).transpose()?;
        let rsa = self.new_rsa().await?;
        let new = self.new_domain(host, name, mail_from, &rsa)?;
        let (of, hosts) = (caller.organization(), self.hosts());
        let now = self.now();
        self.store
            .write(move |write| {
                let id = write
                    .add_domain(of, &new, now)?
                    .ok_or_else(|| Field::Host.error(Reason::Taken))?;
                let domain = write
                    .domain(of, id)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                with_records(write, domain, &hosts)
            })
            .await
    }

    pub(crate) fn new_domain(
        &self,
        host: String,
        name: Option<String>,
        mail_from: Option<String>,
        rsa: &KeyPair,
    ) -> Result<NewDomain> {
        let ed25519 = generate_ed25519(random(self.entropy()));
        let webhook_seed: [u8; 32] = random(self.entropy());
        let webhook_public = ed25519_dalek::SigningKey::from_bytes(&webhook_seed)
            .verifying_key()
            .to_bytes();
        let tail = u32::from_be_bytes(random(self.entropy()));
        let seal = |pair: &KeyPair| {
            self.vault
                .seal(DKIM_PURPOSE, &pair.private_der, self.entropy())
        };
        let dkim = vec![
            NewDkimKey {
                selector: format!("ph{tail:08x}"),
                algorithm: Algorithm::Rsa,
                private_sealed: seal(rsa)?,
                public: rsa.public.clone(),
            },
            NewDkimKey {
                selector: format!("ph{tail:08x}e"),
                algorithm: Algorithm::Ed25519,
                private_sealed: seal(&ed25519)?,
                public: ed25519.public,
            },
        ];
        Ok(NewDomain {
            uuid: new_uuid(self.now(), self.entropy()),
            host,
            name,
            mail_from,
            mailbox_limit: None,
            webhook_public,
            webhook_private_sealed: self.vault.seal(
                WEBHOOK_PURPOSE,
                &webhook_seed,
                self.entropy(),
            )?,
            dkim,
        })
    }

    /// A page of the caller's domains.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn domains(
        &self,
        caller: &Caller,
        page: Page,
        sort: DomainSort,
        direction: Direction,
    ) -> Result<Vec<Domain>> {
        caller.needs(Scope::DomainsRead)?;
        let of = caller.organization();
        self.store
            .read(move |read| read.domains(of, page, sort, direction))
            .await
    }

    /// One of the caller's domains.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn domain(&self, caller: &Caller, id: DomainId) -> Result<Domain> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        self.store
            .read(move |read| read.domain(of, id)?.ok_or(Error::Missing(Missing::Domain)))
            .await
    }

    /// One of the caller's domains, by its host name.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn domain_of_host(&self, caller: &Caller, host: &str) -> Result<Domain> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let host = checked_host(host)?;
        self.store
            .read(move |read| {
                read.domain_of_host(of, &host)?
                    .ok_or(Error::Missing(Missing::Domain))
            })
            .await
    }

    /// Changes a domain. Another host has to be verified anew, with the keys it has.
    ///
    /// # Errors
    /// As `create_domain`; `Missing::Domain`; `Invalid` address for a catch-all that is not at
    /// the domain, or somebody else's.
    pub async fn set_domain(
        &self,
        caller: &Caller,
        id: DomainId,
        change: DomainChange,
    ) -> Result<Domain> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        if change.is_operators() {
            caller.needs_operator()?;
        }
        // Whose domain it is comes before what is wrong with the change.
        self.domain(caller, id).await?;
        let host = change.host.as_deref().map(checked_host).transpose()?;
        let name = change
            .name
            .map(|name| optional_name(name.as_deref()))
            .transpose()?;
        let catch_all = change
            .catch_all
            .as_ref()
            .map(|address| address.as_deref().map(checked_catch_all).transpose())
            .transpose()?;
        let now = self.now();
        self.store
            .write(move |write| {
                let missing = || Error::Missing(Missing::Domain);
                let mut domain = write.domain(of, id)?.ok_or_else(missing)?;
                if let Some(host) = host.filter(|host| *host != domain.host)
                    && !write.move_domain(id, &host, now)?
                {
                    return Err(Field::Host.error(Reason::Taken));
                }
                if change.receives.is_some() || change.dmarc.is_some() || catch_all.is_some() {
                    domain.receives = change.receives.unwrap_or(domain.receives);
                    domain.dmarc = change.dmarc.unwrap_or(domain.dmarc);
                    if let Some(address) = catch_all {
                        domain.catch_all = catch_all_of(write, &domain, address.as_ref(), now)?;
                    }
                    write.set_domain_receiving(&domain, now)?;
                }
                if let Some(name) = name.filter(|name| *name != domain.name) {
                    write.rename_domain(id, name.as_deref(), now)?;
                }
                if let Some(tls) = change.tls {
                    write.set_domain_tls(id, tls, now)?;
                }
                if change.tracking.is_some() || change.unsubscribe.is_some() {
                    let switches = (
                        change.tracking.unwrap_or(domain.tracking),
                        change.unsubscribe.unwrap_or(domain.unsubscribe),
                    );
                    write.set_domain_switches(id, switches, now)?;
                }
                write.domain(of, id)?.ok_or_else(missing)
            })
            .await
    }

    /// Removes a domain. Keys that are bound to it are revoked; its mail keeps its history,
    /// and what waits is still sent.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn remove_domain(&self, caller: &Caller, uuid: Uuid) -> Result<()> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let domain = write
                    .domain_by_uuid(of, uuid)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                write.revoke_keys_of(domain.id, now)?;
                write.remove_domain(domain.id, now)
            })
            .await
    }
}
