//! What one client may take of SMTP, and that the others go on.

use std::net::Ipv4Addr;

use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use posthouse_tests::wait;

use super::dialogue::fill;

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const THERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);
const GREETING: &str = "220 localhost ESMTP";

/// A caller at the inbound listener, and the first thing that it hears.
fn call(server: &Serving, from: Ipv4Addr) -> (Client, String) {
    let mut client = Client::connect_from(from, &server.smtp("inbound"));
    let greeting = client.hear().expect("a greeting");
    (client, greeting)
}

/// A caller that is let in and has said hello.
fn guest(server: &Serving, from: Ipv4Addr) -> Client {
    let (mut client, greeting) = call(server, from);
    assert_eq!(greeting, GREETING);
    assert_eq!(client.ask("HELO client.test"), "250 localhost");
    client
}

/// Hands a message in, on a connection of its own.
fn deliver(server: &Serving, from: Ipv4Addr) {
    let mut client = guest(server, from);
    for line in ["MAIL FROM:<>", "RCPT TO:<kim@example.test>"] {
        assert_eq!(&client.ask(line)[..4], "250 ");
    }
    assert_eq!(&client.ask("DATA")[..4], "354 ");
    let taken = client.ask("Subject: hello\r\n\r\n.");
    assert!(taken.starts_with("250 2.0.0 OK "), "{taken}");
}

/// How many messages there are.
fn messages(site: &Site) -> usize {
    let list = site.cli(&["message", "list"]);
    list.as_array().expect("a list").len()
}

fn turned_away(server: &Serving, from: Ipv4Addr, words: &str) {
    let (mut client, said) = call(server, from);
    assert_eq!(said, words);
    assert_eq!(client.hear(), None);
}

#[test]
fn so_many_connections_at_a_time() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-connections", "2"]);
    let first = guest(&server, HERE);
    let _second = guest(&server, THERE);
    let words = "421 4.3.2 localhost Too many connections";
    turned_away(&server, HERE, words);
    turned_away(&server, Ipv4Addr::new(127, 0, 0, 10), words);
    drop(first);
    wait::until("a place", || {
        let (_, said) = call(&server, HERE);
        (said == GREETING).then_some(())
    });
}

#[test]
fn so_many_connections_from_one_address() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-connections-per-address", "2"]);
    let held = [guest(&server, HERE), guest(&server, HERE)];
    turned_away(
        &server,
        HERE,
        "421 4.7.0 localhost Too many connections from your address",
    );
    deliver(&server, THERE);
    drop(held);
    wait::until("a place", || {
        let (_, said) = call(&server, HERE);
        (said == GREETING).then_some(())
    });
}

#[test]
fn so_many_new_connections_a_minute() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-connections-per-minute", "3"]);
    for _ in 0..3 {
        assert_eq!(guest(&server, HERE).ask("QUIT"), "221 2.0.0 Bye");
    }
    turned_away(
        &server,
        HERE,
        "421 4.7.0 localhost Too many new connections from your address, try later",
    );
    deliver(&server, THERE);
}

#[test]
fn so_many_messages_a_minute() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-messages-per-minute", "2"]);
    deliver(&server, HERE);
    let mut client = guest(&server, HERE);
    assert_eq!(client.ask("MAIL FROM:<>"), "250 2.1.0 OK");
    assert_eq!(client.ask("RSET"), "250 2.0.0 OK");
    assert_eq!(
        client.ask("MAIL FROM:<>"),
        "450 4.7.1 Too many messages from your address, try later"
    );
    assert_eq!(
        client.ask("RCPT TO:<kim@example.test>"),
        "503 5.5.1 Say MAIL first"
    );
    deliver(&server, THERE);
    assert_eq!(messages(&site), 2);
}

