//! People's mailboxes: made, opened, shut, removed.

use std::net::IpAddr;
use std::time::Duration;

use posthouse::error::{Busy, Conflict, Denied, Error, Missing, TooLarge, Unknown};
use posthouse::limits::{MAILBOX_UNDO, WRONG_PASSWORDS};
use posthouse::model::domain::{Receives, Switch};
use posthouse::model::folder::Flags;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::Folder;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::mailboxes::{MailboxChange, NewMailbox};
use posthouse::ops::receive::Takes;

use crate::folders::{KIM, SECRET, here, scene};
use crate::receiving::{MAIL, arrival};
use crate::world::World;

#[tokio::test]
async fn a_mailbox_takes_over_what_came_before_it() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for _ in 0..2 {
        world.engine.receive(arrival(&[KIM])).await.unwrap();
    }
    let new = NewMailbox {
        address: "Kim@d.test".into(),
        password: Some(SECRET.into()),
        ..NewMailbox::default()
    };
    let (engine, who) = (&world.engine, &sender.operator);
    engine.make_mailbox(who, new.clone()).await.unwrap();
    let again = engine.make_mailbox(who, new).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::Taken))));
    engine.receive(arrival(&[KIM])).await.unwrap();
    let owner = engine.sign_in(KIM, SECRET, here()).await.unwrap();
    let folders = engine.folders(&owner).await.unwrap();
    let told: Vec<(&str, Option<Folder>, u64, u32)> = folders
        .iter()
        .map(|one| (one.name.as_str(), one.role, one.messages, one.uid_next))
        .collect();
    let expected = [
        ("INBOX", Some(Folder::Inbox), 3, 4),
        ("Archive", Some(Folder::All), 0, 1),
        ("Drafts", Some(Folder::Drafts), 0, 1),
        ("Junk", Some(Folder::Spam), 0, 1),
        ("Sent", Some(Folder::Sent), 0, 1),
        ("Trash", Some(Folder::Trash), 0, 1),
    ];
    assert_eq!(told, expected);
    let (inbox, items) = engine.items(&owner, folders[0].id, 1).await.unwrap();
    let numbers: Vec<(u32, u64)> = items.iter().map(|one| (one.uid, one.modseq)).collect();
    assert_eq!((inbox.unread, inbox.modseq), (3, 4));
    assert_eq!(numbers, [(2, 3), (3, 4)]);
    let bytes = engine.message_bytes(&owner, items[0].id).await.unwrap();
    assert!(String::from_utf8(bytes).unwrap().ends_with(MAIL));
}

