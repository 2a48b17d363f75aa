//! No message within a message: neither on the way in nor on the way out. What has been tried
//! is in `cases/smuggling`.

use posthouse_tests::place;
use posthouse_tests::recorder::{Heard, Recorder};
use posthouse_tests::rows::{count, rows};
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::{Value, json};

use super::dialogue::{fill, unescape};

/// Commands of another message, such as would be smuggled.
const INNER: &str = "MAIL FROM:<evil@example.test>\r\nRCPT TO:<kim@example.test>\r\nDATA\r\n\
                     From: evil@example.test\r\nTo: kim@example.test\r\nSubject: inner\r\n\r\nx\r\n.\r\n";

fn lines(name: &str) -> Vec<String> {
    let folder = place::here("cases/smuggling");
    let text = std::fs::read_to_string(folder.join(name)).expect("the cases");
    let lines = text.lines().filter(|line| !line.is_empty());
    let lines: Vec<String> = lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| fill(line, &[]))
        .collect();
    assert!(lines.len() > 10, "{name}");
    lines
}

fn ends() -> Vec<(String, Vec<u8>)> {
    let line = |line: String| {
        let (outcome, end) = line.split_once(" | ").expect("an outcome");
        (outcome.to_owned(), unescape(end))
    };
    lines("ends.txt").into_iter().map(line).collect()
}

/// Begins a message, with a key where one is asked for.
fn begin(server: &Serving, listener: &str, token: &str) -> Client {
    let mut client = Client::connect(&server.smtp(listener));
    client.say(b"EHLO client.test\r\n");
    assert!(client.answer().expect("a greeting").starts_with("220 "));
    assert!(client.answer().expect("a hello").starts_with("250 "));
    if listener != "inbound" {
        let key = fill(
            "AUTH PLAIN {{base64 \\0x\\0{{token}}}}",
            &[("token", token)],
        );
        assert!(client.ask(&key).starts_with("235 "), "{listener}");
    }
    for line in [
        "MAIL FROM:<hello@example.test>",
        "RCPT TO:<kim@example.test>",
    ] {
        assert!(client.ask(line).starts_with("250 "), "{listener}: {line}");
    }
    client
}

/// How a message is cut into what goes out apart: as a whole, at each place in and about the
/// end that is tried, and there into single bytes.
fn cuts(before: &[u8], end: &[u8], after: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let whole = [before, end, after].concat();
    let mut ways = vec![vec![whole.clone()]];
    for at in before.len()..=before.len() + end.len() {
        ways.push(vec![whole[..at].to_vec(), whole[at..].to_vec()]);
    }
    let mut drops = vec![before.to_vec()];
    drops.extend(end.iter().chain(&after[..5]).map(|one| vec![*one]));
    drops.push(after[5..].to_vec());
    ways.push(drops);
    ways
}

/// What is wrong with the replies to a message, and to what follows it.
fn misjudged(outcome: &str, replies: &[String], listener: &str) -> Option<String> {
    let refusal = match listener {
        "capture" => "550 Lines of a message end in CRLF, and hold no other CR or LF",
        _ => "550 5.6.11 Lines of a message end in CRLF, and hold no other CR or LF",
    };
    let good = match (outcome, replies) {
        ("cut", [said]) => said == refusal,
        ("refused", [said, bye]) => said == refusal && bye.starts_with("221 "),
        ("text", [said, bye]) => said.starts_with("250 ") && bye.starts_with("221 "),
        _ => false,
    };
    (!good).then(|| format!("{outcome}: {replies:?}"))
}

