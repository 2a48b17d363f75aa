//! One mailbox through every door: the same messages, sizes and marks, whichever changed them.

use posthouse_tests::http::{self, Reply};
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use serde_json::{Value, json};

use super::imap_dialogue::mailbox;

const KIM: &str = "kim@example.test";

/// A message as every door tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    subject: String,
    size: u64,
    seen: bool,
    starred: bool,
    labels: Vec<String>,
}

fn bring(server: &Serving, subject: &str, lines: usize) {
    let mut client = Client::connect(&server.smtp("inbound"));
    assert!(client.answer().is_some_and(|line| line.starts_with("220 ")));
    let body = "A line.\r\n".repeat(lines);
    for (line, code) in [
        ("EHLO far.test", "250 "),
        ("MAIL FROM:<ann@far.test>", "250 "),
        (&format!("RCPT TO:<{KIM}>"), "250 "),
        ("DATA", "354 "),
        (&format!("Subject: {subject}\r\n\r\n{body}."), "250 "),
    ] {
        let answer = client.ask(line);
        assert!(answer.starts_with(code), "{line}: {answer}");
    }
}

/// What is said to a command of IMAP, which has to go well.
fn imap(client: &mut Client, command: &str) -> Vec<String> {
    client.say(format!("x {command}\r\n").as_bytes());
    let mut said = Vec::new();
    loop {
        let line = client.hear().expect("an answer");
        if let Some(ended) = line.strip_prefix("x ") {
            assert!(ended.starts_with("OK"), "{command}: {ended}");
            return said;
        }
        said.push(line);
    }
}

fn by_imap(client: &mut Client) -> Vec<Told> {
    imap(client, "NOOP");
    let asked = "FETCH 1:* (FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])";
    let said = imap(client, asked).join("\n");
    let one = |text: &str| {
        let between = |start: &str, end: &str| {
            let (_, rest) = text.split_once(start).expect("there");
            rest.split(end).next().expect("an end").to_owned()
        };
        let flags = between("FLAGS (", ")");
        let flags: Vec<&str> = flags.split_ascii_whitespace().collect();
        let words = flags.iter().filter(|flag| !flag.starts_with('\\'));
        Told {
            subject: between("Subject: ", "\n"),
            size: between("RFC822.SIZE ", " ").parse().expect("a number"),
            seen: flags.contains(&"\\Seen"),
            starred: flags.contains(&"\\Flagged"),
            labels: words.map(ToString::to_string).collect(),
        }
    };
    said.split("* ").skip(1).map(one).collect()
}

fn ask(server: &Serving, key: &str, method: &str, path: &str) -> Reply {
    let method = method.parse().expect("a method");
    let request = http::client().request(method, server.url(path));
    let reply = http::ask(request.header("Mailsac-Key", key));
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    reply
}

/// Oldest first, as the others have it.
fn by_http(server: &Serving, key: &str) -> Vec<(String, Told)> {
    let listed = ask(
        server,
        key,
        "GET",
        &format!("/api/addresses/{KIM}/messages"),
    )
    .json();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let one = |message: &Value| {
        let labels = message["labels"].as_array().expect("labels");
        let told = Told {
            subject: text(&message["subject"]),
            size: message["size"].as_u64().expect("a size"),
            seen: message["read"].as_bool().unwrap_or(false),
            starred: message["savedBy"].is_string(),
            labels: labels.iter().map(text).collect(),
        };
        (text(&message["_id"]), told)
    };
    listed
        .as_array()
        .expect("a list")
        .iter()
        .rev()
        .map(one)
        .collect()
}

fn sizes_by_pop3(server: &Serving, password: &str) -> Vec<u64> {
    let mut client = Client::connect(&server.pop3("starttls"));
    client.hear();
    client.say(format!("USER {KIM}\r\nPASS {password}\r\nLIST\r\n").as_bytes());
    let mut sizes = Vec::new();
    for _ in 0..3 {
        let said = client.hear().expect("an answer");
        assert!(said.starts_with("+OK"), "{said}");
    }
    loop {
        let said = client.hear().expect("a line");
        match said.split_once(' ') {
            Some((_, size)) => sizes.push(size.parse().expect("a size")),
            None => return sizes,
        }
    }
}

/// Subject, whether it was read and is starred, and labels.
type Marks = (&'static str, bool, bool, &'static [&'static str]);

struct Scene {
    site: Site,
    server: Serving,
    key: String,
    password: String,
    client: Client,
}

impl Scene {
    /// Three messages, and the inbox open in IMAP.
    fn start() -> Self {
        let site = Site::new();
        let server = site.serve();
        let key = server.first_key("mailsac");
        let password = mailbox(&site, KIM);
        for (subject, lines) in [("one", 1), ("two", 200), ("three", 3)] {
            bring(&server, subject, lines);
        }
        let mut client = Client::connect(&server.imap("starttls"));
        client.hear();
        imap(&mut client, &format!("LOGIN {KIM} {password}"));
        imap(&mut client, "SELECT INBOX");
        Self {
            site,
            server,
            key,
            password,
            client,
        }
    }

    fn same(&mut self, marks: [Marks; 3]) {
        let told = by_imap(&mut self.client);
        let http = by_http(&self.server, &self.key);
        let http: Vec<Told> = http.into_iter().map(|(_, told)| told).collect();
        assert_eq!(http, told);
        let found: Vec<_> = told
            .iter()
            .map(|one| {
                (
                    one.subject.as_str(),
                    one.seen,
                    one.starred,
                    one.labels.clone(),
                )
            })
            .collect();
        let marks = marks.map(|(subject, seen, starred, labels)| {
            let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
            (subject, seen, starred, labels)
        });
        assert_eq!(found, marks);
        let sizes: Vec<u64> = told.iter().map(|one| one.size).collect();
        assert_eq!(sizes_by_pop3(&self.server, &self.password), sizes);
        let listed = self.site.cli(&["message", "list", "--address", KIM]);
        let listed = listed.as_array().expect("a list").iter().rev();
        let engine: Vec<Value> = listed
            .map(|one| json!([one["subject"], one["size_bytes"]]))
            .collect();
        let expected: Vec<Value> = told
            .iter()
            .map(|one| json!([one.subject, one.size]))
            .collect();
        assert_eq!(engine, expected);
        let shown = self.site.cli(&["mailbox", "show", KIM]);
        let unread = told.iter().filter(|one| !one.seen).count();
        assert_eq!(shown["unread"], unread);
    }
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn it_is_the_same_through_every_door() {
    let mut scene = Scene::start();
    imap(&mut scene.client, "STORE 1 +FLAGS (\\Seen \\Flagged)");
    imap(&mut scene.client, "STORE 2 +FLAGS ($Work)");
    scene.same([
        ("one", true, true, &[]),
        ("two", false, false, &["$Work"]),
        ("three", false, false, &[]),
    ]);
    let all = by_http(&scene.server, &scene.key);
    let changes = ["star", "read/true", "labels/later"];
    for ((id, _), change) in all.iter().zip(changes) {
        let path = format!("/api/addresses/{KIM}/messages/{id}/{change}");
        ask(&scene.server, &scene.key, "PUT", &path);
    }
    scene.same([
        ("one", true, false, &[]),
        ("two", true, false, &["$Work"]),
        ("three", false, false, &["later"]),
    ]);
}
