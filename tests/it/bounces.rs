//! Mail that comes back, and mail that is not what it says, over SMTP to the real program.

use posthouse_tests::far_end::Manner;
use posthouse_tests::smtp::Client;
use posthouse_tests::world::World;
use serde_json::json;

/// A world that takes mail, and a way to bring it some.
struct Place {
    world: World,
}

impl Place {
    fn start() -> Self {
        let world = World::start("[smtp]\n");
        world.domain("acme.test");
        world.site.cli(&["org", "set", "--direct", "on"]);
        Self { world }
    }

    /// The answers to RCPT and to the content, if it comes to that.
    fn bring(&self, from: &str, to: &str, raw: &str) -> (String, Option<String>) {
        let mut client = Client::connect(&self.world.server.smtp("inbound"));
        client.answer().expect("a greeting");
        assert!(client.ask("EHLO mx.far.test").starts_with("250 "));
        let mail = client.ask(&format!("MAIL FROM:<{from}>"));
        assert!(mail.starts_with("250 "), "{mail}");
        let rcpt = client.ask(&format!("RCPT TO:<{to}>"));
        if !rcpt.starts_with("250 ") {
            return (rcpt, None);
        }
        assert!(client.ask("DATA").starts_with("354 "));
        let raw = raw.replace('\n', "\r\n");
        let content = client.ask(&format!("{raw}."));
        (rcpt, Some(content))
    }
}

fn dsn(words: &str) -> String {
    format!(
        "From: MAILER-DAEMON@far.test\nSubject: Undelivered\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.far.test\n\nFinal-Recipient: rfc822; kim@far.test\n\
         Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {words}\n\n--b--\n"
    )
}

#[test]
#[ignore = "real servers: make test"]
fn a_bounce_comes_home_and_a_forged_one_does_not() {
    let place = Place::start();
    let world = &place.world;
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let token = world.key("acme.test", "live");
    let message = json!({"from": "hello@acme.test", "to": "kim@far.test",
        "subject": "Hello", "textbody": "Hi"});
    let id = world.server.accepted(&token, &message);
    world.email_in_state(id, "delivered");
    let path = far.message_for("kim@far.test").from;
    let (local, host) = path.split_once('@').expect("a return path");
    assert_eq!(host, "mailer.acme.test");
    let words = "550 5.1.1 no such user";
    for forged in [
        format!("{}@{host}", &local[..local.len() - 14]),
        format!("{}@mailer.post.test", local.replace(".0.", ".1.")),
    ] {
        let (rcpt, _) = place.bring("", &forged, &dsn(words));
        assert!(rcpt.starts_with("550 5.1.1 "), "{forged}: {rcpt}");
    }
    world.email_in_state(id, "delivered");
    let (_, content) = place.bring("", &path, &dsn(words));
    assert!(content.expect("an answer").starts_with("250 "));
    let shown = world.email_in_state(id, "bounced");
    assert!(shown.to_string().contains(words), "{shown}");
    let suppressed = world
        .site
        .say(&["suppression", "list", "--domain", "acme.test"]);
    assert!(suppressed.contains("kim@far.test"), "{suppressed}");
    let why = world
        .site
        .say(&["email", "why", &id.to_string(), "--no-dns"]);
    assert!(why.contains(words), "{why}");
}

/// What a domain publishes is asked of the DNS, and done where a domain here enforces it.
#[test]
fn mail_in_a_strict_domains_name_is_refused_with_its_reason() {
    let place = Place::start();
    let world = &place.world;
    world.dns.add(
        "strict.test. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n\
         _dmarc.strict.test. TXT \"v=DMARC1; p=reject\"\n\
         mild.test. TXT \"v=spf1 ip4:127.0.0.1 -all\"\n\
         _dmarc.mild.test. TXT \"v=DMARC1; p=reject\"",
    );
    world
        .site
        .cli(&["domain", "set", "acme.test", "--dmarc", "enforce"]);
    let mail = |from: &str| format!("From: {from}\nSubject: Hello\n\nHi\n");
    let (_, content) = place.bring("ann@strict.test", "kim@acme.test", &mail("ann@strict.test"));
    let content = content.expect("an answer");
    assert!(content.starts_with("550 5.7.1 "), "{content}");
    let (_, content) = place.bring("ann@mild.test", "kim@acme.test", &mail("ann@mild.test"));
    assert!(content.expect("an answer").starts_with("250 "));
    let looped = format!("{}{}", "Received: by x\n".repeat(51), mail("ann@mild.test"));
    let (_, content) = place.bring("ann@mild.test", "kim@acme.test", &looped);
    let content = content.expect("an answer");
    assert!(content.starts_with("554 5.4.6 "), "{content}");
}
