//! The operations, over all of HTTP but the sockets.

mod house;
mod log;
mod managing;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use posthouse::model::suppression::SuppressionReason;
use serde_json::{Value, json};

use house::{Got, House, request};

const JSON: &str = "Content-Type: application/json";
const GOOD: &str = r#"{"from":"Shop <hello@shop.test>","to":"kim@c.test","textbody":"Hi"}"#;

impl House {
    async fn post(&self, path: &str, headers: &[&str], body: impl Into<Body>) -> Got {
        self.ask(request("POST", path, headers, body.into())).await
    }
}

fn token(name: &str, value: &str) -> String {
    format!("{name}: {value}")
}

#[tokio::test]
async fn sends_on_every_path_with_every_header() {
    let house = House::open().await;
    let mut id = 0;
    for path in ["/api/v1/send", "/api/v1/send/", "/send", "/send/"] {
        for name in [
            "MailPace-Server-Token",
            "Mailpace-Server-Token",
            "OhMySMTP-Server-Token",
        ] {
            let got = house
                .post(path, &[&token(name, &house.server), JSON], GOOD)
                .await;
            id += 1;
            assert_eq!(
                got.line(),
                format!(r#"200 {{"id":{id},"status":"pending"}}"#)
            );
            assert_eq!(got.headers["content-type"], "application/json");
        }
    }
}

#[tokio::test]
async fn checks_come_in_their_order() {
    let house = House::open().await;
    let known = token("MailPace-Server-Token", &house.server);
    let wrong = "MailPace-Server-Token: 00000000-0000-4000-8000-000000000000";
    let other = token("MailPace-Organization-Token", &house.organization);
    let mixed = token("MailPace-Server-Token", &house.organization);
    let missing = r#"401 {"error":"Missing API Token"}"#;
    let format = r#"406 {"error":"Invalid request format or content type"}"#;
    let unknown = r#"400 {"error":"Invalid API Token"}"#;
    let sender = r#"400 {"error":"Email from address not parseable"}"#;
    for (headers, body, expected) in [
        (&[][..], "{", missing),
        (&["MailPace-Server-Token:  ", JSON], GOOD, missing),
        (&[other.as_str(), JSON], GOOD, missing),
        (&[wrong], GOOD, format),
        (&[wrong, "Content-Type: text/plain"], GOOD, format),
        (&[wrong, JSON, "Accept: text/html"], GOOD, format),
        (&[wrong, JSON], "{", format),
        (&[wrong, JSON], "[]", format),
        (&[wrong, JSON], r#"{"to":5}"#, unknown),
        (&[mixed.as_str()], "{", missing),
        (&[known.as_str(), JSON], "", format),
        (&[known.as_str(), JSON], "null", format),
        (&[known.as_str(), JSON], r#"{"to":5}"#, sender),
        (
            &[known.as_str(), JSON],
            r#"{"from":"a@shop.test\r\nBcc: x@y.test"}"#,
            sender,
        ),
    ] {
        let got = house.post("/api/v1/send", headers, body).await;
        assert_eq!(got.line(), expected, "{headers:?} {body}");
    }
}

#[tokio::test]
async fn says_what_is_wrong_with_each_field() {
    let house = House::open().await;
    let many = vec!["a@b.test"; 51].join(",");
    let invalid = json!(["is invalid"]);
    let blocked_name =
        json!(["Extension file type blocked, see Docs for full list of allowed file types"]);
    let too_many = json!(["number of email addresses exceeds maximum volume"]);
    let file = |name: &str, content: &str| json!([{"name": name, "content": content}]);
    for (change, errors) in [
        (json!({"to": null}), json!({"to": ["undefined field"]})),
        (json!({"to": "x"}), json!({"to": invalid})),
        (json!({"to": 5}), json!({"to": invalid})),
        (json!({"to": many}), json!({"to": too_many})),
        (
            json!({"cc": "x", "bcc": many}),
            json!({"cc": invalid, "bcc": too_many}),
        ),
        (
            json!({"textbody": ""}),
            json!({"htmlbody": ["undefined field"], "textbody": ["undefined field"]}),
        ),
        (json!({"textbody": 1}), json!({"textbody": invalid})),
        (json!({"subject": "a\nb"}), json!({"subject": invalid})),
        (
            json!({"subject": "x".repeat(9000)}),
            json!({"subject": invalid}),
        ),
        (json!({"replyto": "x"}), json!({"replyto": invalid})),
        (json!({"inreplyto": "a\rb"}), json!({"inreplyto": invalid})),
        (
            json!({"references": "a\u{0}b"}),
            json!({"references": invalid}),
        ),
        (
            json!({"list_unsubscribe": "a\nb"}),
            json!({"list_unsubscribe": invalid}),
        ),
        (json!({"tags": vec!["t"; 51]}), json!({"tags": invalid})),
        (json!({"tags": "t".repeat(256)}), json!({"tags": invalid})),
        (
            json!({"attachments": file("a.exe", "")}),
            json!({"attachments.name": blocked_name}),
        ),
        (
            json!({"attachments": file("a.b.pdf", "")}),
            json!({"attachments.name": blocked_name}),
        ),
        (
            json!({"attachments": file("a.pdf", "*")}),
            json!({"attachments.content": invalid}),
        ),
        (json!({"attachments": {}}), json!({"attachments": invalid})),
    ] {
        let mut body: Value = serde_json::from_str(GOOD).unwrap();
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let got = house.send(body.to_string()).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{change} {}", got.body);
        assert_eq!(got.json(), json!({"errors": errors}), "{change}");
    }
}

#[tokio::test]
async fn blocked_addresses_are_told_by_field() {
    let house = House::open().await;
    let domain = Some(house.domain.id);
    house
        .engine
        .suppress(
            &house.operator,
            domain,
            "no@c.test",
            (SuppressionReason::Manual, None),
        )
        .await
        .unwrap();
    let body = r#"{"from":"a@shop.test","to":"yes@c.test","cc":"NO@c.test","textbody":"x"}"#;
    assert_eq!(
        house.send(body).await.line(),
        r#"400 {"errors":{"cc":["contains a blocked address"]}}"#
    );
}

#[tokio::test]
async fn another_domain_may_not_be_sent_from() {
    let house = House::open().await;
    for from in ["a@other.test", "a@sub.shop.test"] {
        let body = json!({"from": from, "to": "x@c.test", "textbody": "x"});
        assert_eq!(
            house.send(body.to_string()).await.line(),
            r#"403 {"error":"Verified domain does not match domain in From address of email"}"#
        );
    }
}

#[tokio::test]
async fn hostile_json_is_refused() {
    let house = House::open().await;
    let format = r#"406 {"error":"Invalid request format or content type"}"#;
    let deep =
        |open: &str, close: &str| format!(r#"{{"x":{}1{}}}"#, open.repeat(200), close.repeat(200));
    let twice = format!("{GOOD}{GOOD}");
    for body in [
        Bytes::from(deep("[", "]")),
        Bytes::from(deep(r#"{"a":"#, "}")),
        Bytes::from("[".repeat(500_000)),
        Bytes::from_static(b"{\"x\":\"\xff\"}"),
        Bytes::from_static(b"\xef\xbb\xbf{}"),
        Bytes::from_static(b"{\"to\":\"\\ud800\"}"),
        Bytes::from(twice),
    ] {
        assert_eq!(house.send(body).await.line(), format);
    }
}

#[tokio::test]
async fn large_bodies_are_refused_by_word_and_by_deed() {
    let house = House::open().await;
    let known = token("MailPace-Server-Token", &house.server);
    let wrong = "MailPace-Server-Token: nobody";
    let size = r#"413 {"error":"Email exceeds maximum size"}"#;
    let unknown = r#"400 {"error":"Invalid API Token"}"#;
    let limit = posthouse::limits::REQUEST_BODY_BYTES;
    let mib = Bytes::from(vec![b' '; 1024 * 1024]);
    let endless = |mib_count: usize| {
        let pieces = vec![mib.clone(); mib_count];
        Body::from_stream(futures_util::stream::iter(
            pieces.into_iter().map(Ok::<_, std::io::Error>),
        ))
    };
    for (token, declared, body, expected) in [
        (known.as_str(), Some(limit + 1), Body::empty(), size),
        (known.as_str(), None, endless(76), size),
        (wrong, Some(1024 * 1024 + 1), Body::empty(), unknown),
        (wrong, None, endless(2), unknown),
    ] {
        let length = declared.map(|bytes| format!("Content-Length: {bytes}"));
        let headers: Vec<&str> = [Some(token), Some(JSON), length.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let got = house.post("/api/v1/send", &headers, body).await;
        assert_eq!(got.line(), expected);
    }
}

#[tokio::test]
async fn a_large_message_is_taken_and_one_over_the_limit_is_not() {
    let house = House::open().await;
    let send = |bytes: usize| {
        let content = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            vec![b'x'; bytes],
        );
        let body = json!({"from": "a@shop.test", "to": "x@c.test", "textbody": "x",
            "attachments": [{"name": "a.txt", "content": content}]});
        house.send(body.to_string())
    };
    assert_eq!(send(1_000_000).await.status, StatusCode::OK);
    assert_eq!(
        send(40_000_000).await.line(),
        r#"413 {"error":"Email exceeds maximum size"}"#
    );
}

#[tokio::test]
async fn an_idempotency_key_replays_the_answer() {
    let house = House::open().await;
    let known = token("MailPace-Server-Token", &house.server);
    let send = |key: String, body: &'static str| {
        let (house, known) = (&house, &known);
        async move {
            let key = format!("Idempotency-Key: {key}");
            house.post("/send", &[known, JSON, &key], body).await.line()
        }
    };
    let first = r#"200 {"id":1,"status":"pending"}"#;
    let second = r#"200 {"id":2,"status":"pending"}"#;
    assert!(send("k".into(), "{}").await.starts_with("400"));
    assert_eq!(send("k".into(), GOOD).await, first);
    assert_eq!(send("k".into(), GOOD).await, first);
    assert_eq!(send("k".into(), "{}").await, first);
    assert_eq!(send(String::new(), GOOD).await, second);
    assert_eq!(
        send("x".repeat(256), GOOD).await,
        r#"400 {"error":"Idempotency-Key is invalid"}"#
    );
    assert_eq!(
        send("x".repeat(255), GOOD).await,
        r#"200 {"id":3,"status":"pending"}"#
    );
}

#[tokio::test]
async fn a_rate_is_told_with_the_time_to_wait() {
    let house = House::open().await;
    let (operator, id) = (&house.operator, posthouse::ids::KeyId(2));
    let change = posthouse::ops::keys::KeyChange {
        rate_per_minute: Some(Some(1)),
        ..Default::default()
    };
    house
        .engine
        .set_key(operator, None, id, change)
        .await
        .unwrap();
    assert_eq!(house.send(GOOD).await.status, StatusCode::OK);
    let got = house.send(GOOD).await;
    assert_eq!(
        got.line(),
        r#"429 {"error":"You are sending emails too quickly"}"#
    );
    let seconds: u64 = got.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_closed_engine_is_busy() {
    let house = House::open().await;
    house.engine.close().await;
    let got = house.send(GOOD).await;
    assert_eq!(
        got.line(),
        r#"503 {"error":"Service temporarily unavailable, please retry"}"#
    );
    assert_eq!(got.headers["retry-after"], "1");
}

#[tokio::test]
async fn routes_and_methods_that_are_not_there() {
    let house = House::open().await;
    let route = r#"404 {"error":"Not found"}"#;
    let method = r#"405 {"error":"Method not allowed"}"#;
    for (verb, path, expected, allow) in [
        ("GET", "/api/v1/send", method, Some("POST")),
        ("DELETE", "/send/", method, Some("POST")),
        ("PUT", "/api/v1/domains/1", method, Some("GET,HEAD,PATCH")),
        ("DELETE", "/api/v1/domains/", method, Some("GET,HEAD,POST")),
        (
            "POST",
            "/api/v1/domains/1/api_tokens/2",
            method,
            Some("GET,HEAD,PATCH,DELETE"),
        ),
        ("POST", "/api/v1/send/x", route, None),
        ("GET", "/api/v1/domains/1/x", route, None),
        ("GET", "/api/v1/domainsx", route, None),
        ("GET", "/", route, None),
        ("PUT", "/healthz", method, Some("GET,HEAD")),
    ] {
        let got = house.ask(request(verb, path, &[], Body::empty())).await;
        assert_eq!(got.line(), expected, "{verb} {path}");
        let allowed = got
            .headers
            .get("allow")
            .map(|value| value.to_str().unwrap());
        assert_eq!(allowed, allow, "{verb} {path}");
    }
}
