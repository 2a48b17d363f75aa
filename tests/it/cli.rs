//! The command line: every command, in words and as JSON; exit codes; what it tells of an
//! email.

use posthouse_tests::far_end::Manner;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

/// Runs a command for a script and, where that changes nothing, for a person.
pub(super) fn look(site: &Site, arguments: &[&str]) -> Value {
    let value = site.cli(arguments);
    let words = site.say(arguments);
    assert!(!words.trim().is_empty(), "{arguments:?} says nothing");
    assert!(
        serde_json::from_str::<Value>(&words).is_err(),
        "{arguments:?} is no prose: {words}"
    );
    value
}

pub(super) fn id(value: &Value) -> String {
    let id = &value["id"];
    assert!(id.is_i64(), "no id in {value}");
    id.to_string()
}

fn site() -> (Site, Serving) {
    let site = Site::new();
    let server = site.serve();
    server.accepted(&server.first("server_token"), &super::hello());
    wait::until("the captured mail", || {
        site.cli(&["message", "list"])
            .as_array()
            .filter(|all| !all.is_empty())
            .map(|_| ())
    });
    (site, server)
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn organizations() {
    let (site, _server) = site();
    look(&site, &["org", "list"]);
    look(&site, &["org", "show"]);
    site.cli(&["org", "create", "second"]);
    site.say(&["org", "create", "third"]);
    assert_eq!(site.cli(&["org", "list"]).as_array().map(Vec::len), Some(3));
    site.cli(&["org", "set", "--direct", "on", "--standing", "no-plan"]);
    site.say(&["org", "set", "--direct", "off", "--standing", "active"]);
    let refused = site.run(&[
        "key",
        "create",
        "--domain",
        "example.test",
        "--mode",
        "live",
    ]);
    assert_eq!(refused.code, 1, "live with no way out: {refused:?}");
    site.say(&["org", "set", "--direct", "on"]);
    let token = site.cli(&["org", "token", "--name", "ci"]);
    assert!(
        token["token"]
            .as_str()
            .is_some_and(|token| token.starts_with("org_")),
        "{token}"
    );
    site.cli(&["org", "user", "add", "kim", "--role", "member"]);
    look(&site, &["org", "user", "list"]);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn domains_and_keys() {
    let (site, _server) = site();
    site.cli(&["org", "set", "--direct", "on"]);
    let domain = site.cli(&["domain", "create", "acme.test", "--name", "Acme"]);
    site.say(&["domain", "create", "other.test"]);
    look(&site, &["domain", "list"]);
    look(&site, &["domain", "show", "acme.test"]);
    look(&site, &["domain", "show", &id(&domain)]);
    look(&site, &["domain", "records", "acme.test"]);
    let records = site.say(&["domain", "records", "acme.test"]);
    for part in [
        "_domainkey.acme.test.",
        "v=DKIM1",
        "k=ed25519",
        "_dmarc.acme.test.",
        "mailer.acme.test.",
    ] {
        assert!(records.contains(part), "no {part} in {records}");
    }
    site.cli(&["domain", "set", "acme.test", "--tls", "required"]);

    let key = site.cli(&[
        "key",
        "create",
        "--domain",
        "acme.test",
        "--mode",
        "allow-list",
        "--name",
        "web",
    ]);
    assert_eq!(
        (&key["mode"], key["token"].as_str().map(str::len)),
        (&json!("allow-list"), Some(36))
    );
    let words = site.say(&["key", "create", "--domain", "acme.test"]);
    assert!(words.contains("capture"), "{words}");
    look(&site, &["key", "list"]);
    look(&site, &["key", "list", "--domain", "acme.test"]);
    let key = id(&key);
    for change in [
        vec!["key", "allow", &key, "kim@far.test", "far.example"],
        vec!["key", "rate", &key, "60"],
        vec!["key", "rate", &key, "off"],
        vec!["key", "mode", &key, "hold"],
    ] {
        look(&site, &change);
    }
    site.cli(&["key", "disallow", &key, "far.example"]);
    site.cli(&["key", "revoke", &key]);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn mail() {
    let (site, _server) = site();
    let emails = look(&site, &["email", "list"]);
    assert_eq!(emails.as_array().map(Vec::len), Some(1));
    look(
        &site,
        &[
            "email",
            "list",
            "--state",
            "delivered",
            "--domain",
            "example.test",
            "--limit",
            "5",
        ],
    );
    let shown = look(&site, &["email", "show", "1"]);
    assert_eq!(shown["deliveries"][0]["state"], "delivered", "{shown}");
    look(&site, &["email", "why", "1"]);
    let raw = site.say(&["email", "raw", "1"]);
    assert!(raw.contains("Subject: Hello"), "{raw}");
    let messages = look(
        &site,
        &["message", "list", "--address", "kim@customer.example"],
    );
    look(&site, &["message", "show", &id(&messages[0])]);
    let raw = site.say(&["message", "raw", &id(&messages[0])]);
    assert!(raw.contains("Subject: Hello"), "{raw}");
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn webhooks_and_suppressions() {
    let (site, _server) = site();
    let url = "https://hooks.example/in";
    let hook = site.cli(&[
        "webhook",
        "create",
        "--url",
        url,
        "--form",
        "mailpace",
        "--domain",
        "example.test",
        "--events",
        "delivered,bounced",
    ]);
    let hook = id(&hook);
    look(&site, &["webhook", "list"]);
    look(&site, &["webhook", "deliveries", &hook]);
    look(&site, &["webhook", "disable", &hook]);
    look(&site, &["webhook", "enable", &hook]);
    look(
        &site,
        &[
            "webhook",
            "replay",
            &hook,
            "--since-time",
            "2100-01-01T00:00:00Z",
        ],
    );
    site.cli(&["webhook", "remove", &hook]);

    site.cli(&["suppression", "add", "kim@far.test"]);
    site.say(&[
        "suppression",
        "add",
        "lee@far.test",
        "--domain",
        "example.test",
    ]);
    look(&site, &["suppression", "list"]);
    site.cli(&["suppression", "remove", "kim@far.test"]);
    site.cli(&[
        "suppression",
        "allow",
        "kim@far.test",
        "--domain",
        "example.test",
    ]);
    look(&site, &["suppression", "allowed"]);
    site.cli(&[
        "suppression",
        "disallow",
        "kim@far.test",
        "--domain",
        "example.test",
    ]);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn relays() {
    let (site, _server) = site();
    let mut relay = site.command(&[
        "relay",
        "add",
        "provider",
        "--host",
        "127.0.0.1",
        "--port",
        "1",
        "--security",
        "starttls",
        "--user",
        "u",
    ]);
    let ran = posthouse_tests::site::Ran::of(
        relay
            .env("POSTHOUSE_RELAY_PASSWORD", "secret word")
            .arg("--json"),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    id(&serde_json::from_str(&ran.out).expect("JSON"));
    let relay = "provider";
    let listed = look(&site, &["relay", "list"]);
    assert!(!listed.to_string().contains("secret word"));
    site.cli(&["relay", "default", relay]);
    let tested = site.run(&["relay", "test", relay]);
    assert_ne!(tested.code, 0, "nobody listens there: {tested:?}");
    site.cli(&["relay", "remove", relay]);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_backup_is_a_whole_database() {
    let (site, _server) = site();
    look(&site, &["check"]);
    let copy = site.file("copy.db");
    site.cli(&["backup", &copy.to_string_lossy()]);
    let other = Site::new();
    std::fs::create_dir(other.data()).expect("made");
    std::fs::copy(&copy, other.data().join("posthouse.db")).expect("copied");
    std::fs::copy(
        site.data().join("master.key"),
        other.data().join("master.key"),
    )
    .expect("copied");
    assert_eq!(
        other.cli(&["email", "list"]).as_array().map(Vec::len),
        Some(1)
    );
    assert!(other.serve().said["first_start"].is_null());
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn exit_codes_and_errors() {
    let (site, _server) = site();
    for (arguments, code) in [
        (vec!["email", "show", "999"], 4),
        (vec!["domain", "show", "nowhere.test"], 4),
        (vec!["key", "mode", "999", "live"], 4),
        (vec!["--org", "nobody", "domain", "list"], 4),
        (vec!["domain", "create", "example.test"], 1),
        (vec!["domain", "create", "not a host"], 1),
        (vec!["email", "release", "1"], 1),
        (vec!["email", "show", "one"], 2),
        (vec!["no-such-command"], 2),
        (vec!["key", "mode", "1", "sideways"], 2),
        (vec!["serve"], 3),
    ] {
        let ran = site.run(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        let error: Value =
            serde_json::from_str(&ran.err).unwrap_or_else(|_| panic!("{arguments:?}: {ran:?}"));
        assert!(
            error["error"].as_str().is_some_and(|text| !text.is_empty()),
            "{error}"
        );
        assert!(ran.out.is_empty(), "{ran:?}");
    }
    let empty = Site::new();
    assert_eq!(empty.run(&["email", "list"]).code, 4);
    assert!(!empty.data().exists(), "looking makes nothing");
}

#[test]
#[ignore = "real servers: make test"]
fn why_tells_the_whole_story() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let _far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let live = world.key("acme.test", "live");
    let story = |token: &str, address: &str, state: &str| {
        let message = json!({"from": "hello@acme.test", "to": address, "subject": "Order 9", "textbody": "Hi"});
        let id = world.server.accepted(token, &message);
        world.email_in_state(id, state);
        let value = world.site.cli(&["email", "why", &id.to_string()]);
        assert!(value.is_object(), "{value}");
        world.site.say(&["email", "why", &id.to_string()])
    };
    for (story, parts) in [
        (
            story(&live, "kim@far.test", "delivered"),
            vec!["kim@far.test", "250 2.0.0 taken", "mx.far.test"],
        ),
        (
            story(&live, "busy-1000-kim@far.test", "deferred"),
            vec!["451 4.3.0 try again later", "again"],
        ),
        (
            story(&live, "refused-kim@far.test", "bounced"),
            vec!["550 5.1.1 no such person here", "suppress"],
        ),
        (
            story(
                &world.key("acme.test", "capture"),
                "kim@far.test",
                "delivered",
            ),
            vec!["captur"],
        ),
        (
            story(&world.key("acme.test", "hold"), "kim@far.test", "held"),
            vec!["release", "burn"],
        ),
    ] {
        for part in parts {
            assert!(
                story.to_lowercase().contains(&part.to_lowercase()),
                "no {part:?} in:\n{story}"
            );
        }
    }
}
