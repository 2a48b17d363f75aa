//! How long and how much mail is kept, and the space that it leaves behind.

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::model::keep::{Keep, KeepChange};
use crate::model::key::Caller;
use crate::model::mailbox::Mailbox;
use crate::store::Space;

impl Posthouse {
    /// A mailbox of the caller's organization, and what it keeps, where nothing is said of it
    /// as the organization's mailboxes do.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`.
    pub async fn mailbox_keep(&self, caller: &Caller, address: &str) -> Result<(Mailbox, Keep)> {
        self.set_mailbox_keep(caller, address, KeepChange::default())
            .await
    }

    /// Changes what a mailbox keeps; what is past that goes with the next round of the
    /// background work.
    ///
    /// # Errors
    /// As `mailbox_keep`.
    pub async fn set_mailbox_keep(
        &self,
        caller: &Caller,
        address: &str,
        change: KeepChange,
    ) -> Result<(Mailbox, Keep)> {
        caller.needs_operator()?;
        let of = caller.organization();
        let address = address.trim().to_lowercase();
        self.store
            .write(move |write| {
                let mut mailbox = write
                    .mailbox_of(Some(of), &address)?
                    .ok_or(Error::Missing(Missing::Mailbox))?;
                let organization = write
                    .organization(of)?
                    .ok_or(Error::Missing(Missing::Organization))?;
                let keep = change.of(mailbox.keep);
                if keep != mailbox.keep {
                    write.set_mailbox_keep(mailbox.id, keep)?;
                    mailbox.keep = keep;
                }
                Ok((mailbox, keep.or(organization.keep)))
            })
            .await
    }

    /// Writes the whole database anew without its empty space: how it was filled, and how it
    /// is. Nothing else can be written meanwhile.
    ///
    /// # Errors
    /// `Busy::Storage` when somebody else writes, or the disk is full.
    pub async fn compact(&self) -> Result<(Space, Space)> {
        let before = self.store.look(|read| read.space()).await?;
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.compact())
            .await
            .map_err(internal)??;
        let after = self.store.look(|read| read.space()).await?;
        Ok((before, after))
    }
}
