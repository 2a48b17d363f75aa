//! Which addresses a domain takes mail for.

use posthouse::error::{Denied, Error, Field, Missing, Reason, Result};
use posthouse::model::domain::{DmarcRule, Domain, Receives};
use posthouse::model::key::Mode;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::receive::Takes;

use crate::receiving::arrival;
use crate::world::{Sender, World};

async fn set(world: &World, sender: &Sender, change: DomainChange) -> Result<Domain> {
    let id = sender.domain.id;
    world.engine.set_domain(&sender.operator, id, change).await
}

fn receives(what: Receives) -> DomainChange {
    DomainChange {
        receives: Some(what),
        ..DomainChange::default()
    }
}

fn catch_all(address: Option<&str>) -> DomainChange {
    DomainChange {
        catch_all: Some(address.map(String::from)),
        ..DomainChange::default()
    }
}

#[tokio::test]
async fn a_domain_that_receives_nothing_takes_nothing() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    assert_eq!(sender.domain.receives, Receives::Any);
    let domain = set(&world, &sender, receives(Receives::Nothing))
        .await
        .unwrap();
    assert_eq!(domain.receives, Receives::Nothing);
    let takes = world.engine.takes("kim@d.test").await.unwrap();
    assert_eq!(takes, Takes::NoMailbox);
    let refused = world.engine.receive(arrival(&["kim@d.test"])).await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Mailbox))));
}

#[tokio::test]
async fn unknown_addresses_go_to_the_catch_all_where_there_is_one() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    set(&world, &sender, receives(Receives::Known))
        .await
        .unwrap();
    let takes = async |address: &str| world.engine.takes(address).await.unwrap();
    assert_eq!(takes("kim@d.test").await, Takes::NoMailbox);
    let domain = set(&world, &sender, catch_all(Some("All@D.test")))
        .await
        .unwrap();
    assert!(domain.catch_all.is_some());
    assert_eq!(domain.receives, Receives::Known);
    assert_eq!(takes("kim@d.test").await, Takes::Yes);
    let mut mail = arrival(&["Kim+x@d.test", "all@d.test"]);
    mail.raw = b"Subject: s\r\n\r\nt\r\n".to_vec();
    world.engine.receive(mail).await.unwrap();
    let list = world
        .engine
        .messages(&sender.operator, None, None, 10)
        .await
        .unwrap();
    let [message] = list.as_slice() else {
        panic!("{list:?}")
    };
    assert_eq!(
        (message.address.as_str(), message.original.as_deref()),
        ("all@d.test", Some("kim+x@d.test"))
    );
    assert_eq!(Some(message.mailbox), domain.catch_all);
    let domain = set(&world, &sender, catch_all(None)).await.unwrap();
    assert_eq!(domain.catch_all, None);
    assert_eq!(takes("kim@d.test").await, Takes::NoMailbox);
}

#[tokio::test]
async fn a_catch_all_is_an_address_of_the_domain() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for (address, expected) in [
        ("all@far.test", Reason::Forbidden),
        ("all@sub.d.test", Reason::Forbidden),
        ("all", Reason::Malformed),
        ("", Reason::Malformed),
    ] {
        let refused = set(&world, &sender, catch_all(Some(address))).await;
        let Err(Error::Invalid(problems)) = refused else {
            panic!("{address}: {refused:?}")
        };
        assert_eq!(
            (problems[0].field, problems[0].reason),
            (Field::Address, expected),
            "{address}"
        );
    }
    let domain = world
        .engine
        .domain(&sender.operator, sender.domain.id)
        .await
        .unwrap();
    assert_eq!(domain.catch_all, None);
}

#[tokio::test]
async fn only_the_operator_says_what_a_domain_takes() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let change = DomainChange {
        dmarc: Some(DmarcRule::Enforce),
        ..DomainChange::default()
    };
    let id = sender.domain.id;
    let refused = world
        .engine
        .set_domain(&sender.caller, id, change.clone())
        .await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Scope))));
    let domain = set(&world, &sender, change).await.unwrap();
    assert_eq!(
        (sender.domain.dmarc, domain.dmarc),
        (DmarcRule::Flag, DmarcRule::Enforce)
    );
}
