//! Bounces and complaints that a caller reports, and the list of all that are known.

use super::suppressions::checked_address;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::{BounceId, DomainId};
use crate::limits::PAGE_ROWS;
use crate::model::bounce::{Bounce, BounceKind, BounceSource};
use crate::model::key::{Caller, Scope};
use crate::model::suppression::SuppressionReason;
use crate::store::{NewBounce, NewSuppression, Write};

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
                let new = NewBounce {
                    organization: of,
                    address: address.clone(),
                    kind: report.kind,
                    subtype: report.subtype,
                    diagnostic: report.diagnostic,
                    source: BounceSource::Api,
                    email: None,
                };
                let id = write.add_bounce(&new, now)?;
                suppress_for(write, &new, None, now)?;
                Ok(id)
            })
            .await
    }
}

/// Suppresses the address of a bounce that was written down, where it calls for that, on the
/// list of `domain` or of the whole organization.
pub(crate) fn suppress_for(
    write: &Write<'_>,
    bounce: &NewBounce,
    domain: Option<DomainId>,
    now: Timestamp,
) -> Result<()> {
    let (of, address) = (bounce.organization, &bounce.address);
    let reason = match bounce.kind {
        BounceKind::Complaint => SuppressionReason::Complaint,
        BounceKind::Hard => SuppressionReason::Bounce,
        BounceKind::Soft if write.soft_bounces(of, address)? >= SOFT_BOUNCES => {
            SuppressionReason::Bounce
        }
        BounceKind::Soft => return Ok(()),
    };
    if reason == SuppressionReason::Bounce && write.is_allowed(of, domain, address)? {
        return Ok(());
    }
    let new = NewSuppression {
        organization: of,
        domain,
        address: address.clone(),
        reason,
        detail: bounce.diagnostic.clone(),
        email: bounce.email,
    };
    write.suppress(&new, now)?;
    Ok(())
}
