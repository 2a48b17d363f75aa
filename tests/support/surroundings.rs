//! The world around the first five minutes: DNS that records are published in, a mail server
//! that mail leaves for, and one that hands mail in.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::dns::Knot;
use crate::postfix::Postfix;
use crate::site::{self, Site, Waits};
use crate::smtp::{Envelope, hand};
use crate::{http, place, wait};

/// A host that leads to the far end; the server itself is on another one.
const FAR_HOST: &str = "127.0.0.9";
/// What a character-string of a record holds at most, in octets (RFC 1035 section 3.3).
const STRING_OCTETS: usize = 255;

/// Where the server is that the journey is about.
pub struct Doors {
    /// Its HTTP address, with the scheme and without a slash at the end.
    pub http: String,
    /// Where it takes mail from anybody, host and port.
    pub inbound: String,
}

/// Real servers on loopback.
pub struct Surroundings {
    dns: Knot,
    postfix: Postfix,
}

impl Surroundings {
    /// Starts them, for a site that is not started yet, and tells it of them.
    pub fn around(site: &Site) -> Self {
        Self::about(|toml| site.configure(toml))
    }

    /// Starts them, and has whoever is not started yet configured for them.
    pub fn about(configure: impl FnOnce(&str)) -> Self {
        let dns = Knot::start();
        let port = place::free_port(FAR_HOST);
        configure(&site::delivering(dns.address(), port, &Waits::SHORT, ""));
        let postfix = Postfix::start(FAR_HOST, port);
        dns.add(&format!(
            "far.test. MX 10 mx.far.test.\nmx.far.test. A {FAR_HOST}\n\
             far.test. TXT \"v=spf1 ip4:127.0.0.1 -all\""
        ));
        Self { dns, postfix }
    }

    /// What a journey asks for, by its name.
    ///
    /// # Panics
    /// When there is no such thing, or it does not come.
    pub fn answer(&self, doors: &Doors, what: &str, asked: &Value) -> Value {
        let text = |key: &str| {
            asked[key]
                .as_str()
                .unwrap_or_else(|| panic!("no {key} in {asked}"))
        };
        match what {
            "publish" => self.publish(asked["records"].as_array().expect("records")),
            "use" => send(doors, text("token"), text("from"), text("to")),
            "arrived" => self.arrived(text("to"), text("subject")),
            "hand" => handed(doors, text("to")),
            other => panic!("{other} is asked for, which is not here"),
        }
    }

    /// In place of what stands at these names.
    fn publish(&self, records: &[Value]) -> Value {
        let mut lines = String::new();
        for record in records {
            let part = |key: &str| record[key].as_str().unwrap_or_else(|| panic!("no {key}"));
            let (kind, name, value) = (part("type"), part("name"), part("value"));
            self.dns.remove(&format!("{name}. {kind}"));
            let value = match kind {
                "TXT" => quoted(value),
                _ => format!("{}.", value.trim_end_matches('.')),
            };
            writeln!(lines, "{name}. {kind} {value}").expect("a string takes it");
        }
        self.dns.add(&lines);
        Value::Null
    }

    fn arrived(&self, to: &str, subject: &str) -> Value {
        let (to, subject) = (format!("To: {to}"), format!("Subject: {subject}"));
        // What does not come is told by the journey, with what is at the page meanwhile.
        let found = wait::within(wait::PATIENCE, || {
            let all = self.postfix.messages();
            let mut texts = all
                .iter()
                .map(|one| String::from_utf8_lossy(one).into_owned());
            texts.find(|text| text.contains(&to) && text.contains(&subject))
        });
        json!({"text": found})
    }
}

/// As a provider's form makes it of a long text: strings of what one holds.
fn quoted(text: &str) -> String {
    let pieces = text.as_bytes().chunks(STRING_OCTETS);
    let pieces = pieces.map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece)));
    pieces.collect::<Vec<_>>().join(" ")
}

fn send(doors: &Doors, token: &str, from: &str, to: &str) -> Value {
    let message = json!({"from": from, "to": to, "subject": "By the key", "textbody": "Hi"});
    let request = http::client().post(format!("{}/api/v1/send", doors.http));
    let reply = http::ask(
        request
            .header("MailPace-Server-Token", token)
            .json(&message),
    );
    json!({"status": reply.status})
}

/// A mail with everything that a reader shows.
fn handed(doors: &Doors, to: &str) -> Value {
    let mail = format!(
        "From: Ann Far <ann@far.test>\r\nTo: {to}\r\nSubject: News from afar\r\n\
         Message-ID: <news@far.test>\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
         --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
         --a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello in plain words.\r\n\
         --a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Hello in <b>html</b>, see <a href=\"https://far.test/offer\">the offer</a>.</p>\
         <img src=\"https://far.test/dot.gif\" alt=\"\">\r\n--a--\r\n\
         --m\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"prices.csv\"\r\n\r\n\
         a,b\r\n--m--\r\n"
    );
    let to = &[to];
    let (from, mail) = ("ann@far.test", mail.as_str());
    hand(&doors.inbound, None, &Envelope { from, to, mail });
    json!({
        "subject": "News from afar",
        "text": "Hello in plain words.",
        "html": "Hello in",
        "attachment": "prices.csv",
        "link": "https://far.test/offer",
        "id": "<news@far.test>",
        "source": "filename=\"prices.csv\"",
    })
}
