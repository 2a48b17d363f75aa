//! Mail that waits for its time.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Conflict, Missing};
use posthouse::ids::EmailId;
use posthouse::model::delivery::State;
use posthouse::model::email::Submission;
use posthouse::model::event::EventKind;
use posthouse::model::fate::Fate;
use posthouse::model::key::Mode;
use posthouse::store::EmailFilter;

use crate::delivering::until_state;
use crate::world::{Sender, World, email};

const HOUR: Duration = Duration::from_secs(3600);

/// What waits now, newest first.
async fn waiting(world: &World, sender: &Sender) -> Vec<EmailId> {
    let filter = EmailFilter {
        waits_after: Some(world.engine.now()),
        ..EmailFilter::default()
    };
    let found = world.engine.emails(&sender.operator, filter, 50).await;
    found.unwrap().iter().map(|one| one.email.id).collect()
}

#[tokio::test]
async fn it_is_listed_until_it_is_taken_back_or_its_time_comes() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let in_an_hour = Submission {
        send_at: Some(world.engine.now().plus(HOUR)),
        ..email("x@far.test")
    };
    let send = async |submission| world.engine.send(&sender.caller, submission).await.unwrap();
    let first = send(in_an_hour.clone()).await;
    let second = send(in_an_hour).await;
    let at_once = send(email("y@far.test")).await;
    until_state(&world, &sender, at_once.id, State::Delivered).await;
    assert_eq!(waiting(&world, &sender).await, [second.id, first.id]);

    let cancel = async |uuid| world.engine.cancel_email(&sender.operator, uuid).await;
    cancel(first.uuid).await.unwrap();
    assert!(matches!(
        cancel(first.uuid).await,
        Err(Error::Conflict(Conflict::State))
    ));
    assert!(matches!(
        cancel(at_once.uuid).await,
        Err(Error::Conflict(Conflict::State))
    ));
    assert!(matches!(
        cancel(uuid::Uuid::nil()).await,
        Err(Error::Missing(Missing::Email))
    ));
    assert_eq!(waiting(&world, &sender).await, [second.id]);
    let (standing, events) = world
        .engine
        .email_events(&sender.operator, first.id)
        .await
        .unwrap();
    assert_eq!(standing.fate(world.engine.now()), Fate::Canceled);
    let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Queued, EventKind::Canceled]);

    world.hand.forward(HOUR);
    assert_eq!(waiting(&world, &sender).await, []);
    until_state(&world, &sender, second.id, State::Delivered).await;
    assert!(matches!(
        cancel(second.uuid).await,
        Err(Error::Conflict(Conflict::State))
    ));
    assert_eq!(world.script.taken.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn it_leaves_at_its_moment_and_not_before_whatever_happens_meanwhile() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let later = Submission {
        send_at: Some(world.engine.now().plus(HOUR)),
        ..email("x@far.test")
    };
    let later = world.engine.send(&sender.caller, later).await.unwrap();
    let tick = Duration::from_millis(1);
    world.hand.forward(HOUR - tick);
    let world = world.crash().await;
    // What goes to the same place has been looked at by the time that this is there.
    let other = world.engine.send(&sender.caller, email("y@far.test"));
    let other = other.await.unwrap();
    until_state(&world, &sender, other.id, State::Delivered).await;
    let standing = async || {
        let standing = world.engine.email(&sender.operator, later.id).await;
        standing.unwrap()
    };
    assert_eq!(standing().await.fate(world.engine.now()), Fate::Scheduled);
    assert_eq!(world.script.taken.lock().unwrap().len(), 1);
    world.hand.forward(tick);
    until_state(&world, &sender, later.id, State::Delivered).await;
    assert_eq!(standing().await.sent_at(), Some(world.engine.now()));
    let cancel = world.engine.cancel_email(&sender.operator, later.uuid);
    assert!(matches!(
        cancel.await,
        Err(Error::Conflict(Conflict::State))
    ));
}
