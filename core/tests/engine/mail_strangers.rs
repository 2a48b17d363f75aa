//! Strangers: what they read where anybody may, and that they do nothing else.

use posthouse::Settings;
use posthouse::engine::PublicReaders;
use posthouse::error::{Denied, Error, Missing, Result, Unknown};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::mail::changing::MailChange;
use posthouse::ops::mail::looking::Stretch;
use posthouse::ops::mail::reserving::AddressChange;
use posthouse::ops::organizations::OrganizationChange;

use crate::mail_read::{list, reader, with_a_public_host};
use crate::receiving::arrival;
use crate::world::{World, email};

const HERE: &str = "any@box.test";

fn for_anybody(settings: &mut Settings) {
    with_a_public_host(settings);
    settings.public_readers = PublicReaders::Anybody;
}

fn unknown<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Unknown(Unknown::Absent)))
}

/// What the ways to read say of a message.
async fn read(world: &World, who: &Caller, address: &str, token: &str) -> [Result<()>; 4] {
    let engine = &world.engine;
    [
        engine.mail_at(who, address, None, 20).await.map(drop),
        engine.mail_count(who, address).await.map(drop),
        engine.mail(who, address, token).await.map(drop),
        engine.mail_read(who, address, token, drop).await,
    ]
}

#[tokio::test]
async fn nobody_is_a_stranger_unless_it_is_said() {
    let world = World::with(with_a_public_host).await;
    assert!(unknown(world.engine.stranger()));
}

#[tokio::test]
async fn strangers_read_what_is_nobodys() {
    let world = World::with(for_anybody).await;
    let sender = world.sender(Mode::Capture).await;
    let stranger = world.engine.stranger().unwrap();
    world.engine.receive(arrival(&[HERE])).await.unwrap();
    let keyed = reader(&world, &sender.operator, "reader").await;
    let found = list(&world, &stranger, HERE).await;
    assert_eq!(found, list(&world, &keyed, HERE).await);
    let count = world.engine.mail_count(&stranger, HERE).await.unwrap();
    assert_eq!(count, (1, String::from(HERE)));
    let token = &found[0].token;
    let one = world.engine.mail(&stranger, HERE, token).await.unwrap();
    assert_eq!(one, found[0]);
    let read = |who| world.engine.mail_read(who, HERE, token, |raw| raw);
    let raw = read(&stranger).await.unwrap();
    assert_eq!(raw, read(&keyed).await.unwrap());
    // As anybody sees it: nothing is there that is not, and empty is no refusal.
    assert!(list(&world, &stranger, "none@box.test").await.is_empty());
    let other = world.engine.mail(&stranger, "none@box.test", token).await;
    assert!(matches!(other, Err(Error::Missing(Missing::Message))));
}

#[tokio::test]
async fn strangers_do_not_read_what_is_somebodys() {
    let world = World::with(for_anybody).await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let stranger = world.engine.stranger().unwrap();
    for address in ["kim@d.test", "taken@box.test", HERE] {
        world.engine.receive(arrival(&[address])).await.unwrap();
    }
    world
        .engine
        .send(&sender.caller, email("kept@far.test"))
        .await
        .unwrap();
    world
        .until(async || !list(&world, &caller, "kept@far.test").await.is_empty())
        .await;
    let nothing = AddressChange::default();
    let reserved = world
        .engine
        .reserve_address(&caller, "taken@box.test", nothing);
    reserved.await.unwrap();
    // Of a domain, of a public host and reserved, captured, of nobody we know: one answer, for
    // messages that are there and for others.
    for address in [
        "kim@d.test",
        "taken@box.test",
        "kept@far.test",
        "x@far.test",
    ] {
        let there = world.engine.mail_at(&caller, address, None, 20).await;
        let token = there.unwrap().first().map(|one| one.token.clone());
        for token in [token.as_deref(), Some("0000000100000000-0")] {
            for answer in read(&world, &stranger, address, token.unwrap_or("none")).await {
                assert!(unknown(answer), "{address} {token:?}");
            }
        }
    }
    // A star makes what is nobody's private.
    let token = list(&world, &stranger, HERE).await[0].token.clone();
    let star = MailChange::ToggleStar;
    let starred = world.engine.change_mail(&caller, HERE, &token, star).await;
    starred.unwrap();
    assert!(list(&world, &stranger, HERE).await.is_empty());
    let (count, _) = world.engine.mail_count(&stranger, HERE).await.unwrap();
    assert_eq!(count, 0);
    let [_, _, one, bytes] = read(&world, &stranger, HERE, &token).await;
    assert!(matches!(one, Err(Error::Denied(Denied::Owner))));
    assert!(matches!(bytes, Err(Error::Denied(Denied::Owner))));
}

#[tokio::test]
async fn strangers_do_nothing_else() {
    let world = World::with(for_anybody).await;
    let stranger = world.engine.stranger().unwrap();
    world.engine.receive(arrival(&[HERE])).await.unwrap();
    let token = list(&world, &stranger, HERE).await[0].token.clone();
    let engine = &world.engine;
    let all = Stretch {
        rows: 10,
        skip: 0,
        since: None,
        until: None,
    };
    for change in [MailChange::ToggleStar, MailChange::Label("a".into())] {
        let changed = engine.change_mail(&stranger, HERE, &token, change).await;
        assert!(unknown(changed));
    }
    assert!(unknown(engine.remove_mail(&stranger, HERE, &token).await));
    assert!(unknown(engine.purge_mail(&stranger, HERE).await));
    assert!(unknown(engine.mail_of_all(&stranger, all).await));
    assert!(unknown(engine.mail_starred(&stranger, all).await));
    assert!(unknown(engine.account(&stranger).await));
    assert!(unknown(engine.addresses(&stranger).await));
    let nothing = AddressChange::default();
    let reserved = engine.reserve_address(&stranger, HERE, nothing).await;
    assert!(unknown(reserved));
    let named = OrganizationChange::default();
    let set = engine.set_organization(&stranger, named).await;
    assert!(matches!(set, Err(Error::Denied(Denied::Scope))));
    for &scope in Scope::ALL {
        assert!(unknown(stranger.needs(scope)), "{scope}");
    }
    assert!(stranger.needs_any(Scope::ALL).is_err());
    assert!(stranger.key().is_none());
    // It is all as it was.
    assert_eq!(list(&world, &stranger, HERE).await[0].token, token);
}
