//! Who is here: signing in and out, and ways in that work once.

use posthouse::error::{Denied, Error};
use posthouse::model::organization::Role;
use posthouse::model::session::Session;
use sha2::{Digest, Sha256};

use super::call::{Call, Keeps, Visitor};
use super::trouble::Outcome;
use super::wire::{
    Done, Invitation, InvitationAsked, Kind, Nothing, OwnPassword, SessionOrganization,
    SessionShown, SessionUser, SignIn, Welcome,
};

/// What a page shows to prove that it was shown by us: made of the session's token, which no
/// page can read, and of no use without it.
#[must_use]
pub fn csrf(token: &str) -> String {
    let hash = Sha256::digest(format!("posthouse console page\0{token}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub async fn show(call: Call, _: Nothing) -> Outcome<SessionShown> {
    let visitor = call.visitor.clone();
    shown(&call, &visitor).await
}

async fn shown(call: &Call, visitor: &Visitor) -> Outcome<SessionShown> {
    let (user, caller, csrf) = match visitor {
        Visitor::Nobody => (None, None, None),
        Visitor::Person(session, token) => {
            let user = session.user();
            let shown = SessionUser {
                id: Some(user.id.0),
                name: user.name.clone(),
                role: user.role.into(),
            };
            let caller = session.caller(Role::Reader)?;
            (Some(shown), Some(caller), Some(csrf(token)))
        }
        Visitor::Machine(caller) => {
            let shown = SessionUser {
                id: None,
                name: String::from("this machine"),
                role: super::wire::Role::Owner,
            };
            (Some(shown), Some(&**caller), None)
        }
    };
    let organization = match caller {
        None => None,
        Some(caller) => {
            let found = call.engine.organization(caller).await?;
            Some(SessionOrganization {
                id: found.id.0,
                name: found.name,
            })
        }
    };
    let welcome = match call.place.kind {
        Kind::Server => call.engine.nobody_signs_in().await?,
        Kind::Desktop => false,
    };
    Ok(SessionShown {
        user,
        organization,
        csrf,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: call.place.kind,
        welcome,
    })
}

/// A session that just began.
async fn begun(call: &Call, (session, token): (Session, String)) -> Outcome<SessionShown> {
    call.keep(Keeps::Token(token.clone()));
    shown(call, &Visitor::Person(Box::new(session), token)).await
}

/// There is nobody to sign in where whoever is here has the machine.
fn by_password(call: &Call) -> Outcome<()> {
    match &call.visitor {
        Visitor::Nobody | Visitor::Person(..) => Ok(()),
        Visitor::Machine(_) => Err(Error::Denied(Denied::Scope).into()),
    }
}

pub async fn sign_in(call: Call, asked: SignIn) -> Outcome<SessionShown> {
    by_password(&call)?;
    let engine = &call.engine;
    let session = engine.begin_session(&asked.name, &asked.password, call.remote);
    begun(&call, session.await?).await
}

pub async fn sign_out(call: Call, _: Nothing) -> Outcome<SessionShown> {
    call.engine.end_session(call.session()?).await?;
    call.keep(Keeps::Nothing);
    shown(&call, &Visitor::Nobody).await
}

pub async fn invitation(call: Call, asked: InvitationAsked) -> Outcome<Invitation> {
    let found = call.engine.invitation(&asked.token, call.remote).await?;
    Ok(Invitation {
        name: found.name,
        role: found.role.into(),
        organization: found.organization,
    })
}

pub async fn welcome(call: Call, asked: Welcome) -> Outcome<SessionShown> {
    by_password(&call)?;
    let name = asked.name.as_deref();
    let taken = call
        .engine
        .accept_invitation(&asked.token, name, &asked.password, call.remote)
        .await?;
    begun(&call, taken).await
}

pub async fn password(call: Call, asked: OwnPassword) -> Outcome<Done> {
    let session = call.session()?;
    call.engine
        .set_own_password(session, &asked.current, &asked.password)
        .await?;
    Ok(Done {})
}
