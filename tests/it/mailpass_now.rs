//! MailPass sends in the request: against real mail servers that take, refuse, put off and
//! take their time.

use std::process::Command;

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::http::{self, Reply};
use posthouse_tests::site::Ran;
use posthouse_tests::world::World;
use posthouse_tests::{mail, place, wait};
use serde_json::{Value, json};

use super::mailpass::make_key;

/// A world with a verified domain, and a live key.
struct Shop {
    world: World,
    key: String,
}

impl Shop {
    fn open(more: &str) -> Self {
        let world = World::start(more);
        world.domain("acme.test");
        world.site.cli(&["org", "set", "--direct", "on"]);
        let (_, key) = make_key(&world.site, None, "shop", &["--mode", "live"]);
        Self { world, key }
    }

    fn far_end(&self) -> FarEnd {
        let manner = Manner::plain("127.0.0.2", self.world.port);
        self.world.far_end("far.test", &manner)
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        let url = self.world.server.url(path);
        let request = http::client().post(url).bearer_auth(&self.key);
        http::ask(request.json(body))
    }

    fn send(&self, to: &str) -> Reply {
        self.post("/api/v1/mail/send", &message(to))
    }

    /// What is told of a message, by its queue id.
    fn status(&self, queue_id: i64) -> Value {
        let path = format!("/api/v1/mail/status/{queue_id}");
        let request = http::client().get(self.world.server.url(&path));
        let told = http::ask(request.bearer_auth(&self.key));
        assert_eq!(told.status, 200, "{}", told.body);
        told.json()["data"].clone()
    }

    fn until_status(&self, queue_id: i64, status: &str) -> Value {
        wait::until(&format!("message {queue_id} {status}"), || {
            let told = self.status(queue_id);
            (told["message"]["status"] == status).then_some(told)
        })
    }
}

fn message(to: &str) -> Value {
    json!({"to": to, "subject": "Hello", "text": "Hi", "from_email": "hello@acme.test", "from_name": "Acme"})
}

#[track_caller]
fn assert_sent(reply: &Reply, status: &str, to: &str) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    let data = &reply.json()["data"];
    assert_eq!(
        (&data["status"], &data["to"], &data["from"]),
        (&json!(status), &json!(to), &json!("hello@acme.test"))
    );
}

#[track_caller]
fn assert_failed(reply: &Reply, status: u16, code: &str, message: &str) {
    let expected = json!({"success": false, "error": {"code": code, "message": message}});
    assert_eq!((reply.status, reply.json()), (status, expected));
}

#[test]
#[ignore = "real servers: make test"]
fn taken_at_once_is_sent() {
    let shop = Shop::open("");
    let far = shop.far_end();
    let reply = shop.send("Kim <kim@far.test>");
    assert_sent(&reply, "sent", "kim@far.test");
    let arrived = far.arrived_for("kim@far.test");
    assert_eq!(arrived.len(), 1, "the answer came after it was taken");
    let read = mail::read(&arrived[0].data, shop.world.names());
    read.assert_sound();
    assert_eq!(read.header("from"), Some("Acme <hello@acme.test>"));
    let id = reply.json()["data"]["message_id"].clone();
    assert_eq!(read.header("message-id"), id.as_str());
    let told = shop.status(1);
    assert_eq!(told["message"]["message_id"], id);
    assert_eq!(told["message"]["status"], "delivered");
    assert_eq!(told["events"][0]["event_type"], "delivered");
}

#[test]
#[ignore = "real servers: make test"]
fn refused_for_good_is_failed_and_kept() {
    let shop = Shop::open("");
    let far = shop.far_end();
    let words = "550 5.1.1 no such person here";
    let reply = shop.send("refused-kim@far.test");
    assert_failed(&reply, 500, "SEND_FAILED", words);
    let told = shop.status(1);
    assert_eq!(
        (
            &told["message"]["status"],
            &told["message"]["error_message"],
            &told["message"]["sent_at"]
        ),
        (&json!("failed"), &json!(words), &Value::Null)
    );
    assert_eq!(told["events"][0]["event_type"], "bounce");
    let again = shop.send("refused-kim@far.test");
    assert_eq!(again.status, 400, "{}", again.body);
    assert!(far.arrived().is_empty());
}

#[test]
#[ignore = "real servers: make test"]
fn put_off_is_queued_and_arrives_once() {
    let shop = Shop::open("");
    let far = shop.far_end();
    let reply = shop.send("busy-1-kim@far.test");
    assert_sent(&reply, "queued", "busy-1-kim@far.test");
    far.message_for("busy-1-kim@far.test");
    let told = shop.until_status(1, "delivered");
    assert_eq!(told["message"]["error_message"], Value::Null);
    assert_eq!(far.arrived_for("busy-1-kim@far.test").len(), 1);
}

#[test]
#[ignore = "real servers: make test"]
fn too_slow_is_queued_and_arrives_once() {
    let shop = Shop::open("send_now_timeout = \"1s\"");
    let far = shop.far_end();
    let reply = shop.send("late-kim@far.test");
    assert_sent(&reply, "queued", "late-kim@far.test");
    assert_eq!(shop.status(1)["message"]["status"], "queued");
    far.answer_late_ones();
    shop.until_status(1, "delivered");
    assert_eq!(far.arrived_for("late-kim@far.test").len(), 1);
}

