//! Domains and their tokens.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;

use super::house::{House, request};
use super::{JSON, token};

#[tokio::test]
async fn asks_for_an_organization_token() {
    let house = House::open().await;
    let missing = r#"401 {"error":"Missing Organization Token"}"#;
    let invalid = r#"401 {"error":"Invalid Organization Token"}"#;
    let server = token("MailPace-Server-Token", &house.server);
    let mixed = token("MailPace-Organization-Token", &house.server);
    for (verb, path) in [
        ("GET", "/api/v1/domains"),
        ("POST", "/api/v1/domains"),
        ("GET", "/api/v1/domains/1"),
        ("PATCH", "/api/v1/domains/x"),
        ("POST", "/api/v1/domains/1/verify"),
        ("GET", "/api/v1/domains/1/api_tokens"),
        ("POST", "/api/v1/domains/1/api_tokens/"),
        ("GET", "/api/v1/domains/1/api_tokens/1"),
        ("PATCH", "/api/v1/domains/1/api_tokens/1"),
        ("DELETE", "/api/v1/domains/1/api_tokens/1"),
    ] {
        for (header, expected) in [
            ("X: y", missing),
            (server.as_str(), missing),
            (mixed.as_str(), missing),
            ("MailPace-Organization-Token: x", invalid),
        ] {
            let got = house
                .ask(request(verb, path, &[header, JSON], Body::from("{")))
                .await;
            assert_eq!(got.line(), expected, "{verb} {path} {header}");
        }
    }
}

#[tokio::test]
async fn a_domain_is_made_shown_changed_and_listed() {
    let house = House::open().await;
    let made = house
        .manage(
            "POST",
            "",
            r#"{"domain":{"url":"New.Example","name":"New"}}"#,
        )
        .await;
    assert_eq!(made.status, StatusCode::OK);
    let domain = made.json();
    let keys: Vec<&str> = made
        .body
        .trim_matches(['{', '}'])
        .split(",\"")
        .map(|pair| pair.trim_start_matches('"').split('"').next().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "url",
            "dkim_selector",
            "dkim_string",
            "dkim_verified",
            "advanced_verified",
            "webhook_public_key",
            "created_at",
            "modified_at"
        ]
    );
    assert_eq!(domain["id"], 2);
    assert_eq!(domain["url"], "new.example");
    assert_eq!(domain["dkim_verified"], false);
    assert!(
        domain["dkim_string"]
            .as_str()
            .unwrap()
            .starts_with("v=DKIM1; ")
    );
    assert_eq!(domain["webhook_public_key"].as_str().unwrap().len(), 44);
    assert_eq!(house.manage("GET", "/2", "").await.json(), domain);

    let renamed = house
        .manage("PATCH", "/2/", r#"{"domain":{"name":null}}"#)
        .await
        .json();
    assert_eq!(renamed["name"], json!(null));
    assert_eq!(renamed["url"], "new.example");

    let list = |query: &'static str| {
        let house = &house;
        async move {
            let got = house.manage("GET", query, "").await;
            let list = got.json();
            let hosts: Vec<String> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|domain| domain["url"].as_str().unwrap().to_owned())
                .collect();
            hosts.join(" ")
        }
    };
    assert_eq!(list("?sort=id").await, "new.example shop.test");
    assert_eq!(
        list("?sort=id&direction=asc&limit=x").await,
        "shop.test new.example"
    );
    assert_eq!(list("?sort=id&limit=1&offset=1").await, "shop.test");
}

