//! People's mailboxes on the command line: made, carried to files and back, shut and removed.

use std::fs;

use posthouse_tests::site::Site;
use serde_json::json;

use super::cli::look;

const KIM: &str = "kim@example.test";
const LEE: &str = "lee@example.test";
const ANN: &str = "ann@example.test";

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_mailbox_goes_to_files_and_comes_back() {
    let site = Site::new();
    drop(site.serve());
    for address in [KIM, LEE, ANN] {
        let made = site.cli(&["mailbox", "create", address, "--quota", "1MB"]);
        assert_eq!(made["password"].as_str().map(str::len), Some(23), "{made}");
    }
    let old = site.file("old.mbox");
    let text = "From ann@far.test Tue Nov 14 22:13:20 2023\nSubject: one\nStatus: RO\n\n\
                >From here\n\nFrom - Tue Nov 14 22:13:21 2023\nSubject: two\nX-Status: F\n\nx\n\n";
    fs::write(&old, text).expect("written");
    let old = old.display().to_string();
    for folder in ["INBOX", "Work/2026"] {
        let done = site.cli(&["mailbox", "import", KIM, &old, "--folder", folder]);
        assert_eq!(done["messages"], 2, "{done}");
    }
    let held = |address: &str| {
        let shown = look(&site, &["mailbox", "show", address]);
        let folders = shown["folders"].as_array().expect("folders").clone();
        let each = folders.iter().map(|one| {
            json!([
                one["name"],
                one["messages"],
                one["unread"],
                one["size_bytes"]
            ])
        });
        each.collect::<Vec<_>>()
    };
    let kims = held(KIM);
    assert_eq!(kims[0], json!(["INBOX", 2, 1, 46]));
    for (format, other) in [("maildir", LEE), ("mbox", ANN)] {
        let to = site.file(format).display().to_string();
        let done = site.cli(&["mailbox", "export", KIM, &to, "--format", format]);
        assert_eq!(done["messages"], 4, "{done}");
        let refused = site.run(&["mailbox", "export", KIM, &to]);
        assert_eq!(refused.code, 2, "{refused:?}");
        let done = site.cli(&["mailbox", "import", other, &to]);
        assert_eq!(done["messages"], 4, "{done}");
        assert_eq!(held(other), kims, "{format}");
        let again = site.file(&format!("{format}-again"));
        let to = again.display().to_string();
        site.cli(&["mailbox", "export", other, &to, "--format", "mbox"]);
        let inbox = fs::read_to_string(again.join("INBOX.mbox")).expect("a file");
        let first = "From - Tue Nov 14 22:13:20 2023\nStatus: RO\nX-Status: \nSubject: one\n\n>From here\n\n";
        assert!(inbox.starts_with(first), "{inbox}");
    }
    for (wrong, code) in [
        (vec!["mailbox", "import", KIM, "/nowhere"], 1),
        (vec!["mailbox", "import", "nobody@example.test", &old], 4),
        (vec!["mailbox", "create", KIM], 1),
        (vec!["mailbox", "create", "kim@other.test"], 4),
        (
            vec!["mailbox", "create", "bob@example.test", "--quota", "0"],
            2,
        ),
    ] {
        let ran = site.run(&wrong);
        assert_eq!(ran.code, code, "{wrong:?} {ran:?}");
    }
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_mailbox_is_shut_renamed_and_removed() {
    let site = Site::new();
    drop(site.serve());
    let made = site.cli(&[
        "mailbox",
        "create",
        KIM,
        "--name",
        "Kim Doe",
        "--no-password",
    ]);
    assert_eq!(made["password"], json!(null));
    let shown = look(&site, &["mailbox", "show", KIM]);
    assert_eq!(
        (&shown["name"], &shown["password"]),
        (&json!("Kim Doe"), &json!(false))
    );
    let changed = site.cli(&["mailbox", "password", KIM]);
    assert_eq!(
        changed["password"].as_str().map(str::len),
        Some(23),
        "{changed}"
    );
    assert_eq!(look(&site, &["mailbox", "show", KIM])["password"], true);
    let shut = site.cli(&["mailbox", "suspend", KIM]);
    assert!(shut["suspended_at"].is_string(), "{shut}");
    let nowhere = site.file("nowhere").display().to_string();
    let refused = site.run(&["mailbox", "export", KIM, &nowhere]);
    assert!(refused.err.contains("mailbox resume"), "{refused:?}");
    let open = site.cli(&["mailbox", "resume", KIM]);
    assert_eq!(open["suspended_at"], json!(null));
    let set = site.cli(&["mailbox", "set", KIM, "--keep-sent", "on", "--quota", "2GB"]);
    assert_eq!(
        (&set["keep_sent"], &set["quota_bytes"]),
        (&json!(true), &json!(2_147_483_648_u64))
    );
    site.cli(&["mailbox", "rename", KIM, LEE]);
    let listed = look(&site, &["mailbox", "list"]);
    assert_eq!(listed[0]["address"], LEE);
    let unasked = site.run(&["mailbox", "remove", LEE]);
    assert_eq!(unasked.code, 2, "{unasked:?}");
    let gone = site.cli(&["mailbox", "remove", LEE, "--yes"]);
    assert!(gone["removed_at"].is_string(), "{gone}");
    let back = site.cli(&["mailbox", "restore", LEE]);
    assert_eq!(back["removed_at"], json!(null));
}
