use std::sync::atomic::{AtomicU8, Ordering};

use posthouse::ids::{BodyId, BounceId, DomainId, EmailId, EventId, KeyId, OrganizationId};
use posthouse::model::bounce::BounceSource;
use posthouse::model::delivery::{BouncedBy, Delivery, State};
use posthouse::model::email::{Email, Fields, Replayed};
use posthouse::model::event::Facts;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::http::json::object;

/// Counts up from a byte.
struct Counting(AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[test]
fn keys_have_their_form() {
    let live = live_token(&Counting(0.into()));
    assert_eq!(
        live.whole,
        "mp_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd"
    );
    assert_eq!(live.prefix, "mp_live_0123");
    let test = test_token(&Counting(0.into()));
    assert_eq!(
        test.whole,
        "mp_test_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd"
    );
    for (token, expected) in [
        (live.whole.as_str(), Some(LIVE_SHAPE)),
        (&test.whole, Some(TEST_SHAPE)),
        ("mp_live", None),
        ("MP_LIVE_x", None),
        ("org_x", None),
        ("", None),
    ] {
        assert_eq!(shape(token), expected, "{token}");
    }
}

#[test]
fn permissions_are_the_contracts_words() {
    for (word, expected) in [
        ("mail", Some([Scope::Send, Scope::Read].as_slice())),
        ("subscribers", Some(&[Scope::Suppressions])),
        ("*", Some(&[Scope::All])),
        ("otp", Some(&[])),
        ("campaigns", Some(&[])),
        ("webhooks", Some(&[])),
        ("Mail", None),
        ("", None),
    ] {
        assert_eq!(scopes(word), expected, "{word}");
    }
}

#[test]
fn a_message_is_named_by_its_message_id_or_a_queue_id() {
    for (segment, queue_id) in [
        ("101", Some(101)),
        ("0", Some(0)),
        ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", None),
        ("+1", None),
        ("-1", None),
        ("1@h", None),
        ("<a@h>", None),
        ("", None),
    ] {
        let expected = match queue_id {
            Some(id) => EmailRef::Delivery(DeliveryId(id)),
            None => EmailRef::MessageId(segment.to_owned()),
        };
        assert_eq!(email_ref(segment), expected, "{segment}");
    }
}

const NOON: Timestamp = Timestamp(1_769_774_400_999);

fn email() -> Email {
    Email {
        id: EmailId(1),
        uuid: Uuid::nil(),
        organization: OrganizationId(1),
        domain: Some(DomainId(1)),
        key: KeyId(1),
        body: BodyId(1),
        message_id: String::from("abc.1769774400@mail.example"),
        fields: Fields {
            from: String::from("\"Shop, Ltd\" <support@shop.example>"),
            to: String::from("Kim <user@example.com>"),
            cc: None,
            bcc: None,
            reply_to: None,
            subject: Some(String::from("Order")),
            list_unsubscribe: None,
            tags: None,
        },
        metadata: None,
        send_at: None,
        created_at: NOON,
    }
}

fn delivery(state: State) -> Delivery {
    Delivery {
        id: DeliveryId(101),
        email: EmailId(1),
        address: String::from("user@example.com"),
        field: RecipientField::To,
        state,
        held_because: None,
        bounced_by: None,
        route: None,
        attempts: 1,
        next_at: None,
        last_answer: Some(String::from("550 5.1.1 no")),
        sent_at: None,
        updated_at: NOON,
    }
}

fn standing(delivery: Delivery) -> EmailStanding {
    EmailStanding {
        email: email(),
        deliveries: vec![delivery],
    }
}

#[test]
fn a_status_has_all_its_keys() {
    let sent = Delivery {
        sent_at: Some(NOON),
        route: Some(Route::Relay),
        ..delivery(State::Delivered)
    };
    let opened = happened(
        EventKind::Opened,
        Facts {
            ip: Some(String::from("192.0.2.1")),
            user_agent: Some(String::from("Mozilla/5.0")),
            ..Facts::default()
        },
    );
    let told = status(&standing(sent), &[opened], NOON);
    assert_eq!(
        serde_json::to_string(&told).unwrap(),
        concat!(
            r#"{"message":{"message_id":"<abc.1769774400@mail.example>","from_email":"support@shop.example","#,
            r#""to_email":"user@example.com","subject":"Order","status":"sent","error_message":null,"#,
            r#""sent_at":"2026-01-30T12:00:00","created_at":"2026-01-30T12:00:00"},"#,
            r#""events":[{"event_type":"open","ip_address":"192.0.2.1","user_agent":"Mozilla/5.0","created_at":"2026-01-30T12:00:00"}]}"#,
        )
    );
    let queued = status(&standing(delivery(State::Queued)), &[], NOON);
    assert_eq!(
        serde_json::to_value(&queued.message).unwrap()["sent_at"],
        json!(null)
    );
}

#[test]
fn every_end_has_its_word() {
    let by = |by| Delivery {
        bounced_by: Some(by),
        ..delivery(State::Bounced)
    };
    let through = |route| Delivery {
        route: Some(route),
        ..delivery(State::Delivered)
    };
    let no = Some("550 5.1.1 no");
    for (one, word, trouble) in [
        (delivery(State::Queued), "queued", None),
        (delivery(State::Sending), "queued", None),
        (delivery(State::Deferred), "queued", None),
        (delivery(State::Held), "queued", None),
        (through(Route::Relay), "sent", None),
        (through(Route::Capture), "sent", None),
        (through(Route::Direct), "delivered", None),
        (through(Route::Local), "delivered", None),
        (through(Route::Simulated), "delivered", None),
        (delivery(State::Complained), "complained", None),
        (by(BouncedBy::Peer), "failed", no),
        (by(BouncedBy::Us), "failed", no),
        (by(BouncedBy::Report), "bounced", no),
        (delivery(State::Suppressed), "failed", no),
        (delivery(State::Burned), "failed", no),
        (delivery(State::Canceled), "failed", no),
    ] {
        let state = one.state;
        let told = status(&standing(one), &[], NOON).message;
        assert_eq!(told.status, word, "{state}");
        assert_eq!(told.error_message.as_deref(), trouble, "{state}");
    }
}

fn happened(kind: EventKind, facts: Facts) -> Event {
    Event {
        id: EventId(1),
        organization: OrganizationId(1),
        domain: None,
        email: Some(EmailId(1)),
        delivery: None,
        kind,
        detail: None,
        facts,
        at: NOON,
    }
}

#[test]
fn events_are_the_contracts_or_none() {
    let words: Vec<&str> = EventKind::ALL
        .iter()
        .filter_map(|kind| event_word(&happened(*kind, Facts::default())))
        .collect();
    assert_eq!(
        words,
        ["bounce", "complaint", "open", "click", "unsubscribe"]
    );
    for (route, word) in [
        (Route::Local, Some("delivered")),
        (Route::Relay, None),
        (Route::Direct, Some("delivered")),
        (Route::Capture, None),
        (Route::Simulated, Some("delivered")),
    ] {
        let facts = Facts {
            route: Some(route),
            ..Facts::default()
        };
        assert_eq!(event_word(&happened(EventKind::Delivered, facts)), word);
    }
}

#[test]
fn an_answer_has_the_message_id_in_brackets_and_bare_addresses() {
    let accepted = Accepted {
        id: EmailId(1),
        uuid: Uuid::nil(),
        message_id: String::from("a.1@h"),
        from: String::from("a@b.test"),
        deliveries: vec![
            (DeliveryId(7), String::from("kim@c.test")),
            (DeliveryId(8), String::from("copy@c.test")),
        ],
        replayed: Replayed::No,
    };
    assert_eq!(
        serde_json::to_string(&sent(&accepted, "sent")).unwrap(),
        r#"{"message_id":"<a.1@h>","status":"sent","to":"kim@c.test","from":"a@b.test"}"#
    );
    let all = vec![
        (Some(String::from("Kim <kim@c.test>")), Ok(accepted)),
        (Some(String::from("nope")), Err(String::from("no"))),
        (None, Err(String::from("nobody"))),
    ];
    assert_eq!(
        serde_json::to_string(&batch(all)).unwrap(),
        concat!(
            r#"{"total":3,"queued":1,"failed":2,"messages":["#,
            r#"{"to":"kim@c.test","status":"queued","queue_id":7,"message_id":"<a.1@h>"},"#,
            r#"{"to":"nope","status":"failed","error":"no"},"#,
            r#"{"to":null,"status":"failed","error":"nobody"}]}"#,
        )
    );
}

#[test]
fn pages_fall_back_and_are_clamped() {
    let pairs = |text: &str| -> Vec<(String, String)> {
        text.split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    for (query, expected) in [
        ("", (0, 20)),
        ("limit=5&offset=3", (3, 5)),
        ("limit=0", (0, 1)),
        ("limit=101", (0, 100)),
        (
            "limit=99999999999999999999&offset=99999999999999999999",
            (u32::MAX, 100),
        ),
        ("limit=-1&offset=-1", (0, 20)),
        ("limit=x&offset=", (0, 20)),
        ("limit=5&limit=6", (0, 6)),
    ] {
        assert_eq!(page(&pairs(query)), expected, "{query}");
    }
}

#[test]
fn a_bounce_has_a_zone_and_all_its_keys() {
    let one = Bounce {
        id: BounceId(9),
        organization: OrganizationId(1),
        address: String::from("kim@c.test"),
        kind: BounceKind::Hard,
        subtype: Some(String::from("5.1.1")),
        diagnostic: Some(String::from("550 no")),
        source: BounceSource::Smtp,
        email: None,
        created_at: NOON,
    };
    let told = bounces(vec![one], 31, (30, 20));
    assert_eq!(
        serde_json::to_string(&told).unwrap(),
        concat!(
            r#"{"bounces":[{"id":9,"email":"kim@c.test","bounce_type":"hard","bounce_subtype":"5.1.1","#,
            r#""source":"smtp","campaign_name":null,"subscriber_name":null,"created_at":"2026-01-30T12:00:00Z"}],"#,
            r#""total":31,"limit":20,"offset":30}"#,
        )
    );
}

#[test]
fn a_report_needs_an_address_and_a_kind() {
    let made = |json: &str| report(object(json.as_bytes()).unwrap());
    let whole = made(
        r#"{"email":"kim@c.test","bounce_type":"soft","bounce_subtype":"full","diagnostic_code":"452"}"#,
    )
    .unwrap();
    assert_eq!(whole.address, "kim@c.test");
    assert_eq!(whole.kind, BounceKind::Soft);
    assert_eq!(whole.subtype.as_deref(), Some("full"));
    assert_eq!(whole.diagnostic.as_deref(), Some("452"));
    let least = made(
        r#"{"email":"x","bounce_type":"complaint","bounce_subtype":null,"diagnostic_code":""}"#,
    );
    let least = least.unwrap();
    assert_eq!((least.subtype, least.diagnostic), (None, None));
    for (json, expected) in [
        ("{}", "email is needed"),
        (r#"{"email":""}"#, "email is needed"),
        (r#"{"email":5}"#, "email is malformed"),
        (r#"{"email":"x"}"#, "The bounce_type field is required."),
        (
            r#"{"email":"x","bounce_type":"Hard"}"#,
            "The bounce_type field must be hard, soft or complaint.",
        ),
        (
            r#"{"email":"x","bounce_type":1}"#,
            "The bounce_type field must be hard, soft or complaint.",
        ),
        (
            r#"{"email":"x","bounce_type":"hard","bounce_subtype":1}"#,
            "The bounce_subtype field must be a string.",
        ),
        (
            r#"{"email":"x","bounce_type":"hard","diagnostic_code":{}}"#,
            "The diagnostic_code field must be a string.",
        ),
    ] {
        let told = match made(json).unwrap_err() {
            Unreported::Engine(error) => error.to_string().replace("invalid: address", "email"),
            Unreported::Field(_, text) => text.to_owned(),
        };
        assert_eq!(told, expected, "{json}");
    }
}
