//! Suppression lists on the command line: from and to CSV files.

use std::process::Stdio;

use posthouse_tests::site::{Ran, Site};
use serde_json::{Value, json};

use super::cli::look;

const SHEET: &str = "\u{feff}Email;Reason;Status\r\n\
    kim@far.test;Complaint;x\r\n\
    +lee@far.test;;x\r\n\
    nobody;bounce;x\r\n\
    KIM@far.test;bounce;x\r\n";

#[test]
fn a_list_comes_in_and_goes_out() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let sheet = site.file("in.csv");
    std::fs::write(&sheet, SHEET).expect("written");
    let sheet = sheet.to_string_lossy();
    let expected = |dry: bool| {
        json!({
            "dry_run": dry, "rows": 4, "added": 2, "already": 1, "spared": 0, "bad": 1,
            "faults": [{"line": 4, "error": "`nobody` has no @"}], "stopped": null,
        })
    };
    let rehearsed = look(&site, &["suppression", "import", &sheet, "--dry-run"]);
    assert_eq!(rehearsed, expected(true));
    assert_eq!(site.cli(&["suppression", "list"]), json!([]));
    assert_eq!(
        site.cli(&["suppression", "import", &sheet]),
        expected(false)
    );
    assert_eq!(
        site.say(&["suppression", "import", &sheet]),
        "4 rows: 0 added, 3 on the list already, 1 left out.\n  line 4: `nobody` has no @\n"
    );

    let file = site.file("out.csv");
    let name = file.to_string_lossy();
    let wrote = site.cli(&["suppression", "export", &name]);
    assert_eq!(wrote, json!({"file": name, "rows": 2}));
    let again = site.run(&["suppression", "export", &name]);
    assert_eq!(again.code, 1, "the file is there: {again:?}");
    let text = std::fs::read_to_string(&file).expect("written");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "address,reason,domain,detail,created_at");
    assert!(rows[1].starts_with("kim@far.test,complaint,,,2"), "{text}");
    assert!(rows[2].starts_with("'+lee@far.test,manual,,,2"), "{text}");
    assert_eq!(site.say(&["suppression", "export"]), text);
    let printed = site.cli(&["suppression", "export", "--domain", "example.test"]);
    assert_eq!(
        printed,
        json!({"rows": 0, "csv": "address,reason,domain,detail,created_at\r\n"})
    );
}

#[test]
fn a_sheet_that_breaks_off_says_where() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let broken = site.file("broken.csv");
    let text = format!(
        "email,detail\nkim@far.test,\"open\n{}",
        "x\n".repeat(20_000)
    );
    std::fs::write(&broken, text).expect("written");
    let ran = site.run(&["suppression", "import", &broken.to_string_lossy()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(
        (&said["added"], &said["stopped"]["line"]),
        (&json!(0), &json!(2))
    );

    let absent = site.run(&["suppression", "import", "no-such.csv"]);
    assert_eq!(absent.code, 4, "{absent:?}");

    let mut command = site.command(&["suppression", "import", "-", "--reason", "unsubscribe"]);
    command.args(["--domain", "example.test", "--json"]);
    let list = std::fs::File::open({
        let list = site.file("list.txt");
        std::fs::write(&list, "ann@far.test\n").expect("written");
        list
    });
    let ran = Ran::of(command.stdin(Stdio::from(list.expect("readable"))));
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = site.cli(&["suppression", "list", "--domain", "example.test"]);
    assert_eq!(
        (&listed[0]["address"], &listed[0]["reason"]),
        (&json!("ann@far.test"), &json!("unsubscribe"))
    );
}
