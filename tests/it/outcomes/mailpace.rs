//! By MailPace, with its webhooks.

use std::collections::BTreeSet;

use posthouse_tests::hooks::{Hooks, Over};
use serde_json::{Value, json};

use super::{OUTCOMES, Scene};

/// Has the domain's events told to a receiver that knows its key.
fn listen(scene: &Scene) -> Hooks {
    let hooks = Hooks::start(&Over::Plain);
    let key = scene.domain["webhook_public_key"].as_str();
    hooks.expect_key(key.expect("a key"));
    let url = format!("{}/200", hooks.url);
    let create = ["webhook", "create", "--url", &url];
    let whose = ["--form", "mailpace", "--domain", "acme.test"];
    scene.world.site.cli(&[&create[..], &whose[..]].concat());
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
    let scene = Scene::new();
    let hooks = listen(&scene);
    let message = |to: &str, subject: &str| json!({"from": "hello@acme.test", "to": to, "subject": subject, "textbody": "Hi"});
    let sent = scene.play(
        |mode| scene.world.key("acme.test", mode.as_str()),
        |sender| {
            for outcome in &OUTCOMES {
                let message = message(&outcome.address(), &sender.subject(outcome));
                sender.server.accepted(sender.token, &message);
            }
            let suppressed = message("suppressed@simulator.test", "Never sent");
            let blocked = r#"{"errors":{"to":["contains a blocked address"]}}"#;
            let refused = sender.server.send(sender.token, &suppressed);
            refused.assert(400, blocked);
        },
    );
    // MailPace has no word for a complaint.
    let worded = |kind: &&&str| **kind != "complained";
    let expected: BTreeSet<(i64, String)> = sent
        .iter()
        .flat_map(|(story, outcome)| {
            let words = outcome.events.iter().filter(worded);
            words.map(|kind| (story.email(), format!("email.{kind}")))
        })
        .collect();
    let calls = hooks.wait_for(expected.len());
    assert_eq!(calls.iter().map(told).collect::<BTreeSet<_>>(), expected);
}
