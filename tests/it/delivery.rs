//! Mail that really leaves: signed, over a real name server, to real mail servers, and read
//! there by software that is not ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use posthouse_tests::authority::Authority;
use posthouse_tests::far_end::{FarEnd, Manner, StartTls};
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::mail;
use posthouse_tests::postfix::Postfix;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot really";
const LONG: &str = "A line that goes on and on, with ümläuts, far past what RFC 5322 allows. ";

/// One email with everything in it.
fn rich(to: &str) -> Value {
    json!({
        "from": "\"Größe, Ltd\" <hello@acme.test>",
        "to": to,
        "cc": "\"Ann, of far\" <ann@far.test>",
        "bcc": "bob@far.test",
        "replyto": "desk@acme.test",
        "subject": "Rechnung № 9 — größer, 日本語 and a long tail so that it has to be folded somewhere",
        "htmlbody": format!("<p>{}</p><img src=\"cid:logo@acme\">", LONG.repeat(40)),
        "textbody": format!(".a dot\n{}\nend \n\n", LONG.repeat(40)),
        "inreplyto": "<1@far.test>",
        "references": "<1@far.test> <2@far.test>",
        "list_unsubscribe": "<https://acme.test/u>",
        "tags": ["orders"],
        "attachments": [
            {"name": "logo.png", "content": BASE64.encode(PNG), "content_type": "image/png", "cid": "<logo@acme>"},
            {"name": "größe 日本.pdf", "content": BASE64.encode(b"%PDF-"), "content_type": "application/pdf"},
        ],
    })
}

/// What `rich` has to look like when it arrives.
fn assert_rich(read: &mail::Read, host: &str) {
    read.assert_sound();
    assert_eq!(read.verified_signatures(), ["ed25519-sha256", "rsa-sha256"]);
    for signature in read.0["signatures"].as_array().expect("a list") {
        assert_eq!(signature["domain"], "acme.test");
        assert_eq!(signature["canonicalization"], "relaxed/relaxed");
        let signed = signature["signed"].as_array().expect("a list");
        for header in [
            "from",
            "subject",
            "date",
            "message-id",
            "to",
            "mime-version",
            "content-type",
        ] {
            assert!(
                signed.contains(&json!(header)),
                "{header} is not signed: {signature}"
            );
        }
    }
    assert_eq!(
        read.header("from"),
        Some("\"Größe, Ltd\" <hello@acme.test>")
    );
    assert_eq!(read.header("cc"), Some("\"Ann, of far\" <ann@far.test>"));
    assert_eq!(read.header("bcc"), None);
    assert_eq!(read.header("reply-to"), Some("desk@acme.test"));
    let subject =
        "Rechnung № 9 — größer, 日本語 and a long tail so that it has to be folded somewhere";
    assert_eq!(read.header("subject"), Some(subject));
    assert_eq!(read.header("in-reply-to"), Some("<1@far.test>"));
    assert_eq!(read.header("references"), Some("<1@far.test> <2@far.test>"));
    assert_eq!(
        read.header("list-unsubscribe"),
        Some("<https://acme.test/u>")
    );
    assert!(read.header("date").is_some());
    let id = read.header("message-id").expect("a Message-ID");
    assert!(
        id.starts_with('<') && id.ends_with(&format!("@mailer.{host}>")),
        "{id}"
    );

    assert_parts(read);
}

fn assert_parts(read: &mail::Read) {
    let leaf = |kind: &str| {
        let mut found = read.parts().iter().filter(|part| part["type"] == kind);
        found
            .next()
            .unwrap_or_else(|| panic!("no {kind} in {:?}", read.types()))
            .clone()
    };
    let text = leaf("text/plain")["text"]
        .as_str()
        .expect("text")
        .replace("\r\n", "\n");
    let sent = format!(".a dot\n{}\nend", LONG.repeat(40));
    assert_eq!(text.trim_end(), sent);
    assert!(
        leaf("text/html")["text"]
            .as_str()
            .expect("text")
            .contains(&LONG.repeat(40))
    );
    let image = leaf("image/png");
    assert_eq!(
        (&image["id"], &image["disposition"]),
        (&json!("<logo@acme>"), &json!("inline"))
    );
    assert_eq!(image["base64"], BASE64.encode(PNG));
    let file = leaf("application/pdf");
    assert_eq!(
        (&file["name"], &file["disposition"]),
        (&json!("größe 日本.pdf"), &json!("attachment"))
    );
}

