//! Outcome addresses: real states, events and webhooks, and nothing leaves.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Field, Reason};
use posthouse::ids::SuppressionId;
use posthouse::model::delivery::{Route, State};
use posthouse::model::event::EventKind;
use posthouse::model::fate::Fate;
use posthouse::model::key::Mode;
use posthouse::ops::emails::EmailRef;

use crate::batches::{organization_key, own};
use crate::world::World;

#[tokio::test]
async fn every_outcome_is_played_through_in_every_mode() {
    for &mode in Mode::ALL {
        let world = World::new().await;
        let sender = world.sender(mode).await;
        let caller = organization_key(&world, &sender, mode).await;
        let (workers, _) = world.engine.work().await.unwrap();
        for (local, state, fate, kinds) in [
            (
                "delivered",
                State::Delivered,
                Fate::Delivered,
                &[EventKind::Queued, EventKind::Delivered][..],
            ),
            (
                "bounce+5.2.1",
                State::Bounced,
                Fate::Bounced,
                &[EventKind::Queued, EventKind::Bounced],
            ),
            (
                "complaint",
                State::Complained,
                Fate::Complained,
                &[
                    EventKind::Queued,
                    EventKind::Delivered,
                    EventKind::Complained,
                ],
            ),
            (
                "kim",
                State::Bounced,
                Fate::Bounced,
                &[EventKind::Queued, EventKind::Bounced],
            ),
        ] {
            // Twice: an outcome is never on the suppression list.
            for _ in 0..2 {
                let to = format!("{local}@simulator.test");
                let which =
                    EmailRef::Uuid(world.engine.send(&caller, own(&to)).await.unwrap().uuid);
                let now = async || {
                    world
                        .engine
                        .email_events(&caller, which.clone())
                        .await
                        .unwrap()
                };
                world
                    .wait(async || now().await.0.deliveries[0].state == state)
                    .await;
                let (standing, events) = now().await;
                assert_eq!(standing.fate(world.engine.now()), fate, "{mode} {to}");
                assert_eq!(standing.deliveries[0].route, Some(Route::Simulated));
                let told: Vec<_> = events.iter().map(|event| event.kind).collect();
                assert_eq!(told, kinds, "{mode} {to}");
            }
        }
        workers.stop(Duration::from_secs(5)).await;
        assert_eq!(*world.script.opened.lock().unwrap(), 0);
        let listed = world
            .engine
            .suppressions(&sender.operator, None, SuppressionId(0), 10);
        assert!(listed.await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_deferral_lasts_as_long_as_its_address_says() {
    let world = World::new().await;
    let sender = world.sender(Mode::Hold).await;
    let caller = organization_key(&world, &sender, Mode::Hold).await;
    let sent = world
        .engine
        .send(&caller, own("defer+4.2.2-300s@simulator.test"))
        .await
        .unwrap();
    let which = EmailRef::Uuid(sent.uuid);
    let now = async || {
        let standing = world.engine.email(&caller, which.clone()).await.unwrap();
        standing.deliveries.into_iter().next().unwrap()
    };
    let (workers, _) = world.engine.work().await.unwrap();
    world
        .wait(async || now().await.state == State::Deferred)
        .await;
    let put_off = now().await;
    assert_eq!(
        put_off.next_at,
        Some(world.engine.now().plus(Duration::from_secs(300)))
    );
    assert_eq!(
        put_off.last_answer.as_deref(),
        Some("450 4.2.2 put off, as the address asks")
    );
    world.hand.forward(Duration::from_secs(300));
    world
        .wait(async || now().await.state == State::Delivered)
        .await;
    workers.stop(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_suppressed_outcome_is_refused_as_a_suppressed_address() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    let refused = world
        .engine
        .send(&caller, own("suppressed@simulator.test"))
        .await;
    let blocked = [Field::To.problem(Reason::Blocked)];
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == blocked));
}
