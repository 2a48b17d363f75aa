//! By MailPass, which answers with what the first try came to.

use posthouse::model::key::Mode;
use serde_json::{Value, json};

use super::{OUTCOMES, Outcome, Scene};

/// What `POST /mail/send` answers.
fn sent_or_failed(outcome: &Outcome) -> (u16, Value) {
    let (first, answer) = outcome.tries[0];
    match first {
        "refused" => (500, json!(["SEND_FAILED", answer])),
        "deferred" => (200, json!("queued")),
        _ => (200, json!("sent")),
    }
}

#[test]
#[ignore = "real servers: make test"]
fn through_mailpass_in_every_mode() {
    let scene = Scene::new();
    let message = |to: &str, subject: &str| json!({"from_email": "hello@acme.test", "to": to, "subject": subject, "text": "Hi"});
    let reader = scene.world.api_key("mailpass", "capture");
    let make = |mode| match mode {
        Mode::Capture => reader.clone(),
        mode => scene.world.api_key("mailpass", mode.as_str()),
    };
    let sent = scene.play(make, |sender| {
        let post = |message| {
            let path = "/api/v1/mail/send";
            sender.server.bearer(sender.token, "POST", path, &message)
        };
        for outcome in &OUTCOMES {
            let reply = post(message(&outcome.address(), &sender.subject(outcome)));
            let body = reply.json();
            let said = match &body["error"] {
                Value::Null => body["data"]["status"].clone(),
                error => json!([error["code"], error["message"]]),
            };
            assert_eq!(
                (reply.status, said),
                sent_or_failed(outcome),
                "{}",
                reply.body
            );
        }
        let refused = post(message("suppressed@simulator.test", "Never sent"));
        let words = "The to field contains an address on the suppression list.";
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json()["error"]["message"], words);
    });
    for (story, outcome) in sent {
        let path = format!("/api/v1/mail/status/{}", story.delivery()["id"]);
        let server = &scene.world.server;
        let reply = server.bearer(&reader, "GET", &path, &Value::Null);
        let told = &reply.json()["data"];
        assert_eq!(told["message"]["status"], outcome.state, "{told}");
        let words = |kind: &&str| match *kind {
            "delivered" => Some("delivered"),
            "bounced" => Some("bounce"),
            "complained" => Some("complaint"),
            _ => None,
        };
        let expected: Vec<&str> = outcome.events.iter().filter_map(words).collect();
        let events = told["events"].as_array().expect("a list");
        let events: Vec<&Value> = events.iter().map(|event| &event["event_type"]).collect();
        assert_eq!(events, expected, "{told}");
    }
}
