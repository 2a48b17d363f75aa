//! Bounces and complaints that a caller reports, and the list of all that are known.

use super::suppressions::checked_address;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::BounceId;
use crate::limits::PAGE_ROWS;
use crate::model::bounce::{Bounce, BounceKind, BounceSource};
use crate::model::key::{Caller, Scope};
use crate::model::suppression::SuppressionReason;
use crate::store::{NewBounce, NewSuppression};

/// So many soft bounces of an address suppress it.
const SOFT_BOUNCES: u64 = 3;

/// A bounce that a caller reports.
#[derive(Clone, Debug)]
pub struct Report {
    /// The recipient.
    pub address: String,
    /// What kind.
    pub kind: BounceKind,
    /// A finer word.
    pub subtype: Option<String>,
    /// What was said.
    pub diagnostic: Option<String>,
}

impl Posthouse {
    /// A page of the caller's bounces, newest first, and how many there are in all.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn bounces(
        &self,
        caller: &Caller,
        skip: u32,
        rows: u32,
    ) -> Result<(Vec<Bounce>, u64)> {
        caller.needs(Scope::Suppressions)?;
        let of = caller.organization();
        let rows = rows.min(PAGE_ROWS);
        self.store
            .read(move |read| Ok((read.bounces(of, skip, rows)?, read.bounce_count(of)?)))
            .await
    }

    /// Takes a report of a bounce. A hard one and a complaint suppress the address for the
    /// whole organization at once, soft ones the third time.
    ///
    /// # Errors
    /// `Denied::Scope`, `Invalid` address.
    pub async fn report_bounce(&self, caller: &Caller, report: Report) -> Result<BounceId> {
        caller.needs(Scope::Suppressions)?;
        let of = caller.organization();
        let address = checked_address(&report.address)?;
        let now = self.now();
        self.store
            .write(move |write| {
                let id = write.add_bounce(
                    &NewBounce {
                        organization: of,
                        address: address.clone(),
                        kind: report.kind,
                        subtype: report.subtype,
                        diagnostic: report.diagnostic.clone(),
                        source: BounceSource::Api,
                        email: None,
                    },
                    now,
                )?;
                let reason = match report.kind {
                    BounceKind::Complaint => Some(SuppressionReason::Complaint),
                    BounceKind::Hard => Some(SuppressionReason::Bounce),
                    BounceKind::Soft if write.soft_bounces(of, &address)? >= SOFT_BOUNCES => {
                        Some(SuppressionReason::Bounce)
                    }
                    BounceKind::Soft => None,
                };
                let Some(reason) = reason else { return Ok(id) };
                let bounced = reason == SuppressionReason::Bounce;
                if bounced && write.is_allowed(of, None, &address)? {
                    return Ok(id);
                }
                write.suppress(
                    &NewSuppression {
                        organization: of,
                        domain: None,
                        address,
                        reason,
                        detail: report.diagnostic,
                        email: None,
                    },
                    now,
                )?;
                Ok(id)
            })
            .await
    }
}
