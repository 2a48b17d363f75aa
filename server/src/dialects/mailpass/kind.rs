//! The kind of keys: a bearer's, with permissions.

use posthouse::ops::keys::Keeping;
use serde_json::json;

use super::super::kind::{Bound, Call, KeyKind, Make, Names, PLAINLY, Submitting};
use super::convert::{LIVE_SHAPE, SHAPES, TERMS, TEST_SHAPE, live_token, scopes, test_token};

/// Keys of the API.
pub const KEY: KeyKind = KeyKind {
    name: "mailpass",
    about: "sends through a provider, reports bounces",
    bound: Bound::Organization,
    names: Names::Unique,
    keeping: Keeping::HashOnly,
    shapes: SHAPES,
    live: Make {
        shape: LIVE_SHAPE,
        start: "",
        token: live_token,
    },
    test: Some(Make {
        shape: TEST_SHAPE,
        start: "",
        token: test_token,
    }),
    // Behind the others nothing stands.
    words: &["mail", "subscribers", "*"],
    ordinary: &["mail"],
    scopes,
    call: |token, host| {
        let body = json!({
            "from_email": format!("me@{host}"),
            "to": "you@example.org",
            "subject": "A first mail",
            "text": "It works.",
        });
        Call {
            path: "/api/v1/mail/send",
            credential: ("Authorization", format!("Bearer {token}")),
            body: Some(body.to_string()),
        }
    },
};

/// Mail by SMTP; the contract does not know it, so it is held to the API's terms.
pub(in super::super) const SUBMITTING: Submitting = Submitting {
    shapes: SHAPES,
    terms: Some(TERMS),
    ..PLAINLY
};
