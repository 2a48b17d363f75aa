//! The operations, over all of HTTP but the sockets.

mod emails;
mod house;
mod log;
mod managing;
mod scopes;
mod templates;
mod webhooks;

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use posthouse::model::organization::Standing;
use posthouse::ops::organizations::OrganizationChange;
use serde_json::{Value, json};

use house::{House, request};

/// An email that is accepted.
fn good() -> Value {
    json!({"from": "hello@shop.example", "to": "kim@c.test", "subject": "Hi", "text": "Hi"})
}

/// The same with other fields.
fn with(change: &Value) -> Value {
    let mut email = good();
    for (key, value) in change.as_object().unwrap() {
        email[key] = value.clone();
    }
    email
}

#[tokio::test]
async fn a_key_is_shown_as_a_bearers() {
    let house = House::open().await;
    let key = &house.key;
    let refusal = concat!(
        r#"401 {"error":"Missing or invalid API key.","title":"Unauthorized","#,
        r#""status":401,"detail":"Missing or invalid API key."}"#
    );
    for (value, known) in [
        (format!("Bearer {key}"), true),
        (format!("bearer   {key} "), true),
        (key.clone(), false),
        (format!("Basic {key}"), false),
        (format!("Bearer {}", &key[1..]), false),
        (format!("Bearer {}x", key), false),
        (format!("Bearer {}", key.replace("live", "test")), false),
        ("Bearer ms_live_abc12xyz_ZmFrZXNlY3JldA".to_owned(), false),
        ("Bearer ".to_owned(), false),
    ] {
        let header = format!("Authorization: {value}");
        let got = house
            .ask(request("GET", "/v1/emails", &[&header], Body::empty()))
            .await;
        if known {
            assert_eq!(got.line(), "200 []", "{value}");
        } else {
            assert_eq!(got.line(), refusal, "{value}");
            assert_eq!(got.headers["www-authenticate"], "Bearer");
        }
    }
    let nothing = house.ask(request("GET", "/v1/emails", &[], Body::empty()));
    assert_eq!(nothing.await.line(), refusal);
}

