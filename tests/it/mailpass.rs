//! Every answer that the MailPass contract shows, to the letter: `cases/mailpass/*.http`
//! against the real binary.

use posthouse::model::key::{Mode, Scope};
use posthouse::ops::scoped_keys::NewScopedKey;
use posthouse_server::dialects::mailpass::{
    LIVE_SHAPE, SHAPES, TEST_SHAPE, live_token, scopes, test_token,
};
use posthouse_tests::case::{self, Known};
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::{keys, place};

/// A key with the permission `mail`.
pub fn mail_key(mode: Mode, name: &str) -> NewScopedKey {
    NewScopedKey {
        shape: LIVE_SHAPE,
        shapes: SHAPES,
        token: live_token,
        name: name.to_owned(),
        scopes: permission("mail"),
        mode: Some(mode),
        expires_at: None,
    }
}

fn permission(word: &str) -> Vec<Scope> {
    scopes(word).expect("a word of the contract").to_vec()
}

/// A server with one of everything that the cases name. The key of most cases captures: what
/// it sends is stored and is as good as sent.
fn server() -> (Site, Serving, Known) {
    let site = Site::new();
    let server = site.serve();
    let mut known = Known::new();
    known.insert(
        "first_organization_token".into(),
        server.first("organization_token"),
    );
    known.insert("first_server_token".into(), server.first("server_token"));
    let mut make = |organization: Option<&str>, new: NewScopedKey| {
        let name = new.name.clone();
        let (id, token) = keys::make(&site, organization, new);
        known.insert(name, token);
        id
    };
    make(None, mail_key(Mode::Capture, "mail"));
    make(None, mail_key(Mode::Hold, "holding"));
    let test = NewScopedKey {
        shape: TEST_SHAPE,
        token: test_token,
        ..mail_key(Mode::Capture, "test")
    };
    make(None, test.clone());
    let subscribers = |name: &str| NewScopedKey {
        scopes: permission("subscribers"),
        ..mail_key(Mode::Capture, name)
    };
    make(None, subscribers("subscribers"));
    let everything = NewScopedKey {
        scopes: permission("*"),
        ..mail_key(Mode::Capture, "everything")
    };
    make(None, everything);
    let limited = make(None, mail_key(Mode::Capture, "limited"));
    site.cli(&["key", "rate", &limited.to_string(), "1"]);
    let revoked = make(None, mail_key(Mode::Capture, "revoked"));
    site.cli(&["key", "revoke", &revoked.to_string()]);
    // Without a way out, no key may be live.
    site.cli(&["org", "set", "--direct", "on"]);
    make(None, mail_key(Mode::Live, "live"));
    let misused = NewScopedKey {
        name: String::from("misused"),
        ..test
    };
    let misused = make(None, misused);
    site.cli(&["key", "mode", &misused.to_string(), "live"]);
    for address in ["blocked@customer.example", "blocked-too@customer.example"] {
        site.cli(&["suppression", "add", address]);
    }
    for (name, standing) in [
        ("foreign", "active"),
        ("closed", "active"),
        ("no_plan", "no-plan"),
        ("disabled", "disabled"),
    ] {
        site.cli(&["org", "create", name]);
        site.cli(&["--org", name, "org", "set", "--direct", "on"]);
        make(Some(name), mail_key(Mode::Live, name));
        make(Some(name), subscribers(&format!("{name}_bounces")));
        site.cli(&["--org", name, "org", "set", "--standing", standing]);
    }
    site.cli(&["--org", "closed", "org", "set", "--direct", "off"]);
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
