//! Calls of many large emails, and Idempotency-Keys that several keys share.

use posthouse::Error;
use posthouse::error::{Busy, Field};
use posthouse::model::email::{
    Accepted, IdempotencyTerms, Replayed, SenderTerms, Submission, Terms,
};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::keys::{Keeping, KeyChange, NewKey};

use crate::world::{World, email};

/// As a contract has them whose keys are not bound to a domain.
const OWN: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    idempotency: IdempotencyTerms::Organization,
    ..Terms::ORDINARY
};

async fn caller(world: &World, operator: &Caller, shape: &'static str, token: &str) -> Caller {
    let new = NewKey {
        shape,
        token: token.to_owned(),
        prefix: None,
        keeping: Keeping::HashOnly,
        name: None,
        domain: None,
        scopes: vec![Scope::Send],
        mode: Some(Mode::Capture),
        expires_at: None,
    };
    world.engine.create_key(operator, new).await.unwrap();
    world.engine.authenticate(shape, token).await.unwrap()
}

fn under(token: &str) -> Submission {
    Submission {
        terms: OWN,
        idempotency: Some(token.to_owned()),
        ..email("x@y.test")
    }
}

fn accepted(result: &Result<Accepted, Error>) -> &Accepted {
    result.as_ref().unwrap()
}

#[tokio::test]
async fn an_idempotency_key_can_be_the_organizations() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let one = caller(&world, &sender.operator, "a", "one").await;
    let two = caller(&world, &sender.operator, "a", "two").await;
    let other = caller(&world, &sender.operator, "b", "three").await;
    let first = world.engine.send(&one, under("k")).await.unwrap();
    let again = world.engine.send(&two, under("k")).await.unwrap();
    assert_eq!((again.id, again.replayed), (first.id, Replayed::Yes));
    let elsewhere = world.engine.send(&other, under("k")).await.unwrap();
    assert_eq!(elsewhere.replayed, Replayed::No);
    let own = Submission {
        terms: Terms {
            idempotency: IdempotencyTerms::Key,
            ..OWN
        },
        ..under("k")
    };
    let own = world.engine.send(&two, own).await.unwrap();
    assert_eq!(own.replayed, Replayed::No);
}

#[tokio::test]
async fn large_ones_are_taken_in_several_writes_and_counted_as_one_call() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = caller(&world, &sender.operator, "a", "one").await;
    let change = KeyChange {
        rate_per_minute: Some(Some(1)),
        ..Default::default()
    };
    let id = caller.key().unwrap().id;
    let set = world.engine.set_key(&sender.operator, None, id, change);
    set.await.unwrap();
    let caller = world.engine.authenticate("a", "one").await.unwrap();
    let own = |to: &str| Submission {
        terms: OWN,
        ..email(to)
    };
    // The first fills a write by itself.
    let large = Submission {
        text: Some("text\n".repeat(posthouse::limits::BATCH_BYTES / 5 + 1)),
        ..own("a@y.test")
    };
    let sent = [large, own("nobody"), own("b@y.test")];
    let sent = world.engine.send_batch(&caller, sent).await.unwrap();
    assert_eq!(accepted(&sent[0]).deliveries[0].1, "a@y.test");
    assert!(matches!(&sent[1], Err(Error::Invalid(problems)) if problems[0].field == Field::To));
    assert_eq!(accepted(&sent[2]).deliveries[0].1, "b@y.test");
    assert_eq!(sent.len(), 3);
    let refused = world.engine.send_batch(&caller, [own("d@y.test")]).await;
    assert!(matches!(refused, Err(Error::Busy(Busy::Rate { .. }))));
}

#[tokio::test]
async fn past_the_bound_nothing_more_is_taken() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let bound = posthouse::limits::BATCH;
    let wrong = (0..bound + 2).map(|_| Submission::default());
    let sent = world
        .engine
        .send_batch(&sender.caller, wrong)
        .await
        .unwrap();
    assert_eq!(sent.len(), bound + 2);
    let busy = |one: &Result<Accepted, Error>| matches!(one, Err(Error::Busy(Busy::WriteQueue)));
    assert_eq!(sent.iter().filter(|one| busy(one)).count(), 2);
    assert!(busy(&sent[bound]));
}
