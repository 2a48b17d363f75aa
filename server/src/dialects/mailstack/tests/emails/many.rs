//! Batches and bulk sends.

use axum::http::StatusCode;
use posthouse::model::organization::Payment;
use serde_json::{Value, json};

use super::super::house::{Got, House};
use super::super::{good, with};

/// Whether each was accepted, or what was said.
fn told(got: &Got) -> Vec<String> {
    assert_eq!(got.status, StatusCode::ACCEPTED, "{}", got.body);
    let json = got.json();
    let results = json["results"].as_array().unwrap();
    let told: Vec<String> = results
        .iter()
        .enumerate()
        .map(|(index, one)| {
            assert_eq!(one["index"], index);
            match one["status"].as_str().unwrap() {
                "queued" => {
                    assert_eq!(one.get("error"), None);
                    one["id"].as_str().unwrap().to_owned()
                }
                _ => {
                    assert_eq!(one.get("id"), None);
                    one["error"].as_str().unwrap().to_owned()
                }
            }
        })
        .collect();
    let accepted = told.iter().filter(|one| uuid::Uuid::try_parse(one).is_ok());
    let accepted = accepted.count();
    assert_eq!(json["accepted"], accepted);
    assert_eq!(json["rejected"], told.len() - accepted);
    told
}

impl House {
    async fn batch(&self, emails: &Value) -> Got {
        let body = json!({"emails": emails}).to_string();
        self.call("POST", "/emails/batch", body).await
    }

    async fn bulk(&self, base: &Value, recipients: &Value) -> Got {
        let mut body = base.clone();
        body["recipients"] = recipients.clone();
        self.call("POST", "/emails/bulk", body.to_string()).await
    }

    async fn shown(&self, id: &str) -> Value {
        self.call("GET", &format!("/messages/{id}"), "")
            .await
            .json()
    }
}

