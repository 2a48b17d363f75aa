//! A key that is made; its token is shown once.

use posthouse::clock::Timestamp;
use posthouse::model::domain::Domain;
use posthouse::model::key::{Caller, Key, Mode, Scope};
use posthouse::model::organization::Role;
use posthouse::ops::keys::NewKey;
use posthouse::ops::scoped_keys::NewScopedKey;

use super::call::Call;
use super::key::{Holders, needs_owner};
use super::trouble::{Outcome, Trouble};
use super::wire::{KeyMade, KeyMake, ListenerKind};
use crate::dialects::KEY_KINDS;
use crate::dialects::kind::{Bound, KeyKind, Names};

/// The host in an example, where there is no domain.
const EXAMPLE_HOST: &str = "example.test";

fn wrong(field: &'static str, words: &'static str) -> Trouble {
    Trouble::Field(field, words.into())
}

pub async fn make(call: Call, asked: KeyMake) -> Outcome<KeyMade> {
    let caller = call.caller(Role::Member)?;
    let kind = KEY_KINDS.iter().find(|kind| kind.name == asked.shape);
    let kind = kind.ok_or_else(|| wrong("shape", "is none of key.shapes"))?;
    let domain = match (kind.bound, &asked.domain) {
        (Bound::Organization | Bound::User, None) => None,
        (Bound::Domain, Some(host)) => Some(call.engine.domain_of_host(caller, host).await?),
        (Bound::Domain, None) => {
            return Err(wrong(
                "domain",
                "is needed: keys of this kind are bound to one",
            ));
        }
        (Bound::Organization | Bound::User, Some(_)) => {
            return Err(wrong("domain", "is not for keys of this kind"));
        }
    };
    if asked.user.is_some() && kind.bound != Bound::User {
        return Err(wrong("user", "is not for keys of this kind"));
    }
    let (key, token) = made(&call, caller, kind, (domain.as_ref(), asked)).await?;
    let holders = Holders::of(&call, caller).await?;
    let host = domain.as_ref().map_or(EXAMPLE_HOST, |domain| &domain.host);
    Ok(KeyMade {
        id: key.id.0,
        example: example(&call, kind, &token, host),
        key: holders.row(&key, call.engine.now()),
        token,
    })
}

async fn made(
    call: &Call,
    caller: &Caller,
    kind: &'static KeyKind,
    (domain, asked): (Option<&Domain>, KeyMake),
) -> Outcome<(Key, String)> {
    let make = match (asked.test, &kind.test) {
        (false, _) => &kind.live,
        (true, Some(test)) => test,
        (true, None) => return Err(wrong("test", "is not for keys of this kind")),
    };
    let mode = match asked.test {
        true => Mode::Capture,
        false => asked
            .mode
            .map_or(call.engine.settings().default_mode, Into::into),
    };
    needs_owner(call, mode)?;
    let scopes = scopes(kind, &asked.scopes)?;
    let expires_at = asked.expires_at.as_deref().map(moment).transpose()?;
    let engine = &call.engine;
    match kind.names {
        Names::Free => {
            let token = (make.token)(engine.entropy());
            let new = NewKey {
                domain: domain.map(|domain| domain.id),
                scopes,
                mode: Some(mode),
                expires_at,
                shape: make.shape,
                ..kind.new_key(token, asked.name.as_deref())
            };
            let token = new.token.clone();
            let key = match kind.bound {
                Bound::Domain | Bound::Organization => engine.create_key(caller, new).await?,
                Bound::User => {
                    let user = asked.user.as_deref();
                    engine.create_user_key(caller, new, user).await?
                }
            };
            Ok((key, token))
        }
        Names::Unique => {
            let name = asked.name.filter(|name| !name.trim().is_empty());
            let new = NewScopedKey {
                shape: make.shape,
                shapes: kind.shapes,
                token: make.token,
                name: name.ok_or_else(|| wrong("name", "is needed: keys of this kind have one"))?,
                scopes,
                mode: Some(mode),
                expires_at,
            };
            Ok(engine.create_scoped_key(caller, new).await?)
        }
    }
}

fn moment(text: &str) -> Outcome<Timestamp> {
    Timestamp::parse_rfc3339(text)
        .ok_or_else(|| wrong("expires_at", "is no moment such as 2027-03-09T08:00:00Z"))
}

fn scopes(kind: &KeyKind, words: &[String]) -> Outcome<Vec<Scope>> {
    let ordinary = kind.ordinary.iter().copied();
    let words: Vec<&str> = match words {
        [] => ordinary.collect(),
        words => words.iter().map(String::as_str).collect(),
    };
    let mut scopes = Vec::new();
    for word in words {
        let known = (kind.scopes)(word).filter(|scopes| !scopes.is_empty());
        let meant =
            known.ok_or_else(|| wrong("scopes", "has one that keys of this kind have not"))?;
        for scope in meant {
            if !scopes.contains(scope) {
                scopes.push(*scope);
            }
        }
    }
    Ok(scopes)
}

/// A first call that can be pasted into a shell.
fn example(call: &Call, kind: &KeyKind, token: &str, host: &str) -> String {
    let at = |kind| call.place.address(kind);
    let curl = crate::cli::curl::Curl::to(at(ListenerKind::Http), at(ListenerKind::Https), None);
    curl.line(&(kind.call)(token, host))
}