#[tokio::test]
async fn only_the_right_password_opens_it_and_not_for_ever() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    for (name, password) in [
        (KIM, "Correct horse"),
        (KIM, ""),
        ("lee@d.test", SECRET),
        ("kim", SECRET),
    ] {
        let refused = engine.sign_in(name, password, here()).await;
        assert!(
            matches!(refused, Err(Error::Unknown(Unknown::Wrong))),
            "{name}"
        );
    }
    for host in 2..WRONG_PASSWORDS {
        let from = IpAddr::from([198, 51, 100, u8::try_from(host).unwrap()]);
        let refused = engine.sign_in(KIM, "wrong", from).await;
        assert!(matches!(refused, Err(Error::Unknown(_))), "{refused:?}");
    }
    let refused = engine.sign_in(KIM, SECRET, here()).await;
    let Err(Error::Busy(Busy::Rate { wait_ms })) = refused else {
        panic!("{refused:?}");
    };
    scene.world.hand.forward(Duration::from_millis(wait_ms));
    engine.sign_in(KIM, SECRET, here()).await.unwrap();

    let shut = |open| MailboxChange {
        open: Some(open),
        ..MailboxChange::default()
    };
    engine
        .change_mailbox(who, KIM, shut(Switch::Off))
        .await
        .unwrap();
    let refused = engine.sign_in(KIM, SECRET, here()).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Suspended))));
    let refused = engine.folders(&scene.owner).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Suspended))));
    assert_eq!(engine.takes(KIM).await.unwrap(), Takes::Yes);
    engine
        .change_mailbox(who, KIM, shut(Switch::On))
        .await
        .unwrap();
    engine.folders(&scene.owner).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_that_was_removed_comes_back_or_goes_in_time() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    scene.append("INBOX", "").await;
    engine.remove_mailbox(who, KIM).await.unwrap();
    let refused = engine.sign_in(KIM, SECRET, here()).await;
    assert!(matches!(refused, Err(Error::Unknown(Unknown::Wrong))));
    assert_eq!(engine.takes(KIM).await.unwrap(), Takes::NoMailbox);
    engine.restore_mailbox(who, KIM).await.unwrap();
    assert_eq!(engine.takes(KIM).await.unwrap(), Takes::Yes);
    assert_eq!(scene.uids("INBOX").await, [1]);
    let moved = engine.rename_mailbox(who, KIM, "lee@d.test").await.unwrap();
    assert_eq!(moved.address, "lee@d.test");
    engine.sign_in("lee@d.test", SECRET, here()).await.unwrap();
    let refused = engine
        .rename_mailbox(who, "lee@d.test", "lee@far.test")
        .await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Domain))));
    engine.remove_mailbox(who, "lee@d.test").await.unwrap();
    scene.world.hand.forward(MAILBOX_UNDO);
    let gone = async || engine.mailboxes(who, None).await.unwrap().is_empty();
    scene.world.until(gone).await;
    let gone = engine.restore_mailbox(who, "lee@d.test").await;
    assert!(matches!(gone, Err(Error::Missing(Missing::Mailbox))));
    let messages = engine.messages(who, Some("lee@d.test"), None, 10).await;
    assert!(messages.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_mailbox_may_hold_holds_at_every_door() {
    let size = MAIL.len() as u64;
    let scene = scene(Some(2 * size)).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    scene.append("INBOX", "").await;
    let inbox = scene.folder("INBOX").await.id;
    scene.append("Sent", "seen").await;
    let full = engine
        .append(owner, inbox, MAIL.into(), Flags::default(), None)
        .await;
    assert!(matches!(full, Err(Error::TooLarge(TooLarge::Mailbox))));
    let sent = scene.folder("Sent").await.id;
    let full = engine.copy(owner, inbox, vec![1], sent).await;
    assert!(matches!(full, Err(Error::TooLarge(TooLarge::Mailbox))));
    engine.shift(owner, inbox, vec![1], sent).await.unwrap();
    assert_eq!(engine.takes(KIM).await.unwrap(), Takes::Full);
    let allowance = engine.allowance(owner).await.unwrap();
    assert_eq!(
        (allowance.used_bytes, allowance.most_bytes),
        (2 * size, Some(2 * size))
    );
}

#[tokio::test]
async fn what_comes_for_a_removed_mailbox_does_not_go_with_it() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    scene.append("INBOX", "").await;
    engine.remove_mailbox(who, KIM).await.unwrap();
    scene.world.hand.forward(Duration::from_secs(1));
    let kept = engine.keep(&scene.sender.caller, arrival(&[KIM])).await;
    assert_eq!(kept.unwrap().messages.len(), 1);
    scene.world.hand.forward(MAILBOX_UNDO);
    let gone = async || engine.mailboxes(who, None).await.unwrap().is_empty();
    scene.world.until(gone).await;
    let messages = engine.messages(who, Some(KIM), None, 10).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].trace.is_some());
    assert_eq!(engine.takes(KIM).await.unwrap(), Takes::Yes);
}

#[tokio::test]
async fn a_removed_mailbox_catches_nothing() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    let change = DomainChange {
        receives: Some(Receives::Known),
        catch_all: Some(Some(KIM.into())),
        ..DomainChange::default()
    };
    let domain = scene.sender.domain.id;
    engine.set_domain(who, domain, change).await.unwrap();
    assert_eq!(engine.takes("any@d.test").await.unwrap(), Takes::Yes);
    engine.remove_mailbox(who, KIM).await.unwrap();
    assert_eq!(engine.takes("any@d.test").await.unwrap(), Takes::NoMailbox);
}
