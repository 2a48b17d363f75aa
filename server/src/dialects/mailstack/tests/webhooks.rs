//! Webhooks and their deliveries.

use std::time::Duration;

use axum::http::StatusCode;
use posthouse::ops::webhooks::{NewWebhook, WebhookRef};
use serde_json::{Value, json};

use super::super::convert::FORM;
use super::good;
use super::house::House;

#[tokio::test]
async fn a_webhook_is_made_shown_changed_and_removed() {
    let house = House::open().await;
    let ask = r#"{"url":"https://user:pass@hook.test/x","eventTypes":"Delivered,Bounce"}"#;
    let made = house.call("POST", "/webhooks", ask).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let (id, secret) = (made.text("/webhook/id"), made.text("/signingSecret"));
    assert!(
        secret.starts_with("whsec_") && secret.len() == 38,
        "{secret}"
    );
    let mut webhook = json!({
        "id": id, "url": "https://hook.test/x", "eventTypes": "Delivered,Bounce", "enabled": true,
        "secretHint": format!("••••{}", &secret[34..]), "createdAt": "2026-06-18T10:00:00Z",
    });
    assert_eq!(made.json()["webhook"], webhook);
    let path = format!("/webhooks/{id}");
    assert_eq!(house.call("GET", &path, "").await.json(), webhook);
    assert_eq!(
        house.call("GET", "/webhooks", "").await.json(),
        json!([webhook])
    );

    let changed = house.call("PUT", &path, r#"{"enabled":false}"#).await;
    webhook["enabled"] = json!(false);
    assert_eq!(changed.json(), webhook);
    let ask =
        r#"{"url":"https://other.test/","events":["email.bounced","email.sent"],"enabled":true}"#;
    let changed = house.call("PUT", &path, ask).await.json();
    assert_eq!(changed["url"], "https://other.test/");
    assert_eq!(changed["eventTypes"], "Bounce,Sent");
    assert_eq!(changed["events"], json!(["email.bounced", "email.sent"]));
    let changed = house
        .call("PUT", &path, r#"{"eventTypes":"*"}"#)
        .await
        .json();
    assert_eq!(
        (&changed["eventTypes"], changed.get("events")),
        (&json!("*"), None)
    );
    assert_eq!(house.call("PUT", &path, "{}").await.json(), changed);

    let rotated = house
        .call("POST", &format!("{path}/rotate-secret"), "")
        .await;
    let other = rotated.text("/signingSecret");
    assert_ne!(other, secret);
    let shown = house.call("GET", &path, "").await;
    assert_eq!(shown.text("/secretHint"), format!("••••{}", &other[34..]));
    assert_eq!(
        house.call("DELETE", &path, "").await.line(),
        r#"200 {"status":"ok"}"#
    );
    assert_eq!(house.call("GET", &path, "").await.told(), "404 Not found.");
    assert_eq!(house.call("GET", "/webhooks", "").await.line(), "200 []");
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook() {
    let house = House::open().await;
    for (body, expected) in [
        ("{", "400 Invalid JSON body."),
        (r#"{"eventTypes":"*"}"#, "400 Url is required."),
        (r#"{"url":"x","eventTypes":"*"}"#, "400 Url is not valid."),
        (
            r#"{"url":"ftp://a.test","eventTypes":"*"}"#,
            "400 Url is not valid.",
        ),
        (
            r#"{"url":"http://a.test","eventTypes":"*"}"#,
            "400 Url must begin with https://.",
        ),
        (r#"{"url":"https://a.test"}"#, "400 EventTypes is required."),
        (
            r#"{"url":"https://a.test","eventTypes":"Sent,Lost"}"#,
            "400 Unknown event type: Lost.",
        ),
        (
            r#"{"url":"https://a.test","events":["email.lost"]}"#,
            "400 Unknown event type: email.lost.",
        ),
        (
            r#"{"url":"https://a.test","eventTypes":"*","enabled":"yes"}"#,
            "400 Enabled must be true or false.",
        ),
    ] {
        let got = house.call("POST", "/webhooks", body).await;
        assert_eq!(got.told(), expected, "{body}");
    }
}

#[tokio::test]
async fn webhooks_of_other_forms_are_not_shown_here() {
    let house = House::open().await;
    let forms = crate::dialects::forms();
    let other = forms.iter().find(|form| form.name() != FORM).unwrap();
    let new = NewWebhook {
        form: other.name().to_owned(),
        domain: None,
        url: "https://hook.test/".into(),
        kinds: posthouse::model::event::EventKind::ALL.to_vec(),
        words: None,
        activity: posthouse::model::webhook::Activity::On,
    };
    let (other, _) = house
        .engine
        .create_webhook(&house.operator, new)
        .await
        .unwrap();
    assert_eq!(house.call("GET", "/webhooks", "").await.line(), "200 []");
    let path = format!("/webhooks/{}", other.uuid);
    for verb in ["GET", "PUT", "DELETE"] {
        let got = house.call(verb, &path, "{}").await;
        assert_eq!(got.told(), "404 Not found.", "{verb}");
    }
    let kept = house
        .engine
        .webhook(&house.operator, WebhookRef::Uuid(other.uuid));
    assert!(kept.await.is_ok());
}

#[tokio::test]
async fn deliveries_are_listed_and_repeated() {
    let house = House::open().await;
    let ask = r#"{"url":"https://hook.invalid/","eventTypes":"Sent"}"#;
    let made = house.call("POST", "/webhooks", ask).await;
    let webhook = made.text("/webhook/id");
    let list = format!("/webhooks/{webhook}/deliveries");
    assert_eq!(house.call("GET", &list, "").await.line(), "200 []");
    let mut changes = house.engine.feed().subscribe();
    let (workers, _) = house.engine.work().await.unwrap();
    house.sent(&good()).await;
    let tried = loop {
        let all = house.call("GET", &list, "").await.json();
        if all[0]["attempts"] == 1 {
            break all;
        }
        let _ = tokio::time::timeout(Duration::from_millis(50), changes.recv()).await;
    };
    workers.stop(Duration::from_secs(5)).await;
    let id = tried[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        tried,
        json!([{
            "id": id, "webhookId": webhook, "eventType": "Sent", "status": "Pending", "attempts": 1,
            "responseStatus": null, "lastAttemptAt": "2026-06-18T10:00:00Z",
            "nextAttemptAt": "2026-06-18T10:00:10Z", "createdAt": "2026-06-18T10:00:00Z",
        }])
    );
    let replayed = house
        .call("POST", &format!("/webhooks/deliveries/{id}/replay"), "")
        .await;
    let copy = replayed.text("/id");
    assert_eq!(
        replayed.line(),
        format!(r#"202 {{"id":"{copy}","status":"queued"}}"#)
    );
    let all = house.call("GET", &list, "").await.json();
    assert_eq!((&all[0]["id"], &all[1]["id"]), (&json!(copy), &json!(id)));
    assert_eq!(all[0]["attempts"], 0);
    assert_eq!(all[0]["lastAttemptAt"], Value::Null);
    let one = house
        .call("GET", &format!("{list}?limit=1"), "")
        .await
        .json();
    assert_eq!(one.as_array().unwrap().len(), 1);
}
