//! Domains, keys and billing.

use std::time::Duration;

use axum::http::StatusCode;
use posthouse::model::organization::EnumStyle;
use posthouse::ops::organizations::OrganizationChange;
use serde_json::{Value, json};

use super::good;
use super::house::House;

/// What a record of a domain is for, its type and its name.
fn record(record: &Value) -> (String, String, String) {
    let text = |key: &str| record[key].as_str().unwrap().to_owned();
    (text("purpose"), text("type"), text("name"))
}

#[tokio::test]
async fn a_domain_is_made_with_its_records() {
    let house = House::open().await;
    let ask = r#"{"domain":"New.Example"}"#;
    let made = house.call("POST", "/domains", ask).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let domain = made.json();
    assert_eq!(domain.as_object().unwrap().len(), 7, "{domain}");
    assert_eq!(domain["domain"], "new.example");
    assert_eq!(domain["status"], "Pending");
    assert_eq!(domain["customMailFromDomain"], "mail.new.example");
    assert_eq!(domain["createdAt"], "2026-06-18T10:00:00Z");
    assert_eq!(domain["verifiedAt"], Value::Null);
    let records = domain["dnsRecords"].as_array().unwrap();
    let told: Vec<_> = records.iter().map(record).collect();
    let selector = told[0].2.split('.').next().unwrap();
    let expect = |purpose: &str, kind: &str, name: String| (purpose.into(), kind.into(), name);
    assert_eq!(
        told,
        [
            expect("DKIM", "TXT", format!("{selector}._domainkey.new.example")),
            expect("DKIM", "TXT", format!("{selector}e._domainkey.new.example")),
            expect("DMARC", "TXT", "_dmarc.new.example".into()),
            expect("MAIL FROM", "MX", "mail.new.example".into()),
            expect("SPF", "TXT", "mail.new.example".into()),
        ]
    );
    assert!(records.iter().all(|one| one["ttl"] == 1800));
    assert_eq!(records[2]["value"], "v=DMARC1; p=none;");
    assert_eq!(records[3]["value"], "10 mailer.mail.test");
    assert_eq!(records[4]["value"], "v=spf1 include:mailer.mail.test ~all");
}

