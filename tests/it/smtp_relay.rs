//! No relay: whatever is asked for by whoever has no key, nothing leaves and nothing waits to.
//! What is asked for is in `cases/relay`.

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::place;
use posthouse_tests::rows::{count, rows};
use posthouse_tests::smtp::Client;
use posthouse_tests::world::World;
use serde_json::json;

use super::dialogue::{fill, unescape};

/// A server that can deliver to elsewhere.test, and knows example.test.
struct Place {
    world: World,
    elsewhere: FarEnd,
    /// A key whose mail leaves.
    live: String,
}

impl Place {
    fn new() -> Self {
        let world = World::start("[smtp]\nrefusals_per_minute = 0\n");
        // The first start made it.
        let records = world.site.say(&["domain", "records", "example.test"]);
        world.dns.add(&records);
        world.site.cli(&["domain", "verify", "example.test"]);
        world.site.cli(&["org", "set", "--direct", "on"]);
        let manner = Manner::plain("127.0.0.5", world.port);
        let elsewhere = world.far_end("elsewhere.test", &manner);
        let live = world.key("example.test", "live");
        Self {
            world,
            elsewhere,
            live,
        }
    }

    fn client(&self, listener: &str) -> Client {
        Client::connect(&self.world.server.smtp(listener))
    }

    /// Nothing left, nothing waits, and there is a way by which it might have.
    fn nothing_went_out(self) {
        let site = &self.world.site;
        assert_eq!((count(site, "email"), count(site, "delivery")), (0, 0));
        assert_eq!(self.elsewhere.connections(), 0);
        let message = json!({"from": "kim@example.test", "to": "victim@elsewhere.test",
            "subject": "The way is open", "textbody": "It is."});
        self.world.server.accepted(&self.live, &message);
        let arrived = self.elsewhere.message_for("victim@elsewhere.test");
        assert!(arrived.text().contains("The way is open"));
        assert_eq!((self.elsewhere.count(), count(site, "email")), (1, 1));
        let (_, log) = self.world.server.process.stop();
        assert!(!log.contains("panicked"), "{log}");
    }
}

/// The lines of a file of `cases/relay`.
fn lines(name: &str, known: &[(&str, &str)]) -> Vec<String> {
    let text = std::fs::read_to_string(place::here("cases/relay").join(name)).expect("the cases");
    let lines = text.lines().filter(|line| !line.is_empty());
    let lines: Vec<String> = lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| fill(line, known))
        .collect();
    assert!(lines.len() > 5, "{name}");
    lines
}

/// The two halves of a line.
fn halves(line: &str) -> (&str, &str) {
    line.split_once(" | ").expect("two halves")
}

fn said(bytes: &str) -> Vec<u8> {
    [unescape(bytes), b"\r\n".to_vec()].concat()
}

/// Says hello and MAIL, which is taken from anybody.
fn introduce(client: &mut Client, sender: &str) {
    let (hello, mail) = halves(sender);
    assert!(client.answer().expect("a greeting").starts_with("220 "));
    assert!(client.ask(hello).starts_with("250 "), "{hello}");
    assert_eq!(client.ask(mail), "250 2.1.0 OK", "{mail}");
}

