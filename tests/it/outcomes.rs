//! Outcome addresses: what their names say comes of them, in every mode, and nothing leaves.

use std::collections::BTreeSet;

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::story::Story;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const MODES: [&str; 4] = ["capture", "hold", "allow-list", "live"];

/// An outcome address, and what comes of it.
struct Outcome {
    local: &'static str,
    state: &'static str,
    events: &'static [&'static str],
    /// What each try came to, and what was answered.
    tries: &'static [(&'static str, &'static str)],
    /// The least time between the first try's begin and the last one's end.
    takes_ms: i64,
}

const TAKEN: (&str, &str) = ("sent", "250 2.0.0 taken, as the address asks");

const OUTCOMES: [Outcome; 7] = [
    Outcome {
        local: "delivered",
        state: "delivered",
        events: &["queued", "delivered"],
        tries: &[TAKEN],
        takes_ms: 0,
    },
    Outcome {
        local: "bounce+5.1.1",
        state: "bounced",
        events: &["queued", "bounced"],
        tries: &[("refused", "550 5.1.1 refused, as the address asks")],
        takes_ms: 0,
    },
    Outcome {
        local: "bounce+5.7.26",
        state: "bounced",
        events: &["queued", "bounced"],
        tries: &[("refused", "550 5.7.26 refused, as the address asks")],
        takes_ms: 0,
    },
    Outcome {
        local: "defer+4.2.2-1s",
        state: "delivered",
        events: &["queued", "deferred", "delivered"],
        tries: &[
            ("deferred", "450 4.2.2 put off, as the address asks"),
            TAKEN,
        ],
        takes_ms: 1000,
    },
    Outcome {
        local: "complaint",
        state: "complained",
        events: &["queued", "delivered", "complained"],
        tries: &[TAKEN],
        takes_ms: 0,
    },
    Outcome {
        local: "slow+1s",
        state: "delivered",
        events: &["queued", "delivered"],
        tries: &[TAKEN],
        takes_ms: 1000,
    },
    Outcome {
        local: "nonsense",
        state: "bounced",
        events: &["queued", "bounced"],
        tries: &[(
            "refused",
            "550 5.1.1 no such outcome; there are delivered, bounce+5.1.1, \
             defer+4.2.2-300s, complaint, suppressed and slow+8s",
        )],
        takes_ms: 0,
    },
];

impl Outcome {
    fn address(&self) -> String {
        format!("{}@simulator.test", self.local)
    }

    fn assert(&self, story: &Story, mode: &str) {
        let shown = format!("{} in mode {mode}: {}", self.local, story.whole());
        assert_eq!(story.delivery()["state"], self.state, "{shown}");
        assert_eq!(story.events(), self.events, "{shown}");
        let tries = story.tries();
        let came_to: Vec<_> = tries
            .iter()
            .map(|one| (one.outcome(), one.reply()))
            .collect();
        assert_eq!(came_to, self.tries, "{shown}");
        for one in &tries {
            assert_eq!(one.route(), "simulated", "{shown}");
            let said = format!("C: RCPT TO:<{}>\nS: {}\n", self.address(), one.reply());
            assert_eq!(one.conversation(), said);
        }
        let took_ms = tries[tries.len() - 1].ended_ms() - tries[0].began_ms();
        assert!(took_ms >= self.takes_ms, "{took_ms} ms: {shown}");
    }
}

/// A world where mail for the outcomes' domain would find its way to a server, and knot
/// counts who asks for it.
fn world() -> (World, FarEnd) {
    let world = World::start("[webhooks]\nallow_private = true\nallow_http = true");
    let far = world.far_end("simulator.test", &Manner::plain("127.0.0.2", world.port));
    (world, far)
}

fn to(address: &str) -> Value {
    json!({"from": "hello@acme.test", "to": address, "subject": "Hello", "textbody": "Hi"})
}

