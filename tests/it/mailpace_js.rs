//! The vendor's official client for JavaScript, against the real binary.

use posthouse_tests::place;
use posthouse_tests::site::{Ran, Site};
use serde_json::{Value, json};

struct Client {
    base: String,
    authority: Option<String>,
}

impl Client {
    fn send(&self, token: &str, message: &Value) -> Value {
        let mut node = place::node();
        node.args(["client.js", &self.base, token, &message.to_string()]);
        node.env(
            "NODE_EXTRA_CA_CERTS",
            self.authority.as_deref().unwrap_or_default(),
        );
        let ran = Ran::of(&mut node);
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str(&ran.out).expect("JSON")
    }
}

fn message() -> Value {
    json!({
        "from": "Shop <hello@example.test>",
        "to": "kim@customer.example, lee@customer.example",
        "cc": "ann@customer.example",
        "bcc": "bob@customer.example",
        "replyto": "desk@example.test",
        "subject": "Order 9 — été",
        "htmlbody": "<p>Hi</p>",
        "textbody": "Hi",
        "list_unsubscribe": "<https://example.test/u>",
        "tags": ["orders", "new"],
        "attachments": [{"name": "a.pdf", "content": "JVBERi0=", "content_type": "application/pdf"}],
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut changed = message();
    changed[key] = value;
    changed
}

/// Token, message, status and text of each class of errors.
fn refusals<'a>(
    token: &'a str,
    limited: &'a str,
    live: &'a str,
) -> Vec<(&'a str, Value, i32, &'static str)> {
    let exe = json!([{"name": "a.exe", "content": "aGk="}]);
    vec![
        (" ", message(), 401, "Missing API Token"),
        (
            "00000000-0000-4000-8000-000000000000",
            message(),
            400,
            "Invalid API Token",
        ),
        (
            token,
            with("to", json!("kim")),
            400,
            r#"{"to":["is invalid"]}"#,
        ),
        (
            token,
            with("from", json!("nobody")),
            400,
            "Email from address not parseable",
        ),
        (
            token,
            with("attachments", exe),
            400,
            r#"{"attachments.name":["Extension file type blocked, see Docs for full list of allowed file types"]}"#,
        ),
        (
            token,
            with("from", json!("a@b.example")),
            403,
            "Verified domain does not match domain in From address of email",
        ),
        (
            live,
            message(),
            403,
            "Domain DKIM DNS not verified, please complete DKIM Verification",
        ),
        (
            token,
            json!([1]),
            406,
            "Invalid request format or content type",
        ),
        (
            limited,
            message(),
            429,
            "You are sending emails too quickly",
        ),
    ]
}

fn sends_and_is_refused(over: &str) {
    let site = Site::new();
    let server = match over {
        "https" => site.serve_with(&["--dev-tls", "--https", "127.0.0.1:0"]),
        _ => site.serve(),
    };
    let base = server.said[over]
        .as_str()
        .expect("an address")
        .replace("127.0.0.1", "localhost");
    let authority = server.said["dev_ca"].as_str().map(str::to_owned);
    assert_eq!(authority.is_some(), over == "https");
    let client = Client { base, authority };
    let token = server.first("server_token");
    let message = message();
    let sent = client.send(&token, &message);
    assert_eq!(sent, json!({"answer": {"id": 1, "status": "pending"}}));

    let limited = site.cli(&["key", "create", "--domain", "example.test"]);
    site.cli(&["key", "rate", &limited["id"].to_string(), "1"]);
    let limited = limited["token"].as_str().expect("a token");
    assert_eq!(
        client.send(limited, &message)["answer"]["status"],
        "pending"
    );
    site.cli(&["org", "set", "--direct", "on"]);
    site.cli(&["domain", "create", "unproved.test"]);
    let live = site.cli(&[
        "key",
        "create",
        "--domain",
        "unproved.test",
        "--mode",
        "live",
    ]);
    let live = live["token"].as_str().expect("a token");

    let refusals = refusals(&token, limited, live);
    for (token, message, status, text) in refusals {
        let refused = client.send(token, &message);
        assert_eq!(
            (
                &refused["error"]["statusCode"],
                &refused["error"]["message"]
            ),
            (&json!(status), &json!(text)),
            "{refused}"
        );
    }
}

#[test]
#[ignore = "real clients: make test"]
fn over_http() {
    sends_and_is_refused("http");
}

#[test]
#[ignore = "real clients: make test"]
fn over_tls() {
    sends_and_is_refused("https");
}
