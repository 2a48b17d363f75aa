//! What comes back: bounces and complaints, and what looks like them.

use std::time::Duration;

use posthouse::error::{Error, Missing};
use posthouse::ids::{EmailId, EventId, SuppressionId};
use posthouse::model::bounce::{Bounce, BounceKind, BounceSource};
use posthouse::model::delivery::{BouncedBy, State};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::Message;
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::receive::{Arrival, Takes};

use crate::delivering::{send, until_state};
use crate::receiving::arrival;
use crate::world::{Sender, World};

/// An email that a far server took, and where it comes back to.
pub struct Sent {
    pub world: World,
    pub sender: Sender,
    pub id: EmailId,
    pub path: String,
}

pub async fn sent() -> Sent {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "Gone@far.test").await;
    until_state(&world, &sender, id, State::Delivered).await;
    let path = world.script.taken.lock().unwrap()[0].0.clone();
    Sent {
        world,
        sender,
        id,
        path,
    }
}

impl Sent {
    async fn back(&self, from: Option<&str>, raw: &str) {
        let arrival = to(&self.path, from, raw);
        self.world.engine.receive(arrival).await.unwrap();
    }

    pub async fn state(&self) -> (State, Option<BouncedBy>) {
        let engine = &self.world.engine;
        let email = engine.email(&self.sender.operator, self.id).await.unwrap();
        (email.deliveries[0].state, email.deliveries[0].bounced_by)
    }

    async fn bounces(&self) -> Vec<Bounce> {
        let engine = &self.world.engine;
        let found = engine.bounces(&self.sender.operator, 0, 10).await;
        found.unwrap().0
    }

    pub async fn suppressed(&self) -> Vec<(String, SuppressionReason)> {
        let engine = &self.world.engine;
        let domain = Some(self.sender.domain.id);
        let list = engine
            .suppressions(&self.sender.operator, domain, SuppressionId(0), 10)
            .await;
        let list = list.unwrap().into_iter();
        list.map(|one| (one.address, one.reason)).collect()
    }

    /// Of the email, in words.
    pub async fn events(&self) -> Vec<(EventKind, Option<String>)> {
        let engine = &self.world.engine;
        let events = engine.events(&self.sender.operator, EventId(0), 100).await;
        let told = events.unwrap().0.into_iter();
        let told = told.filter(|event| event.email == Some(self.id));
        told.map(|event| (event.kind, event.detail)).collect()
    }

    async fn kept(&self) -> Vec<Message> {
        let engine = &self.world.engine;
        let found = engine.messages(&self.sender.operator, None, None, 10).await;
        found.unwrap()
    }

    /// Nothing followed.
    pub async fn is_untouched(&self) -> bool {
        self.state().await == (State::Delivered, None)
            && self.bounces().await.is_empty()
            && self.suppressed().await.is_empty()
    }
}

pub fn to(path: &str, from: Option<&str>, raw: &str) -> Arrival {
    let mut arrival = arrival(&[path]);
    arrival.from = from.map(String::from);
    arrival.raw = raw.replace('\n', "\r\n").into_bytes();
    arrival
}

/// RFC 3464, of this action, status and words.
pub fn dsn(action: &str, status: &str, words: &str) -> String {
    format!(
        "From: MAILER-DAEMON@far.test\nSubject: Undelivered\nMIME-Version: 1.0\n\
         Auto-Submitted: auto-replied\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.far.test\n\nFinal-Recipient: rfc822; gone@far.test\n\
         Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}\n\n--b--\n"
    )
}

/// RFC 5965, with these fields beside.
pub fn complaint(kind: &str, fields: &str, original: &str) -> String {
    format!(
        "From: fbl@far.test\nSubject: FW: Hi\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n\
         --b\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\n\
         Feedback-Type: {kind}\nUser-Agent: Far/1.0\nVersion: 1\n{fields}\n\
         --b\nContent-Type: message/rfc822\n\n{original}\nHi\n\n--b--\n"
    )
}

