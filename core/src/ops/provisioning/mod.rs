//! Domains and mailboxes that are asked for now and made in the background, for callers who
//! poll.

pub mod domains;
pub mod mailboxes;

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::{OrganizationId, TaskId};
use crate::model::key::{Caller, Scope};
use crate::model::task::Task;
use crate::store::Read;

impl Posthouse {
    /// A task of the caller's own key; the operator sees all of the organization. It is
    /// forgotten a month after its end.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Task`.
    pub async fn task(&self, caller: &Caller, id: TaskId) -> Result<Task> {
        caller.needs_any(&[Scope::Domains, Scope::Mailboxes])?;
        let (of, key) = (caller.organization(), caller.key().map(|key| key.id));
        self.store
            .read(move |read| read.task(of, key, id)?.ok_or(Error::Missing(Missing::Task)))
            .await
    }
}

/// A task that was just kept.
fn kept(read: &Read<'_>, of: OrganizationId, id: TaskId) -> Result<Task> {
    read.task(of, None, id)?
        .ok_or(Error::Missing(Missing::Task))
}
