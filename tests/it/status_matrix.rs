//! One history behind every door: mail that is sent through each, read back through the others.

use std::collections::BTreeMap;

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::http::{self, Reply};
use posthouse_tests::site::Waits;
use posthouse_tests::world::World;
use serde_json::{Value, json};

/// A fate, and how each door calls it: the command line, Mailstack, MailPass, and the last of
/// MailPace's webhooks.
struct Fate {
    to: &'static str,
    words: [&'static str; 4],
}

const DELIVERED: Fate = Fate {
    to: "kim@far.test",
    words: ["delivered", "Delivered", "delivered", "delivered"],
};
const REFUSED: Fate = Fate {
    to: "refused-{}@far.test",
    words: ["bounced", "Bounced", "failed", "bounced"],
};
const DEFERRED: Fate = Fate {
    to: "busy-1-{}@far.test",
    words: ["deferred", "Queued", "queued", "deferred"],
};
const BOUNCED: Fate = Fate {
    to: "bounce+5.2.1@simulator.test",
    words: ["bounced", "Bounced", "bounced", "bounced"],
};
const COMPLAINED: Fate = Fate {
    to: "complaint@simulator.test",
    // MailPace has no word for a complaint.
    words: ["complained", "Complained", "complained", "delivered"],
};
/// What a provider has taken is not known to be delivered.
const SENT: Fate = Fate {
    to: "kim@far.test",
    words: ["delivered", "Sent", "sent", "delivered"],
};

const DOORS: [&str; 3] = ["mailpace", "mailstack", "mailpass"];

struct Scene {
    world: World,
    far: FarEnd,
    hooks: Hooks,
    /// Each door's key.
    keys: [String; 3],
}

/// An email that was sent.
struct Email {
    id: i64,
    door: &'static str,
    fate: &'static Fate,
}

/// What a door tells of an email, in one form: times in whole seconds.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    from: String,
    to: String,
    subject: String,
    created: String,
    sent: Option<String>,
    answer: Option<String>,
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

fn seconds(time: &Value) -> String {
    let text = text(time);
    assert!(text.len() >= 19 && text.as_bytes()[10] == b'T', "{text}");
    text[..19].to_owned()
}

fn maybe<T>(value: &Value, of: impl Fn(&Value) -> T) -> Option<T> {
    (!value.is_null()).then(|| of(value))
}

impl Scene {
    fn new() -> Self {
        let hooks = Hooks::start(&Over::Plain);
        let allowed = "[webhooks]\nallow_private = true\nallow_http = true";
        let world = World::waiting(&Waits::LONG, allowed);
        let domain = world.domain("acme.test");
        hooks.expect_key(&text(&domain["webhook_public_key"]));
        let url = format!("{}/200", hooks.url);
        let create = ["webhook", "create", "--url", &url];
        let whose = ["--form", "mailpace", "--domain", "acme.test"];
        world.site.cli(&[&create[..], &whose[..]].concat());
        world.site.cli(&["org", "set", "--direct", "on"]);
        let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
        let keys = [
            world.key("acme.test", "live"),
            world.api_key("mailstack", "live"),
            world.api_key("mailpass", "live"),
        ];
        Self {
            world,
            far,
            hooks,
            keys,
        }
    }

    /// Sends one through each door, and waits for its fate; the emails.
    fn send(&self, fate: &'static Fate, name: &str) -> Vec<Email> {
        let server = &self.world.server;
        let [mailpace, mailstack, mailpass] = &self.keys;
        let subject = |door: &str| format!("{name} № 9, by {door}");
        let from = "hello@acme.test";
        let to = |door: &str| fate.to.replace("{}", door);
        server.accepted(mailpace, &json!({"from": from, "to": to("mailpace"), "subject": subject("mailpace"), "textbody": "Hi"}));
        let message = json!({"from": from, "to": to("mailstack"), "subject": subject("mailstack"), "text": "Hi"});
        let reply = server.bearer(mailstack, "POST", "/v1/emails", &message);
        assert_eq!(reply.status, 202, "{}", reply.body);
        let message = json!({"from_email": from, "to": to("mailpass"), "subject": subject("mailpass"), "text": "Hi"});
        server.bearer(mailpass, "POST", "/api/v1/mail/send", &message);
        let listed = self.world.site.cli(&["email", "list"]);
        let found = |door: &'static str| {
            let all = listed.as_array().expect("a list");
            let email = all.iter().find(|email| email["subject"] == subject(door));
            let id = email.expect("listed")["id"].as_i64().expect("an id");
            self.world.email_in_state(id, fate.words[0]);
            Email { id, door, fate }
        };
        DOORS.map(found).into()
    }

    /// Reads an email everywhere, and checks that all say the same.
    fn assert(&self, email: &Email) {
        let Email { id, door, fate } = email;
        let [_, mailstack, mailpass, mailpace] = fate.words;
        let shown = self.world.site.cli(&["email", "show", &id.to_string()]);
        let own = by_command_line(&shown);
        let (told, status) = self.by_mailstack(&shown["uuid"]);
        assert_eq!((told, status.as_str()), (own, mailstack), "by {door}");
        let own = by_command_line(&shown);
        let (told, status) = self.by_mailpass(&shown);
        assert_eq!((told, status.as_str()), (own, mailpass), "by {door}");
        self.check_calls(*id, &shown, mailpace);
        println!(
            "| {:<9} | {:<28} | {:<10} | {:<10} | {:<10} | {:<9} |",
            door,
            text(&shown["deliveries"][0]["address"]),
            fate.words[0],
            mailstack,
            mailpass,
            mailpace
        );
    }

