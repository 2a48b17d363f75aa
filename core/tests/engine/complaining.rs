//! Complaints that name mail of ours by its Message-ID alone, and who is told of what came back.

use std::time::Duration;

use posthouse::mime::keys::{dkim_record, generate_ed25519};
use posthouse::mime::sign::{Algorithm, LoadedKey, SigningKey, sign};
use posthouse::model::delivery::State;
use posthouse::model::event::EventKind;
use posthouse::model::suppression::SuppressionReason;
use posthouse::model::webhook::Activity;
use posthouse::ops::receive::Arrival;
use posthouse::ops::webhooks::NewWebhook;

use crate::delivering::{send, until_state};
use crate::returning::{Sent, complaint, dsn, sent, to};
use crate::world::START;

const OURS: [u8; 32] = [1; 32];
const OTHERS: [u8; 32] = [2; 32];

/// A complaint to `address`, with a signature of far.test by the key of this seed.
fn signed(address: &str, raw: &str, seed: [u8; 32]) -> Arrival {
    let mut arrival = to(address, Some("fbl@far.test"), raw);
    let pair = generate_ed25519(seed);
    let key = LoadedKey::load(Algorithm::Ed25519, &pair.private_der).unwrap();
    let key = SigningKey {
        domain: "far.test",
        selector: "s",
        key: &key,
    };
    let fields = sign(&arrival.raw, &[key], START).unwrap();
    arrival.raw.splice(0..0, fields);
    arrival
}

/// An email that was delivered, its Message-ID, and the record of far.test's key.
async fn known() -> (Sent, String) {
    let sent = sent().await;
    let email = sent.world.engine.email(&sent.sender.operator, sent.id);
    let id = email.await.unwrap().email.message_id;
    let public = generate_ed25519(OURS).public;
    let record = vec![dkim_record(Algorithm::Ed25519, &public)];
    let name = String::from("s._domainkey.far.test");
    let mut texts = sent.world.script.txt.lock().unwrap();
    texts.insert(name, Ok(record));
    drop(texts);
    (sent, id)
}

#[tokio::test]
async fn a_message_id_is_enough_where_the_complaint_is_signed() {
    for fields in ["", "Original-Rcpt-To: <Gone@far.test>\n"] {
        let (sent, id) = known().await;
        let original = match fields {
            "" => format!("Message-ID: <{id}>\nTo: gone@far.test\n"),
            _ => format!("Message-ID: <{id}>\n"),
        };
        let raw = complaint("abuse", fields, &original);
        let arrival = signed("fbl@d.test", &raw, OURS);
        let taken = sent.world.engine.receive(arrival).await.unwrap();
        assert_eq!(taken.messages.len(), 1, "it is also mail");
        assert_eq!(sent.state().await.0, State::Complained, "{fields}");
        let expected = [(String::from("gone@far.test"), SuppressionReason::Complaint)];
        assert_eq!(sent.suppressed().await, expected);
        let words = "complained of (abuse), told by Far/1.0";
        let told = (EventKind::Complained, Some(String::from(words)));
        assert_eq!(sent.events().await.last(), Some(&told));
    }
}

#[tokio::test]
async fn a_complaint_that_is_forged_does_nothing() {
    let (sent, id) = known().await;
    let engine = &sent.world.engine;
    engine.create_organization("two").await.unwrap();
    let two = engine.operator(Some("two")).await.unwrap();
    engine.create_domain(&two, "two.test", None).await.unwrap();
    let whole = |id: &str, whom: &str| {
        let original = format!("Message-ID: <{id}>\nTo: {whom}\n");
        complaint("abuse", "", &original)
    };
    let good = whole(&id, "gone@far.test");
    let mut changed = signed("fbl@d.test", &good.replace("gone@", "lost@"), OURS);
    let text = String::from_utf8(changed.raw).unwrap();
    changed.raw = text.replace("lost@", "gone@").into_bytes();
    let other_id = id.replacen(&id[..8], "00000000", 1);
    let kind = good.replace(": abuse", ": not-spam");
    for (what, arrival) in [
        ("unsigned", to("fbl@d.test", Some("fbl@far.test"), &good)),
        ("another's key", signed("fbl@d.test", &good, OTHERS)),
        ("changed on the way", changed),
        (
            "of somebody else",
            signed("fbl@d.test", &whole(&id, "kim@far.test"), OURS),
        ),
        (
            "of no mail of ours",
            signed("fbl@d.test", &whole(&other_id, "gone@far.test"), OURS),
        ),
        (
            "to another organization",
            signed("fbl@two.test", &good, OURS),
        ),
        ("no complaint", signed("fbl@d.test", &kind, OURS)),
    ] {
        let taken = engine.receive(arrival).await.unwrap();
        assert_eq!(taken.messages.len(), 1, "{what}");
        assert!(sent.is_untouched().await, "{what}");
    }
    sent.world.hand.forward(Duration::from_secs(91 * 24 * 3600));
    let late = signed("fbl@d.test", &good, OURS);
    engine.receive(late).await.unwrap();
    assert!(sent.is_untouched().await, "too late");
}

#[tokio::test]
async fn a_bounce_that_comes_in_is_told_where_the_mail_came_from() {
    let sent = sent().await;
    let (world, sender) = (&sent.world, &sent.sender);
    let second = send(world, sender, "second@far.test").await;
    until_state(world, sender, second, State::Delivered).await;
    let other = world.engine.create_domain(&sender.operator, "e.test", None);
    let other = other.await.unwrap();
    for (domain, url) in [
        (sender.domain.id, "https://d.hook.test/"),
        (other.id, "https://e.hook.test/"),
    ] {
        let new = NewWebhook {
            form: "plain".into(),
            domain: Some(domain),
            url: url.into(),
            kinds: vec![EventKind::Bounced],
            words: None,
            activity: Activity::On,
        };
        let made = world.engine.create_webhook(&sender.operator, new);
        made.await.unwrap();
    }
    // Which mail it is about is for the return path to say, not for the report.
    let path = world.script.taken.lock().unwrap()[1].0.clone();
    let raw = dsn("failed", "5.1.1", "550 5.1.1 no such user");
    world.engine.receive(to(&path, None, &raw)).await.unwrap();
    let events = world
        .engine
        .events(&sender.operator, posthouse::ids::EventId(0), 100);
    let bounced = events.await.unwrap().0.pop().unwrap();
    assert_eq!(
        (bounced.kind, bounced.email),
        (EventKind::Bounced, Some(second))
    );
    world
        .until(async || {
            let hooks = world.engine.webhooks(&sender.operator, None).await.unwrap();
            let read_on = hooks.iter().all(|one| one.cursor == bounced.id);
            read_on && !world.script.posts.lock().unwrap().is_empty()
        })
        .await;
    assert_eq!(sent.state().await.0, State::Delivered, "the first is well");
    let posts = world.script.posts.lock().unwrap();
    let told: Vec<_> = posts
        .iter()
        .map(|post| (post.url.as_str(), String::from_utf8_lossy(&post.body)))
        .collect();
    let line = format!("{} bounced second@far.test", bounced.id);
    assert_eq!(told, [("https://d.hook.test/", line.into())]);
}
