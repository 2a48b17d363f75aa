//! What `posthouse email why --json` tells of an email with one recipient.

use posthouse::clock::Timestamp;
use serde_json::Value;

use crate::site::Site;

/// The story of the one recipient.
pub struct Story {
    email: i64,
    recipient: Value,
}

/// A try.
#[derive(Clone, Debug)]
pub struct Try(Value);

impl Story {
    /// Asks for it.
    ///
    /// # Panics
    /// When the email has not one recipient.
    #[track_caller]
    pub fn of(site: &Site, email: i64) -> Self {
        let whole = site.cli(&["email", "why", &email.to_string(), "--no-dns"]);
        let recipients = whole["recipients"].as_array().expect("a list");
        assert_eq!(recipients.len(), 1, "{whole}");
        Self {
            email,
            recipient: recipients[0].clone(),
        }
    }

    /// The email's id.
    pub fn email(&self) -> i64 {
        self.email
    }

    /// What happened, in order.
    pub fn events(&self) -> Vec<&str> {
        self.all_events().map(|event| text(event, "kind")).collect()
    }

    /// The words of the events of this kind, in order.
    pub fn details(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.all_events().filter(|event| event["kind"] == kind);
        of_kind.map(|event| text(event, "detail")).collect()
    }

    /// The relays that the events of this kind name, in order.
    pub fn relays(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.all_events().filter(|event| event["kind"] == kind);
        of_kind
            .filter_map(|event| event["relay"].as_str())
            .collect()
    }

    /// The tries, in order.
    ///
    /// # Panics
    /// When there is no list of them.
    pub fn tries(&self) -> Vec<Try> {
        let tries = self.recipient["attempts"].as_array().expect("a list");
        tries.iter().cloned().map(Try).collect()
    }

    /// Where it stands, as the delivery's row has it.
    pub fn delivery(&self) -> &Value {
        &self.recipient["delivery"]
    }

    /// Everything, to show when something is wrong.
    pub fn whole(&self) -> &Value {
        &self.recipient
    }

    fn all_events(&self) -> impl Iterator<Item = &Value> {
        self.recipient["events"].as_array().expect("a list").iter()
    }
}

impl Try {
    /// What it came to.
    pub fn outcome(&self) -> &str {
        text(&self.0, "outcome")
    }

    /// The answer, in a line.
    pub fn reply(&self) -> &str {
        text(&self.0, "reply")
    }

    /// What was said.
    pub fn conversation(&self) -> &str {
        text(&self.0, "transcript")
    }

    /// How it left.
    pub fn route(&self) -> &str {
        text(&self.0, "route")
    }

    /// The relay it went to, by id.
    pub fn relay(&self) -> Option<String> {
        self.0["relay_id"].as_i64().map(|id| id.to_string())
    }

    /// When it was written down, in milliseconds.
    pub fn began_ms(&self) -> i64 {
        millis(&self.0["planned_at"])
    }

    /// When its end was.
    pub fn ended_ms(&self) -> i64 {
        millis(&self.0["settled_at"])
    }
}

/// A time of the command line's JSON, in milliseconds.
///
/// # Panics
/// When it is none.
#[track_caller]
pub fn millis(time: &Value) -> i64 {
    let parsed = time.as_str().and_then(Timestamp::parse_rfc3339);
    parsed.unwrap_or_else(|| panic!("not a time: {time}")).0
}

#[track_caller]
fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    let found = of[key].as_str();
    found.unwrap_or_else(|| panic!("no {key} in {of}"))
}