#[tokio::test]
async fn a_domain_is_proved_and_removed() {
    let house = House::open().await;
    let ask = r#"{"domain":"new.example"}"#;
    let made = house.call("POST", "/domains", ask).await;
    let path = format!("/domains/{}", made.text("/id"));
    let verify = format!("{path}/verify");
    let looked = house.call("POST", &verify, "").await;
    assert_eq!(looked.json(), made.json(), "nothing is published yet");
    let records = &made.json()["dnsRecords"];
    let needed = records.as_array().unwrap().iter();
    for one in needed.filter(|one| one["purpose"] != "DMARC") {
        let text = |key: &str| one[key].as_str().unwrap();
        house.zone.publish(text("name"), text("value"));
    }
    house.hand.forward(Duration::from_secs(60));
    let looked = house.call("POST", &verify, "").await.json();
    assert_eq!(looked["status"], "Verified");
    assert_eq!(looked["verifiedAt"], "2026-06-18T10:01:00Z");
    assert_eq!(house.call("GET", &path, "").await.json(), looked);
    assert_eq!(house.call("GET", "/domains", "").await.json()[1], looked);

    let taken = house.call("POST", "/domains", ask).await;
    assert_eq!(taken.told(), "409 Domain already exists.");
    let gone = house.call("DELETE", &path, "").await;
    assert_eq!(gone.line(), r#"200 {"status":"ok"}"#);
    let again = house.call("DELETE", &path, "").await;
    assert_eq!(again.told(), "404 Not found.");
    let left = house.call("GET", "/domains", "").await.json();
    assert_eq!(left.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_domain_fails_when_something_else_stands_in_its_place() {
    let house = House::open().await;
    let ask = r#"{"domain":"new.example","mailFromSubdomain":"bounce"}"#;
    let made = house.call("POST", "/domains", ask).await.json();
    assert_eq!(made["customMailFromDomain"], "bounce.new.example");
    let name = made["dnsRecords"][0]["name"].as_str().unwrap();
    house.zone.publish(name, "v=DKIM1; k=rsa; p=AAAA");
    let verify = format!("/domains/{}/verify", made["id"].as_str().unwrap());
    assert_eq!(
        house.call("POST", &verify, "").await.text("/status"),
        "Failed"
    );
    house
        .set(OrganizationChange {
            enum_style: Some(EnumStyle::Numbers),
            ..OrganizationChange::default()
        })
        .await;
    assert_eq!(house.call("POST", &verify, "").await.json()["status"], 3);
    let list = house.call("GET", "/domains", "").await.json();
    assert_eq!(
        (&list[0]["status"], &list[1]["status"]),
        (&json!(1), &json!(3))
    );
    house.verify().await;
    let list = house.call("GET", "/domains", "").await.json();
    assert_eq!(list[0]["status"], 2);
}

#[tokio::test]
async fn a_domain_that_was_made_elsewhere_shows_its_way_back() {
    let house = House::open().await;
    let list = house.call("GET", "/domains", "").await.json();
    assert_eq!(list[0]["customMailFromDomain"], Value::Null);
    let records = list[0]["dnsRecords"].as_array().unwrap();
    let told: Vec<_> = records.iter().map(record).collect();
    assert_eq!(told[2].0, "MAIL FROM");
    assert_eq!(
        (told[2].1.as_str(), told[2].2.as_str()),
        ("CNAME", "mailer.shop.example")
    );
    assert_eq!(told.len(), 4);
}

#[tokio::test]
async fn what_is_wrong_with_a_domain() {
    let house = House::open().await;
    for (body, expected) in [
        ("", "400 Invalid JSON body."),
        ("{}", "400 Domain is required."),
        (r#"{"domain":null}"#, "400 Domain is required."),
        (r#"{"domain":5}"#, "400 Domain is not valid."),
        (r#"{"domain":"localhost"}"#, "400 Domain is not valid."),
        (r#"{"domain":"https://a.test"}"#, "400 Domain is not valid."),
        (
            r#"{"domain":"a.test","mailFromSubdomain":5}"#,
            "400 MailFromSubdomain is not valid.",
        ),
        (
            r#"{"domain":"a.test","mailFromSubdomain":""}"#,
            "400 MailFromSubdomain is not valid.",
        ),
        (
            r#"{"domain":"a.test","mailFromSubdomain":"a.b"}"#,
            "400 MailFromSubdomain is not valid.",
        ),
        (
            r#"{"domain":"a.test","mailFromSubdomain":"-"}"#,
            "400 MailFromSubdomain is not valid.",
        ),
        (r#"{"domain":"shop.example"}"#, "409 Domain already exists."),
    ] {
        let got = house.call("POST", "/domains", body).await;
        assert_eq!(got.told(), expected, "{body}");
    }
}

#[tokio::test]
async fn block_lists_are_told_one_by_one() {
    let house = House::open().await;
    house
        .zone
        .publish("shop.example.multi.surbl.org", "127.0.0.8");
    house
        .zone
        .publish("shop.example.multi.uribl.com", "127.0.0.1");
    let list = house.call("GET", "/domains", "").await;
    let path = format!("/domains/{}/blocklist", list.text("/0/id"));
    assert_eq!(
        house.call("GET", &path, "").await.line(),
        concat!(
            r#"200 {"domain":"shop.example","listed":true,"checks":["#,
            r#"{"list":"dbl.spamhaus.org","listed":false},"#,
            r#"{"list":"multi.surbl.org","listed":true},"#,
            r#"{"list":"multi.uribl.com","listed":false}]}"#
        )
    );
}

#[tokio::test]
async fn keys_are_listed_masked_with_their_use() {
    let house = House::open().await;
    let ask = r#"{"name":"Production","scopes":["emails:send","emails:send"],"expiresAt":"2027-01-01T00:00:00Z"}"#;
    let made = house.call("POST", "/api-keys", ask).await;
    let (full, prefix) = (made.text("/fullKey"), made.text("/key/keyPrefix"));
    assert!(full.starts_with(&format!("ms_live_{prefix}_")), "{full}");
    let key = json!({
        "id": made.text("/key/id"), "name": "Production", "keyPrefix": prefix,
        "maskedKey": format!("ms_live_{prefix}_••••"), "scopes": ["emails:send"],
        "lastUsedAt": null, "expiresAt": "2027-01-01T00:00:00Z", "revokedAt": null,
        "isActive": true, "createdAt": "2026-06-18T10:00:00Z",
    });
    assert_eq!(made.json()["key"], key);
    house.hand.forward(Duration::from_secs(90));
    house
        .with(&full, "POST", "/emails", good().to_string())
        .await;
    let id = made.text("/key/id");
    house.call("DELETE", &format!("/api-keys/{id}"), "").await;
    let list = house.call("GET", "/api-keys", "").await;
    assert!(
        !list.body.contains(&full[17..]),
        "the secret is never told again"
    );
    let shown = &list.json()[1];
    let mut expected = key;
    expected["lastUsedAt"] = json!("2026-06-18T10:01:30Z");
    expected["revokedAt"] = json!("2026-06-18T10:01:30Z");
    expected["isActive"] = json!(false);
    assert_eq!(shown, &expected);
}

#[tokio::test]
async fn what_is_wrong_with_a_key() {
    let house = House::open().await;
    let long = format!(r#"{{"name":"{}","scopes":["*"]}}"#, "x".repeat(101));
    for (body, expected) in [
        ("[]", "400 Invalid JSON body."),
        (r#"{"scopes":["*"]}"#, "400 Name is required."),
        (r#"{"name":" ","scopes":["*"]}"#, "400 Name is required."),
        (r#"{"name":5,"scopes":["*"]}"#, "400 Name is not valid."),
        (&long, "400 Name must have at most 100 characters."),
        (r#"{"name":"k"}"#, "400 At least one scope is required."),
        (
            r#"{"name":"k","scopes":[]}"#,
            "400 At least one scope is required.",
        ),
        (r#"{"name":"k","scopes":"*"}"#, "400 Scopes is not valid."),
        (r#"{"name":"k","scopes":[7]}"#, "400 Scopes is not valid."),
        (
            r#"{"name":"k","scopes":["emails:fly"]}"#,
            "400 Unknown scope: emails:fly.",
        ),
        (
            r#"{"name":"k","scopes":["*"],"expiresAt":"2026-06-18T10:00:00Z"}"#,
            "400 ExpiresAt must be in the future.",
        ),
        (
            r#"{"name":"k","scopes":["*"],"expiresAt":"soon"}"#,
            "400 ExpiresAt is not a valid RFC 3339 time.",
        ),
    ] {
        let got = house.call("POST", "/api-keys", body.to_owned()).await;
        assert_eq!(got.told(), expected, "{body}");
    }
    let two = r#"{"name":"","scopes":[]}"#;
    let got = house.call("POST", "/api-keys", two).await.json();
    assert_eq!(
        got["errors"],
        json!({"name": ["Name is required."], "scopes": ["At least one scope is required."]})
    );
}

#[tokio::test]
async fn usage_is_told_and_capped() {
    let house = House::open().await;
    let expected = |cap: &str| {
        format!(
            concat!(
                r#"200 {{"periodKey":"2026-06","periodStart":"2026-06-01T00:00:00Z","#,
                r#""periodEnd":"2026-07-01T00:00:00Z","emailsSent":0,"#,
                r#""freeMonthlyAllowance":3000,"freeRemaining":3000,"billableEmails":0,"#,
                r#""pricePer1kCents":40,"hasPaymentMethod":true,"monthlySpendCapCents":{}}}"#
            ),
            cap
        )
    };
    let usage = async || house.call("GET", "/billing/usage", "").await.line();
    assert_eq!(usage().await, expected("null"));
    for (body, cap) in [("5000", "5000"), ("0", "0"), ("null", "null")] {
        let body = format!(r#"{{"monthlySpendCapCents":{body}}}"#);
        let set = house.call("PUT", "/billing/spend-cap", body).await;
        assert_eq!(set.line(), expected(cap));
        assert_eq!(usage().await, expected(cap));
    }
    let bad = "400 MonthlySpendCapCents must be a number of cents, or null.";
    for (body, told) in [
        ("{}", "400 MonthlySpendCapCents is required."),
        (r#"{"monthlySpendCapCents":-1}"#, bad),
        (r#"{"monthlySpendCapCents":"5"}"#, bad),
    ] {
        let got = house.call("PUT", "/billing/spend-cap", body).await;
        assert_eq!(got.told(), told);
    }
}
