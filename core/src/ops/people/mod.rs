//! People: how they come in, who they are while they are here, and who may have them go.

pub mod inviting;
pub mod managing;
pub mod signing_in;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::callers::token_hash;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::random;
use crate::model::audit::Note;
use crate::model::key::{Caller, Powers};
use crate::model::organization::User;
use crate::model::session::Session;
use crate::store::{Read, SessionRow};

/// A new token and its hash: 32 random bytes, as text that needs no quoting anywhere.
fn new_token(engine: &Posthouse) -> (String, [u8; 32]) {
    let token = BASE64_URL_SAFE_NO_PAD.encode(random::<32>(engine.entropy()));
    let hash = token_hash(&token);
    (token, hash)
}

/// Somebody of whom a session's token was shown.
fn signed_in(read: &Read<'_>, row: SessionRow) -> Result<Session> {
    let organization = read
        .organization(row.user.organization)?
        .ok_or(Error::Missing(Missing::Organization))?;
    Ok(Session {
        id: row.id,
        user: row.user,
        caller: Caller {
            organization: organization.id,
            standing: organization.standing,
            organization_uuid: organization.uuid,
            enum_style: organization.enum_style,
            powers: Powers::Operator,
        },
    })
}

/// That a person did something about themselves.
fn note(engine: &Posthouse, user: &User, what: &str, remote: Option<String>) -> Note {
    Note {
        organization: user.organization,
        user: Some(user.id),
        who: user.name.clone(),
        what: what.to_owned(),
        target: Some(user.name.clone()),
        detail: None,
        remote,
        at: engine.now(),
    }
}
