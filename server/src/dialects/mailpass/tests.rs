//! The operations, over all of HTTP but the sockets.

mod house;

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use posthouse::engine::{OnTemporary, SendNow};
use posthouse::feed::Change;
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use super::*;
use house::House;

const GOOD: &str = r#"{"to":"kim@c.test","subject":"Hi","text":"Hi","from_email":"a@shop.test"}"#;
const NO_JSON: &str =
    r#"400 {"success":false,"error":{"code":"VALIDATION_ERROR","message":"Invalid JSON body."}}"#;
const STRANGER: &str = r#"401 {"success":false,"error":{"code":"UNAUTHORIZED","message":"Invalid or missing API key."}}"#;
const TOO_LARGE: &str = r#"413 {"success":false,"error":{"code":"VALIDATION_ERROR","message":"The request body is too large."}}"#;

#[test]
fn it_owns_its_own_paths_and_no_others() {
    for (path, owns) in [
        ("/api/v1/mail", true),
        ("/api/v1/mail/", true),
        ("/api/v1/mail/status/x", true),
        ("/api/v1/bounces", true),
        ("/api/v1/otp/send", true),
        ("/api/v1/webhooks/ses", true),
        ("/api/v1/subscribers/1", true),
        ("/api/v1/campaigns", true),
        ("/api/v1/mailx", false),
        ("/api/v1/send", false),
        ("/api/v1/domains", false),
        ("/api/v1/list", false),
        ("/api/v1/create", false),
        ("/api/v1/get", false),
        ("/v1/mail/send", false),
        ("/api/v1", false),
        ("/", false),
    ] {
        assert_eq!(MailPass.owns(path), owns, "{path}");
    }
}

#[tokio::test]
async fn a_message_is_sent_and_asked_for() {
    let house = House::open().await;
    let (workers, _) = house.engine.work().await.unwrap();
    let sent = house.send(GOOD).await;
    workers.stop(Duration::ZERO).await;
    assert_eq!(sent.headers["content-type"], "application/json");
    let sent = sent.json();
    let id = sent["data"]["message_id"].as_str().unwrap();
    assert_eq!(
        sent,
        json!({"success": true, "data": {
            "message_id": id, "status": "sent", "to": "kim@c.test", "from": "a@shop.test"}})
    );
    let path = format!("/mail/status/{}", id.trim_matches(['<', '>']));
    let told = house.ask(&house.mail, "GET", &path, "").await;
    assert_eq!(told.json()["data"]["message"]["message_id"], id);
    assert_eq!(told.json()["data"]["message"]["status"], "sent");
}

#[tokio::test]
async fn what_is_taken_back_is_so_though_the_client_leaves() {
    let house = House::with(SendNow {
        patience: Duration::from_millis(200),
        on_temporary: OnTemporary::Fail,
    })
    .await;
    let mut changes = house.engine.feed().subscribe();
    // Nobody works, so that nothing is tried before the patience is at its end.
    tokio::select! {
        biased;
        () = heard(&mut changes, |change| matches!(change, Change::Email(_))) => {}
        got = house.send(GOOD) => panic!("answered: {}", got.line()),
    }
    heard(&mut changes, |change| matches!(change, Change::Delivery(_))).await;
    let told = house.ask(&house.mail, "GET", "/mail/status/1", "").await;
    assert_eq!(told.json()["data"]["message"]["status"], "failed");
}

async fn heard(changes: &mut Receiver<Change>, what: fn(&Change) -> bool) {
    while !what(&changes.recv().await.unwrap()) {}
}

#[tokio::test]
async fn hostile_json_is_refused() {
    let house = House::open().await;
    let deep =
        |open: &str, close: &str| format!(r#"{{"x":{}1{}}}"#, open.repeat(200), close.repeat(200));
    for body in [
        Bytes::from(deep("[", "]")),
        Bytes::from(deep(r#"{"a":"#, "}")),
        Bytes::from(deep("[", "]").replace('x', "metadata")),
        Bytes::from(format!(r#"{{"metadata":{}}}"#, deep("[", "]"))),
        Bytes::from("[".repeat(500_000)),
        Bytes::from_static(b"{\"x\":\"\xff\"}"),
        Bytes::from_static(b"{\"metadata\":{\"x\":\"\xff\"}}"),
        Bytes::from_static(b"\xef\xbb\xbf{}"),
        Bytes::from(format!("{GOOD}{GOOD}")),
    ] {
        let start = body.slice(..body.len().min(20));
        assert_eq!(house.send(body).await.line(), NO_JSON, "{start:?}");
    }
}

#[tokio::test]
async fn large_bodies_are_refused_by_word_and_by_deed() {
    let house = House::open().await;
    let subscribers = house.key("subscribers").await;
    let mib = Bytes::from(vec![b' '; 1024 * 1024]);
    let endless = |mib_count: usize| {
        let pieces = vec![mib.clone(); mib_count];
        Body::from_stream(futures_util::stream::iter(
            pieces.into_iter().map(Ok::<_, std::io::Error>),
        ))
    };
    for (path, key, mib_count, expected) in [
        ("/mail/send", &house.mail, 10, NO_JSON),
        ("/mail/send", &house.mail, 11, TOO_LARGE),
        ("/mail/send-batch", &house.mail, 11, TOO_LARGE),
        ("/bounces", &subscribers, 1, TOO_LARGE),
        ("/mail/send", &String::from("mp_live_nobody"), 11, STRANGER),
    ] {
        let got = house.ask(key, "POST", path, endless(mib_count)).await;
        assert_eq!(got.line(), expected, "{path} {mib_count}");
    }
    let declared = Request::builder()
        .method("POST")
        .uri("/api/v1/mail/send")
        .header("Authorization", format!("Bearer {}", house.mail))
        .header("Content-Length", 10 * 1024 * 1024 + 1)
        .body(Body::empty());
    let got = house.request(declared.unwrap()).await;
    assert_eq!(got.line(), TOO_LARGE);
}

#[tokio::test]
async fn a_closed_engine_is_busy() {
    let house = House::open().await;
    house.engine.close().await;
    let got = house.send(GOOD).await;
    assert_eq!(
        got.line(),
        r#"503 {"success":false,"error":{"code":"INTERNAL_ERROR","message":"Service temporarily unavailable. Please retry later."}}"#
    );
    assert_eq!(got.headers["retry-after"], "1");
}

#[tokio::test]
async fn a_fault_is_told_in_its_form() {
    let response = MailPass.fault();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["content-type"], "application/json");
}
