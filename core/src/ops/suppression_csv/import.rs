//! A sheet of addresses, suppressed in steps: another import of the same sheet changes
//! nothing, and one that was cut off goes on where it is begun again.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read;

use super::sheet::{BadRow, End, Entry, RowFault, Rows, Sheet, Stop};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{DomainId, OrganizationId};
use crate::limits::{SHEET_FAULTS, SHEET_STEP};
use crate::model::key::Caller;
use crate::model::suppression::SuppressionReason;
use crate::store::{self, NewSuppression};

/// What holds for the rows that do not say themselves.
#[derive(Clone, Copy, Debug)]
pub struct ImportTerms {
    /// For which domain's mail; None is all of the organization's.
    pub domain: Option<DomainId>,
    /// Why.
    pub reason: SuppressionReason,
    /// Whether it is done.
    pub effect: Effect,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is.
    Written,
    /// It is only told what would be.
    Rehearsed,
}

/// What came of a sheet, or of as much of it as was read by now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows, without the head and empty lines.
    pub rows: u64,
    /// Addresses that are suppressed by it.
    pub added: u64,
    /// Rows with an address that was on the list already; it keeps its first reason.
    pub already: u64,
    /// Rows with a bounce of an address that bounces may not suppress.
    pub spared: u64,
    /// Rows that were left out because something is wrong with them.
    pub bad: u64,
    /// The first of those.
    pub faults: Vec<BadRow>,
    /// Why the rest was not read, if it was not.
    pub stopped: Option<Stop>,
}

impl Imported {
    fn leave_out(&mut self, bad: BadRow) {
        self.bad += 1;
        if self.faults.len() < SHEET_FAULTS {
            self.faults.push(bad);
        }
    }
}

/// What came of a row.
enum Settled {
    Added(Place),
    Already,
    Spared,
    Bad(BadRow),
}

/// An address on a list, as a number: a rehearsal has to know what it would have added.
#[derive(PartialEq, Eq, Hash)]
struct Place(u64);

impl Place {
    fn of(new: &NewSuppression) -> Self {
        let mut hasher = DefaultHasher::new();
        (&new.address, new.domain).hash(&mut hasher);
        Self(hasher.finish())
    }
}

impl Posthouse {
    /// Suppresses the addresses of a CSV sheet: columns address (or email), reason, domain,
    /// detail and created_at in any order, others ignored; without a head, the first column
    /// is the address. A bad row does not spoil the rest. `told` hears of each step.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`; `Busy` in the middle, with the steps before it
    /// done.
    pub async fn import_suppressions<R>(
        &self,
        caller: &Caller,
        from: R,
        terms: ImportTerms,
        mut told: impl FnMut(&Imported) + Send,
    ) -> Result<Imported>
    where
        R: Read + Send + 'static,
    {
        caller.needs_operator()?;
        let of = caller.organization();
        if let Some(domain) = terms.domain {
            self.store
                .read(move |read| read.domain(of, domain))
                .await?
                .ok_or(Error::Missing(Missing::Domain))?;
        }
        let mut sheet = blocking(move || Sheet::open(from))
            .await?
            .map_err(internal)?;
        let mut found = Imported::default();
        let mut placed = HashSet::new();
        loop {
            let now = self.now();
            let (back, rows) = blocking(move || {
                let rows = sheet.step(SHEET_STEP, now);
                (sheet, rows)
            })
            .await?;
            sheet = back;
            let Rows { good, bad, end } = rows;
            found.rows += (good.len() + bad.len()) as u64;
            bad.into_iter().for_each(|bad| found.leave_out(bad));
            for settled in self.settle_rows(of, good, terms, now).await? {
                match settled {
                    Settled::Added(place) => {
                        let again = terms.effect == Effect::Rehearsed && !placed.insert(place);
                        *(if again {
                            &mut found.already
                        } else {
                            &mut found.added
                        }) += 1;
                    }
                    Settled::Already => found.already += 1,
                    Settled::Spared => found.spared += 1,
                    Settled::Bad(bad) => found.leave_out(bad),
                }
            }
            told(&found);
            match end {
                End::NotYet => {}
                End::Reached => break,
                End::Stopped(stop) => {
                    found.stopped = Some(stop);
                    break;
                }
            }
        }
        found.faults.sort_by_key(|bad| bad.line);
        Ok(found)
    }

    /// One write, or look, for some rows.
    async fn settle_rows(
        &self,
        of: OrganizationId,
        rows: Vec<Entry>,
        terms: ImportTerms,
        now: Timestamp,
    ) -> Result<Vec<Settled>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        match terms.effect {
            Effect::Written => {
                self.store
                    .write(move |write| {
                        settle(write, of, rows, terms, |new, since| {
                            write.suppress(new, since.unwrap_or(now))
                        })
                    })
                    .await
            }
            Effect::Rehearsed => {
                self.store
                    .read(move |read| {
                        settle(read, of, rows, terms, |new, _| {
                            let on_it = read.is_on_list(of, new.domain, &new.address)?;
                            Ok(!on_it)
                        })
                    })
                    .await
            }
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(internal)
}

/// `add` says whether the address was not on the list.
fn settle(
    read: &store::Read<'_>,
    of: OrganizationId,
    rows: Vec<Entry>,
    terms: ImportTerms,
    add: impl Fn(&NewSuppression, Option<Timestamp>) -> Result<bool>,
) -> Result<Vec<Settled>> {
    let mut known: HashMap<String, Option<DomainId>> = HashMap::new();
    let mut settled = Vec::with_capacity(rows.len());
    for row in rows {
        let domain = match row.host {
            None => terms.domain,
            Some(host) => {
                let id = match known.get(&host) {
                    Some(id) => *id,
                    None => read.domain_of_host(of, &host)?.map(|domain| domain.id),
                };
                known.insert(host.clone(), id);
                if id.is_none() {
                    settled.push(Settled::Bad(BadRow {
                        line: row.line,
                        fault: RowFault::Domain(host),
                    }));
                    continue;
                }
                id
            }
        };
        let new = NewSuppression {
            organization: of,
            domain,
            address: row.address,
            reason: row.reason.unwrap_or(terms.reason),
            detail: row.detail,
            email: None,
        };
        let bounced = new.reason == SuppressionReason::Bounce;
        settled.push(if bounced && read.is_allowed(of, domain, &new.address)? {
            Settled::Spared
        } else if add(&new, row.since)? {
            Settled::Added(Place::of(&new))
        } else {
            Settled::Already
        });
    }
    Ok(settled)
}
