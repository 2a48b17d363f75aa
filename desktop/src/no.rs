//! What the page is told when something was not done: the console's own form.

use std::collections::BTreeMap;

use posthouse_server::console::wire::{Refused, RefusedBody, RefusedKind};
use serde_json::{Value, json};

/// A refusal, as JSON: `{"error": {…}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct No(pub Value);

impl No {
    /// A refusal of this kind.
    pub fn new(kind: RefusedKind, code: &str, message: impl Into<String>) -> Self {
        Self::told(Refused {
            kind,
            code: code.to_owned(),
            message: message.into(),
            fields: BTreeMap::new(),
            wait_ms: None,
            request: None,
        })
    }

    /// The input is wrong in this field.
    pub fn field(name: &str, words: &str) -> Self {
        Self::told(Refused {
            kind: RefusedKind::Invalid,
            code: String::from("invalid"),
            message: words.to_owned(),
            fields: BTreeMap::from([(name.to_owned(), words.to_owned())]),
            wait_ms: None,
            request: None,
        })
    }

    /// What a command of the console's said.
    #[must_use]
    pub fn told(refused: Refused) -> Self {
        let body = serde_json::to_value(RefusedBody { error: refused });
        Self(body.unwrap_or_default())
    }

    /// A server does not answer.
    pub fn unreachable(message: impl Into<String>) -> Self {
        let error = json!({
            "kind": "unreachable", "code": "unreachable", "message": message.into(),
            "fields": {}, "wait_ms": null, "request": null,
        });
        Self(json!({ "error": error }))
    }

    /// It went wrong here.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::new(RefusedKind::Internal, "internal", format!("{error}."))
    }

    /// The word for what it is.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0["error"]["code"].as_str().unwrap_or_default()
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0["error"]["message"].as_str().unwrap_or_default()
    }
}
