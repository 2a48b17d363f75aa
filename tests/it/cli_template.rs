//! Templates on the command line.

use posthouse_tests::site::{Ran, Site};
use serde_json::{Value, json};

use super::cli::look;

#[test]
fn a_template_is_drafted_previewed_and_published() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let html = site.file("hello.html");
    std::fs::write(&html, "<p>Dear {{ to.name }}</p>\n").expect("written");
    let html = html.to_string_lossy();
    let made = site.cli(&[
        "template",
        "create",
        "hello",
        "--subject",
        "Hi {{ to.name }}",
        "--html",
        &html,
    ]);
    assert_eq!(
        (&made["published"], &made["version"], &made["text"]),
        (&json!(false), &json!(0), &Value::Null)
    );
    let shown = look(&site, &["template", "show", "hello"]);
    assert_eq!(shown["variables"], json!(["to.name"]));
    let values = site.file("values.json");
    std::fs::write(&values, r#"{"to": {"name": "Kim"}}"#).expect("written");
    let values = values.to_string_lossy();
    let made = look(&site, &["template", "preview", "hello", "--vars", &values]);
    assert_eq!(
        made,
        json!({"subject": "Hi Kim", "html": "<p>Dear Kim</p>\n", "text": null})
    );
    let only = [
        "template",
        "preview",
        "hello",
        "--var",
        "to.name=<b>",
        "--only",
        "html",
    ];
    assert_eq!(site.say(&only), "<p>Dear &lt;b&gt;</p>\n");

    let published = site.cli(&["template", "publish", "hello"]);
    assert_eq!(
        (&published["published"], &published["version"]),
        (&json!(true), &json!(1))
    );
    let listed = look(&site, &["template", "list"]);
    assert_eq!(listed[0]["uuid"], published["uuid"]);

    // The draft goes on; a part can be taken away.
    let uuid = published["uuid"].as_str().expect("a UUID");
    let set = site.cli(&[
        "template",
        "set",
        uuid,
        "--name",
        "bye",
        "--without",
        "subject",
    ]);
    assert_eq!(
        (&set["name"], &set["subject"], &set["version"]),
        (&json!("bye"), &Value::Null, &json!(1))
    );
    site.say(&["template", "remove", "bye"]);
    assert_eq!(site.run(&["template", "show", "bye"]).code, 4);
}

#[test]
fn a_broken_template_is_refused_with_its_place() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let file = site.file("broken.html");
    std::fs::write(&file, "<p>\n  {{% if a %}}x\n").expect("written");
    let name = file.to_string_lossy();
    let ran = Ran::of(&mut site.command(&["template", "create", "broken", "--html", &name]));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(
        ran.err,
        format!("posthouse: {name}:2:3: `if` has no end\n    {{{{% if a %}}}}x\n    ^\n")
    );
    assert_eq!(site.cli(&["template", "list"]), json!([]));
    for (arguments, code, error) in [
        (vec!["create", "empty"], 0, ""),
        (vec!["create", "empty"], 1, "already taken"),
        (vec!["publish", "empty"], 1, "neither html nor text"),
        (vec!["set", "empty"], 2, "nothing to change"),
        (vec!["show", "nobody"], 4, "no such template"),
        (
            vec!["preview", "empty", "--vars", &name],
            1,
            "broken.html:1:1:",
        ),
        (
            vec!["create", "x", "--text", "no-such.txt"],
            4,
            "no-such.txt",
        ),
    ] {
        let mut all = vec!["template"];
        all.extend(&arguments);
        let ran = site.run(&all);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(error), "{arguments:?}: {ran:?}");
    }
}
