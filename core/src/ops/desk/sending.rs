//! Mail that is written by hand.

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Result};
use crate::ids::{OrganizationId, new_uuid, random};
use crate::model::email::{Accepted, SenderTerms, Submission, Terms};
use crate::model::key::{Caller, Key, Mode, Powers, Scope};
use crate::ops::callers::token_hash;
use crate::ops::keys::has_way_out;
use crate::store::NewKey;

/// The shape of the keys that an organization's people send by hand with. Nobody knows their
/// tokens, and no door takes this shape.
pub const HAND_SHAPE: &str = "by-hand";
/// The same for mail that is kept here.
pub const HAND_TEST_SHAPE: &str = "by-hand-test";

/// What holds for mail that is written by hand: it is from a domain of the organization's.
const TERMS: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    ..Terms::ORDINARY
};

/// Whether mail is only to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// It goes as far as the key for it lets it.
    Sent,
    /// It is kept here.
    Kept,
}

impl Posthouse {
    /// Sends what somebody wrote by hand, by a key that the organization has for this: made
    /// with the first mail, in the installation's mode, and managed as any other.
    ///
    /// # Errors
    /// `Denied::Scope`, also where the key was revoked; as [`send`](Posthouse::send).
    pub async fn send_by_hand(
        &self,
        caller: &Caller,
        mut submission: Submission,
        intent: Intent,
    ) -> Result<Accepted> {
        caller.needs_operator()?;
        submission.terms = TERMS;
        let sender = self.hand(caller.organization(), intent).await?;
        self.send(&sender, submission).await
    }

    /// What becomes of mail that is written by hand to be sent; None where nobody may send it,
    /// because the key for it was revoked.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn hand_mode(&self, caller: &Caller) -> Result<Option<Mode>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let keys = self
            .store
            .look(move |read| read.keys_ever(of, &[HAND_SHAPE]));
        Ok(match keys.await?.last() {
            Some(key) => key.revoked_at.is_none().then_some(key.mode),
            None => Some(self.settings().default_mode),
        })
    }

    /// Says what becomes of it from now on.
    ///
    /// # Errors
    /// `Denied::Scope`, also where the key was revoked; `Conflict::NoRoute` where mail is to
    /// leave and there is no way out.
    pub async fn set_hand_mode(&self, caller: &Caller, mode: Mode) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.hand_key_made(of, Intent::Sent).await?;
        self.store
            .write(move |write| {
                let keys = write.keys_ever(of, &[HAND_SHAPE])?;
                let key = keys.into_iter().next_back();
                let key = key.filter(|key| key.revoked_at.is_none());
                let key = key.ok_or(Error::Denied(Denied::Scope))?;
                has_way_out(write, of, mode, &key.scopes)?;
                write.set_key(&Key { mode, ..key })
            })
            .await
    }

    /// Makes the key for it where there was never one; its shape.
    async fn hand_key_made(&self, of: OrganizationId, intent: Intent) -> Result<&'static str> {
        let (shape, mode) = match intent {
            Intent::Sent => (HAND_SHAPE, self.settings().default_mode),
            Intent::Kept => (HAND_TEST_SHAPE, Mode::Capture),
        };
        let there = self.store.look(move |read| read.keys_ever(of, &[shape]));
        if there.await?.is_empty() {
            let (now, key) = (self.now(), self.hand_key(of, shape, mode));
            self.without_ledger()
                .store
                .write(move |write| {
                    if write.keys_ever(of, &[shape])?.is_empty() {
                        write.add_key(&key, now)?;
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(shape)
    }

    async fn hand(&self, of: OrganizationId, intent: Intent) -> Result<Caller> {
        let shape = self.hand_key_made(of, intent).await?;
        self.store
            .look(move |read| {
                let revoked = || Error::Denied(Denied::Scope);
                let keys = read.keys_ever(of, &[shape])?;
                let key = keys.last().filter(|key| key.revoked_at.is_none());
                let id = key.ok_or_else(revoked)?.id;
                let row = read.key_row(id)?.ok_or_else(revoked)?;
                Ok(Caller {
                    organization: row.key.organization,
                    standing: row.standing,
                    organization_uuid: row.organization_uuid,
                    enum_style: row.enum_style,
                    powers: Powers::Key(Box::new(row.key)),
                })
            })
            .await
    }

    fn hand_key(&self, of: OrganizationId, shape: &str, mode: Mode) -> NewKey {
        let now: Timestamp = self.now();
        let token: [u8; 32] = random(self.entropy());
        NewKey {
            user: None,
            uuid: new_uuid(now, self.entropy()),
            organization: of,
            domain: None,
            shape: shape.to_owned(),
            name: Some(String::from("what people send by hand")),
            hash: token_hash(&format!("{token:02x?}")),
            prefix: shape.to_owned(),
            token_sealed: None,
            scopes: vec![Scope::Send],
            mode,
            expires_at: None,
        }
    }
}
