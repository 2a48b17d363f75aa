//! Keys that callers make for themselves.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Conflict, Denied, Field, Missing, Reason, Unknown};
use posthouse::ids::{Entropy, random};
use posthouse::model::key::{Mode, Scope};
use posthouse::ops::scoped_keys::{NewScopedKey, Token};
use uuid::Uuid;

use crate::world::World;

const SHAPES: &[&str] = &["scoped", "scoped-test"];

fn token(entropy: &dyn Entropy) -> Token {
    let whole: String = random::<16>(entropy)
        .map(|byte| format!("{byte:02x}"))
        .concat();
    Token {
        prefix: whole[..8].to_owned(),
        whole,
    }
}

fn new(name: &str, scopes: &[Scope]) -> NewScopedKey {
    NewScopedKey {
        shape: "scoped",
        shapes: SHAPES,
        token,
        name: name.into(),
        scopes: scopes.to_vec(),
        mode: None,
        expires_at: None,
    }
}

#[tokio::test]
async fn a_key_is_shown_once_used_and_revoked_for_good() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let scopes = [Scope::Keys, Scope::Send];
    let (key, whole) = world
        .engine
        .create_scoped_key(&sender.operator, new("Production", &scopes))
        .await
        .unwrap();
    assert_eq!((key.prefix.as_str(), key.last_used_at), (&whole[..8], None));
    let caller = world.engine.authenticate("scoped", &whole).await.unwrap();
    let taken = world
        .engine
        .create_scoped_key(&caller, new("Production", &[Scope::Send]));
    assert!(matches!(taken.await, Err(Error::Conflict(Conflict::Taken))));
    let revoke = || world.engine.revoke_scoped_key(&caller, SHAPES, key.uuid);
    revoke().await.unwrap();
    revoke().await.unwrap();
    let gone = world.engine.authenticate("scoped", &whole).await;
    assert!(matches!(gone, Err(Error::Unknown(Unknown::Revoked))));
    let listed = world.engine.scoped_keys(&caller, SHAPES).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(!listed[0].is_active(world.engine.now()));
    assert!(listed[0].last_used_at.is_some());
    let free_again = world
        .engine
        .create_scoped_key(&sender.operator, new("Production", &scopes));
    assert!(free_again.await.is_ok());
    let missing = world.engine.revoke_scoped_key(&caller, SHAPES, Uuid::nil());
    assert!(matches!(missing.await, Err(Error::Missing(Missing::Key))));
}

#[tokio::test]
async fn nobody_gives_away_what_they_have_not() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let (_, whole) = world
        .engine
        .create_scoped_key(
            &sender.operator,
            NewScopedKey {
                mode: Some(Mode::Capture),
                ..new("maker", &[Scope::Keys, Scope::Domains])
            },
        )
        .await
        .unwrap();
    let caller = world.engine.authenticate("scoped", &whole).await.unwrap();
    for (scopes, fine) in [
        (&[Scope::KeysRead, Scope::DomainsRead][..], true),
        (&[Scope::Send], false),
        (&[Scope::All], false),
        (&[Scope::Domains, Scope::Webhooks], false),
    ] {
        let asked = NewScopedKey {
            mode: Some(Mode::Live),
            ..new(&format!("{scopes:?}"), scopes)
        };
        match world.engine.create_scoped_key(&caller, asked).await {
            Ok((key, _)) => assert!(fine && key.mode == Mode::Capture, "{scopes:?}"),
            Err(Error::Denied(Denied::Scope)) => assert!(!fine, "{scopes:?}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_key_ends_at_its_expiry() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let hour = world.engine.now().plus(Duration::from_secs(3600));
    let ending = NewScopedKey {
        expires_at: Some(hour),
        ..new("short", &[Scope::Send])
    };
    let made = world.engine.create_scoped_key(&sender.operator, ending);
    let (_, whole) = made.await.unwrap();
    assert!(world.engine.authenticate("scoped", &whole).await.is_ok());
    world.hand.forward(Duration::from_secs(3600));
    let late = world.engine.authenticate("scoped", &whole).await;
    assert!(matches!(late, Err(Error::Unknown(Unknown::Expired))));
    let past = NewScopedKey {
        name: " ".into(),
        scopes: Vec::new(),
        expires_at: Some(hour),
        ..new("", &[])
    };
    let refused = world.engine.create_scoped_key(&sender.operator, past).await;
    let expected = [
        Field::Name.problem(Reason::Absent),
        Field::Scopes.problem(Reason::Absent),
        Field::ExpiresAt.problem(Reason::OutOfRange),
    ];
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == expected));
}
