//! Hostile mail stays inert in the reader and in files.

use std::time::Duration;

use axum::http::StatusCode;
use posthouse::model::organization::Role;
use serde_json::{Value, json};

use super::house::{Browser, House};

const HOSTILE: &str = "<p onclick=\"steal()\">Hello</p><script>steal()</script>\
    <img src=\"https://spy.test/a.gif?x=1&amp;y=%22\" onerror=\"steal()\" width=\"1\">\
    <img src=\"javascript:steal()\"><img src=\"data:text/html,x\"><img src='http://spy.test/\"onload=\"x'>\
    <iframe src=\"https://spy.test/\"></iframe><svg onload=\"steal()\"><style>body{background:url(https://spy.test/)}</style>\
    <a href=\"javascript:steal()\">x</a><form action=\"https://spy.test/\"><input name=p></form>\
    <base href=\"https://spy.test/\"><meta http-equiv=\"refresh\" content=\"0;url=https://spy.test\">";

/// A message of hostile html, captured as it was sent; its id.
pub(super) async fn hostile(house: &House, ada: &Browser) -> i64 {
    let email = json!({"from": "\"<script>steal()</script>\" <hi@shop.test>", "to": ["kim@shop.test"],
        "cc": [], "bcc": [], "subject": "<img src=x onerror=steal()>", "text": null,
        "html": HOSTILE, "test": true});
    house.done(ada, "email.send", email).await;
    let (workers, _) = house.engine.work().await.unwrap();
    let mut changes = house.engine.feed().subscribe();
    let id = loop {
        let page = house.done(ada, "message.list", json!({})).await;
        if let Some(id) = page["rows"][0]["id"].as_i64() {
            break id;
        }
        let heard = tokio::time::timeout(Duration::from_secs(10), changes.recv()).await;
        heard.expect("it is captured").expect("changes come");
    };
    workers.stop(Duration::from_secs(5)).await;
    id
}

fn is_inert(html: &str) {
    let low = html.to_lowercase();
    for word in [
        "<script",
        "javascript:",
        " onerror",
        " onload",
        " onclick",
        "<iframe",
        "<svg",
        "<style",
        "<form",
        "<input",
        "<base",
        "<meta",
        "href",
        "data:text",
    ] {
        assert!(!low.contains(word), "{word} in {html}");
    }
}

#[tokio::test]
async fn hostile_html_does_nothing_and_loads_nothing() {
    let house = House::open().await;
    let ada = house.owner().await;
    let id = hostile(&house, &ada).await;
    let shown = house.done(&ada, "message.show", json!({"id": id})).await;
    assert_eq!(shown["subject"], "<img src=x onerror=steal()>");
    assert_eq!(shown["has_html"], true);
    let plain = json!({"id": id, "remote": false});
    let told = house.done(&ada, "message.html", plain).await;
    let html = told["html"].as_str().unwrap();
    assert_eq!(told["has_remote"], true);
    is_inert(html);
    // Of a style that stands where no style does, its text is left: it is no style any more.
    assert!(html.contains("Hello") && !html.contains("<img"), "{html}");
    let remote = json!({"id": id, "remote": true});
    let told = house.done(&ada, "message.html", remote).await;
    let html = told["html"].as_str().unwrap();
    is_inert(html);
    let image = "<img src=\"https://spy.test/a.gif?x=1&amp;y=%22\" width=\"1\">";
    assert!(html.contains(image), "{html}");
    // What would end the attribute is part of the address.
    assert!(
        html.contains("<img src=\"http://spy.test/%22onload=%22x\">"),
        "{html}"
    );
}

#[tokio::test]
async fn files_are_shut_in_by_what_they_are_served_with() {
    let house = House::open().await;
    let ada = house.owner().await;
    let id = hostile(&house, &ada).await;
    let shown = house.done(&ada, "message.show", json!({"id": id})).await;
    let url = |name: &str| -> String { shown[name].as_str().unwrap().to_owned() };
    let html = house.get(&ada, &url("html_url")).await;
    is_inert(&html.body);
    let raw = house.get(&ada, &url("raw_url")).await;
    assert!(raw.body.contains("Content-Type: text/html"));
    let remote = format!("{}?remote=1", url("html_url"));
    let with_images = house.get(&ada, &remote).await;
    is_inert(&with_images.body);
    let shut = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src";
    for (got, starts) in [
        (&html, format!("{shut} data:; style-src 'unsafe-inline'; ")),
        (
            &with_images,
            format!("{shut} data: http: https:; style-src "),
        ),
        (&raw, String::from("sandbox; default-src 'none'")),
    ] {
        assert_eq!(got.status, StatusCode::OK);
        let policy = got.header("content-security-policy");
        assert!(policy.starts_with(&starts), "{policy}");
        assert!(!policy.contains("script"), "{policy}");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(html.header("content-disposition"), "");
    assert!(raw.header("content-disposition").starts_with("attachment;"));
    let nobody = Browser::default();
    for path in [url("html_url"), url("raw_url")] {
        let got = house.get(&nobody, &path).await;
        assert_eq!(got.refusal().0, 401, "{path}");
    }
    let absent = house.get(&ada, "/console/files/message/999/raw").await;
    assert_eq!(absent.refusal().0, 404);
}

#[tokio::test]
async fn several_messages_are_changed_at_once() {
    let house = House::open().await;
    let ada = house.owner().await;
    let kim = house.person("kim", Role::Reader).await;
    let id = hostile(&house, &ada).await;
    let row = async || -> Value {
        let page = house.done(&ada, "message.list", json!({})).await;
        page["rows"][0].clone()
    };
    let before = row().await;
    assert_eq!(
        (&before["seen"], &before["starred"]),
        (&json!(false), &json!(false))
    );
    let both = json!({"ids": [id, 999], "seen": true, "starred": true});
    let denied = house.call(&kim, "message.mark", both.clone()).await;
    assert_eq!(denied.refusal().2, "role");
    for _ in 0..2 {
        let done = house.done(&ada, "message.mark", both.clone()).await;
        assert_eq!(done, json!({"messages": 1}));
        let after = row().await;
        assert_eq!(
            (&after["seen"], &after["starred"]),
            (&json!(true), &json!(true))
        );
    }
    let moved = json!({"ids": [id], "folder": "trash"});
    house.done(&ada, "message.move", moved).await;
    assert_eq!(row().await["folder"], "trash");
    let inbox = json!({"folder": "inbox", "mailbox": "kim@shop.test"});
    let page = house.done(&ada, "message.list", inbox).await;
    assert_eq!(page["rows"], json!([]));
    house
        .done(&ada, "message.remove", json!({"ids": [id]}))
        .await;
    assert_eq!(row().await, json!(null));
}
