//! Relays: in order, within their limits, and the next where one puts mail off.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Busy, Conflict, Missing};
use posthouse::ids::{EmailId, RelayId};
use posthouse::model::delivery::{Route, State};
use posthouse::model::email::{SenderTerms, Submission, Terms, WayOutTerms};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::model::organization::Direct;
use posthouse::model::relay::{RelayLimits, RelaySecurity, RelaySender};
use posthouse::ops::organizations::OrganizationChange;
use posthouse::ops::relays::NewRelay;

use crate::batches::organization_key;
use crate::delivering::{send, until_state};
use crate::script::Far;
use crate::world::{Sender, World, email};

async fn relay(world: &World, sender: &Sender, name: &str, hourly: Option<u32>) -> RelayId {
    let new = NewRelay {
        name: name.into(),
        host: format!("{name}.test"),
        port: 587,
        security: RelaySecurity::StartTls,
        login: None,
        limits: RelayLimits {
            hourly,
            daily: None,
        },
        sender: Some(RelaySender {
            email: format!("{name}@provider.test"),
            name: Some("Shop".into()),
        }),
    };
    let made = world.engine.create_relay(&sender.operator, new).await;
    made.unwrap().id
}

async fn story(world: &World, sender: &Sender, id: EmailId) -> Vec<(EventKind, Option<String>)> {
    let (_, events) = world
        .engine
        .email_events(&sender.operator, id)
        .await
        .unwrap();
    events
        .into_iter()
        .map(|event| (event.kind, event.facts.relay))
        .collect()
}

#[tokio::test]
async fn the_next_relay_takes_what_the_first_puts_off() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    relay(&world, &sender, "one", None).await;
    relay(&world, &sender, "two", None).await;
    let put_off = Far::Rcpt(451, "4.3.0 later");
    world.script.far.lock().unwrap().push_back(put_off);
    let id = send(&world, &sender, "x@far.test").await;
    let delivery = until_state(&world, &sender, id, State::Delivered).await;
    assert_eq!((delivery.attempts, delivery.route), (2, Some(Route::Relay)));
    assert_eq!(*world.script.taken_by.lock().unwrap(), ["two.test"]);
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(
        story(&world, &sender, id).await,
        [
            (EventKind::Queued, None),
            (EventKind::Deferred, named("one")),
            (EventKind::Delivered, named("two")),
        ]
    );
}

#[tokio::test]
async fn a_round_tries_each_once_and_the_next_begins_with_the_first() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    relay(&world, &sender, "one", None).await;
    relay(&world, &sender, "two", None).await;
    for _ in 0..2 {
        let put_off = Far::Rcpt(451, "4.3.0 later");
        world.script.far.lock().unwrap().push_back(put_off);
    }
    let id = send(&world, &sender, "x@far.test").await;
    let delivery = until_state(&world, &sender, id, State::Deferred).await;
    assert_eq!(delivery.attempts, 2);
    let wait = delivery.next_at.unwrap().since(world.engine.now());
    assert!(wait >= Duration::from_secs(48), "{wait:?}");
    world.hand.forward(wait);
    until_state(&world, &sender, id, State::Delivered).await;
    assert_eq!(*world.script.taken_by.lock().unwrap(), ["one.test"]);
}

#[tokio::test]
async fn a_refusal_for_good_is_tried_nowhere_else() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    relay(&world, &sender, "one", Some(1)).await;
    relay(&world, &sender, "two", None).await;
    let refusal = Far::Rcpt(550, "5.1.1 no such user");
    world.script.far.lock().unwrap().push_back(refusal);
    let id = send(&world, &sender, "gone@far.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    // What it did not take does not count.
    let next = send(&world, &sender, "x@far.test").await;
    until_state(&world, &sender, next, State::Delivered).await;
    assert_eq!(*world.script.taken_by.lock().unwrap(), ["one.test"]);
}

#[tokio::test]
async fn limits_hold_across_a_crash_and_end_with_their_span() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let one = relay(&world, &sender, "one", Some(2)).await;
    for _ in 0..2 {
        let id = send(&world, &sender, "x@far.test").await;
        until_state(&world, &sender, id, State::Delivered).await;
    }
    let world = world.crash().await;
    let id = send(&world, &sender, "y@far.test").await;
    let waiting = until_state(&world, &sender, id, State::Deferred).await;
    assert_eq!(waiting.attempts, 0);
    let until = waiting.next_at.unwrap().rfc3339_seconds();
    let words = format!("every relay is at its limit until {until}");
    assert_eq!(waiting.last_answer, Some(words));
    let relays = world.engine.relays(&sender.operator).await.unwrap();
    assert_eq!((relays[0].relay.id, relays[0].this_hour), (one, 2));
    let wait = waiting.next_at.unwrap().since(world.engine.now());
    assert!(wait <= Duration::from_secs(3600), "{wait:?}");
    world.hand.forward(wait);
    until_state(&world, &sender, id, State::Delivered).await;
    assert_eq!(world.script.taken_by.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_full_relay_leaves_mail_to_the_next() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    relay(&world, &sender, "one", Some(1)).await;
    let two = relay(&world, &sender, "two", None).await;
    for _ in 0..3 {
        let id = send(&world, &sender, "x@far.test").await;
        until_state(&world, &sender, id, State::Delivered).await;
    }
    let taken_by = || world.script.taken_by.lock().unwrap().clone();
    assert_eq!(taken_by(), ["one.test", "two.test", "two.test"]);
    let order = world.engine.order_relays(&sender.operator, vec![two]);
    order.await.unwrap();
    let relays = world.engine.relays(&sender.operator).await.unwrap();
    let names: Vec<_> = relays.iter().map(|one| one.relay.name.as_str()).collect();
    assert_eq!(names, ["two", "one"]);
    let unknown = world
        .engine
        .order_relays(&sender.operator, vec![RelayId(99)]);
    assert!(matches!(unknown.await, Err(Error::Missing(Missing::Relay))));
}

#[tokio::test]
async fn a_door_that_sends_at_once_wants_a_way_out_with_room() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let live = organization_key(&world, &sender, Mode::Live).await;
    let direct = OrganizationChange {
        direct: Some(Direct::Off),
        ..OrganizationChange::default()
    };
    let off = world.engine.set_organization(&sender.operator, direct);
    off.await.unwrap();
    let now = |to: &str| Submission {
        terms: Terms {
            sender: SenderTerms::Provider,
            way_out: WayOutTerms::Now,
            ..Terms::ORDINARY
        },
        from: None,
        ..email(to)
    };
    let without = Submission {
        from: Some("a@d.test".into()),
        ..now("x@far.test")
    };
    let refused = world.engine.send(&live, without).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::NoRoute))));
    relay(&world, &sender, "one", Some(1)).await;
    let sent = world.engine.send(&live, now("x@far.test")).await.unwrap();
    assert_eq!(sent.from, "one@provider.test");
    until_state(&world, &sender, sent.id, State::Delivered).await;
    let (_, _, raw) = world.script.taken.lock().unwrap()[0].clone();
    let text = String::from_utf8_lossy(&raw).into_owned();
    assert!(text.contains("From: Shop <one@provider.test>"), "{text}");
    assert!(!text.contains("DKIM-Signature"), "not our domain");
    let full = world.engine.send(&live, now("y@far.test")).await;
    assert!(matches!(full, Err(Error::Busy(Busy::Limit { wait_ms })) if wait_ms > 0));
    let played = now("delivered@simulator.test");
    assert!(world.engine.send(&live, played).await.is_ok());
}
