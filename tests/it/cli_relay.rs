//! Relays on the command line: their order, their limits, and whether they work.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use posthouse_tests::site::{Ran, Site};
use serde_json::{Value, json};

use super::cli::look;

#[test]
fn relays_have_an_order_and_limits() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let add = |name: &str, more: &[&str]| {
        let mut all = vec!["relay", "add", name, "--host", "127.0.0.1", "--port", "25"];
        all.extend(["--security", "plain"]);
        all.extend(more);
        site.cli(&all)
    };
    let limits = ["--hourly", "100", "--daily", "500"];
    let sender = ["--sender", "The Shop <hello@shop.test>"];
    let first = add("first", &[limits.as_slice(), &sender].concat());
    assert_eq!(
        (
            &first["hourly"],
            &first["daily"],
            &first["sender"],
            &first["position"]
        ),
        (
            &json!(100),
            &json!(500),
            &json!({"email": "hello@shop.test", "name": "The Shop"}),
            &json!(0)
        )
    );
    add("second", &[]);
    add("third", &[]);
    let ordered = site.cli(&["relay", "order", "third", "2"]);
    let names = |list: &Value| {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&ordered), ["third", "second", "first"]);
    let listed = look(&site, &["relay", "list"]);
    assert_eq!(names(&listed), ["third", "second", "first"]);
    assert_eq!(
        (&listed[0]["standing"], &listed[2]["this_hour"]),
        (&json!("default"), &json!(0))
    );
    let words = site.say(&["relay", "list"]);
    for part in [
        "1 (default)",
        "0 of 100",
        "0 of 500",
        "no limit",
        "The Shop",
    ] {
        assert!(words.contains(part), "no {part} in {words}");
    }
    let set = [
        "relay", "set", "first", "--hourly", "off", "--sender", "none",
    ];
    let set = site.cli(&set);
    assert_eq!(
        (&set["hourly"], &set["daily"], &set["sender"]),
        (&Value::Null, &json!(500), &Value::Null)
    );
    for (arguments, code) in [
        (vec!["relay", "set", "first"], 2),
        (vec!["relay", "set", "first", "--daily", "0"], 2),
        (vec!["relay", "set", "nobody", "--daily", "1"], 4),
        (vec!["relay", "order", "first", "nobody"], 4),
    ] {
        let ran = site.run(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
    }
}

/// Greets, and takes every mail.
fn talk(connection: TcpStream) -> std::io::Result<()> {
    let mut to = connection.try_clone()?;
    to.write_all(b"220 relay.test ESMTP\r\n")?;
    let mut lines = BufReader::new(connection).lines();
    while let Some(line) = lines.next() {
        match line?.split([' ', ':']).next() {
            Some("EHLO") => to.write_all(b"250-relay.test\r\n250 8BITMIME\r\n")?,
            Some("MAIL" | "RCPT" | "RSET") => to.write_all(b"250 ok\r\n")?,
            Some("DATA") => {
                to.write_all(b"354 go on\r\n")?;
                lines
                    .by_ref()
                    .find(|line| !matches!(line, Ok(line) if line != "."));
                to.write_all(b"250 taken\r\n")?;
            }
            Some("QUIT") => return to.write_all(b"221 bye\r\n"),
            _ => to.write_all(b"502 no\r\n")?,
        }
    }
    Ok(())
}

/// A relay that takes every mail; its port.
fn sink() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port().to_string();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            talk(connection.expect("a connection")).expect("a conversation");
        }
    });
    port
}

#[test]
fn an_email_says_which_relay_took_it() {
    let site = Site::new();
    let server = site.serve();
    let port = sink();
    let add = [
        "relay",
        "add",
        "sink",
        "--host",
        "127.0.0.1",
        "--port",
        &port,
    ];
    site.cli(&[add.as_slice(), &["--security", "plain", "--daily", "9"]].concat());
    let make = ["key", "create", "--api", "mailpass", "--name", "app"];
    let key = site.cli(&[make.as_slice(), &["--mode", "live"]].concat());
    let token = key["token"].as_str().expect("a token");
    let message = json!({"from_email": "me@shop.test", "to": "kim@far.test",
        "subject": "Order", "text": "Hi"});
    let reply = server.post(token, "/api/v1/mail/send", &message);
    assert!(reply.status < 300, "{reply:?}");
    let shown = site.cli(&["email", "show", "1"]);
    let delivery = &shown["deliveries"][0];
    assert_eq!(
        (&delivery["route"], &delivery["relay"], &shown["fate"]),
        (&json!("relay"), &json!("sink"), &json!("sent")),
        "{shown}"
    );
    let words = site.say(&["email", "show", "1"]);
    assert!(words.contains("relay (sink)"), "{words}");
    let relays = site.cli(&["relay", "list"]);
    assert_eq!(relays[0]["today"], 1, "{relays}");
}

#[test]
fn a_test_says_what_was_said_and_what_to_do() {
    let site = Site::new();
    drop(site.serve().process.stop());
    let port = sink();
    let host = ["--host", "127.0.0.1", "--port", &port];
    let add = |name: &str, more: &[&str]| {
        let mut all = vec!["relay", "add", name];
        all.extend(host);
        all.extend(more);
        site.cli(&all);
    };
    add("sink", &["--security", "plain"]);
    add("safe", &["--security", "starttls"]);
    let works = site.say(&["relay", "test", "sink"]);
    for part in ["S: 220 relay.test", "C: EHLO", "TLS: none", "sink works"] {
        assert!(works.contains(part), "no {part} in {works}");
    }
    let works = site.cli(&["relay", "test", "sink"]);
    assert_eq!(
        (&works["ok"], &works["tls"], &works["fault"]),
        (&json!(true), &Value::Null, &Value::Null)
    );

    let ran = site.run(&["relay", "test", "safe"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(
        (&said["ok"], &said["stage"]),
        (&json!(false), &json!("tls")),
        "{said}"
    );
    let ran = Ran::of(&mut site.command(&["relay", "test", "safe"]));
    for part in ["does not work", "What to do: ", "--security"] {
        assert!(ran.out.contains(part), "no {part} in {}", ran.out);
    }
}
