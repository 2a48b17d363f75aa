//! Send: what is accepted, and what is refused with what.

use posthouse::Error;
use posthouse::error::{Busy, Conflict, Denied, Field, Reason, Unknown};
use posthouse::model::delivery::{Route, State};
use posthouse::model::email::{Replayed, Submission};
use posthouse::model::key::Mode;
use posthouse::model::organization::Standing;
use posthouse::ops::keys::KeyChange;
use posthouse::ops::organizations::OrganizationChange;

use crate::world::{World, email};

#[tokio::test]
async fn captured_mail_is_kept_and_nothing_leaves() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let accepted = world
        .engine
        .send(&sender.caller, email("Kim <Kim@far.test>"))
        .await
        .unwrap();
    world
        .until(async || {
            let standing = world
                .engine
                .email(&sender.operator, accepted.id)
                .await
                .unwrap();
            standing.deliveries[0].state == State::Delivered
        })
        .await;
    let standing = world
        .engine
        .email(&sender.operator, accepted.id)
        .await
        .unwrap();
    assert_eq!(standing.deliveries[0].route, Some(Route::Capture));
    let kept = world
        .engine
        .messages(&sender.operator, Some("kim@far.test"), None, 10)
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    let (_, summary) = world
        .engine
        .message(&sender.operator, kept[0].id)
        .await
        .unwrap();
    assert_eq!(summary.subject.as_deref(), Some("Hi"));
    assert_eq!(summary.text.as_deref().map(str::trim_end), Some("text"));
    assert_eq!(
        *world.script.opened.lock().unwrap(),
        0,
        "no socket was opened"
    );
}

