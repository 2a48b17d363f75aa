//! By Mailstack, with its webhooks.

use std::collections::BTreeSet;

use posthouse::model::key::Mode;
use posthouse_tests::hooks::{Hooks, Over};
use posthouse_tests::site::Serving;
use serde_json::{Value, json};

use super::{OUTCOMES, Outcome, Scene};

/// The contract's words for an event: in webhooks, and of the email that it leaves.
fn words(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "delivered" => Some(("email.delivered", "Delivered")),
        "bounced" => Some(("email.bounced", "Bounced")),
        "deferred" => Some(("email.delivery_delayed", "Queued")),
        "complained" => Some(("email.complained", "Complained")),
        _ => None,
    }
}

/// Has every event told to a receiver that knows the secret.
fn listen(server: &Serving, key: &str) -> Hooks {
    let hooks = Hooks::start(&Over::Plain);
    let url = format!("{}/200", hooks.url);
    let new = json!({"url": url, "eventTypes": "*", "enabled": true});
    let made = server.bearer(key, "POST", "/v1/webhooks", &new);
    assert_eq!(made.status, 200, "{}", made.body);
    hooks.expect_key(made.json()["signingSecret"].as_str().expect("a secret"));
    hooks
}

/// What a call that has to be signed tells: the event, the email, its status and its trouble.
fn told(call: &Value) -> (String, String, String, String) {
    assert_eq!(call["signed"], true, "{call}");
    let body = call["body"].as_str().expect("text");
    let body: Value = serde_json::from_str(body).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let data = &body["data"];
    (
        text(&body["type"]),
        text(&data["id"]),
        text(&data["status"]),
        text(&data["errorMessage"]),
    )
}

#[test]
#[ignore = "real servers: make test"]
fn through_mailstack_in_every_mode() {
    let scene = Scene::new();
    let reader = scene.world.api_key("mailstack", "capture");
    let hooks = listen(&scene.world.server, &reader);
    let message = |to: &str, subject: &str| json!({"from": "hello@acme.test", "to": to, "subject": subject, "text": "Hi"});
    let make = |mode| match mode {
        Mode::Capture => reader.clone(),
        mode => scene.world.api_key("mailstack", mode.as_str()),
    };
    let sent = scene.play(make, |sender| {
        let post = |message: &Value| {
            sender
                .server
                .bearer(sender.token, "POST", "/v1/emails", message)
        };
        for outcome in &OUTCOMES {
            let reply = post(&message(&outcome.address(), &sender.subject(outcome)));
            assert_eq!(reply.status, 202, "{}", reply.body);
        }
        let refused = post(&message("suppressed@simulator.test", "Never sent"));
        assert_eq!(refused.status, 400, "{}", refused.body);
        assert_eq!(refused.json()["error"], "Recipient is suppressed.");
    });
    let listed = scene.world.site.cli(&["email", "list", "--limit", "1000"]);
    let uuid_of = |id: i64| {
        let all = listed.as_array().expect("a list");
        let email = all.iter().find(|email| email["id"] == id).expect("listed");
        email["uuid"].as_str().expect("a UUID").to_owned()
    };
    let mut expected = BTreeSet::new();
    for (story, outcome) in &sent {
        let uuid = uuid_of(story.email());
        let path = format!("/v1/emails/{uuid}");
        let shown = scene
            .world
            .server
            .bearer(&reader, "GET", &path, &Value::Null);
        let (_, status) = words(outcome.state).expect("a word");
        assert_eq!(shown.json()["status"], status, "{}", shown.body);
        expected.extend(calls(outcome, &uuid));
    }
    let calls = hooks.wait_for(expected.len());
    assert_eq!(calls.len(), expected.len());
    assert_eq!(calls.iter().map(told).collect::<BTreeSet<_>>(), expected);
}

/// The calls that tell of an outcome.
fn calls(outcome: &Outcome, uuid: &str) -> Vec<(String, String, String, String)> {
    let told = |kind: &&str| {
        let (event, status) = words(kind)?;
        let of_kind = |(came_to, _): &&(&str, &str)| match *kind {
            "bounced" => *came_to == "refused",
            "deferred" => *came_to == "deferred",
            _ => false,
        };
        let trouble = outcome
            .tries
            .iter()
            .find(of_kind)
            .map_or("", |(_, said)| said);
        Some([event, uuid, status, trouble].map(str::to_owned).into())
    };
    outcome.events.iter().filter_map(told).collect()
}

#[test]
#[ignore = "real servers: make test"]
fn a_suppressed_one_beside_others_is_left_out() {
    let scene = Scene::new();
    let key = scene.world.api_key("mailstack", "live");
    let hooks = listen(&scene.world.server, &key);
    let to = "delivered@simulator.test, suppressed@simulator.test";
    let message = json!({"from": "hello@acme.test", "to": to, "subject": "Hello", "text": "Hi"});
    let reply = scene
        .world
        .server
        .bearer(&key, "POST", "/v1/emails", &message);
    assert_eq!(reply.status, 202, "{}", reply.body);
    let events: BTreeSet<String> = hooks.wait_for(2).iter().map(|call| told(call).0).collect();
    let expected = ["email.delivered", "email.rejected"].map(str::to_owned);
    assert_eq!(events, expected.into());
    assert_eq!(scene.world.site.cli(&["suppression", "list"]), json!([]));
}
