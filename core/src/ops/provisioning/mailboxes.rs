//! Mailboxes of people, one or a numbered row of them.

use std::collections::HashSet;

use super::kept;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Missing, Reason, Result};
use crate::limits::{LIST_ROWS, MAILBOX_MIB, NAME_CHARACTERS, PROVISIONED_AT_ONCE};
use crate::model::address::{Address, DomainName};
use crate::model::domain::Switch;
use crate::model::key::{Caller, Scope};
use crate::model::task::{Outcome, Task, TaskKind};
use crate::ops::domains::checked_host;
use crate::ops::mailboxes::{self, Checked};
use crate::password::Password;
use crate::store::{Given, NewTask, OpenTask, Unmade, Write};

/// An address as the longest that there may be, in bytes; what is longer is not kept to be
/// told of (RFC 5321 section 4.5.3.1.3).
const NAME_BYTES: usize = 254;
const MIB: u64 = 1024 * 1024;

/// Mailboxes that are asked for.
#[derive(Clone, Debug)]
pub struct NewMailboxes {
    /// The host of the domain.
    pub host: String,
    /// What stands before the `@`; or a whole address at that host.
    pub name: String,
    /// Whether that is one mailbox's, or the start of many.
    pub row: Row,
    /// What the person is called.
    pub display_name: Option<String>,
    /// What each may hold, in MiB.
    pub quota_mib: u64,
    /// What opens them; without one nothing does until one is set.
    pub password: Option<String>,
}

/// How many mailboxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// One, of this very name.
    One,
    /// So many, each with its number from 1 on behind the name.
    Numbered(u32),
}

/// A mailbox as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedMailbox {
    /// Its address.
    pub address: String,
    /// Whether it is there.
    pub progress: Progress,
    /// Whether a password opens it.
    pub password: Switch,
    /// What it may hold, in bytes; None: any amount.
    pub quota_bytes: Option<u64>,
    /// When it was made, or else asked for.
    pub created_at: Timestamp,
}

/// Whether a mailbox is there that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not yet.
    Pending,
    /// It is.
    Active,
    /// It could not be made.
    Failed,
}

impl Posthouse {
    /// Asks for mailboxes at one of the caller's domains. What is wrong with a single address
    /// is told by the task.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` host, address (absent, too long, or at another host), number
    /// of them (`Field::Limit`), quota (`Field::Quota`), name, or password; `Missing::Domain`.
    pub async fn provision_mailboxes(&self, caller: &Caller, new: NewMailboxes) -> Result<Task> {
        caller.needs(Scope::Mailboxes)?;
        let host = checked_host(&new.host)?;
        let base = local_part(&new.name, &host)?;
        let (kind, wanted) = match new.row {
            Row::One => (TaskKind::Mailbox, vec![format!("{base}@{host}")]),
            Row::Numbered(count) if (1..=PROVISIONED_AT_ONCE).contains(&count) => {
                let numbered = (1..=count).map(|number| format!("{base}{number}@{host}"));
                (TaskKind::Mailboxes, numbered.collect())
            }
            Row::Numbered(_) => return Err(Field::Limit.error(Reason::OutOfRange)),
        };
        let name = checked_display_name(new.display_name)?;
        if !(1..=MAILBOX_MIB).contains(&new.quota_mib) {
            return Err(Field::Quota.error(Reason::OutOfRange));
        }
        if let Some(password) = &new.password {
            Password::parse(password)?;
        }
        // Whose domain it is comes before the work that a password is.
        self.domain_to_provision(caller, &host).await?;
        let password_hash = match new.password {
            Some(password) => Some(self.hashed(&password).await?),
            None => None,
        };
        let given = Given {
            name,
            quota_bytes: Some(new.quota_mib * MIB),
            password_hash,
        };
        let (of, key) = (caller.organization(), caller.key().map(|key| key.id));
        let now = self.now();
        self.store
            .write(move |write| {
                let domain = write
                    .domain_of_host(of, &host)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                let task = NewTask {
                    organization: of,
                    key,
                    kind,
                    domain: domain.id,
                    host,
                    wanted,
                    given,
                };
                let id = write.add_task(&task, now)?;
                kept(write, of, id)
            })
            .await
    }

    async fn domain_to_provision(&self, caller: &Caller, host: &str) -> Result<()> {
        let (of, host) = (caller.organization(), host.to_owned());
        let found = self
            .store
            .look(move |read| read.domain_of_host(of, &host))
            .await?;
        found.map(drop).ok_or(Error::Missing(Missing::Domain))
    }

    /// The mailboxes of people at one of the caller's domains, those that are there first.
    ///
    /// # Errors
    /// `Denied::Scope`, `Invalid` host, `Missing::Domain`.
    pub async fn provisioned_mailboxes(
        &self,
        caller: &Caller,
        host: &str,
    ) -> Result<(String, Vec<ProvisionedMailbox>)> {
        caller.needs(Scope::Mailboxes)?;
        let (of, host) = (caller.organization(), checked_host(host)?);
        self.store
            .read(move |read| {
                let domain = read
                    .domain_of_host(of, &host)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                let made = read.mailboxes_of_people(domain.id, LIST_ROWS)?;
                let made = made.into_iter().map(|mailbox| ProvisionedMailbox {
                    address: mailbox.address,
                    progress: Progress::Active,
                    password: mailbox.password,
                    quota_bytes: mailbox.quota_bytes,
                    created_at: mailbox.created_at,
                });
                let all = with_unmade(made.collect(), read.unmade_mailboxes(domain.id, LIST_ROWS)?);
                Ok((domain.host, all))
            })
            .await
    }
}

