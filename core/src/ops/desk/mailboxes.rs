//! Mailboxes, a page at a time.

use super::Part;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::MailboxId;
use crate::limits::PAGE_ROWS;
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::{Mailbox, MailboxKind};

/// Which mailboxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedMailboxes {
    /// Only of this kind.
    pub kind: Option<MailboxKind>,
    /// Only with this in address or name.
    pub text: Option<String>,
    /// Only those behind this address.
    pub after: Option<String>,
}

impl Posthouse {
    /// The address of one of the caller's mailboxes.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mailbox_address(&self, caller: &Caller, id: MailboxId) -> Result<Option<String>> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let found = self.store.look(move |read| read.mailbox(id)).await?;
        let own = found.filter(|mailbox| mailbox.owner == Some(of));
        Ok(own.map(|mailbox| mailbox.address))
    }

    /// The mailboxes of the caller's organization, by address.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mailboxes_wanted(
        &self,
        caller: &Caller,
        wanted: WantedMailboxes,
        rows: u32,
    ) -> Result<Part<Mailbox, String>> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let rows = rows.clamp(1, PAGE_ROWS);
        let text = wanted.text.map(|text| text.trim().to_lowercase());
        let mut found = self
            .store
            .read(move |read| {
                let after = wanted.after.as_deref().unwrap_or_default();
                read.mailboxes_page(of, (wanted.kind, text.as_deref()), after, rows + 1)
            })
            .await?;
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|one| one.address.clone());
        Ok(Part { rows: found, next })
    }
}
