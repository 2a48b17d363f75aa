//! Keys and their kinds.

use posthouse::clock::Timestamp;
use posthouse::model::key as k;
use serde::Serialize;

use super::{texts, time, time_or_none};
use crate::dialects::{KEY_KINDS, kind};

#[derive(Debug, Serialize)]
pub struct Key {
    pub id: i64,
    pub uuid: String,
    pub domain_id: Option<i64>,
    pub shape: String,
    pub name: Option<String>,
    pub prefix: String,
    pub scopes: Vec<String>,
    /// The same in the words of its API.
    pub permissions: Vec<String>,
    /// The kind of key, as `key create --api` names it.
    pub api: String,
    /// What may be shown of its token.
    pub masked: String,
    pub mode: &'static str,
    pub rate_per_minute: Option<u32>,
    pub created_at: String,
    pub expires_at: Option<String>,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
    /// Only just after it was made, or when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Key {
    pub fn of(from: &k::Key, token: Option<String>) -> Self {
        let kind = KEY_KINDS
            .iter()
            .find_map(|kind| Some((kind, kind.makes().find(|make| make.shape == from.shape)?)));
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            domain_id: from.domain.map(|id| id.0),
            shape: from.shape.clone(),
            name: from.name.clone(),
            prefix: from.prefix.clone(),
            scopes: texts(&from.scopes),
            permissions: kind.map_or_else(
                || texts(&from.scopes),
                |(kind, _)| kind.words_for(&from.scopes),
            ),
            api: kind
                .map_or(from.shape.as_str(), |(kind, _)| kind.name)
                .to_owned(),
            masked: format!(
                "{}{}…",
                kind.map_or("", |(_, make)| make.start),
                from.prefix
            ),
            mode: from.mode.as_str(),
            rate_per_minute: from.rate_per_minute,
            created_at: time(from.created_at),
            expires_at: time_or_none(from.expires_at),
            revoked_at: time_or_none(from.revoked_at),
            last_used_at: time_or_none(from.last_used_at),
            token,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct KeyListed {
    #[serde(flatten)]
    pub key: Key,
    /// `valid`, `expired` or `revoked`.
    pub state: &'static str,
}

impl KeyListed {
    pub fn of(from: &k::Key, token: Option<String>, now: Timestamp) -> Self {
        Self {
            key: Key::of(from, token),
            state: match (from.revoked_at, from.is_active(now)) {
                (Some(_), _) => "revoked",
                (None, true) => "valid",
                (None, false) => "expired",
            },
        }
    }
}

#[derive(Debug, Serialize)]
pub struct KeyKind {
    pub name: &'static str,
    pub about: &'static str,
    pub scopes: &'static [&'static str],
    pub default_scopes: &'static [&'static str],
    pub bound_to_a_domain: bool,
    pub test_keys: bool,
    pub path: &'static str,
    /// The header of the credential, with $TOKEN in the token's place.
    pub header: String,
}

impl KeyKind {
    pub fn of(from: &kind::KeyKind) -> Self {
        let call = (from.call)("$TOKEN", "");
        let (field, credential) = call.credential;
        Self {
            name: from.name,
            about: from.about,
            scopes: from.words,
            default_scopes: from.ordinary,
            bound_to_a_domain: from.bound == kind::Bound::Domain,
            test_keys: from.test.is_some(),
            path: call.path,
            header: format!("{field}: {credential}"),
        }
    }
}
