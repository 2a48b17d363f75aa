//! Several providers: what the first does not take now, the next one takes, once.

use std::path::Path;

use posthouse_tests::far_end::{FarEnd, Manner, StartTls, Step};
use posthouse_tests::place;
use posthouse_tests::postfix::Postfix;
use posthouse_tests::story::Story;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

fn world(more: &str) -> (World, String) {
    let world = World::start(more);
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let token = world.key("acme.test", "live");
    (world, token)
}

fn to(address: &str, subject: &str) -> Value {
    json!({"from": "hello@acme.test", "to": address, "subject": subject, "textbody": "Hi"})
}

/// Adds a relay; its id.
fn add(world: &World, name: &str, host: &str, port: u16, more: &[&str]) -> String {
    let port = port.to_string();
    let mut arguments = vec!["relay", "add", name, "--host", host, "--port", &port];
    arguments.extend(more);
    if !more.contains(&"--security") {
        arguments.extend(["--security", "plain"]);
    }
    world.site.cli(&arguments)["id"].to_string()
}

/// Those two, in this order.
fn add_both(world: &World, first: &FarEnd, second: &FarEnd) -> [String; 2] {
    let both = [("first", first), ("second", second)];
    both.map(|(name, far)| add(world, name, "localhost", far.port, &[]))
}

/// The relays of the tries, and what these came to.
fn tries(story: &Story) -> Vec<(String, String)> {
    let tries = story.tries().into_iter();
    tries
        .map(|one| (one.relay().unwrap_or_default(), one.outcome().to_owned()))
        .collect()
}

/// A provider that takes nothing now.
struct Unwilling {
    name: &'static str,
    far: Option<FarEnd>,
    arguments: Vec<String>,
    /// What stands in its answer.
    says: &'static str,
}

impl Unwilling {
    fn refusing(name: &'static str, step: Step, says: &'static str) -> Self {
        let far = FarEnd::start(&Manner::refusing("127.0.0.1", step, says));
        Self::at(name, far, &[], says)
    }

    fn at(name: &'static str, far: FarEnd, arguments: &[&str], says: &'static str) -> Self {
        Self {
            name,
            far: Some(far),
            arguments: arguments.iter().map(|&one| one.to_owned()).collect(),
            says,
        }
    }

    /// Wants TLS, and does it so.
    fn secured(name: &'static str, starttls: StartTls, says: &'static str) -> Self {
        let far = FarEnd::start(&Manner {
            starttls,
            ..Manner::plain("127.0.0.1", 0)
        });
        Self::at(name, far, &["--security", "starttls"], says)
    }

    /// Adds it as a relay; its id.
    fn add(&self, world: &World) -> String {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let port = match &self.far {
            Some(far) => far.port,
            None => place::free_port("127.0.0.1"),
        };
        add(world, self.name, "localhost", port, &arguments)
    }
}

fn unwilling() -> Vec<Unwilling> {
    vec![
        Unwilling::refusing("greeting", Step::Greeting, "421 4.3.2 too busy"),
        Unwilling::refusing("no service", Step::Greeting, "554 5.7.1 you are listed"),
        Unwilling::refusing("mail", Step::Mail, "451 4.7.1 slow down"),
        Unwilling::refusing("rcpt", Step::Rcpt, "450 4.2.1 not now"),
        Unwilling::refusing("data", Step::Data, "452 4.3.1 no room"),
        Unwilling::secured("no TLS", StartTls::Off, "TLS"),
        Unwilling::secured("refused TLS", StartTls::Refused, "454 4.7.0"),
        Unwilling::secured("broken TLS", StartTls::Broken, "TLS"),
        Unwilling::secured("unknown authority", StartTls::On, "TLS"),
        Unwilling {
            name: "nobody",
            far: None,
            arguments: Vec::new(),
            says: "refused",
        },
    ]
}

/// One that wants a password, which the relay has wrong.
fn guarded() -> FarEnd {
    FarEnd::start(&Manner {
        starttls: StartTls::On,
        auth: Some("user:right"),
        ..Manner::plain("127.0.0.1", 0)
    })
}

/// A world that trusts these authorities.
fn trusting(roots: &[&Path]) -> (World, String, NamedTempFile) {
    let bundle = NamedTempFile::new().expect("a file");
    let texts = roots
        .iter()
        .map(|root| std::fs::read_to_string(root).expect("PEM"));
    std::fs::write(bundle.path(), texts.collect::<String>()).expect("written");
    let file = bundle.path().display();
    let (world, token) = world(&format!("[tls]\nextra_roots = \"{file}\""));
    (world, token, bundle)
}

