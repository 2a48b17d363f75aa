//! Each change is written down, with who did it and to what, and without a secret.

use axum::http::StatusCode;
use posthouse::model::organization::Role;
use serde_json::{Value, json};

use super::house::House;

#[tokio::test]
async fn a_change_is_told_and_a_refusal_is_not() {
    let house = House::open().await;
    let ada = house.owner().await;
    let kim = house.person("kim", Role::Member).await;
    house
        .done(&kim, "domain.add", json!({"host": "new.test"}))
        .await;
    let taken = house
        .call(&kim, "domain.add", json!({"host": "new.test"}))
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let denied = house
        .call(&kim, "domain.remove", json!({"host": "new.test"}))
        .await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    // It writes nothing by itself: whoever is rehearsed is not suppressed.
    let sheet = json!({"csv": "address\r\na@b.test\r\n", "rehearse": true});
    house.done(&kim, "suppression.import", sheet).await;
    house.done(&kim, "domain.list", json!({})).await;

    let told = house.done(&ada, "audit.list", json!({"limit": 2})).await;
    let rows = told["rows"].as_array().unwrap();
    let line = |row: &Value| {
        let words = ["who", "what", "target", "detail", "remote"];
        words.map(|name| row[name].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(
        line(&rows[0]),
        [
            "kim",
            "suppression.import",
            "-",
            r#"{"rehearse":true}"#,
            "127.0.0.1"
        ]
    );
    assert_eq!(
        line(&rows[1]),
        ["kim", "domain.add", "new.test", "-", "127.0.0.1"]
    );
    let before = told["next"].as_str().unwrap();
    let rest = house
        .done(&ada, "audit.list", json!({"before": before}))
        .await;
    let whats: Vec<&str> = rest["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["what"].as_str().unwrap())
        .collect();
    assert_eq!(whats, ["session.welcome", "session.welcome"]);
    assert_eq!(rest["next"], json!(null));
}

#[tokio::test]
async fn what_is_secret_is_never_written_down() {
    let house = House::open().await;
    let ada = house.owner().await;
    let secrets = [
        "mailbox-hunter2",
        "relay-hunter2",
        "hook-hunter2",
        "body-hunter2",
        "own-hunter2",
    ];
    let mailbox = json!({"address": "kim@shop.test", "name": "Kim", "quota_bytes": null, "password": secrets[0]});
    house.done(&ada, "mailbox.make", mailbox).await;
    let relay = json!({"name": "r", "host": "smtp.far.test", "port": 587, "security": "starttls", "user": "u", "password": secrets[1], "hourly": null, "daily": null, "sender": null});
    house.done(&ada, "relay.make", relay).await;
    let forms = house.done(&ada, "webhook.forms", json!({})).await;
    let mut forms = forms["rows"].as_array().unwrap().iter();
    let form = forms.find(|form| form["domain"] == false).unwrap();
    let webhook = json!({"form": form["name"], "url": format!("https://u:{}@far.test/", secrets[2]), "events": [], "domain": null});
    house.done(&ada, "webhook.make", webhook).await;
    let email = json!({"from": "hi@shop.test", "to": ["kim@shop.test"], "cc": [], "bcc": [], "subject": "s", "text": secrets[3], "test": true});
    house.done(&ada, "email.send", email).await;
    let own = json!({"current": super::house::SECRET, "password": secrets[4]});
    house.done(&ada, "session.password", own).await;
    let told = house.done(&ada, "audit.list", json!({})).await.to_string();
    for what in [
        "mailbox.make",
        "relay.make",
        "webhook.make",
        "email.send",
        "session.password",
    ] {
        assert!(told.contains(what), "{what}");
    }
    assert!(!told.contains("hunter2"), "{told}");
    assert!(!told.contains(super::house::SECRET));
}

#[tokio::test]
async fn what_comes_with_looking_is_not_written_down() {
    let house = House::open().await;
    let ada = house.owner().await;
    let row = async || house.done(&ada, "message.list", json!({})).await["rows"][0].clone();
    let id = super::mail::hostile(&house, &ada).await;
    assert_eq!(row().await["seen"], false);
    let opened = house.done(&ada, "message.open", json!({"id": id})).await;
    assert_eq!(
        (&opened["seen"], &row().await["seen"]),
        (&json!(true), &json!(true))
    );
    let unread = json!({"ids": [id], "seen": false, "starred": null});
    house.done(&ada, "message.mark", unread).await;
    let shown = house.done(&ada, "message.show", json!({"id": id})).await;
    assert_eq!(shown["seen"], false, "to look changes nothing");
    let host = json!({"host": "shop.test"});
    house.done(&ada, "domain.look", host.clone()).await;
    house.done(&ada, "domain.check", host).await;
    let told = house.done(&ada, "audit.list", json!({})).await;
    let rows = told["rows"].as_array().unwrap().iter();
    let whats: Vec<&Value> = rows.map(|row| &row["what"]).collect();
    assert_eq!(
        whats,
        [
            "domain.check",
            "message.mark",
            "email.send",
            "session.welcome"
        ]
    );
    // A page of another site can do it as little as any other change.
    let fields: Vec<_> = ada
        .fields()
        .into_iter()
        .filter(|(name, _)| *name != "x-csrf-token")
        .collect();
    let forged = house
        .post("message.open", &fields, &json!({"id": id}))
        .await;
    assert_eq!(forged.refusal().2, "forged");
}