#[tokio::test]
async fn every_problem_is_told_at_once_and_nothing_is_kept() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let bad = Submission {
        cc: Some("nobody".into()),
        bcc: Some(
            (0..51)
                .map(|n| format!("u{n}@x.test"))
                .collect::<Vec<_>>()
                .join(","),
        ),
        to: None,
        text: None,
        subject: Some("a\r\nBcc: x@y.test".into()),
        tags: Some(vec!["x".repeat(256)]),
        ..email("")
    };
    let Err(Error::Invalid(problems)) = world.engine.send(&sender.caller, bad).await else {
        panic!("accepted")
    };
    let of = |field: Field, reason| field.problem(reason);
    assert_eq!(
        problems,
        [
            of(Field::To, Reason::Absent),
            of(Field::Cc, Reason::Malformed).of("nobody"),
            of(Field::Bcc, Reason::TooMany),
            of(Field::Html, Reason::Absent),
            of(Field::Text, Reason::Absent),
            of(Field::Subject, Reason::Malformed),
            of(Field::Tags, Reason::TooLong),
        ]
    );
    assert!(
        world
            .engine
            .emails(&sender.operator, Default::default(), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_order_of_refusals() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let foreign = Submission {
        from: Some("a@else.test".into()),
        to: None,
        ..email("")
    };
    let refused = world.engine.send(&sender.caller, foreign.clone()).await;
    assert!(
        matches!(refused, Err(Error::Denied(Denied::FromDomain))),
        "{refused:?}"
    );
    let sub = Submission {
        from: Some("a@sub.d.test".into()),
        ..email("x@y.test")
    };
    let refused = world.engine.send(&sender.caller, sub).await;
    assert!(
        matches!(refused, Err(Error::Denied(Denied::FromDomain))),
        "{refused:?}"
    );
    let set = |standing| {
        let change = OrganizationChange {
            standing: Some(standing),
            ..Default::default()
        };
        world.engine.set_organization(&sender.operator, change)
    };
    for (standing, expected) in [
        (Standing::Disabled, Denied::Disabled),
        (Standing::NoPlan, Denied::NoPlan),
    ] {
        set(standing).await.unwrap();
        let caller = world.engine.authenticate("test", "token").await.unwrap();
        let refused = world.engine.send(&caller, foreign.clone()).await;
        assert!(
            matches!(refused, Err(Error::Denied(why)) if why == expected),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn only_mail_that_can_leave_waits_for_dkim() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    world.script.txt.lock().unwrap().clear();
    world
        .engine
        .verify_domain(&sender.operator, sender.domain.id)
        .await
        .unwrap();
    for &mode in Mode::ALL {
        let token = format!("token of {mode}");
        world
            .key(&sender.operator, &sender.domain, mode, &token)
            .await;
        let caller = world.engine.authenticate("test", &token).await.unwrap();
        let answer = world.engine.send(&caller, email("x@y.test")).await;
        match mode {
            Mode::Capture => assert!(answer.is_ok(), "{answer:?}"),
            _ => assert!(
                matches!(answer, Err(Error::Denied(Denied::NotVerified))),
                "{mode} {answer:?}"
            ),
        }
    }
}

#[tokio::test]
async fn an_idempotency_key_stands_for_its_first_success_for_a_day() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let with = |to: &str| Submission {
        idempotency: Some("k1".into()),
        ..email(to)
    };
    let failed = world.engine.send(&sender.caller, with("nonsense")).await;
    assert!(
        matches!(failed, Err(Error::Invalid(_))),
        "a failure is not remembered"
    );
    let first = world
        .engine
        .send(&sender.caller, with("x@y.test"))
        .await
        .unwrap();
    assert_eq!(first.replayed, Replayed::No);
    let again = world
        .engine
        .send(&sender.caller, with("other@y.test"))
        .await
        .unwrap();
    assert_eq!((again.id, again.replayed), (first.id, Replayed::Yes));
    world
        .hand
        .forward(std::time::Duration::from_secs(24 * 3600 + 1));
    let later = world
        .engine
        .send(&sender.caller, with("x@y.test"))
        .await
        .unwrap();
    assert_ne!(later.id, first.id);
    let long = Submission {
        idempotency: Some("k".repeat(256)),
        ..email("x@y.test")
    };
    let refused = world.engine.send(&sender.caller, long).await;
    assert!(
        matches!(refused, Err(Error::Invalid(problems)) if problems[0].field == Field::IdempotencyKey)
    );
}

#[tokio::test]
async fn two_at_once_under_one_idempotency_key() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let with = || Submission {
        idempotency: Some("k1".into()),
        ..email("x@y.test")
    };
    let (one, two) = tokio::join!(
        world.engine.send(&sender.caller, with()),
        world.engine.send(&sender.caller, with()),
    );
    assert!(one.is_ok(), "{one:?}");
    assert!(
        matches!(two, Err(Error::Conflict(Conflict::InProgress))),
        "{two:?}"
    );
}

#[tokio::test]
async fn a_limited_key_is_told_how_long_to_wait() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let change = KeyChange {
        rate_per_minute: Some(Some(2)),
        ..Default::default()
    };
    world
        .engine
        .set_key(&sender.operator, None, sender.key, change)
        .await
        .unwrap();
    let caller = world.engine.authenticate("test", "token").await.unwrap();
    for _ in 0..2 {
        world.engine.send(&caller, email("x@y.test")).await.unwrap();
    }
    let refused = world.engine.send(&caller, email("x@y.test")).await;
    assert!(
        matches!(refused, Err(Error::Busy(Busy::Rate { wait_ms: 30_000 }))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn credentials_of_the_wrong_kind_are_unknown() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for (shape, token, expected) in [
        ("test", "", Unknown::Absent),
        ("test", "other", Unknown::Wrong),
        ("other", "token", Unknown::Wrong),
    ] {
        let refused = world.engine.authenticate(shape, token).await;
        assert!(
            matches!(refused, Err(Error::Unknown(why)) if why == expected),
            "{shape} {token}"
        );
    }
    assert!(
        world.engine.authenticate("test", "  token\t").await.is_ok(),
        "white space around it"
    );
    world
        .engine
        .revoke_key(&sender.operator, None, sender.key)
        .await
        .unwrap();
    let refused = world.engine.authenticate("test", "token").await;
    assert!(matches!(refused, Err(Error::Unknown(Unknown::Revoked))));
}