#[test]
#[ignore = "real servers: make test"]
fn directly_to_postfix() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let postfix = Postfix::start("127.0.0.9", world.port);
    world.lead("far.test", "127.0.0.9");
    let token = world.key("acme.test", "live");
    let id = world.server.accepted(&token, &rich("kim@far.test"));
    let shown = world.email_in_state(id, "delivered");
    let messages = wait::until("three copies", || {
        let messages = postfix.messages();
        (messages.len() == 3).then_some(messages)
    });
    for message in messages {
        let text = String::from_utf8_lossy(&message).into_owned();
        assert!(!text.to_lowercase().contains("\nbcc:"), "{text}");
        // A Maildir has LF; what went over the wire had CRLF. Postfix puts its own lines on top.
        let wire = text.replace("\r\n", "\n").replace('\n', "\r\n");
        assert_rich(&mail::read(wire.as_bytes(), world.names()), "post.test");
        assert!(text.contains("using TLSv1.3"), "opportunistic TLS: {text}");
    }
    let why = world.site.say(&["email", "why", &id.to_string()]);
    for part in [
        "kim@far.test",
        "ann@far.test",
        "bob@far.test",
        "mx.far.test",
        "TLS",
        "250",
    ] {
        assert!(why.contains(part), "no {part} in:\n{why}\n{shown}");
    }
}

#[test]
#[ignore = "real servers: make test"]
fn through_a_relay_with_a_password() {
    let manner = Manner {
        starttls: StartTls::On,
        auth: Some("user:pass word"),
        ..Manner::plain("127.0.0.1", 0)
    };
    let relay = FarEnd::start(&manner);
    let roots = format!("[tls]\nextra_roots = \"{}\"", relay.root.display());
    let world = World::start(&roots);
    world.domain("acme.test");
    let port = relay.port.to_string();
    let secret = world.site.file("relay-password");
    std::fs::write(&secret, "pass word\n").expect("written");
    let secret = secret.to_string_lossy().into_owned();
    let made = world.site.cli(&[
        "relay",
        "add",
        "provider",
        "--host",
        "localhost",
        "--port",
        &port,
        "--security",
        "starttls",
        "--user",
        "user",
        "--password-file",
        &secret,
    ]);
    world
        .site
        .cli(&["relay", "default", &made["id"].to_string()]);
    let tested = world.site.say(&["relay", "test", &made["id"].to_string()]);
    let token = world.key("acme.test", "live");
    assert!(
        tested.contains("EHLO") && !tested.contains("pass word"),
        "{tested}"
    );
    let id = world.server.accepted(&token, &rich("kim@far.test"));
    world.email_in_state(id, "delivered");
    let arrived = relay.message_for("kim@far.test");
    assert!(arrived.tls);
    assert_eq!(arrived.auth.as_deref(), Some("user"));
    assert!(
        arrived.from.ends_with("@mailer.acme.test"),
        "{}",
        arrived.from
    );
    assert_rich(&mail::read(&arrived.data, world.names()), "post.test");
    relay.message_for("bob@far.test");
}

/// Checks one call of the webhook, and says which event it tells.
fn event(request: &Value, id: i64, domain: &Value) -> String {
    assert_eq!(request["signed"], true, "{request}");
    let headers = &request["headers"];
    assert_eq!(headers["user-agent"], "mailpace_webhooks/1.0");
    assert_eq!(headers["content-type"], "application/json");
    let body: Value = serde_json::from_str(request["body"].as_str().expect("text")).expect("JSON");
    let payload = body["payload"].as_object().expect("an object");
    let mut keys: Vec<&str> = payload.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "bcc",
            "cc",
            "created_at",
            "domain_id",
            "from",
            "htmlbody",
            "id",
            "list_unsubscribe",
            "message_id",
            "replyto",
            "status",
            "subject",
            "tags",
            "textbody",
            "to",
            "updated_at",
        ]
    );
    assert_eq!(payload["id"], id);
    assert_eq!(payload["domain_id"], domain["id"]);
    assert_eq!(payload["from"], "Shop <hello@acme.test>");
    assert_eq!(payload["tags"], json!(["orders"]));
    for absent in ["textbody", "cc", "bcc", "replyto", "list_unsubscribe"] {
        assert!(payload[absent].is_null(), "{absent}: {payload:?}");
    }
    let event = body["event"].as_str().expect("text").to_owned();
    assert_eq!(
        event,
        format!("email.{}", payload["status"].as_str().expect("text"))
    );
    event
}

