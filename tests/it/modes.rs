//! What a key may cause. The wire says the same in every mode.

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::http::Reply;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const MODES: [&str; 4] = ["capture", "hold", "allow-list", "live"];

fn world() -> (World, FarEnd) {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    (world, far)
}

fn to(address: &str) -> Value {
    json!({"from": "hello@acme.test", "to": address, "subject": "Hello", "textbody": "Hi"})
}

/// The answer without what is different in every answer.
fn without_id(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let number = |text: &str| text.replace(|one: char| one.is_ascii_digit(), "");
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| name != "date" && name != "content-length");
    let headers = headers
        .filter(|(name, _)| !name.contains("request-id"))
        .cloned()
        .collect();
    (reply.status, headers, number(&reply.body))
}

#[test]
#[ignore = "real servers: make test"]
fn the_answers_are_the_same_bytes() {
    let (world, far) = world();
    let tokens = MODES.map(|mode| world.key("acme.test", mode));
    let requests = [
        to("kim@far.test"),
        to("kim"),
        to(""),
        json!({"from": "x@other.test", "to": "kim@far.test", "textbody": "Hi"}),
        json!({"from": "hello@acme.test", "to": "kim@far.test"}),
    ];
    for request in requests {
        let answers = tokens
            .each_ref()
            .map(|token| without_id(&world.server.send(token, &request)));
        for answer in &answers {
            assert_eq!(*answer, answers[0], "{request}");
        }
    }
    far.message_for("kim@far.test");
}

#[test]
#[ignore = "real servers: make test"]
fn each_mode_lets_out_what_it_may() {
    let (world, far) = world();
    let tokens = MODES.map(|mode| world.key("acme.test", mode));
    let keys = world.site.cli(&["key", "list", "--domain", "acme.test"]);
    let of = |mode: &str| {
        let mut found = keys
            .as_array()
            .expect("a list")
            .iter()
            .filter(|key| key["mode"] == mode);
        found.next().expect("a key")["id"].to_string()
    };
    world.site.cli(&[
        "key",
        "allow",
        &of("allow-list"),
        "listed@far.test",
        "open.far.test",
    ]);
    world.lead("open.far.test", "127.0.0.2");
    let [capture, hold, allow_list, live] = tokens;
    let send = |token: &str, address: &str| world.server.accepted(token, &to(address));

    let captured = send(&capture, "captured@far.test");
    let held = send(&hold, "held@far.test");
    let burned = send(&hold, "burned@far.test");
    let unlisted = send(&allow_list, "unlisted@far.test");
    send(&allow_list, "listed@far.test");
    send(&allow_list, "anybody@open.far.test");
    send(&live, "live@far.test");
    for address in ["listed@far.test", "anybody@open.far.test", "live@far.test"] {
        far.message_for(address);
    }
    world.email_in_state(captured, "delivered");
    world.email_in_state(unlisted, "delivered");
    world.email_in_state(held, "held");
    world.email_in_state(burned, "held");
    let seen = |address: &str| far.arrived_for(address).len();
    assert_eq!(
        ["captured", "held", "burned", "unlisted"].map(|one| seen(&format!("{one}@far.test"))),
        [0; 4]
    );
    // What was captured is in a mailbox here.
    for address in ["captured@far.test", "unlisted@far.test"] {
        let kept = world.site.cli(&["message", "list", "--address", address]);
        assert_eq!(kept.as_array().map(Vec::len), Some(1), "{kept}");
    }

    world.site.cli(&["email", "burn", &burned.to_string()]);
    world.email_in_state(burned, "burned");
    world.site.cli(&["email", "release", &held.to_string()]);
    let released = far.message_for("held@far.test");
    assert!(released.text().contains("DKIM-Signature"));
    world.email_in_state(held, "delivered");
    let again = world.site.run(&["email", "release", &burned.to_string()]);
    assert_eq!(again.code, 1, "{again:?}");
    assert_eq!(seen("burned@far.test"), 0);
}

#[test]
#[ignore = "real servers: make test"]
fn live_without_a_way_out_waits_and_says_so() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let token = world.key("acme.test", "live");
    world.site.cli(&["org", "set", "--direct", "off"]);
    let id = world
        .server
        .accepted(&token, &to("kim@far.test"))
        .to_string();
    let why = posthouse_tests::wait::until("a reason", || {
        let why = world.site.say(&["email", "why", &id]);
        why.contains("relay").then_some(why)
    });
    assert!(why.contains("direct"), "{why}");
    world.email_in_state(id.parse().expect("a number"), "deferred");
}
