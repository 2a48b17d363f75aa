//! The operations, over all of HTTP but the sockets.

mod house;
mod log;

use std::time::Duration;

use posthouse::model::client::{ClientPlace, ClientSecurity};
use serde_json::{Value, json};

use super::*;
use house::House;

#[test]
fn it_owns_its_own_paths_and_no_others() {
    for (path, owns) in [
        ("/api/v1/list", true),
        ("/api/v1/list/", true),
        ("/api/v1/list/domain", true),
        ("/api/v1/create/mailbox/single", true),
        ("/api/v1/get/anything/at/all", true),
        ("/api/api/v1/create/domain", true),
        ("/api/v1/lists", false),
        ("/api/v1/getmailbox", false),
        ("/api/v1/domains", false),
        ("/api/v1/send", false),
        ("/api/v1/mail", false),
        ("/api/api/v1/send", false),
        ("/api/api/v1", false),
        ("/api/v1", false),
        ("/v1/list/domain", false),
        ("/", false),
    ] {
        assert_eq!(MailApi.owns(path), owns, "{path}");
    }
}

#[tokio::test]
async fn a_mailbox_is_asked_for_made_and_listed() {
    let place = ClientPlace {
        host: String::from("imap.mail.test"),
        port: 993,
        security: ClientSecurity::Tls,
    };
    let house = House::with(Some(place)).await;
    let (workers, _) = house.engine.work().await.unwrap();
    let made = house
        .post("/create/domain", json!({"Domain": "acme.test"}))
        .await;
    assert_eq!(
        made.line(),
        r#"200 {"status":"success","domain":"acme.test","task_id":1}"#
    );
    for (name, params, id) in [
        ("john", json!({"password": "correct horse"}), 2),
        ("ann", json!({"quota_mb": 2048}), 3),
    ] {
        let asked = house.single(name, params).await;
        assert_eq!(
            asked.line(),
            format!(r#"200 {{"status":"success","task_id":{id}}}"#)
        );
        let done = house.task("single", id).await;
        let expected = json!({
            "Task_id": id, "total_email": 1, "domain": "acme.test",
            "results": {format!("{name}@acme.test"): {"status": "Created successfully."}},
            "status": "completed", "task_id": id.to_string(),
        });
        assert_eq!(done, expected);
    }
    let listed = house
        .list("/list/mailbox", "&domain=Acme.Test")
        .await
        .json();
    let imap = json!({"host": "imap.mail.test", "port": 993,
        "username": "john@acme.test", "security": "tls"});
    assert_eq!(
        listed["results"]["john@acme.test"]["imap_credentials"],
        imap
    );
    assert_eq!(
        listed["results"]["ann@acme.test"]["imap_credentials"],
        Value::Null
    );
    assert_eq!(
        listed["results"]["ann@acme.test"]["mailbox_quota"],
        "2048MB"
    );
    let domains = house.list("/list/domain", "").await.json();
    assert_eq!(domains["results"]["acme.test"]["mailbox_count"], "2");
    assert_eq!(domains["results"]["acme.test"]["domain_quota"], "3GB");
    workers.stop(Duration::ZERO).await;
}

#[tokio::test]
async fn it_is_told_how_far_a_task_has_come() {
    let house = House::with(None).await;
    house
        .post("/create/domain", json!({"Domain": "acme.test"}))
        .await;
    house.single("john", json!({})).await;
    // Nobody works.
    let expected = concat!(
        r#"200 {"Task_id":2,"total_email":1,"domain":"acme.test","results":{},"#,
        r#""status":"pending","task_id":"2"}"#
    );
    let path = format!("/get/mailbox/single?key={}&task_id=2", house.key);
    assert_eq!(house.get(&path).await.line(), expected);
    let listed = house
        .list("/list/mailbox", "&domain=acme.test")
        .await
        .json();
    let row = &listed["results"]["john@acme.test"];
    assert_eq!(row["provisioning_status"], "pending");
    assert_eq!(row["mailbox_quota"], "1024MB");
}

/// Method; the key in the query, in a header field and in the body: good, wrong, or none; and
/// the status.
const PLACES: [&str; 16] = [
    "GET good - - 200",
    "GET - bearer - 200",
    "GET - header - 200",
    "GET good wrong - 200",
    "GET wrong header - 401",
    "GET blank header - 200",
    // The body of a GET is not looked at.
    "GET - - good 401",
    "GET - - - 401",
    "POST - - good 200",
    "POST good - - 200",
    "POST - header - 200",
    "POST - bearer - 200",
    "POST good bearer wrong 401",
    "POST good - number 401",
    "POST good - null 200",
    "POST - - - 401",
];

#[tokio::test]
async fn the_key_may_be_shown_in_four_places() {
    let house = House::with(None).await;
    let (key, user) = (house.key.as_str(), house.user);
    for (number, row) in PLACES.iter().enumerate() {
        let words: Vec<&str> = row.split(' ').collect();
        let [method, query, header, body, status] = words[..] else {
            panic!("{row}")
        };
        let query = match query {
            "good" => format!("&key={key}"),
            "wrong" => String::from("&key=wrong"),
            "blank" => String::from("&key=+"),
            _ => String::new(),
        };
        let headers = match header {
            "bearer" => vec![format!("Authorization: Bearer {key}")],
            "header" => vec![format!("X-Api-Key: {key}")],
            "wrong" => vec![String::from("X-Api-Key: wrong")],
            _ => Vec::new(),
        };
        let mut asked = json!({"Domain": format!("d{number}.test")});
        match body {
            "good" => asked["key"] = json!(key),
            "wrong" => asked["key"] = json!("wrong"),
            "number" => asked["key"] = json!(7),
            "null" => asked["key"] = Value::Null,
            _ => {}
        }
        let path = match method {
            "GET" => format!("/list/domain?caller_id={user}{query}"),
            _ => format!("/create/domain?{query}"),
        };
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let got = house.ask(method, &path, &headers, asked.to_string()).await;
        assert_eq!(got.status.to_string(), status, "{row}: {}", got.body);
    }
}

#[tokio::test]
async fn a_form_is_as_good_as_json() {
    let house = House::with(None).await;
    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let key = &house.key;
    for (path, body, expected) in [
        (
            "/create/domain",
            format!("key={key}&Domain=acme.test&Params[total_mailbox_allowed]=5"),
            r#"200 {"status":"success","domain":"acme.test","task_id":1}"#,
        ),
        (
            "/create/sub-domain",
            format!("key={key}&Domain=acme.test&Params[sub_domains][]=a&Params[sub_domains][]=b"),
            r#"200 {"status":"success","domain":"acme.test"}"#,
        ),
        (
            "/create/mailbox/bulk",
            format!(
                "key={key}&Domain=acme.test&Email_fullname=team&single_bulk=bulk&Params[count]=2"
            ),
            r#"200 {"status":"success","task_id":3}"#,
        ),
    ] {
        assert_eq!(house.ask("POST", path, &form, body).await.line(), expected);
    }
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let house = House::with(None).await;
    let body = vec![b' '; 1024 * 1024 + 1];
    let got = house.ask("POST", "/create/domain", &[], body).await;
    assert_eq!(
        got.line(),
        r#"413 {"status":"error","reason":"The request body is too large."}"#
    );
}

#[tokio::test]
async fn a_closed_engine_is_busy() {
    let house = House::with(None).await;
    house
        .post("/create/domain", json!({"Domain": "acme.test"}))
        .await;
    house.engine.close().await;
    let got = house.single("john", json!({})).await;
    assert_eq!(
        got.line(),
        r#"503 {"status":"error","reason":"Service temporarily unavailable."}"#
    );
    assert_eq!(got.headers["retry-after"], "1");
}
