//! Mail over SMTP from clients as people use them: swaks, nodemailer and Python's smtplib,
//! each at each of the three listeners.

use std::io::Write as _;
use std::process::{Command, Stdio};

use posthouse_tests::place;
use posthouse_tests::site::Ran;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const CONFIG: &str = "[smtp]\ninbound = \"127.0.0.1:0\"\nsubmission = \"127.0.0.1:0\"\n\
     submissions = \"127.0.0.1:0\"\ncapture = \"127.0.0.1:0\"\n";

/// Everything a client has to be told for one mail.
struct Mail<'a> {
    role: &'a str,
    security: Security,
    credential: Option<(&'a str, &'a str)>,
    to: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Security {
    None,
    StartTls,
    Implicit,
}

/// Whether it was taken, and what was said.
#[derive(Debug)]
struct Outcome {
    taken: bool,
    said: String,
}

type Client = fn(&World, &Mail<'_>, &str) -> Outcome;

const CLIENTS: [(&str, Client); 3] = [
    ("swaks", swaks),
    ("nodemailer", nodemailer),
    ("smtplib", smtplib),
];

fn address<'a>(world: &'a World, role: &str) -> (&'a str, u16) {
    let said = world.server.said["smtp"][role].as_str();
    let said = said.unwrap_or_else(|| panic!("no {role} in {}", world.server.said));
    let (host, port) = said
        .rsplit_once('/')
        .map_or(said, |(_, address)| address)
        .rsplit_once(':')
        .expect("a port");
    (host, port.parse().expect("a port"))
}

fn fed(mut command: Command, input: &str) -> Ran {
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

fn swaks(world: &World, mail: &Mail<'_>, subject: &str) -> Outcome {
    let (host, port) = address(world, mail.role);
    let mut command = Command::new("swaks");
    command.args([
        "--server",
        host,
        "--port",
        &port.to_string(),
        "--helo",
        "client.example",
    ]);
    command.args(["--from", "hello@example.test", "--to", mail.to]);
    command.args([
        "--header",
        &format!("Subject: {subject}"),
        "--body",
        "Grüße\n.\n..\nend",
    ]);
    command.args(["--h-From", "Shop <hello@example.test>", "--h-To", mail.to]);
    match mail.security {
        Security::None => {}
        Security::StartTls => drop(command.arg("-tls")),
        Security::Implicit => drop(command.arg("-tlsc")),
    }
    if let Some((user, password)) = mail.credential {
        command.args(["--auth", "LOGIN", "-au", user, "-ap", password]);
    }
    let ran = Ran::of(&mut command);
    Outcome {
        taken: ran.code == 0,
        said: ran.out + &ran.err,
    }
}

fn nodemailer(world: &World, mail: &Mail<'_>, subject: &str) -> Outcome {
    let (host, port) = address(world, mail.role);
    let auth = mail
        .credential
        .map(|(user, pass)| json!({"user": user, "pass": pass}));
    let transport = json!({
        "host": host,
        "port": port,
        "secure": mail.security == Security::Implicit,
        "requireTLS": mail.security == Security::StartTls,
        "ignoreTLS": mail.security == Security::None,
        "name": "client.example",
        "auth": auth,
    });
    let message = json!({
        "from": "Shop <hello@example.test>",
        "to": mail.to,
        "subject": subject,
        "text": "Grüße\n.\n..\nend",
    });
    let mut node = place::node();
    node.arg("mailer.js");
    let ran = fed(
        node,
        &json!({"transport": transport, "mail": message}).to_string(),
    );
    outcome(&ran)
}

fn smtplib(world: &World, mail: &Mail<'_>, subject: &str) -> Outcome {
    let (host, port) = address(world, mail.role);
    let text = format!(
        "From: Shop <hello@example.test>\r\nTo: {}\r\nSubject: {subject}\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Grüße\r\n.\r\n..\r\nend\r\n",
        mail.to
    );
    let mut ask = json!({
        "host": host,
        "port": port,
        "from": "hello@example.test",
        "to": [mail.to],
        "mail": text,
        "options": ["BODY=8BITMIME"],
        "tls": match mail.security {
            Security::None => "none",
            Security::StartTls => "starttls",
            Security::Implicit => "implicit",
        },
    });
    if let Some((user, password)) = mail.credential {
        ask["user"] = user.into();
        ask["password"] = password.into();
    }
    let mut python = place::python();
    python.arg(place::here("support/mailer.py"));
    outcome(&fed(python, &ask.to_string()))
}

fn outcome(ran: &Ran) -> Outcome {
    let said: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err));
    Outcome {
        taken: said["ok"] == true,
        said: said.to_string(),
    }
}