#[tokio::test]
async fn half_of_a_hundred_are_bad_and_the_others_go() {
    let house = House::open().await;
    house.suppress("no@c.test").await;
    let bad = [
        (json!({"to": null}), "To is required."),
        (json!({"to": "no@c.test"}), "Recipient is suppressed."),
        (
            json!({"from": "a@other.test"}),
            "The from domain is not verified.",
        ),
        (json!({"text": null}), "Either html or text is required."),
        (json!({"subject": 5, "to": 7}), "To is not valid."),
    ];
    let emails: Vec<Value> = (0..100)
        .map(|index| match index % 2 {
            0 => with(&json!({"subject": format!("number {index}")})),
            _ => with(&bad[index / 2 % bad.len()].0),
        })
        .collect();
    let told = told(&house.batch(&json!(emails)).await);
    for (index, one) in told.iter().enumerate() {
        if index % 2 == 1 {
            assert_eq!(one, bad[index / 2 % bad.len()].1, "{index}");
        }
    }
    let shown = house.shown(&told[98]).await;
    assert_eq!(shown["message"]["subject"], "number 98");
    let all = house.call("GET", "/emails?limit=200", "").await.json();
    assert_eq!(all.as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn a_batch_has_its_bounds() {
    let house = House::open().await;
    let bounds = "400 A batch must contain between 1 and 100 emails.";
    let many: Vec<Value> = vec![json!({}); 101];
    for emails in [json!(null), json!([]), json!({}), json!("x"), json!(many)] {
        assert_eq!(house.batch(&emails).await.told(), bounds);
    }
    for (body, expected) in [
        ("{}", bounds),
        ("[]", "400 Invalid JSON body."),
        ("", "400 Invalid JSON body."),
    ] {
        let got = house.call("POST", "/emails/batch", body).await;
        assert_eq!(got.told(), expected);
    }
    // What is no email has no sender.
    let strange = json!([1, null, "x", [], {}]);
    assert_eq!(
        told(&house.batch(&strange).await),
        vec!["From is required."; 5]
    );
}

#[tokio::test]
async fn an_idempotency_key_holds_for_each_of_a_batch() {
    let house = House::open().await;
    let send = async |emails: Value| {
        let key = format!("Authorization: Bearer {}", house.key);
        let headers = [key.as_str(), "Idempotency-Key: k"];
        let body = json!({"emails": emails}).to_string();
        let path = "/v1/emails/batch";
        let ask = super::super::house::request("POST", path, &headers, body.into());
        told(&house.ask(ask).await)
    };
    let first = send(json!([good(), {"to": "x"}, good()])).await;
    let again = send(json!([good(), good(), {}])).await;
    assert_eq!([&again[0], &again[2]], [&first[0], &first[2]]);
    assert_ne!(again[1], first[1], "a refusal is not kept");
    assert!(uuid::Uuid::try_parse(&again[1]).is_ok());
}

#[tokio::test]
async fn recipients_of_a_bulk_send_have_values_and_fields_of_their_own() {
    let house = House::open().await;
    let base = json!({
        "from": "hello@shop.example", "fromName": "Shop", "cc": "all@c.test", "tags": "base",
        "subject": "Hi {{name}} of {{city}}", "text": "{{ order.id }}",
        "variables": {"name": "friend", "city": "Rome", "order": {"id": 1}},
    });
    let recipients = json!([
        {"to": "a@c.test"},
        {"to": "b@c.test", "variables": {"name": "Bo", "order": {"id": 2}}, "fromName": "Bo's shop"},
        {"to": ["c@c.test"], "cc": null, "subject": "Own", "tags": "own", "replyTo": "r@c.test"},
        {"to": "d@c.test", "sendAt": "2026-06-18T11:00:00Z"},
        {"to": "e"},
        {},
        7,
        {"to": "f@c.test", "variables": 5},
    ]);
    let told = told(&house.bulk(&base, &recipients).await);
    assert_eq!(
        told[4..],
        [
            "e is not a valid email address.",
            "To is required.",
            "To is required.",
            "Variables must be an object.",
        ]
    );
    for (index, expected) in [
        "a@c.test | Shop | all@c.test | Hi friend of Rome | base | null | Queued | 1",
        "b@c.test | Bo's shop | all@c.test | Hi Bo of Rome | base | null | Queued | 2",
        "c@c.test | Shop | null | Own | own | r@c.test | Queued | 1",
        "d@c.test | Shop | all@c.test | Hi friend of Rome | base | null | Scheduled | 1",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(line(&house.shown(&told[index]).await), expected);
    }
}

/// What differs between recipients, in one line.
fn line(shown: &Value) -> String {
    let message = &shown["message"];
    let values = [
        &message["toEmail"],
        &message["fromName"],
        &message["cc"],
        &message["subject"],
        &message["tags"],
        &message["replyTo"],
        &message["status"],
        &shown["textBody"],
    ];
    let texts = values.map(|value| value.as_str().unwrap_or("null"));
    texts.join(" | ")
}

#[tokio::test]
async fn a_bulk_send_has_its_bounds() {
    let house = House::open().await;
    let bounds = "400 A bulk send must contain between 1 and 1000 recipients.";
    let many = |count: usize| json!(vec![json!({"to": "kim@c.test"}); count]);
    for recipients in [json!(null), json!([]), json!("x"), many(1001)] {
        assert_eq!(house.bulk(&good(), &recipients).await.told(), bounds);
    }
    let got = house.bulk(&good(), &many(1000)).await;
    assert_eq!(told(&got).len(), 1000);
    assert_eq!(got.json()["accepted"], 1000);
}

#[tokio::test]
async fn what_the_month_does_not_hold_is_refused_one_by_one_or_as_a_whole() {
    let house = House::open().await;
    house.metered(Payment::Absent, None).await;
    let free = "Free tier exhausted. Add a payment method to continue sending.";
    let many = json!(vec![json!({"to": "a@c.test; b@c.test; c@c.test"}); 999]);
    assert_eq!(house.bulk(&good(), &many).await.json()["accepted"], 999);
    let usage = house.call("GET", "/billing/usage", "").await.json();
    assert_eq!(
        (&usage["emailsSent"], &usage["freeRemaining"]),
        (&json!(2997), &json!(3))
    );
    let four = json!([good(), {}, good(), good(), good(), good()]);
    let mixed = told(&house.batch(&four).await);
    assert_eq!(mixed[1], "From is required.");
    assert_eq!(mixed[4..], [free, free]);
    let whole = house.batch(&json!([good(), {}])).await;
    assert_eq!(whole.told(), format!("402 {free}"));
    let one = house.call("POST", "/emails", good().to_string()).await;
    assert_eq!(one.told(), format!("402 {free}"));
    // Syntax comes before money, and money before the sender's domain.
    let one = house.call("POST", "/emails", "{}").await;
    assert_eq!(one.told(), "400 From is required.");
    let other = with(&json!({"from": "a@other.test"})).to_string();
    let one = house.call("POST", "/emails", other).await;
    assert_eq!(one.told(), format!("402 {free}"));

    house.metered(Payment::Present, Some(0)).await;
    let cap = "402 Monthly spend cap reached.";
    assert_eq!(house.batch(&json!([good()])).await.told(), cap);
    house.metered(Payment::Present, None).await;
    house.sent(&good()).await;
}
