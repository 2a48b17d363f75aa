//! People sign in, are known by their session, and sign out.

use std::net::IpAddr;
use std::time::Duration;

use super::{new_token, note, signed_in};
use crate::engine::Posthouse;
use crate::error::{Busy, Error, Missing, Result, Unknown};
use crate::ids::random;
use crate::limits::{SESSION_IDLE, SESSION_LONGEST};
use crate::model::session::Session;
use crate::ops::callers::token_hash;
use crate::password::{Password, Wrong};

/// Last use is told to the minute.
const USED_STEP: Duration = Duration::from_secs(60);

impl Posthouse {
    /// A session of the person `name`, who shows their password from `remote`, and its token,
    /// which is told only now. Wrong ones are counted, by person and by where they came from;
    /// an answer takes as long where there is no such person.
    ///
    /// # Errors
    /// `Unknown::Wrong`; `Busy::Rate` where too many were wrong.
    pub async fn begin_session(
        &self,
        name: &str,
        password: &str,
        remote: IpAddr,
    ) -> Result<(Session, String)> {
        let now = self.now();
        let from = Wrong::from(remote);
        let limited = |wait_ms| Error::Busy(Busy::Rate { wait_ms });
        self.passwords.may_be(from, now).map_err(limited)?;
        let named = name.trim().to_owned();
        let found = self.store.look(move |read| read.user_named(&named)).await?;
        let (user, hash) = match found {
            Some((user, hash)) => (Some(user), hash),
            None => (None, None),
        };
        if let Some(user) = &user {
            let of = Wrong::Person(user.id);
            self.passwords.may_be(of, now).map_err(limited)?;
        }
        let checked = hash.clone();
        let right = self.passwords.matches(password, hash).await?;
        let Some(user) = user.clone().filter(|_| right) else {
            self.passwords.was(from, now);
            if let Some(user) = user {
                self.passwords.was(Wrong::Person(user.id), now);
            }
            return Err(Error::Unknown(Unknown::Wrong));
        };
        let note = note(self, &user, "session.sign_in", Some(remote.to_string()));
        let (token, hash) = new_token(self);
        let session = self
            .store
            .write(move |write| {
                // Another may have been given while this one was looked at.
                if write.user_password(user.id)? != checked {
                    return Err(Error::Unknown(Unknown::Wrong));
                }
                write.add_session(user.id, &hash, now)?;
                write.add_audit(&note)?;
                let row = write.session(&hash)?;
                signed_in(write, row.ok_or(Error::Missing(Missing::User))?)
            })
            .await?;
        Ok((session, token))
    }

    /// Whoever shows the token of a session that was neither ended nor left alone for too
    /// long.
    ///
    /// # Errors
    /// `Unknown::Absent`, `Unknown::Wrong`, `Unknown::Expired`.
    pub async fn session(&self, token: &str) -> Result<Session> {
        if token.is_empty() {
            return Err(Error::Unknown(Unknown::Absent));
        }
        let hash = token_hash(token);
        let now = self.now();
        let found = self
            .store
            .look(move |read| {
                let row = read.session(&hash)?.ok_or(Error::Unknown(Unknown::Wrong))?;
                if now.since(row.seen_at) >= SESSION_IDLE
                    || now.since(row.created_at) >= SESSION_LONGEST
                {
                    return Err(Error::Unknown(Unknown::Expired));
                }
                let seen_at = row.seen_at;
                Ok((signed_in(read, row)?, seen_at))
            })
            .await?;
        let (session, seen_at) = found;
        if now.since(seen_at) >= USED_STEP {
            let id = session.id;
            self.store.note(move |write| write.session_used(id, now));
        }
        Ok(session)
    }

    /// Whether the token is still a session's, without its counting as use.
    ///
    /// # Errors
    /// As the store says.
    pub async fn session_holds(&self, token: &str) -> Result<bool> {
        let hash = token_hash(token);
        let now = self.now();
        let found = self.store.look(move |read| read.session(&hash)).await?;
        Ok(found.is_some_and(|row| {
            now.since(row.seen_at) < SESSION_IDLE && now.since(row.created_at) < SESSION_LONGEST
        }))
    }

    /// Ends a session: its token is refused from now on.
    ///
    /// # Errors
    /// As the store says.
    pub async fn end_session(&self, session: &Session) -> Result<()> {
        let id = session.id;
        self.store.write(move |write| write.end_session(id)).await
    }

    /// Gives the person of a session another password, who shows the one there is. Their
    /// other sessions end.
    ///
    /// # Errors
    /// `Unknown::Wrong`; `Busy::Rate` where too many were wrong; `Invalid` password.
    pub async fn set_own_password(
        &self,
        session: &Session,
        current: &str,
        password: &str,
    ) -> Result<()> {
        let now = self.now();
        let who = Wrong::Person(session.user.id);
        let limited = |wait_ms| Error::Busy(Busy::Rate { wait_ms });
        self.passwords.may_be(who, now).map_err(limited)?;
        let password = Password::parse(password)?;
        let id = session.user.id;
        let was = self.store.look(move |read| read.user_password(id)).await?;
        if !self.passwords.matches(current, was.clone()).await? {
            self.passwords.was(who, now);
            return Err(Error::Unknown(Unknown::Wrong));
        }
        let salt = random(self.entropy());
        let hash = self.passwords.hash(password, salt).await?;
        let keeps = session.id;
        self.store
            .write(move |write| {
                if write.user_password(id)? != was {
                    return Err(Error::Unknown(Unknown::Wrong));
                }
                write.replace_user_password(id, &hash, keeps)
            })
            .await
    }

    /// Whether nobody has a password yet.
    ///
    /// # Errors
    /// As the store says.
    pub async fn nobody_signs_in(&self) -> Result<bool> {
        let any = self.store.look(|read| read.anybody_has_password()).await?;
        Ok(!any)
    }
}
