//! Batches: each email on its own, one write for all; and doors with terms of their own.

use posthouse::Error;
use posthouse::error::{Denied, Field, Reason};
use posthouse::ids::SuppressionId;
use posthouse::model::delivery::State;
use posthouse::model::email::{SenderTerms, SubjectTerms, Submission, SuppressedTerms, Terms};
use posthouse::model::event::EventKind;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::emails::EmailRef;
use posthouse::ops::keys::{Keeping, NewKey};

use crate::world::{Sender, World, email};

const OWN: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    suppressed: SuppressedTerms::Skip,
    subject: SubjectTerms::Required,
    ..Terms::ORDINARY
};

/// A caller with a key that is bound to no domain.
pub async fn organization_key(world: &World, sender: &Sender, mode: Mode) -> Caller {
    let new = NewKey {
        shape: "wide",
        token: "wide".into(),
        prefix: None,
        keeping: Keeping::HashOnly,
        name: None,
        domain: None,
        scopes: vec![Scope::Send, Scope::Read],
        mode: Some(mode),
        expires_at: None,
    };
    world
        .engine
        .create_key(&sender.operator, new)
        .await
        .unwrap();
    world.engine.authenticate("wide", "wide").await.unwrap()
}

pub fn own(to: &str) -> Submission {
    Submission {
        terms: OWN,
        ..email(to)
    }
}

#[tokio::test]
async fn a_bad_email_spoils_no_other() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let caller = organization_key(&world, &sender, Mode::Live).await;
    let unverified = Submission {
        from: Some("a@else.test".into()),
        ..own("x@far.test")
    };
    let no_subject = Submission {
        subject: None,
        ..own("x@far.test")
    };
    let items = vec![
        own("a@far.test"),
        own("nobody"),
        unverified,
        own("b@far.test"),
        no_subject,
    ];
    let mut answers = world.engine.send_batch(&caller, items).await.unwrap();
    let problem = |answer: posthouse::Result<_>| match answer {
        Err(Error::Invalid(problems)) => problems,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    };
    assert_eq!(
        problem(answers.remove(4)),
        [Field::Subject.problem(Reason::Absent)]
    );
    assert!(answers.remove(3).is_ok());
    assert_eq!(
        problem(answers.remove(2)),
        [Field::From.problem(Reason::Unverified)]
    );
    assert_eq!(
        problem(answers.remove(1)),
        [Field::To.problem(Reason::Malformed).of("nobody")]
    );
    let first = answers.remove(0).unwrap();
    let kept = world
        .engine
        .emails(&sender.operator, Default::default(), 10)
        .await
        .unwrap();
    assert_eq!(kept.len(), 2);
    let found = world
        .engine
        .email(
            &caller,
            EmailRef::MessageId(format!("<{}>", first.message_id)),
        )
        .await
        .unwrap();
    assert_eq!(found.email.uuid, first.uuid);
}

#[tokio::test]
async fn suppressed_recipients_are_left_out_while_somebody_is_left() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    world
        .engine
        .suppress(
            &sender.operator,
            None,
            "gone@far.test",
            (SuppressionReason::Manual, None),
        )
        .await
        .unwrap();
    let alone = world.engine.send(&caller, own("gone@far.test")).await;
    let blocked = [Field::To.problem(Reason::Blocked)];
    assert!(matches!(alone, Err(Error::Invalid(problems)) if problems == blocked));
    let both = world
        .engine
        .send(&caller, own("gone@far.test, here@far.test"))
        .await
        .unwrap();
    let (standing, events) = world
        .engine
        .email_events(&caller, EmailRef::Uuid(both.uuid))
        .await
        .unwrap();
    let states: Vec<_> = standing.deliveries.iter().map(|one| one.state).collect();
    assert_eq!(states, [State::Suppressed, State::Queued]);
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Queued, EventKind::Suppressed]);
    // Ordinary terms refuse the whole.
    let refused = world
        .engine
        .send(&sender.caller, email("gone@far.test, here@far.test"))
        .await;
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == blocked));
    let listed = world
        .engine
        .suppressions(&sender.operator, None, SuppressionId(0), 10)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
}

#[tokio::test]
async fn a_key_of_no_domain_sends_only_by_terms_that_name_one() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    let refused = world.engine.send(&caller, email("x@far.test")).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Scope))));
}

#[tokio::test]
async fn one_token_is_one_email_also_within_a_batch() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    let with = |token: &str| Submission {
        idempotency: Some(token.into()),
        ..own("x@far.test")
    };
    let first = world
        .engine
        .send_batch(&caller, vec![with("t#0"), with("t#1")])
        .await
        .unwrap();
    let again = world
        .engine
        .send_batch(&caller, vec![with("t#0"), with("t#1"), with("t#1")])
        .await
        .unwrap();
    for at in 0..2 {
        let (one, two) = (first[at].as_ref().unwrap(), again[at].as_ref().unwrap());
        assert_eq!((one.uuid, one.id), (two.uuid, two.id));
        assert_eq!(one.deliveries, two.deliveries);
    }
    assert!(matches!(again[2], Err(Error::Conflict(_))), "twice in one");
}
