//! Whose an address is, and which mailboxes a reader finds behind it.

use crate::error::{Denied, Error, Field, Reason, Result, Unknown};
use crate::ids::{DomainId, OrganizationId};
use crate::model::address::Address;
use crate::model::key::STRANGERS;
use crate::model::mailbox::Mailbox;
use crate::ops::receive::folded;
use crate::store::Read;

/// Whose an address is, as its reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The reader's: asked for, at a domain of theirs, or with mail that they captured.
    Ours,
    /// Nobody's, at a public host.
    Nobodys,
    /// Another's.
    Theirs,
    /// Its host is not ours, and nothing was captured there.
    NotHere,
}

/// An address as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Lower case; without what stands behind `+`, unless it was asked for with that.
    pub(super) address: String,
    /// Whose it is.
    pub(super) whose: Whose,
    /// The reader's domain that it is at.
    pub(super) domain: Option<DomainId>,
    /// Whether mail for it is taken here at all.
    pub(super) handled: bool,
    /// The mailboxes with mail that the reader may see.
    pub(super) mailboxes: Vec<Mailbox>,
}

impl Place {
    /// Refuses what is another's, and strangers whatever is not nobody's: whether somebody has
    /// it is not theirs to know.
    pub(super) fn readable(self, of: OrganizationId) -> Result<Self> {
        match self.whose {
            Whose::Ours | Whose::Theirs | Whose::NotHere if of == STRANGERS => {
                Err(Error::Unknown(Unknown::Absent))
            }
            Whose::Theirs => Err(Error::Denied(Denied::Owner)),
            Whose::Ours | Whose::Nobodys | Whose::NotHere => Ok(self),
        }
    }

    /// The reader's own mailbox.
    pub(super) fn own(&self, of: OrganizationId) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|one| one.owner == Some(of))
    }
}

/// An address from a path or a body.
pub(super) fn parsed(text: &str) -> Result<Address> {
    Address::parse(text.trim()).map_err(|_| Field::Address.error(Reason::Malformed))
}

/// The address as one of this organization sees it.
pub(super) fn place(
    read: &Read<'_>,
    of: OrganizationId,
    address: &Address,
    public_hosts: &[String],
) -> Result<Place> {
    let whole = address.key();
    let asked_for = match read.mailbox_asked_for(&whole)? {
        Some(mailbox) => Some(mailbox),
        None => read.mailbox_asked_for(&folded(&whole))?,
    };
    let domain = read.receiving_domain(address.domain())?;
    let public = public_hosts.iter().any(|host| host == address.domain());
    let ours = domain.filter(|domain| domain.organization == of);
    let mut place = Place {
        address: match &asked_for {
            Some(mailbox) => mailbox.address.clone(),
            None => folded(&whole),
        },
        whose: Whose::NotHere,
        domain: ours.map(|domain| domain.id),
        handled: ours.is_some() || (public && domain.is_none()),
        mailboxes: Vec::new(),
    };
    place
        .mailboxes
        .extend(read.mailbox_of(Some(of), &place.address)?);
    if place.address != whole {
        // What was captured lies at the recipient to the letter.
        place.mailboxes.extend(read.mailbox_of(Some(of), &whole)?);
    }
    place.whose = match (&asked_for, &domain) {
        (Some(mailbox), _) if mailbox.owner == Some(of) => Whose::Ours,
        (Some(_), _) => Whose::Theirs,
        (None, Some(domain)) if domain.organization == of => Whose::Ours,
        // Mail that was captured on its way to another is the sender's own.
        (None, Some(_)) if !place.mailboxes.is_empty() => Whose::Ours,
        (None, Some(_)) => Whose::Theirs,
        (None, None) if public => {
            place
                .mailboxes
                .extend(read.mailbox_of(None, &place.address)?);
            Whose::Nobodys
        }
        (None, None) if !place.mailboxes.is_empty() => Whose::Ours,
        (None, None) => Whose::NotHere,
    };
    Ok(place)
}