/// Has the domain's events told to a receiver that knows its key.
fn listen(world: &World, domain: &Value) -> Hooks {
    let hooks = Hooks::start(&Over::Plain);
    hooks.expect_key(domain["webhook_public_key"].as_str().expect("a key"));
    let url = format!("{}/200", hooks.url);
    let create = ["webhook", "create", "--url", &url];
    let whose = ["--form", "mailpace", "--domain", "acme.test"];
    world.site.cli(&[&create[..], &whose[..]].concat());
    hooks
}

/// The event and the email of a call that has to be signed.
fn told(call: &Value) -> (i64, String) {
    assert_eq!(call["signed"], true, "{call}");
    let body = call["body"].as_str().expect("text");
    let body: Value = serde_json::from_str(body).expect("JSON");
    let id = body["payload"]["id"].as_i64().expect("a number");
    (id, body["event"].as_str().expect("text").to_owned())
}

#[test]
#[ignore = "real servers: make test"]
fn through_mailpace_in_every_mode() {
    let (world, far) = world();
    let domain = world.domain("acme.test");
    let hooks = listen(&world, &domain);
    world.site.cli(&["org", "set", "--direct", "on"]);
    let keys = MODES.map(|mode| (mode, world.key("acme.test", mode)));
    let asked = world.dns.questions();
    let mut sent = Vec::new();
    let mut send = |mode: &'static str, token: &str| {
        for outcome in &OUTCOMES {
            let id = world.server.accepted(token, &to(&outcome.address()));
            sent.push((id, mode, outcome));
        }
        let blocked = r#"{"errors":{"to":["contains a blocked address"]}}"#;
        let suppressed = world.server.send(token, &to("suppressed@simulator.test"));
        suppressed.assert(400, blocked);
    };
    // A live key outlives the way out that it was made with.
    world.site.cli(&["org", "set", "--direct", "off"]);
    for (mode, token) in &keys {
        send(mode, token);
    }
    world.site.cli(&["org", "set", "--direct", "on"]);
    let [.., (_, live)] = &keys;
    send("live, with a way out", live);
    let expected: BTreeSet<(i64, String)> = sent
        .iter()
        .flat_map(|(id, _, outcome)| {
            // MailPace has no word for a complaint.
            let words = outcome.events.iter().filter(|kind| **kind != "complained");
            words.map(|kind| (*id, format!("email.{kind}")))
        })
        .collect();
    let calls = hooks.wait_for(expected.len());
    assert_eq!(calls.iter().map(told).collect::<BTreeSet<_>>(), expected);
    for (id, mode, outcome) in &sent {
        outcome.assert(&Story::of(&world.site, *id), mode);
    }

    assert_eq!(world.site.cli(&["suppression", "list"]), json!([]));
    assert_eq!(world.site.cli(&["message", "list"]), json!([]));
    assert_eq!(far.connections(), 0);
    assert_eq!(world.dns.questions(), asked);
}

#[test]
#[ignore = "real servers: make test"]
fn one_beside_others_touches_only_itself() {
    let (world, far) = world();
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    world.lead("far.test", "127.0.0.2");
    let token = world.key("acme.test", "live");
    let all = "kim@far.test, bounce+5.2.1@simulator.test";
    let id = world.server.accepted(&token, &to(all)).to_string();
    far.message_for("kim@far.test");
    let states = wait::until("both settled", || {
        let shown = world.site.cli(&["email", "show", &id]);
        let deliveries = shown["deliveries"].as_array().expect("a list");
        let states = deliveries
            .iter()
            .map(|one| one["state"].as_str().expect("a state").to_owned());
        let states: Vec<String> = states.collect();
        let settled = |state: &String| ["delivered", "bounced"].contains(&state.as_str());
        states.iter().all(settled).then_some(states)
    });
    assert_eq!(states, ["delivered", "bounced"]);
    assert_eq!(far.connections(), 1);
    assert_eq!(far.arrived()[0].to, ["kim@far.test"]);
}