#[test]
#[ignore = "many connections: make test"]
fn what_is_no_end_ends_nothing() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-refusals-per-minute", "0"]);
    let token = server.first("server_token");
    let (mut wrong, mut taken) = (Vec::new(), 0);
    let before = b"From: hello@example.test\r\nTo: kim@example.test\r\nSubject: outer\r\n\r\nouter";
    let after = format!("{INNER}QUIT\r\n");
    for listener in ["inbound", "submission", "capture"] {
        for (outcome, end) in ends() {
            for pieces in cuts(before, &end, after.as_bytes()) {
                let mut client = begin(&server, listener, &token);
                assert_eq!(&client.ask("DATA")[..3], "354");
                // Who is refused in the middle may not be there for the rest.
                let _ = pieces.iter().try_for_each(|piece| client.try_say(piece));
                let replies = client.hear_all();
                if let Some(why) = misjudged(&outcome, &replies, listener) {
                    wrong.push(format!(
                        "{listener} {:?}: {why}",
                        end.escape_ascii().to_string()
                    ));
                }
                taken += u64::from(outcome == "text");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(subjects(&site), [json!("outer")]);
    let came = count(&site, "message WHERE email_id IS NULL");
    assert_eq!(came + count(&site, "email"), taken);
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}

/// The subjects of everything that is there.
fn subjects(site: &Site) -> Vec<Value> {
    let all = rows(
        site,
        "SELECT subject FROM message UNION SELECT subject FROM email",
    );
    all.into_iter().flatten().collect()
}

/// By BDAT the same bytes are text where they are whole lines, and refused where they are not.
#[test]
#[ignore = "many connections: make test"]
fn a_chunk_is_as_long_as_it_says() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-refusals-per-minute", "0"]);
    let mut taken = 0;
    let good: [&[u8]; 3] = [b"\r\n.\r\n", b"\r\n..\r\n", b"\r\n\r\n.\r\n\r\n"];
    let good = good.map(|end| ("text".to_owned(), end.to_vec()));
    for (outcome, end) in ends().into_iter().chain(good) {
        let content = [b"Subject: outer\r\n\r\nouter", &*end, INNER.as_bytes()].concat();
        for first in [0, content.len(), 23 + end.len() / 2] {
            let mut client = begin(&server, "inbound", "");
            let (one, two) = content.split_at(first);
            client.say(format!("BDAT {}\r\n", one.len()).as_bytes());
            client.say(one);
            client.say(format!("BDAT {} LAST\r\n", two.len()).as_bytes());
            client.say(two);
            client.say(b"QUIT\r\n");
            let replies = client.hear_all();
            let last = &replies[replies.len() - 2];
            let shown = end.escape_ascii().to_string();
            if outcome == "text" {
                assert!(last.starts_with("250 2.0.0 OK "), "{shown}: {replies:?}");
                taken += 1;
            } else {
                let refused = replies.iter().any(|one| one.starts_with("550 5.6.11 "));
                assert!(refused && !last.starts_with('2'), "{shown}: {replies:?}");
            }
            assert_eq!(replies.last().map(String::as_str), Some("221 2.0.0 Bye"));
        }
    }
    assert_eq!(subjects(&site), [json!("outer")]);
    assert_eq!(count(&site, "message"), taken);
}

/// A place whose mail leaves, byte by byte looked at.
struct Out {
    world: World,
    recorder: Recorder,
    token: String,
}

impl Out {
    fn new() -> Self {
        let world = World::start("");
        world.domain("acme.test");
        world.site.cli(&["org", "set", "--direct", "on"]);
        let recorder = Recorder::start("127.0.0.6", world.port);
        world.lead("far.test", "127.0.0.6");
        let token = world.key("acme.test", "live");
        Self {
            world,
            recorder,
            token,
        }
    }

    /// Waits for so many messages, and looks at every byte of them.
    fn looks_at(self, sent: usize) -> Vec<Vec<u8>> {
        let contents = wait::until(&format!("{sent} messages"), || {
            let contents = self.recorder.contents();
            (contents.len() >= sent).then_some(contents)
        });
        assert_eq!(contents.len(), sent);
        assert_eq!(count(&self.world.site, "delivery"), sent as u64);
        // Idle connections stay open for the next message; stopped, they say their last.
        let (_, log) = self.world.server.process.stop();
        assert!(!log.contains("panicked"), "{log}");
        for heard in self.recorder.heard() {
            strict(&heard);
        }
        contents
    }
}

/// Whether everything that came is commands that we meant, and lines.
fn strict(heard: &Heard) {
    let bytes = &heard.bytes;
    for (at, byte) in bytes.iter().enumerate() {
        let near = || bytes[at.saturating_sub(30)..bytes.len().min(at + 30)].escape_ascii();
        match byte {
            b'\r' => assert_eq!(bytes.get(at + 1), Some(&b'\n'), "bare CR: {}", near()),
            b'\n' => assert_eq!(bytes[at - 1], b'\r', "bare LF: {}", near()),
            0 => panic!("NUL: {}", near()),
            _ => {}
        }
    }
    for command in &heard.commands {
        let ours = match command.split(':').next().unwrap_or_default() {
            "MAIL FROM" => command.contains("@mailer."),
            "RCPT TO" => command == "RCPT TO:<kim@far.test>",
            word => ["DATA", "QUIT", "RSET", "NOOP"].contains(&word) || word.starts_with("EHLO "),
        };
        assert!(ours, "{command}");
    }
}

#[test]
#[ignore = "real servers: make test"]
fn what_leaves_holds_no_end_but_its_own() {
    let out = Out::new();
    let mut sent = 0;
    let tries = ends().into_iter().map(|(_, end)| end);
    let tries = tries.chain([b"\r\n.\r\n".to_vec()]);
    for end in tries {
        let text = String::from_utf8_lossy(&end);
        let evil = format!("a{text}MAIL FROM:<evil@evil.test>{text}b");
        for field in [
            "textbody",
            "htmlbody",
            "subject",
            "replyto",
            "inreplyto",
            "references",
            "list_unsubscribe",
            "tags",
            "name",
            "content_type",
            "cid",
        ] {
            let reply = out.world.server.send(&out.token, &hostile(field, &evil));
            assert!([200, 400].contains(&reply.status), "{field}: {reply:?}");
            sent += usize::from(reply.status == 200);
        }
    }
    assert!(sent > 100, "{sent}");
    let contents = out.looks_at(sent);
    assert!(contents.iter().all(|content| content.ends_with(b"\r\n")));
}

/// A message with something evil in one of its fields.
fn hostile(field: &str, evil: &str) -> Value {
    use base64::Engine as _;
    let content = base64::engine::general_purpose::STANDARD.encode(evil);
    let mut message = json!({"from": "hello@acme.test", "to": "kim@far.test",
        "subject": "Hello", "textbody": "Hi"});
    let mut file = json!({"name": "a.txt", "content": content, "content_type": "text/plain"});
    match field {
        "name" | "content_type" | "cid" => {
            file[field] = json!(evil);
            message["attachments"] = json!([file]);
        }
        _ => message[field] = json!(evil),
    }
    message
}

#[test]
#[ignore = "real servers: make test"]
fn what_is_handed_in_in_disguise_leaves_as_lines() {
    let out = Out::new();
    let address = out.world.server.smtp("submission");
    let key = fill(
        "AUTH PLAIN {{base64 \\0x\\0{{token}}}}",
        &[("token", &out.token)],
    );
    let mut sent = 0;
    for letter in lines("letters.txt") {
        let mut client = Client::connect(&address);
        client.say(b"EHLO client.test\r\n");
        client.answer();
        client.answer();
        assert!(client.ask(&key).starts_with("235 "));
        assert!(
            client
                .ask("MAIL FROM:<hello@acme.test>")
                .starts_with("250 ")
        );
        assert!(client.ask("RCPT TO:<kim@far.test>").starts_with("250 "));
        assert!(client.ask("DATA").starts_with("354 "));
        client.say(b"From: hello@acme.test\r\nTo: kim@far.test\r\n");
        client.say(&unescape(&letter));
        let answer = client.ask(".");
        assert!(
            answer.starts_with("250 ") || answer.starts_with("550 "),
            "{letter}: {answer}"
        );
        sent += usize::from(answer.starts_with("250 "));
    }
    assert!(sent > 10, "{sent}");
    let contents = out.looks_at(sent);
    // One of them was nothing but dots, which arrive as they were.
    let dots = |content: &Vec<u8>| {
        content
            .windows(15)
            .any(|some| some == b"\r\n..\r\n..\r\n...\r\n")
    };
    assert_eq!(contents.iter().filter(|content| dots(content)).count(), 1);
}
