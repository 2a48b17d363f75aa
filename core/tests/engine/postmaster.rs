//! The postmaster, who needs no domain and is here as soon as anybody is.

use posthouse::model::domain::Receives;
use posthouse::model::key::Mode;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::receive::Takes;

use crate::receiving::arrival;
use crate::world::World;

/// Where one mail for `recipients` lies: the addresses in `organization`.
async fn lies(world: &World, organization: &str, recipients: &[&str]) -> Vec<String> {
    let taken = world.engine.receive(arrival(recipients)).await.unwrap();
    let operator = world.engine.operator(Some(organization)).await.unwrap();
    let list = world.engine.messages(&operator, None, None, 20).await;
    let mut list = list.unwrap();
    list.retain(|message| taken.messages.contains(&message.id));
    assert_eq!(list.len(), taken.messages.len(), "some lie elsewhere");
    list.into_iter().map(|message| message.address).collect()
}

async fn takes(world: &World, recipient: &str) -> Takes {
    world.engine.takes(recipient).await.unwrap()
}

async fn receives(world: &World, organization: &str, host: &str, what: Receives) {
    let operator = world.engine.operator(Some(organization)).await.unwrap();
    let made = world.engine.create_domain(&operator, host, None).await;
    let change = DomainChange {
        receives: Some(what),
        ..DomainChange::default()
    };
    let set = world.engine.set_domain(&operator, made.unwrap().id, change);
    set.await.unwrap();
}

#[tokio::test]
async fn the_first_organization_looks_after_a_host_that_is_nobodys() {
    for host in ["h.test", "localhost"] {
        let world = World::with(|settings| settings.host = host.to_owned()).await;
        assert_eq!(takes(&world, "Postmaster").await, Takes::NotHere);
        world.engine.create_organization("one").await.unwrap();
        world.engine.create_organization("two").await.unwrap();
        receives(&world, "two", "two.test", Receives::Any).await;
        for name in ["postmaster", "Postmaster", "POSTMASTER"] {
            assert_eq!(takes(&world, name).await, Takes::Yes);
            let own = format!("postmaster@{host}");
            assert_eq!(lies(&world, "one", &[name]).await, [own]);
        }
        for other in ["hostmaster", "postmaster@", "postmaster@h.test"] {
            assert_eq!(takes(&world, other).await, Takes::NotHere, "{other}");
        }
    }
}

#[tokio::test]
async fn a_domain_has_one_whatever_else_it_takes() {
    for (what, own) in [
        (Receives::Any, Takes::Yes),
        (Receives::Known, Takes::Yes),
        (Receives::Nothing, Takes::NoMailbox),
    ] {
        let world = World::new().await;
        world.engine.create_organization("one").await.unwrap();
        receives(&world, "one", "a.test", what).await;
        receives(&world, "one", "b.test", what).await;
        assert_eq!(takes(&world, "postMaster").await, Takes::Yes);
        let at = ["postmaster@a.test"];
        assert_eq!(lies(&world, "one", &["Postmaster"]).await, at);
        // With its domain, where that takes mail at all (RFC 5321 section 4.5.1).
        assert_eq!(takes(&world, "Postmaster@B.test").await, own, "{what:?}");
        if own == Takes::Yes {
            let both = ["Postmaster", "POSTMASTER", "postmaster@a.test"];
            assert_eq!(lies(&world, "one", &both).await, at);
        }
    }
}

#[tokio::test]
async fn a_host_that_is_a_domain_has_its_own() {
    let world = World::new().await;
    world.engine.create_organization("one").await.unwrap();
    world.engine.create_organization("two").await.unwrap();
    receives(&world, "one", "a.test", Receives::Any).await;
    receives(&world, "two", "h.test", Receives::Nothing).await;
    let at = ["postmaster@h.test"];
    assert_eq!(lies(&world, "two", &["Postmaster"]).await, at);
}

#[tokio::test]
async fn what_is_kept_for_one_who_sends_lies_with_them() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let kept = world.engine.keep(&sender.caller, arrival(&["Postmaster"]));
    assert_eq!(kept.await.unwrap().messages.len(), 1);
    let list = world.engine.messages(&sender.operator, None, None, 20);
    assert_eq!(list.await.unwrap()[0].address, "postmaster@h.test");
}
