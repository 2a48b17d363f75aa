//! Tables `user`, `session` and `invitation`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, SessionId, UserId};
use crate::model::organization::{Role, User};

const USER: &str =
    "u.id, u.organization_id, u.name, u.role, u.password_hash IS NOT NULL AS has_password,
    u.seen_at, u.created_at";

fn user(found: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        name: found.get("name")?,
        role: row::word(found, "role", Role::parse)?,
        password: row::switch(found.get("has_password")?),
        seen_at: row::time_or_none(found, "seen_at")?,
        created_at: row::time(found, "created_at")?,
    })
}

/// A session and whose it is.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: User,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// A way in that works once.
#[derive(Clone, Debug)]
pub struct InvitationRow {
    /// Into which organization.
    pub organization: OrganizationId,
    /// For whom; None: for whoever becomes an owner by it.
    pub user: Option<User>,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Read<'_> {
    /// The people of an organization, by id.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn users(&self, of: OrganizationId, rows: u32) -> Result<Vec<User>> {
        self.list(
            &format!(
                "SELECT {USER} FROM user u WHERE u.organization_id = :of AND u.removed_at IS NULL
                 ORDER BY u.id LIMIT :rows"
            ),
            named_params! {":of": of.0, ":rows": rows},
            user,
        )
    }

    /// One person of an organization.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn user(&self, of: OrganizationId, id: UserId) -> Result<Option<User>> {
        self.find(
            &format!(
                "SELECT {USER} FROM user u
                 WHERE u.id = :id AND u.organization_id = :of AND u.removed_at IS NULL"
            ),
            named_params! {":of": of.0, ":id": id.0},
            user,
        )
    }

    /// The person of this name, and the hash of their password.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn user_named(&self, name: &str) -> Result<Option<(User, Option<String>)>> {
        self.find(
            &format!(
                "SELECT {USER}, u.password_hash FROM user u
                 WHERE u.name = :name AND u.removed_at IS NULL"
            ),
            named_params! {":name": name},
            |found| Ok((user(found)?, found.get("password_hash")?)),
        )
    }

    /// The hash of a person's password.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn user_password(&self, id: UserId) -> Result<Option<String>> {
        let found = self.find(
            "SELECT password_hash FROM user WHERE id = :id AND removed_at IS NULL",
            named_params! {":id": id.0},
            |found| found.get::<_, Option<String>>(0),
        )?;
        Ok(found.flatten())
    }

    /// Whether anybody of any organization has a password.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn anybody_has_password(&self) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM user WHERE password_hash IS NOT NULL AND removed_at IS NULL LIMIT 1",
            [],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The session with this hash.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn session(&self, hash: &[u8; 32]) -> Result<Option<SessionRow>> {
        self.find(
            &format!(
                "SELECT {USER}, s.id AS session_id, s.created_at AS begun_at, s.seen_at AS used_at
                 FROM session s JOIN user u ON u.id = s.user_id
                 WHERE s.hash = :hash AND u.removed_at IS NULL"
            ),
            named_params! {":hash": hash},
            |found| {
                Ok(SessionRow {
                    id: SessionId(found.get("session_id")?),
                    user: user(found)?,
                    created_at: row::time(found, "begun_at")?,
                    seen_at: row::time(found, "used_at")?,
                })
            },
        )
    }

    /// The invitation with this hash, expired or not.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn invitation(&self, hash: &[u8; 32]) -> Result<Option<InvitationRow>> {
        let found = self.find(
            "SELECT organization_id, user_id, expires_at FROM invitation WHERE hash = :hash",
            named_params! {":hash": hash},
            |found| {
                Ok((
                    OrganizationId(found.get("organization_id")?),
                    found.get::<_, Option<i64>>("user_id")?.map(UserId),
                    row::time(found, "expires_at")?,
                ))
            },
        )?;
        let Some((organization, id, expires_at)) = found else {
            return Ok(None);
        };
        let user = match id {
            Some(id) => match self.user(organization, id)? {
                Some(user) => Some(user),
                None => return Ok(None),
            },
            None => None,
        };
        Ok(Some(InvitationRow {
            organization,
            user,
            expires_at,
        }))
    }
}

