//! The console with the real program: the link of the first start, and people by the command
//! line.

use posthouse_tests::http::{Reply, ask, client};
use posthouse_tests::site::{Serving, Site};
use serde_json::{Value, json};

use super::cli::look;

fn call(server: &Serving, command: &str, cookie: Option<&str>, input: &Value) -> Reply {
    let url = server.url(&format!("/console/api/{command}"));
    let mut request = client()
        .post(url)
        .header("x-posthouse-console", "1")
        .header("content-type", "application/json")
        .body(input.to_string());
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    ask(request)
}

fn token(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    let (_, token) = link.split_once("/#/welcome/").expect("a way in");
    token.to_owned()
}

/// The cookie of whoever takes a way in.
fn welcomed(server: &Serving, token: &str, name: &str) -> String {
    let input = json!({"token": token, "name": name, "password": "correct horse"});
    let reply = call(server, "session.welcome", None, &input);
    assert_eq!(reply.status, 200, "{reply:?}");
    let cookie = reply.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a pair").to_owned()
}

#[test]
fn each_start_prints_a_link_until_somebody_has_a_password() {
    let site = Site::new();
    let first = site.serve();
    let old = token(&first.said["welcome"]);
    drop(first);
    let server = site.serve();
    let new = token(&server.said["welcome"]);
    let invited = |token: &str| {
        call(
            &server,
            "session.invitation",
            None,
            &json!({"token": token}),
        )
    };
    assert_eq!((invited(&old).status, invited(&new).status), (404, 200));
    let root = server.get("/");
    assert_eq!(root.status, 200);
    assert_eq!(server.said["console"], server.url("/"));
    let cookie = welcomed(&server, &new, "ada");
    let shown = call(&server, "session.show", Some(&cookie), &json!({}));
    assert_eq!(shown.json()["user"]["name"], "ada");
    let listeners = call(&server, "listener.list", Some(&cookie), &json!({}));
    assert_eq!(listeners.json()["rows"][0]["address"], server.address());
    let settings = call(&server, "settings.show", Some(&cookie), &json!({}));
    let file = settings.json()["file"].clone();
    let host = file.as_array().expect("rows").iter();
    let mut host = host.filter(|row| row["name"] == "server.host");
    assert_eq!(host.next().expect("a row")["value"], "localhost");
    drop(server);
    let server = site.serve();
    assert!(server.said["welcome"].is_null());
    let shown = call(&server, "session.show", Some(&cookie), &json!({}));
    assert_eq!(
        shown.json()["user"]["name"],
        "ada",
        "a session outlives a restart"
    );
    drop(server);
    let server = site.serve_with(&["--console-enabled", "false"]);
    assert!(server.said["console"].is_null());
    assert_eq!(server.get("/").status, 404);
    let gone = call(&server, "session.show", None, &json!({}));
    assert_eq!(gone.status, 404);
}

#[test]
fn people_come_and_go_by_the_command_line() {
    let site = Site::new();
    let server = site.serve();
    let added = site.cli(&["user", "add", "kim", "--role", "owner"]);
    assert_eq!(added["name"], "kim");
    let cookie = welcomed(&server, &token(&added["link"]), "");
    let users = || look(&site, &["user", "list"]);
    let kim = |all: Value| -> Value {
        let mut all = all.as_array().expect("a list").clone().into_iter();
        all.find(|user| user["name"] == "kim").unwrap_or_default()
    };
    assert_eq!(kim(users())["has_password"], true);
    assert_eq!(kim(users())["role"], "owner");
    let lee = site.cli(&["user", "add", "lee", "--role", "owner"]);
    let changed = site.cli(&["user", "role", "kim", "reader"]);
    assert_eq!(changed["role"], "reader");
    let refused = call(&server, "user.list", Some(&cookie), &json!({}));
    assert_eq!(refused.status, 403, "{refused:?}");
    let link = site.cli(&["user", "link", "kim"]);
    assert!(token(&link["link"]).len() > 40);
    site.cli(&["user", "remove", "kim", "--yes"]);
    let gone = call(&server, "email.list", Some(&cookie), &json!({}));
    assert_eq!(gone.status, 401, "{gone:?}");
    assert!(kim(users()).is_null());
    let cookie = welcomed(&server, &token(&lee["link"]), "");
    let audit = call(&server, "audit.list", Some(&cookie), &json!({})).json();
    let rows = audit["rows"].as_array().expect("rows").iter();
    let by_hand = rows.filter(|row| row["who"] == "command line");
    let told: Vec<String> = by_hand
        .map(|row| format!("{} {} {}", row["what"], row["target"], row["detail"]))
        .collect();
    assert_eq!(
        told,
        [
            r#""user.remove" "kim" null"#,
            r#""user.link" "kim" null"#,
            r#""user.set" "kim" "{\"role\":\"reader\"}""#,
            r#""user.make" "lee" "{\"role\":\"owner\"}""#,
            r#""user.make" "kim" "{\"role\":\"owner\"}""#,
        ]
    );
    for (wrong, code) in [
        (vec!["user", "add", "lee"], 1),
        (vec!["user", "role", "nobody", "owner"], 4),
        (vec!["user", "role", "lee", "boss"], 2),
        (vec!["user", "remove", "lee"], 2),
    ] {
        assert_eq!(site.run(&wrong).code, code, "{wrong:?}");
    }
}

#[test]
fn what_a_mailbox_is_told_is_there() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-submission", "127.0.0.1:0"]);
    let cookie = welcomed(&server, &token(&server.said["welcome"]), "ada");
    site.cli(&[
        "mailbox",
        "create",
        "kim+news@example.test",
        "--no-password",
    ]);
    let asked = json!({"address": "kim+news@example.test"});
    let told = call(&server, "mailbox.settings", Some(&cookie), &asked).json();
    for (url, says) in [
        ("autoconfig_url", "<username>%EMAILADDRESS%</username>"),
        ("profile_url", "<string>kim+news@example.test</string>"),
    ] {
        let path = told[url]
            .as_str()
            .unwrap_or_else(|| panic!("no {url} in {told}"));
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.body.contains(says), "{}", reply.body);
    }
}

#[test]
fn whoever_is_behind_a_proxy_is_known_only_where_it_is_trusted() {
    let site = Site::new();
    let from = |server: &Serving, name: &str| {
        let added = site.cli(&["user", "add", name, "--role", "owner"]);
        let input =
            json!({"token": token(&added["link"]), "name": name, "password": "correct horse"});
        let request = client()
            .post(server.url("/console/api/session.welcome"))
            .header("x-posthouse-console", "1")
            .header("x-forwarded-for", "203.0.113.1, 192.0.2.7")
            .body(input.to_string());
        let reply = ask(request);
        let cookie = reply.header("set-cookie").expect("a cookie");
        let cookie = cookie.split(';').next().expect("a pair").to_owned();
        let audit = call(server, "audit.list", Some(&cookie), &json!({"limit": 1})).json();
        audit["rows"][0]["remote"].clone()
    };
    let server = site.serve();
    assert_eq!(from(&server, "ada"), "127.0.0.1");
    drop(server);
    let trusted = ["--trusted-proxies", "127.0.0.0/8"];
    let server = site.serve_with(&trusted);
    assert_eq!(from(&server, "bob"), "192.0.2.7");
}
