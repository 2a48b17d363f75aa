//! Mail that waits for its time.

use posthouse::clock::{Clock as _, SystemClock, Timestamp};
use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::http::Reply;
use posthouse_tests::story::Story;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

/// How long after its time mail may leave.
const LATE_MS: i64 = 1500;

/// A world whose clock is the machine's, and somebody who sends.
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

    fn ask(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.world.server.bearer(&self.key, method, path, body)
    }

    /// Has an email leave at a time; its id.
    fn schedule(&self, to: &str, at: Timestamp) -> String {
        let message = json!({
            "from": "hello@acme.test", "to": to, "subject": "Hello", "text": "Hi",
            "sendAt": at.rfc3339_millis(),
        });
        let reply = self.ask("POST", "/v1/emails", &message);
        assert_eq!(reply.status, 202, "{}", reply.body);
        reply.json()["id"].as_str().expect("an id").to_owned()
    }

    fn status(&self, id: &str) -> String {
        let shown = self.ask("GET", &format!("/v1/emails/{id}"), &Value::Null);
        shown.json()["status"]
            .as_str()
            .expect("a status")
            .to_owned()
    }

    fn cancel(&self, id: &str) -> (u16, String) {
        let reply = self.ask("POST", &format!("/v1/emails/{id}/cancel"), &Value::Null);
        let json = reply.json();
        let said = json["status"].as_str().or(json["error"].as_str());
        (reply.status, said.expect("words").to_owned())
    }

    /// Waits for the one email to `to`, and checks that it came when it was due: not before
    /// `at`, and set off soon after `from`.
    fn assert_on_time(&self, to: &str, at: Timestamp, from: Timestamp) {
        let arrived = self.far.message_for(to);
        assert!(arrived.at_ms >= at.0, "{} before {}", arrived.at_ms, at.0);
        let listed = self.world.site.cli(&["email", "list"]);
        let all = listed.as_array().expect("a list");
        let email = all.iter().find(|email| email["to"] == to).expect("listed");
        let id = email["id"].as_i64().expect("an id");
        self.world.email_in_state(id, "delivered");
        let tries = Story::of(&self.world.site, id).tries();
        assert_eq!(tries.len(), 1);
        let began_ms = tries[0].began_ms();
        assert!(began_ms >= at.0, "{began_ms} before {}", at.0);
        assert!(
            began_ms <= from.0 + LATE_MS,
            "{began_ms} long after {}",
            from.0
        );
        assert_eq!(self.far.arrived_for(to).len(), 1);
    }
}

fn ahead(milliseconds: i64) -> Timestamp {
    Timestamp(SystemClock.now().0 + milliseconds)
}

#[test]
#[ignore = "real servers: make test"]
fn it_leaves_at_its_time_and_not_before() {
    let scene = Scene::new();
    let at = ahead(3000);
    let id = scene.schedule("kim@far.test", at);
    assert_eq!(scene.status(&id), "Scheduled");
    let listed = scene.world.site.cli(&["email", "list", "--scheduled"]);
    assert_eq!(listed[0]["uuid"], id.as_str());
    scene.assert_on_time("kim@far.test", at, at);
    assert_eq!(scene.status(&id), "Delivered");
    assert_eq!(
        scene.world.site.cli(&["email", "list", "--scheduled"]),
        json!([])
    );
}

#[test]
#[ignore = "real servers: make test"]
fn it_waits_across_a_crash_and_catches_up() {
    let mut scene = Scene::new();
    let (soon, later) = (ahead(2500), ahead(4500));
    scene.schedule("soon@far.test", soon);
    scene.schedule("later@far.test", later);
    scene.world.server.process.kill();
    wait::until("its time", || (SystemClock.now() > soon).then_some(()));
    assert_eq!(scene.far.connections(), 0);
    scene.world.server = scene.world.site.serve();
    let started = SystemClock.now();
    scene.assert_on_time("soon@far.test", soon, started);
    scene.assert_on_time("later@far.test", later, later.max(started));
}

#[test]
#[ignore = "real servers: make test"]
fn it_can_be_taken_back_until_it_is_picked_up() {
    let scene = Scene::new();
    let refused = (409, String::from("Message can no longer be canceled."));
    let canceled = (200, String::from("canceled"));
    let (first, second) = (ahead(2000), ahead(3000));
    let id = scene.schedule("never@far.test", first);
    let other = scene.schedule("late-kim@far.test", second);
    assert_eq!(scene.cancel(&id), canceled);
    assert_eq!(scene.cancel(&id), refused);
    assert_eq!(scene.status(&id), "Canceled");

    // Its server has it, and has not answered yet.
    wait::until("the call", || (scene.far.connections() == 1).then_some(()));
    assert_eq!(scene.cancel(&other), refused);
    scene.far.answer_late_ones();
    scene.assert_on_time("late-kim@far.test", second, second);
    assert_eq!(scene.status(&other), "Delivered");
    assert_eq!(scene.cancel(&other), refused);
    assert_eq!(scene.far.connections(), 1);
    assert_eq!(scene.far.arrived_for("never@far.test").len(), 0);
}
