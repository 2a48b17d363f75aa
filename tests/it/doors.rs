//! One mail through each door that sends, captured, and read: whatever it came by, it is the
//! same mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse_tests::http::{Reply, ask, client};
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::{Envelope, hand};
use posthouse_tests::wait;
use serde_json::{Value, json};

use crate::mailsac_messages::{list, make_key};

const SUBJECT: &str = "Order 9 — été";
const HTML: &str = "<p>Danke, <b>Kim</b>!</p>\n<a href=\"https://shop.test/9\">Order 9</a>";
const TEXT: &str = "Danke, Kim!\n\n.hidden dots\nhttps://shop.test/9";
const FILE: &[u8] = b"%PDF-1.7 \x00\xff";

/// What a reader gets of a mail that was captured.
#[derive(Debug, PartialEq)]
struct Read {
    one: Value,
    attachments: Value,
    grouped: Value,
    ordered: Value,
    /// raw, plain header, dirty, body, text.
    shown: [String; 5],
    /// The files, as they are.
    files: Vec<Vec<u8>>,
}

struct Desk<'a> {
    server: &'a Serving,
    key: &'a str,
}

impl Desk<'_> {
    fn get(&self, path: &str) -> Reply {
        let request = client().get(self.server.url(path));
        let reply = ask(request.header("Mailsac-Key", self.key));
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply
    }

    /// The one mail of an inbox, in every way that it can be read, and then removed.
    fn take(&self, inbox: &str) -> Read {
        let all = format!("/api/addresses/{inbox}/messages");
        let found = wait::until("the captured mail", || list(self.server, self.key, &all));
        let [listed] = found.as_slice() else {
            panic!("{found:?}")
        };
        let id = listed["_id"].as_str().expect("an id");
        let below = format!("{all}/{id}");
        let one = self.get(&below).json();
        assert_eq!(&one, listed);
        let shown = ["raw", "headers", "dirty", "body", "text"].map(|what| {
            let path = format!("/api/{what}/{inbox}/{id}?messageHeadersFormat=plain");
            self.get(&path).body
        });
        let header = |form: &str| {
            let path = format!("{below}/headers?messageHeadersFormat={form}");
            self.get(&path).json()
        };
        let attachments = self.get(&format!("{below}/attachments")).json();
        let known = attachments.as_array().expect("a list").iter();
        let files = known.map(|file| {
            let md5 = file["checksum"].as_str().expect("an MD5");
            let request = client().get(self.server.url(&format!("{below}/attachments/{md5}")));
            let answer = request.header("Mailsac-Key", self.key).send();
            answer.expect("an answer").bytes().expect("bytes").to_vec()
        });
        let read = Read {
            files: files.collect(),
            one,
            grouped: header("json"),
            ordered: header("json-ordered"),
            attachments: attachments.clone(),
            shown,
        };
        assert_eq!(read.one["size"], read.shown[0].len(), "{read:?}");
        let request = client().delete(self.server.url(&below));
        let removed = ask(request.header("Mailsac-Key", self.key));
        assert_eq!(removed.status, 200, "{}", removed.body);
        read
    }
}

impl Read {
    /// Without what every sending says anew: ids, moments and boundaries.
    fn same(mut self) -> Self {
        let ordered = self.ordered.as_array().expect("a list").clone();
        let own = |name: &str| {
            let field = ordered.iter().find(|field| field["name"] == name);
            let field = field.unwrap_or_else(|| panic!("no {name} in {ordered:?}"));
            field["value"].as_str().expect("a text").to_owned()
        };
        let raw = &self.shown[0];
        let mut olds = vec![own("message-id"), own("date")];
        olds.extend(raw.split("boundary=\"").skip(1).map(|rest| {
            let (boundary, _) = rest.split_once('"').expect("an end");
            boundary.to_owned()
        }));
        assert!(olds.iter().all(|old| old.len() > 10), "{olds:?}");
        let new = |text: &str| {
            let each = olds.iter().enumerate();
            each.fold(text.to_owned(), |text, (at, old)| {
                text.replace(old.as_str(), &format!("({at})"))
            })
        };
        self.shown = self.shown.map(|text| new(&text));
        for value in [&mut self.grouped, &mut self.ordered] {
            let text = new(&value.to_string());
            *value = serde_json::from_str(&text).expect("JSON");
        }
        let one = self.one.as_object_mut().expect("an object");
        for key in ["_id", "received", "size"] {
            assert!(one.remove(key).is_some(), "{key}");
        }
        self
    }
}

