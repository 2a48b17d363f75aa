//! The peers themselves: when one of these fails, look at the machine and not at Posthouse.

use posthouse_tests::dns::Knot;
use posthouse_tests::far_end::{FarEnd, Manner, StartTls};
use posthouse_tests::mail;
use posthouse_tests::postfix::Postfix;
use posthouse_tests::{hooks, http, place};

const PLAIN: &[u8] = b"From: a@b.test\r\nSubject: hello\r\n\r\nhi\r\n";

fn submit(script: &str) -> String {
    let output = place::python()
        .args(["-c", script])
        .output()
        .expect("Python starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "real servers: make test"]
fn knot_answers_and_changes() {
    let knot = Knot::start();
    knot.add("a.test. TXT \"one\" \"two\"\na.test. TXT \"three\"");
    let ask = || {
        let (host, port) = (knot.address().ip(), knot.address().port());
        submit(&format!(
            "import dns.message, dns.query\n\
             for name in ('a.test', 'a.broken'):\n\
             \tq = dns.message.make_query(name, 'TXT')\n\
             \tr = dns.query.udp(q, '{host}', port={port}, timeout=5)\n\
             \tprint(r.rcode(), sorted(str(x) for s in r.answer for x in s))\n"
        ))
    };
    assert_eq!(ask(), "0 ['\"one\" \"two\"', '\"three\"']\n2 []\n");
    knot.remove("a.test. TXT");
    assert_eq!(ask(), "3 []\n2 []\n");
}

#[test]
#[ignore = "real servers: make test"]
fn the_far_end_takes_and_refuses() {
    let manner = Manner {
        starttls: StartTls::On,
        ..Manner::plain("127.0.0.2", 0)
    };
    let far = FarEnd::start(&manner);
    let said = submit(&format!(
        "import smtplib, ssl\n\
         s = smtplib.SMTP('127.0.0.2', {})\n\
         s.starttls(context=ssl._create_unverified_context())\n\
         print(s.sendmail('a@b.test', ['kim@far.test', 'refused-x@far.test', 'busy-1@far.test'], 'Subject: x\\r\\n\\r\\nhi\\r\\n'))\n",
        far.port
    ));
    assert!(said.contains("550") && said.contains("451"), "{said}");
    let arrived = far.message_for("kim@far.test");
    assert!(arrived.tls);
    assert_eq!(arrived.text(), "Subject: x\r\n\r\nhi\r\n");
}

#[test]
#[ignore = "real servers: make test"]
fn postfix_delivers_to_its_maildir() {
    let port = place::free_port("127.0.0.1");
    let postfix = Postfix::start("127.0.0.3", port);
    submit(&format!(
        "import smtplib, ssl\n\
         s = smtplib.SMTP('127.0.0.3', {port})\n\
         s.starttls(context=ssl._create_unverified_context())\n\
         s.sendmail('a@b.test', ['kim@far.test'], 'Subject: x\\r\\n\\r\\nhi\\r\\n')\n"
    ));
    let message = posthouse_tests::wait::until("mail", || postfix.messages().pop());
    assert!(
        String::from_utf8_lossy(&message).ends_with("\nhi\n"),
        "{}",
        postfix.log()
    );
}

#[test]
#[ignore = "real servers: make test"]
fn an_unsigned_message_has_no_signature() {
    let knot = Knot::start();
    let read = mail::read(PLAIN, knot.address());
    assert_eq!(read.0["signatures"], serde_json::json!([]));
    assert_eq!(read.header("subject"), Some("hello"));
    read.assert_sound();
}

#[test]
#[ignore = "real servers: make test"]
fn a_webhook_without_a_signature_is_not_signed() {
    let hooks = hooks::Hooks::start(&hooks::Over::Plain);
    let reply = http::ask(http::client().post(format!("{}/503", hooks.url)).body("{}"));
    assert_eq!(reply.status, 503);
    let seen = hooks.wait_for(1);
    assert_eq!(
        (&seen[0]["signed"], &seen[0]["body"]),
        (&false.into(), &"{}".into())
    );
}