    /// The email, and the same in the list and beside its content.
    fn by_mailstack(&self, uuid: &Value) -> (Told, String) {
        let [_, key, _] = &self.keys;
        let get = |path: String| {
            let reply = self.world.server.bearer(key, "GET", &path, &Value::Null);
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            reply.json()
        };
        let uuid = text(uuid);
        let one = get(format!("/v1/emails/{uuid}"));
        assert_eq!(get(format!("/v1/messages/{uuid}"))["message"], one);
        for path in ["/v1/messages", "/v1/emails"] {
            let listed = get(format!("{path}?limit=200"));
            let mut listed = listed.as_array().expect("a list").iter();
            assert_eq!(listed.find(|one| one["id"] == uuid.as_str()), Some(&one));
        }
        for time in ["createdAt", "queuedAt"] {
            assert_eq!(text(&one[time]), seconds(&one["createdAt"]) + "Z");
        }
        let told = Told {
            from: text(&one["fromEmail"]),
            to: text(&one["toEmail"]),
            subject: text(&one["subject"]),
            created: seconds(&one["createdAt"]),
            sent: maybe(&one["sentAt"], seconds),
            answer: maybe(&one["errorMessage"], text),
        };
        assert_eq!(told.sent.is_some(), !one["providerMessageId"].is_null());
        (told, text(&one["status"]))
    }

    /// By Message-ID in every encoding, and by queue id: the same bytes.
    fn by_mailpass(&self, shown: &Value) -> (Told, String) {
        let [.., key] = &self.keys;
        let id = text(&shown["message_id"]);
        let encoded = id.replace('@', "%40");
        let queue_id = shown["deliveries"][0]["id"].to_string();
        let asked: Vec<Reply> = [
            format!("%3C{encoded}%3E"),
            format!("%3C{id}%3E"),
            format!("<{id}>"),
            id,
            encoded,
            queue_id,
        ]
        .iter()
        .map(|segment| self.status(key, segment))
        .collect();
        for reply in &asked {
            assert_eq!((reply.status, &reply.body), (200, &asked[0].body));
        }
        let one = asked[0].json()["data"]["message"].clone();
        assert_eq!(text(&one["created_at"]), seconds(&one["created_at"]));
        let told = Told {
            from: text(&one["from_email"]),
            to: text(&one["to_email"]),
            subject: text(&one["subject"]),
            created: seconds(&one["created_at"]),
            sent: maybe(&one["sent_at"], seconds),
            answer: maybe(&one["error_message"], text),
        };
        (told, text(&one["status"]))
    }

    /// A segment of a path as it is: no client puts `<` into one.
    fn status(&self, key: &str, segment: &str) -> Reply {
        let address = self.world.server.address();
        let request = format!(
            "GET /api/v1/mail/status/{segment} HTTP/1.1\r\nHost: {address}\r\n\
             Authorization: Bearer {key}\r\nConnection: close\r\n\r\n"
        );
        http::raw(&address, request.as_bytes())
    }

    /// MailPace tells by webhooks: the last of an email's calls, and its times.
    fn check_calls(&self, id: i64, shown: &Value, status: &str) {
        let calls = self.hooks.requests();
        let mut payloads = BTreeMap::new();
        for call in &calls {
            assert_eq!(call["signed"], true, "{call}");
            let body: Value = serde_json::from_str(&text(&call["body"])).expect("JSON");
            if body["payload"]["id"] == id {
                let updated = text(&body["payload"]["updated_at"]);
                let order = (updated, body["event"] != "email.queued");
                payloads.insert(order, body["payload"].clone());
            }
        }
        let ((updated, _), last) = payloads.last_key_value().expect("a call");
        assert_eq!(last["status"], status);
        assert_eq!(last["to"], shown["to"]);
        assert_eq!(last["subject"], shown["subject"]);
        assert_eq!(last["message_id"], shown["message_id"]);
        assert_eq!(last["created_at"], shown["created_at"]);
        if let Some(sent) = maybe(&shown["deliveries"][0]["sent_at"], text) {
            assert_eq!(*updated, sent);
        }
    }
}

fn by_command_line(shown: &Value) -> Told {
    let delivery = &shown["deliveries"][0];
    let failed = delivery["state"] == "bounced";
    Told {
        from: text(&shown["from"]),
        to: text(&delivery["address"]),
        subject: text(&shown["subject"]),
        created: seconds(&shown["created_at"]),
        sent: maybe(&delivery["sent_at"], seconds),
        answer: maybe(&delivery["last_answer"], text).filter(|_| failed),
    }
}

#[test]
#[ignore = "real servers: make test"]
fn every_door_tells_the_same() {
    let scene = Scene::new();
    let mut sent = Vec::new();
    for (fate, name) in [
        (&DELIVERED, "delivered"),
        (&REFUSED, "refused"),
        (&DEFERRED, "deferred"),
        (&BOUNCED, "bounced"),
        (&COMPLAINED, "complained"),
    ] {
        sent.extend(scene.send(fate, name));
    }
    let port = scene.far.port.to_string();
    let provider = [
        "--host",
        "127.0.0.2",
        "--port",
        &port,
        "--security",
        "plain",
    ];
    let add = ["relay", "add", "provider"];
    scene.world.site.cli(&[&add[..], &provider[..]].concat());
    sent.extend(scene.send(&SENT, "sent"));
    // Each was queued, and then came to something.
    let expected = 2 * sent.len();
    scene.hooks.wait_for(expected);
    println!(
        "| sent by   | to                           | state      | Mailstack  | MailPass   | MailPace  |"
    );
    println!(
        "| --------- | ---------------------------- | ---------- | ---------- | ---------- | --------- |"
    );
    for email in &sent {
        scene.assert(email);
    }
    assert_eq!(scene.hooks.requests().len(), expected);
}
