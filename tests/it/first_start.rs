//! What somebody sees who has just unpacked it.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use posthouse_tests::process::Running;
use posthouse_tests::site::{Ran, Serving, Site};
use posthouse_tests::wait;

#[test]
fn the_printed_line_sends_a_first_mail() {
    let site = Site::new();
    let server = Running::start(&mut site.command(&["serve"]));
    let printed = wait::until("the welcome", || {
        let lines = server.lines();
        lines
            .iter()
            .any(|line| line.starts_with("Ctrl-C"))
            .then_some(lines)
    });
    let from = printed
        .iter()
        .position(|line| line.trim_start().starts_with("curl "));
    let curl: Vec<&str> = printed[from.expect("a curl line")..]
        .iter()
        .map(String::as_str)
        .take_while(|line| !line.is_empty())
        .collect();
    let ran = Ran::of(Command::new("sh").arg("-c").arg(curl.join("\n")));
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, r#"{"id":1,"status":"pending"}"#),
        "{}",
        ran.err
    );

    // As printed: what was captured, and why.
    let messages = wait::until("the captured mail", || {
        let messages = site.cli(&["message", "list"]);
        messages.as_array().filter(|all| !all.is_empty()).cloned()
    });
    assert_eq!(messages[0]["subject"], "A first mail", "{messages:?}");
    let why = site.say(&["email", "why", "1"]);
    assert!(why.contains("captur"), "{why}");

    let file = std::fs::metadata(site.data().join("master.key")).expect("a master key");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_first_line_for_scripts_says_everything() {
    let site = Site::new();
    let server = site.serve();
    let said = &server.said;
    assert_eq!(said["version"], "0.1.0");
    assert_eq!(said["pid"], server.process.pid());
    assert!(
        said["https"].is_null() && said["dev_ca"].is_null(),
        "{said}"
    );
    assert_eq!(
        said["recovered"],
        serde_json::json!({"not_sent": 0, "unknown_resent": 0, "unknown_held": 0})
    );
    assert_eq!(server.first("organization"), "default");
    assert_eq!(server.first("domain"), "example.test");
    assert!(server.first("organization_token").starts_with("org_"));
    assert_eq!(server.first("server_token").len(), 36);
    let keys = said["first_start"]["keys"].as_array().expect("a list");
    let apis: Vec<_> = keys.iter().map(|key| &key["api"]).collect();
    assert_eq!(apis, ["mailstack", "mailpass", "mailsac", "mailapi"]);
    assert!(keys.iter().all(|key| key["token"].as_str().is_some()));
    assert_eq!(
        server.process.lines().len(),
        1,
        "only one line on standard output"
    );
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn a_second_start_shows_no_credentials() {
    let site = Site::new();
    let token = {
        let server = site.serve();
        let token = server.first("server_token");
        let (status, _) = server.process.stop();
        assert!(status.success(), "{status}");
        token
    };
    let server = site.serve();
    assert!(server.said["first_start"].is_null(), "{}", server.said);
    assert_eq!(server.send(&token, &super::hello()).status, 200);
    let (_, log) = server.process.stop();
    assert!(!log.contains(&token), "the token is in the log: {log}");
}

#[test]
fn a_wrong_master_key_is_refused_in_words() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let path = site.data().join("master.key");
    let right = std::fs::read_to_string(&path).expect("a master key");
    let swap = |one: char| match one {
        '0'..='9' | 'a'..='e' => 'f',
        'f' => '0',
        'A'..='Y' => 'Z',
        other => other,
    };
    std::fs::write(&path, right.chars().map(swap).collect::<String>()).expect("written");
    let ran = site.run(&["serve"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("master key"), "{}", ran.err);
    assert!(ran.out.is_empty(), "{}", ran.out);

    std::fs::remove_file(&path).expect("removed");
    let ran = site.run(&["serve"]);
    assert_eq!(
        ran.code, 1,
        "a new key is not made beside an old database: {ran:?}"
    );
    assert!(!path.exists());
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let site = Site::new();
    let _first = site.serve();
    let ran = site.run(&["serve"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("running"), "{}", ran.err);
}

#[test]
fn a_bad_setting_names_file_line_and_key() {
    let site = Site::new();
    site.configure("[server]\nhttp = \"127.0.0.1:0\"\n[sending]\nretry_first = \"soon\"\n");
    let ran = site.run(&["serve"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for part in ["posthouse.toml", "4", "retry_first"] {
        assert!(ran.err.contains(part), "no {part} in {}", ran.err);
    }
    site.configure("[server]\nhttp = \"127.0.0.1:0\"\ncolour = \"red\"\n");
    let ran = site.run(&["serve"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("colour"), "{}", ran.err);
}

#[test]
fn the_environment_comes_before_the_file_and_a_flag_before_both() {
    let site = Site::new();
    site.configure("[server]\nhttp = \"127.0.0.1:1\"\n");
    let mut command = site.command(&["serve", "--json"]);
    let server = Serving::start(command.env("POSTHOUSE_HTTP", "127.0.0.1:0"));
    assert_eq!(server.get("/healthz").status, 200);
    drop(server);
    let mut command = site.command(&["serve", "--json", "--http", "127.0.0.1:0"]);
    let server = Serving::start(command.env("POSTHOUSE_HTTP", "127.0.0.1:1"));
    assert_eq!(server.get("/healthz").status, 200);
}
