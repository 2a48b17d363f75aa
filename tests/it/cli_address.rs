//! Addresses that keep mail, on the command line.

use posthouse_tests::site::Site;
use serde_json::json;

use super::cli::look;

#[test]
fn an_address_is_asked_for_routed_and_let_go() {
    let site = Site::new();
    drop(site.serve().process.stop());
    assert_eq!(
        site.say(&["address", "list"]),
        "No address was asked for. posthouse address reserve ADDRESS does.\n"
    );
    let both = look(
        &site,
        &[
            "address",
            "reserve",
            "Help@example.test",
            "kim@example.test",
        ],
    );
    assert_eq!(both[0]["address"], "help@example.test");
    assert_eq!(both[0]["forward"], json!(null));
    assert_eq!(both.as_array().map(Vec::len), Some(2));

    let set = [
        "address",
        "set",
        "help@example.test",
        "--forward",
        "kim@example.test",
        "--info",
        "for customers",
        "--socket",
        "on",
    ];
    look(&site, &set);
    let shown = site.cli(&["address", "show", "help@example.test"]);
    assert_eq!(shown["forward"], "kim@example.test");
    assert_eq!(shown["info"], "for customers");
    assert_eq!(shown["socket"], "on");
    assert_eq!(shown["implicit"], false);
    let off = ["address", "set", "help@example.test", "--no-forward"];
    assert_eq!(site.cli(&off)["forward"], json!(null));

    assert_eq!(
        site.say(&["address", "release", "kim@example.test"]),
        "kim@example.test is let go; its mail is kept.\n"
    );
    let left = site.cli(&["address", "list"]);
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    assert_eq!(left[0]["address"], "help@example.test");
}

#[test]
fn what_cannot_be_is_refused() {
    let site = Site::new();
    drop(site.serve().process.stop());
    for (words, code, says) in [
        (
            vec!["reserve", "kim@elsewhere.example"],
            1,
            "posthouse domain list",
        ),
        (vec!["reserve", "nobody"], 1, "address is malformed"),
        (vec!["reserve"], 2, "ADDRESSES"),
        (vec!["set", "kim@example.test"], 2, "--forward"),
        (
            vec!["set", "kim@example.test", "--forward", "nobody"],
            1,
            "to is malformed",
        ),
        (
            vec!["release", "kim@example.test"],
            1,
            "posthouse address list",
        ),
        (vec!["show", "kim@"], 1, "address is malformed"),
    ] {
        let mut all = vec!["address"];
        all.extend(&words);
        let ran = site.run(&all);
        assert_eq!(ran.code, code, "{words:?}: {ran:?}");
        assert!(ran.err.contains(says), "{words:?}: {}", ran.err);
    }
    assert_eq!(site.cli(&["address", "list"]), json!([]));
}
