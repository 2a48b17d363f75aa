//! Every answer that the MailAPI contract shows, to the letter: `cases/mailapi/*.http` against
//! the real binary; and what a restart leaves.

use posthouse_tests::case::{self, Known};
use posthouse_tests::http::{Reply, ask, client};
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

/// Makes a key in an organization, the first one unless it is named, of its first person
/// unless one is; its id and token.
fn make_key(site: &Site, organization: Option<&str>, user: Option<&str>) -> (String, String) {
    let mut all = vec!["key", "create", "--api", "mailapi"];
    all.extend(user.iter().flat_map(|name| ["--user", *name]));
    all.extend(organization.iter().flat_map(|name| ["--org", *name]));
    let made = site.cli(&all);
    let token = made["token"].as_str().expect("a token");
    assert!(
        token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{token}"
    );
    (made["id"].to_string(), token.to_owned())
}

/// The id of a person.
fn user_id(site: &Site, organization: &str, name: &str) -> String {
    let users = site.cli(&["--org", organization, "org", "user", "list"]);
    let users = users.as_array().expect("a list");
    let found = users.iter().find(|user| user["name"] == name);
    found.expect("the person")["id"].to_string()
}

/// One of everything that the cases name.
fn known(site: &Site, server: &Serving) -> Known {
    let mut known = Known::new();
    let mut know = |name: &str, value: String| known.insert(name.to_owned(), value);
    know("key", server.first_key("mailapi"));
    know("server_token", server.first("server_token"));
    know("user", user_id(site, "default", "default"));
    know("second", make_key(site, None, None).1);
    site.cli(&["org", "user", "add", "ann", "--role", "member"]);
    know("ann", make_key(site, None, Some("ann")).1);
    know("ann_user", user_id(site, "default", "ann"));
    let (id, revoked) = make_key(site, None, None);
    site.cli(&["key", "revoke", &id]);
    know("revoked", revoked);
    for (name, standing) in [
        ("foreign", "active"),
        ("no_plan", "no-plan"),
        ("disabled", "disabled"),
    ] {
        site.cli(&["org", "create", name]);
        know(name, make_key(site, Some(name), None).1);
        know(&format!("{name}_user"), user_id(site, name, name));
        site.cli(&["--org", name, "org", "set", "--standing", standing]);
    }
    known
}

