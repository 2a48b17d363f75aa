//! Keys on the command line: of every API, with scopes and an end.

use posthouse_tests::site::{Ran, Site};
use serde_json::{Value, json};
use std::process::Command;

use super::cli::look;

#[test]
fn keys_of_each_api_are_made_listed_and_revoked() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let apis = look(&site, &["key", "apis"]);
    let apis = apis.as_array().expect("a list");
    assert_eq!(apis[0]["bound_to_a_domain"], true, "{apis:?}");
    for api in &apis[2..] {
        let name = api["name"].as_str().expect("a name");
        let scope = api["scopes"][0].as_str().expect("a scope");
        let make = ["key", "create", "--api", name, "--name", "app"];
        let more = ["--scope", scope, "--expires", "90d"];
        // Not every API has keys of their own for tests.
        let kept: &[&str] = match name {
            "mailsac" | "mailapi" => &["--mode", "capture"],
            _ => &["--test"],
        };
        let made = site.cli(&[make.as_slice(), &more, kept].concat());
        assert_eq!(
            (&made["api"], &made["permissions"], &made["mode"]),
            (&json!(name), &json!([scope]), &json!("capture")),
            "{made}"
        );
        let token = made["token"].as_str().expect("a token");
        let shown = made["masked"].as_str().expect("a masked token");
        assert!(token.starts_with(shown.trim_end_matches('…')), "{made}");
        assert!(made["expires_at"].is_string(), "{made}");

        // Names are not every API's keys' own.
        let again = site.run(&make);
        assert_eq!(again.code == 1, name != "mailapi", "taken: {again:?}");
        site.cli(&["key", "revoke", &made["id"].to_string()]);
        let find = |list: &Value| {
            let list = list.as_array().expect("a list").iter();
            list.clone().find(|one| one["id"] == made["id"]).cloned()
        };
        assert_eq!(find(&site.cli(&["key", "list"])), None);
        let ever = find(&look(&site, &["key", "list", "--all"])).expect("listed");
        assert_eq!(ever["state"], "revoked", "{ever}");
        assert!(!ever.to_string().contains(token), "{ever}");
    }
    let bound = ["key", "create", "--domain", "example.test"];
    let past = site.run(&[bound.as_slice(), &["--expires", "2020-01-01"]].concat());
    assert_eq!(past.code, 1, "{past:?}");
    for wrong in [
        vec!["key", "create"],
        vec!["key", "create", "--api", "nobody"],
        vec!["key", "create", "--api", "mailpass"],
        vec![
            "key", "create", "--api", "mailpass", "--name", "x", "--scope", "sing",
        ],
        vec![
            "key",
            "create",
            "--api",
            "mailpass",
            "--name",
            "x",
            "--domain",
            "example.test",
        ],
        vec!["key", "create", "--domain", "example.test", "--test"],
        vec![
            "key",
            "create",
            "--domain",
            "example.test",
            "--test",
            "--mode",
            "live",
        ],
    ] {
        let ran = site.run(&wrong);
        assert_eq!(ran.code, 2, "{wrong:?}: {ran:?}");
    }
}

#[test]
fn the_line_to_try_it_works_as_printed() {
    let site = Site::new();
    let server = site.serve();
    let port = server.address();
    for (number, api) in (2..).zip(&["mailpass", "mailstack"]) {
        let mut create = site.command(&["key", "create", "--api", api, "--name", "app"]);
        create.env("POSTHOUSE_HTTP", &port);
        let made = Ran::of(&mut create);
        assert_eq!(made.code, 0, "{made:?}");
        let line = made.out.split_once("Try it:\n\n").expect("a line to try").1;
        let ran = Ran::of(Command::new("sh").arg("-c").arg(line));
        assert_eq!(ran.code, 0, "{made:?} {ran:?}");
        let kept = posthouse_tests::wait::until("the captured mail", || {
            let kept = site.cli(&["message", "list"]);
            kept.as_array()
                .filter(|all| all.len() + 1 == number)
                .cloned()
        });
        assert_eq!(kept[0]["subject"], "A first mail", "{api}: {ran:?}");
    }
}
