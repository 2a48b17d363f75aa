//! Every answer that the Mailstack contract shows, to the letter: `cases/mailstack/*.http`
//! against the real binary.

use std::time::Duration;

use posthouse::clock::{Clock, SystemClock};
use posthouse::model::usage::Month;
use posthouse_tests::case::{self, Known};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::world::World;

/// Every scope that the contract names.
const SCOPES: [&str; 13] = [
    "emails:send",
    "emails:read",
    "domains:read",
    "domains:write",
    "api-keys:read",
    "api-keys:write",
    "templates:read",
    "templates:write",
    "webhooks:read",
    "webhooks:write",
    "billing:read",
    "billing:write",
    "*",
];

/// Makes a key of this name in an organization, the first one unless it is named; its id and
/// token.
pub fn make_key(
    site: &Site,
    organization: Option<&str>,
    name: &str,
    more: &[&str],
) -> (String, String) {
    let mut all = vec!["key", "create", "--api", "mailstack", "--name", name];
    all.extend(more);
    all.extend(organization.iter().flat_map(|name| ["--org", *name]));
    let made = site.cli(&all);
    let token = made["token"].as_str().expect("a token");
    (made["id"].to_string(), token.to_owned())
}

/// What the cases call the key that may do what a word says.
fn called(word: &str) -> String {
    match word {
        "*" => String::from("everything"),
        word => word.replace([':', '-'], "_"),
    }
}

/// Nobody answers for names here, and says so at once.
const NAMELESS: &str = "[server]\nhttp = \"127.0.0.1:0\"\n[dns]\nservers = [\"127.0.0.1:9\"]\n";

/// A server with one of everything that the cases name.
fn server() -> (Site, Serving, Known) {
    let site = Site::new();
    site.configure(NAMELESS);
    let server = site.serve();
    let mut known = Known::new();
    let mut make = |organization: Option<&str>, name: &str, more: &[&str]| {
        let (id, token) = make_key(&site, organization, name, more);
        known.insert(name.to_owned(), token);
        id
    };
    let soon = SystemClock.now().plus(Duration::from_secs(2));
    let expires = soon.rfc3339_millis();
    make(None, "expired", &["--scope", "*", "--expires", &expires]);
    for word in SCOPES {
        make(None, &called(word), &["--scope", word]);
    }
    make(None, "test", &["--scope", "*", "--test"]);
    make(None, "holding", &["--scope", "*", "--mode", "hold"]);
    let limited = make(None, "limited", &["--scope", "*"]);
    site.cli(&["key", "rate", &limited, "1"]);
    let revoked = make(None, "revoked", &["--scope", "*"]);
    site.cli(&["key", "revoke", &revoked]);
    site.cli(&["suppression", "add", "blocked@customer.example"]);
    for (name, settings) in [
        ("foreign", ["--standing", "active"]),
        ("numbers", ["--enum-style", "integer"]),
        ("no_plan", ["--standing", "no-plan"]),
        ("disabled", ["--standing", "disabled"]),
    ] {
        site.cli(&["org", "create", name]);
        let host = format!("{}.test", name.replace('_', "-"));
        site.cli(&["--org", name, "domain", "create", &host]);
        make(Some(name), name, &["--scope", "*"]);
        site.cli(&["--org", name, "org", "set", settings[0], settings[1]]);
    }
    let scopes = ["--scope", "emails:send,domains:read"];
    let until = ["--test", "--expires", "2100-01-01"];
    let gone = [&scopes[..], &until[..]].concat();
    let gone = make(Some("foreign"), "foreign revoked", &gone);
    site.cli(&["--org", "foreign", "key", "revoke", &gone]);
    know_more(&site, &mut known);
    (site, server, known)
}

/// What has an id of its own, and times.
fn know_more(site: &Site, known: &mut Known) {
    let mut know = |name: &str, shown: &serde_json::Value| {
        let uuid = shown["uuid"].as_str();
        let uuid = uuid.unwrap_or_else(|| panic!("no uuid in {shown}"));
        known.insert(name.to_owned(), uuid.to_owned());
    };
    know("organization", &site.cli(&["org", "show"]));
    let foreign = site.cli(&["--org", "foreign", "org", "show"]);
    know("foreign_organization", &foreign);
    let text = site.file("draft.txt");
    std::fs::write(&text, "Hi").expect("written");
    let text = text.to_str().expect("a path");
    let draft = ["template", "create", "draft", "--text", text];
    know("draft", &site.cli(&draft));
    let tomorrow = SystemClock.now().plus(Duration::from_secs(24 * 3600));
    known.insert("tomorrow".into(), tomorrow.rfc3339_seconds());
    months(known);
}

fn months(known: &mut Known) {
    let month = Month::of(SystemClock.now());
    known.insert("month".into(), month.name());
    known.insert("next_month".into(), month.next().name());
}

fn run_at(file: &str, server: &Serving, known: &mut Known) {
    let folder = place::here("cases/mailstack");
    let wrong = case::run(&folder.join(file), &server.address(), known);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn run(file: &str) {
    let (_site, server, mut known) = server();
    run_at(file, &server, &mut known);
}

macro_rules! files {
    ($($name:ident),*) => {
        const FILES: &[&str] = &[$(concat!(stringify!($name), ".http")),*];

        $(
            #[test]
            #[ignore = "runs the binary for long: make test"]
            fn $name() {
                run(concat!(stringify!($name), ".http"));
            }
        )*
    };
}

files!(
    api_keys,
    auth,
    batch,
    billing,
    domains,
    emails,
    emails_refused,
    templates,
    webhooks
);

/// Files that need a domain with its records, and are run one after the other.
const METERED: [&str; 2] = ["capped.http", "metering.http"];

#[test]
#[ignore = "runs the binary for long: make test"]
fn nothing_lies_beside_these_files() {
    let there = std::fs::read_dir(place::here("cases/mailstack")).expect("a folder");
    let mut there: Vec<String> = there
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    there.sort();
    let mut run: Vec<&str> = FILES.iter().chain(&METERED).copied().collect();
    run.sort_unstable();
    assert_eq!(there, run);
}

/// Mail that is held counts as mail that may leave, and needs its domain verified.
#[test]
#[ignore = "real servers: make test"]
fn what_a_month_holds() {
    let world = World::start("");
    world.domain("acme.test");
    let mut known = Known::new();
    months(&mut known);
    for (name, more) in [
        ("metered", ["--mode", "hold"]),
        ("metered_test", ["--test", ""]),
    ] {
        let more: Vec<&str> = more.into_iter().filter(|one| !one.is_empty()).collect();
        let more = [&["--scope", "*"][..], &more].concat();
        let (_, token) = make_key(&world.site, None, name, &more);
        known.insert(name.to_owned(), token);
    }
    let pay = |payment: &str| {
        let set = ["org", "set", "--metering", "on", "--payment", payment];
        world.site.cli(&set);
    };
    pay("none");
    run_at("metering.http", &world.server, &mut known);
    pay("present");
    run_at("capped.http", &world.server, &mut known);
}
