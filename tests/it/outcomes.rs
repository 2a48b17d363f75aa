//! Outcome addresses: what their names say comes of them, in every mode, and nothing leaves.

mod mailpace;
mod mailpass;
mod mailstack;

use posthouse::model::key::Mode;
use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::site::Serving;
use posthouse_tests::story::Story;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

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

    /// Checks what the command line tells of an email.
    fn assert(&self, story: &Story, subject: &str) {
        let shown = format!("{subject}: {}", story.whole());
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

/// A world where mail for the outcomes' domain would find its way to a server, where knot
/// counts who asks for it, and where there is a domain to send from.
struct Scene {
    world: World,
    far: FarEnd,
    domain: Value,
}

/// A key that is about to be sent with, and what it is called.
struct Sender<'a> {
    server: &'a Serving,
    name: String,
    token: &'a str,
}

impl Sender<'_> {
    fn subject(&self, outcome: &Outcome) -> String {
        format!("{}: {}", self.name, outcome.local)
    }
}

impl Scene {
    fn new() -> Self {
        let world = World::start("[webhooks]\nallow_private = true\nallow_http = true");
        let far = world.far_end("simulator.test", &Manner::plain("127.0.0.2", world.port));
        let domain = world.domain("acme.test");
        world.site.cli(&["org", "set", "--direct", "on"]);
        Self { world, far, domain }
    }

    /// Has `send` send with a key of every mode while there is no way out, side by side, and
    /// with the live one again when there is one; then checks every email. What is told of each.
    fn play(
        &self,
        key: impl Fn(Mode) -> String,
        send: impl Fn(&Sender<'_>) + Sync,
    ) -> Vec<(Story, &'static Outcome)> {
        let keys: Vec<(Mode, String)> = Mode::ALL.iter().map(|&mode| (mode, key(mode))).collect();
        let asked = self.world.dns.questions();
        // A live key outlives the way out that it was made with.
        self.world.site.cli(&["org", "set", "--direct", "off"]);
        let server = &self.world.server;
        let sender = |name: String, token| Sender {
            server,
            name,
            token,
        };
        std::thread::scope(|scope| {
            for (mode, token) in &keys {
                let sender = sender(mode.to_string(), token);
                scope.spawn(|| send(&{ sender }));
            }
        });
        self.world.site.cli(&["org", "set", "--direct", "on"]);
        let (_, live) = keys.last().expect("live is the last");
        send(&sender(String::from("live, with a way out"), live));
        let sent = self.check();
        assert_eq!(sent.len(), OUTCOMES.len() * (keys.len() + 1));
        assert_eq!(self.far.connections(), 0);
        assert_eq!(self.world.dns.questions(), asked);
        sent
    }

    /// Waits for every email that there is, and checks it.
    fn check(&self) -> Vec<(Story, &'static Outcome)> {
        let site = &self.world.site;
        let all = site.cli(&["email", "list", "--limit", "1000"]);
        let mut sent = Vec::new();
        for email in all.as_array().expect("a list") {
            let subject = email["subject"].as_str().expect("a subject");
            let of = |outcome: &&Outcome| subject.ends_with(&format!(": {}", outcome.local));
            let outcome = OUTCOMES.iter().find(of).expect("one of ours");
            let id = email["id"].as_i64().expect("an id");
            let story = wait::until(&format!("{subject}, {}", outcome.state), || {
                let story = Story::of(site, id);
                (story.delivery()["state"] == outcome.state).then_some(story)
            });
            outcome.assert(&story, subject);
            sent.push((story, outcome));
        }
        assert_eq!(site.cli(&["suppression", "list"]), json!([]));
        assert_eq!(site.cli(&["message", "list"]), json!([]));
        sent
    }
}

#[test]
#[ignore = "real servers: make test"]
fn one_beside_others_touches_only_itself() {
    let Scene { world, far, .. } = Scene::new();
    world.lead("far.test", "127.0.0.2");
    let token = world.key("acme.test", "live");
    let all = "kim@far.test, bounce+5.2.1@simulator.test";
    let message =
        json!({"from": "hello@acme.test", "to": all, "subject": "Hello", "textbody": "Hi"});
    let id = world.server.accepted(&token, &message).to_string();
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
