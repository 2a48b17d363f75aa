//! Mail that comes in by SMTP and is posted on, to an endpoint that refuses it until the end:
//! then its sender is told.

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::mail::{Read, read};
use posthouse_tests::rows::{change, rows};
use posthouse_tests::smtp::{Envelope, hand};
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::Value;

/// Calls until the endpoint is given up.
const TRIES: usize = 5;

/// A domain, an endpoint that refuses its mail, and where the sender gets mail.
struct Place {
    world: World,
    hooks: Hooks,
    webhook: String,
    sender: FarEnd,
}

impl Place {
    fn new() -> Self {
        let world = World::start("[webhooks]\nallow_private = true\nallow_http = true");
        let hooks = Hooks::start(&Over::Plain);
        let sender = world.far_end("client.test", &Manner::plain("127.0.0.2", world.port));
        let url = hooks.url.replace("://", "://actionmailbox:secret@") + "/500";
        let create = ["webhook", "create", "--form", "mailpace-inbound", "--url"];
        let unnamed = [&create[..], &[url.as_str()]].concat();
        let of = |host| [&unnamed[..], &["--domain", host]].concat();
        // Nothing is posted of a domain that nobody has proved to have.
        world.site.cli(&["domain", "create", "unproved.test"]);
        let refused = world.site.run(&of("unproved.test"));
        assert_eq!(refused.code, 1, "{}", refused.out);
        assert!(refused.err.contains("DKIM"), "{}", refused.err);
        let refused = world.site.run(&unnamed);
        assert_eq!(refused.code, 2, "{}", refused.out);
        let domain = world.domain("acme.test");
        hooks.expect_key(domain["webhook_public_key"].as_str().expect("a key"));
        let made = world.site.cli(&of("acme.test"));
        Self {
            webhook: made["id"].to_string(),
            world,
            hooks,
            sender,
        }
    }

    /// Mail comes in and is tried until it is given up: the calls.
    fn failing(&self, number: usize) -> Vec<Value> {
        let inbound = self.world.server.smtp("inbound");
        let mail = format!(
            "From: Ann <ann@client.test>\r\nTo: kim@acme.test\r\nSubject: Order {number}\r\n\
             Message-ID: <{number}@client.test>\r\n\r\nHello\r\n"
        );
        let envelope = Envelope {
            from: "ann@client.test",
            to: &["kim@acme.test"],
            mail: &mail,
        };
        let before = self.hooks.requests().len();
        hand(&inbound, None, &envelope);
        for tries in 1..=TRIES {
            self.hooks.wait_for(before + tries);
            let last = "SELECT attempts FROM webhook_delivery ORDER BY id DESC LIMIT 1";
            let what = format!("try {tries} to be written down");
            wait::until(&what, || {
                let attempts = rows(&self.world.site, last);
                let attempts = attempts.first().and_then(|row| row[0].as_u64());
                (attempts == Some(tries as u64)).then_some(())
            });
            // The waits are up to two hours.
            let come = "UPDATE webhook_delivery SET next_at = 1 WHERE next_at IS NOT NULL";
            change(&self.world.site, come);
        }
        let calls = self.hooks.requests().split_off(before);
        assert_eq!(calls.len(), TRIES);
        calls
    }

    /// What is kept for the sender.
    fn kept(&self) -> Vec<Value> {
        let list = ["message", "list", "--address", "ann@client.test"];
        let list = self.world.site.cli(&list);
        list.as_array().expect("a list").clone()
    }
}

fn assert_posted(calls: &[Value], number: usize) {
    for call in calls {
        assert_eq!(call["signed"], true, "{call}");
        assert_eq!(
            call["headers"]["authorization"],
            "Basic YWN0aW9ubWFpbGJveDpzZWNyZXQ="
        );
        assert_eq!(call["body"], calls[0]["body"]);
    }
    let body = calls[0]["body"].as_str().expect("text");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["from"], "Ann <ann@client.test>");
    assert_eq!(body["messageId"], format!("<{number}@client.test>"));
    assert!(body.get("event").is_none() && body.get("cc").is_none());
}

fn assert_told(read: &Read, raw: &str, number: usize) {
    read.assert_sound();
    let header = |name: &str| read.header(name).unwrap_or_default().to_owned();
    let from = "Mail Delivery System <postmaster@acme.test>";
    assert_eq!(
        (header("from").as_str(), header("to").as_str()),
        (from, "ann@client.test")
    );
    assert_eq!(header("in-reply-to"), format!("<{number}@client.test>"));
    assert_eq!(header("auto-submitted"), "auto-replied");
    assert_eq!(read.types()[0], "multipart/report");
    let status = "Final-Recipient: rfc822; kim@acme.test\r\nAction: failed\r\nStatus: 5.4.7\r\n";
    assert!(raw.contains(status), "{raw}");
    assert!(raw.contains(&format!("\r\nSubject: Order {number}\r\n")));
    assert!(!raw.contains("\r\nHello\r\n"));
}

#[test]
#[ignore = "real servers: make test"]
fn the_sender_of_mail_that_was_refused_to_the_end_is_told() {
    let place = Place::new();
    let site = &place.world.site;
    assert_posted(&place.failing(1), 1);
    let deliveries = site.cli(&["webhook", "deliveries", &place.webhook]);
    assert_eq!(deliveries[0]["state"], "failed", "{deliveries}");
    // From the start, mail of the server's own is kept here like all other.
    let told = wait::until("a report", || place.kept().into_iter().next());
    let raw = site.say(&["message", "raw", &told["id"].to_string()]);
    let captured = posthouse_tests::mail::read_all([raw.as_bytes()].into_iter(), None);
    assert_told(&captured[0], &raw, 1);
    assert_eq!(place.sender.count(), 0);

    let keys = site.cli(&["key", "list"]);
    let keys = keys.as_array().expect("a list");
    let system = keys.iter().find(|key| key["api"] == "system");
    let id = system.expect("a key")["id"].to_string();
    site.cli(&["org", "set", "--direct", "on"]);
    site.cli(&["key", "mode", &id, "live"]);
    assert_posted(&place.failing(2), 2);
    let arrived = place.sender.message_for("ann@client.test");
    assert_eq!(arrived.from, "<>");
    let left = read(&arrived.data, place.world.names());
    assert!(!left.verified_signatures().is_empty());
    assert_told(&left, &arrived.text(), 2);
    assert_eq!((place.sender.count(), place.kept().len()), (1, 1));

    site.cli(&["key", "revoke", &id]);
    assert_posted(&place.failing(3), 3);
    let emails = rows(site, "SELECT count(*) FROM email");
    assert_eq!(emails[0][0], 2);
}
