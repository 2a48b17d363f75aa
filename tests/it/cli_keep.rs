//! What mailboxes keep, and the space that is left, on the command line.

use posthouse_tests::site::Site;
use serde_json::json;

use super::cli::look;

#[test]
#[ignore = "runs the binary for long: make test"]
fn what_is_kept_is_shown_as_it_is_set() {
    let site = Site::new();
    let address = "kim@customer.example";
    {
        let server = site.serve();
        server.accepted(&server.first("server_token"), &super::hello());
        let running = site.run(&["compact"]);
        assert_eq!(running.code, 3, "{running:?}");
    }
    let free = json!({"days": null, "messages": null, "bytes": null});
    assert_eq!(look(&site, &["org", "show"])["keep"], free);
    let set = site.cli(&["org", "set", "--keep-days", "30", "--keep-bytes", "1000000"]);
    let all = json!({"days": 30, "messages": null, "bytes": 1_000_000});
    assert_eq!(set["keep"], all);
    let shown = look(&site, &["mailbox", "show", address]);
    assert_eq!((&shown["keep"], &shown["own_keep"]), (&all, &free));
    assert_eq!(shown["messages"], 1);
    let own = site.cli(&["mailbox", "set", address, "--keep-days", "7"]);
    let seven = json!({"days": 7, "messages": null, "bytes": 1_000_000});
    assert_eq!(own["keep"], seven);
    let lifted = site.cli(&["mailbox", "set", address, "--keep-days", "none"]);
    assert_eq!(lifted["keep"], all);
    for (wrong, code) in [
        (vec!["org", "set", "--keep-days", "0"], 2),
        (vec!["mailbox", "set", address], 2),
        (vec!["mailbox", "set", address, "--keep-messages", "-1"], 2),
        (vec!["mailbox", "show", "none@customer.example"], 4),
    ] {
        assert_eq!(site.run(&wrong).code, code, "{wrong:?}");
    }
    let compacted = site.cli(&["compact"]);
    assert!(compacted["after_bytes"].as_u64() > Some(0), "{compacted}");
    look(&site, &["check"]);
}
