//! Credentials: shown, changed and revoked.

use std::collections::HashMap;

use posthouse::clock::Timestamp;
use posthouse::ids::{DomainId, KeyId, UserId};
use posthouse::model::key::{Caller, Key, Mode};
use posthouse::model::organization::Role;
use posthouse::model::page::Page;
use posthouse::ops::desk::sending::{HAND_SHAPE, HAND_TEST_SHAPE};
use posthouse::ops::keys::KeyChange;
use posthouse::ops::posting::MAILBOX_SHAPE;
use posthouse::ops::undelivered::SYSTEM_SHAPE;

use super::call::Call;
use super::convert::{cleared, lifted, time, time_or_none};
use super::trouble::Outcome;
use super::wire::{
    ById, Done, KeyBound, KeyBoundTo, KeyRow, KeySet, KeyShape, KeyShown, KeyState, Nothing, Rows,
};
use crate::dialects::kind::{Bound, KeyKind, Make, Names};
use crate::dialects::{KEY_KINDS, KEY_SHAPES};

/// What the keys of an organization are bound to, by name.
pub(super) struct Holders {
    domains: HashMap<DomainId, String>,
    users: HashMap<UserId, String>,
}

impl Holders {
    pub(super) async fn of(call: &Call, caller: &Caller) -> Outcome<Self> {
        let domains = call.engine.all_domain_records(caller, Page::WHOLE).await?;
        let users = call.engine.users(caller).await?;
        Ok(Self {
            domains: domains
                .into_iter()
                .map(|one| (one.domain.id, one.domain.host))
                .collect(),
            users: users.into_iter().map(|one| (one.id, one.name)).collect(),
        })
    }

    pub(super) fn row(&self, key: &Key, now: Timestamp) -> KeyRow {
        let kind = kind_of(&key.shape);
        let bound_to = match (key.domain, key.user) {
            (Some(id), _) => KeyBoundTo {
                kind: KeyBound::Domain,
                name: self.domains.get(&id).cloned(),
            },
            (None, Some(id)) => KeyBoundTo {
                kind: KeyBound::User,
                name: self.users.get(&id).cloned(),
            },
            (None, None) => KeyBoundTo {
                kind: KeyBound::Organization,
                name: None,
            },
        };
        let scopes = || key.scopes.iter().map(ToString::to_string).collect();
        KeyRow {
            id: key.id.0,
            name: key.name.clone(),
            shape: kind
                .map_or(key.shape.as_str(), |(kind, _)| kind.name)
                .to_owned(),
            prefix: format!("{}{}…", kind.map_or("", |(_, make)| make.start), key.prefix),
            mode: key.mode.into(),
            scopes: kind.map_or_else(scopes, |(kind, _)| kind.words_for(&key.scopes)),
            bound_to,
            rate_per_minute: key.rate_per_minute,
            state: match (key.revoked_at, key.is_active(now)) {
                (Some(_), _) => KeyState::Revoked,
                (None, true) => KeyState::Valid,
                (None, false) => KeyState::Expired,
            },
            created_at: time(key.created_at),
            expires_at: time_or_none(key.expires_at),
            last_used_at: time_or_none(key.last_used_at),
            revoked_at: time_or_none(key.revoked_at),
        }
    }
}

fn kind_of(shape: &str) -> Option<(&'static KeyKind, &'static Make)> {
    KEY_KINDS
        .iter()
        .find_map(|kind| Some((kind, kind.makes().find(|make| make.shape == shape)?)))
}

/// Mail of keys of this mode can leave: an owner's to give.
pub(super) fn needs_owner(call: &Call, mode: Mode) -> Outcome<()> {
    match mode {
        Mode::Capture | Mode::Hold => Ok(()),
        Mode::AllowList | Mode::Live => Ok(call.caller(Role::Owner).map(drop)?),
    }
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<KeyRow>> {
    let caller = call.caller(Role::Reader)?;
    let own = [HAND_SHAPE, HAND_TEST_SHAPE, MAILBOX_SHAPE, SYSTEM_SHAPE];
    let shapes = KEY_SHAPES.iter().copied().chain(own).collect();
    let mut keys = call.engine.keys_of_shapes(caller, shapes).await?;
    keys.reverse();
    let holders = Holders::of(&call, caller).await?;
    let now = call.engine.now();
    Ok(Rows {
        rows: keys.iter().map(|key| holders.row(key, now)).collect(),
    })
}

async fn shown(call: &Call, caller: &Caller, id: KeyId) -> Outcome<KeyShown> {
    let key = call.engine.key(caller, None, id).await?;
    let allowed = call.engine.key_patterns(caller, id).await?;
    let holders = Holders::of(call, caller).await?;
    Ok(KeyShown {
        key: holders.row(&key, call.engine.now()),
        allowed,
    })
}

pub async fn show(call: Call, asked: ById) -> Outcome<KeyShown> {
    let caller = call.caller(Role::Reader)?;
    shown(&call, caller, KeyId(asked.id)).await
}

pub async fn set(call: Call, asked: KeySet) -> Outcome<KeyShown> {
    let caller = call.caller(Role::Member)?;
    let id = KeyId(asked.id);
    if let Some(mode) = asked.mode {
        needs_owner(&call, mode.into())?;
    }
    if asked.allowed.is_some() {
        call.caller(Role::Owner)?;
    }
    let change = KeyChange {
        name: cleared(asked.name),
        mode: asked.mode.map(Into::into),
        rate_per_minute: lifted(asked.rate_per_minute),
    };
    if let Some(allowed) = asked.allowed {
        call.engine.set_key_patterns(caller, id, allowed).await?;
    }
    call.engine.set_key(caller, None, id, change).await?;
    shown(&call, caller, id).await
}

pub async fn revoke(call: Call, asked: ById) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    call.engine
        .revoke_key(caller, None, KeyId(asked.id))
        .await?;
    Ok(Done {})
}

pub async fn shapes(call: Call, _: Nothing) -> Outcome<Rows<KeyShape>> {
    call.caller(Role::Reader)?;
    let owned = |all: &[&str]| all.iter().map(|&word| word.to_owned()).collect();
    let shape = |kind: &KeyKind| {
        let first = (kind.call)("$TOKEN", "");
        let (field, credential) = first.credential;
        KeyShape {
            name: kind.name.to_owned(),
            about: kind.about.to_owned(),
            bound: bound(kind.bound),
            named: kind.names == Names::Unique,
            test: kind.test.is_some(),
            scopes: owned(kind.words),
            ordinary: owned(kind.ordinary),
            path: first.path.to_owned(),
            header: format!("{field}: {credential}"),
        }
    };
    Ok(Rows {
        rows: KEY_KINDS.iter().map(shape).collect(),
    })
}

const fn bound(bound: Bound) -> KeyBound {
    match bound {
        Bound::Domain => KeyBound::Domain,
        Bound::Organization => KeyBound::Organization,
        Bound::User => KeyBound::User,
    }
}