#[test]
#[ignore = "real servers: make test"]
fn put_off_can_be_made_to_fail_and_never_arrives() {
    let shop = Shop::open("send_now_on_temporary = \"fail\"");
    let far = shop.far_end();
    let words = "451 4.3.0 try again later";
    let reply = shop.send("busy-1-kim@far.test");
    assert_failed(&reply, 500, "SEND_FAILED", words);
    let told = shop.status(1);
    assert_eq!(
        (
            &told["message"]["status"],
            &told["message"]["error_message"]
        ),
        (&json!("failed"), &json!(words))
    );
    // A batch waits for nobody: what is put off of it is tried again, and by then the other
    // would have been.
    let batch = json!({"messages": [message("busy-1-lee@far.test")]});
    let reply = shop.post("/api/v1/mail/send-batch", &batch);
    assert_eq!(reply.json()["data"]["queued"], 1, "{}", reply.body);
    shop.until_status(2, "delivered");
    assert!(far.arrived_for("busy-1-kim@far.test").is_empty());
    assert_eq!(shop.status(1)["message"]["status"], "failed");
}

#[test]
#[ignore = "real servers: make test"]
fn a_refused_copy_is_no_reason_to_send_again() {
    let shop = Shop::open("");
    let far = shop.far_end();
    let mut both = message("kim@far.test");
    both["cc"] = json!(["refused-lee@far.test"]);
    let reply = shop.post("/api/v1/mail/send", &both);
    assert_sent(&reply, "sent", "kim@far.test");
    assert_eq!(far.arrived_for("kim@far.test").len(), 1);
    let told = shop.status(1);
    assert_eq!(
        (
            &told["message"]["status"],
            &told["message"]["error_message"]
        ),
        (&json!("failed"), &json!("550 5.1.1 no such person here")),
        "the copy that fared worst speaks"
    );
}

#[test]
#[ignore = "real servers: make test"]
fn without_a_provider_nothing_is_taken() {
    let shop = Shop::open("");
    shop.world.site.cli(&["org", "set", "--direct", "off"]);
    let words = "No default SMTP provider is configured.";
    let refused = shop.send("kim@far.test");
    assert_failed(&refused, 422, "NO_SMTP_PROVIDER", words);
    let batch = json!({"messages": [message("kim@far.test"), message("lee@far.test")]});
    let refused = shop.post("/api/v1/mail/send-batch", &batch);
    assert_failed(&refused, 422, "NO_SMTP_PROVIDER", words);
    let emails = shop.world.site.cli(&["email", "list"]);
    assert_eq!(emails, json!([]));
}

/// Adds the provider that these tests have; what it takes arrives at the far end.
fn provider(shop: &Shop, far: &FarEnd, more: &[&str]) {
    let port = far.port.to_string();
    let mut all = vec![
        "relay",
        "add",
        "provider",
        "--host",
        "127.0.0.2",
        "--port",
        &port,
    ];
    all.extend([
        "--security",
        "plain",
        "--sender",
        "The Shop <desk@provider.test>",
    ]);
    all.extend(more);
    shop.world.site.cli(&all);
}

#[test]
#[ignore = "real servers: make test"]
fn a_provider_at_its_limit_takes_nothing() {
    let shop = Shop::open("");
    let far = FarEnd::start(&Manner::plain("127.0.0.2", 0));
    provider(&shop, &far, &["--daily", "1"]);
    let mut unsigned = message("kim@far.test");
    for key in ["from_email", "from_name"] {
        unsigned[key] = Value::Null;
    }
    let reply = shop.post("/api/v1/mail/send", &unsigned);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.json()["data"]["from"], "desk@provider.test");
    assert!(
        far.message_for("kim@far.test")
            .text()
            .contains("desk@provider.test")
    );
    assert_eq!(shop.status(1)["message"]["status"], "sent");
    assert_eq!(
        shop.status(1)["events"],
        json!([]),
        "a provider has it, no more is known"
    );
    for (path, body) in [
        ("/api/v1/mail/send", message("kim@far.test")),
        (
            "/api/v1/mail/send-batch",
            json!({"messages": [message("kim@far.test")]}),
        ),
    ] {
        let full = shop.post(path, &body);
        let words = "The sending limit of the SMTP provider is exceeded.";
        assert_failed(&full, 429, "SEND_LIMIT_EXCEEDED", words);
        let seconds: u32 = full
            .header("retry-after")
            .and_then(|text| text.parse().ok())
            .expect("seconds");
        assert!((1..=86_400).contains(&seconds), "{seconds}");
    }
    assert_eq!(far.arrived().len(), 1);
}

#[test]
#[ignore = "real clients: make test"]
fn the_sample_of_the_vendors_documentation_runs() {
    let shop = Shop::open("");
    let far = FarEnd::start(&Manner::plain("127.0.0.2", 0));
    provider(&shop, &far, &[]);
    let mut php = Command::new("php");
    php.arg(place::here("php/sample.php"));
    php.args([&shop.key, "user@far.test"]);
    php.env("MAILPASS_URL", shop.world.server.url(""));
    let ran = Ran::of(&mut php);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let said: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let [sent, raw, encoded, batch, refused] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(
        (
            &sent["success"],
            &sent["data"]["status"],
            &sent["data"]["from"]
        ),
        (&json!(true), &json!("sent"), &json!("desk@provider.test"))
    );
    assert_eq!(
        raw["data"]["message"]["message_id"],
        sent["data"]["message_id"]
    );
    assert_eq!(raw, encoded);
    assert_eq!(
        (&batch["data"]["queued"], &batch["data"]["failed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(refused["error"]["code"], "VALIDATION_ERROR");
    wait::until("both messages", || {
        (far.arrived_for("user@far.test").len() == 2).then_some(())
    });
}