#[tokio::test]
async fn a_bounce_is_of_the_mail_that_it_came_back_of() {
    let sent = sent().await;
    let takes = sent.world.engine.takes(&sent.path).await.unwrap();
    assert_eq!(takes, Takes::Yes);
    let raw = dsn("failed", "5.1.1", "550 5.1.1 no such user");
    sent.back(None, &raw).await;
    let words = "550 5.1.1 no such user";
    assert_eq!(
        sent.state().await,
        (State::Bounced, Some(BouncedBy::Report))
    );
    let bounces = sent.bounces().await;
    assert_eq!(bounces.len(), 1);
    let bounce = &bounces[0];
    assert_eq!(bounce.address, "gone@far.test");
    assert_eq!(
        (bounce.kind, bounce.source, bounce.email),
        (BounceKind::Hard, BounceSource::Smtp, Some(sent.id))
    );
    assert_eq!(bounce.subtype.as_deref(), Some("5.1.1"));
    assert_eq!(bounce.diagnostic.as_deref(), Some(words));
    let expected = [(String::from("gone@far.test"), SuppressionReason::Bounce)];
    assert_eq!(sent.suppressed().await, expected);
    let bounced = (EventKind::Bounced, Some(words.to_owned()));
    assert_eq!(sent.events().await.last(), Some(&bounced));
    // Once more changes nothing, and a report is nobody's mail.
    sent.back(None, &raw).await;
    assert_eq!(sent.bounces().await.len(), 1);
    assert!(sent.kept().await.is_empty());
}

#[tokio::test]
async fn a_forged_or_stale_bounce_is_refused() {
    let sent = sent().await;
    let raw = dsn("failed", "5.1.1", "550 5.1.1 no such user");
    let (local, host) = sent.path.split_once('@').unwrap();
    let (rest, tag) = local.rsplit_once('.').unwrap();
    let other = match tag.as_bytes()[0] {
        b'a' => "b",
        _ => "a",
    };
    let uuid = &local["bounces+".len()..][..36];
    for forged in [
        format!("{rest}.{other}{}@{host}", &tag[1..]),
        format!("{rest}@{host}"),
        format!("bounces+{uuid}@{host}"),
        format!("bounces+{uuid}.1.{tag}@{host}"),
        format!("bounces@{host}"),
    ] {
        let takes = sent.world.engine.takes(&forged).await.unwrap();
        assert_eq!(takes, Takes::NoMailbox, "{forged}");
        let refused = sent.world.engine.receive(to(&forged, None, &raw)).await;
        assert!(
            matches!(refused, Err(Error::Missing(Missing::Mailbox))),
            "{forged}"
        );
    }
    assert!(sent.is_untouched().await);
    sent.world.hand.forward(Duration::from_secs(91 * 24 * 3600));
    let takes = sent.world.engine.takes(&sent.path).await.unwrap();
    assert_eq!(takes, Takes::NoMailbox);
    let late = sent.world.engine.receive(to(&sent.path, None, &raw)).await;
    assert!(matches!(late, Err(Error::Missing(Missing::Mailbox))));
    assert!(sent.is_untouched().await);
}

/// At an address that anybody may write to, a bounce is a message.
#[tokio::test]
async fn a_bounce_elsewhere_is_mail() {
    let sent = sent().await;
    let raw = dsn("failed", "5.1.1", "550 5.1.1 no such user");
    let taken = sent.world.engine.receive(to("kim@d.test", None, &raw));
    assert_eq!(taken.await.unwrap().messages.len(), 1);
    assert!(sent.is_untouched().await);
}

#[tokio::test]
async fn what_is_late_is_told_and_what_arrived_changes_nothing() {
    let sent = sent().await;
    let late = dsn("delayed", "4.4.1", "421 4.4.1 nobody answers");
    sent.back(None, &late).await;
    let deferred = (
        EventKind::Deferred,
        Some(String::from("421 4.4.1 nobody answers")),
    );
    assert_eq!(sent.events().await.last(), Some(&deferred));
    assert!(sent.is_untouched().await);
    sent.back(None, &dsn("delivered", "2.0.0", "250 ok")).await;
    assert_eq!(sent.events().await.last(), Some(&deferred));
    assert!(sent.is_untouched().await);
}

