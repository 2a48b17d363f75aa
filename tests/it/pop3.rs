//! Mail is fetched by POP3, with clients as people use them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use posthouse_tests::place;
use posthouse_tests::site::{Ran, Serving, Site};
use posthouse_tests::smtp::Client;
use serde_json::{Value, json};

use super::imap_clients::{fed, host_and_port};
use super::imap_dialogue::mailbox;

const KIM: &str = "kim@example.test";

struct Scene {
    site: Site,
    server: Serving,
    password: String,
}

impl Scene {
    fn start() -> Self {
        let site = Site::new();
        let server = site.serve_with(&["--pop3-tls", "127.0.0.1:0"]);
        let password = mailbox(&site, KIM);
        Self {
            site,
            server,
            password,
        }
    }

    /// Brings mail in over SMTP.
    fn bring(&self, to: &str, subject: &str) {
        let mut client = Client::connect(&self.server.smtp("inbound"));
        assert!(client.answer().is_some_and(|line| line.starts_with("220 ")));
        for (line, code) in [
            ("EHLO far.test", "250 "),
            ("MAIL FROM:<ann@far.test>", "250 "),
            (&format!("RCPT TO:<{to}>"), "250 "),
            ("DATA", "354 "),
            (
                &format!("Subject: {subject}\r\n\r\nHello.\r\n..A dot.\r\n."),
                "250 ",
            ),
        ] {
            let answer = client.ask(line);
            assert!(answer.starts_with(code), "{line}: {answer}");
        }
    }

    /// What poplib finds, having removed the message of this place.
    fn poplib(&self, (user, password): (&str, &str), tls: &str, remove: u32) -> Value {
        let address = self.server.pop3(match tls {
            "implicit" => "tls",
            _ => "starttls",
        });
        let (host, port) = host_and_port(&address);
        let ask = json!({
            "host": host, "port": port, "tls": tls, "user": user, "password": password,
            "remove": remove,
        });
        let mut python = place::python();
        python.arg(place::here("support/pop3_client.py"));
        let ran = fed(python, &ask.to_string());
        assert_eq!(ran.code, 0, "{tls}: {} {}", ran.out, ran.err);
        serde_json::from_str(&ran.out).expect("JSON")
    }

    fn port(&self) -> u16 {
        host_and_port(&self.server.pop3("tls")).1
    }
}

#[test]
#[ignore = "real clients: make test"]
fn what_is_removed_goes_at_quit_and_is_gone_for_every_reader() {
    let scene = Scene::start();
    for subject in ["one", "two", "three"] {
        scene.bring(KIM, subject);
    }
    let kim = (KIM, scene.password.as_str());
    let found = scene.poplib(kim, "none", 2);
    let all = json!(["Subject: one", "Subject: two", "Subject: three"]);
    assert_eq!(found, json!({"subjects": all, "left": 2}));
    let found = scene.poplib(kim, "starttls", 1);
    let rest = json!(["Subject: one", "Subject: three"]);
    assert_eq!(found, json!({"subjects": rest, "left": 1}));
    let found = scene.poplib(kim, "implicit", 1);
    assert_eq!(found, json!({"subjects": ["Subject: three"], "left": 0}));
    let listed = scene.site.cli(&["message", "list", "--address", KIM]);
    assert_eq!(listed, json!([]));
}

#[test]
#[ignore = "real clients: make test"]
fn an_address_opens_with_a_key_that_may_read_it() {
    let scene = Scene::start();
    let key = scene.server.first_key("mailsac");
    scene.site.cli(&["address", "reserve", "lee@example.test"]);
    scene.bring("Lee+x@example.test", "for Lee");
    let found = scene.poplib(("lee@example.test", &key), "starttls", 1);
    assert_eq!(found, json!({"subjects": ["Subject: for Lee"], "left": 0}));
    let address = scene.server.pop3("starttls");
    for (user, password) in [
        ("lee@other.test", key.as_str()),
        ("lee@example.test", "k_wrong"),
        (KIM, "not the password"),
        ("nobody@example.test", scene.password.as_str()),
    ] {
        let mut client = Client::connect(&address);
        assert!(client.hear().is_some_and(|line| line.starts_with("+OK ")));
        client.say(format!("USER {user}\r\nPASS {password}\r\n").as_bytes());
        assert_eq!(client.hear().as_deref(), Some("+OK"));
        let refused = client.hear();
        let words = "-ERR [AUTH] User or password is wrong";
        assert_eq!(refused.as_deref(), Some(words), "{user}");
    }
}

#[test]
#[ignore = "real clients: make test"]
fn curl_mpop_and_getmail_fetch_what_came() {
    let scene = Scene::start();
    for subject in ["one", "two"] {
        scene.bring(KIM, subject);
    }
    let authority = scene.server.smtp_authority();
    let port = scene.port();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--max-time", "20", "--cacert"]);
    curl.arg(&authority);
    curl.args(["--user", &format!("{KIM}:{}", scene.password)]);
    let read = Ran::of(curl.arg(format!("pop3s://localhost:{port}/2")));
    assert!(
        read.out.contains("Subject: two\r\n"),
        "{} {}",
        read.out,
        read.err
    );
    assert!(
        read.out.ends_with("\r\n\r\nHello.\r\n.A dot.\r\n"),
        "{}",
        read.out
    );

    let mbox = scene.site.file("mpop.mbox");
    let settings = scene.site.file("mpoprc");
    let text = format!(
        "account default\nhost localhost\nport {port}\ntls on\ntls_starttls off\n\
         tls_trust_file {}\nuser {KIM}\npassword {}\nauth user\nkeep on\n\
         uidls_file {}\ndelivery mbox {}\nreceived_header off\n",
        authority.display(),
        scene.password,
        scene.site.file("mpop.uidls").display(),
        mbox.display(),
    );
    fs::write(&settings, text).expect("written");
    fs::set_permissions(&settings, fs::Permissions::from_mode(0o600)).expect("set");
    for _ in 0..2 {
        let mut mpop = Command::new("mpop");
        let ran = Ran::of(mpop.arg("--file").arg(&settings));
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    }
    let fetched = fs::read_to_string(&mbox).expect("a mailbox file");
    assert_eq!(fetched.matches("Subject: ").count(), 2, "{fetched}");

    let folder = scene.site.file("getmail");
    fs::create_dir_all(&folder).expect("a folder");
    let fetched = folder.join("fetched");
    // It puts nothing into a mailbox for root, whom tests may run as.
    let text = format!(
        "[retriever]\ntype = SimplePOP3SSLRetriever\nserver = localhost\nport = {port}\n\
         username = {KIM}\npassword = {}\nca_certs = {}\n\n[destination]\n\
         type = MDA_external\npath = /bin/sh\narguments = (\"-c\", \"cat >> {}\")\n\
         allow_root_commands = true\n\n[options]\ndelete = true\nverbose = 0\n",
        scene.password,
        authority.display(),
        fetched.display(),
    );
    fs::write(folder.join("getmailrc"), text).expect("written");
    let mut getmail = Command::new("getmail");
    getmail
        .arg("--getmaildir")
        .arg(&folder)
        .env("HOME", &folder);
    let ran = Ran::of(&mut getmail);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let fetched = fs::read_to_string(&fetched).expect("what was fetched");
    assert_eq!(fetched.matches("Subject: ").count(), 2, "{fetched}");
    let listed = scene.site.cli(&["message", "list", "--address", KIM]);
    assert_eq!(listed, json!([]));
}
