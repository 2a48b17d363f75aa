//! Mail is read with clients as people use them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use posthouse_tests::place;
use posthouse_tests::site::{Ran, Serving, Site};
use serde_json::json;

use super::imap_dialogue::mailbox;

const KIM: &str = "kim@example.test";

fn serve(site: &Site) -> (Serving, String) {
    let server = site.serve_with(&["--imap-tls", "127.0.0.1:0"]);
    let password = mailbox(site, KIM);
    (server, password)
}

pub fn host_and_port(address: &str) -> (&str, u16) {
    let (host, port) = address.rsplit_once(':').expect("a port");
    (host, port.parse().expect("a port"))
}

pub fn fed(mut command: Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the client starts");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
#[ignore = "real clients: make test"]
fn imapclient_reads_and_changes_a_mailbox() {
    let site = Site::new();
    let (server, password) = serve(&site);
    for (tls, listener) in [
        ("none", "starttls"),
        ("starttls", "starttls"),
        ("implicit", "tls"),
    ] {
        let address = server.imap(listener);
        let (host, port) = host_and_port(&address);
        let ask = json!({
            "host": host, "port": port, "tls": tls, "user": KIM, "password": password,
        });
        let mut python = place::python();
        python.arg(place::here("support/imap_client.py"));
        let ran = fed(python, &ask.to_string());
        assert_eq!(ran.code, 0, "{tls}: {} {}", ran.out, ran.err);
    }
}

fn curl(server: &Serving, password: &str, path: &str, more: &[&str]) -> Ran {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "20"]);
    command.arg("--cacert").arg(server.smtp_authority());
    command.args(["--user", &format!("{KIM}:{password}")]);
    let address = server.imap("tls");
    let (_, port) = host_and_port(&address);
    command.arg(format!("imaps://localhost:{port}/{path}"));
    command.args(more);
    Ran::of(&mut command)
}

#[test]
#[ignore = "real clients: make test"]
fn curl_adds_finds_and_reads_a_message() {
    let site = Site::new();
    let (server, password) = serve(&site);
    let mail = site.file("mail.eml");
    let text = "Subject: By curl\r\n\r\nHello.\r\n";
    std::fs::write(&mail, text).expect("written");
    let mail = mail.display().to_string();
    let added = curl(&server, &password, "INBOX", &["--upload-file", &mail]);
    assert_eq!(added.code, 0, "{}", added.err);
    let found = curl(&server, &password, "INBOX?SUBJECT%20curl", &[]);
    assert_eq!(found.out, "* SEARCH 1\r\n", "{}", found.err);
    let read = curl(&server, &password, "INBOX;MAILINDEX=1", &[]);
    assert_eq!(read.out, text, "{}", read.err);
    let wrong = curl(&server, "not-the-password", "INBOX", &[]);
    assert_eq!(wrong.code, 67, "{}", wrong.err);
}

/// What NeoMutt is told: where the mailbox is, and which keys are pressed.
fn neomutt(site: &Site, server: &Serving, password: &str, keys: &str) -> Ran {
    let address = server.imap("tls");
    let (_, port) = host_and_port(&address);
    let authority = server.smtp_authority();
    let settings = site.file("neomuttrc");
    let text = format!(
        "set folder = \"imaps://localhost:{port}/\"\nset spoolfile = \"+INBOX\"\n\
         set imap_user = \"{KIM}\"\nset imap_pass = \"{password}\"\n\
         set ssl_ca_certificates_file = \"{authority}\"\nset certificate_file = \"{authority}\"\n\
         set ssl_force_tls = yes\nset ssl_verify_host = yes\nset header_cache = \"\"\n\
         set quit = yes\nset delete = yes\nset wait_key = no\nset pipe_decode = no\n\
         set sleep_time = 0\npush \"{keys}\"\n",
        authority = authority.display(),
    );
    std::fs::write(&settings, text).expect("written");
    // It wants a terminal.
    let mut command = Command::new("script");
    let run = format!("neomutt -n -F {}", settings.display());
    command.args(["--quiet", "--return", "--command", &run, "/dev/null"]);
    command.env("HOME", site.file("")).env("TERM", "xterm");
    Ran::of(command.stdin(Stdio::null()))
}

#[test]
#[ignore = "real clients: make test"]
fn neomutt_lists_reads_flags_and_removes() {
    let site = Site::new();
    let (server, password) = serve(&site);
    let mail = site.file("mail.eml");
    for subject in ["First of them", "Second of them"] {
        let text = format!("From: ann@far.test\r\nSubject: {subject}\r\n\r\nHello.\r\n");
        std::fs::write(&mail, text).expect("written");
        let path = mail.display().to_string();
        let added = curl(&server, &password, "INBOX", &["--upload-file", &path]);
        assert_eq!(added.code, 0, "{}", added.err);
    }
    let (all, read) = (site.file("all"), site.file("read"));
    let keys = format!(
        "<tag-pattern>~A<enter><tag-prefix><pipe-message>cat > {}<enter><untag-pattern>~A<enter>\
         <limit>~s Second<enter><pipe-message>cat > {}<enter><flag-message>\
         <limit>all<enter><first-entry><delete-message><sync-mailbox><quit>",
        all.display(),
        read.display()
    );
    let ran = neomutt(&site, &server, &password, &keys);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let all = std::fs::read_to_string(all).expect("all that it knows of");
    let subjects = all.lines().filter(|line| line.starts_with("Subject: "));
    assert_eq!(subjects.count(), 2, "{all}");
    let read = std::fs::read_to_string(read).expect("what was read");
    let text = "From: ann@far.test\nSubject: Second of them\n\nHello.\n";
    assert_eq!(read.replace('\r', ""), text);
    let fetch = ["--request", "FETCH 1:* (UID FLAGS)"];
    let left = curl(&server, &password, "INBOX", &fetch);
    assert_eq!(left.out, "* 1 FETCH (UID 2 FLAGS (\\Flagged \\Seen))\r\n");
}
