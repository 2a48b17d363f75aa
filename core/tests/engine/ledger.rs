//! After a crash each attempt is one of three: not sent, sent, unknown.

use std::time::Duration;

use posthouse::engine::AfterCrash;
use posthouse::model::delivery::{AttemptState, HeldBecause, Outcome, State};
use posthouse::model::key::Mode;
use posthouse::ops::why::Questions;
use posthouse::work::Recovered;

use crate::script::Far;
use crate::world::{World, email};

/// A world in which one attempt was cut off after its content went out.
async fn cut_off(after_crash: AfterCrash) -> World {
    let world = World::with(|settings| settings.after_crash = after_crash).await;
    let sender = world.sender(Mode::Live).await;
    world.script.far.lock().unwrap().push_back(Far::Hang);
    let id = world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap()
        .id;
    let (workers, _) = world.engine.work().await.unwrap();
    world
        .wait(async || {
            let story = world
                .engine
                .why(&sender.operator, id, Questions::Skip)
                .await
                .unwrap();
            story.recipients[0]
                .attempts
                .first()
                .is_some_and(|attempt| attempt.state == AttemptState::DataSent)
        })
        .await;
    assert_eq!(workers.stop(Duration::ZERO).await, 1);
    world.crash().await
}

#[tokio::test]
async fn an_unknown_one_is_sent_again_and_counted() {
    let world = cut_off(AfterCrash::Resend).await;
    let operator = world.engine.operator(None).await.unwrap();
    let (workers, recovered) = world.engine.work().await.unwrap();
    assert_eq!(
        recovered,
        Recovered {
            unknown_resent: 1,
            ..Recovered::default()
        }
    );
    world
        .wait(async || world.script.taken.lock().unwrap().len() == 1)
        .await;
    workers.stop(Duration::from_secs(5)).await;
    let email = world
        .engine
        .emails(&operator, Default::default(), 1)
        .await
        .unwrap()
        .remove(0)
        .email;
    let story = world
        .engine
        .why(&operator, email.id, Questions::Skip)
        .await
        .unwrap();
    let outcomes: Vec<_> = story.recipients[0]
        .attempts
        .iter()
        .map(|attempt| attempt.outcome)
        .collect();
    assert_eq!(outcomes, [Some(Outcome::Unknown), Some(Outcome::Sent)]);
}

#[tokio::test]
async fn or_held_when_the_operator_says_so() {
    let world = cut_off(AfterCrash::Hold).await;
    let operator = world.engine.operator(None).await.unwrap();
    let (workers, recovered) = world.engine.work().await.unwrap();
    workers.stop(Duration::from_secs(5)).await;
    assert_eq!(
        recovered,
        Recovered {
            unknown_held: 1,
            ..Recovered::default()
        }
    );
    let standing = world
        .engine
        .emails(&operator, Default::default(), 1)
        .await
        .unwrap()
        .remove(0);
    let delivery = &standing.deliveries[0];
    assert_eq!(
        (delivery.state, delivery.held_because),
        (State::Held, Some(HeldBecause::Unknown))
    );
    assert!(world.script.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_unknown_without_a_crash_too() {
    let world = World::with(|settings| settings.after_crash = AfterCrash::Hold).await;
    let sender = world.sender(Mode::Live).await;
    world.script.far.lock().unwrap().push_back(Far::Silence);
    let id = world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap()
        .id;
    world
        .until(async || {
            let standing = world.engine.email(&sender.operator, id).await.unwrap();
            standing.deliveries[0].held_because == Some(HeldBecause::Unknown)
        })
        .await;
}
