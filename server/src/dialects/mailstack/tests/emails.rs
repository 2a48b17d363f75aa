//! Sending, and what became of it.

mod many;

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use posthouse::ids::KeyId;
use posthouse::model::organization::{EnumStyle, Metering, Payment};
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::keys::KeyChange;
use posthouse::ops::organizations::OrganizationChange;
use serde_json::{Value, json};

use super::house::{House, request};
use super::{good, with};

/// What is said of an email with these fields, which have to be wrong in one way.
async fn refused(cases: Vec<(Value, &str)>) {
    let house = House::open().await;
    for (change, expected) in cases {
        let body = with(&change).to_string();
        let got = house.call("POST", "/emails", body).await;
        assert_eq!(got.told(), format!("400 {expected}"), "{change}");
        assert_eq!(got.json()["errors"], Value::Null, "one is told once");
    }
}

#[tokio::test]
async fn what_is_wrong_with_addresses() {
    let many = vec!["a@b.test"; 51].join(";");
    let from = "From is not a valid email address.";
    let injected = "a@b.test\r\nBcc: c@d.test is not a valid email address.";
    refused(vec![
        (json!({"from": null}), "From is required."),
        (json!({"from": ""}), "From is required."),
        (json!({"from": 5}), from),
        (json!({"from": "hello"}), from),
        (json!({"from": "a@b.test, c@d.test"}), from),
        (json!({"fromName": {}}), "From is not valid."),
        (json!({"to": null}), "To is required."),
        (json!({"to": " ; "}), "To is required."),
        (json!({"to": []}), "To is required."),
        (json!({"to": 5}), "To is not valid."),
        (json!({"to": ["a@b.test", 5]}), "To is not valid."),
        (
            json!({"to": "nobody"}),
            "nobody is not a valid email address.",
        ),
        (
            json!({"to": "a@b.test; x@"}),
            "x@ is not a valid email address.",
        ),
        (json!({"to": "a@b.test\r\nBcc: c@d.test"}), injected),
        (json!({"to": many}), "At most 50 recipients are allowed."),
        (json!({"cc": "x"}), "x is not a valid email address."),
        (json!({"replyTo": "x"}), "x is not a valid email address."),
        (
            json!({"from": "a@other.test"}),
            "The from domain is not verified.",
        ),
        (
            json!({"from": "a@sub.shop.example"}),
            "The from domain is not verified.",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_rest() {
    let nothing = uuid::Uuid::nil().to_string();
    let subject = "Subject must have at most 998 characters.";
    let large = "Html and text must have at most 10 MiB together.";
    let many = vec!["t"; 51].join(",");
    let time = "SendAt is not a valid RFC 3339 time.";
    let ahead = "SendAt must be at most 30 days ahead.";
    refused(vec![
        (json!({"subject": null}), "Subject is required."),
        (json!({"subject": "a\nb"}), "Subject is not valid."),
        (json!({"subject": "x".repeat(999)}), subject),
        (json!({"text": null}), "Either html or text is required."),
        (json!({"text": 1}), "Text is not valid."),
        (json!({"text": "x".repeat(10 * 1024 * 1024 + 1)}), large),
        (json!({"tags": [1]}), "Tags is not valid."),
        (json!({"tags": many}), "Tags has too many values."),
        (json!({"variables": []}), "Variables must be an object."),
        (json!({"variables": "x"}), "Variables must be an object."),
        (json!({"templateId": "x"}), "Template not found."),
        (json!({"templateId": nothing}), "Template not found."),
        (json!({"sendAt": "soon"}), time),
        (json!({"sendAt": "2026-07-18T10:00:01Z"}), ahead),
    ])
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_several_fields_is_told_by_field() {
    let house = House::open().await;
    let body = json!({"to": "x", "html": "{{ a"}).to_string();
    let got = house.call("POST", "/emails", body).await;
    assert_eq!(
        got.line(),
        concat!(
            r#"400 {"error":"From is required.","title":"Bad Request","status":400,"#,
            r#""detail":"From is required.","errors":{"from":["From is required."],"#,
            r#""to":["x is not a valid email address."],"subject":["Subject is required."]}}"#
        )
    );
}

#[tokio::test]
async fn what_is_lenient_is_taken() {
    let house = House::open().await;
    for change in [
        json!({"from": "Shop <hello@shop.example>"}),
        json!({"to": ["a@b.test", "Kim <c@d.test>"]}),
        json!({"to": "a@b.test;\"Kim; Lee\" <c@d.test>, e@f.test;"}),
        json!({"cc": null, "bcc": "", "replyTo": [], "tags": "", "variables": null}),
        json!({"templateId": null, "sendAt": ""}),
        json!({"sendAt": "2020-01-01T00:00:00Z"}),
        json!({"sendAt": "2026-07-18T12:00:00.000+02:00"}),
        json!({"text": null, "html": "<p>Hi</p>"}),
        json!({"unknown": {"deep": [1]}}),
        json!({"subject": "x".repeat(998)}),
    ] {
        house.sent(&with(&change)).await;
    }
}

#[tokio::test]
async fn a_message_is_shown_as_it_was_sent() {
    let house = House::open().await;
    let email = json!({
        "from": "Ann <hello@shop.example>", "fromName": "Shop, Ltd",
        "to": "Kim <kim@c.test>; lee@c.test", "cc": ["ann@c.test"], "bcc": "bob@c.test",
        "replyTo": "help@shop.example", "subject": "Hi {{name}}",
        "html": "<p>{{name}} {{{name}}} {{ deep.a }}{{ nothing }}</p>", "text": "Dear {{name}}",
        "variables": {"name": "<Sam>", "deep": {"a": 1.5}}, "tags": ["a", "b, c"],
    });
    let id = house.sent(&email).await;
    let now = "2026-06-18T10:00:00Z";
    let message = json!({
        "id": id, "fromEmail": "hello@shop.example", "fromName": "Shop, Ltd",
        "toEmail": "kim@c.test, lee@c.test", "cc": "ann@c.test", "bcc": "bob@c.test",
        "replyTo": "help@shop.example", "subject": "Hi <Sam>", "status": "Queued",
        "providerMessageId": null, "errorMessage": null, "tags": "a,b,c",
        "queuedAt": now, "sentAt": null, "createdAt": now,
    });
    let got = house.call("GET", &format!("/emails/{id}"), "").await;
    assert_eq!(got.json(), message);
    assert_eq!(
        house.call("GET", "/emails", "").await.json(),
        json!([message])
    );
    let whole = house
        .call("GET", &format!("/messages/{id}"), "")
        .await
        .json();
    assert_eq!(whole["message"], message);
    assert_eq!(whole["htmlBody"], "<p>&lt;Sam&gt; <Sam> 1.5</p>");
    assert_eq!(whole["textBody"], "Dear <Sam>");

    house
        .set(OrganizationChange {
            enum_style: Some(EnumStyle::Numbers),
            ..OrganizationChange::default()
        })
        .await;
    let numbered = house.call("GET", "/messages", "").await.json();
    assert_eq!(numbered[0]["status"], 0);
    let whole = house
        .call("GET", &format!("/messages/{id}"), "")
        .await
        .json();
    assert_eq!(whole["message"]["status"], 0);
    let word = house.call("GET", "/emails", "").await.json();
    assert_eq!(word[0]["status"], "Queued");
}

#[tokio::test]
async fn a_text_alone_is_not_a_template_without_variables() {
    let house = House::open().await;
    let id = house
        .sent(&with(&json!({"text": "Dear {{name}}\n\nHi\n"})))
        .await;
    let whole = house
        .call("GET", &format!("/messages/{id}"), "")
        .await
        .json();
    assert_eq!(whole["textBody"], "Dear {{name}}\n\nHi");
    assert_eq!(whole["htmlBody"], Value::Null);
    let broken = with(&json!({"text": "a\n{{ b", "variables": {}}));
    let got = house.call("POST", "/emails", broken.to_string()).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    assert_eq!(got.json()["errors"]["text"][0], got.json()["error"]);
    assert!(
        got.text("/error")
            .starts_with("Text cannot be rendered: line 2, column 1: "),
        "{}",
        got.body
    );
}

#[tokio::test]
async fn lists_are_newest_first_and_bounded() {
    let house = House::open().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, house.sent(&good()).await);
    }
    let list = async |path: &str| -> Vec<String> {
        let json = house.call("GET", path, "").await.json();
        let list = json.as_array().unwrap();
        list.iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for (query, count) in [
        ("", 3),
        ("?limit=2", 2),
        ("?limit=0", 1),
        ("?limit=x", 3),
        ("?limit=9999", 3),
    ] {
        assert_eq!(
            list(&format!("/emails{query}")).await,
            ids[..count],
            "{query}"
        );
        assert_eq!(
            list(&format!("/messages{query}")).await,
            ids[..count],
            "{query}"
        );
    }
    // All of them were sent with a key in mode capture.
    assert_eq!(list("/messages?test=true").await, ids);
    assert_eq!(list("/messages?test=false").await, [] as [String; 0]);
    assert_eq!(list("/messages?test=perhaps").await, ids);
}

#[tokio::test]
async fn a_test_key_is_held_to_the_same_rules() {
    let house = House::open().await;
    let key = house.test().await;
    let got = house
        .with(&key, "POST", "/emails", good().to_string())
        .await;
    assert_eq!(got.status, StatusCode::ACCEPTED);
    let other = with(&json!({"from": "a@other.test"})).to_string();
    let got = house.with(&key, "POST", "/emails", other).await;
    assert_eq!(got.told(), "400 The from domain is not verified.");
    let ask = r#"{"name":"k","scopes":["*"]}"#;
    let made = house.with(&key, "POST", "/api-keys", ask).await;
    assert!(
        made.text("/fullKey").starts_with("ms_test_"),
        "{}",
        made.body
    );
    let usage = house.with(&key, "GET", "/billing/usage", "").await;
    assert_eq!(usage.json()["emailsSent"], 0, "test mail is not counted");
}

#[tokio::test]
async fn a_message_can_be_canceled_until_its_time_has_come() {
    let house = House::open().await;
    let later = with(&json!({"sendAt": "2026-06-18T10:05:00Z"}));
    let (one, two) = (house.sent(&later).await, house.sent(&later).await);
    let status = async |id: &str| {
        house
            .call("GET", &format!("/emails/{id}"), "")
            .await
            .text("/status")
    };
    let cancel = async |id: &str| {
        house
            .call("POST", &format!("/emails/{id}/cancel"), "")
            .await
    };
    assert_eq!(status(&one).await, "Scheduled");
    assert_eq!(
        cancel(&one).await.line(),
        format!(r#"200 {{"id":"{one}","status":"canceled"}}"#)
    );
    assert_eq!(status(&one).await, "Canceled");
    let late = "409 Message can no longer be canceled.";
    assert_eq!(cancel(&one).await.told(), late);
    house.hand.forward(Duration::from_secs(300));
    assert_eq!(status(&two).await, "Queued");
    assert_eq!(cancel(&two).await.told(), late);
    let now = house.sent(&good()).await;
    assert_eq!(cancel(&now).await.told(), late);
}

#[tokio::test]
async fn suppressed_recipients_are_left_out_or_refused() {
    let house = House::open().await;
    house.suppress("no@c.test").await;
    let alone = with(&json!({"to": "NO@c.test"})).to_string();
    let got = house.call("POST", "/emails", alone).await;
    assert_eq!(got.told(), "400 Recipient is suppressed.");
    let id = house.sent(&with(&json!({"cc": "no@c.test"}))).await;
    let events = house
        .call("GET", &format!("/messages/{id}/events"), "")
        .await
        .json();
    let event = &events.as_array().unwrap()[0];
    assert_eq!(events.as_array().unwrap().len(), 1, "{events}");
    assert_eq!(event["type"], 6);
    assert_eq!(event["occurredAt"], "2026-06-18T10:00:00Z");
    assert_eq!(
        event["metadata"],
        json!({"recipient": "no@c.test", "smtpResponse": null, "url": null, "userAgent": null, "ip": null})
    );
}

#[tokio::test]
async fn an_idempotency_key_is_the_organizations() {
    let house = House::open().await;
    let second = house.live(&[posthouse::model::key::Scope::Send]).await;
    let send = async |key: &str, token: &str, body: String| {
        let key = format!("Authorization: Bearer {key}");
        let token = format!("Idempotency-Key: {token}");
        let headers = [key.as_str(), token.as_str()];
        house
            .ask(request("POST", "/v1/emails", &headers, Body::from(body)))
            .await
    };
    let first = send(&house.key, "k", good().to_string()).await;
    assert_eq!(first.status, StatusCode::ACCEPTED);
    let again = send(&house.key, "k", "{}".into()).await;
    assert_eq!(again.line(), first.line());
    let elsewhere = send(&second, "k", good().to_string()).await;
    assert_eq!(elsewhere.line(), first.line());
    let test = send(&house.test().await, "k", good().to_string()).await;
    assert_ne!(test.line(), first.line(), "test mail is mail of its own");
    let other = send(&house.key, "l", good().to_string()).await;
    assert_ne!(other.line(), first.line());
    let long = send(&house.key, &"x".repeat(256), good().to_string()).await;
    assert_eq!(long.told(), "400 Idempotency-Key is too long.");
}

#[tokio::test]
async fn a_rate_is_told_with_the_time_to_wait() {
    let house = House::open().await;
    let change = KeyChange {
        rate_per_minute: Some(Some(1)),
        ..KeyChange::default()
    };
    let limited = house
        .engine
        .set_key(&house.operator, None, KeyId(1), change);
    limited.await.unwrap();
    house.sent(&good()).await;
    let got = house.call("POST", "/emails", good().to_string()).await;
    assert_eq!(got.told(), "429 Rate limit exceeded.");
    assert_eq!(got.headers["retry-after"], "60");
}

impl House {
    async fn suppress(&self, address: &str) {
        let why = (SuppressionReason::Manual, None);
        let done = self.engine.suppress(&self.operator, None, address, why);
        assert!(done.await.unwrap());
    }

    /// Makes the key that may do everything one whose mail may leave, and charges for it.
    async fn metered(&self, payment: Payment, cap: Option<u32>) {
        self.set(OrganizationChange {
            metering: Some(Metering::On),
            payment: Some(payment),
            direct: Some(posthouse::model::organization::Direct::On),
            ..OrganizationChange::default()
        })
        .await;
        let change = KeyChange {
            mode: Some(posthouse::model::key::Mode::Hold),
            ..KeyChange::default()
        };
        let held = self.engine.set_key(&self.operator, None, KeyId(1), change);
        held.await.unwrap();
        self.verify().await;
        let capped = self.engine.set_spend_cap(&self.operator, cap);
        capped.await.unwrap();
    }
}
