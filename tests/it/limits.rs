//! What providers take in an hour, held across crashes.

use posthouse::clock::{Clock as _, SystemClock};
use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::place;
use posthouse_tests::postfix::Postfix;
use posthouse_tests::story::{Story, millis};
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;
/// Longer than any test here, and shorter than a test waits for anything.
const ROOM_MS: i64 = 35_000;

/// A world with a key that sends, at a time when the hour goes on for a while.
fn world() -> (World, String) {
    wait::until("an hour that goes on", || {
        let now = SystemClock.now();
        let left_ms = now.floor(HOUR_MS).0 + HOUR_MS - now.0;
        (left_ms > ROOM_MS).then_some(())
    });
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let token = world.key("acme.test", "live");
    (world, token)
}

fn friendly() -> FarEnd {
    FarEnd::start(&Manner::plain("127.0.0.1", 0))
}

/// Adds a relay that takes so many in an hour.
fn add(world: &World, name: &str, (host, port): (&str, u16), hourly: Option<u32>) {
    let port = port.to_string();
    let mut arguments = vec!["relay", "add", name, "--host", host, "--port", &port];
    arguments.extend(["--security", "plain"]);
    let hourly = hourly.map(|limit| limit.to_string());
    if let Some(limit) = &hourly {
        arguments.extend(["--hourly", limit]);
    }
    world.site.cli(&arguments);
}

fn send(world: &World, token: &str, address: &str) -> i64 {
    let message =
        json!({"from": "hello@acme.test", "to": address, "subject": "Hello", "textbody": "Hi"});
    world.server.accepted(token, &message)
}

/// What each relay took in this hour, by its name.
fn used(world: &World) -> Vec<(String, u64)> {
    let relays = world.site.cli(&["relay", "list"]);
    let used = |relay: &Value| {
        let name = relay["name"].as_str().expect("a name").to_owned();
        (name, relay["this_hour"].as_u64().expect("a number"))
    };
    relays
        .as_array()
        .expect("a list")
        .iter()
        .map(used)
        .collect()
}

fn crash(world: &mut World) {
    world.server.process.kill();
    world.server = world.site.serve();
}

#[test]
#[ignore = "real servers: make test"]
fn a_limit_holds_across_a_crash() {
    let (mut world, token) = world();
    let [first, second] = [friendly(), friendly()];
    add(&world, "first", ("localhost", first.port), Some(3));
    add(&world, "second", ("localhost", second.port), None);
    let ids: Vec<i64> = (0..10)
        .map(|number| send(&world, &token, &format!("kim{number}@far.test")))
        .collect();
    for id in ids {
        world.email_in_state(id, "delivered");
    }
    assert_eq!((first.arrived().len(), second.arrived().len()), (3, 7));
    assert_eq!(used(&world)[0], ("first".to_owned(), 3));

    crash(&mut world);
    let id = send(&world, &token, "lee@far.test");
    world.email_in_state(id, "delivered");
    assert_eq!((first.arrived().len(), second.arrived().len()), (3, 8));
    let story = Story::of(&world.site, id);
    assert_eq!(story.relays("delivered"), ["second"]);
    assert_eq!(story.tries().len(), 1);
}

#[test]
#[ignore = "real servers: make test"]
fn when_all_are_at_their_limits_mail_waits_and_says_until_when() {
    let (world, token) = world();
    let [first, second] = [friendly(), friendly()];
    add(&world, "first", ("localhost", first.port), Some(1));
    add(&world, "second", ("localhost", second.port), Some(2));
    for number in 0..3 {
        let id = send(&world, &token, &format!("kim{number}@far.test"));
        world.email_in_state(id, "delivered");
    }
    let id = send(&world, &token, "late@far.test");
    world.email_in_state(id, "deferred");
    let story = Story::of(&world.site, id);
    let next_ms = millis(&story.delivery()["next_at"]);
    assert_eq!(next_ms, SystemClock.now().floor(HOUR_MS).0 + HOUR_MS);
    let until = posthouse::clock::Timestamp(next_ms).rfc3339_seconds();
    let words = format!("every relay is at its limit until {until}");
    assert_eq!(story.delivery()["last_answer"], words.as_str());
    assert_eq!(story.details("deferred"), [words.as_str()]);
    assert_eq!(story.tries().len(), 0);
    let told = story.whole();
    assert!(
        told["standing"]
            .as_str()
            .is_some_and(|told| told.contains(&words)),
        "{told}"
    );
    let step = told["next_step"].as_str().unwrap_or_default();
    assert!(step.contains("`posthouse relay set`"), "{told}");
    let expected = [("first".to_owned(), 1), ("second".to_owned(), 2)];
    assert_eq!(used(&world), expected);

    world
        .site
        .cli(&["relay", "set", "first", "--hourly", "off"]);
    world.email_in_state(id, "delivered");
    assert_eq!(first.arrived_for("late@far.test").len(), 1);
}

#[test]
#[ignore = "real servers: make test"]
fn what_a_crash_cut_off_before_it_was_sent_takes_no_room() {
    let (mut world, token) = world();
    let silent = FarEnd::start(&Manner {
        silent: true,
        ..Manner::plain("127.0.0.1", 0)
    });
    add(&world, "silent", ("localhost", silent.port), Some(1));
    let id = send(&world, &token, "kim@far.test");
    let calls = |count| {
        wait::until("a call", || (silent.connections() == count).then_some(()));
    };
    calls(1);
    assert_eq!(used(&world), [("silent".to_owned(), 1)]);
    crash(&mut world);
    calls(2);
    assert_eq!(used(&world), [("silent".to_owned(), 1)]);
    assert_eq!(Story::of(&world.site, id).tries().len(), 2);
}

#[test]
#[ignore = "real servers: make test"]
fn mail_does_not_wait_for_a_full_relay_when_another_may_take_it_sooner() {
    let (world, token) = world();
    let first = friendly();
    let second = Postfix::start("127.0.0.10", place::free_port("127.0.0.1"));
    add(&world, "first", ("localhost", first.port), None);
    add(&world, "second", ("127.0.0.10", second.port), Some(1));
    let ids: Vec<i64> = (0..6)
        .map(|number| send(&world, &token, &format!("busy-1-{number}@far.test")))
        .collect();
    let mut taken_by = Vec::new();
    for id in ids {
        world.email_in_state(id, "delivered");
        let story = Story::of(&world.site, id);
        assert_eq!(story.relays("deferred"), ["first"], "{}", story.whole());
        taken_by.extend(story.relays("delivered").into_iter().map(str::to_owned));
    }
    taken_by.sort();
    assert_eq!(
        taken_by,
        ["first", "first", "first", "first", "first", "second"]
    );
    assert_eq!(first.arrived().len(), 5);
}