#[test]
fn so_many_refusals_a_minute() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-refusals-per-minute", "5"]);
    let mut client = guest(&server, HERE);
    client.ask("MAIL FROM:<>");
    for _ in 0..5 {
        assert_eq!(
            &client.ask("RCPT TO:<kim@elsewhere.test>")[..9],
            "550 5.7.1"
        );
    }
    turned_away(
        &server,
        HERE,
        "421 4.7.0 localhost Too much was refused to your address, try later",
    );
    // Who is inside has a budget of the connection's own.
    assert_eq!(client.ask("RCPT TO:<kim@example.test>"), "250 2.1.5 OK");
    deliver(&server, THERE);
}

#[test]
#[ignore = "waits for wrong credentials: make test"]
fn so_many_wrong_credentials_from_one_address() {
    let site = Site::new();
    let server = site.serve();
    let address = server.smtp("submission");
    let token = server.first("server_token");
    let right = fill(
        "AUTH PLAIN {{base64 \\0x\\0{{token}}}}",
        &[("token", &token)],
    );
    let wrong = fill("AUTH PLAIN {{base64 \\0x\\0y}}", &[]);
    let hello = |from| {
        let mut client = Client::connect_from(from, &address);
        client.say(b"EHLO client.test\r\n");
        client.answer();
        client.answer();
        client
    };
    // Twenty wrong ones: two on each connection, all at once.
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let mut client = hello(HERE);
                for _ in 0..2 {
                    assert_eq!(
                        client.ask(&wrong),
                        "535 5.7.8 Authentication credentials invalid"
                    );
                }
            });
        }
    });
    assert_eq!(
        hello(HERE).ask(&right),
        "454 4.7.0 Too many failed authentications from your address, try later"
    );
    assert_eq!(
        hello(THERE).ask(&right),
        "235 2.7.0 Authentication succeeded"
    );
}

#[test]
fn a_line_of_any_length_is_one_refusal() {
    let site = Site::new();
    let server = site.serve();
    let mut client = guest(&server, HERE);
    for length in [511, 2_049, 12_289, 5_000_000] {
        client.say(&vec![b'x'; length]);
        assert_eq!(client.ask(""), "500 5.5.2 Line too long", "{length}");
    }
    // The longest that there is, and one more.
    let noop = |length: usize| format!("NOOP {}", "x".repeat(length - 7));
    assert_eq!(client.ask(&noop(512)), "250 2.0.0 OK");
    assert_eq!(client.ask(&noop(513)), "500 5.5.2 Line too long");
    let mail = |length: usize| {
        let envid = format!("{} ENVID=x", " ".repeat(length - 22));
        format!("MAIL FROM:<>{envid}")
    };
    assert_eq!(client.ask(&mail(2_048)), "250 2.1.0 OK");
    assert_eq!(client.ask("RSET"), "250 2.0.0 OK");
    assert_eq!(client.ask(&mail(2_049)), "500 5.5.2 Line too long");
}

#[test]
fn a_chunk_that_nobody_waits_for_ends_the_connection() {
    let site = Site::new();
    let server = site.serve();
    for size in ["100000001", "18446744073709551616", "99999999999999999999"] {
        let mut client = guest(&server, HERE);
        client.ask("MAIL FROM:<>");
        client.ask("RCPT TO:<kim@example.test>");
        client.say(format!("BDAT {size} LAST\r\nQUIT\r\n").as_bytes());
        assert_eq!(
            client.hear_all(),
            ["552 5.3.4 Message exceeds maximum size"]
        );
    }
    for size in [
        "100000000000000000000",
        "-1",
        "+1",
        "0x10",
        "1e3",
        "1 1",
        "",
    ] {
        let mut client = guest(&server, HERE);
        client.ask("MAIL FROM:<>");
        client.ask("RCPT TO:<kim@example.test>");
        client.say(format!("BDAT {size}\r\nQUIT\r\n").as_bytes());
        let said = client.hear_all();
        assert_eq!(
            said,
            ["501 5.5.4 Syntax: BDAT size [LAST]; closing connection"],
            "{size}"
        );
    }
    deliver(&server, HERE);
    assert_eq!(messages(&site), 1);
}

