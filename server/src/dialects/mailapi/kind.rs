//! The kind of keys: a person's, 32 letters and digits.

use posthouse::ids::Entropy;
use posthouse::model::key::Scope;
use posthouse::ops::keys::Keeping;
use posthouse::ops::scoped_keys::Token;
use serde_json::json;

use super::super::kind::{Bound, Call, KeyKind, Make, Names, known_by_its_start};
use super::convert::SHAPE;
use crate::http::credential::base62;

const CHARACTERS: usize = 32;

/// Keys of the API.
pub const KEY: KeyKind = KeyKind {
    name: "mailapi",
    about: "makes domains and mailboxes, tells what became of them",
    bound: Bound::User,
    names: Names::Free,
    keeping: Keeping::HashOnly,
    shapes: &[SHAPE],
    live: Make {
        shape: SHAPE,
        start: "",
        token,
    },
    test: None,
    words: &["account"],
    ordinary: &["account"],
    scopes,
    call: |token, host| {
        let body = json!({
            "Email_fullname": "kim",
            "single_bulk": "single",
            "Domain": host,
            "Params": {"quota_mb": 1024},
        });
        Call {
            path: "/api/v1/create/mailbox/single",
            credential: ("X-Api-Key", token.to_owned()),
            body: Some(body.to_string()),
        }
    },
};

fn token(entropy: &dyn Entropy) -> Token {
    known_by_its_start(base62("", CHARACTERS, entropy))
}

fn scopes(word: &str) -> Option<&'static [Scope]> {
    match word {
        "account" => Some(&[Scope::Domains, Scope::Mailboxes]),
        _ => None,
    }
}
