//! What does not go through at once: retries, bounces, fallbacks, and slow destinations.

use posthouse_tests::far_end::{FarEnd, Manner, StartTls};
use posthouse_tests::world::World;
use posthouse_tests::{dns, wait};
use serde_json::{Value, json};

fn world(more: &str) -> (World, String) {
    let world = World::start(more);
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let token = world.key("acme.test", "live");
    (world, token)
}

fn to(address: &str) -> Value {
    json!({"from": "hello@acme.test", "to": address, "subject": "Hello", "textbody": "Hi"})
}

fn why(world: &World, id: i64) -> String {
    world.site.say(&["email", "why", &id.to_string()])
}

#[test]
#[ignore = "real servers: make test"]
fn not_now_is_tried_again_until_it_is_taken() {
    let (world, token) = world("");
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let id = world.server.accepted(&token, &to("busy-2-kim@far.test"));
    world.email_in_state(id, "delivered");
    assert_eq!(far.arrived_for("busy-2-kim@far.test").len(), 1);
    let why = why(&world, id);
    assert!(
        why.contains("451 4.3.0 try again later") && why.contains("250"),
        "{why}"
    );
}

#[test]
#[ignore = "real servers: make test"]
fn never_bounces_at_once_and_suppresses_the_address() {
    let (world, token) = world("");
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let id = world.server.accepted(&token, &to("refused-kim@far.test"));
    world.email_in_state(id, "bounced");
    let told = why(&world, id);
    assert!(told.contains("550 5.1.1 no such person here"), "{told}");
    let blocked = r#"{"errors":{"to":["contains a blocked address"]}}"#;
    world
        .server
        .send(&token, &to("refused-kim@far.test"))
        .assert(400, blocked);
    let listed = world.site.cli(&["suppression", "list"]);
    assert_eq!(listed[0]["address"], "refused-kim@far.test", "{listed}");
    world.site.cli(&[
        "suppression",
        "remove",
        "refused-kim@far.test",
        "--domain",
        "acme.test",
    ]);
    assert_eq!(
        world
            .server
            .send(&token, &to("refused-kim@far.test"))
            .status,
        200
    );
    assert!(far.arrived().is_empty());
}

#[test]
#[ignore = "real servers: make test"]
fn one_recipient_refused_does_not_hold_up_the_others() {
    let (world, token) = world("");
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let message = to("refused-a@far.test, kim@far.test, busy-1-b@far.test");
    let id = world.server.accepted(&token, &message);
    far.message_for("kim@far.test");
    far.message_for("busy-1-b@far.test");
    let states = wait::until("all settled", || {
        let shown = world.site.cli(&["email", "show", &id.to_string()]);
        let deliveries = shown["deliveries"].as_array().expect("a list").clone();
        let mut states: Vec<String> = deliveries
            .iter()
            .map(|one| format!("{} {}", one["address"], one["state"]).replace('"', ""))
            .collect();
        states.sort();
        states
            .iter()
            .all(|one| one.ends_with("delivered") || one.ends_with("bounced"))
            .then_some(states)
    });
    assert_eq!(
        states,
        [
            "busy-1-b@far.test delivered",
            "kim@far.test delivered",
            "refused-a@far.test bounced",
        ]
    );
}

#[test]
#[ignore = "real servers: make test"]
fn tls_that_does_not_work_is_left_out_on_direct_delivery() {
    let (world, token) = world("");
    for (host, domain, starttls) in [
        ("127.0.0.3", "refused.far.test", StartTls::Refused),
        ("127.0.0.4", "broken.far.test", StartTls::Broken),
    ] {
        let manner = Manner {
            starttls,
            ..Manner::plain(host, world.port)
        };
        let far = world.far_end(domain, &manner);
        let address = format!("kim@{domain}");
        let id = world.server.accepted(&token, &to(&address));
        assert!(!far.message_for(&address).tls);
        world.email_in_state(id, "delivered");
        let told = why(&world, id);
        assert!(told.contains("TLS"), "{told}");
    }
    world
        .site
        .cli(&["domain", "set", "acme.test", "--tls", "required"]);
    let id = world.server.accepted(&token, &to("lee@broken.far.test"));
    world.email_in_state(id, "deferred");
}

#[test]
#[ignore = "real servers: make test"]
fn a_silent_destination_holds_up_nobody() {
    let (world, token) = world("");
    let silent = Manner {
        silent: true,
        ..Manner::plain("127.0.0.5", world.port)
    };
    let _silent = world.far_end("silent.test", &silent);
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    for number in 0..40 {
        world
            .server
            .accepted(&token, &to(&format!("kim{number}@silent.test")));
    }
    for number in 0..10 {
        world
            .server
            .accepted(&token, &to(&format!("kim{number}@far.test")));
    }
    for number in 0..10 {
        far.message_for(&format!("kim{number}@far.test"));
    }
}

#[test]
#[ignore = "real servers: make test"]
fn connections_are_used_again() {
    let (world, token) = world("");
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    for number in 0..20 {
        world
            .server
            .accepted(&token, &to(&format!("kim{number}@far.test")));
    }
    let arrived = wait::until("twenty", || {
        Some(far.arrived()).filter(|all| all.len() == 20)
    });
    let mut connections: Vec<u64> = arrived.iter().map(|one| one.peer).collect();
    connections.sort_unstable();
    connections.dedup();
    assert!(
        connections.len() <= 10,
        "{} connections for 20 messages",
        connections.len()
    );
}

#[test]
#[ignore = "real servers: make test"]
fn what_the_dns_says_decides() {
    let (world, token) = world("");
    world.dns.add("null.test. MX 0 .\nlast.test. A 127.0.0.2\nsome.test. MX 5 dead.some.test.\nsome.test. MX 10 mx.some.test.\ndead.some.test. A 127.0.0.6\nmx.some.test. A 127.0.0.2");
    let far = FarEnd::start(&Manner::plain("127.0.0.2", world.port));
    let send = |address: &str| world.server.accepted(&token, &to(address));
    let (null, gone) = (send("kim@null.test"), send("kim@gone.test"));
    let unsure = send(&format!("kim@acme.{}", dns::BROKEN_ZONE));
    let (address_only, second) = (send("kim@last.test"), send("kim@some.test"));
    world.email_in_state(null, "bounced");
    world.email_in_state(gone, "bounced");
    world.email_in_state(unsure, "deferred");
    world.email_in_state(address_only, "delivered");
    world.email_in_state(second, "delivered");
    far.message_for("kim@last.test");
    far.message_for("kim@some.test");
    for (id, word) in [
        (null, "null MX"),
        (gone, "does not exist"),
        (unsure, "Server Failure"),
    ] {
        let told = why(&world, id);
        assert!(
            told.to_lowercase().contains(&word.to_lowercase()),
            "no {word:?} in {told}"
        );
    }
}

#[test]
#[ignore = "real servers: make test"]
fn given_up_in_the_end() {
    let (world, token) = world("give_up_after = \"3s\"");
    let _far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let id = world.server.accepted(&token, &to("busy-1000-kim@far.test"));
    world.email_in_state(id, "bounced");
    let told = why(&world, id);
    assert!(told.contains("451"), "{told}");
}
