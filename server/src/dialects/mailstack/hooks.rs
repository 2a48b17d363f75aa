//! The bodies of webhook calls, and what they are signed with.

use std::fmt::Write as _;
use std::time::Duration;

use posthouse::clock::Timestamp;
use posthouse::model::delivery::Delivery;
use posthouse::model::event::EventKind;
use posthouse::model::fate::fate_of;
use posthouse::model::notice::{Afterwards, Form, Notice, Patience, Retried, Secrecy, Signing};
use posthouse::model::organization::SignatureFormat;

use super::convert::{FORM, Happening, happening, status_of, wanted};
use super::wire::answer::{Hook, HookData};

/// Waits before the second, third, … call.
const GAPS: [Duration; 7] = [
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(6 * 3600),
    Duration::from_secs(24 * 3600),
];

/// The form of Mailstack's webhooks.
pub struct Hooks;

impl Form for Hooks {
    fn name(&self) -> &'static str {
        FORM
    }

    fn body(&self, notice: &Notice, words: Option<&str>) -> Option<Vec<u8>> {
        let happening = happening(notice.event.kind, notice.event.facts.route)?;
        if !wanted(words, happening) {
            return None;
        }
        let hook = Hook {
            id: notice.event_uuid.to_string(),
            kind: happening.words().1,
            created_at: notice.event.at.rfc3339_seconds(),
            data: HookData {
                id: notice.email.uuid.to_string(),
                to_email: notice
                    .recipient
                    .as_deref()
                    .unwrap_or(&notice.email.fields.to),
                status: status(notice, happening),
                error_message: trouble(notice),
            },
        };
        let body = serde_json::to_vec(&hook).expect("texts can always be written as JSON");
        Some(body)
    }

    fn headers(&self, body: &[u8], signing: &Signing<'_>) -> Vec<(String, String)> {
        let field = |name: &str, value: String| (name.to_owned(), value);
        let mut headers = vec![
            field("Content-Type", String::from("application/json")),
            field("User-Agent", String::from("Mailstack-Webhooks/1.0")),
        ];
        if let Some(sign) = signing.secret {
            let signature = match signing.format {
                SignatureFormat::Plain => hex(&sign(body)),
                SignatureFormat::Timestamped => timestamped(body, sign, signing.now),
            };
            headers.push(field("X-MailStack-Signature", signature));
        }
        headers
    }

    fn patience(&self) -> Patience {
        Patience {
            gaps: &GAPS,
            retried: Retried::Everything,
            afterwards: Afterwards::GoOn,
        }
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Prefixed("whsec_")
    }
}

/// `t=<seconds>,v1=<hex>`, over the seconds, a dot and the body.
fn timestamped(body: &[u8], sign: &dyn Fn(&[u8]) -> [u8; 32], now: Timestamp) -> String {
    let seconds = now.0.div_euclid(1000);
    let mut signed = format!("{seconds}.").into_bytes();
    signed.extend_from_slice(body);
    format!("t={seconds},v1={}", hex(&sign(&signed)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the event says of the recipient's copy; what it does not, its standing does.
fn status(notice: &Notice, happening: Happening) -> &'static str {
    match happening {
        Happening::Sent => "Sent",
        Happening::Delivered => "Delivered",
        Happening::Bounce => "Bounced",
        Happening::Complaint => "Complained",
        Happening::Reject => "Failed",
        Happening::DeliveryDelay => "Queued",
        Happening::Open | Happening::Click => {
            let own = |one: &&Delivery| Some(one.id) == notice.event.delivery;
            let delivery = notice.deliveries.iter().find(own);
            let send_at = notice.email.send_at;
            delivery.map_or("Delivered", |one| {
                status_of(fate_of(one, send_at, notice.now)).0
            })
        }
    }
}

/// What was said when it did not arrive, or not yet.
fn trouble(notice: &Notice) -> Option<&str> {
    match notice.event.kind {
        EventKind::Bounced | EventKind::Suppressed | EventKind::Deferred => {
            notice.event.detail.as_deref()
        }
        EventKind::Queued
        | EventKind::Delivered
        | EventKind::Spam
        | EventKind::Held
        | EventKind::Released
        | EventKind::Burned
        | EventKind::Canceled
        | EventKind::Complained
        | EventKind::Opened
        | EventKind::Clicked
        | EventKind::Unsubscribed
        | EventKind::Received
        | EventKind::Unknown => None,
    }
}

#[cfg(test)]
mod tests;
