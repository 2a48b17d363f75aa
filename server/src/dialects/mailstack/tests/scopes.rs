//! Each operation with keys of each scope.

use axum::http::StatusCode;
use posthouse::model::key::Scope;

use super::super::convert::scope_word;
use super::house::House;

/// Every operation, and the scopes that reach it; the first is the one that is told as
/// missing.
const OPERATIONS: [(&str, &str, &[&str]); 33] = [
    ("POST", "/emails", &["emails:send"]),
    ("POST", "/emails/batch", &["emails:send"]),
    ("POST", "/emails/bulk", &["emails:send"]),
    ("POST", "/emails/lint", &["emails:send"]),
    ("POST", "/emails/x/cancel", &["emails:send"]),
    ("GET", "/emails", &["emails:read", "emails:send"]),
    ("GET", "/emails/x", &["emails:read", "emails:send"]),
    ("GET", "/messages", &["emails:read"]),
    ("GET", "/messages/x", &["emails:read"]),
    ("GET", "/messages/x/events", &["emails:read"]),
    ("GET", "/domains", &["domains:read", "domains:write"]),
    ("GET", "/domains/x", &["domains:read", "domains:write"]),
    (
        "GET",
        "/domains/x/blocklist",
        &["domains:read", "domains:write"],
    ),
    ("POST", "/domains", &["domains:write"]),
    ("POST", "/domains/x/verify", &["domains:write"]),
    ("DELETE", "/domains/x", &["domains:write"]),
    ("GET", "/api-keys", &["api-keys:read", "api-keys:write"]),
    ("POST", "/api-keys", &["api-keys:write"]),
    ("DELETE", "/api-keys/x", &["api-keys:write"]),
    ("GET", "/billing/usage", &["billing:read", "billing:write"]),
    ("PUT", "/billing/spend-cap", &["billing:write"]),
    ("GET", "/webhooks", &["webhooks:read", "webhooks:write"]),
    ("GET", "/webhooks/x", &["webhooks:read", "webhooks:write"]),
    (
        "GET",
        "/webhooks/x/deliveries",
        &["webhooks:read", "webhooks:write"],
    ),
    ("POST", "/webhooks", &["webhooks:write"]),
    ("PUT", "/webhooks/x", &["webhooks:write"]),
    ("DELETE", "/webhooks/x", &["webhooks:write"]),
    ("POST", "/webhooks/x/rotate-secret", &["webhooks:write"]),
    ("POST", "/webhooks/deliveries/x/replay", &["webhooks:write"]),
    ("GET", "/templates", &["templates:read", "templates:write"]),
    (
        "POST",
        "/templates/x/preview",
        &["templates:read", "templates:write"],
    ),
    ("POST", "/templates", &["templates:write"]),
    ("POST", "/templates/x/publish", &["templates:write"]),
];

#[tokio::test]
async fn a_key_reaches_as_far_as_its_scopes() {
    let house = House::open().await;
    let mut keys = Vec::new();
    for &scope in Scope::ALL {
        if let Some(word) = scope_word(scope) {
            keys.push((word, house.live(&[scope]).await));
        }
    }
    assert_eq!(keys.len(), 13);
    for (verb, path, scopes) in OPERATIONS {
        for (word, key) in &keys {
            let got = house.with(key, verb, path, "{}").await;
            let who = format!("{verb} {path} with {word}: {}", got.line());
            if *word == "*" || scopes.contains(word) {
                assert_ne!(got.status, StatusCode::FORBIDDEN, "{who}");
                assert_ne!(got.status, StatusCode::UNAUTHORIZED, "{who}");
            } else {
                let missing = format!("403 API key is missing the required scope: {}.", scopes[0]);
                assert_eq!(got.told(), missing, "{who}");
            }
        }
        let got = house.with("ms_live_x", verb, path, "{}").await;
        assert_eq!(
            got.told(),
            "401 Missing or invalid API key.",
            "{verb} {path}"
        );
    }
}

#[tokio::test]
async fn several_scopes_add_up() {
    let house = House::open().await;
    let key = house.live(&[Scope::Send, Scope::DomainsRead]).await;
    for (path, status) in [
        ("/emails", StatusCode::OK),
        ("/domains", StatusCode::OK),
        ("/messages", StatusCode::FORBIDDEN),
        ("/api-keys", StatusCode::FORBIDDEN),
    ] {
        let got = house.with(&key, "GET", path, "").await;
        assert_eq!(got.status, status, "{path}");
    }
}

#[tokio::test]
async fn nobody_gives_away_what_they_have_not() {
    let house = House::open().await;
    let key = house.live(&[Scope::Keys, Scope::Send]).await;
    let ask = |scopes: &str| format!(r#"{{"name":"k {}","scopes":[{scopes}]}}"#, scopes.len());
    for (scopes, expected) in [
        (r#""emails:send""#, "200"),
        (r#""api-keys:read""#, "200"),
        (r#""emails:send","api-keys:write""#, "200"),
        (r#""emails:send","domains:read""#, "403 domains:read"),
        (r#""*""#, "403 *"),
        (r#""emails:fly""#, "400 emails:fly"),
    ] {
        let got = house.with(&key, "POST", "/api-keys", ask(scopes)).await;
        let told = match got.status.as_u16() {
            200 => String::from("200"),
            status => {
                let told = got.told();
                let scope = told.rsplit(' ').next().unwrap().trim_end_matches('.');
                format!("{status} {scope}")
            }
        };
        assert_eq!(told, expected, "{scopes} {}", got.body);
    }
}
