//! Every answer that the Mailsac contract shows of messages, to the letter:
//! `cases/mailsac_messages/*.http` against the real binary.

use posthouse_tests::case::{self, Known};
use posthouse_tests::http::{ask, client};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::{Envelope, hand};
use posthouse_tests::wait;

const CONFIGURATION: &str = "[server]\nhttp = \"127.0.0.1:0\"\n\
    [receiving]\npublic_hosts = [\"box.test\"]\n";
/// Goes on from there.
const ANONYMOUS: &str = "anonymous_public_reads = true\n";

/// Where a server takes mail from anybody.
pub fn inbound(server: &Serving) -> &str {
    let address = server.said["smtp"]["inbound"].as_str();
    address.unwrap_or_else(|| panic!("no inbound in {}", server.said))
}

/// A key that reads the mail of an organization, the first one unless it is named.
pub fn make_key(site: &Site, organization: Option<&str>, name: &str) -> String {
    let mut all = vec!["key", "create", "--api", "mailsac", "--name", name];
    all.extend(organization.iter().flat_map(|name| ["--org", *name]));
    let made = site.cli(&all);
    made["token"].as_str().expect("a token").to_owned()
}

/// Asks for JSON with a key; None when there is an error or nothing in a list.
pub fn list(server: &Serving, key: &str, path: &str) -> Option<Vec<serde_json::Value>> {
    let request = client().get(server.url(path)).header("Mailsac-Key", key);
    let reply = ask(request);
    let list = reply.json().as_array().cloned()?;
    (reply.status == 200 && !list.is_empty()).then_some(list)
}

fn mail(name: &str) -> String {
    let file = place::here("cases/mailsac_messages").join(name);
    let text = std::fs::read_to_string(file).expect("a mail");
    text.replace('\n', "\r\n")
}

/// A server with mail for one of everybody: `kim@example.test` of the first organization,
/// `lee@foreign.test` of another, and `any@box.test` of nobody.
fn server(and: &str) -> (Site, Serving, Known) {
    let site = Site::new();
    site.configure(&format!("{CONFIGURATION}{and}"));
    let server = site.serve();
    let end = |name: &str, end: &str| (name.to_owned(), end.to_owned());
    let mut known = Known::from([end("crlf", "\r\n"), end("lf", "\n")]);
    site.cli(&["org", "create", "foreign"]);
    site.cli(&["--org", "foreign", "domain", "create", "foreign.test"]);
    let key = make_key(&site, None, "account");
    let foreign = make_key(&site, Some("foreign"), "foreign");
    for (name, to) in [
        ("rich.eml", &["Kim+News@example.test", "any@box.test"][..]),
        ("plain.eml", &["kim@example.test"]),
        ("plain.eml", &["lee@foreign.test"]),
    ] {
        let from = "ann@far.test";
        let mail = mail(name);
        let mail = &mail;
        hand(inbound(&server), None, &Envelope { from, to, mail });
    }
    for (name, key, inbox, at) in [
        ("rich", &key, "kim@example.test", 1),
        ("plain", &key, "kim@example.test", 0),
        ("public", &key, "any@box.test", 0),
        ("lees", &foreign, "lee@foreign.test", 0),
    ] {
        let list = list(&server, key, &format!("/api/addresses/{inbox}/messages"));
        let list = list.unwrap_or_else(|| panic!("no mail for {inbox}"));
        let id = list[at]["_id"].as_str().expect("an id");
        known.insert(name.to_owned(), id.to_owned());
    }
    known.insert(String::from("key"), key);
    known.insert(String::from("foreign"), foreign);
    (site, server, known)
}

fn run(file: &str) {
    let (_site, server, mut known) = server("");
    says(file, &server, &mut known);
}

fn says(file: &str, server: &Serving, known: &mut Known) {
    let folder = place::here("cases/mailsac_messages");
    let wrong = case::run(&folder.join(file), &server.address(), known);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn lists() {
    run("lists.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn changes() {
    run("changes.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn content() {
    run("content.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn search() {
    run("search.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn public() {
    run("public.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn refused() {
    run("refused.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn anonymous() {
    let (_site, server, mut known) = server(ANONYMOUS);
    says("anonymous.http", &server, &mut known);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn captured() {
    let (site, server, mut known) = server("");
    site.cli(&["org", "set", "--capture-private", "on"]);
    let key = known["key"].clone();
    let envelope = Envelope {
        from: "kim@example.test",
        to: &["shop@far.test"],
        mail: "From: kim@example.test\r\nSubject: An order\r\n\r\nOne.\r\n",
    };
    let capture = server.smtp("capture");
    hand(&capture, Some(("account", &key)), &envelope);
    let starred = "/api/addresses/starred/messages";
    let found = wait::until("a starred message", || list(&server, &key, starred));
    let id = found[0]["_id"].as_str().expect("an id");
    known.insert(String::from("captured"), id.to_owned());
    says("captured.http", &server, &mut known);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn nothing_lies_beside_these_files() {
    let mut there: Vec<String> = std::fs::read_dir(place::here("cases/mailsac_messages"))
        .expect("a folder")
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .filter(|name| name.ends_with(".http"))
        .collect();
    there.sort();
    let run = [
        "anonymous.http",
        "captured.http",
        "changes.http",
        "content.http",
        "lists.http",
        "public.http",
        "refused.http",
        "search.http",
    ];
    assert_eq!(there, run);
}
