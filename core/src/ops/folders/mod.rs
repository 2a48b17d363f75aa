//! A person's folders and what lies in them.

pub mod filing;
pub mod marking;
pub mod naming;
pub mod reading;
pub mod seeking;

use crate::error::{Denied, Error, Missing, Result};
use crate::ids::FolderId;
use crate::model::folder::FolderStanding;
use crate::model::mailbox::Mailbox;
use crate::model::owner::Owner;
use crate::store::Read;

/// The owner's mailbox, still open.
pub(super) fn open(read: &Read<'_>, owner: &Owner) -> Result<Mailbox> {
    let mailbox = read.mailbox(owner.mailbox)?;
    let mailbox = mailbox.ok_or(Error::Missing(Missing::Mailbox))?;
    if mailbox.suspended_at.is_some() || mailbox.removed_at.is_some() {
        return Err(Error::Denied(Denied::Suspended));
    }
    Ok(mailbox)
}

/// A folder of the owner's.
fn folder(read: &Read<'_>, owner: &Owner, id: FolderId) -> Result<FolderStanding> {
    open(read, owner)?;
    read.folder(id)?
        .filter(|folder| folder.mailbox == owner.mailbox)
        .ok_or(Error::Missing(Missing::Folder))
}
