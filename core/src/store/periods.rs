//! Table `period`: what an organization sent each month.

use rusqlite::named_params;

use super::{Read, Write, row};
use crate::error::Result;
use crate::ids::OrganizationId;
use crate::model::usage::Month;

impl Read<'_> {
    /// How many recipients an organization's mail had in a month.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sent_in(&self, of: OrganizationId, month: Month) -> Result<u64> {
        let found = self.find(
            "SELECT sent FROM period WHERE organization_id = :of AND month = :month",
            named_params! {":of": of.0, ":month": month.0},
            |found| row::count(found, "sent"),
        )?;
        Ok(found.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Counts `more` recipients in a month.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn count_sent(&self, of: OrganizationId, month: Month, more: u32) -> Result<()> {
        self.execute(
            "INSERT INTO period (organization_id, month, sent) VALUES (:of, :month, :more)
             ON CONFLICT (organization_id, month) DO UPDATE SET sent = sent + excluded.sent",
            named_params! {":of": of.0, ":month": month.0, ":more": more},
        )?;
        Ok(())
    }
}
