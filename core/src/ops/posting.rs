//! People's own mail: sent from their own address, as their program wrote it.

use super::callers::token_hash;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Field, Reason, Result, internal};
use crate::ids::{MailboxId, OrganizationId, new_uuid, random};
use crate::mime::posted::{People, people};
use crate::model::address::{Address, quote_phrase};
use crate::model::content::Named;
use crate::model::domain::Switch;
use crate::model::email::{Accepted, Posted, SenderTerms, Submission, Terms};
use crate::model::key::{Caller, Powers, Scope};
use crate::model::owner::Owner;
use crate::ops::receive::folded;
use crate::store::{NewKey, Write};

/// The shape of the key that an organization's people send with. Nobody knows its token, and
/// no door takes this shape.
pub const MAILBOX_SHAPE: &str = "mailbox";

impl Posthouse {
    /// Sends a message from a person's mailbox: from its address, with or without a
    /// sub-address, and from no other. What its key may cause holds for it as for any mail.
    /// It is on disk when this returns.
    ///
    /// # Errors
    /// `Denied::Owner` when it is from another; `Invalid` recipients or sender;
    /// `Denied::Suspended`; `Denied::Scope` when the organization revoked its people's key;
    /// as [`send`](Posthouse::send).
    pub async fn post(
        &self,
        owner: &Owner,
        raw: Vec<u8>,
        recipients: &[String],
    ) -> Result<Accepted> {
        let recipients = recipients
            .iter()
            .map(|text| Address::parse(text).map_err(|_| Field::To.error(Reason::Malformed)))
            .collect::<Result<Vec<Address>>>()?;
        let (caller, keep_sent) = self.poster(owner).await?;
        let copy_to = (keep_sent == Switch::On).then_some(owner.mailbox);
        let own = owner.clone();
        let read = move || submission(&own, raw, recipients, copy_to);
        let submission = tokio::task::spawn_blocking(read)
            .await
            .map_err(internal)??;
        self.send(&caller, submission).await
    }

    /// Who a person sends as: their organization's key for people's mail, made for the first.
    async fn poster(&self, owner: &Owner) -> Result<(Caller, Switch)> {
        let now = self.now();
        let of = owner.organization;
        let own = owner.clone();
        let shape = self
            .store
            .look(move |read| read.keys_ever(of, &[MAILBOX_SHAPE]))
            .await?;
        if shape.is_empty() {
            let key = self.people_key(of, now);
            self.store
                .write(move |write| add_once(write, &key, now))
                .await?;
        }
        self.store
            .look(move |read| {
                let mailbox = super::folders::open(read, &own)?;
                let revoked = || Error::Denied(Denied::Scope);
                let key = read.keys_ever(of, &[MAILBOX_SHAPE])?;
                let key = key.last().filter(|key| key.revoked_at.is_none());
                let id = key.ok_or_else(revoked)?.id;
                let row = read.key_row(id)?.ok_or_else(revoked)?;
                let caller = Caller {
                    organization: row.key.organization,
                    standing: row.standing,
                    organization_uuid: row.organization_uuid,
                    enum_style: row.enum_style,
                    powers: Powers::Key(Box::new(row.key)),
                };
                Ok((caller, mailbox.keep_sent))
            })
            .await
    }

    fn people_key(&self, of: OrganizationId, now: Timestamp) -> NewKey {
        let token: [u8; 32] = random(self.entropy());
        NewKey {
            user: None,
            uuid: new_uuid(now, self.entropy()),
            organization: of,
            domain: None,
            shape: MAILBOX_SHAPE.to_owned(),
            name: Some(String::from("what people send from their mailboxes")),
            hash: token_hash(&format!("{token:02x?}")),
            prefix: MAILBOX_SHAPE.to_owned(),
            token_sealed: None,
            scopes: vec![Scope::Send],
            mode: self.settings().default_mode,
            expires_at: None,
        }
    }
}

fn add_once(write: &Write<'_>, key: &NewKey, now: Timestamp) -> Result<()> {
    if write
        .keys_ever(key.organization, &[MAILBOX_SHAPE])?
        .is_empty()
    {
        write.add_key(key, now)?;
    }
    Ok(())
}

fn submission(
    owner: &Owner,
    raw: Vec<u8>,
    recipients: Vec<Address>,
    copy_to: Option<MailboxId>,
) -> Result<Submission> {
    let People {
        senders,
        to,
        cc,
        subject,
        message_id: _,
    } = people(&raw).ok_or_else(|| Field::From.error(Reason::TooMany))?;
    let Some(from) = senders.first() else {
        return Err(Field::From.error(Reason::Absent));
    };
    let from = written(from);
    if !senders.iter().all(|one| is_own(owner, one)) {
        return Err(Error::Denied(Denied::Owner));
    }
    let blind: Vec<&str> = recipients
        .iter()
        .filter(|one| {
            let named = to.iter().chain(&cc).any(|named| is_it(named, one));
            !named
        })
        .map(Address::as_str)
        .collect();
    Ok(Submission {
        terms: Terms {
            sender: SenderTerms::OwnDomain,
            ..Terms::ORDINARY
        },
        from: Some(from),
        to: list(&to),
        cc: list(&cc),
        bcc: (!blind.is_empty()).then(|| blind.join(", ")),
        subject,
        posted: Some(Posted {
            raw,
            recipients,
            copy_to,
        }),
        ..Submission::default()
    })
}

fn is_own(owner: &Owner, one: &Named) -> bool {
    Address::parse(&one.address).is_ok_and(|address| {
        let key = address.key();
        key == owner.address() || folded(&key) == owner.address()
    })
}

fn is_it(named: &Named, address: &Address) -> bool {
    Address::parse(&named.address).is_ok_and(|one| one.key() == address.key())
}

fn written(one: &Named) -> String {
    match one.name.as_str() {
        "" => one.address.clone(),
        name => format!("{} <{}>", quote_phrase(name), one.address),
    }
}

/// Addresses that can be read again; groups without any are left out.
fn list(all: &[Named]) -> Option<String> {
    let all: Vec<String> = all
        .iter()
        .filter(|one| Address::parse(&one.address).is_ok())
        .map(written)
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}
