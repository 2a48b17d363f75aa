//! What nobody should send, and what they get: a refusal in the contract's own form, and
//! nothing half done.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use posthouse_tests::http::{self, Reply};
use posthouse_tests::site::{Serving, Site};
use serde_json::{Value, json};

const TOO_LARGE: &str = r#"{"error":"Email exceeds maximum size"}"#;
const FORMAT: &str = r#"{"error":"Invalid request format or content type"}"#;
const MIB: usize = 1024 * 1024;

fn emails(site: &Site) -> usize {
    let list = site.cli(&["email", "list"]);
    list.as_array().map(Vec::len).expect("a list")
}

/// Checks that a request was refused as the contract does, and says the names of the fields.
#[track_caller]
fn refused(reply: &Reply, what: &str) -> Vec<String> {
    assert!((400..500).contains(&reply.status), "{what}: {reply:?}");
    let body = reply.json();
    let body = body
        .as_object()
        .unwrap_or_else(|| panic!("{what}: {reply:?}"));
    assert_eq!(body.len(), 1, "{what}: {reply:?}");
    match (body.get("error"), body.get("errors")) {
        (Some(Value::String(_)), None) => Vec::new(),
        (None, Some(Value::Object(fields))) => {
            for texts in fields.values() {
                let texts = texts.as_array().expect("a list");
                assert!(
                    !texts.is_empty() && texts.iter().all(Value::is_string),
                    "{what}"
                );
            }
            fields.keys().cloned().collect()
        }
        _ => panic!("{what}: {reply:?}"),
    }
}

fn changed(field: &str, value: Value) -> Value {
    let mut message = super::hello();
    match field.strip_prefix("attachments.") {
        None => message[field] = value,
        Some(part) => {
            message["attachments"] = json!([{"name": "a.txt", "content": "aGk="}]);
            message["attachments"][0][part] = value;
        }
    }
    message
}

const HEADER_FIELDS: [&str; 12] = [
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "replyto",
    "inreplyto",
    "references",
    "list_unsubscribe",
    "attachments.name",
    "attachments.content_type",
    "attachments.cid",
];

/// A value that is right for the field, with `bad` in the middle.
fn spoilt(field: &str, bad: &str) -> String {
    match field {
        "from" => format!("Sh{bad}op <hello@example.test>"),
        "to" | "cc" | "bcc" | "replyto" => format!("K{bad}im <kim@customer.example>"),
        "inreplyto" | "references" => format!("<1{bad}@customer.example>"),
        "list_unsubscribe" => format!("<https://example.test/{bad}u>"),
        "attachments.name" => format!("a{bad}b.txt"),
        "attachments.content_type" => format!("text/plain{bad}"),
        "attachments.cid" => format!("lo{bad}go@example.test"),
        _ => format!("Hel{bad}lo"),
    }
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn no_control_character_gets_into_a_header() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    for field in HEADER_FIELDS {
        for bad in [
            "\0",
            "\r\nX-Injected: yes\r\n",
            "\nX-Injected: yes\n",
            "\rX-Injected: yes",
            "\r\n\r\n",
        ] {
            let message = changed(field, json!(spoilt(field, bad)));
            let reply = server.send(&token, &message);
            refused(&reply, &format!("{field} with {bad:?}"));
        }
    }
    assert_eq!(emails(&site), 0);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn over_long_values_are_refused() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    let long = "x".repeat(100_000);
    for field in HEADER_FIELDS {
        let reply = server.send(&token, &changed(field, json!(spoilt(field, &long))));
        refused(&reply, &format!("over-long {field}"));
    }
    for field in ["from", "to", "cc", "bcc", "replyto"] {
        for address in [
            format!("{}@example.test", "x".repeat(65)),
            format!("a@{}.test", "x".repeat(64)),
        ] {
            let reply = server.send(&token, &changed(field, json!(address)));
            refused(&reply, &format!("{field}: {address}"));
        }
    }
    assert_eq!(emails(&site), 0);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn wrong_types_are_refused() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    let fields = HEADER_FIELDS.iter().copied();
    for field in fields.chain(["htmlbody", "textbody", "attachments.content"]) {
        for value in [json!(7), json!(true), json!({"a": 1}), json!([[1]])] {
            let what = format!("{field}: {value}");
            let reply = server.send(&token, &changed(field, value));
            refused(&reply, &what);
        }
    }
    for value in [json!(7), json!({"a": 1}), json!([7]), json!([["a"]])] {
        let reply = server.send(&token, &changed("tags", value.clone()));
        refused(&reply, &format!("tags: {value}"));
    }
    for value in [
        json!("a"),
        json!(7),
        json!([7]),
        json!([null]),
        json!([{}]),
        json!([{"name": "a.txt"}]),
    ] {
        let reply = server.send(&token, &changed("attachments", value.clone()));
        refused(&reply, &format!("attachments: {value}"));
    }
    assert_eq!(emails(&site), 0);
}

