use posthouse::clock::Timestamp;
use posthouse::ids::{DomainId, EmailId, EventId};

use super::*;

fn notice(kind: EventKind) -> Notice {
    Notice {
        event: EventId(9),
        kind,
        at: Timestamp(1_709_972_141_003),
        recipient: None,
        email: EmailId(48211),
        domain: DomainId(12),
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
        html: Some("<p>Hi</p>".to_owned()),
        text: None,
        created_at: Timestamp(1_709_972_130_120),
    }
}

fn body(notice: &Notice) -> String {
    let rendered = Hooks.render(notice, &|_| [0; 64]).unwrap();
    String::from_utf8(rendered.body).unwrap()
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
    let rendered = Hooks
        .render(&notice(EventKind::Queued), &|bytes| {
            key.sign(bytes).to_bytes()
        })
        .unwrap();
    let [content_type, agent, signature] = rendered.headers.as_slice() else {
        panic!("{:?}", rendered.headers)
    };
    assert_eq!(content_type.0, "Content-Type");
    assert_eq!(content_type.1, "application/json");
    assert_eq!(agent.0, "User-Agent");
    assert_eq!(agent.1, "mailpace_webhooks/1.0");
    assert_eq!(signature.0, "X-MailPace-Signature");
    let bytes = STANDARD.decode(&signature.1).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&bytes).unwrap();
    assert!(
        key.verifying_key()
            .verify(&rendered.body, &signature)
            .is_ok()
    );
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
    one.fields.to = "Kim <kim@customer.example>".to_owned();
    one.recipient = text("kim@customer.example");
    assert_eq!(
        shown(&one),
        [text("Kim <kim@customer.example>"), None, None]
    );

    // The same person twice is one recipient.
    one.fields.bcc = text("KIM@customer.example");
    assert_eq!(
        shown(&one),
        [
            text("Kim <kim@customer.example>"),
            None,
            text("KIM@customer.example")
        ]
    );

    one.fields.cc = text("lee@customer.example");
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