#[tokio::test]
async fn what_is_wrong_with_a_domain() {
    let house = House::open().await;
    let param = r#"400 {"error":"param is missing or the value is empty: domain"}"#;
    let format = r#"406 {"error":"Invalid request format or content type"}"#;
    let blank = r#"422 {"errors":{"url":["can't be blank"]}}"#;
    let invalid = r#"422 {"errors":{"url":["is invalid"]}}"#;
    for (body, made, changed) in [
        ("", format, format),
        ("{", format, format),
        ("[]", format, format),
        ("{}", param, param),
        (r#"{"domain":null}"#, param, param),
        (r#"{"domain":"x"}"#, param, param),
        (r#"{"domain":{}}"#, param, param),
        (r#"{"domain":{"url":""}}"#, blank, blank),
        (r#"{"domain":{"url":null}}"#, blank, blank),
        (r#"{"domain":{"url":5}}"#, invalid, invalid),
        (r#"{"domain":{"url":"localhost"}}"#, invalid, invalid),
        (r#"{"domain":{"url":"https://a.test"}}"#, invalid, invalid),
        (
            r#"{"domain":{"url":"a.test","name":7}}"#,
            r#"422 {"errors":{"name":["is invalid"]}}"#,
            r#"422 {"errors":{"name":["is invalid"]}}"#,
        ),
    ] {
        assert_eq!(house.manage("POST", "", body).await.line(), made, "{body}");
        assert_eq!(
            house.manage("PATCH", "/1", body).await.line(),
            changed,
            "{body}"
        );
    }
    let taken = r#"{"domain":{"url":"SHOP.test"}}"#;
    assert_eq!(
        house.manage("POST", "", taken).await.line(),
        r#"422 {"errors":{"url":["has already been taken"]}}"#
    );
    assert_eq!(
        house.manage("PATCH", "/1", taken).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn tokens_are_made_shown_renamed_and_revoked() {
    let house = House::open().await;
    for (body, name) in [
        ("", json!(null)),
        ("{}", json!(null)),
        (r#"{"api_token":null}"#, json!(null)),
        (r#"{"api_token":{}}"#, json!(null)),
        (r#"{"api_token":{"name":"Shop"}}"#, json!("Shop")),
    ] {
        let made = house.manage("POST", "/1/api_tokens", body).await;
        assert_eq!(made.status, StatusCode::OK, "{body} {}", made.body);
        assert_eq!(made.json()["name"], name, "{body}");
    }
    let shown = house.manage("GET", "/1/api_tokens/7", "").await;
    let secret = shown.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 36);
    let created = shown.json()["created_at"].as_str().unwrap().to_owned();
    assert_eq!(
        shown.body,
        format!(r#"{{"id":7,"name":"Shop","token":"{secret}","created_at":"{created}"}}"#)
    );
    let list = house.manage("GET", "/1/api_tokens/", "").await.json();
    let ids: Vec<i64> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [2, 3, 4, 5, 6, 7]);
    assert_eq!(list[0]["token"], house.server.as_str());

    let renamed = house
        .manage(
            "PATCH",
            "/1/api_tokens/7",
            r#"{"api_token":{"name":"Till"}}"#,
        )
        .await
        .json();
    assert_eq!(
        (&renamed["name"], &renamed["token"]),
        (&json!("Till"), &json!(secret))
    );

    let header = token("MailPace-Server-Token", &secret);
    let send = || request("POST", "/send", &[&header, JSON], Body::from(super::GOOD));
    assert_eq!(house.ask(send()).await.status, StatusCode::OK);
    let gone = house.manage("DELETE", "/1/api_tokens/7", "").await;
    assert_eq!(gone.line(), "204 ");
    assert!(!gone.headers.contains_key("content-type"));
    assert_eq!(
        house.ask(send()).await.line(),
        r#"400 {"error":"Invalid API Token"}"#
    );
    assert_eq!(
        house.manage("DELETE", "/1/api_tokens/7", "").await.line(),
        r#"404 {"error":"API token not found"}"#
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_token() {
    let house = House::open().await;
    let param = r#"400 {"error":"param is missing or the value is empty: api_token"}"#;
    let name = r#"422 {"errors":{"name":["is invalid"]}}"#;
    let long = json!({"api_token": {"name": "x".repeat(256)}}).to_string();
    for (verb, path, body, expected) in [
        ("POST", "/1/api_tokens", r#"{"api_token":"x"}"#, param),
        (
            "POST",
            "/1/api_tokens",
            r#"{"api_token":{"name":[1]}}"#,
            name,
        ),
        ("POST", "/1/api_tokens", &long, name),
        ("PATCH", "/1/api_tokens/2", "{}", param),
        ("PATCH", "/1/api_tokens/2", r#"{"api_token":{}}"#, param),
        ("PATCH", "/1/api_tokens/2", &long, name),
    ] {
        assert_eq!(
            house.manage(verb, path, body).await.line(),
            expected,
            "{verb} {body}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_or_somebody_elses() {
    let house = House::open().await;
    house.engine.create_organization("other").await.unwrap();
    let other = house.engine.operator(Some("other")).await.unwrap();
    let foreign = house
        .engine
        .create_domain(&other, "other.test", None)
        .await
        .unwrap();
    house.keep(&other, "foreign", Some(&foreign)).await;

    let domain = r#"404 {"error":"Domain not found"}"#;
    let key = r#"404 {"error":"API token not found"}"#;
    let change = r#"{"domain":{"name":"x"}}"#;
    let name = r#"{"api_token":{"name":"x"}}"#;
    for id in [
        "2",
        "99",
        "x",
        "-1",
        "0",
        "1.0",
        "9223372036854775808",
        "%ff",
        "%2f",
    ] {
        for (verb, rest, body) in [
            ("GET", "", ""),
            ("PATCH", "", change),
            ("POST", "/verify", ""),
            ("GET", "/api_tokens", ""),
            ("POST", "/api_tokens", ""),
            ("GET", "/api_tokens/3", ""),
            ("PATCH", "/api_tokens/3", name),
            ("DELETE", "/api_tokens/x", ""),
        ] {
            let got = house.manage(verb, &format!("/{id}{rest}"), body).await;
            assert_eq!(got.line(), domain, "{verb} {id}{rest}");
        }
    }
    // 1 is the organization's own token, 3 the other organization's.
    for id in ["1", "3", "99", "x", "9223372036854775808"] {
        for (verb, body) in [("GET", ""), ("PATCH", name), ("DELETE", "")] {
            let got = house
                .manage(verb, &format!("/1/api_tokens/{id}"), body)
                .await;
            assert_eq!(got.line(), key, "{verb} {id}");
        }
    }
}