#[test]
#[ignore = "real servers: make test"]
fn what_some_do_not_take_now_the_next_takes_once() {
    let port = place::free_port("127.0.0.1");
    let postfix = Postfix::start("127.0.0.9", port);
    let guarded = guarded();
    let (world, token, _roots) = trusting(&[&postfix.root, &guarded.root]);
    world.lead("far.test", "127.0.0.9");
    let password = world.site.file("password");
    std::fs::write(&password, "wrong\n").expect("written");
    let login = format!(
        "--security starttls --user user --password-file {}",
        password.display()
    );
    let login: Vec<&str> = login.split(' ').collect();
    let mut all = unwilling();
    all.push(Unwilling::at(
        "wrong password",
        guarded,
        &login,
        "535 5.7.8",
    ));
    let mut expected: Vec<(String, String)> = all
        .iter()
        .map(|one| (one.add(&world), "deferred".to_owned()))
        .collect();
    let secured = ["--security", "starttls"];
    let willing = add(&world, "willing", "mx.far.test", port, &secured);
    expected.push((willing, "sent".to_owned()));

    let message = to("kim@far.test", "Hello");
    let id = world.server.accepted(&token, &message);
    world.email_in_state(id, "delivered");
    let story = Story::of(&world.site, id);
    assert_eq!(tries(&story), expected, "{}", story.whole());
    let deferred: Vec<&str> = all.iter().map(|one| one.name).collect();
    assert_eq!(story.relays("deferred"), deferred);
    assert_eq!(story.relays("delivered"), ["willing"]);
    for (one, attempt) in all.iter().zip(story.tries()) {
        let said = attempt.reply();
        assert!(said.contains(one.says), "{}: {said}", one.name);
        let taken = one.far.as_ref().map_or(0, |far| far.arrived().len());
        assert_eq!(taken, 0, "{}", one.name);
    }
    let arrived = wait::until("the mail", || {
        Some(postfix.messages()).filter(|all| !all.is_empty())
    });
    assert_eq!(arrived.len(), 1);
    assert_eq!(world.site.cli(&["suppression", "list"]), json!([]));
}

#[test]
#[ignore = "real servers: make test"]
fn what_the_first_refuses_for_good_is_not_tried_elsewhere() {
    let (world, token) = world("");
    let second = FarEnd::start(&Manner::plain("127.0.0.1", 0));
    add(&world, "second", "localhost", second.port, &[]);
    for (step, reply, suppressed) in [
        (Step::Rcpt, "550 5.1.1 no such person here", true),
        // The recipient was not even named, or did nothing.
        (Step::Mail, "550 5.1.8 your sender is unknown", false),
        (Step::Data, "554 5.7.1 this looks like spam", false),
    ] {
        let first = FarEnd::start(&Manner::refusing("127.0.0.1", step, reply));
        let relay = add(&world, reply, "localhost", first.port, &[]);
        world.site.cli(&["relay", "default", &relay]);
        let id = world.server.accepted(&token, &to("kim@far.test", reply));
        world.email_in_state(id, "bounced");
        let story = Story::of(&world.site, id);
        assert_eq!(tries(&story), [(relay.clone(), "refused".to_owned())]);
        assert_eq!(story.events(), ["queued", "bounced"], "{}", story.whole());
        assert_eq!(story.relays("bounced"), [reply]);
        assert_eq!(story.tries()[0].reply(), reply);
        let listed = world.site.cli(&["suppression", "list"]);
        let listed = listed.as_array().expect("a list");
        assert_eq!(!listed.is_empty(), suppressed, "{reply}: {listed:?}");
        if suppressed {
            let remove = ["suppression", "remove", "kim@far.test"];
            let domain = ["--domain", "acme.test"];
            world.site.cli(&[&remove[..], &domain[..]].concat());
        }
        world.site.cli(&["relay", "remove", &relay]);
    }
    assert_eq!(second.connections(), 0);
}

#[test]
#[ignore = "real servers: make test"]
fn the_first_in_the_order_is_asked_first() {
    let (world, token) = world("");
    let [first, second] = [(); 2].map(|()| FarEnd::start(&Manner::plain("127.0.0.1", 0)));
    let [one, two] = add_both(&world, &first, &second);
    let send = |address: &str| {
        let id = world.server.accepted(&token, &to(address, "Hello"));
        world.email_in_state(id, "delivered");
        Story::of(&world.site, id).tries()[0].relay()
    };
    assert_eq!(send("a@far.test"), Some(one.clone()));
    world.site.cli(&["relay", "order", &two, &one]);
    assert_eq!(send("b@far.test"), Some(two.clone()));
    world.site.cli(&["relay", "order", &one]);
    assert_eq!(send("c@far.test"), Some(one));
    assert_eq!(second.arrived_for("b@far.test").len(), 1);
    assert_eq!((first.arrived().len(), second.arrived().len()), (2, 1));
}

#[test]
#[ignore = "real servers: make test"]
fn when_all_put_it_off_each_is_tried_once_a_round() {
    let (world, token) = world("");
    let [first, second] = [(); 2].map(|()| FarEnd::start(&Manner::plain("127.0.0.1", 0)));
    let [one, two] = add_both(&world, &first, &second);
    let address = "busy-2-kim@far.test";
    let id = world.server.accepted(&token, &to(address, "Hello"));
    world.email_in_state(id, "delivered");
    let story = Story::of(&world.site, id);
    let expected = [&one, &two, &one, &two, &one].map(Clone::clone);
    let tries = story.tries();
    let relays: Vec<_> = tries.iter().filter_map(|one| one.relay()).collect();
    assert_eq!(relays, expected, "{}", story.whole());
    let gap = |of: usize| tries[of + 1].began_ms() - tries[of].ended_ms();
    // The configuration's waits are 1 s and 2 s, give or take a fifth.
    assert!(gap(1) >= 800 && gap(3) >= 1600, "{} {}", gap(1), gap(3));
    // In one round there is none.
    let says_so = |detail: &&str| detail.ends_with("; the next relay is tried");
    let deferred = story.details("deferred");
    let at_once: Vec<bool> = deferred.iter().map(says_so).collect();
    assert_eq!(at_once, [true, false, true, false], "{deferred:?}");
    assert_eq!((first.arrived().len(), second.arrived().len()), (1, 0));
}