fn judge(file: &str, server: &Serving, mut known: Known) {
    let folder = place::here("cases/mailapi");
    let wrong = case::run(&folder.join(file), &server.address(), &mut known);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn run(file: &str) {
    let site = Site::new();
    let server = site.serve();
    judge(file, &server, known(&site, &server));
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn auth() {
    run("auth.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn routes() {
    run("routes.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn domains() {
    run("domains.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn verified() {
    let world = World::start("");
    world.domain("good.test");
    let site = &world.site;
    site.cli(&["domain", "create", "bad.test"]);
    let records = site.say(&["domain", "records", "bad.test"]);
    let dkim = records
        .split_whitespace()
        .find(|word| word.contains("._domainkey.bad.test"))
        .expect("the name of the record");
    let name = dkim.trim_end_matches('.');
    world
        .dns
        .add(&format!("{name}. TXT \"v=DKIM1; k=rsa; p=AAAA\""));
    let verified = site.run(&["domain", "verify", "bad.test"]);
    assert_eq!(verified.code, 1, "{verified:?}");
    judge("verified.http", &world.server, known(site, &world.server));
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn sub_domains() {
    run("sub_domains.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn mailboxes() {
    run("mailboxes.http");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn mailboxes_refused() {
    run("mailboxes_refused.http");
}

/// A client of one key.
struct Client<'a> {
    server: &'a Serving,
    key: &'a str,
}

impl Client<'_> {
    fn post(&self, path: &str, mut body: Value) -> Reply {
        body["key"] = json!(self.key);
        let path = format!("/api/v1/create/{path}");
        ask(client().post(self.server.url(&path)).json(&body))
    }

    fn bulk(&self, name: &str) -> i64 {
        let body = json!({"Email_fullname": name, "single_bulk": "bulk",
            "Domain": "example.test", "Params": {"count": 100}});
        let asked = self.post("mailbox/bulk", body);
        let id = asked.json()["task_id"].as_i64();
        id.unwrap_or_else(|| panic!("{asked:?}"))
    }

    fn task(&self, id: i64) -> Reply {
        let key = self.key;
        self.server
            .get(&format!("/api/v1/get/mailbox/bulk?key={key}&task_id={id}"))
    }

    /// A task's answer once it has come to its end.
    fn done(&self, id: i64) -> Value {
        wait::until("the end of a task", || {
            let shown = self.task(id).json();
            (shown["status"] == "completed").then_some(shown)
        })
    }
}

#[test]
fn tasks_and_the_limiter_survive_a_server_that_is_killed() {
    let site = Site::new();
    let mut server = site.serve();
    let key = server.first_key("mailapi");
    let below = json!({"Domain": "example.test", "Params": {"sub_domains": ["a", "b"]}});
    let (ids, first) = {
        let client = Client {
            server: &server,
            key: &key,
        };
        let ids = ["a", "b", "c"].map(|name| client.bulk(name));
        let first = client.post("sub-domain", below.clone());
        (ids, first)
    };
    assert_eq!(first.status, 200, "{first:?}");
    // Whatever is done by now, and whatever is not.
    server.process.kill();
    drop(server);

    let server = site.serve();
    let client = Client {
        server: &server,
        key: &key,
    };
    for (id, name) in ids.into_iter().zip(["a", "b", "c"]) {
        let shown = client.done(id);
        assert_eq!(shown["total_email"], 100);
        let results = shown["results"].as_object().expect("an object");
        // None was made before it was said to be, else it would exist by now.
        let created = json!({"status": "Created successfully."});
        for number in 1..=100 {
            let address = format!("{name}{number}@example.test");
            assert_eq!(results[&address], created, "{address}");
        }
        assert_eq!(results.len(), 100);
    }
    let again = client.post("sub-domain", below);
    assert_eq!(again.status, 429, "{again:?}");
    let seconds: u32 = again
        .header("retry-after")
        .expect("a wait")
        .parse()
        .expect("a number");
    assert!((3000..=3600).contains(&seconds), "{seconds}");
    let domains = wait::until("the domains below", || {
        let domains = site.cli(&["domain", "list"]);
        let domains = domains.as_array().expect("a list").clone();
        (domains.len() == 3).then_some(domains)
    });
    assert!(
        domains.iter().any(|one| one["host"] == "b.example.test"),
        "{domains:?}"
    );
}

#[test]
fn a_mailbox_that_was_asked_for_takes_mail() {
    let site = Site::new();
    let server = site.serve();
    let key = server.first_key("mailapi");
    let client = Client {
        server: &server,
        key: &key,
    };
    client.done(client.bulk("team"));
    site.cli(&["domain", "set", "example.test", "--receives", "known"]);
    let mail = "From: a@far.test\r\nSubject: Hi\r\n\r\nHi\r\n";
    crate::mailsac::bring(&server, &["team100@example.test"], mail);
    let messages = site.cli(&["message", "list"]);
    assert_eq!(messages[0]["subject"], "Hi", "{messages}");
    let mut stranger = posthouse_tests::smtp::Client::connect(&server.smtp("inbound"));
    for line in ["", "HELO mx.far.test", "MAIL FROM:<a@far.test>"] {
        if !line.is_empty() {
            stranger.say(format!("{line}\r\n").as_bytes());
        }
        stranger.hear();
    }
    stranger.say(b"RCPT TO:<team101@example.test>\r\n");
    let said = stranger.hear().unwrap_or_default();
    assert!(said.starts_with("550 "), "{said}");
}
