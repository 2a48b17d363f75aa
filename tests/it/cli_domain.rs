//! Domains on the command line: with a return path of their own, and removed.

use posthouse_tests::site::Site;
use serde_json::json;

use super::cli::{id, look};

#[test]
fn a_domain_may_have_a_return_path_of_its_own() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let made = ["domain", "add", "acme.test", "--mail-from", "bounces"];
    let made = site.cli(&made);
    assert_eq!(
        (&made["mail_from"], &made["verified"]),
        (&json!("bounces.acme.test"), &json!(false))
    );
    let records = site.say(&["domain", "records", "acme.test"]);
    for part in [
        "; Return path MX, needed to send",
        "bounces.acme.test. ",
        "v=spf1",
    ] {
        assert!(records.contains(part), "no {part} in {records}");
    }
    let shown = site.say(&["domain", "show", "acme.test"]);
    assert!(shown.contains("bounces.acme.test, not found"), "{shown}");
    let refused = ["domain", "create", "b.test", "--mail-from", "a.b"];
    assert_eq!(site.run(&refused).code, 1);

    let key = site.cli(&["key", "create", "--domain", "acme.test"]);
    let asked = site.run(&["domain", "remove", "acme.test"]);
    assert_eq!(asked.code, 2, "nobody to ask: {asked:?}");
    assert!(asked.err.contains("--yes"), "{asked:?}");
    let keys = look(&site, &["key", "list"]);
    assert!(keys.to_string().contains(&format!("\"id\":{}", id(&key))));
    let removed = site.cli(&["domain", "remove", "acme.test", "--yes"]);
    assert_eq!(
        (&removed["removed"], &removed["keys_revoked"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(site.run(&["domain", "show", "acme.test"]).code, 4);
    let keys = site.cli(&["key", "list"]);
    assert!(!keys.to_string().contains(&format!("\"id\":{}", id(&key))));
}
