//! Mail that goes on to other addresses here.

use posthouse::ids::EventId;
use posthouse::model::domain::Receives;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::Message;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::mail::reserving::AddressChange;

use crate::receiving::{MAIL, arrival};
use crate::world::{Sender, World};

async fn forward(world: &World, sender: &Sender, from: &str, to: Option<&str>) {
    let change = AddressChange {
        forward: Some(to.map(String::from)),
        ..AddressChange::default()
    };
    let routed = world.engine.route_address(&sender.operator, from, change);
    assert_eq!(routed.await.unwrap().forward.as_deref(), to);
}

/// The messages of one arrival, in the order they were put.
async fn arrived(world: &World, sender: &Sender, recipients: &[&str]) -> Vec<Message> {
    let taken = world.engine.receive(arrival(recipients)).await.unwrap();
    let mut list = world
        .engine
        .messages(&sender.operator, None, None, 100)
        .await
        .unwrap();
    list.reverse();
    list.retain(|message| taken.messages.contains(&message.id));
    assert_eq!(list.len(), taken.messages.len());
    list
}

fn addresses(list: &[Message]) -> Vec<&str> {
    list.iter().map(|one| one.address.as_str()).collect()
}

#[tokio::test]
async fn mail_lies_with_both_and_the_second_sees_who_passed_it_on() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    forward(&world, &sender, "kim@d.test", Some("lee@d.test")).await;
    let list = arrived(&world, &sender, &["Kim+a@d.test"]).await;
    assert_eq!(addresses(&list), ["kim@d.test", "lee@d.test"]);
    let [kim, lee] = list.as_slice() else {
        panic!("{list:?}")
    };
    assert_eq!((kim.body, kim.place, lee.place), (lee.body, 0, 1));
    assert_eq!(kim.original.as_deref(), Some("kim+a@d.test"));
    assert_eq!(lee.original, None);
    assert_eq!(kim.from, "Ann <ann@far.test>");
    assert_eq!(lee.from, "Ann via kim@d.test <ann@far.test>");
    let from = |message: &Message| message.trace.as_ref().unwrap().from.clone();
    assert_eq!(from(kim).as_deref(), Some("ann@far.test"));
    assert_eq!(from(lee).as_deref(), Some("kim@d.test"));
    let raw = world.engine.message_raw(&sender.operator, lee.id);
    let (_, raw) = raw.await.unwrap();
    assert!(String::from_utf8(raw).unwrap().ends_with(MAIL));
    let events = world.engine.events(&sender.operator, EventId(0), 10);
    let (events, _) = events.await.unwrap();
    let told = events
        .iter()
        .map(|event| event.facts.message.map(|one| one.id));
    assert!(told.eq([Some(kim.id), Some(lee.id)]));

    forward(&world, &sender, "kim@d.test", None).await;
    let list = arrived(&world, &sender, &["kim@d.test"]).await;
    assert_eq!(addresses(&list), ["kim@d.test"]);
}

#[tokio::test]
async fn mail_that_wants_no_answer_wants_none_when_it_is_passed_on() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    forward(&world, &sender, "kim@d.test", Some("lee@d.test")).await;
    let mut bounce = arrival(&["kim@d.test"]);
    bounce.from = None;
    world.engine.receive(bounce).await.unwrap();
    let list = world
        .engine
        .messages(&sender.operator, Some("lee@d.test"), None, 10)
        .await
        .unwrap();
    assert_eq!(list[0].trace.as_ref().unwrap().from, None);
}

#[tokio::test]
async fn it_goes_on_three_times_and_through_nobody_twice() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")] {
        let (from, to) = (format!("{from}@d.test"), format!("{to}@d.test"));
        forward(&world, &sender, &from, Some(&to)).await;
    }
    let list = arrived(&world, &sender, &["a@d.test"]).await;
    assert_eq!(
        addresses(&list),
        ["a@d.test", "b@d.test", "c@d.test", "d@d.test"]
    );
    // Who has it from the sender does not have it twice, nor from somebody else.
    let list = arrived(&world, &sender, &["a@d.test", "c@d.test"]).await;
    assert_eq!(
        addresses(&list),
        ["a@d.test", "c@d.test", "b@d.test", "d@d.test", "e@d.test"]
    );
    assert_eq!(list[1].from, "Ann <ann@far.test>");
    forward(&world, &sender, "c@d.test", Some("a@d.test")).await;
    let list = arrived(&world, &sender, &["b@d.test"]).await;
    assert_eq!(addresses(&list), ["b@d.test", "c@d.test", "a@d.test"]);
    forward(&world, &sender, "a@d.test", Some("a+x@d.test")).await;
    let list = arrived(&world, &sender, &["a@d.test"]).await;
    assert_eq!(addresses(&list), ["a@d.test"]);
}

#[tokio::test]
async fn a_catch_all_passes_on_what_it_holds_for() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    forward(&world, &sender, "all@d.test", Some("bob@d.test")).await;
    let change = DomainChange {
        catch_all: Some(Some(String::from("all@d.test"))),
        ..DomainChange::default()
    };
    let set = world
        .engine
        .set_domain(&sender.operator, sender.domain.id, change);
    set.await.unwrap();
    let list = arrived(&world, &sender, &["any@d.test"]).await;
    assert_eq!(addresses(&list), ["any@d.test", "bob@d.test"]);
    let nothing = DomainChange {
        receives: Some(Receives::Known),
        ..DomainChange::default()
    };
    let set = world
        .engine
        .set_domain(&sender.operator, sender.domain.id, nothing);
    set.await.unwrap();
    let list = arrived(&world, &sender, &["any@d.test"]).await;
    assert_eq!(addresses(&list), ["all@d.test"]);
}
