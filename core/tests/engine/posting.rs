//! People send from their mailboxes, what their own programs wrote.

use posthouse::engine::Settings;
use posthouse::error::{Denied, Error, Field, Reason};
use posthouse::model::delivery::State;
use posthouse::model::domain::Switch;
use posthouse::model::key::Mode;
use posthouse::ops::mailboxes::{MailboxChange, NewMailbox};
use posthouse::ops::posting::MAILBOX_SHAPE;

use crate::delivering::until_state;
use crate::folders::{KIM, SECRET, here, scene};
use crate::world::World;

/// A signed message with what a composer would write otherwise.
const SIGNED: &str = "From: Kim Doe <kim+work@d.test>\r\nTo: ann@far.test\r\nCc: \"Smith, J\" <j@far.test>\r\n\
    Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <own.1@laptop>\r\n\
    Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nX-Odd:  kept \r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\r\n\r\n\
    --b\r\n\r\nHi\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nsig\r\n--b--\r\n";

fn live(settings: &mut Settings) {
    settings.default_mode = Mode::Live;
}

#[tokio::test]
async fn what_a_person_wrote_leaves_as_it_is() {
    let world = World::with(live).await;
    let sender = world.sender(Mode::Capture).await;
    let (engine, who) = (&world.engine, &sender.operator);
    let new = NewMailbox {
        address: KIM.into(),
        password: Some(SECRET.into()),
        ..NewMailbox::default()
    };
    engine.make_mailbox(who, new).await.unwrap();
    let change = MailboxChange {
        keep_sent: Some(Switch::On),
        ..MailboxChange::default()
    };
    engine.change_mailbox(who, KIM, change).await.unwrap();
    let owner = engine.sign_in(KIM, SECRET, here()).await.unwrap();
    let bcc = SIGNED.replace("X-Odd", "Bcc: b@far.test\r\nX-Odd");
    // Who is named only in the header gets nothing by that.
    let to = ["ann@far.test".to_owned(), "b@far.test".to_owned()];
    let accepted = engine.post(&owner, bcc.into_bytes(), &to).await.unwrap();
    assert_eq!(accepted.message_id, "own.1@laptop");
    until_state(&world, &sender, accepted.id, State::Delivered).await;
    let mut taken = world.script.taken.lock().unwrap().clone();
    taken.sort_by(|one, other| one.1.cmp(&other.1));
    let whom: Vec<&str> = taken.iter().map(|(_, to, _)| to.as_str()).collect();
    assert_eq!(whom, ["ann@far.test", "b@far.test"]);
    for (path, _, raw) in &taken {
        assert!(path.starts_with("bounces+"), "{path}");
        let raw = String::from_utf8(raw.clone()).unwrap();
        assert!(
            raw.contains("DKIM-Signature: ") && raw.ends_with(SIGNED),
            "{raw}"
        );
    }
    let sent = engine.folder(&owner, "Sent").await.unwrap();
    assert_eq!((sent.messages, sent.unread), (1, 0));
    let (_, items) = engine.items(&owner, sent.id, 0).await.unwrap();
    let copy = engine.message_bytes(&owner, items[0].id).await.unwrap();
    assert_eq!(String::from_utf8(copy).unwrap(), SIGNED);
}

#[tokio::test]
async fn nobody_sends_as_another() {
    let scene = scene(None).await;
    let engine = &scene.world.engine;
    let post = async |raw: String, to: &str| {
        let to = [to.to_owned()];
        engine.post(&scene.owner, raw.into_bytes(), &to).await
    };
    for (from, to) in [
        ("From: Kim Doe <kim+work@d.test>", "From: lee@d.test"),
        ("From: Kim Doe <kim+work@d.test>", "From: kim@far.test"),
        (
            "From: Kim Doe <kim+work@d.test>",
            "From: kim@d.test, lee@d.test",
        ),
        ("X-Odd:", "Sender: lee@d.test\r\nX-Odd:"),
        (
            "From: Kim Doe <kim+work@d.test>",
            "From: \"kim@d.test\" <lee@d.test>",
        ),
    ] {
        let refused = post(SIGNED.replacen(from, to, 1), "a@far.test").await;
        assert!(
            matches!(refused, Err(Error::Denied(Denied::Owner))),
            "{to}: {refused:?}"
        );
    }
    for (from, to, reason) in [
        ("X-Odd:", "From: lee@d.test\r\nX-Odd:", Reason::TooMany),
        ("From: Kim", "X-From: Kim", Reason::Absent),
    ] {
        let refused = post(SIGNED.replacen(from, to, 1), "a@far.test")
            .await
            .unwrap_err();
        let expected = Field::From.error(reason);
        assert_eq!(refused.to_string(), expected.to_string(), "{to}");
    }
    let refused = post(SIGNED.into(), "nobody").await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(
        engine
            .emails(&scene.sender.operator, Default::default(), 9)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_operator_says_what_peoples_mail_may_cause() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    let to = ["ann@far.test".to_owned()];
    let raw = || SIGNED.as_bytes().to_vec();
    let accepted = engine.post(&scene.owner, raw(), &to).await.unwrap();
    until_state(&scene.world, &scene.sender, accepted.id, State::Delivered).await;
    assert!(scene.world.script.taken.lock().unwrap().is_empty());
    let keys = engine.keys(who, None, None).await.unwrap();
    let key = keys.iter().find(|key| key.shape == MAILBOX_SHAPE).unwrap();
    assert_eq!(key.mode, Mode::Capture);
    engine.revoke_key(who, None, key.id).await.unwrap();
    let refused = engine.post(&scene.owner, raw(), &to).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Scope))));
    assert!(engine.folder(&scene.owner, "Sent").await.unwrap().messages == 0);
}