/// Given up for a reason that may pass, or for one that is not the recipient's.
#[tokio::test]
async fn not_every_bounce_suppresses() {
    for (status, kind) in [("4.4.7", BounceKind::Soft), ("5.7.26", BounceKind::Hard)] {
        let sent = sent().await;
        sent.back(None, &dsn("failed", status, "given up")).await;
        assert_eq!(sent.bounces().await[0].kind, kind, "{status}");
        assert_eq!(sent.state().await.0, State::Bounced);
        assert!(sent.suppressed().await.is_empty(), "{status}");
    }
}

#[tokio::test]
async fn an_answer_is_no_bounce_and_is_kept() {
    let sent = sent().await;
    let vacation = "From: gone@far.test\nSubject: Out of office\nAuto-Submitted: auto-replied\n\n\
        I am away.\n";
    sent.back(None, vacation).await;
    sent.back(
        Some("gone@far.test"),
        "From: gone@far.test\nSubject: Re: Hi\n\nThanks\n",
    )
    .await;
    assert!(sent.is_untouched().await);
    let kept = sent.kept().await;
    assert_eq!(kept.len(), 2);
    for message in &kept {
        assert_eq!(message.address, "bounces@mailer.h.test");
        assert_eq!(message.original.as_deref(), Some(sent.path.as_str()));
    }
}

/// A mail system's own words that nobody can read are a bounce of the one recipient.
#[tokio::test]
async fn a_bounce_that_cannot_be_read_counts_and_is_kept() {
    let sent = sent().await;
    let raw = "From: Postmaster@far.test\nSubject: Hmm\n\nSomething went wrong.\n";
    sent.back(None, raw).await;
    assert_eq!(
        sent.state().await,
        (State::Bounced, Some(BouncedBy::Report))
    );
    assert_eq!(sent.bounces().await[0].kind, BounceKind::Soft);
    assert!(sent.suppressed().await.is_empty());
    assert_eq!(sent.kept().await.len(), 1);
}

#[tokio::test]
async fn a_complaint_suppresses_and_no_spam_does_not() {
    let sent = sent().await;
    let fine = complaint("not-spam", "", "From: a@d.test\n");
    sent.back(Some("fbl@far.test"), &fine).await;
    assert!(sent.is_untouched().await);
    let raw = complaint("abuse", "", "From: a@d.test\n");
    sent.back(Some("fbl@far.test"), &raw).await;
    assert_eq!(sent.state().await.0, State::Complained);
    assert_eq!(sent.bounces().await[0].kind, BounceKind::Complaint);
    let expected = [(String::from("gone@far.test"), SuppressionReason::Complaint)];
    assert_eq!(sent.suppressed().await, expected);
    let told = (
        EventKind::Complained,
        Some(String::from("complained of (abuse), told by Far/1.0")),
    );
    assert_eq!(sent.events().await.last(), Some(&told));
}

/// Providers send complaints to an address that was agreed on; the return path inside says
/// whose mail it is, and the Message-ID does only where the complaint is signed.
#[tokio::test]
async fn a_complaint_elsewhere_is_believed_for_what_it_proves() {
    let sent = sent().await;
    let receive = async |raw: &str| {
        let arrival = to("fbl@d.test", Some("fbl@far.test"), raw);
        sent.world.engine.receive(arrival).await.unwrap();
    };
    let email = sent.world.engine.email(&sent.sender.operator, sent.id);
    let id = email.await.unwrap().email.message_id;
    let original = format!("Message-ID: <{id}>\nTo: gone@far.test\n");
    let forged = sent.path.replace(".0.", ".1.");
    for raw in [
        complaint("abuse", "Original-Rcpt-To: gone@far.test\n", &original),
        complaint(
            "abuse",
            &format!("Original-Mail-From: <{forged}>\n"),
            &original,
        ),
    ] {
        receive(&raw).await;
        assert!(sent.is_untouched().await);
    }
    let proven = format!("Original-Mail-From: <{}>\n", sent.path);
    receive(&complaint("abuse", &proven, "From: a@d.test\n")).await;
    assert_eq!(sent.state().await.0, State::Complained);
    assert_eq!(sent.kept().await.len(), 3);
}