#[test]
fn the_slow_stand_in_nobodys_way() {
    let site = Site::new();
    let server = site.serve();
    let slow: Vec<Client> = (0..200)
        .map(|number| {
            let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 2, 0, 1)) + number / 4);
            let mut client = guest(&server, from);
            // Some in the middle of a command, some of a message, some of a chunk.
            match number % 3 {
                0 => client.say(b"M"),
                1 => client.say(b"MAIL FROM:<>\r\nRCPT TO:<kim@example.test>\r\nDATA\r\nS"),
                _ => {
                    client.say(b"MAIL FROM:<>\r\nRCPT TO:<kim@example.test>\r\nBDAT 50000000\r\nS")
                }
            }
            client
        })
        .collect();
    for _ in 0..5 {
        deliver(&server, HERE);
    }
    assert_eq!(messages(&site), 5);
    drop(slow);
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
    assert_eq!(messages(&site), 5);
}

/// Messages that have been the end of parsers.
fn monsters() -> Vec<(&'static str, String)> {
    let nested = |kind: &str| {
        let each = (0..20_000).map(|level| match kind {
            "multipart" => {
                format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
            }
            kind => format!("Content-Type: {kind}\r\n\r\n"),
        });
        each.collect::<String>()
    };
    let parts = "--b\r\n\r\nx\r\n".repeat(100_000);
    vec![
        (
            "parts",
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n"),
        ),
        ("multiparts in each other", nested("multipart")),
        ("messages in each other", nested("message/rfc822")),
        ("fields", "X: y\r\n".repeat(200_000)),
        (
            "a folded field",
            format!("Subject: x\r\n{}\r\n", " y\r\n".repeat(200_000)),
        ),
        (
            "recipients",
            format!("To: a@b.test\r\n{}\r\n", " ,a@b.test\r\n".repeat(50_000)),
        ),
        (
            "comments",
            format!("To: {}\r\n\r\n", "(\r\n ".repeat(50_000)),
        ),
        (
            "groups",
            format!("From: {}\r\n\r\n", "a:\r\n ".repeat(50_000)),
        ),
        (
            "parameters",
            format!(
                "Content-Type: text/plain{}\r\n\r\nx\r\n",
                ";\r\n a*0*=b".repeat(50_000)
            ),
        ),
        (
            "encoded words",
            format!("Subject: {}\r\n\r\n", "=?utf-8?q?=41?=\r\n ".repeat(50_000)),
        ),
        (
            "a boundary of nothing",
            "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n--\r\n----\r\n".to_owned(),
        ),
        ("no head", "\r\n".repeat(100_000)),
        (
            "no body",
            "Content-Type: multipart/mixed; boundary=b".to_owned(),
        ),
        (
            "elements in each other",
            format!(
                "Content-Type: text/html\r\n\r\n{}\r\n",
                "<div><table>\r\n".repeat(100_000)
            ),
        ),
    ]
}

#[test]
#[ignore = "large messages: make test"]
fn no_message_stops_a_listener() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-capture-size", "50000000"]);
    let token = server.first("server_token");
    let key = fill(
        "AUTH PLAIN {{base64 \\0x\\0{{token}}}}",
        &[("token", &token)],
    );
    for (name, message) in monsters() {
        for listener in ["inbound", "submission", "capture"] {
            let mut client = Client::connect(&server.smtp(listener));
            client.say(b"EHLO client.test\r\n");
            client.answer();
            client.answer();
            if listener != "inbound" {
                assert_eq!(&client.ask(&key)[..3], "235");
            }
            client.ask("MAIL FROM:<hello@example.test>");
            client.ask("RCPT TO:<kim@example.test>");
            assert_eq!(&client.ask("DATA")[..3], "354", "{name}");
            client.say(b"MIME-Version: 1.0\r\n");
            client.say(message.as_bytes());
            let said = client.ask("\r\n.");
            let judged = ["250 ", "550 "].iter().any(|code| said.starts_with(code));
            assert!(judged, "{name} at {listener}: {said}");
            assert_eq!(&client.ask("NOOP")[..3], "250", "{name} at {listener}");
        }
        deliver(&server, HERE);
    }
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}
