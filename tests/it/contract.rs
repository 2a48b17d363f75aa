//! Every answer that the contract shows, to the letter: `cases/mailpace/*.http` against the
//! real binary.

use posthouse_tests::case::{self, Known};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use serde_json::json;

/// A server with one of everything that the cases name.
fn server() -> (Site, Serving, Known) {
    let site = Site::new();
    let server = site.serve();
    let mut known = Known::new();
    let mut know = |name: &str, value: String| known.insert(name.to_owned(), value);
    know("token", server.first("server_token"));
    know("organization_token", server.first("organization_token"));
    know(
        "first_domain",
        server.said["first_start"]["domain_id"].to_string(),
    );
    let key = |arguments: &[&str]| {
        let mut all = vec!["key", "create"];
        all.extend(arguments);
        let made = site.cli(&all);
        (
            made["id"].to_string(),
            made["token"].as_str().expect("a token").to_owned(),
        )
    };
    know("second_token", key(&["--domain", "example.test"]).1);
    let (limited, token) = key(&["--domain", "example.test"]);
    site.cli(&["key", "rate", &limited, "1"]);
    know("limited_token", token);
    let (revoked, token) = key(&["--domain", "example.test"]);
    site.cli(&["key", "revoke", &revoked]);
    know("revoked_token", token);
    // Without a way out, no key may be live.
    site.cli(&["org", "set", "--direct", "on"]);
    site.cli(&["domain", "create", "unproved.test"]);
    know(
        "unproved_token",
        key(&["--domain", "unproved.test", "--mode", "live"]).1,
    );
    site.cli(&[
        "suppression",
        "add",
        "blocked@customer.example",
        "--domain",
        "example.test",
    ]);
    for (name, standing) in [
        ("no_plan", "no-plan"),
        ("disabled", "disabled"),
        ("foreign", "active"),
    ] {
        site.cli(&["org", "create", name]);
        let host = format!("{}.test", name.replace('_', "-"));
        let domain = site.cli(&["--org", name, "domain", "create", &host]);
        let (id, token) = key(&["--org", name, "--domain", &host]);
        site.cli(&["--org", name, "org", "set", "--standing", standing]);
        know(&format!("{name}_token"), token);
        know(&format!("{name}_key"), id);
        know(&format!("{name}_domain"), domain["id"].to_string());
    }
    (site, server, known)
}

fn run(file: &str) {
    let (_site, server, mut known) = server();
    let wrong = case::run(
        &place::here("cases/mailpace").join(file),
        &server.address(),
        &mut known,
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn send() {
    run("send.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn send_refused() {
    run("send_refused.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn idempotency() {
    run("idempotency.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn domains() {
    run("domains.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn api_tokens() {
    run("api_tokens.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn nothing_lies_beside_these_files() {
    let mut there: Vec<String> = std::fs::read_dir(place::here("cases/mailpace"))
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    there.sort();
    let run = [
        "api_tokens.http",
        "domains.http",
        "idempotency.http",
        "send.http",
        "send_refused.http",
    ];
    assert_eq!(there, run);
}

/// Two requests with one key at the same time: one is answered 409 or has the same answer,
/// and there is one email.
#[test]
#[ignore = "runs the binary for long: make test"]
fn one_idempotency_key_at_a_time() {
    let (site, server, known) = server();
    let body = json!({"from": "hello@example.test", "to": "kim@customer.example", "textbody": "x".repeat(3_000_000)});
    let ids: Vec<Option<i64>> = std::thread::scope(|scope| {
        let send = || {
            let request = posthouse_tests::http::client().post(server.url("/api/v1/send"));
            let request = request.header("MailPace-Server-Token", &known["token"]);
            let reply =
                posthouse_tests::http::ask(request.header("Idempotency-Key", "one").json(&body));
            match reply.status {
                200 => reply.json()["id"].as_i64(),
                _ => {
                    reply.assert(
                        409,
                        r#"{"error":"A request with this Idempotency-Key is in progress"}"#,
                    );
                    None
                }
            }
        };
        let senders: Vec<_> = (0..6).map(|_| scope.spawn(send)).collect();
        senders
            .into_iter()
            .map(|sender| sender.join().expect("an answer"))
            .collect()
    });
    let mut accepted: Vec<i64> = ids.into_iter().flatten().collect();
    accepted.dedup();
    assert_eq!(accepted.len(), 1);
    let emails = site.cli(&["email", "list"]);
    assert_eq!(emails.as_array().map(Vec::len), Some(1), "{emails}");
}
