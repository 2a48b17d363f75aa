//! Every answer that the MailPass contract shows, to the letter: `cases/mailpass/*.http`
//! against the real binary.

use posthouse_tests::case::{self, Known};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};

/// Makes a key of this name in an organization, the first one unless it is named; its id and
/// token.
pub fn make_key(
    site: &Site,
    organization: Option<&str>,
    name: &str,
    more: &[&str],
) -> (String, String) {
    let mut all = vec!["key", "create", "--api", "mailpass", "--name", name];
    all.extend(more);
    all.extend(organization.iter().flat_map(|name| ["--org", *name]));
    let made = site.cli(&all);
    let token = made["token"].as_str().expect("a token");
    (made["id"].to_string(), token.to_owned())
}

/// A server with one of everything that the cases name. The key of most cases captures: what
/// it sends is stored and is as good as sent.
fn server() -> (Site, Serving, Known) {
    let site = Site::new();
    let server = site.serve();
    let mut known = Known::new();
    for name in ["organization_token", "server_token"] {
        known.insert(format!("first_{name}"), server.first(name));
    }
    let mut make = |organization: Option<&str>, name: &str, more: &[&str]| {
        let (id, token) = make_key(&site, organization, name, more);
        known.insert(name.to_owned(), token);
        id
    };
    make(None, "mail", &[]);
    make(None, "holding", &["--mode", "hold"]);
    make(None, "test", &["--test"]);
    make(None, "subscribers", &["--scope", "subscribers"]);
    make(None, "everything", &["--scope", "*"]);
    let limited = make(None, "limited", &[]);
    site.cli(&["key", "rate", &limited, "1"]);
    let revoked = make(None, "revoked", &[]);
    site.cli(&["key", "revoke", &revoked]);
    // Without a way out, no key may be live.
    site.cli(&["org", "set", "--direct", "on"]);
    make(None, "live", &["--mode", "live"]);
    let misused = make(None, "misused", &["--test"]);
    site.cli(&["key", "mode", &misused, "live"]);
    for address in ["blocked@customer.example", "blocked-too@customer.example"] {
        site.cli(&["suppression", "add", address]);
    }
    for (name, standing) in [
        ("foreign", "active"),
        ("no_plan", "no-plan"),
        ("disabled", "disabled"),
    ] {
        site.cli(&["org", "create", name]);
        make(Some(name), name, &[]);
        site.cli(&["--org", name, "org", "set", "--standing", standing]);
    }
    make(
        Some("foreign"),
        "foreign_bounces",
        &["--scope", "subscribers"],
    );
    (site, server, known)
}

fn run(file: &str) {
    let (_site, server, mut known) = server();
    let folder = place::here("cases/mailpass");
    let wrong = case::run(&folder.join(file), &server.address(), &mut known);
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
fn send_batch() {
    run("send_batch.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn status() {
    run("status.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn outcomes() {
    run("outcomes.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn bounces() {
    run("bounces.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn routes() {
    run("routes.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn nothing_lies_beside_these_files() {
    let mut there: Vec<String> = std::fs::read_dir(place::here("cases/mailpass"))
        .expect("a folder")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect();
    there.sort();
    let run = [
        "bounces.http",
        "outcomes.http",
        "routes.http",
        "send.http",
        "send_batch.http",
        "send_refused.http",
        "status.http",
    ];
    assert_eq!(there, run);
}