fn raw(server: &Serving, token: &str, body: &[u8]) -> Reply {
    let mut request = format!(
        "POST /api/v1/send HTTP/1.1\r\nhost: x\r\nconnection: close\r\nmailpace-server-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    http::raw(&server.address(), &request)
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn text_that_is_no_text() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    let message = super::hello().to_string();
    let latin = message.replace("Hello", "H\u{e9}llo").into_bytes();
    let latin: Vec<u8> = latin.into_iter().filter(|byte| *byte != 0xc3).collect();
    raw(&server, &token, &latin).assert(406, FORMAT);
    let lone = message.replace("Hello", "\\ud800");
    raw(&server, &token, lone.as_bytes()).assert(406, FORMAT);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        raw(&server, &token, deep.as_bytes()).assert(406, FORMAT);
        let inside = message.replace("\"Hello\"", &deep);
        raw(&server, &token, inside.as_bytes()).assert(406, FORMAT);
    }
    assert_eq!(emails(&site), 0);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_body_of_76_mib_is_refused_while_it_is_read() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    let head = |length: &str| {
        format!(
            "POST /api/v1/send HTTP/1.1\r\nhost: x\r\nconnection: close\r\nmailpace-server-token: {token}\r\n\
             content-type: application/json\r\n{length}\r\n\r\n"
        )
    };
    // Announced: refused before a byte of it.
    let announced = head(&format!("content-length: {}", 76 * MIB));
    http::raw(&server.address(), announced.as_bytes()).assert(413, TOO_LARGE);

    // Not announced: refused when it is past the bound, before its end.
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream
        .write_all(head("transfer-encoding: chunked").as_bytes())
        .expect("written");
    let chunk = [
        format!("{MIB:x}\r\n").into_bytes(),
        vec![b' '; MIB],
        b"\r\n".to_vec(),
    ]
    .concat();
    let written = (0..76)
        .take_while(|_| stream.write_all(&chunk).is_ok())
        .count();
    assert!(written >= 75, "cut off after {written} MiB");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time");
    let mut answer = [0; 12];
    stream
        .read_exact(&mut answer)
        .expect("an answer before the end");
    assert_eq!(&answer, b"HTTP/1.1 413");
    drop(stream);

    // Within the bound of a request, past the bound of a message.
    let message = changed("textbody", json!("x".repeat(51_000_000)));
    server.send(&token, &message).assert(413, TOO_LARGE);
    assert_eq!(emails(&site), 0);
    assert_eq!(server.send(&token, &super::hello()).status, 200);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_large_email_within_the_bounds_is_taken() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("server_token");
    let file = "QUJD".repeat(8 * MIB);
    let message = changed("attachments", json!([{"name": "a.pdf", "content": file}]));
    server.accepted(&token, &message);
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn requests_that_are_none() {
    let site = Site::new();
    let server = site.serve();
    let token = server.first("organization_token");
    let ask = |method: &str, path: &str| server.organization(&token, method, path, &Value::Null);
    ask("GET", "/api/v1/send").assert(405, r#"{"error":"Method not allowed"}"#);
    ask("DELETE", "/api/v1/domains/1").assert(405, r#"{"error":"Method not allowed"}"#);
    ask("GET", "/api/v1/domains/1/nothing").assert(404, r#"{"error":"Not found"}"#);
    for broken in [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST /api/v1/send HTTP/1.1\r\ncontent-length: x\r\n\r\n",
    ] {
        let reply = http::raw(&server.address(), broken.as_bytes());
        assert!((400..506).contains(&reply.status), "{broken:?}: {reply:?}");
    }
    assert_eq!(server.get("/healthz").status, 200);
}
