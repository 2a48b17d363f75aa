//! Every capability that is told is used, by clients of which people know.

use posthouse_tests::place;
use posthouse_tests::site::{Ran, Serving, Site};
use serde_json::{Value, json};

use super::imap_clients::{fed, host_and_port};

const KIM: &str = "kim@example.test";
/// What the mailbox may hold.
const QUOTA_KIB: u64 = 64;

/// What imapflow does not use of itself.
const NOT_BY_IMAPFLOW: [&str; 4] = ["SEARCHRES", "UNSELECT", "WITHIN", "IMAP4rev1"];

fn start() -> (Site, Serving, Value) {
    let site = Site::new();
    let server = site.serve_with(&["--imap-tls", "127.0.0.1:0", "--imap-plain", "never"]);
    let made = site.cli(&["mailbox", "create", KIM, "--quota", "1MB"]);
    site.cli(&["mailbox", "set", KIM, "--quota", "64KB"]);
    let (clear, tls) = (server.imap("starttls"), server.imap("tls"));
    let (host, port) = host_and_port(&clear);
    let ask = json!({
        "host": host, "port": port, "tls_port": host_and_port(&tls).1, "user": KIM,
        "password": made["password"], "quota_kib": QUOTA_KIB,
    });
    (site, server, ask)
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one.as_str().expect("text")).collect()
}

#[test]
#[ignore = "real clients: make test"]
fn imapclient_uses_every_capability_that_is_told() {
    let (_site, _server, ask) = start();
    let mut python = place::python();
    python.arg(place::here("support/imap_extensions.py"));
    let ran = fed(python, &ask.to_string());
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(said["told"], said["exercised"]);
}

#[test]
#[ignore = "real clients: make test"]
fn imapflow_uses_what_it_knows_of_them() {
    let (_site, _server, ask) = start();
    let mut node = place::node();
    let ran = Ran::of(node.arg("imap.js").arg(ask.to_string()));
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    let exercised = texts(&said["exercised"]);
    let unused: Vec<&str> = texts(&said["told"])
        .into_iter()
        .filter(|name| !exercised.contains(name) && !NOT_BY_IMAPFLOW.contains(name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
