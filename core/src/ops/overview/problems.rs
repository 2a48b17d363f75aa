//! What somebody has to look after.

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::WebhookId;
use crate::limits::{LONG_WAIT, PROBLEMS_OF_A_KIND};
use crate::model::domain::{Need, Record, Switch, Verdict};
use crate::model::key::{Caller, Mode, Scope};
use crate::model::organization::{Direct, Standing};
use crate::model::webhook::Activity;
use crate::ops::records::{Verification, with_records};
use crate::store::Queue;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The organization may not send.
    Standing,
    /// A key's mail is meant to leave, and there is no way out.
    NoRoute,
    /// Of so many recipients nobody knows whether their mail was sent.
    Unknown(u64),
    /// Mail to so many recipients waits for a person.
    Held(u64),
    /// Mail has been waiting for longer than [`LONG_WAIT`], since then.
    Waiting(Timestamp),
    /// So many records of a domain are not as they should be.
    Records {
        /// The domain.
        host: String,
        /// How many.
        amiss: u32,
        /// Whether it may send all the same.
        sending: Switch,
    },
    /// A webhook was switched off by what it answered.
    WebhookOff {
        /// Which one.
        id: WebhookId,
        /// Where it goes, without credentials.
        url: String,
        /// What it answered.
        because: String,
    },
    /// A mailbox has little room left.
    MailboxFull {
        /// Its address.
        address: String,
        /// What it holds, in bytes.
        used_bytes: u64,
        /// What it may hold, in bytes.
        quota_bytes: u64,
    },
}

/// How bad a problem is: the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Mail cannot go on, or nobody knows where it is.
    Error,
    /// Somebody should look.
    Warning,
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Standing | Self::NoRoute | Self::Unknown(_) => Severity::Error,
            Self::Records { sending, .. } => match sending {
                Switch::On => Severity::Warning,
                Switch::Off => Severity::Error,
            },
            Self::Held(_)
            | Self::Waiting(_)
            | Self::WebhookOff { .. }
            | Self::MailboxFull { .. } => Severity::Warning,
        }
    }
}

/// How many records are not as they should be. Those for receiving do not count where nothing
/// is there: perhaps nothing is to be received.
#[must_use]
pub fn amiss(records: &[Record]) -> u32 {
    let verdict = |record: &Record| record.checked.as_ref().map(|checked| checked.verdict);
    let wrong = records.iter().filter(|record| match record.need {
        Need::Required | Need::Recommended => verdict(record) != Some(Verdict::Match),
        Need::Receiving => verdict(record) == Some(Verdict::Mismatch),
    });
    u32::try_from(wrong.count()).unwrap_or(u32::MAX)
}

fn of_queue(queue: &Queue, now: Timestamp) -> Vec<Problem> {
    let held = queue.held.saturating_sub(queue.unknown);
    let long = queue.oldest_at.filter(|at| *at < now.minus(LONG_WAIT));
    let unknown = (queue.unknown > 0).then_some(Problem::Unknown(queue.unknown));
    let held = (held > 0).then_some(Problem::Held(held));
    let waiting = long.filter(|_| queue.waiting > 0).map(Problem::Waiting);
    [unknown, held, waiting].into_iter().flatten().collect()
}

fn of_domain(looked: Verification) -> Option<Problem> {
    let Verification { domain, records } = looked;
    let amiss = amiss(&records);
    let asked = records.iter().any(|record| record.checked.is_some());
    (amiss > 0 && asked).then(|| Problem::Records {
        sending: match domain.is_verified() {
            true => Switch::On,
            false => Switch::Off,
        },
        host: domain.host,
        amiss,
    })
}

