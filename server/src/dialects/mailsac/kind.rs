//! The kind of keys: an account's, in a header field of its own.

use posthouse::ops::keys::Keeping;

use super::super::kind::{Bound, Call, KeyKind, Make, Names};
use super::convert::{SHAPE, scopes, token};

/// Keys of the API.
pub const KEY: KeyKind = KeyKind {
    name: "mailsac",
    about: "reads the mail of addresses, reserves and routes them",
    bound: Bound::Organization,
    names: Names::Unique,
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
    call: |token, _| Call {
        path: "/api/me",
        credential: ("Mailsac-Key", token.to_owned()),
        body: None,
    },
};
