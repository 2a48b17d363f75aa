//! Many emails in one call: half of them bad, and a thousand from a template.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::http::{self, Reply};
use posthouse_tests::mail::{self, Read};
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

struct Scene {
    world: World,
    far: FarEnd,
    key: String,
}

impl Scene {
    fn new() -> Self {
        let world = World::start("");
        world.domain("acme.test");
        world.site.cli(&["org", "set", "--direct", "on"]);
        let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
        let key = world.api_key("mailstack", "live");
        Self { world, far, key }
    }

    /// A template's id.
    fn template(&self, name: &str, text: &Value) -> String {
        let mut new = text.clone();
        new["name"] = json!(name);
        let made = self.post("/v1/templates", &new, None);
        assert_eq!(made.status, 200, "{}", made.body);
        made.json()["id"].as_str().expect("an id").to_owned()
    }

    fn post(&self, path: &str, body: &Value, idempotency: Option<&str>) -> Reply {
        let request = http::client().post(self.world.server.url(path));
        let mut request = request.bearer_auth(&self.key).json(body);
        if let Some(key) = idempotency {
            request = request.header("Idempotency-Key", key);
        }
        http::ask(request)
    }

    /// Waits for so many messages, and has them read; by recipient. Keys for signatures come
    /// from `dns`.
    fn read(&self, count: usize, dns: Option<SocketAddr>) -> BTreeMap<String, Read> {
        wait::until(&format!("{count} messages"), || {
            (self.far.count() >= count).then_some(())
        });
        let arrived = self.far.arrived();
        assert_eq!(arrived.len(), count);
        let messages = arrived.iter().map(|one| one.data.as_slice());
        let read = mail::read_all(messages, dns);
        let recipients = arrived.iter().map(|one| one.to.join(", "));
        let by_recipient: BTreeMap<String, Read> = recipients.zip(read).collect();
        assert_eq!(by_recipient.len(), count, "each once");
        for read in by_recipient.values() {
            read.assert_sound();
        }
        by_recipient
    }
}

/// A bad email, and what is said of it.
fn bad(number: usize, draft: &str) -> (Value, &'static str) {
    let mut email = good(number);
    let mut without = |field: &str| {
        email.as_object_mut().expect("an object").remove(field);
    };
    let said = match number % 10 {
        0 => {
            without("from");
            "From is required."
        }
        1 => {
            email["from"] = json!("hello at acme");
            "From is not a valid email address."
        }
        2 => {
            email["from"] = json!("hello@other.test");
            "The from domain is not verified."
        }
        3 => {
            without("to");
            "To is required."
        }
        4 => {
            email["to"] = json!("kim@far.test, nope");
            "nope is not a valid email address."
        }
        5 => {
            without("subject");
            "Subject is required."
        }
        6 => {
            without("text");
            "Either html or text is required."
        }
        7 => {
            email["to"] = json!("gone@far.test");
            "Recipient is suppressed."
        }
        8 => {
            email["templateId"] = json!(draft);
            "Template is not published."
        }
        _ => {
            email["sendAt"] = json!("2999-01-01T00:00:00Z");
            "SendAt must be at most 30 days ahead."
        }
    };
    (email, said)
}

fn good(number: usize) -> Value {
    json!({
        "from": "hello@acme.test", "fromName": "Größe, Ltd",
        "to": format!("Kim <kim{number}@far.test>"),
        "subject": format!("Rechnung № {number}"), "text": format!("Zeile {number}\n.\nEnde"),
    })
}

