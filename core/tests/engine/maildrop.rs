//! Mailboxes as maildrops.

use posthouse::error::{Denied, Error, Unknown};
use posthouse::model::key::Scope;
use posthouse::ops::mail::reserving::AddressChange;

use crate::folders::{KIM, here, scene};
use crate::receiving::{MAIL, arrival};

#[tokio::test]
async fn a_person_has_the_inbox_and_nothing_else() {
    let scene = scene(None).await;
    let engine = &scene.world.engine;
    for folder in ["INBOX", "Trash", "INBOX"] {
        scene.append(folder, "").await;
    }
    let drop = engine.own_maildrop(&scene.owner).await.unwrap();
    let size = MAIL.len() as u64;
    let sizes: Vec<u64> = drop.messages.iter().map(|(_, size)| *size).collect();
    assert_eq!(sizes, [size, size]);
    let first = drop.messages[0].0;
    let raw = engine.dropped(&drop, first).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(raw).unwrap(), MAIL);
    engine.remove_dropped(&drop, vec![first]).await.unwrap();
    assert_eq!(engine.dropped(&drop, first).await.unwrap(), None);
    assert_eq!(scene.uids("INBOX").await, [2]);
    assert_eq!(scene.uids("Trash").await, [1]);
    engine
        .remove_mailbox(&scene.sender.operator, KIM)
        .await
        .unwrap();
    let shut = engine.own_maildrop(&scene.owner).await;
    assert!(matches!(shut, Err(Error::Denied(Denied::Suspended))));
}

#[tokio::test]
async fn an_address_opens_for_a_key_of_its_owner() {
    let scene = scene(None).await;
    let (engine, who) = (&scene.world.engine, &scene.sender.operator);
    let reserved = engine
        .reserve_address(who, "lee@d.test", AddressChange::default())
        .await;
    reserved.unwrap();
    engine.receive(arrival(&["Lee+x@d.test"])).await.unwrap();
    let drop = engine.maildrop(who, "LEE@d.test").await.unwrap();
    assert_eq!(drop.messages.len(), 1);
    let id = drop.messages[0].0;
    assert!(engine.dropped(&drop, id).await.unwrap().is_some());
    // One maildrop opens no other's messages.
    let own = engine.own_maildrop(&scene.owner).await.unwrap();
    assert_eq!(engine.dropped(&own, id).await.unwrap(), None);
    engine.remove_dropped(&own, vec![id]).await.unwrap();
    assert!(engine.dropped(&drop, id).await.unwrap().is_some());
    let refused = engine.maildrop(who, "ann@far.test").await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Owner))));
    let refused = engine.maildrop(&scene.sender.caller, "lee@d.test").await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Scope))));
    assert!(scene.sender.caller.needs(Scope::Send).is_ok());
    let none = engine.sign_in("lee@d.test", "", here()).await;
    assert!(matches!(none, Err(Error::Unknown(Unknown::Wrong))));
}