/// The mail for SMTP, by a client that composes it in its own way.
fn composed(file: Option<&[u8]>) -> String {
    let wrapped = |bytes: &[u8]| STANDARD.encode(bytes);
    let subject = STANDARD.encode(SUBJECT);
    let both = format!(
        "Content-Type: multipart/alternative; boundary=two\r\n\r\n\
         --two\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n\
         --two\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --two--\r\n",
        TEXT.replace('\n', "\r\n"),
        wrapped(HTML.as_bytes()),
    );
    let body = match file {
        None => both,
        Some(file) => format!(
            "Content-Type: multipart/mixed; boundary=one\r\n\r\n--one\r\n{both}\
             --one\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=order.pdf\r\n\r\n{}\r\n--one--\r\n",
            wrapped(file)
        ),
    };
    format!(
        "From: Shop <hello@example.test>\r\nTo: Kim <kim@far.test>\r\nCc: lee@far.test\r\n\
         Subject: =?utf-8?b?{subject}?=\r\nMIME-Version: 1.0\r\n{body}"
    )
}

fn submitted(server: &Serving, token: &str, mail: &str) {
    let address = server.said["smtp"]["submission"].as_str();
    let envelope = Envelope {
        from: "hello@example.test",
        to: &["kim@far.test", "lee@far.test"],
        mail,
    };
    hand(
        address.expect("submission"),
        Some((token, token)),
        &envelope,
    );
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn one_mail_is_the_same_by_every_door() {
    let site = Site::new();
    let server = site.serve();
    let key = make_key(&site, None, "reader");
    let desk = Desk {
        server: &server,
        key: &key,
    };
    let token = |api: &str| {
        let made = site.cli(&["key", "create", "--api", api, "--name", api]);
        made["token"].as_str().expect("a token").to_owned()
    };
    let (mailstack, mailpass) = (token("mailstack"), token("mailpass"));
    let mailpace = server.first("server_token");
    let both = || {
        let kim = desk.take("kim@far.test");
        let lee = desk.take("lee@far.test");
        assert_eq!(kim.shown, lee.shown);
        kim.same()
    };

    server.accepted(
        &mailpace,
        &json!({"from": "Shop <hello@example.test>", "to": "Kim <kim@far.test>",
            "cc": "lee@far.test", "subject": SUBJECT, "htmlbody": HTML, "textbody": TEXT}),
    );
    let first = both();
    assert_eq!(first.one["subject"], SUBJECT);
    assert_eq!(first.one["links"], json!(["https://shop.test/9"]));
    assert_eq!(first.shown[2].replace("\r\n", "\n"), HTML);
    assert_eq!(first.shown[4].trim_end(), TEXT);

    let reply = server.post(
        &mailstack,
        "/v1/emails",
        &json!({"from": "hello@example.test", "fromName": "Shop", "to": "Kim <kim@far.test>",
            "cc": "lee@far.test", "subject": SUBJECT, "html": HTML, "text": TEXT}),
    );
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert_eq!(both(), first, "Mailstack");

    let reply = server.post(
        &mailpass,
        "/api/v1/mail/send",
        &json!({"from_email": "hello@example.test", "from_name": "Shop",
            "to": "Kim <kim@far.test>", "cc": ["lee@far.test"], "subject": SUBJECT,
            "html": HTML, "text": TEXT}),
    );
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(both(), first, "MailPass");

    for token in [&mailpace, &mailstack, &mailpass] {
        submitted(&server, token, &composed(None));
        assert_eq!(both(), first, "SMTP");
    }
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_file_is_the_same_by_every_door_that_takes_one() {
    let site = Site::new();
    let server = site.serve();
    let key = make_key(&site, None, "reader");
    let desk = Desk {
        server: &server,
        key: &key,
    };
    let token = server.first("server_token");
    let file = json!({"name": "order.pdf", "content": STANDARD.encode(FILE),
        "content_type": "application/pdf"});
    server.accepted(
        &token,
        &json!({"from": "Shop <hello@example.test>", "to": "Kim <kim@far.test>",
            "cc": "lee@far.test", "subject": SUBJECT, "htmlbody": HTML, "textbody": TEXT,
            "attachments": [file]}),
    );
    let first = desk.take("kim@far.test").same();
    desk.take("lee@far.test");
    assert_eq!(first.files, [FILE]);
    assert_eq!(first.attachments[0]["fileName"], "order.pdf");
    submitted(&server, &token, &composed(Some(FILE)));
    assert_eq!(desk.take("kim@far.test").same(), first);
}
