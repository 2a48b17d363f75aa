//! An organization's settings and usage on the command line.

use posthouse_tests::site::Site;
use serde_json::json;

use super::cli::look;

#[test]
fn settings_and_usage_are_shown_as_they_are_set() {
    let site = Site::new();
    {
        let server = site.serve();
        server.accepted(&server.first("server_token"), &super::hello());
    }
    let mut set = vec!["org", "set", "--metering", "on", "--payment", "present"];
    set.extend(["--spend-cap", "5000", "--enum-style", "integer"]);
    set.extend(["--signature-format", "timestamped"]);
    set.extend(["--capture-private", "on"]);
    let set = site.cli(&set);
    let shown = look(&site, &["org", "show"]);
    for (key, value) in [
        ("metering", json!("on")),
        ("payment", json!("present")),
        ("spend_cap_cents", json!(5000)),
        ("enum_style", json!("integer")),
        ("signature_format", json!("timestamped")),
        ("capture_private", json!("on")),
    ] {
        assert_eq!((&shown[key], &set[key]), (&value, &value), "{key}: {shown}");
    }
    let usage = look(&site, &["org", "usage"]);
    assert_eq!(usage, shown["usage"]);
    // What is kept here is not counted.
    assert_eq!(
        (&usage["sent"], &usage["free"], &usage["spend_cap_cents"]),
        (&json!(0), &json!(3000), &json!(5000))
    );
    let words = site.say(&["org", "usage"]);
    assert!(
        words.contains("50.00") && words.contains("refused"),
        "{words}"
    );
    let lifted = site.cli(&["org", "set", "--spend-cap", "none", "--metering", "off"]);
    assert!(lifted["spend_cap_cents"].is_null(), "{lifted}");
    for wrong in [
        vec!["org", "set", "--spend-cap", "-1"],
        vec!["org", "set", "--metering", "some"],
        vec!["org", "set", "--capture-private", "yes"],
        vec!["org", "set"],
    ] {
        assert_eq!(site.run(&wrong).code, 2, "{wrong:?}");
    }
}
