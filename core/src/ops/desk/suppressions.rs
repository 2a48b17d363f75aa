//! Suppressions that hold a text, a page at a time.

use super::Part;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::{DomainId, SuppressionId};
use crate::limits::PAGE_ROWS;
use crate::model::key::Caller;
use crate::model::suppression::Suppression;

impl Posthouse {
    /// The caller's suppressions, newest first, with `text` in their address: all, or one
    /// domain's.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn suppressions_holding(
        &self,
        caller: &Caller,
        (domain, text): (Option<DomainId>, Option<String>),
        before: Option<SuppressionId>,
        rows: u32,
    ) -> Result<Part<Suppression, SuppressionId>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let rows = rows.clamp(1, PAGE_ROWS);
        let text = text.map(|text| text.trim().to_lowercase());
        let mut found = self
            .store
            .read(move |read| {
                if let Some(id) = domain {
                    read.domain(of, id)?
                        .ok_or(Error::Missing(Missing::Domain))?;
                }
                read.suppressions_before(of, (domain, text.as_deref()), before, rows + 1)
            })
            .await?;
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|one| one.id);
        Ok(Part { rows: found, next })
    }
}
