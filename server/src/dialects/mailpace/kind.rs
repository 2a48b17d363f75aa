//! The kinds of keys: server tokens and organization tokens.

use posthouse::model::email::Terms;
use posthouse::model::key::Scope;
use posthouse::ops::keys::Keeping;
use serde_json::json;

use super::super::kind::{
    Bound, Call, Extra, KeyKind, Make, Names, Submitting, known_by_its_start,
};
use super::convert::{
    EXTENSIONS, ORGANIZATION_SHAPE, SERVER_SHAPE, organization_token, server_token,
};
use super::refuse;

/// Server tokens: they send from one domain, and the API shows them again.
pub const SERVER: KeyKind = KeyKind {
    name: "mailpace",
    about: "sends from one domain",
    bound: Bound::Domain,
    names: Names::Free,
    keeping: Keeping::Readable,
    shapes: &[SERVER_SHAPE],
    live: Make {
        shape: SERVER_SHAPE,
        start: "",
        token: |entropy| known_by_its_start(server_token(entropy)),
    },
    test: None,
    words: &["send"],
    ordinary: &["send"],
    scopes: |word| (word == "send").then_some(&[Scope::Send]),
    call: |token, host| {
        let body = json!({
            "from": format!("Me <me@{host}>"),
            "to": "you@example.org",
            "subject": "A first mail",
            "textbody": "It works.",
        });
        Call {
            path: "/api/v1/send",
            credential: ("MailPace-Server-Token", token.to_owned()),
            body: Some(body.to_string()),
        }
    },
};

/// Organization tokens: they manage domains and their tokens.
pub const ORGANIZATION: KeyKind = KeyKind {
    name: "mailpace-organization",
    about: "manages domains and their tokens",
    bound: Bound::Organization,
    names: Names::Free,
    keeping: Keeping::HashOnly,
    shapes: &[ORGANIZATION_SHAPE],
    live: Make {
        shape: ORGANIZATION_SHAPE,
        start: "",
        token: |entropy| known_by_its_start(organization_token(entropy)),
    },
    test: None,
    words: &["domains"],
    ordinary: &["domains"],
    scopes: |word| (word == "domains").then_some(&[Scope::Domains]),
    call: |token, _| Call {
        path: "/api/v1/domains",
        credential: ("MailPace-Organization-Token", token.to_owned()),
        body: None,
    },
};

/// Mail by SMTP: section 8 of the contract. The names of the header fields are of all three
/// names that the vendor has had.
pub(in super::super) const SUBMITTING: Submitting = Submitting {
    shapes: &[SERVER_SHAPE],
    terms: Some(Terms::ORDINARY),
    extensions: Some(EXTENSIONS),
    fields: &[
        ("X-MailPace-Tags", Extra::Tags),
        ("X-OhMySMTP-Tags", Extra::Tags),
        ("X-OMS-Tags", Extra::Tags),
        ("X-List-Unsubscribe", Extra::ListUnsubscribe),
    ],
    words: refuse::words,
};