impl Posthouse {
    /// What is not as it should be in the caller's organization, the worst first; of domains
    /// and mailboxes up to [`PROBLEMS_OF_A_KIND`] each.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn problems(&self, caller: &Caller) -> Result<Vec<Problem>> {
        caller.needs_operator()?;
        let (of, now, hosts) = (caller.organization(), self.now(), self.hosts());
        let webhooks = self.webhooks(caller, None).await?;
        let mut all = self
            .store
            .read(move |read| {
                let organization = read
                    .organization(of)?
                    .ok_or(Error::Missing(Missing::Organization))?;
                let mut all = Vec::new();
                if organization.standing != Standing::Active {
                    all.push(Problem::Standing);
                }
                let leaving = read.keys(of, None, None)?.into_iter().any(|key| {
                    key.may(Scope::Send) && matches!(key.mode, Mode::AllowList | Mode::Live)
                });
                let stuck = organization.direct == Direct::Off && read.relays(of)?.is_empty();
                if leaving && stuck {
                    all.push(Problem::NoRoute);
                }
                all.extend(of_queue(&read.queue(of)?, now));
                for domain in read.domains_amiss(of, PROBLEMS_OF_A_KIND)? {
                    all.extend(of_domain(with_records(read, domain, &hosts)?));
                }
                let full = read.mailboxes_nearly_full(of, PROBLEMS_OF_A_KIND)?;
                all.extend(full.into_iter().map(|mailbox| Problem::MailboxFull {
                    address: mailbox.address,
                    used_bytes: mailbox.bytes,
                    quota_bytes: mailbox.quota_bytes.unwrap_or_default(),
                }));
                Ok(all)
            })
            .await?;
        let off = webhooks
            .into_iter()
            .filter(|one| one.activity == Activity::Off);
        all.extend(off.filter_map(|webhook| {
            Some(Problem::WebhookOff {
                because: webhook.stopped_because?,
                id: webhook.id,
                url: webhook.url_shown,
            })
        }));
        all.sort_by_key(Problem::severity);
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::domain::{Checked, RecordKind};

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn queue(waiting: u64, oldest_at: Option<Timestamp>, held: u64, unknown: u64) -> Queue {
        Queue {
            waiting,
            held,
            unknown,
            oldest_at,
        }
    }

    #[test]
    fn what_waits_is_told_after_an_hour_and_what_is_held_at_once() {
        let hour = NOW.minus(LONG_WAIT);
        assert_eq!(of_queue(&queue(5, Some(hour), 0, 0), NOW), []);
        let older = Timestamp(hour.0 - 1);
        let long = of_queue(&queue(5, Some(older), 0, 0), NOW);
        assert_eq!(long, [Problem::Waiting(older)]);
        let all = of_queue(&queue(1, Some(older), 3, 1), NOW);
        let expected = [
            Problem::Unknown(1),
            Problem::Held(2),
            Problem::Waiting(older),
        ];
        assert_eq!(all, expected);
        assert_eq!(of_queue(&queue(0, None, 2, 2), NOW), [Problem::Unknown(2)]);
    }

    fn record(need: Need, verdict: Option<Verdict>) -> Record {
        Record {
            kind: RecordKind::Dkim,
            record_type: "TXT",
            name: String::from("x.acme.test"),
            expected: String::from("v"),
            need,
            checked: verdict.map(|verdict| Checked {
                verdict,
                found: Vec::new(),
                at: NOW,
            }),
        }
    }

    #[test]
    fn a_record_is_amiss_unless_it_is_there_or_not_meant_to_be() {
        for (need, verdict, expected) in [
            (Need::Required, None, 1),
            (Need::Required, Some(Verdict::Match), 0),
            (Need::Required, Some(Verdict::Unsure), 1),
            (Need::Recommended, Some(Verdict::Absent), 1),
            (Need::Receiving, None, 0),
            (Need::Receiving, Some(Verdict::Absent), 0),
            (Need::Receiving, Some(Verdict::Mismatch), 1),
        ] {
            assert_eq!(
                amiss(&[record(need, verdict)]),
                expected,
                "{need} {verdict:?}"
            );
        }
    }

    #[test]
    fn the_worst_is_what_stops_mail() {
        let records = |sending| Problem::Records {
            host: String::new(),
            amiss: 1,
            sending,
        };
        assert_eq!(records(Switch::Off).severity(), Severity::Error);
        assert_eq!(records(Switch::On).severity(), Severity::Warning);
        assert!(Severity::Error < Severity::Warning);
    }
}
