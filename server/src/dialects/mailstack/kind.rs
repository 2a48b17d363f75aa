//! The kind of keys: a bearer's, with scopes.

use posthouse::ops::keys::Keeping;
use serde_json::json;

use super::super::kind::{Bound, Call, KeyKind, Make, Names, PLAINLY, Submitting};
use super::convert::{
    LIVE_SHAPE, SHAPES, TERMS, TEST_SHAPE, WORDS, live_token, scopes, test_token,
};

/// Keys of the API.
pub const KEY: KeyKind = KeyKind {
    name: "mailstack",
    about: "sends, schedules, templates, webhooks",
    bound: Bound::Organization,
    names: Names::Unique,
    keeping: Keeping::HashOnly,
    shapes: SHAPES,
    live: Make {
        shape: LIVE_SHAPE,
        start: "ms_live_",
        token: live_token,
    },
    test: Some(Make {
        shape: TEST_SHAPE,
        start: "ms_test_",
        token: test_token,
    }),
    words: &WORDS,
    ordinary: &["emails:send", "emails:read"],
    scopes,
    call: |token, host| {
        let body = json!({
            "from": format!("me@{host}"),
            "to": ["you@example.org"],
            "subject": "A first mail",
            "text": "It works.",
        });
        Call {
            path: "/v1/emails",
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
