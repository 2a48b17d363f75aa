//! The records that a domain publishes, and what DNS says of them.

mod expected;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use uuid::Uuid;

pub(super) use self::expected::expected;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::{DomainId, OrganizationId};
use crate::model::domain::{Checked, Domain, DomainSort, Record, RecordKind, Verdict};
use crate::model::key::{Caller, Scope};
use crate::model::page::{Direction, Page};
use crate::outside::dns::{Dns, DnsError, Found};
use crate::store::{DomainLook, Read, Verified};

/// A domain and its records, as of the last look.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The domain.
    pub domain: Domain,
    /// Its records.
    pub records: Vec<Record>,
}

impl Posthouse {
    /// A domain's records and what the last look found.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn domain_records(&self, caller: &Caller, id: DomainId) -> Result<Verification> {
        caller.needs(Scope::DomainsRead)?;
        self.records_of(caller.organization(), id).await
    }

    async fn records_of(&self, of: OrganizationId, id: DomainId) -> Result<Verification> {
        let hosts = self.hosts();
        self.store
            .read(move |read| {
                let domain = read
                    .domain(of, id)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                with_records(read, domain, &hosts)
            })
            .await
    }

    /// The same, of the domain with this UUID.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn domain_records_of(&self, caller: &Caller, uuid: Uuid) -> Result<Verification> {
        caller.needs(Scope::DomainsRead)?;
        let of = caller.organization();
        let hosts = self.hosts();
        self.store
            .read(move |read| {
                let domain = read
                    .domain_by_uuid(of, uuid)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                with_records(read, domain, &hosts)
            })
            .await
    }

    /// A page of the caller's domains, each with its records.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn all_domain_records(
        &self,
        caller: &Caller,
        page: Page,
    ) -> Result<Vec<Verification>> {
        caller.needs(Scope::DomainsRead)?;
        let of = caller.organization();
        let hosts = self.hosts();
        self.store
            .read(move |read| {
                read.domains(of, page, DomainSort::Id, Direction::Ascending)?
                    .into_iter()
                    .map(|domain| with_records(read, domain, &hosts))
                    .collect()
            })
            .await
    }

    /// Our own host, and the one that bounces go to.
    pub(super) fn hosts(&self) -> (String, String) {
        let settings = self.settings();
        (settings.host.clone(), settings.bounce_host())
    }

    /// Looks as `verify_domain` does, at the domain with this UUID.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn verify_domain_of(&self, caller: &Caller, uuid: Uuid) -> Result<Verification> {
        let verification = self.domain_records_of(caller, uuid).await?;
        self.verify_domain(caller, verification.domain.id).await
    }

    /// Asks DNS for each of a domain's records, now, and keeps what was found. What DNS
    /// could not tell leaves the verified flags as they were.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn verify_domain(&self, caller: &Caller, id: DomainId) -> Result<Verification> {
        caller.needs(Scope::Domains)?;
        self.look_at_domain(caller.organization(), id).await
    }

    /// The same, for nobody in particular.
    pub(crate) async fn look_at_domain(
        &self,
        of: OrganizationId,
        id: DomainId,
    ) -> Result<Verification> {
        let mut verification = self.records_of(of, id).await?;
        let now = self.now();
        let looks = verification
            .records
            .iter()
            .map(|record| look(self.ports.dns.as_ref(), record, now));
        let found = join_all(looks).await;
        for (record, checked) in verification.records.iter_mut().zip(found) {
            record.checked = Some(checked);
        }
        let rows: Vec<DomainLook> = verification
            .records
            .iter()
            .filter_map(|record| {
                let checked = record.checked.clone()?;
                Some(DomainLook {
                    kind: record.kind,
                    verdict: checked.verdict,
                    found: checked.found,
                })
            })
            .collect();
        let verified = verified(&verification.records);
        verification.domain = self
            .store
            .write(move |write| {
                write.set_domain_looks(id, &rows, verified, now)?;
                write.domain(of, id)?.ok_or(Error::Missing(Missing::Domain))
            })
            .await?;
        Ok(verification)
    }
}

pub(super) fn with_records(
    read: &Read<'_>,
    domain: Domain,
    (host, bounce_host): &(String, String),
) -> Result<Verification> {
    let keys = read.dkim_keys(domain.id)?;
    let mut records = expected(&domain, &keys, host, bounce_host);
    for (kind, checked) in read.domain_looks(domain.id)? {
        if let Some(record) = records.iter_mut().find(|record| record.kind == kind) {
            record.checked = Some(checked);
        }
    }
    Ok(Verification { domain, records })
}

