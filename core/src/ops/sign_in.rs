//! A person opens their mailbox with its password.

use std::net::IpAddr;

use crate::engine::Posthouse;
use crate::error::{Busy, Denied, Error, Result, Unknown};
use crate::model::address::Address;
use crate::model::mailbox::{Mailbox, MailboxKind};
use crate::model::owner::Owner;
use crate::password::Wrong;

impl Posthouse {
    /// The owner of the mailbox `name`, its address in any case of letters, who shows its
    /// password from `remote`. Wrong ones are counted, by mailbox and by where they came from;
    /// an answer takes as long where there is no such mailbox.
    ///
    /// # Errors
    /// `Unknown::Wrong`; `Denied::Suspended` where the password is right; `Busy::Rate` where
    /// too many were wrong.
    pub async fn sign_in(&self, name: &str, password: &str, remote: IpAddr) -> Result<Owner> {
        let now = self.now();
        let from = Wrong::from(remote);
        let limited = |wait_ms| Error::Busy(Busy::Rate { wait_ms });
        self.passwords.may_be(from, now).map_err(limited)?;
        let found = match Address::parse(name.trim()) {
            Ok(address) => {
                let key = address.key();
                self.store
                    .look(move |read| match read.mailbox_asked_for(&key)? {
                        Some(mailbox) => {
                            let hash = read.password_hash(mailbox.id)?;
                            Ok(Some((mailbox, hash)))
                        }
                        None => Ok(None),
                    })
                    .await?
            }
            Err(_) => None,
        };
        let (mailbox, hash) = match found {
            Some((mailbox, hash)) if mailbox.removed_at.is_none() => (Some(mailbox), hash),
            Some(_) | None => (None, None),
        };
        if let Some(mailbox) = &mailbox {
            let of = Wrong::Of(mailbox.id);
            self.passwords.may_be(of, now).map_err(limited)?;
        }
        let right = self.passwords.matches(password, hash).await?;
        match (mailbox, right) {
            (Some(mailbox), true) => owner(&mailbox),
            (mailbox, _) => {
                self.passwords.was(from, now);
                if let Some(mailbox) = mailbox {
                    self.passwords.was(Wrong::Of(mailbox.id), now);
                }
                Err(Error::Unknown(Unknown::Wrong))
            }
        }
    }
}

/// Who owns a mailbox that can be opened.
pub(super) fn owner(mailbox: &Mailbox) -> Result<Owner> {
    let (Some(organization), MailboxKind::Full) = (mailbox.owner, mailbox.kind) else {
        return Err(Error::Unknown(Unknown::Wrong));
    };
    if mailbox.suspended_at.is_some() || mailbox.removed_at.is_some() {
        return Err(Error::Denied(Denied::Suspended));
    }
    Ok(Owner {
        mailbox: mailbox.id,
        organization,
        domain: mailbox.domain,
        address: mailbox.address.clone(),
    })
}
