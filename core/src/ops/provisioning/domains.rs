//! Domains and domains below them.

use std::collections::HashSet;

use super::kept;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Busy, Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, OrganizationId};
use crate::limits::{PROVISIONED_AT_ONCE, SUB_DOMAINS_AT_ONCE, SUB_DOMAINS_GAP};
use crate::mime::keys::KeyPair;
use crate::model::address::DomainName;
use crate::model::domain::{Domain, DomainSort, RecordKind, Verdict};
use crate::model::key::{Caller, Scope};
use crate::model::page::{Direction, Page};
use crate::model::task::{Outcome, Task, TaskKind};
use crate::ops::domains::checked_host;
use crate::store::{Allotted, Given, NewDomain, NewTask, Read, Write};

/// A domain as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedDomain {
    /// The domain.
    pub domain: Domain,
    /// Whether something else stands where its DKIM record belongs.
    pub dkim: Option<Verdict>,
    /// Its mailboxes of people, and what they may hold.
    pub allotted: Allotted,
}

impl Posthouse {
    /// Makes a domain, as `create_domain` does, and a task that has come to its end. At most
    /// `mailbox_limit` mailboxes of people are made at it.
    ///
    /// # Errors
    /// As `create_domain`; `Invalid` limit that is not from 1 to 100.
    pub async fn provision_domain(
        &self,
        caller: &Caller,
        host: &str,
        mailbox_limit: Option<u32>,
    ) -> Result<Task> {
        caller.needs(Scope::Domains)?;
        let host = checked_host(host)?;
        if mailbox_limit.is_some_and(|most| !(1..=PROVISIONED_AT_ONCE).contains(&most)) {
            return Err(Field::Limit.error(Reason::OutOfRange));
        }
        // Keys take their time: that the host is taken is told before.
        let asked = host.clone();
        let holder = self
            .store
            .look(move |read| read.receiving_domain(&asked))
            .await?;
        if holder.is_some() {
            return Err(Field::Host.error(Reason::Taken));
        }
        let rsa = self.new_rsa().await?;
        let new = NewDomain {
            mailbox_limit,
            ..self.new_domain(host, None, None, &rsa)?
        };
        let (of, key) = (caller.organization(), caller.key().map(|key| key.id));
        let now = self.now();
        self.store
            .write(move |write| {
                let domain = write
                    .add_domain(of, &new, now)?
                    .ok_or_else(|| Field::Host.error(Reason::Taken))?;
                let task = NewTask {
                    organization: of,
                    key,
                    kind: TaskKind::Domain,
                    domain,
                    wanted: vec![new.host.clone()],
                    host: new.host,
                    given: Given::default(),
                };
                let id = write.add_task(&task, now)?;
                write.settle_item((id, TaskKind::Domain), 0, Outcome::Created, now)?;
                kept(write, of, id)
            })
            .await
    }

    /// Asks for the domains that these labels stand for below one of the caller's. A key does
    /// so once an hour for a domain; asking in vain does not count.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` host; `Invalid` name: absent, malformed (with the label), too
    /// many; `Missing::Domain`; `Busy::Rate`.
    pub async fn provision_sub_domains(
        &self,
        caller: &Caller,
        host: &str,
        labels: &[String],
    ) -> Result<Task> {
        caller.needs(Scope::Domains)?;
        let host = checked_host(host)?;
        let wanted = below_all(labels, &host)?;
        let (of, key) = (caller.organization(), caller.key().map(|key| key.id));
        let now = self.now();
        self.store
            .write(move |write| {
                let parent = write
                    .domain_of_host(of, &host)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                if wanted.len() > SUB_DOMAINS_AT_ONCE {
                    return Err(Field::Name.error(Reason::TooMany));
                }
                if let Some(key) = key {
                    let last = write.last_asked(key, parent.id, TaskKind::SubDomains)?;
                    waited(last, now)?;
                }
                let task = NewTask {
                    organization: of,
                    key,
                    kind: TaskKind::SubDomains,
                    domain: parent.id,
                    host,
                    wanted,
                    given: Given::default(),
                };
                let id = write.add_task(&task, now)?;
                kept(write, of, id)
            })
            .await
    }

    /// The caller's domains, oldest first.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn provisioned_domains(&self, caller: &Caller) -> Result<Vec<ProvisionedDomain>> {
        caller.needs(Scope::DomainsRead)?;
        let of = caller.organization();
        self.store.read(move |read| listed(read, of)).await
    }

    /// A domain below another, with its keys: not yet kept.
    pub(crate) async fn sub_domain(&self, host: String) -> Result<NewDomain> {
        let rsa: KeyPair = self.new_rsa().await?;
        self.new_domain(host, None, None, &rsa)
    }
}