/// The one message for `address`, as far as all clients write it alike.
fn kept(world: &World, address: &str) -> (Value, String) {
    let list = wait::until("the message", || {
        let list = world.site.cli(&["message", "list", "--address", address]);
        let list = list.as_array().expect("a list").clone();
        (!list.is_empty()).then_some(list)
    });
    assert_eq!(list.len(), 1, "{list:?}");
    let id = list[0]["id"].to_string();
    let shown = world.site.cli(&["message", "show", &id]);
    (
        list[0].clone(),
        shown["text"].as_str().unwrap_or_default().to_owned(),
    )
}

fn is_what_was_sent(world: &World, to: &str, subject: &str) {
    let (message, text) = kept(world, to);
    assert_eq!(message["subject"], subject);
    assert_eq!(text.trim_end(), "Grüße\n.\n..\nend", "{subject}");
}

#[test]
#[ignore = "real clients: make test"]
fn each_brings_mail_for_our_own_and_for_nobody_else() {
    let world = World::start(CONFIG);
    for (name, client) in CLIENTS {
        for (security, how) in [(Security::None, "plain"), (Security::StartTls, "starttls")] {
            let to = format!("{name}-{how}@example.test");
            let subject = format!("{name} {how}");
            let mail = |to| Mail {
                role: "inbound",
                security,
                credential: None,
                to,
            };
            let outcome = client(&world, &mail(&to), &subject);
            assert!(outcome.taken, "{subject}: {outcome:?}");
            is_what_was_sent(&world, &to, &subject);
            let relayed = client(&world, &mail("kim@elsewhere.example"), "relay");
            assert!(
                !relayed.taken && relayed.said.contains("550"),
                "{relayed:?}"
            );
        }
    }
}

#[test]
#[ignore = "real clients: make test"]
fn each_submits_with_a_token_and_with_nothing_less() {
    let world = World::start(CONFIG);
    let token = world.server.first("server_token");
    let keys = ["mailstack", "mailpass"].map(|api| world.server.first_key(api));
    for (name, client) in CLIENTS {
        for (role, security) in [
            ("submission", Security::StartTls),
            ("submissions", Security::Implicit),
            ("submission", Security::None),
        ] {
            let credentials = [
                ("token", (token.as_str(), token.as_str())),
                ("mailstack", ("hello@example.test", keys[0].as_str())),
                ("mailpass", ("hello@example.test", keys[1].as_str())),
            ];
            for (kind, credential) in credentials {
                let how = match security {
                    Security::None => "plain",
                    Security::StartTls => "starttls",
                    Security::Implicit => "implicit",
                };
                let to = format!("{name}-{how}-{kind}@customer.example");
                let subject = format!("{name} {how} {kind}");
                let credential = Some(credential);
                let mail = Mail {
                    role,
                    security,
                    credential,
                    to: &to,
                };
                let outcome = client(&world, &mail, &subject);
                assert!(outcome.taken, "{subject}: {outcome:?}");
                is_what_was_sent(&world, &to, &subject);
            }
            for (credential, code) in [(Some(("wrong", "wrong")), "535"), (None, "530")] {
                let to = "nobody@customer.example";
                let refused = client(
                    &world,
                    &Mail {
                        role,
                        security,
                        credential,
                        to,
                    },
                    "no",
                );
                assert!(
                    !refused.taken && refused.said.contains(code),
                    "{name} {refused:?}"
                );
            }
        }
    }
}

#[test]
#[ignore = "real clients: make test"]
fn each_has_any_mail_kept_and_nothing_leaves() {
    let world = World::start(CONFIG);
    let key = world.server.first_key("mailstack");
    for (name, client) in CLIENTS {
        for (security, how) in [(Security::None, "plain"), (Security::StartTls, "starttls")] {
            let to = format!("{name}-{how}@anywhere.example");
            let subject = format!("{name} {how}");
            let credential = Some((to.as_str(), key.as_str()));
            let mail = Mail {
                role: "capture",
                security,
                credential,
                to: &to,
            };
            let outcome = client(&world, &mail, &subject);
            assert!(outcome.taken, "{subject}: {outcome:?}");
            is_what_was_sent(&world, &to, &subject);
        }
    }
    assert_eq!(world.site.cli(&["email", "list"]), json!([]));
}