#[test]
#[ignore = "real servers: make test"]
fn a_batch_half_bad() {
    let scene = Scene::new();
    let text = json!({"subject": "Draft", "text": "Draft"});
    let draft = scene.template("draft", &text);
    scene
        .world
        .site
        .cli(&["suppression", "add", "gone@far.test"]);
    let emails: Vec<(Value, Option<&str>)> = (0..100)
        .map(|number| match number % 2 {
            0 => (good(number), None),
            _ => {
                let (email, said) = bad(number / 2, &draft);
                (email, Some(said))
            }
        })
        .collect();
    let batch: Vec<&Value> = emails.iter().map(|(email, _)| email).collect();
    let body = json!({"emails": batch});
    let reply = scene.post("/v1/emails/batch", &body, Some("one"));
    assert_eq!(reply.status, 202, "{}", reply.body);
    let answer = reply.json();
    assert_eq!(
        (&answer["accepted"], &answer["rejected"]),
        (&json!(50), &json!(50))
    );
    let results = answer["results"].as_array().expect("a list");
    assert_eq!(results.len(), 100);
    for (index, (result, (_, said))) in results.iter().zip(&emails).enumerate() {
        match said {
            None => {
                let expected = json!({"index": index, "id": result["id"], "status": "queued"});
                assert_eq!(*result, expected);
                assert_eq!(result["id"].as_str().map(str::len), Some(36));
            }
            Some(said) => {
                let expected = json!({"index": index, "status": "rejected", "error": said});
                assert_eq!(*result, expected);
            }
        }
    }
    let arrived = scene.read(50, Some(scene.world.names()));
    for number in (0..100).step_by(2) {
        let read = &arrived[&format!("kim{number}@far.test")];
        assert_eq!(read.verified_signatures(), ["ed25519-sha256", "rsa-sha256"]);
        let subject = format!("Rechnung № {number}");
        assert_eq!(read.header("subject"), Some(subject.as_str()));
        assert_eq!(
            read.header("from"),
            Some("\"Größe, Ltd\" <hello@acme.test>")
        );
        let to = format!("Kim <kim{number}@far.test>");
        assert_eq!(read.header("to"), Some(to.as_str()));
        let text = format!("Zeile {number}\n.\nEnde");
        assert_eq!(read.text_of("text/plain"), text);
    }

    // The same call again is the same answer, and nothing more is sent.
    let again = scene.post("/v1/emails/batch", &body, Some("one"));
    again.assert(202, &reply.body);
    let listed = scene.world.site.cli(&["email", "list", "--limit", "1000"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(50));
}

#[test]
#[ignore = "real servers: make test"]
fn a_thousand_from_a_template() {
    let scene = Scene::new();
    let text = json!({
        "subject": "{{ shop }}: Nr. {{ order.number }}",
        "html": "<p>Hi {{ name }}, {{{ shop }}}</p>",
        "text": "Hi {{ name }}, {{ shop }}{{ nothing }}.",
    });
    let template = scene.template("order", &text);
    let publish = format!("/v1/templates/{template}/publish");
    let published = scene.post(&publish, &Value::Null, None);
    assert_eq!(published.status, 200, "{}", published.body);
    let recipients: Vec<Value> = (0..1000)
        .map(|number| {
            let mut one = json!({
                "to": format!("kim{number}@far.test"),
                "variables": {"name": format!("<Kim & {number}>"), "order": {"number": number}},
            });
            if number % 100 == 0 {
                one["variables"]["shop"] = json!("Größe");
            }
            one
        })
        .collect();
    let bulk = json!({
        "from": "hello@acme.test", "templateId": template, "variables": {"shop": "Acme"},
        "recipients": recipients,
    });
    let reply = scene.post("/v1/emails/bulk", &bulk, None);
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert_eq!(
        (&reply.json()["accepted"], &reply.json()["rejected"]),
        (&json!(1000), &json!(0))
    );
    let arrived = scene.read(1000, None);
    for number in 0..1000 {
        let read = &arrived[&format!("kim{number}@far.test")];
        let shop = if number % 100 == 0 { "Größe" } else { "Acme" };
        let subject = format!("{shop}: Nr. {number}");
        assert_eq!(read.header("subject"), Some(subject.as_str()));
        let html = format!("<p>Hi &lt;Kim &amp; {number}&gt;, {shop}</p>");
        assert_eq!(read.text_of("text/html"), html);
        let text = format!("Hi <Kim & {number}>, {shop}.");
        assert_eq!(read.text_of("text/plain"), text);
    }
}