fn listed(read: &Read<'_>, of: OrganizationId) -> Result<Vec<ProvisionedDomain>> {
    let by = DomainSort::CreatedAt;
    let domains = read.domains(of, Page::WHOLE, by, Direction::Ascending)?;
    let one = |domain: Domain| {
        let looks = read.domain_looks(domain.id)?;
        let dkim = looks
            .into_iter()
            .find(|(kind, _)| *kind == RecordKind::Dkim);
        Ok(ProvisionedDomain {
            dkim: dkim.map(|(_, checked)| checked.verdict),
            allotted: read.allotted(domain.id)?,
            domain,
        })
    };
    domains.into_iter().map(one).collect()
}

/// Makes a domain below another, unless its host is taken, or that was removed.
pub(crate) fn make_sub_domain(
    write: &Write<'_>,
    (of, parent): (OrganizationId, DomainId),
    new: &NewDomain,
    now: Timestamp,
) -> Result<Outcome> {
    if write.domain(of, parent)?.is_none() {
        return Ok(Outcome::Gone);
    }
    Ok(match write.add_domain(of, new, now)? {
        Some(_) => Outcome::Created,
        None => Outcome::Exists,
    })
}

/// Refuses until the gap after `last` is over.
fn waited(last: Option<Timestamp>, now: Timestamp) -> Result<()> {
    let Some(last) = last else {
        return Ok(());
    };
    // A clock that was set back makes nobody wait for longer than that.
    let wait = SUB_DOMAINS_GAP.saturating_sub(now.since(last));
    if wait.is_zero() {
        return Ok(());
    }
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    Err(Error::Busy(Busy::Rate { wait_ms }))
}

/// The hosts that labels stand for below `host`, each once.
fn below_all(labels: &[String], host: &str) -> Result<Vec<String>> {
    if labels.is_empty() {
        return Err(Field::Name.error(Reason::Absent));
    }
    let mut known = HashSet::new();
    let mut hosts = Vec::new();
    for label in labels {
        let below = is_label(label)
            .then(|| DomainName::parse(&format!("{label}.{host}")).ok())
            .flatten()
            .ok_or_else(|| {
                Error::Invalid(vec![Field::Name.problem(Reason::Malformed).of(label)])
            })?;
        let below = below.as_str().to_owned();
        if known.insert(below.clone()) {
            hosts.push(below);
        }
    }
    Ok(hosts)
}

/// A label as hosts have them (RFC 1123 section 2.1).
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn labels_are_letters_digits_and_hyphens() {
        let long = "a".repeat(63);
        for (label, fine) in [
            ("mail", true),
            ("Mail-2", true),
            ("7", true),
            (long.as_str(), true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("a.b", false),
            ("a_b", false),
            ("ü", false),
            (" a", false),
            (&format!("{long}a"), false),
        ] {
            assert_eq!(is_label(label), fine, "{label}");
        }
    }

    #[test]
    fn each_host_comes_once_in_lower_case() {
        let labels = ["b", "A", "a", "B"].map(str::to_owned);
        assert_eq!(
            below_all(&labels, "d.test").unwrap(),
            ["b.d.test", "a.d.test"]
        );
        let wrong = below_all(&["a".into(), "no.no".into()], "d.test");
        let expected = vec![Field::Name.problem(Reason::Malformed).of("no.no")];
        assert!(matches!(wrong, Err(Error::Invalid(problems)) if problems == expected));
        // Too long a host in all.
        let host = [
            "a".repeat(60),
            "b".repeat(60),
            "c".repeat(60),
            "d".repeat(60),
        ]
        .join(".");
        assert!(below_all(&["e".repeat(60)], &host).is_err());
    }

    #[test]
    fn the_gap_is_an_hour_to_the_millisecond() {
        let last = Timestamp(1_000_000);
        let wait = |after: Duration| match waited(Some(last), last.plus(after)) {
            Ok(()) => 0,
            Err(Error::Busy(Busy::Rate { wait_ms })) => wait_ms,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(wait(Duration::ZERO), 3_600_000);
        assert_eq!(wait(Duration::from_millis(3_599_999)), 1);
        assert_eq!(wait(SUB_DOMAINS_GAP), 0);
        assert!(waited(None, last).is_ok());
        assert!(waited(Some(last), last.minus(Duration::from_secs(9))).is_err());
    }
}