impl Write<'_> {
    /// Makes a person; None when the name is taken.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_user(
        &self,
        of: OrganizationId,
        name: &str,
        role: Role,
        now: Timestamp,
    ) -> Result<Option<UserId>> {
        let added = self.execute(
            "INSERT INTO user (organization_id, name, role, created_at)
             VALUES (:of, :name, :role, :now) ON CONFLICT (name) DO NOTHING",
            named_params! {":of": of.0, ":name": name, ":role": role.as_str(), ":now": now.0},
        )?;
        Ok((added > 0).then(|| UserId(self.last_id())))
    }

    /// Writes what a person may do.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_user_role(&self, id: UserId, role: Role) -> Result<()> {
        self.execute(
            "UPDATE user SET role = :role WHERE id = :id",
            named_params! {":role": role.as_str(), ":id": id.0},
        )?;
        Ok(())
    }

    /// Gives a person a password. Whoever was signed in as them is no more, and no way in
    /// that was given out works.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_user_password(&self, id: UserId, hash: &str) -> Result<()> {
        self.execute(
            "UPDATE user SET password_hash = :hash WHERE id = :id",
            named_params! {":hash": hash, ":id": id.0},
        )?;
        self.shut_out(id)
    }

    /// Gives a person another password. Of those who are signed in as them, one stays.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn replace_user_password(&self, id: UserId, hash: &str, stays: SessionId) -> Result<()> {
        self.execute(
            "UPDATE user SET password_hash = :hash WHERE id = :id",
            named_params! {":hash": hash, ":id": id.0},
        )?;
        self.execute(
            "DELETE FROM session WHERE user_id = :id AND id <> :stays",
            named_params! {":id": id.0, ":stays": stays.0},
        )?;
        self.execute(
            "DELETE FROM invitation WHERE user_id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }

    /// Ends a person's sessions and takes back the ways in that they were given.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn shut_out(&self, id: UserId) -> Result<()> {
        self.execute(
            "DELETE FROM session WHERE user_id = :id",
            named_params! {":id": id.0},
        )?;
        self.execute(
            "DELETE FROM invitation WHERE user_id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }

    /// Removes a person: their keys are revoked, their name is free, and nobody is signed in
    /// as them.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_user(&self, id: UserId, now: Timestamp) -> Result<()> {
        self.shut_out(id)?;
        self.execute(
            "UPDATE key SET revoked_at = :now, token_sealed = NULL
             WHERE user_id = :id AND revoked_at IS NULL",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        self.execute(
            "UPDATE user SET removed_at = :now, password_hash = NULL,
             name = name || ' (removed ' || id || ')' WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Begins a session.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_session(&self, user: UserId, hash: &[u8; 32], now: Timestamp) -> Result<SessionId> {
        self.execute(
            "INSERT INTO session (user_id, hash, created_at, seen_at)
             VALUES (:user, :hash, :now, :now)",
            named_params! {":user": user.0, ":hash": hash, ":now": now.0},
        )?;
        let id = SessionId(self.last_id());
        self.session_used(id, now)?;
        Ok(id)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn session_used(&self, id: SessionId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE session SET seen_at = :now WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        self.execute(
            "UPDATE user SET seen_at = :now
             WHERE id = (SELECT user_id FROM session WHERE id = :id)",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn end_session(&self, id: SessionId) -> Result<()> {
        self.execute(
            "DELETE FROM session WHERE id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }

    /// Makes a way in, in the place of those that there were for the same person, or for
    /// whoever becomes the first owner.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn invite(
        &self,
        of: OrganizationId,
        user: Option<UserId>,
        hash: &[u8; 32],
        (now, expires_at): (Timestamp, Timestamp),
    ) -> Result<()> {
        let user = user.map(|id| id.0);
        self.execute(
            "DELETE FROM invitation WHERE organization_id = :of AND user_id IS :user",
            named_params! {":of": of.0, ":user": user},
        )?;
        self.execute(
            "INSERT INTO invitation (organization_id, user_id, hash, created_at, expires_at)
             VALUES (:of, :user, :hash, :now, :expires)",
            named_params! {":of": of.0, ":user": user, ":hash": hash, ":now": now.0, ":expires": expires_at.0},
        )?;
        Ok(())
    }

    /// Takes a way in back; false when there is none.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn take_invitation(&self, hash: &[u8; 32]) -> Result<bool> {
        let taken = self.execute(
            "DELETE FROM invitation WHERE hash = :hash",
            named_params! {":hash": hash},
        )?;
        Ok(taken > 0)
    }

    /// Forgets up to `rows` sessions that were not used since `idle` or began before
    /// `oldest`, and ways in that were not taken until `now`; how many.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_sessions(
        &self,
        (idle, oldest): (Timestamp, Timestamp),
        now: Timestamp,
        rows: u32,
    ) -> Result<usize> {
        let sessions = self.execute(
            "DELETE FROM session WHERE id IN (SELECT id FROM session
             WHERE seen_at < :idle OR created_at < :oldest LIMIT :rows)",
            named_params! {":idle": idle.0, ":oldest": oldest.0, ":rows": rows},
        )?;
        let ways = self.execute(
            "DELETE FROM invitation WHERE id IN (SELECT id FROM invitation
             WHERE expires_at <= :now LIMIT :rows)",
            named_params! {":now": now.0, ":rows": rows},
        )?;
        Ok(sessions + ways)
    }
}
