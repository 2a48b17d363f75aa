//! Between the engine's values and the contract's.

pub(super) mod account;
pub(super) mod address;
pub(super) mod ask;
pub(super) mod domain;
pub(super) mod mail;
pub(super) mod message;
pub(super) mod outgoing;

use posthouse::ids::Entropy;
use posthouse::model::key::Scope;
use posthouse::ops::scoped_keys::Token;

use super::super::kind::known_by_its_start;
use crate::http::credential::base36;

/// The shape of keys.
pub const SHAPE: &str = "mailsac";
const START: &str = "k_";
const RANDOM_CHARACTERS: usize = 32;

/// A new key.
pub fn token(entropy: &dyn Entropy) -> Token {
    known_by_its_start(base36(START, RANDOM_CHARACTERS, entropy))
}

/// What a key may do. The contract has no words for that: each stands for a whole account.
#[must_use]
pub fn scopes(word: &str) -> Option<&'static [Scope]> {
    match word {
        "account" => Some(&[Scope::Mail, Scope::Send]),
        _ => None,
    }
}
