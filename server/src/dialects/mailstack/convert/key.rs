//! API keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use posthouse::clock::Timestamp;
use posthouse::error::{Error, Field, Problem, Reason};
use posthouse::ids::{Entropy, random};
use posthouse::model::key::{Key, Mode, Scope};
use posthouse::ops::scoped_keys::{NewScopedKey, Token};

use super::super::wire::answer;
use super::super::wire::ask::{self, List};
use super::{text, time, value};
use crate::http::json::Given;

/// The shape of keys whose mail may leave.
pub const LIVE_SHAPE: &str = "mailstack-live";
/// The shape of keys whose mail is kept here, always.
pub const TEST_SHAPE: &str = "mailstack-test";
/// The shapes that share a list of keys.
pub(in super::super) const SHAPES: &[&str] = &[LIVE_SHAPE, TEST_SHAPE];

/// How tokens of each shape begin.
const STARTS: [(&str, &str); 2] = [(LIVE_SHAPE, "ms_live_"), (TEST_SHAPE, "ms_test_")];
const PREFIX_CHARACTERS: usize = 8;
const SECRET_BYTES: usize = 32;
const MASK: &str = "_••••";

/// The contract's words for what a key may do.
const SCOPES: [(&str, &[Scope]); 13] = [
    ("emails:send", &[Scope::Send]),
    ("emails:read", &[Scope::Read]),
    ("domains:read", &[Scope::DomainsRead]),
    ("domains:write", &[Scope::Domains]),
    ("api-keys:read", &[Scope::KeysRead]),
    ("api-keys:write", &[Scope::Keys]),
    ("templates:read", &[Scope::TemplatesRead]),
    ("templates:write", &[Scope::Templates]),
    ("webhooks:read", &[Scope::WebhooksRead]),
    ("webhooks:write", &[Scope::Webhooks]),
    ("billing:read", &[Scope::BillingRead]),
    ("billing:write", &[Scope::Billing]),
    ("*", &[Scope::All]),
];

/// Those words alone.
pub(in super::super) const WORDS: [&str; SCOPES.len()] = {
    let mut words = [""; SCOPES.len()];
    let mut next = 0;
    while next < words.len() {
        words[next] = SCOPES[next].0;
        next += 1;
    }
    words
};

/// The contract's word for a scope; None for one that it does not know.
pub(in super::super) fn scope_word(scope: Scope) -> Option<&'static str> {
    SCOPES
        .iter()
        .find(|(_, own)| *own == [scope])
        .map(|(word, _)| *word)
}

/// What a word stands for; None for one that is none of the contract's.
pub(in super::super) fn scopes(word: &str) -> Option<&'static [Scope]> {
    SCOPES
        .iter()
        .find(|(own, _)| *own == word)
        .map(|(_, scopes)| *scopes)
}

/// A new token whose mail may leave.
pub fn live_token(entropy: &dyn Entropy) -> Token {
    token("ms_live_", entropy)
}

/// A new token whose mail is kept here.
pub fn test_token(entropy: &dyn Entropy) -> Token {
    token("ms_test_", entropy)
}

fn token(start: &str, entropy: &dyn Entropy) -> Token {
    let prefix = prefix(entropy);
    let secret = URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>(entropy));
    Token {
        whole: format!("{start}{prefix}_{secret}"),
        prefix,
    }
}

/// Eight of `a-z0-9`, each equally likely.
fn prefix(entropy: &dyn Entropy) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    // The most whole alphabets that a byte counts; bytes past them are thrown again.
    const FAIR: u8 = 252;
    let mut prefix = String::new();
    while prefix.len() < PREFIX_CHARACTERS {
        let fair = random::<16>(entropy)
            .into_iter()
            .filter(|byte| *byte < FAIR);
        prefix.extend(
            fair.take(PREFIX_CHARACTERS - prefix.len())
                .map(|byte| char::from(LETTERS[usize::from(byte % 36)])),
        );
    }
    prefix
}

/// The shape that a token has by its beginning.
pub(in super::super) fn shape_of(token: &str) -> Option<&'static str> {
    STARTS
        .iter()
        .find(|(_, start)| token.starts_with(start))
        .map(|(shape, _)| *shape)
}

/// The key that is asked for. It is of the caller's own shape: a test key makes test keys.
///
/// # Errors
/// `Invalid` for wrong types, unknown scopes and what is no time.
pub(in super::super) fn new_key(
    ask: ask::Key<'_>,
    caller: Option<&Key>,
) -> Result<NewScopedKey, Error> {
    let ask::Key {
        name,
        scopes,
        expires_at,
    } = ask;
    let test = caller.is_some_and(|key| key.shape == TEST_SHAPE);
    Ok(NewScopedKey {
        shape: if test { TEST_SHAPE } else { LIVE_SHAPE },
        shapes: SHAPES,
        token: if test { test_token } else { live_token },
        name: text(Field::Name, name)?.unwrap_or_default(),
        scopes: all_scopes(scopes)?,
        mode: test.then_some(Mode::Capture),
        expires_at: time(Field::ExpiresAt, expires_at)?,
    })
}

fn all_scopes(given: Given<List<'_>>) -> Result<Vec<Scope>, Error> {
    let words = match given {
        Given::Absent | Given::Null => return Ok(Vec::new()),
        Given::Value(List::Many(words)) => words,
        Given::Value(List::One(_)) | Given::Wrong => {
            return Err(Field::Scopes.error(Reason::Malformed));
        }
    };
    let mut all = Vec::new();
    for word in words {
        let word = value(word).ok_or_else(|| Field::Scopes.error(Reason::Malformed))?;
        let meant = scopes(&word).ok_or_else(|| Error::Invalid(vec![unknown(&word)]))?;
        for scope in meant {
            if !all.contains(scope) {
                all.push(*scope);
            }
        }
    }
    Ok(all)
}

fn unknown(word: &str) -> Problem {
    let shown: String = word.chars().take(SHOWN_CHARACTERS).collect();
    Field::Scopes.problem(Reason::Unknown).of(shown)
}

/// What is shown of a scope that nobody knows.
const SHOWN_CHARACTERS: usize = 100;

pub(in super::super) fn key(key: Key, now: Timestamp) -> answer::Key {
    let is_active = key.is_active(now);
    let start = STARTS.iter().find(|(shape, _)| *shape == key.shape);
    let start = start.map_or("", |(_, start)| start);
    let seconds = |at: Option<Timestamp>| at.map(Timestamp::rfc3339_seconds);
    answer::Key {
        id: key.uuid.to_string(),
        name: key.name,
        masked_key: format!("{start}{}{MASK}", key.prefix),
        key_prefix: key.prefix,
        scopes: key.scopes.into_iter().filter_map(scope_word).collect(),
        last_used_at: seconds(key.last_used_at),
        expires_at: seconds(key.expires_at),
        revoked_at: seconds(key.revoked_at),
        is_active,
        created_at: key.created_at.rfc3339_seconds(),
    }
}
