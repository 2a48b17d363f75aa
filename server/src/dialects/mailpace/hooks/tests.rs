use posthouse::clock::Timestamp;
use posthouse::ids::{BodyId, DomainId, EmailId, EventId, KeyId, OrganizationId};
use posthouse::model::email::Email;
use posthouse::model::event::{Event, Facts};
use posthouse::model::organization::SignatureFormat;
use uuid::Uuid;

use super::*;

const AT: Timestamp = Timestamp(1_709_972_141_003);

fn notice(kind: EventKind) -> Notice {
    Notice {
        event: Event {
            id: EventId(9),
            organization: OrganizationId(1),
            domain: Some(DomainId(12)),
            email: Some(EmailId(48211)),
            delivery: None,
            kind,
            detail: None,
            facts: Facts::default(),
            at: AT,
        },
        event_uuid: Uuid::nil(),
        recipient: None,
        email: Email {
            id: EmailId(48211),
            uuid: Uuid::nil(),
            organization: OrganizationId(1),
            domain: Some(DomainId(12)),
            key: KeyId(1),
            body: BodyId(1),
            message_id: "3f0c@mailer.mail.example".to_owned(),
            fields: Fields {
                from: "Shop <hello@shop.example>".to_owned(),
                to: "kim@customer.example".to_owned(),
                cc: None,
                bcc: None,
                reply_to: None,
                subject: Some("Order 9".to_owned()),
                list_unsubscribe: None,
                tags: Some(vec!["orders".to_owned()]),
            },
            metadata: None,
            send_at: None,
            created_at: Timestamp(1_709_972_130_120),
        },
        deliveries: Vec::new(),
        html: Some("<p>Hi</p>".to_owned()),
        text: None,
        now: AT,
    }
}

fn body(notice: &Notice) -> String {
    String::from_utf8(Hooks.body(notice, None).unwrap()).unwrap()
}

#[test]
fn looks_as_the_contract_shows_it() {
    assert_eq!(
        body(&notice(EventKind::Deferred)),
        concat!(
            r#"{"event":"email.deferred","payload":{"status":"deferred","id":48211,"#,
            r#""domain_id":12,"created_at":"2024-03-09T08:15:30.120Z","#,
            r#""updated_at":"2024-03-09T08:15:41.003Z","from":"Shop <hello@shop.example>","#,
            r#""to":"kim@customer.example","htmlbody":"<p>Hi</p>","textbody":null,"cc":null,"#,
            r#""bcc":null,"subject":"Order 9","replyto":null,"#,
            r#""message_id":"3f0c@mailer.mail.example","list_unsubscribe":null,"#,
            r#""tags":["orders"]}}"#,
        )
    );
}

#[test]
fn is_signed_over_the_exact_body() {
    use ed25519_dalek::{Signer, SigningKey, Verifier};
    let key = SigningKey::from_bytes(&[5; 32]);
    let body = Hooks.body(&notice(EventKind::Queued), None).unwrap();
    let headers = Hooks.headers(
        &body,
        &Signing {
            domain: Some(&|bytes| key.sign(bytes).to_bytes()),
            secret: None,
            format: SignatureFormat::Plain,
            now: AT,
        },
    );
    let [content_type, agent, signature] = headers.as_slice() else {
        panic!("{headers:?}")
    };
    assert_eq!(content_type.0, "Content-Type");
    assert_eq!(content_type.1, "application/json");
    assert_eq!(agent.0, "User-Agent");
    assert_eq!(agent.1, "mailpace_webhooks/1.0");
    assert_eq!(signature.0, "X-MailPace-Signature");
    let bytes = STANDARD.decode(&signature.1).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&bytes).unwrap();
    assert!(key.verifying_key().verify(&body, &signature).is_ok());
}

#[test]
fn mail_of_no_domain_of_ours_has_no_word_here() {
    let mut foreign = notice(EventKind::Queued);
    foreign.email.domain = None;
    assert_eq!(Hooks.body(&foreign, None), None);
}

#[test]
fn knows_five_events() {
    let words: Vec<_> = EventKind::ALL
        .iter()
        .map(|&kind| (kind.as_str(), word(kind).map(|(event, _)| event)))
        .collect();
    assert_eq!(
        words,
        [
            ("queued", Some("email.queued")),
            ("delivered", Some("email.delivered")),
            ("deferred", Some("email.deferred")),
            ("bounced", Some("email.bounced")),
            ("spam", Some("email.spam")),
            ("held", None),
            ("released", None),
            ("burned", None),
            ("suppressed", Some("email.bounced")),
            ("canceled", None),
            ("complained", None),
            ("opened", None),
            ("clicked", None),
            ("unsubscribed", None),
            ("received", None),
            ("unknown", None),
        ]
    );
}

#[test]
fn the_event_of_one_recipient_of_several_names_them_alone() {
    let shown = |notice: &Notice| {
        let json: serde_json::Value = serde_json::from_str(&body(notice)).unwrap();
        ["to", "cc", "bcc"].map(|key| json["payload"][key].as_str().map(str::to_owned))
    };
    let text = |text: &str| Some(text.to_owned());
    let mut one = notice(EventKind::Delivered);
    one.email.fields.to = "Kim <kim@customer.example>".to_owned();
    one.recipient = text("kim@customer.example");
    assert_eq!(
        shown(&one),
        [text("Kim <kim@customer.example>"), None, None]
    );

    // The same person twice is one recipient.
    one.email.fields.bcc = text("KIM@customer.example");
    assert_eq!(
        shown(&one),
        [
            text("Kim <kim@customer.example>"),
            None,
            text("KIM@customer.example")
        ]
    );

    one.email.fields.cc = text("lee@customer.example");
    assert_eq!(shown(&one), [text("kim@customer.example"), None, None]);
    one.recipient = None;
    assert_eq!(
        shown(&one),
        [
            text("Kim <kim@customer.example>"),
            text("lee@customer.example"),
            text("KIM@customer.example")
        ]
    );
}
