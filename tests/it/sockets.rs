//! Mail told over web sockets as it comes in, to Node's `ws`.

use posthouse_tests::process::Running;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use posthouse_tests::{http, place, wait};
use serde_json::{Value, json};

/// A server, and a key of whoever listens.
struct Scene {
    server: Serving,
    key: String,
}

impl Scene {
    fn start() -> Self {
        let server = Site::new().serve();
        let key = server.first_key("mailsac");
        Self { server, key }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> http::Reply {
        let method = method.parse().expect("a method");
        let request = http::client().request(method, self.server.url(path));
        http::ask(request.header("Mailsac-Key", &self.key).json(body))
    }

    /// An address that sockets are told of.
    #[track_caller]
    fn address(&self, address: &str) {
        let reply = self.call(
            "POST",
            &format!("/api/addresses/{address}"),
            &json!({"enablews": true}),
        );
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    fn url(&self, query: &str) -> String {
        format!("ws://{}/incoming-messages?{query}", self.server.address())
    }

    /// Somebody who listens, from the moment that they do.
    fn listen(&self, query: &str, options: &[&str]) -> Listener {
        let query = format!("key={}&{query}", self.key);
        let listener = Listener::start(&self.url(&query), options);
        let greeting = listener.frame(0);
        assert_eq!(greeting["msg"], "Listening", "{greeting}");
        listener
    }

    /// Brings mail for addresses in, with a body of so many lines.
    fn bring(&self, recipients: &[&str], subject: &str, lines: usize) {
        let mut client = Client::connect(&self.server.smtp("inbound"));
        assert!(client.answer().is_some_and(|line| line.starts_with("220 ")));
        let mut say = |line: &str, code: &str| {
            let answer = client.ask(line);
            assert!(answer.starts_with(code), "{line}: {answer}");
        };
        say("EHLO far.test", "250 ");
        say("MAIL FROM:<ann@far.test>", "250 ");
        for recipient in recipients {
            say(&format!("RCPT TO:<{recipient}>"), "250 ");
        }
        say("DATA", "354 ");
        let line = format!("{}\r\n", "x".repeat(78));
        let head = format!("From: Ann <ann@far.test>\r\nSubject: {subject}\r\n\r\n");
        let mail = format!("{head}{}.", line.repeat(lines));
        say(&mail, "250 ");
    }
}

/// Node, which listens.
struct Listener(Running);

impl Listener {
    fn start(url: &str, options: &[&str]) -> Self {
        let mut command = place::node();
        command.arg("socket.js").arg(url).args(options);
        Self(Running::start(&mut command))
    }

    fn said(&self, key: &str) -> Vec<Value> {
        let lines = self.0.lines();
        let values = lines.iter().map(|line| serde_json::from_str(line));
        let values = values.map(|value: Result<Value, _>| value.expect("JSON"));
        values.filter(|value| !value[key].is_null()).collect()
    }

    /// The frame of this number, once it is there.
    fn frame(&self, number: usize) -> Value {
        let found = wait::until(&format!("frame {number}"), || {
            self.said("frame").into_iter().nth(number)
        });
        found["frame"].clone()
    }

    fn subjects(&self) -> Vec<String> {
        let frames = self.said("frame");
        let subjects = frames
            .iter()
            .filter_map(|one| one["frame"]["subject"].as_str());
        subjects.map(str::to_owned).collect()
    }

    /// How it ended.
    fn end(&self) -> Value {
        wait::until("the end of a socket", || self.said("close").pop())
    }
}

#[test]
#[ignore = "real servers: make test"]
fn mail_is_told_flat_and_nested_to_whoever_listens_for_it() {
    let scene = Scene::start();
    scene.address("kim@example.test");
    scene.address("lee@example.test");
    let one = scene.listen("addresses=Kim%2Bx@example.test", &[]);
    let all = scene.listen("", &[]);
    let greeting = one.frame(0);
    assert_eq!(greeting["addresses"], json!(["kim@example.test"]));
    assert_eq!(greeting["domains"], json!([]));
    let greeting = all.frame(0);
    let both = json!(["kim@example.test", "lee@example.test"]);
    assert_eq!(greeting["addresses"], both);
    scene.bring(&["lee@example.test"], "for Lee", 1);
    scene.bring(&["any@example.test"], "for nobody", 1);
    scene.bring(&["kim+a@example.test"], "for Kim", 1);
    let told = one.frame(1);
    assert_eq!(
        (&told["status"], &told["subject"]),
        (&json!(200), &json!("for Kim"))
    );
    assert_eq!(told["inbox"], "kim@example.test");
    assert_eq!(told["originalInbox"], "kim+a@example.test");
    assert_eq!(
        told["from"],
        json!([{"address": "ann@far.test", "name": "Ann"}])
    );
    let mut flat = told.clone();
    let fields = flat.as_object_mut().expect("an object");
    for own in ["status", "event", "email"] {
        assert!(fields.remove(own).is_some(), "{own}");
    }
    assert_eq!(flat, told["email"]);
    let id = told["_id"].as_str().expect("an id");
    let path = format!("/api/addresses/kim@example.test/messages/{id}");
    assert_eq!(scene.call("GET", &path, &Value::Null).json()["_id"], id);
    all.frame(2);
    assert_eq!(all.subjects(), ["for Lee", "for Kim"]);
    assert_eq!(one.subjects(), ["for Kim"]);
}

#[test]
#[ignore = "real servers: make test"]
fn who_may_not_listen_is_told_so() {
    let scene = Scene::start();
    scene.address("kim@example.test");
    let key = &scene.key;
    for (query, status) in [
        (String::new(), 401),
        ("key=k_wrong".to_owned(), 401),
        (format!("key={key}&addresses=kim@other.test"), 403),
        (format!("key={key}&addresses=other.test"), 403),
        (format!("key={key}&addresses=off@example.test"), 403),
        (format!("key={key}&addresses=example.test"), 403),
        (format!("key={key}&addresses=kim@"), 400),
        (format!("key={key}&after=x"), 400),
    ] {
        let listener = Listener::start(&scene.url(&query), &[]);
        let frame = listener.frame(0);
        assert_eq!(frame["status"], status, "{query}: {frame}");
        assert!(frame["error"].is_string());
        assert_eq!(listener.end()["close"], 1008, "{query}");
    }
    let wrong = Listener::start(&scene.url("key=k_wrong"), &[]);
    let words = "Not authorized. You may need to log in first.";
    assert_eq!(wrong.frame(0), json!({"status": 401, "error": words}));
    let plain = scene.server.get("/incoming-messages");
    assert_eq!(plain.status, 426, "{}", plain.body);
}

#[test]
#[ignore = "real servers: make test"]
fn a_page_of_another_host_is_not_let_in() {
    let scene = Scene::start();
    let query = format!("key={}", scene.key);
    let own = format!("http://{}", scene.server.address());
    scene.listen("", &["--origin", &own]);
    for origin in ["https://evil.test", "null", "http://127.0.0.1:1"] {
        let listener = Listener::start(&scene.url(&query), &["--origin", origin]);
        let refused = wait::until("a refusal", || listener.said("refused").pop());
        assert_eq!(refused["refused"], 403, "{origin}");
        assert_eq!(refused["body"]["error"], "Forbidden");
    }
}

#[test]
#[ignore = "real servers: make test"]
fn who_comes_again_hears_what_came_since_and_nothing_twice() {
    let scene = Scene::start();
    scene.address("kim@example.test");
    let first = scene.listen("", &[]);
    scene.bring(&["kim@example.test"], "1", 1);
    let seen = first.frame(1)["event"].clone();
    drop(first);
    for subject in ["2", "3", "4"] {
        scene.bring(&["kim@example.test"], subject, 1);
    }
    let again = scene.listen(&format!("after={seen}"), &[]);
    again.frame(3);
    scene.bring(&["kim@example.test"], "5", 1);
    again.frame(4);
    assert_eq!(again.subjects(), ["2", "3", "4", "5"]);
    let whole = scene.listen("after=0", &[]);
    whole.frame(5);
    assert_eq!(whole.subjects(), ["1", "2", "3", "4", "5"]);
}

#[test]
#[ignore = "real servers: make test"]
fn who_does_not_keep_up_is_closed_and_misses_nothing() {
    let scene = Scene::start();
    scene.address("kim@example.test");
    let slow = scene.listen("", &["--pause"]);
    wait::until("a pause", || slow.said("paused").pop());
    // Each frame is the better part of a megabyte. Linux holds up to some 36 MiB of one
    // connection for two programs (net.ipv4.tcp_rmem and tcp_wmem as they often are).
    let subjects: Vec<String> = (1..=120).map(|number| number.to_string()).collect();
    for subject in &subjects {
        scene.bring(&["kim@example.test"], subject, 2_500);
    }
    wait::until("the end of patience", || {
        let log = scene.server.process.errors();
        log.contains("its reader does not keep up").then_some(())
    });
    slow.0.signal("USR2");
    let end = slow.end();
    assert_eq!(end["close"], 1013, "{end}");
    let told = slow.said("frame");
    let seen = told.last().expect("a greeting")["frame"]["event"].clone();
    let heard = slow.subjects();
    assert!(heard.len() < subjects.len(), "{heard:?}");
    let again = scene.listen(&format!("after={seen}"), &[]);
    again.frame(subjects.len() - heard.len());
    assert_eq!([heard, again.subjects()].concat(), subjects);
}

#[test]
#[ignore = "real servers: make test"]
fn a_stop_says_so() {
    let scene = Scene::start();
    let listener = scene.listen("", &[]);
    let (status, _) = scene.server.process.stop();
    assert!(status.success());
    assert_eq!(listener.end()["close"], 1001);
}
