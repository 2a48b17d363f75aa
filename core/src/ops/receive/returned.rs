//! Mail that comes back to a return path: which recipient of which email it is about.

use uuid::Uuid;

use super::Home;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::limits::RETURN_PATH;
use crate::mime::links::LinkKey;
use crate::mime::report::ComplaintReport;
use crate::model::address::Address;
use crate::model::trace::AuthResult;
use crate::store::{Holder, Read};

/// What an address has to do with return paths.
pub(crate) enum Back {
    /// It is that of this recipient's mail.
    Of(Box<Holder>),
    /// It is at a host of return paths and is none that we made, or its email is gone or too
    /// old.
    Nobody,
    /// Nothing.
    Not,
}

/// What return paths are read with.
#[derive(Clone)]
pub(crate) struct Returns {
    key: LinkKey,
    bounce_host: String,
}

impl Posthouse {
    pub(crate) fn returns(&self) -> Returns {
        Returns {
            key: self.links.key.clone(),
            bounce_host: self.settings().bounce_host(),
        }
    }
}

impl Returns {
    /// Whether it may be a return path; its email may be gone.
    pub(crate) fn made(&self, address: &Address) -> bool {
        self.key.returned(address.local()).is_some()
    }

    /// Reads an address as a return path. Its tag is what counts; the host may have been
    /// given up by its domain meanwhile.
    pub(crate) fn back(&self, read: &Read<'_>, address: &Address, now: Timestamp) -> Result<Back> {
        if let Some(holder) = self.signed(read, address.local(), now)? {
            return Ok(Back::Of(Box::new(holder)));
        }
        let host = address.domain();
        let ours = host == self.bounce_host || read.is_return_host(host)?;
        // Somebody may have made it a domain of their own.
        Ok(match ours && read.receiving_domain(host)?.is_none() {
            true => Back::Nobody,
            false => Back::Not,
        })
    }

    fn signed(&self, read: &Read<'_>, local: &str, now: Timestamp) -> Result<Option<Holder>> {
        let Some(ticket) = self.key.returned(local) else {
            return Ok(None);
        };
        Ok(read
            .holder(ticket.email, ticket.recipient)?
            .filter(|holder| is_young(holder, now)))
    }

    /// Of whose mail somebody complains who wrote to `homes`, any addresses here: the
    /// envelope's sender inside is one that we signed. The Message-ID is enough where the
    /// complaint has a good signature, came to the organization whose mail it is, and names
    /// the recipient.
    pub(super) fn complained_of(
        &self,
        read: &Read<'_>,
        complaint: &ComplaintReport,
        (homes, dkim): (&[Home], AuthResult),
        now: Timestamp,
    ) -> Result<Option<Holder>> {
        let sender = complaint.original_mail_from.as_deref();
        let local = sender.and_then(|sender| Some(sender.rsplit_once('@')?.0));
        if let Some(local) = local
            && let Some(holder) = self.signed(read, local, now)?
        {
            return Ok(Some(holder));
        }
        let named = complaint.original_message_id.as_deref();
        let email = named.and_then(|id| Uuid::try_parse(id.split_once('@')?.0).ok());
        let (Some(email), AuthResult::Pass) = (email, dkim) else {
            return Ok(None);
        };
        let told = complaint.original_rcpt_to.iter();
        let told = told.chain(&complaint.original_to);
        for address in told.filter_map(|text| Address::parse(text).ok()) {
            for of in homes.iter().filter_map(|home| home.owner) {
                let found = read.holder_at(of, email, &address.key())?;
                if let Some(holder) = found.filter(|holder| is_young(holder, now)) {
                    return Ok(Some(holder));
                }
            }
        }
        Ok(None)
    }
}

fn is_young(holder: &Holder, now: Timestamp) -> bool {
    now.since(holder.accepted_at) <= RETURN_PATH
}