/// Asks DNS for one record.
pub(super) async fn look(dns: &dyn Dns, record: &Record, at: Timestamp) -> Checked {
    let name = record.name.as_str();
    let answer = match record.kind {
        RecordKind::Dkim
        | RecordKind::DkimEd25519
        | RecordKind::Dmarc
        | RecordKind::Spf
        | RecordKind::MailFromSpf => dns.txt(name).await.map(|Found { value, .. }| value),
        RecordKind::ReturnPath => dns
            .cname(name)
            .await
            .map(|target| target.into_iter().collect()),
        RecordKind::Mx | RecordKind::MailFromMx => {
            dns.mx(name).await.map(|Found { value, .. }| {
                value
                    .into_iter()
                    .map(|mx| format!("{} {}", mx.preference, mx.host))
                    .collect()
            })
        }
    };
    let (verdict, found) = match answer {
        Ok(found) => judge(record, found),
        Err(DnsError::NoSuchName | DnsError::NoRecords) => (Verdict::Absent, Vec::new()),
        Err(DnsError::Unsure(why)) => (Verdict::Unsure, vec![why]),
    };
    Checked { verdict, found, at }
}

/// Compares what was found with what is expected. Other records of the same type at the
/// name do no harm; only those that claim to be ours and are not make a mismatch.
fn judge(record: &Record, found: Vec<String>) -> (Verdict, Vec<String>) {
    let expected = &record.expected;
    let (ours, matches): (Vec<String>, bool) = match record.kind {
        RecordKind::Dkim | RecordKind::DkimEd25519 => {
            let key = public_key(expected);
            let hit = found
                .iter()
                .any(|text| key.is_some() && public_key(text) == key);
            (found, hit)
        }
        RecordKind::ReturnPath => {
            let hit = found
                .iter()
                .any(|target| target.eq_ignore_ascii_case(expected));
            (found, hit)
        }
        RecordKind::Dmarc => {
            let hit = found.iter().any(|text| starts(text, "v=DMARC1"));
            (found, hit)
        }
        RecordKind::Spf | RecordKind::MailFromSpf => {
            // A name has many TXT records that are none of SPF's business.
            let ours: Vec<String> = found
                .into_iter()
                .filter(|text| starts(text, "v=spf1"))
                .collect();
            let include = expected
                .split(' ')
                .find(|term| term.starts_with("include:"))
                .unwrap_or_default();
            // RFC 7208 section 4.5: more than one record is an error, not a choice.
            let hit = ours.len() == 1
                && ours.iter().any(|text| {
                    text.split_ascii_whitespace()
                        .any(|term| term.eq_ignore_ascii_case(include))
                });
            (ours, hit)
        }
        RecordKind::Mx | RecordKind::MailFromMx => {
            let target = expected.split(' ').nth(1).unwrap_or_default();
            let hit = found.iter().any(|mx| {
                mx.split(' ')
                    .nth(1)
                    .is_some_and(|host| host.eq_ignore_ascii_case(target))
            });
            (found, hit)
        }
    };
    match (matches, ours.is_empty()) {
        (true, _) => (Verdict::Match, ours),
        (false, true) => (Verdict::Absent, ours),
        (false, false) => (Verdict::Mismatch, ours),
    }
}

/// RFC 6376 section 3.2 and RFC 7489 section 6.3: tags are case-sensitive, but people and
/// panels are not, and no other record begins so.
fn starts(text: &str, tag: &str) -> bool {
    text.trim_start()
        .get(..tag.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(tag))
}

/// The key in a DKIM record. White space inside the value is ignored (RFC 6376 section 3.2).
fn public_key(record: &str) -> Option<Vec<u8>> {
    let value = record.split(';').find_map(|tag| {
        tag.trim()
            .strip_prefix("p=")
            .or_else(|| tag.trim().strip_prefix("p ="))
    })?;
    let value: String = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(value).ok().filter(|key| !key.is_empty())
}

/// What the looks prove. What DNS could not tell proves nothing either way.
fn verified(records: &[Record]) -> Verified {
    let verdict = |kind| {
        records
            .iter()
            .find(|record| record.kind == kind)
            .and_then(|record| record.checked.as_ref())
            .map(|checked| checked.verdict)
    };
    let flag = |verdict| match verdict {
        Some(Verdict::Match) => Some(true),
        Some(Verdict::Mismatch | Verdict::Absent) => Some(false),
        Some(Verdict::Unsure) | None => None,
    };
    let both = |one, other| match (flag(verdict(one)), flag(verdict(other))) {
        (Some(true), Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, _) | (_, None) => None,
    };
    Verified {
        dkim: flag(verdict(RecordKind::Dkim)),
        ed25519: flag(verdict(RecordKind::DkimEd25519)),
        advanced: both(RecordKind::ReturnPath, RecordKind::Dmarc),
        mail_from: both(RecordKind::MailFromMx, RecordKind::MailFromSpf),
    }
}

#[cfg(test)]
mod tests;
