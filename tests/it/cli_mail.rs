//! Emails and bounces on the command line, as the APIs leave them.

use posthouse_tests::site::Site;
use posthouse_tests::wait;
use serde_json::{Value, json};

use super::cli::{id, look};

#[test]
fn what_waits_for_its_time_is_listed_and_taken_back() {
    let site = Site::new();
    let server = site.serve();
    let key = server.first_key("mailstack");
    let send = |send_at: &Value| {
        let message = json!({"from": "me@example.test", "to": ["kim@customer.example"],
            "subject": "Later", "text": "Hi", "sendAt": send_at});
        let reply = server.post(&key, "/v1/emails", &message);
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.json()["id"].as_str().expect("an id").to_owned()
    };
    send(&Value::Null);
    let in_an_hour = posthouse::clock::Clock::now(&posthouse::clock::SystemClock)
        .plus(std::time::Duration::from_secs(3600))
        .rfc3339_seconds();
    let uuid = send(&json!(in_an_hour));
    let waiting = look(&site, &["email", "list", "--scheduled"]);
    assert_eq!(waiting.as_array().map(Vec::len), Some(1), "{waiting}");
    assert_eq!(
        (&waiting[0]["uuid"], &waiting[0]["fate"]),
        (&json!(uuid), &json!("scheduled"))
    );
    let shown = look(&site, &["email", "show", &uuid]);
    let sent_at = shown["send_at"].as_str().expect("a moment");
    assert!(
        sent_at.starts_with(in_an_hour.trim_end_matches('Z')),
        "{shown}"
    );
    let number = id(&waiting[0]);
    let canceled = site.cli(&["email", "cancel", &number]);
    assert_eq!(canceled["canceled"], true);
    let again = site.run(&["email", "cancel", &uuid]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.err.contains("does not wait"), "{again:?}");
    let message_id = shown["message_id"].as_str().expect("a Message-ID");
    let shown = site.cli(&["email", "show", message_id]);
    assert_eq!(shown["fate"], "canceled", "{shown}");
    let none = site.say(&["email", "list", "--scheduled"]);
    assert_eq!(none, "No email waits for its time.\n");
    assert_eq!(site.run(&["email", "cancel", "nonsense"]).code, 2);
}

#[test]
fn bounces_and_metadata_are_shown() {
    let site = Site::new();
    let server = site.serve();
    let key = server.first_key("mailpass");
    let report = json!({"email": "gone@customer.example", "bounce_type": "hard"});
    let reply = server.post(&key, "/api/v1/bounces", &report);
    assert!(reply.status < 300, "{reply:?}");
    let bounces = look(&site, &["bounce", "list"]);
    assert_eq!(
        (
            &bounces[0]["address"],
            &bounces[0]["kind"],
            &bounces[0]["source"]
        ),
        (
            &json!("gone@customer.example"),
            &json!("hard"),
            &json!("api")
        )
    );
    let skipped = site.cli(&["bounce", "list", "--skip", "1"]);
    assert_eq!(skipped, json!([]));
    let listed = site.cli(&["suppression", "list"]);
    assert_eq!(listed[0]["reason"], "bounce", "{listed}");

    let message = json!({"from_email": "me@example.test", "to": "kim@customer.example",
        "subject": "Order", "text": "Hi", "metadata": {"order": "9"}, "tags": ["shop"]});
    let reply = server.post(&key, "/api/v1/mail/send", &message);
    assert!(reply.status < 300, "{reply:?}");
    let shown = wait::until("the mail to be sent", || {
        let shown = look(&site, &["email", "show", "1"]);
        Some(shown).filter(|shown| shown["fate"] == "sent")
    });
    assert_eq!(
        (&shown["metadata"], &shown["tags"], &shown["trouble"]),
        (&json!({"order": "9"}), &json!(["shop"]), &Value::Null)
    );
    assert!(shown["sent_at"].is_string(), "{shown}");
}
