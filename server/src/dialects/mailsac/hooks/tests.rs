use posthouse::clock::Timestamp;
use posthouse::ids::{BodyId, DomainId, EventId, MailboxId, MessageId, OrganizationId};
use posthouse::mime::{content::content, headers::fields, parts::files, read::summary};
use posthouse::model::event::{Event, Facts};
use posthouse::model::mailbox::{Folder, Message};
use posthouse::model::organization::SignatureFormat;
use posthouse::model::trace::Trace;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const AT: Timestamp = Timestamp(1_598_363_945_430);
const RAW: &str = concat!(
    "Received: from a\r\nReceived: from b\r\nFrom: Ann <ann@far.test>\r\n",
    "To: kim+a@d.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= & <more>\r\n",
    "Date: Tue, 25 Aug 2020 13:59:04 +0000\r\nMessage-ID: <1@far.test>\r\nX-Priority: 1\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
    "--b\r\n\r\nSee http://x.test/\r\n",
    "--b\r\nContent-Type: text/html\r\n\r\n<b>See</b>\r\n",
    "--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nperhaps\r\n--b--\r\n",
);

fn received() -> Received {
    let raw = RAW.as_bytes().to_vec();
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
            id: MessageId(255),
            mailbox: MailboxId(1),
            address: String::from("kim@d.test"),
            owner: Some(OrganizationId(1)),
            domain: Some(DomainId(12)),
            body: BodyId(1),
            email: None,
            place: 2,
            original: Some(String::from("kim+a@d.test")),
            folder: Folder::Inbox,
            seen: false,
            starred_by: None,
            labels: Vec::new(),
            from: String::from("Ann <ann@far.test>"),
            to: None,
            subject: None,
            content: Some(content(&raw)),
            trace: Some(Trace {
                remote: String::from("192.0.2.7"),
                local: String::from("127.0.0.1"),
                helo: String::from("mx.far.test"),
                tls: Some(String::from("TLS 1.3")),
                from: None,
                verdicts: None,
            }),
            size_bytes: 777,
            received_at: AT,
        },
        token: String::from("0000000700ff00ff-2"),
        alias: Some(String::from("inbox-00ff@d.test")),
        content: content(&raw),
        fields: fields(&raw),
        text: parts.text,
        html: parts.html,
        files: files(&raw),
        raw,
        now: AT,
    }
}

#[test]
fn mail_is_told_flat_with_every_key() {
    let body = Hooks.received(&received(), None).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let expected = json!({
        "_id": "0000000700ff00ff-2",
        "from": [{"address": "ann@far.test", "name": "Ann"}],
        "to": [{"address": "kim+a@d.test", "name": ""}],
        "cc": [],
        "bcc": [],
        "subject": "Grüße & <more>",
        "savedBy": null,
        "inbox": "kim@d.test",
        "originalInbox": "kim+a@d.test",
        "domain": "d.test",
        "received": "2020-08-25T13:59:05.430Z",
        "size": 777,
        "attachments": ["48643de4e709ff78a8f7ce1ba36878b2"],
        "ip": "192.0.2.7",
        "via": "127.0.0.1",
        "folder": "inbox",
        "labels": [],
        "read": false,
        "rtls": true,
        "links": ["http://x.test/"],
        "spam": 0,
        "text": "See http://x.test/",
        "body": "<b>See</b>",
        "html": "<b>See</b>",
        "raw": RAW,
        "headers": {
            "received": ["from a", "from b"],
            "from": ["Ann <ann@far.test>"],
            "to": ["kim+a@d.test"],
            "subject": ["Grüße & <more>"],
            "date": ["Tue, 25 Aug 2020 13:59:04 +0000"],
            "message-id": ["<1@far.test>"],
            "x-priority": ["1"],
            "content-type": ["multipart/mixed; boundary=b"],
        },
        "messageId": "1@far.test",
        "priority": "high",
        "date": "2020-08-25T13:59:04.000Z",
        "receivedDate": "2020-08-25T13:59:05.430Z",
        "encryptedInbox": "inbox-00ff@d.test",
    });
    assert_eq!(body, expected);
}

#[test]
fn slack_gets_subject_and_text_and_who_wrote_to_whom_where_that_is_wanted() {
    let text = |words| {
        let body = Slack.received(&received(), words).unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    let plain = "Subject: Grüße &amp; &lt;more&gt;\n\nSee http://x.test/";
    assert_eq!(text(None), json!({"text": plain}));
    let both = format!("To: kim+a@d.test\nFrom: Ann &lt;ann@far.test&gt;\n{plain}");
    assert_eq!(text(Some(TO_FROM)), json!({"text": both}));
}

#[test]
fn neither_is_signed_nor_given_up_for_good() {
    let signing = Signing {
        domain: Some(&|_| [1; 64]),
        secret: None,
        format: SignatureFormat::Plain,
        now: AT,
    };
    for form in [&Hooks as &dyn Form, &Slack] {
        let names: Vec<_> = form.headers(b"{}", &signing);
        let names: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Content-Type", "User-Agent"]);
        assert_eq!(form.patience().gaps.len(), 4);
        assert_eq!(form.patience().afterwards, Afterwards::GoOn);
        assert_eq!(form.kinds(), [EventKind::Received]);
    }
}
