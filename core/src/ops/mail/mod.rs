//! Mail as its readers see it, and the addresses that keep it.
//!
//! Whose an address is: at an organization's domain, that organization's; at a public host,
//! nobody's until somebody asks for it; anywhere else it keeps only what the organization
//! captured itself.

pub mod addresses;
pub mod changing;
pub mod domains;
pub mod listening;
pub mod looking;
mod place;
pub mod public;
pub mod reading;
mod received;
pub mod reserving;
mod token;

use self::place::{Place, Whose, place};
pub(crate) use self::received::received;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{MailboxId, OrganizationId};
use crate::mime::content::content;
use crate::model::address::Address;
use crate::model::content::Content;
use crate::model::key::Caller;
use crate::model::mailbox::Message;
use crate::store::{Read, decompress};

/// A message and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its row.
    pub message: Message,
    /// What its header and parts say.
    pub content: Content,
    /// What it is known by outside: it cannot be guessed.
    pub token: String,
}

/// The account that a caller stands for: the key's person, else the organization.
pub(crate) fn account(read: &Read<'_>, caller: &Caller) -> Result<String> {
    let of = caller.organization();
    if let Some(id) = caller.key().and_then(|key| key.user) {
        let users = read.users(of, crate::limits::LIST_ROWS)?;
        if let Some(user) = users.into_iter().find(|user| user.id == id) {
            return Ok(user.name);
        }
    }
    read.organization(of)?
        .map(|organization| organization.name)
        .ok_or(Error::Missing(Missing::Organization))
}

/// The mailboxes behind an address that is this organization's; None where it is not.
pub(crate) fn drop_of(
    read: &Read<'_>,
    of: OrganizationId,
    address: &Address,
    public_hosts: &[String],
) -> Result<Option<Vec<MailboxId>>> {
    let found = place(read, of, address, public_hosts)?;
    let own = found.mailboxes.iter().filter(|one| one.owner == Some(of));
    Ok((found.whose == Whose::Ours).then(|| own.map(|one| one.id).collect()))
}

/// A message, and its bytes where only those say what is in it.
type Loose = (Message, Option<Vec<u8>>);

/// Messages with what is needed to tell what they say.
fn loosely(read: &Read<'_>, messages: Vec<Message>) -> Result<Vec<Loose>> {
    let with_bytes = |message: Message| {
        let packed = match message.content {
            Some(_) => None,
            None => read.body_packed(message.body)?,
        };
        Ok((message, packed))
    };
    messages.into_iter().map(with_bytes).collect()
}

impl Posthouse {
    /// What a message is known by outside: it cannot be guessed.
    #[must_use]
    pub fn message_token(&self, message: &Message) -> String {
        self.tokens().of(message)
    }

    /// Messages with what they say; read from their bytes where it was not kept.
    async fn shown(&self, messages: Vec<Loose>) -> Result<Vec<Shown>> {
        let tokens = self.tokens();
        let shown = move || {
            let one = |(mut message, packed): Loose| {
                let said = match (message.content.take(), packed) {
                    (Some(said), _) => said,
                    (None, Some(packed)) => content(&decompress(&packed)?),
                    (None, None) => Content::default(),
                };
                Ok(Shown {
                    token: tokens.of(&message),
                    content: said,
                    message,
                })
            };
            messages.into_iter().map(one).collect()
        };
        tokio::task::spawn_blocking(shown).await.map_err(internal)?
    }
}