/// Makes one mailbox of a task, unless its name is none or taken, or its domain is full or gone.
pub(crate) fn make(
    write: &Write<'_>,
    task: &OpenTask,
    wanted: &str,
    now: Timestamp,
) -> Result<Outcome> {
    let Some(domain) = write.domain(task.organization, task.domain)? else {
        return Ok(Outcome::Gone);
    };
    let Ok(address) = Address::parse(wanted) else {
        return Ok(Outcome::Malformed);
    };
    if address.domain() != domain.host {
        return Ok(Outcome::Gone);
    }
    let given = &task.given;
    let new = Checked {
        address,
        name: given.name.clone(),
        quota_bytes: given.quota_bytes,
        password_hash: given.password_hash.clone(),
    };
    match mailboxes::make(write, task.organization, &new, now) {
        Ok(_) => Ok(Outcome::Created),
        Err(Error::Conflict(Conflict::Taken) | Error::Denied(Denied::Owner)) => Ok(Outcome::Exists),
        Err(Error::Conflict(Conflict::Full)) => Ok(Outcome::Full),
        Err(error) => Err(error),
    }
}

/// Adds those that are not there: what was last asked of an address counts.
fn with_unmade(mut all: Vec<ProvisionedMailbox>, unmade: Vec<Unmade>) -> Vec<ProvisionedMailbox> {
    let mut known: HashSet<String> = all.iter().map(|one| one.address.clone()).collect();
    let there = all.len();
    for one in unmade.into_iter().rev() {
        if known.insert(one.address.clone()) {
            all.push(ProvisionedMailbox {
                address: one.address,
                progress: match one.outcome {
                    None => Progress::Pending,
                    Some(_) => Progress::Failed,
                },
                password: Switch::Off,
                quota_bytes: one.quota_bytes,
                created_at: one.created_at,
            });
        }
    }
    all[there..].reverse();
    all
}

/// What stands before the `@`, in lower case. Whether it can is for the task to say.
fn local_part(name: &str, host: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Field::Address.error(Reason::Absent));
    }
    if name.len() > NAME_BYTES {
        return Err(Field::Address.error(Reason::TooLong));
    }
    let local = match name.rsplit_once('@') {
        None => name,
        Some((local, at)) => {
            let same = DomainName::parse(at).is_ok_and(|at| at.as_str() == host);
            if !same {
                return Err(Field::Address.error(Reason::Forbidden));
            }
            local
        }
    };
    Ok(local.to_lowercase())
}

fn checked_display_name(name: Option<String>) -> Result<String> {
    let name = name.unwrap_or_default().trim().to_owned();
    if name.chars().count() > NAME_CHARACTERS {
        return Err(Field::Name.error(Reason::TooLong));
    }
    if name.chars().any(char::is_control) {
        return Err(Field::Name.error(Reason::Malformed));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_part_or_an_address_at_the_domain() {
        let wrong = |name: &str| match local_part(name, "d.test") {
            Err(Error::Invalid(problems)) => problems[0].reason,
            other => panic!("{other:?}"),
        };
        for (name, expected) in [
            ("john", "john"),
            (" John ", "john"),
            ("John@D.Test", "john"),
            // Of no mailbox; the task says so.
            ("a b", "a b"),
            ("@d.test", ""),
        ] {
            assert_eq!(local_part(name, "d.test").unwrap(), expected);
        }
        assert_eq!(wrong(" "), Reason::Absent);
        assert_eq!(wrong("john@e.test"), Reason::Forbidden);
        assert_eq!(wrong("john@"), Reason::Forbidden);
        assert_eq!(wrong(&"j".repeat(255)), Reason::TooLong);
    }

    #[test]
    fn what_is_there_hides_what_failed_and_the_last_asking_counts() {
        let made = |address: &str| ProvisionedMailbox {
            address: address.into(),
            progress: Progress::Active,
            password: Switch::Off,
            quota_bytes: None,
            created_at: Timestamp(1),
        };
        let unmade = |address: &str, outcome| Unmade {
            address: address.into(),
            outcome,
            quota_bytes: Some(5),
            created_at: Timestamp(2),
        };
        let all = with_unmade(
            vec![made("a@d"), made("b@d")],
            vec![
                unmade("c@d", Some(Outcome::Full)),
                unmade("b@d", Some(Outcome::Full)),
                unmade("d@d", None),
                unmade("c@d", None),
                unmade("e@d", Some(Outcome::Malformed)),
            ],
        );
        let told: Vec<_> = all
            .iter()
            .map(|one| (&*one.address, one.progress))
            .collect();
        let expected = [
            ("a@d", Progress::Active),
            ("b@d", Progress::Active),
            ("d@d", Progress::Pending),
            ("c@d", Progress::Pending),
            ("e@d", Progress::Failed),
        ];
        assert_eq!(told, expected);
    }
}
