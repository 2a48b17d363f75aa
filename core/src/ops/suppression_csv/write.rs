//! A suppression list as a sheet, a page at a time.

use std::collections::HashMap;

use csv::WriterBuilder;

use super::{COLUMNS, guarded};
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{DomainId, SuppressionId};
use crate::limits::SHEET_STEP;
use crate::model::key::Caller;
use crate::model::suppression::Suppression;
use crate::store::Read;

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvPage {
    /// UTF-8 with CRLF at the end of each line; the first page begins with the head.
    pub text: Vec<u8>,
    /// How many addresses.
    pub rows: u64,
    /// Where the next page begins; None when this is the last.
    pub next: Option<SuppressionId>,
}

impl Posthouse {
    /// The caller's suppressions after `after` as CSV: all, or one domain's. A cell that a
    /// spreadsheet would take for a formula has a quote before it, which an import takes
    /// away again.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn suppressions_csv(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        after: SuppressionId,
    ) -> Result<CsvPage> {
        caller.needs_operator()?;
        let of = caller.organization();
        let most = u32::try_from(SHEET_STEP).unwrap_or(u32::MAX);
        let (rows, hosts) = self
            .store
            .read(move |read| {
                if let Some(domain) = domain {
                    read.domain(of, domain)?
                        .ok_or(Error::Missing(Missing::Domain))?;
                }
                let rows = read.suppressions(of, domain, after, most)?;
                let hosts = hosts(read, &rows)?;
                Ok((rows, hosts))
            })
            .await?;
        let last = rows.last().map(|row| row.id);
        Ok(CsvPage {
            text: sheet(&rows, &hosts, after).map_err(internal)?,
            rows: rows.len() as u64,
            next: last.filter(|_| rows.len() == SHEET_STEP),
        })
    }
}

/// The hosts of the domains whose lists the rows are on, also of one that was removed since.
fn hosts(read: &Read<'_>, rows: &[Suppression]) -> Result<HashMap<DomainId, String>> {
    let mut hosts = HashMap::new();
    for row in rows {
        if let Some(id) = row.domain
            && !hosts.contains_key(&id)
            && let Some(domain) = read.domain_of_mail(row.organization, id)?
        {
            hosts.insert(id, domain.host);
        }
    }
    Ok(hosts)
}

/// The rows after `after`, with a head where that is the beginning.
pub(super) fn sheet(
    rows: &[Suppression],
    hosts: &HashMap<DomainId, String>,
    after: SuppressionId,
) -> csv::Result<Vec<u8>> {
    let mut to = WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if after == SuppressionId(0) {
        to.write_record(COLUMNS)?;
    }
    for row in rows {
        let host = row.domain.and_then(|id| hosts.get(&id));
        to.write_record([
            guarded(&row.address),
            row.reason.as_str().to_owned(),
            host.map_or_else(String::new, |host| guarded(host)),
            row.detail.as_deref().map_or_else(String::new, guarded),
            row.created_at.rfc3339_millis(),
        ])?;
    }
    to.into_inner().map_err(|error| error.into_error().into())
}
