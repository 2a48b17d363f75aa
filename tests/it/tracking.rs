//! Tracked mail in a real browser engine: the image, a link, a forged link, the way out.

use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::place;
use posthouse_tests::site::{Ran, Serving, Site};
use posthouse_tests::wait;
use serde_json::{Value, json};

/// A site whose links lead to itself, with a first domain that is tracked.
fn site() -> (Site, Serving) {
    let site = Site::new();
    let own = format!("127.0.0.1:{}", place::free_port("127.0.0.1"));
    site.configure(&format!(
        "[server]\nhttp = \"{own}\"\npublic_url = \"http://{own}\"\n"
    ));
    let server = site.serve();
    let set = ["domain", "set", "example.test", "--tracking", "on"];
    let domain = site.cli(&[&set[..], &["--unsubscribe", "on"]].concat());
    assert_eq!(
        (&domain["tracking"], &domain["unsubscribe"]),
        (&json!("on"), &json!("on"))
    );
    (site, server)
}

/// The one message that was kept, as it came.
fn kept(site: &Site) -> String {
    let id = wait::until("the captured mail", || {
        let list = site.cli(&["message", "list"]);
        list[0]["id"].as_i64()
    });
    site.say(&["message", "raw", &id.to_string()])
}

/// The URL in the header, unfolded.
fn way_out(raw: &str) -> String {
    let unfolded = raw.replace("\r\n ", " ");
    let mut lines = unfolded.lines();
    let url = lines.find_map(|line| line.strip_prefix("List-Unsubscribe: <")?.strip_suffix('>'));
    url.expect("a way out").to_owned()
}

fn events(site: &Site, id: i64) -> Vec<Value> {
    let story = site.cli(&["email", "why", &id.to_string()]);
    let events = story["recipients"][0]["events"].as_array();
    let deeds = ["opened", "clicked", "unsubscribed"].map(Value::from);
    let events = events.expect("events").iter();
    events
        .filter(|event| deeds.contains(&event["kind"]))
        .cloned()
        .collect()
}

#[test]
#[ignore = "needs Chromium: make test"]
fn a_browser_opens_follows_and_unsubscribes() {
    let (site, server) = site();
    let shop = Hooks::start(&Over::Plain);
    let target = format!("{}/200/landing?a=1&b=ü", shop.url);
    let message = json!({
        "from": "hello@example.test",
        "to": "kim@customer.example",
        "subject": "Order 9",
        "textbody": format!("See {target}"),
        "htmlbody": format!(
            "<html><body><p>See <a href='{}'>your order</a></p></body></html>",
            target.replace('&', "&amp;")
        ),
    });
    let token = server.first("server_token");
    let id = server.accepted(&token, &message);
    let raw = kept(&site);
    let page = site.file("mail.html");
    let html = posthouse::mime::read::summary(raw.as_bytes()).html;
    std::fs::write(&page, html.expect("html")).expect("written");

    let mut reader = place::node();
    let ran = Ran::of(reader.arg("reader.js").arg(&page).arg(way_out(&raw)));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(
        (&said["image"]["status"], &said["image"]["type"]),
        (&json!(200), &json!("image/gif"))
    );
    let landed = target.replace('ü', "%C3%BC");
    assert_eq!(
        (&said["click"]["status"], &said["click"]["url"]),
        (&json!(200), &json!(landed))
    );
    assert_eq!(said["forged"]["status"], 404, "{said}");
    assert_eq!(
        (&said["left"]["status"], &said["heading"]),
        (&json!(200), &json!("Unsubscribed"))
    );
    let asked = shop
        .requests()
        .into_iter()
        .filter(|one| one["url"] != "/favicon.ico");
    let asked: Vec<_> = asked
        .map(|one| (one["url"].clone(), one["headers"]["referer"].clone()))
        .collect();
    assert_eq!(asked, [(json!("/200/landing?a=1&b=%C3%BC"), Value::Null)]);

    let events = wait::until("three events", || {
        Some(events(&site, id)).filter(|all| all.len() == 3)
    });
    for (event, (kind, url)) in events.iter().zip([
        ("opened", Value::Null),
        ("clicked", json!(landed)),
        ("unsubscribed", Value::Null),
    ]) {
        assert_eq!((&event["kind"], &event["url"]), (&json!(kind), &url));
        assert_eq!(
            (&event["user_agent"], &event["ip"]),
            (&said["agent"], &json!("127.0.0.1"))
        );
    }
    let words = site.say(&["email", "why", &id.to_string()]);
    assert!(words.contains("from 127.0.0.1"), "{words}");
    let list = site.cli(&["suppression", "list"]);
    assert_eq!(
        (&list[0]["address"], &list[0]["reason"]),
        (&json!("kim@customer.example"), &json!("unsubscribe"))
    );
    server
        .send(&token, &message)
        .assert(400, r#"{"errors":{"to":["contains a blocked address"]}}"#);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_domain_shows_its_switches_and_is_told_what_to_change() {
    let (site, _server) = site();
    let words = site.say(&["domain", "show", "example.test"]);
    for line in ["Opens and clicks", "One-click unsubscribe"] {
        let found = words.lines().find(|one| one.starts_with(line));
        assert!(found.is_some_and(|one| one.ends_with(" on")), "{words}");
    }
    assert!(words.contains("Links begin with"), "{words}");
    let domain = site.cli(&["domain", "set", "example.test", "--tracking", "off"]);
    assert_eq!(
        (&domain["tracking"], &domain["unsubscribe"]),
        (&json!("off"), &json!("on"))
    );
    assert_eq!(site.run(&["domain", "set", "example.test"]).code, 2);
    assert_eq!(
        site.run(&["domain", "set", "example.test", "--tracking", "yes"])
            .code,
        2
    );
}
