//! Mailstack against real servers: webhooks that Node checks, and records that a name server
//! publishes.

use posthouse_tests::far_end::Manner;
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::http::Reply;
use posthouse_tests::world::World;
use serde_json::{Value, json};

use crate::mailstack::make_key;

/// A world with a key that may do everything, for mail that leaves directly.
struct Scene {
    world: World,
    key: String,
}

impl Scene {
    fn new() -> Self {
        let world = World::start("[webhooks]\nallow_private = true\nallow_http = true");
        world.site.cli(&["org", "set", "--direct", "on"]);
        let live = ["--scope", "*", "--mode", "live"];
        let (_, key) = make_key(&world.site, None, "live", &live);
        Self { world, key }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.world.server.bearer(&self.key, method, path, body)
    }

    /// An answer that has to be the one of a thing done.
    #[track_caller]
    fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.call(method, path, body);
        assert!(
            reply.status < 300,
            "{path}: {} {}",
            reply.status,
            reply.body
        );
        reply.json()
    }

    /// A domain whose records are published as the API says, and verified.
    fn domain(&self, host: &str) -> Value {
        let made = self.done("POST", "/v1/domains", &json!({"domain": host}));
        assert_eq!(made["status"], "Pending");
        for record in made["dnsRecords"].as_array().expect("records") {
            let text = |key: &str| record[key].as_str().expect("text").to_owned();
            let (kind, value) = (text("type"), text("value"));
            let value = match kind.as_str() {
                "TXT" => quoted(&value),
                _ => format!("{value}."),
            };
            let line = format!("{}. {kind} {value}", text("name"));
            self.world.dns.add(&line);
        }
        let id = made["id"].as_str().expect("an id");
        self.done("POST", &format!("/v1/domains/{id}/verify"), &Value::Null)
    }

    fn send(&self, to: &str) -> String {
        let email = json!({"from": "hello@acme.test", "to": to, "subject": "Hi", "text": "Hi"});
        let sent = self.done("POST", "/v1/emails", &email);
        sent["id"].as_str().expect("an id").to_owned()
    }
}

/// A TXT value in strings of at most 255 bytes.
fn quoted(value: &str) -> String {
    let chunks = value.as_bytes().chunks(255);
    let strings =
        chunks.map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk).replace(';', "\\;")));
    strings.collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "real servers: make test"]
fn a_domain_is_verified_by_what_the_api_says_to_publish() {
    let scene = Scene::new();
    let domain = scene.domain("acme.test");
    assert_eq!(domain["status"], "Verified", "{domain}");
    assert!(domain["verifiedAt"].is_string());
    let far = scene
        .world
        .far_end("far.test", &Manner::plain("127.0.0.2", scene.world.port));
    let id = scene.send("kim@far.test");
    far.message_for("kim@far.test");
    let path = format!("/v1/emails/{id}");
    let shown = posthouse_tests::wait::until("delivered", || {
        let shown = scene.done("GET", &path, &Value::Null);
        (shown["status"] == "Delivered").then_some(shown)
    });
    assert!(shown["providerMessageId"].is_string() && shown["sentAt"].is_string());
    scene.world.dns.remove(&format!("mail.{}. MX", "acme.test"));
    let verify = format!(
        "/v1/domains/{}/verify",
        domain["id"].as_str().expect("an id")
    );
    let looked = scene.done("POST", &verify, &Value::Null);
    assert_eq!(looked["status"], "Pending", "{looked}");
}

/// The event and the email of a call that has to be signed.
fn told(call: &Value) -> (String, String) {
    assert_eq!(call["signed"], true, "{call}");
    assert_eq!(call["headers"]["content-type"], "application/json");
    let body = call["body"].as_str().expect("text");
    let body: Value = serde_json::from_str(body).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&body["type"]), text(&body["data"]["id"]))
}

#[test]
#[ignore = "real servers: make test"]
fn webhooks_are_signed_so_that_node_agrees_in_both_formats() {
    let scene = Scene::new();
    scene.domain("acme.test");
    let hooks = Hooks::start(&Over::Plain);
    let ask = json!({"url": format!("{}/200", hooks.url), "eventTypes": "Delivered,Bounce"});
    let made = scene.done("POST", "/v1/webhooks", &ask);
    hooks.expect_key(made["signingSecret"].as_str().expect("a secret"));
    let plain = scene.send("delivered@simulator.test");
    let calls = hooks.wait_for(1);
    assert_eq!(told(&calls[0]), ("email.delivered".to_owned(), plain));
    let signature = calls[0]["headers"]["x-mailstack-signature"].as_str();
    assert_eq!(signature.expect("a signature").len(), 64);

    let set = ["org", "set", "--signature-format", "timestamped"];
    scene.world.site.cli(&set);
    let id = made["webhook"]["id"].as_str().expect("an id");
    let rotate = format!("/v1/webhooks/{id}/rotate-secret");
    let other = scene.done("POST", &rotate, &Value::Null);
    hooks.expect_key(other["signingSecret"].as_str().expect("a secret"));
    let timestamped = scene.send("bounce@simulator.test");
    let calls = hooks.wait_for(2);
    assert_eq!(told(&calls[1]), ("email.bounced".to_owned(), timestamped));
    let body: Value = serde_json::from_str(calls[1]["body"].as_str().expect("text")).expect("JSON");
    assert_eq!(body["data"]["status"], "Bounced");
    assert_eq!(
        body["data"]["errorMessage"],
        "550 5.1.1 refused, as the address asks"
    );
    let signature = calls[1]["headers"]["x-mailstack-signature"].as_str();
    assert!(signature.expect("a signature").starts_with("t="));
}
