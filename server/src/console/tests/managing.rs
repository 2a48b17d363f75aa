//! What a newcomer does in the first minutes, and what a member may not.

use std::time::Duration;

use axum::http::StatusCode;
use posthouse::model::organization::Role;
use serde_json::{Value, json};

use super::house::{Browser, House};
use crate::dialects::SENDING;

#[tokio::test]
async fn a_member_gives_no_key_whose_mail_leaves() {
    let house = House::open().await;
    house.owner().await;
    let kim = house.person("kim", Role::Member).await;
    let ada = house.person("eve", Role::Owner).await;
    let key = |mode: &str| {
        json!({"shape": SENDING.name, "name": mode, "domain": "shop.test", "user": null,
            "scopes": [], "mode": mode, "expires_at": null, "test": false})
    };
    let made = house.done(&kim, "key.make", key("capture")).await;
    assert_eq!(made["key"]["mode"], "capture");
    assert_eq!(made["key"]["bound_to"]["name"], "shop.test");
    assert!(
        made["example"]
            .as_str()
            .unwrap()
            .contains(made["token"].as_str().unwrap())
    );
    for mode in ["allow_list", "live"] {
        let got = house.call(&kim, "key.make", key(mode)).await;
        assert_eq!(got.refusal().2, "role", "{mode}");
        let set = json!({"id": made["id"], "mode": mode});
        let got = house.call(&kim, "key.set", set).await;
        assert_eq!(got.refusal().2, "role", "{mode}");
    }
    let list = json!({"id": made["id"], "allowed": ["far.test"]});
    let got = house.call(&kim, "key.set", list.clone()).await;
    assert_eq!(got.refusal().2, "role");
    // An owner may, once there is a way out.
    let got = house.call(&ada, "key.make", key("live")).await;
    assert_eq!(got.refusal(), (409, "conflict".into(), "no_route".into()));
    house
        .done(&ada, "settings.set", json!({"direct": "on"}))
        .await;
    house.done(&ada, "key.make", key("live")).await;
    let shown = house.done(&ada, "key.set", list).await;
    assert_eq!(shown["allowed"], json!(["far.test"]));
    house
        .done(&kim, "key.revoke", json!({"id": made["id"]}))
        .await;
    let listed = house.done(&kim, "key.list", json!({})).await;
    let states: Vec<&str> = listed["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["valid", "revoked"]);
}

#[tokio::test]
async fn mailboxes_are_made_in_bulk_and_listed_in_pages() {
    let house = House::open().await;
    let ada = house.owner().await;
    let line = |address: &str, password: Option<&str>| json!({"address": address, "name": "", "quota_bytes": 1000, "password": password});
    let lines = json!({"lines": [
        line("a@shop.test", None), line("b@shop.test", Some("correct horse")),
        line("a@shop.test", None), line("c@far.test", None), line("@", None),
        line("d@shop.test", Some("short")),
    ]});
    let made = house.done(&ada, "mailbox.make_many", lines).await;
    let results = made["results"].as_array().unwrap();
    let outcomes: Vec<(&str, bool)> = results
        .iter()
        .map(|one| {
            (
                one["outcome"].as_str().unwrap(),
                one["password"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("made", true),
            ("made", false),
            ("exists", false),
            ("not_ours", false),
            ("malformed", false),
            ("malformed", false)
        ]
    );
    let first = json!({"limit": 1, "kind": "full"});
    let page = house.done(&ada, "mailbox.list", first).await;
    assert_eq!(page["rows"][0]["address"], "a@shop.test");
    let second = json!({"limit": 1, "kind": "full", "before": page["next"]});
    let page = house.done(&ada, "mailbox.list", second).await;
    assert_eq!(page["rows"][0]["address"], "b@shop.test");
    assert_eq!(page["next"], json!(null));
    let again = json!({"address": "a@shop.test", "password": null});
    let given = house.done(&ada, "mailbox.password", again).await;
    let password = given["password"].as_str().unwrap();
    let here = "127.0.0.1".parse().unwrap();
    house
        .engine
        .sign_in("a@shop.test", password, here)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_template_is_previewed_as_it_is_written() {
    let house = House::open().await;
    let kim = house.person("kim", Role::Reader).await;
    let asked = json!({"source": {"subject": "Order {{n}}", "html": "<p>{{x}}</p>", "text": null},
        "data": {"n": 7, "x": "<b>"}});
    let made = house.done(&kim, "template.preview", asked).await;
    assert_eq!(made["subject"], "Order 7");
    assert_eq!(made["html"], "<p>&lt;b&gt;</p>");
    assert_eq!(made["problems"], json!({}));
    let url = made["html_url"].as_str().unwrap();
    let page = house.get(&kim, url).await;
    assert_eq!(
        (page.status, &*page.body),
        (StatusCode::OK, "<p>&lt;b&gt;</p>")
    );
    let policy = page.header("content-security-policy");
    let shut =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:;";
    assert!(
        policy.starts_with(shut) && !policy.contains("script"),
        "{policy}"
    );
    let nobody = house.get(&Browser::default(), url).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let absent = house.get(&kim, "/console/files/preview/0").await;
    assert_eq!(absent.refusal().2, "template");
    let broken = json!({"source": {"subject": "{{", "html": null, "text": "ok"}, "data": {}});
    let made = house.done(&kim, "template.preview", broken).await;
    assert!(
        made["problems"]["subject"]
            .as_str()
            .unwrap()
            .contains("line 1")
    );
    let save = json!({"id": null, "name": "t", "text": "x"});
    let got = house.call(&kim, "template.save", save).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_overview_leads_through_the_first_minutes() {
    let house = House::open().await;
    let ada = house.owner().await;
    let steps = async || {
        let shown = house.done(&ada, "overview.show", json!({"days": 3})).await;
        let series = shown["series"].as_array().unwrap().len();
        let done: Vec<bool> = shown["first_steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["done"].as_bool().unwrap())
            .collect();
        (series, done, shown["today"]["sent"].clone())
    };
    let (series, done, sent) = steps().await;
    assert_eq!((series, sent), (3, json!(0)));
    assert_eq!(done, [true, false, false, false, false]);
    let key = json!({"shape": SENDING.name, "name": "till", "domain": "shop.test", "user": null,
        "scopes": [], "mode": "capture", "expires_at": null, "test": false});
    house.done(&ada, "key.make", key).await;
    let mailbox =
        json!({"address": "kim@shop.test", "name": "Kim", "quota_bytes": null, "password": null});
    house.done(&ada, "mailbox.make", mailbox).await;
    let email = json!({"from": "hi@shop.test", "to": ["kim@shop.test"], "cc": [], "bcc": [],
        "subject": "Hello", "text": "Hello", "html": null, "test": true});
    let sent = house.done(&ada, "email.send", email).await;
    let (_, done, count) = steps().await;
    assert_eq!(done, [true, false, true, true, true]);
    assert_eq!(count, json!(1));
    let shown = house
        .done(&ada, "email.show", json!({"id": sent["id"]}))
        .await;
    assert_eq!(shown["deliveries"][0]["recipient"], "kim@shop.test");
    assert_eq!(shown["text"], "Hello");
    let why = json!({"id": sent["id"], "dns": false});
    let story = house.done(&ada, "email.why", why).await;
    assert_eq!(story["recipients"][0]["recipient"], "kim@shop.test");
    let found = house
        .done(&ada, "search.all", json!({"text": "HELLO"}))
        .await;
    assert_eq!(found["emails"][0]["id"], sent["id"]);
    let domains = house
        .done(&ada, "search.all", json!({"text": "shop"}))
        .await;
    assert_eq!(domains["domains"][0]["host"], "shop.test");
}

#[tokio::test]
async fn emails_are_paged_without_a_gap() {
    let house = House::open().await;
    let ada = house.owner().await;
    for number in 0..5 {
        let email = json!({"from": "hi@shop.test", "to": ["kim@shop.test"], "cc": [], "bcc": [],
            "subject": format!("Order {number}"), "text": "x", "html": null, "test": true});
        house.done(&ada, "email.send", email).await;
    }
    for search in [json!(null), json!("order")] {
        let (mut before, mut seen) = (json!(null), Vec::new());
        loop {
            let asked = json!({"limit": 2, "before": before, "search": search});
            let page = house.done(&ada, "email.list", asked).await;
            for row in page["rows"].as_array().unwrap() {
                seen.push(row["subject"].as_str().unwrap().to_owned());
            }
            before = page["next"].clone();
            if before.is_null() {
                break;
            }
        }
        assert_eq!(
            seen,
            ["Order 4", "Order 3", "Order 2", "Order 1", "Order 0"]
        );
    }
    let one = json!({"search": "order 3"});
    let page = house.done(&ada, "email.list", one).await;
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_owner_says_what_becomes_of_mail_written_by_hand() {
    let house = House::open().await;
    let ada = house.owner().await;
    let kim = house.person("kim", Role::Member).await;
    let mode = |mode: &str| json!({"hand_mode": mode});
    let before = house.done(&kim, "settings.show", json!({})).await;
    assert_eq!(before["hand_mode"], "capture");
    let denied = house.call(&kim, "settings.set", mode("hold")).await;
    assert_eq!(denied.refusal().2, "role");
    let nowhere = house.call(&ada, "settings.set", mode("live")).await;
    assert_eq!(nowhere.refusal().2, "no_route");
    let shown = house.done(&ada, "settings.show", json!({})).await;
    assert_eq!(shown["hand_mode"], "capture");
    let direct = json!({"direct": "on", "hand_mode": "live"});
    let set = house.done(&ada, "settings.set", direct).await;
    assert_eq!(
        (&set["direct"], &set["hand_mode"]),
        (&json!("on"), &json!("live"))
    );
    // It is a key as any other; whoever revoked it meant that.
    let keys = house.done(&ada, "key.list", json!({})).await;
    let hand = keys["rows"].as_array().unwrap().iter();
    let mut hand = hand.filter(|key| key["shape"] == "by-hand");
    let key = hand.next().expect("one of its own");
    assert_eq!((&key["mode"], hand.next()), (&json!("live"), None));
    let revoke = json!({"id": key["id"]});
    house.done(&ada, "key.revoke", revoke).await;
    let shown = house.done(&ada, "settings.show", json!({})).await;
    assert_eq!(shown["hand_mode"], json!(null));
    let gone = house.call(&ada, "settings.set", mode("capture")).await;
    assert_eq!(gone.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_overview_tells_what_is_not_as_it_should_be() {
    let house = House::open().await;
    let ada = house.owner().await;
    let problems = async || -> Vec<Value> {
        let shown = house.done(&ada, "overview.show", json!({})).await;
        shown["problems"].as_array().unwrap().clone()
    };
    assert_eq!(problems().await, [] as [Value; 0]);
    house
        .done(&ada, "domain.check", json!({"host": "shop.test"}))
        .await;
    let mailbox =
        json!({"address": "kim@shop.test", "name": "", "quota_bytes": 1_000, "password": null});
    house.done(&ada, "mailbox.make", mailbox).await;
    let email = json!({"from": "hi@shop.test", "to": ["kim@shop.test"], "cc": [], "bcc": [], "subject": "s",
        "text": "x".repeat(700), "test": true});
    house.done(&ada, "email.send", email).await;
    let (workers, _) = house.engine.work().await.unwrap();
    let mut changes = house.engine.feed().subscribe();
    let told = loop {
        let told = problems().await;
        if told.iter().any(|one| one["kind"] == "mailbox_full") {
            break told;
        }
        let heard = tokio::time::timeout(Duration::from_secs(10), changes.recv()).await;
        heard.expect("it arrives").expect("changes come");
    };
    workers.stop(Duration::from_secs(5)).await;
    let full = told
        .iter()
        .find(|one| one["kind"] == "mailbox_full")
        .unwrap();
    assert_eq!(
        full["target"],
        json!({"view": "mailbox", "id": "kim@shop.test"})
    );
    assert_eq!(full["severity"], "warning");
    let text = full["text"].as_str().unwrap();
    assert!(
        text.starts_with("kim@shop.test holds ") && text.contains(" % of what it may"),
        "{text}"
    );
}
