//! Copies of the database, and whether it is sound.

use std::path::PathBuf;

use crate::engine::Posthouse;
use crate::error::{Denied, Error, Result, internal};
use crate::ids::OrganizationId;
use crate::model::key::Caller;

impl Posthouse {
    /// Whether this is the machine's own organization, the first: a copy has every organization
    /// in it, and what the operator set is the machine's, so that both are for it alone.
    ///
    /// # Errors
    /// `Denied::Scope` for any other.
    pub async fn machine_is_of(&self, caller: &Caller) -> Result<()> {
        caller.needs_operator()?;
        let first = self.organizations(OrganizationId(0), 1).await?;
        match first.first() {
            Some(first) if first.id == caller.organization() => Ok(()),
            Some(_) | None => Err(Error::Denied(Denied::Scope)),
        }
    }

    /// Copies the whole database to a new file while it is in use. The master key is not in
    /// it: without that file too, the copy's secrets cannot be read.
    ///
    /// # Errors
    /// As SQLite says.
    pub async fn backup(
        &self,
        target: PathBuf,
        progress: impl FnMut(u32, u32) + Send + 'static,
    ) -> Result<()> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.backup(&target, progress))
            .await
            .map_err(internal)?
    }

    /// Everything that is wrong with the database file; empty means sound. Reads all of it.
    ///
    /// # Errors
    /// As SQLite says.
    pub async fn check(&self) -> Result<Vec<String>> {
        self.store.read(|read| read.integrity()).await
    }

    /// Whether the database takes writes, by a small one.
    ///
    /// # Errors
    /// `Busy`.
    pub async fn ready(&self) -> Result<()> {
        let now = self.now();
        self.store.write(move |write| write.ask(now)).await
    }
}