#[test]
#[ignore = "real servers: make test"]
fn mail_for_others_is_refused_however_it_is_asked_for() {
    let place = Place::new();
    let lines = lines("refused.txt", &[("token", place.live.as_str())]);
    let mut wrong = Vec::new();
    for sender in self::lines("senders.txt", &[]) {
        for line in &lines {
            let (expected, asked) = halves(line);
            let mut client = place.client("inbound");
            introduce(&mut client, &sender);
            client.say(&said(asked));
            let answer = client.answer().unwrap_or_default();
            if !answer.starts_with(&format!("{expected} ")) {
                wrong.push(format!("{sender}: {asked}: {answer} and not {expected}"));
            }
            // Whoever does not listen goes on all the same.
            client.say(
                b"DATA\r\nBDAT 14 LAST\r\nSubject: x\r\n\r\n\
                  RSET\r\nQUIT\r\n",
            );
            let rest = client.hear_all();
            let codes: Vec<&str> = rest.iter().map(|line| &line[..3]).collect();
            let after = if asked.to_ascii_uppercase().starts_with("RCPT") {
                // A command that was none named no recipient.
                [["554", "554"], ["503", "503"]]
            } else {
                [["503", "503"], ["503", "503"]]
            };
            let good = after
                .iter()
                .any(|two| codes == [two[0], two[1], "250", "221"]);
            if !good {
                wrong.push(format!("{sender}: {asked}: then {rest:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count(&place.world.site, "message"), 0);
    place.nothing_went_out();
}

#[test]
#[ignore = "real servers: make test"]
fn what_is_ours_stays_here_whatever_it_names_beside() {
    let place = Place::new();
    let lines = lines("kept.txt", &[]);
    for line in &lines {
        let mut client = place.client("inbound");
        introduce(
            &mut client,
            "EHLO client.test | MAIL FROM:<ann@client.test>",
        );
        client.say(&said(line));
        assert_eq!(client.answer().as_deref(), Some("250 2.1.5 OK"), "{line}");
        client.say(
            b"DATA\r\nTo: victim@elsewhere.test\r\nBcc: victim@elsewhere.test\r\n\r\n.\r\nQUIT\r\n",
        );
        let rest = client.hear_all();
        assert!(rest[1].starts_with("250 2.0.0 OK "), "{line}: {rest:?}");
    }
    let homes = rows(
        &place.world.site,
        "SELECT DISTINCT address FROM message JOIN mailbox ON mailbox.id = mailbox_id",
    );
    for home in &homes {
        let address = home[0].as_str().expect("text");
        assert!(address.ends_with("@example.test"), "{address}");
    }
    let messages = count(&place.world.site, "message");
    assert_eq!(messages, lines.len() as u64);
    place.nothing_went_out();
}

#[test]
#[ignore = "real servers: make test"]
fn what_is_captured_is_never_sent() {
    let place = Place::new();
    let known = [("token", place.live.as_str())];
    let key = fill("AUTH PLAIN {{base64 \\0{{token}}\\0{{token}}}}", &known);
    let (mut kept, mut lines) = (0, self::lines("refused.txt", &known));
    lines.extend(
        self::lines("kept.txt", &[])
            .iter()
            .map(|line| format!("- | {line}")),
    );
    for line in lines {
        let (_, asked) = halves(&line);
        let mut client = place.client("capture");
        client.say(b"EHLO client.test\r\n");
        assert!(client.answer().expect("a greeting").starts_with("220 "));
        assert!(client.answer().expect("a hello").starts_with("250 "));
        // Not without a key.
        assert_eq!(
            client.ask("MAIL FROM:<kim@example.test>"),
            "530 Authentication required"
        );
        assert_eq!(client.ask(&key), "235 Authentication succeeded");
        assert_eq!(client.ask("MAIL FROM:<kim@example.test>"), "250 Accepted");
        client.say(&said(asked));
        let answer = client.answer().unwrap_or_default();
        if answer == "250 Accepted" {
            assert!(client.ask("DATA").starts_with("354 "));
            let taken = client.ask("From: kim@example.test\r\nTo: victim@elsewhere.test\r\n\r\n.");
            assert!(taken.starts_with("250 OK : queued as "), "{asked}: {taken}");
            kept += 1;
        } else {
            assert!(
                answer.starts_with('5') || answer.starts_with("334 "),
                "{asked}: {answer}"
            );
        }
    }
    assert!(kept > 20, "{kept}");
    assert_eq!(count(&place.world.site, "message"), kept);
    place.nothing_went_out();
}

#[test]
#[ignore = "real servers: make test"]
fn who_has_a_key_sends_as_themselves_and_who_has_none_not_at_all() {
    let place = Place::new();
    for sender in lines("senders.txt", &[]) {
        let (hello, mail) = halves(&sender);
        let mut client = place.client("submission");
        assert!(client.answer().expect("a greeting").starts_with("220 "));
        assert!(client.ask(hello).starts_with("250 "), "{hello}");
        assert_eq!(
            client.ask(mail),
            "530 5.7.0 Authentication required",
            "{mail}"
        );
        let recipient = client.ask("RCPT TO:<victim@elsewhere.test>");
        assert_eq!(recipient, "503 5.5.1 Say MAIL first", "{mail}");
        assert_eq!(client.ask("DATA"), "503 5.5.1 Say MAIL first", "{mail}");
        let anonymous = client.ask("AUTH ANONYMOUS");
        assert_eq!(&anonymous[..3], "504");
        assert_eq!(&client.ask("AUTH PLAIN AAA=")[..3], "535");
    }
    let known = [("token", place.live.as_str())];
    let key = fill("AUTH PLAIN {{base64 \\0{{token}}\\0{{token}}}}", &known);
    for line in lines("writers.txt", &[]) {
        let (expected, header) = halves(&line);
        let mut client = place.client("submission");
        client.say(b"EHLO client.test\r\n");
        client.answer();
        client.answer();
        assert_eq!(client.ask(&key), "235 2.7.0 Authentication succeeded");
        client.ask("MAIL FROM:<kim@example.test>");
        client.ask("RCPT TO:<victim@elsewhere.test>");
        assert_eq!(&client.ask("DATA")[..3], "354");
        client.say(&said(header));
        let answer = client.ask("\r\nHello\r\n.");
        assert!(answer.starts_with(expected), "{header}: {answer}");
    }
    place.nothing_went_out();
}
