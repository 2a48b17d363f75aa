//! Templates, and emails that are only looked at.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::good;
use super::house::House;

#[tokio::test]
async fn a_template_is_drafted_published_and_sent() {
    let house = House::open().await;
    let ask = json!({"name": "Welcome", "subject": "Hi {{name}}", "html": "<b>{{name}}</b>", "text": null});
    let made = house.call("POST", "/templates", ask.to_string()).await;
    let id = made.text("/id");
    let now = "2026-06-18T10:00:00Z";
    let mut template = json!({
        "id": id, "name": "Welcome", "subject": "Hi {{name}}", "html": "<b>{{name}}</b>", "text": null,
        "status": "Draft", "version": 0, "createdAt": now, "updatedAt": now,
    });
    assert_eq!(
        (made.status, made.json()),
        (StatusCode::OK, template.clone())
    );
    let path = format!("/templates/{id}");
    let preview = house
        .call(
            "POST",
            &format!("{path}/preview"),
            r#"{"variables":{"name":"<Sam>"}}"#,
        )
        .await;
    assert_eq!(
        preview.line(),
        r#"200 {"subject":"Hi <Sam>","html":"<b>&lt;Sam&gt;</b>","text":null}"#
    );
    let send = json!({"from": "hello@shop.example", "to": "kim@c.test", "templateId": id, "variables": {"name": "Sam"}});
    let got = house.call("POST", "/emails", send.to_string()).await;
    assert_eq!(got.told(), "400 Template is not published.");
    let published = house.call("POST", &format!("{path}/publish"), "").await;
    template["status"] = json!("Published");
    template["version"] = json!(1);
    assert_eq!(published.json(), template);
    let shown = house
        .call("GET", &format!("/messages/{}", house.sent(&send).await), "")
        .await;
    assert_eq!(shown.text("/message/subject"), "Hi Sam");
    assert_eq!(shown.text("/htmlBody"), "<b>Sam</b>");

    house.hand.forward(Duration::from_secs(1));
    let changed = house
        .call("PUT", &path, r#"{"html":null,"text":"Dear {{name}}"}"#)
        .await;
    assert_eq!(changed.json()["html"], Value::Null);
    assert_eq!(changed.text("/name"), "Welcome");
    assert_eq!(changed.text("/updatedAt"), "2026-06-18T10:00:01Z");
    assert_eq!(house.call("GET", &path, "").await.json(), changed.json());
    assert_eq!(
        house.call("GET", "/templates", "").await.json(),
        json!([changed.json()])
    );
    let old = house
        .call("GET", &format!("/messages/{}", house.sent(&send).await), "")
        .await;
    assert_eq!(
        old.text("/htmlBody"),
        "<b>Sam</b>",
        "the last published version"
    );
    assert_eq!(
        house.call("DELETE", &path, "").await.line(),
        r#"200 {"status":"ok"}"#
    );
    let got = house.call("POST", "/emails", send.to_string()).await;
    assert_eq!(got.told(), "400 Template not found.");
}

#[tokio::test]
async fn what_is_wrong_with_a_template() {
    let house = House::open().await;
    for (body, expected) in [
        ("{}", "400 Name is required."),
        (r#"{"name":"t","html":5}"#, "400 Html is not valid."),
    ] {
        let got = house.call("POST", "/templates", body).await;
        assert_eq!(got.told(), expected, "{body}");
    }
    let broken = r#"{"name":"t","subject":"ok","html":"a\n {{ b","text":"{{% if %}}"}"#;
    let got = house.call("POST", "/templates", broken).await;
    let errors = &got.json()["errors"];
    assert_eq!(errors.as_object().unwrap().len(), 2, "{}", got.body);
    for (part, place) in [("html", "line 2, column 2"), ("text", "line 1, column")] {
        let told = errors[part][0].as_str().unwrap();
        assert!(told.contains(place), "{told}");
    }
    let one = house
        .call("POST", "/templates", r#"{"name":"t","text":"{{"}"#)
        .await;
    assert_eq!(one.json()["errors"]["text"][0], one.json()["error"]);

    let made = house.call("POST", "/templates", r#"{"name":"t"}"#).await;
    let taken = house.call("POST", "/templates", r#"{"name":"t"}"#).await;
    assert_eq!(
        taken.told(),
        "409 A template with this name already exists."
    );
    let path = format!("/templates/{}", made.text("/id"));
    let publish = house.call("POST", &format!("{path}/publish"), "").await;
    assert_eq!(publish.told(), "400 Either html or text is required.");
    let nameless = house.call("PUT", &path, r#"{"name":null}"#).await;
    assert_eq!(nameless.told(), "400 Name is required.");
    let same = house.call("PUT", &path, r#"{"name":"t"}"#).await;
    assert_eq!(same.status, StatusCode::OK);
    let preview = house
        .call("POST", &format!("{path}/preview"), r#"{"variables":[]}"#)
        .await;
    assert_eq!(preview.told(), "400 Variables must be an object.");
    let nothing = house.call("POST", &format!("{path}/preview"), "").await;
    assert_eq!(
        nothing.line(),
        r#"200 {"subject":null,"html":null,"text":null}"#
    );
}

#[tokio::test]
async fn an_email_is_looked_at_without_being_sent() {
    let house = House::open().await;
    let lint = async |email: Value| house.call("POST", "/emails/lint", email.to_string()).await;
    assert_eq!(
        lint(good()).await.line(),
        concat!(
            r#"200 {"score":60,"passed":false,"issues":[{"code":"unverified_domain","#,
            r#""severity":"error","message":"The from domain shop.example is not verified."}]}"#
        )
    );
    house.verify().await;
    assert_eq!(
        lint(good()).await.line(),
        r#"200 {"score":100,"passed":true,"issues":[]}"#
    );
    let email = json!({
        "from": "a@shop.example", "to": "x", "subject": "Hi {{name}}", "html":
        "<a href='https://evil.test/'>https://bank.test/</a>", "variables": {},
    });
    assert_eq!(
        lint(email).await.json(),
        json!({"score": 0, "passed": false, "issues": [
            {"code": "invalid_field", "severity": "error", "message": "x is not a valid email address."},
            {"code": "missing_text", "severity": "warning",
                "message": "There is no text part for readers without HTML."},
            {"code": "link_mismatch", "severity": "error",
                "message": "A link says bank.test and leads to evil.test."},
            {"code": "unresolved_placeholder", "severity": "warning", "message": "There are no values for: name."},
        ]})
    );
    assert_eq!(lint(json!([])).await.told(), "400 Invalid JSON body.");
    assert_eq!(house.call("GET", "/emails", "").await.line(), "200 []");
}