#[tokio::test]
async fn a_key_that_has_ended_is_unknown() {
    let house = House::open().await;
    let ask = r#"{"name":"CI","scopes":["emails:read"],"expiresAt":"2026-06-18T12:00:00+01:00"}"#;
    let made = house.call("POST", "/api-keys", ask).await;
    let (key, id) = (made.text("/fullKey"), made.text("/key/id"));
    let list = async || house.with(&key, "GET", "/emails", "").await.status;
    assert_eq!(list().await, StatusCode::OK);
    house.hand.forward(Duration::from_secs(3600));
    assert_eq!(list().await, StatusCode::UNAUTHORIZED);

    let ask = r#"{"name":"CI","scopes":["emails:read"]}"#;
    let taken = house.call("POST", "/api-keys", ask).await;
    assert_eq!(
        taken.told(),
        "409 An API key with this name already exists."
    );
    let revoked = house.call("DELETE", &format!("/api-keys/{id}"), "").await;
    assert_eq!(revoked.line(), r#"200 {"status":"ok"}"#);
    let made = house.call("POST", "/api-keys", ask).await;
    let (key, id) = (made.text("/fullKey"), made.text("/key/id"));
    let list = async || house.with(&key, "GET", "/emails", "").await.status;
    assert_eq!(list().await, StatusCode::OK);
    for _ in 0..2 {
        let revoked = house.call("DELETE", &format!("/api-keys/{id}"), "").await;
        assert_eq!(revoked.line(), r#"200 {"status":"ok"}"#);
    }
    assert_eq!(list().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_organization_has_to_be_the_keys_own_and_active() {
    let house = House::open().await;
    let own = house.operator.organization_uuid().to_string();
    let key = format!("Authorization: Bearer {}", house.key);
    for (named, expected) in [
        (own.clone(), "200"),
        (own.to_uppercase(), "200"),
        (String::from(" "), "200"),
        (uuid::Uuid::nil().to_string(), "403"),
        (String::from("x"), "403"),
    ] {
        let header = format!("X-MailStack-Org: {named}");
        let got = house
            .ask(request(
                "GET",
                "/v1/domains",
                &[&key, &header],
                Body::empty(),
            ))
            .await;
        assert!(got.line().starts_with(expected), "{named} {}", got.line());
    }
    let standing = |standing| OrganizationChange {
        standing: Some(standing),
        ..OrganizationChange::default()
    };
    let refusal = "403 No active organization.";
    house.set(standing(Standing::NoPlan)).await;
    assert_eq!(house.call("GET", "/emails", "").await.line(), "200 []");
    let send = house.call("POST", "/emails", good().to_string()).await;
    assert_eq!(send.told(), refusal);
    house.set(standing(Standing::Disabled)).await;
    assert_eq!(house.call("GET", "/emails", "").await.told(), refusal);
    let send = house.call("POST", "/emails", "{").await;
    assert_eq!(send.told(), refusal);
}

#[tokio::test]
async fn checks_come_in_their_order() {
    use posthouse::model::key::Scope;
    let house = House::open().await;
    let reader = house.live(&[Scope::Read]).await;
    let json = "400 Invalid JSON body.";
    for (key, body, expected) in [
        ("x", "{", "401 Missing or invalid API key."),
        (
            reader.as_str(),
            "{",
            "403 API key is missing the required scope: emails:send.",
        ),
        (&house.key, "{", json),
        (&house.key, "", json),
        (&house.key, "[]", json),
        (&house.key, "null", json),
        (&house.key, "{}", "400 From is required."),
        (
            &house.key,
            r#"{"from":"a@other.test","to":"x"}"#,
            "400 x is not a valid email address.",
        ),
        (
            &house.key,
            r#"{"from":"a@other.test","to":"a@b.test","subject":"s","text":"t"}"#,
            "400 The from domain is not verified.",
        ),
    ] {
        let got = house.with(key, "POST", "/emails", body.to_owned()).await;
        assert_eq!(got.told(), expected, "{body}");
    }
}

#[tokio::test]
async fn routes_and_methods_that_are_not_there() {
    let house = House::open().await;
    let route = concat!(
        r#"404 {"error":"Not found.","title":"Not Found","status":404,"#,
        r#""detail":"Not found."}"#
    );
    let method = concat!(
        r#"405 {"error":"Method not allowed.","title":"Method Not Allowed","#,
        r#""status":405,"detail":"Method not allowed."}"#
    );
    for (verb, path, expected, allow) in [
        ("GET", "/v1", route, None),
        ("GET", "/v1/", route, None),
        ("GET", "/v1/x", route, None),
        ("POST", "/v1/billing/setup-intent", route, None),
        ("POST", "/v1/billing/payment-method/sync", route, None),
        ("GET", "/v1/billing/portal?returnUrl=x", route, None),
        ("PUT", "/v1/emails", method, Some("GET,HEAD,POST")),
        ("DELETE", "/v1/emails/batch", method, Some("POST")),
        (
            "PATCH",
            "/v1/webhooks/x/",
            method,
            Some("GET,HEAD,PUT,DELETE"),
        ),
        ("GET", "/v1/api-keys/x", method, Some("DELETE")),
    ] {
        let got = house.ask(request(verb, path, &[], Body::empty())).await;
        assert_eq!(got.line(), expected, "{verb} {path}");
        assert_eq!(got.headers["content-type"], "application/json");
        let allowed = got
            .headers
            .get("allow")
            .map(|value| value.to_str().unwrap());
        assert_eq!(allowed, allow, "{verb} {path}");
    }
    let other = house.ask(request("GET", "/v1x", &[], Body::empty())).await;
    assert_eq!(other.line(), r#"404 {"error":"Not found"}"#);
}

#[tokio::test]
async fn ids_that_are_none_and_foreign_ones_are_missed_alike() {
    let house = House::open().await;
    let id = house.sent(&good()).await;
    house.engine.create_organization("other").await.unwrap();
    let other = house.engine.operator(Some("other")).await.unwrap();
    let all = [posthouse::model::key::Scope::All];
    let stranger = house.made(&other, super::LIVE_SHAPE, &all).await;
    let nil = uuid::Uuid::nil().to_string();
    for id in [id.as_str(), &nil, "x", "%ff", "1"] {
        for (verb, path, body) in [
            ("GET", "/emails/{}", ""),
            ("POST", "/emails/{}/cancel", ""),
            ("GET", "/messages/{}", ""),
            ("GET", "/messages/{}/events", ""),
            ("GET", "/domains/{}", ""),
            ("POST", "/domains/{}/verify", ""),
            ("DELETE", "/domains/{}", ""),
            ("GET", "/domains/{}/blocklist", ""),
            ("DELETE", "/api-keys/{}", ""),
            ("GET", "/webhooks/{}", ""),
            ("PUT", "/webhooks/{}", "{}"),
            ("DELETE", "/webhooks/{}", ""),
            ("POST", "/webhooks/{}/rotate-secret", ""),
            ("GET", "/webhooks/{}/deliveries", ""),
            ("POST", "/webhooks/deliveries/{}/replay", ""),
            ("GET", "/templates/{}", ""),
            ("PUT", "/templates/{}", "{}"),
            ("DELETE", "/templates/{}", ""),
            ("POST", "/templates/{}/publish", ""),
            ("POST", "/templates/{}/preview", "{}"),
        ] {
            let path = path.replace("{}", id);
            let got = house.with(&stranger, verb, &path, body).await;
            assert_eq!(got.told(), "404 Not found.", "{verb} {path}");
        }
    }
}

#[tokio::test]
async fn a_closed_engine_is_busy_and_large_bodies_are_refused() {
    let house = House::open().await;
    let limit = posthouse::limits::REQUEST_BODY_BYTES;
    let mib = Bytes::from(vec![b' '; 1024 * 1024]);
    let pieces = vec![mib; limit / (1024 * 1024) + 1];
    let pieces = pieces.into_iter().map(Ok::<_, std::io::Error>);
    let endless = Body::from_stream(futures_util::stream::iter(pieces));
    let got = house.call("POST", "/emails", endless).await;
    assert_eq!(got.told(), "413 Request body too large.");
    let large = vec![b' '; 1024 * 1024 + 1];
    let got = house.call("POST", "/api-keys", large).await;
    assert_eq!(got.told(), "413 Request body too large.");

    house.engine.close().await;
    let got = house.call("POST", "/emails", good().to_string()).await;
    assert_eq!(got.told(), "503 Service temporarily unavailable.");
    assert_eq!(got.headers["retry-after"], "1");
}
