//! Every answer that the Mailsac contract shows, to the letter: `cases/mailsac/*.http` against
//! the real binary.

use posthouse_tests::case::{self, Known};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use posthouse_tests::world::World;

/// Where anybody's mail is kept.
const PUBLIC: &str = "[receiving]\npublic_hosts = [\"inbox.test\", \"drop.test\"]\n";

/// A message with a file, and MD5 of that: 48643de4e709ff78a8f7ce1ba36878b2.
pub const WITH_FILE: &str = "From: Ann <ann@far.test>\r\nTo: Kim <kim@example.test>\r\n\
    Subject: Order 7\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\n\r\nSee http://x.test/\r\n--b\r\nContent-Type: text/plain\r\n\
    Content-Disposition: attachment; filename=a.txt\r\n\r\nperhaps\r\n--b--\r\n";

/// A server that keeps mail of its own and of nobody's.
pub fn world() -> World {
    World::start(PUBLIC)
}

/// Brings a message by SMTP; it has to be taken.
pub fn bring(server: &Serving, to: &[&str], message: &str) {
    let mut client = Client::connect(&server.smtp("inbound"));
    let mut say = |line: &str, code: &str| {
        if !line.is_empty() {
            client.say(format!("{line}\r\n").as_bytes());
        }
        let said = client.hear().unwrap_or_default();
        assert!(said.starts_with(code), "{line}: {said}");
    };
    say("", "220 ");
    say("HELO mx.far.test", "250 ");
    say("MAIL FROM:<ann@far.test>", "250 ");
    for to in to {
        say(&format!("RCPT TO:<{to}>"), "250 ");
    }
    say("DATA", "354 ");
    say(&format!("{message}."), "250 ");
    say("QUIT", "221 ");
}

/// Makes a key of this name in an organization, the first one unless it is named; its id and
/// token.
pub fn make_key(site: &Site, organization: Option<&str>, name: &str) -> (String, String) {
    let mut all = vec!["key", "create", "--api", "mailsac", "--name", name];
    all.extend(organization.iter().flat_map(|name| ["--org", *name]));
    let made = site.cli(&all);
    let token = made["token"].as_str().expect("a token");
    (made["id"].to_string(), token.to_owned())
}

/// A server with one of everything that the cases name.
fn server() -> (World, Known) {
    let world = world();
    let site = &world.site;
    let mut known = Known::new();
    known.insert("key".to_owned(), world.server.first_key("mailsac"));
    known.insert(
        "server_token".to_owned(),
        world.server.first("server_token"),
    );
    let mut make = |organization: Option<&str>, name: &str| {
        let (id, token) = make_key(site, organization, name);
        known.insert(name.to_owned(), token);
        id
    };
    make(None, "second");
    let limited = make(None, "limited");
    site.cli(&["key", "rate", &limited, "1"]);
    let revoked = make(None, "revoked");
    site.cli(&["key", "revoke", &revoked]);
    for (name, standing) in [("foreign", "active"), ("disabled", "disabled")] {
        site.cli(&["org", "create", name]);
        site.cli(&["--org", name, "domain", "create", &format!("{name}.test")]);
        make(Some(name), name);
        site.cli(&["--org", name, "org", "set", "--standing", standing]);
    }
    bring(&world.server, &["kim@example.test"], WITH_FILE);
    bring(&world.server, &["any@inbox.test"], WITH_FILE);
    bring(&world.server, &["any@inbox.test", "x@drop.test"], WITH_FILE);
    (world, known)
}

fn run(file: &str) {
    let (world, mut known) = server();
    world
        .dns
        .add("far.test. MX 10 mx.far.test.\nmx.far.test. A 192.0.2.9");
    let folder = place::here("cases/mailsac");
    let wrong = case::run(&folder.join(file), &world.server.address(), &mut known);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn auth() {
    run("auth.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn addresses() {
    run("addresses.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn validations() {
    run("validations.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn domains() {
    run("domains.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn account() {
    run("account.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn outgoing() {
    run("outgoing.http");
}
