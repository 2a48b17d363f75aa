use posthouse::ids::{BodyId, DeliveryId, DomainId, EmailId, EventId, KeyId, OrganizationId};
use posthouse::model::delivery::{RecipientField, Route, State};
use posthouse::model::email::{Email, Fields};
use posthouse::model::event::{Event, Facts};
use uuid::Uuid;

use super::*;

fn notice(kind: EventKind, route: Option<Route>) -> Notice {
    let at = Timestamp::parse_rfc3339("2026-06-18T10:00:05.7Z").unwrap();
    let address = "kim@customer.example".to_owned();
    Notice {
        event: Event {
            id: EventId(9),
            organization: OrganizationId(1),
            domain: Some(DomainId(12)),
            email: Some(EmailId(7)),
            delivery: Some(DeliveryId(3)),
            kind,
            detail: Some("550 5.1.1 no such user".to_owned()),
            facts: Facts {
                route,
                ..Facts::default()
            },
            at,
        },
        event_uuid: Uuid::from_u128(0x8f3a_1c2e),
        recipient: Some(address.clone()),
        email: Email {
            id: EmailId(7),
            uuid: Uuid::from_u128(7),
            organization: OrganizationId(1),
            domain: Some(DomainId(12)),
            key: KeyId(2),
            body: BodyId(3),
            message_id: "3f0c@mailer.mail.example".to_owned(),
            fields: Fields {
                from: "Shop <hello@shop.example>".to_owned(),
                to: "kim@customer.example, lee@customer.example".to_owned(),
                cc: None,
                bcc: None,
                reply_to: None,
                subject: None,
                list_unsubscribe: None,
                tags: None,
            },
            metadata: None,
            send_at: None,
            created_at: at,
        },
        deliveries: vec![Delivery {
            id: DeliveryId(3),
            email: EmailId(7),
            address,
            field: RecipientField::To,
            state: State::Complained,
            held_because: None,
            bounced_by: None,
            route: Some(Route::Direct),
            attempts: 1,
            next_at: None,
            last_answer: None,
            sent_at: Some(at),
            updated_at: at,
        }],
        html: None,
        text: None,
        now: at,
    }
}

fn body(notice: &Notice) -> String {
    String::from_utf8(Hooks.body(notice, None).unwrap()).unwrap()
}

#[test]
fn looks_as_the_contract_shows_it() {
    assert_eq!(
        body(&notice(EventKind::Bounced, None)),
        concat!(
            r#"{"id":"00000000-0000-0000-0000-00008f3a1c2e","type":"email.bounced","#,
            r#""createdAt":"2026-06-18T10:00:05Z","#,
            r#""data":{"id":"00000000-0000-0000-0000-000000000007","#,
            r#""toEmail":"kim@customer.example","status":"Bounced","#,
            r#""errorMessage":"550 5.1.1 no such user"}}"#,
        )
    );
}

#[test]
fn every_event_has_its_word_or_none() {
    let direct = Some(Route::Direct);
    for &kind in EventKind::ALL {
        let told = |route| {
            let notice = notice(kind, route);
            let body = Hooks.body(&notice, None)?;
            let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let error = json["data"]["errorMessage"].is_string();
            let (word, status) = (json["type"].clone(), json["data"]["status"].clone());
            Some(format!("{word} {status} {error}").replace('"', ""))
        };
        let expected = match kind {
            EventKind::Delivered => Some("email.delivered Delivered false"),
            EventKind::Bounced => Some("email.bounced Bounced true"),
            EventKind::Complained => Some("email.complained Complained false"),
            EventKind::Suppressed => Some("email.rejected Failed true"),
            EventKind::Deferred => Some("email.delivery_delayed Queued true"),
            // Where the recipient's copy stands.
            EventKind::Opened => Some("email.opened Complained false"),
            EventKind::Clicked => Some("email.clicked Complained false"),
            EventKind::Queued
            | EventKind::Spam
            | EventKind::Held
            | EventKind::Released
            | EventKind::Burned
            | EventKind::Canceled
            | EventKind::Unsubscribed
            | EventKind::Received
            | EventKind::Unknown => None,
        };
        assert_eq!(told(direct).as_deref(), expected, "{kind}");
        if kind == EventKind::Delivered {
            for route in [Some(Route::Relay), Some(Route::Capture), None] {
                assert_eq!(told(route).as_deref(), Some("email.sent Sent false"));
            }
        }
    }
}

#[test]
fn only_what_is_wanted_is_told() {
    let delivered = notice(EventKind::Delivered, Some(Route::Direct));
    for (words, told) in [
        ("*", true),
        ("Delivered", true),
        ("Sent,Delivered", true),
        ("email.delivered", true),
        ("Sent", false),
        ("Deliver", false),
        ("", false),
    ] {
        assert_eq!(
            Hooks.body(&delivered, Some(words)).is_some(),
            told,
            "{words}"
        );
    }
}

#[test]
fn is_signed_in_the_format_of_the_organization() {
    let mac = |bytes: &[u8]| {
        let mut mac = [0xab; 32];
        mac[31] = u8::try_from(bytes.len()).unwrap();
        mac
    };
    let signed = |format| {
        let signing = Signing {
            domain: None,
            secret: Some(&mac),
            format,
            now: Timestamp(1_781_776_805_999),
        };
        Hooks.headers(b"body", &signing)
    };
    let ab = "ab".repeat(31);
    let field = |name: &str, value: String| (name.to_owned(), value);
    assert_eq!(
        signed(SignatureFormat::Plain),
        [
            field("Content-Type", "application/json".to_owned()),
            field("User-Agent", "Mailstack-Webhooks/1.0".to_owned()),
            field("X-MailStack-Signature", format!("{ab}04")),
        ]
    );
    // Ten digits, a dot and the body are 15 bytes.
    let timestamped = signed(SignatureFormat::Timestamped).pop().unwrap();
    assert_eq!(timestamped.1, format!("t=1781776805,v1={ab}0f"));
}

#[test]
fn is_tried_eight_times_over_a_day_and_more() {
    let patience = Hooks.patience();
    let minutes: Vec<u64> = patience.gaps.iter().map(|gap| gap.as_secs() / 60).collect();
    assert_eq!(minutes, [0, 1, 5, 30, 120, 360, 1440]);
    assert_eq!(patience.gaps[0], Duration::from_secs(10));
    assert_eq!(patience.retried, Retried::Everything);
    assert_eq!(patience.afterwards, Afterwards::GoOn);
}