fn webhooks(over: &Over<'_>, roots: &str) {
    let hooks = Hooks::start(over);
    let world = World::start(&format!(
        "{roots}\n[webhooks]\nallow_private = true\nallow_http = true"
    ));
    let domain = world.domain("acme.test");
    hooks.expect_key(domain["webhook_public_key"].as_str().expect("a key"));
    world.site.cli(&["org", "set", "--direct", "on"]);
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let url = format!("{}/200", hooks.url);
    world.site.cli(&[
        "webhook",
        "create",
        "--url",
        &url,
        "--form",
        "mailpace",
        "--domain",
        "acme.test",
    ]);
    let token = world.key("acme.test", "live");
    let message = json!({
        "from": "Shop <hello@acme.test>", "to": "kim@far.test", "subject": "Order 9",
        "htmlbody": "<p>Hi</p>", "tags": ["orders"],
    });
    let id = world.server.accepted(&token, &message);
    far.message_for("kim@far.test");
    let requests = hooks.wait_for(2);
    let event = |request: &Value| event(request, id, &domain);
    let mut events: Vec<String> = requests.iter().map(event).collect();
    // Calls may be under way side by side.
    events.sort();
    assert_eq!(events, ["email.delivered", "email.queued"]);

    // Replay is the same events again, byte for byte.
    let listed = world.site.cli(&["webhook", "list"]);
    let hook = listed[0]["id"].to_string();
    world
        .site
        .cli(&["webhook", "replay", &hook, "--since-event", "0"]);
    let replayed = hooks.wait_for(4);
    let bodies = |of: &[Value]| {
        let mut bodies: Vec<String> = of.iter().map(|one| one["body"].to_string()).collect();
        bodies.sort();
        bodies
    };
    assert_eq!(bodies(&replayed[2..]), bodies(&requests));
    assert_eq!(
        replayed.iter().filter(|one| one["signed"] == true).count(),
        4
    );
}

#[test]
#[ignore = "real servers: make test"]
fn webhooks_over_http() {
    webhooks(&Over::Plain, "");
}

#[test]
#[ignore = "real servers: make test"]
fn webhooks_over_tls() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let authority = Authority::make(folder.path(), &["127.0.0.1", "localhost"]);
    let roots = format!("[tls]\nextra_roots = \"{}\"", authority.root.display());
    webhooks(&Over::Tls(&authority), &roots);
}

#[test]
#[ignore = "real servers: make test"]
fn webhooks_keep_away_from_private_networks() {
    let hooks = Hooks::start(&Over::Plain);
    let world = World::start("[webhooks]\nallow_http = true");
    let url = format!("{}/200", hooks.url);
    let create = [
        "webhook",
        "create",
        "--url",
        &url,
        "--form",
        "mailpace",
        "--domain",
        "example.test",
    ];
    let made = world.site.run(&create);
    let token = world.server.first("server_token");
    world.server.accepted(&token, &super::hello());
    if made.code == 0 {
        let value: Value = serde_json::from_str(&made.out).expect("JSON");
        let id = value["id"].to_string();
        // The first refusal switches the webhook off: what is told later may never be tried.
        let refusal = wait::until("a refusal", || {
            let deliveries = world.site.cli(&["webhook", "deliveries", &id]);
            let first = deliveries.as_array()?.last()?;
            first["last_error"].as_str().map(str::to_owned)
        });
        assert!(refusal.starts_with("forbidden: 127.0.0.1"), "{refusal}");
        let list = world.site.cli(&["webhook", "list"]);
        assert_eq!(list[0]["activity"], "off");
    }
    assert_eq!(hooks.requests(), Vec::<Value>::new());
}

#[test]
#[ignore = "real servers: make test"]
fn a_webhook_that_fails_for_good_is_switched_off() {
    let hooks = Hooks::start(&Over::Plain);
    let world = World::start("[webhooks]\nallow_private = true\nallow_http = true");
    let url = format!("{}/404", hooks.url);
    let made = world.site.cli(&[
        "webhook",
        "create",
        "--url",
        &url,
        "--form",
        "mailpace",
        "--domain",
        "example.test",
    ]);
    let token = world.server.first("server_token");
    world.server.accepted(&token, &super::hello());
    let off = wait::until("the webhook to be off", || {
        let list = world.site.cli(&["webhook", "list"]);
        (list[0]["activity"] == "off").then(|| list[0].clone())
    });
    assert_eq!(off["id"], made["id"]);
    assert!(
        off["stopped_because"]
            .as_str()
            .is_some_and(|why| why.contains("404")),
        "{off}"
    );
    // A call that was under way when the answer came may still arrive; no new one does.
    let id = world.server.accepted(&token, &super::hello());
    world.email_in_state(id, "delivered");
    let own = format!("\"id\":{id},");
    let of_it = |one: &Value| one["body"].as_str().is_some_and(|body| body.contains(&own));
    assert!(!hooks.requests().iter().any(of_it));
}
