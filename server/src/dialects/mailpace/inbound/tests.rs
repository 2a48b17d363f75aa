use posthouse::clock::Timestamp;
use posthouse::ids::{BodyId, DomainId, EventId, MailboxId, MessageId, OrganizationId};
use posthouse::mime::{content::content, headers::fields, parts::files, read::summary};
use posthouse::model::event::{Event, Facts};
use posthouse::model::mailbox::{Folder, Message};
use posthouse::model::organization::SignatureFormat;
use uuid::Uuid;

use super::*;

const AT: Timestamp = Timestamp(1_709_972_141_003);

fn received(raw: &str) -> Received {
    let raw = raw.as_bytes().to_vec();
    let parts = summary(&raw);
    Received {
        event: Event {
            id: EventId(9),
            organization: OrganizationId(1),
            domain: Some(DomainId(12)),
            email: None,
            delivery: None,
            kind: EventKind::Received,
            detail: None,
            facts: Facts::default(),
            at: AT,
        },
        event_uuid: Uuid::nil(),
        message: Message {
            id: MessageId(5),
            mailbox: MailboxId(1),
            address: String::from("kim@in.shop.example"),
            owner: Some(OrganizationId(1)),
            domain: Some(DomainId(12)),
            body: BodyId(1),
            email: None,
            place: 0,
            original: None,
            folder: Folder::Inbox,
            seen: false,
            starred_by: None,
            labels: Vec::new(),
            from: String::new(),
            to: None,
            subject: None,
            content: None,
            trace: None,
            size_bytes: 1,
            received_at: AT,
        },
        token: String::from("t-0"),
        alias: None,
        content: content(&raw),
        fields: fields(&raw),
        text: parts.text,
        html: parts.html,
        files: files(&raw),
        raw,
        now: AT,
    }
}

fn told(raw: &str) -> String {
    String::from_utf8(Inbound.received(&received(raw), None).unwrap()).unwrap()
}

#[test]
fn looks_as_the_contract_shows_it() {
    let raw = concat!(
        "From: \"Lee, Ann\" <ann@far.test>\nTo: Kim <kim@in.shop.example>, lee@far.test\n",
        "Cc: bo@far.test\nSubject: Order\nMessage-ID: <1@far.test>\n",
        "In-Reply-To: <0@far.test>\nReply-To: box@far.test\n",
        "Content-Type: multipart/related; boundary=b\n\n",
        "--b\n\nHi\n--b\nContent-Type: text/html\n\n<p>Hi\n",
        "--b\nContent-Type: image/png; name=a.png\nContent-ID: <1@x>\n",
        "Content-Disposition: inline\n\npng\n--b--\n",
    );
    let expected = concat!(
        r#"{"from":"\"Lee, Ann\" <ann@far.test>","headers":["From: \"Lee, Ann\" <ann@far.test>","#,
        r#""To: Kim <kim@in.shop.example>, lee@far.test","Cc: bo@far.test","Subject: Order","#,
        r#""Message-ID: <1@far.test>","In-Reply-To: <0@far.test>","Reply-To: box@far.test","#,
        r#""Content-Type: multipart/related; boundary=b"],"messageId":"<1@far.test>","raw":RAW,"#,
        r#""to":"Kim <kim@in.shop.example>, lee@far.test","cc":"bo@far.test","subject":"Order","#,
        r#""inReplyTo":"<0@far.test>","replyTo":"box@far.test","html":"<p>Hi","text":"Hi","#,
        r#""attachments":[{"content":"cG5n","type":"attachment","contentType":"image/png","#,
        r#""contentDisposition":"inline","headers":["Content-Type: image/png; name=a.png","#,
        r#""Content-ID: <1@x>","Content-Disposition: inline"],"#,
        r#""checksum":"bff139fa05ac583f685a523ab3d110a0","size":3,"filename":"a.png","#,
        r#""contentId":"<1@x>","cid":"1@x","related":true}]}"#,
    );
    let expected = expected.replace("RAW", &serde_json::to_string(raw).unwrap());
    assert_eq!(told(raw), expected);
}

#[test]
fn what_is_not_there_is_left_out() {
    let expected = concat!(
        r#"{"from":"","headers":["X: y"],"#,
        r#""messageId":"<00000000-0000-0000-0000-000000000000@in.shop.example>","#,
        r#""raw":"X: y\n\nHi","text":"Hi"}"#,
    );
    assert_eq!(told("X: y\n\nHi"), expected);
}

#[test]
fn is_signed_like_a_webhook() {
    let signing = Signing {
        domain: Some(&|_| [1; 64]),
        secret: None,
        format: SignatureFormat::Plain,
        now: AT,
    };
    assert_eq!(
        Inbound.headers(b"{}", &signing),
        Hooks.headers(b"{}", &signing)
    );
}

#[test]
fn stands_in_the_contracts_words() {
    for (state, attempts, word) in [
        (WebhookState::Pending, 0, "queued"),
        (WebhookState::Pending, 1, "retrying"),
        (WebhookState::Delivered, 2, "success"),
        (WebhookState::Failed, 5, "failed"),
    ] {
        assert_eq!(Inbound.state(state, attempts), word);
    }
    assert_eq!(Inbound.patience().gaps.len(), 4);
    assert_eq!(Inbound.patience().afterwards, Afterwards::TellSender);
    assert_eq!(Inbound.domain(), DomainTerms::Verified);
}
