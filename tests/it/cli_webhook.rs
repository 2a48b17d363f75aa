//! Webhooks on the command line: changed, and told again.

use posthouse_tests::site::Site;
use posthouse_tests::wait;
use serde_json::json;

use super::cli::{id, look};

#[test]
fn a_secret_is_shown_once_and_can_be_another() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let url = "https://hooks.invalid/in";
    let hook = site.cli(&["webhook", "add", "--url", url, "--form", "mailstack"]);
    let secret = hook["secret"].as_str().expect("a secret");
    let hint = hook["secret_hint"].as_str().expect("its end");
    assert!(secret.ends_with(hint) && secret.len() > 30, "{hook}");
    let listed = look(&site, &["webhook", "list"]);
    assert!(!listed.to_string().contains(secret), "{listed}");
    assert_eq!(listed[0]["secret_hint"], hint, "{listed}");
    let another = site.cli(&["webhook", "rotate-secret", &id(&hook)]);
    let another = another["secret"].as_str().expect("a secret");
    assert_ne!(another, secret);
    let words = site.say(&["webhook", "rotate-secret", &id(&hook)]);
    assert!(words.contains("not shown again"), "{words}");
}

#[test]
fn one_delivery_is_told_once_more() {
    let site = Site::new();
    let server = site.serve();
    let url = "https://hooks.invalid/in";
    // One event only: the first call that fails switches a webhook of this form off.
    let hook = site.cli(&["webhook", "add", "--url", url, "--events", "delivered"]);
    assert!(hook["secret_hint"].is_null() && hook["secret"].is_null());
    let hook = id(&hook);
    server.accepted(&server.first("server_token"), &super::hello());
    let told = || {
        let told = site.cli(&["webhook", "deliveries", &hook]);
        told.as_array().expect("a list").clone()
    };
    let before = wait::until("the delivery", || {
        Some(told()).filter(|all| !all.is_empty())
    });
    assert_eq!((before.len(), &before[0]["kind"]), (1, &json!("delivered")));
    let first = id(&before[0]);
    let again = ["webhook", "replay", &hook, "--delivery", &first];
    let again = site.cli(&again);
    let now = told();
    assert_eq!(
        (now.len(), &now[0]["id"], &now[0]["kind"]),
        (2, &again["repeated_as"], &json!("delivered"))
    );
    look(&site, &["webhook", "deliveries", &hook]);

    let set = site.cli(&["webhook", "set", &hook, "--events", "bounced"]);
    assert_eq!(set["events"], json!(["bounced"]));
    for (arguments, code, error) in [
        (vec!["set", hook.as_str()], 2, "nothing to change"),
        (vec!["set", &hook, "--url", "http://x.test"], 1, "https"),
        (vec!["rotate-secret", &hook], 1, "no secret"),
        (vec!["replay", &hook], 2, "--delivery"),
        (vec!["replay", &hook, "--delivery", "999"], 4, "no such"),
        (
            vec!["replay", "7", "--delivery", &first],
            4,
            "no such webhook",
        ),
    ] {
        let mut all = vec!["webhook"];
        all.extend(&arguments);
        let ran = site.run(&all);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(error), "{arguments:?}: {ran:?}");
    }
}
