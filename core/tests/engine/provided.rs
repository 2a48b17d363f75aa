//! Doors where a provider answers for the sender: whose sender it is, and who is left out.

use posthouse::Error;
use posthouse::error::{Busy, Conflict, Field, Problem, Reason};
use posthouse::model::delivery::State;
use posthouse::model::email::{SenderTerms, Submission, SuppressedTerms, Terms, WayOutTerms};
use posthouse::model::key::Mode;
use posthouse::model::organization::Direct;
use posthouse::model::relay::{Relay, RelayLimits, RelaySecurity, RelaySender};
use posthouse::ops::organizations::OrganizationChange;
use posthouse::ops::relays::NewRelay;

use crate::world::{Sender, World, email};
use posthouse::model::suppression::SuppressionReason;

const TERMS: Terms = Terms {
    sender: SenderTerms::Provider,
    suppressed: SuppressedTerms::SkipCopies,
    way_out: WayOutTerms::Now,
    ..Terms::ORDINARY
};

async fn world() -> (World, Sender) {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    (world, sender)
}

async fn relay(world: &World, sender: &Sender, limits: RelayLimits) -> Relay {
    let new = NewRelay {
        name: String::from("provider"),
        host: String::from("smtp.provider.test"),
        port: 25,
        security: RelaySecurity::Plain,
        login: None,
        limits,
        sender: Some(RelaySender {
            email: String::from("desk@provider.test"),
            name: Some(String::from("The Desk")),
        }),
    };
    world
        .engine
        .create_relay(&sender.operator, new)
        .await
        .unwrap()
}

fn from(email_text: Option<&str>, name: Option<&str>) -> Submission {
    Submission {
        terms: TERMS,
        from: email_text.map(str::to_owned),
        from_name: name.map(str::to_owned),
        ..email("kim@far.test")
    }
}

#[tokio::test]
async fn what_is_not_said_of_the_sender_is_the_providers() {
    let (world, sender) = world().await;
    relay(&world, &sender, RelayLimits::default()).await;
    for (address, name, expected) in [
        (None, None, "The Desk <desk@provider.test>"),
        (None, Some("Shop"), "Shop <desk@provider.test>"),
        (Some("a@x.test"), None, "The Desk <a@x.test>"),
        (Some("a@x.test"), Some("Shop"), "Shop <a@x.test>"),
        (Some("Ann <a@x.test>"), None, "Ann <a@x.test>"),
        (Some(""), Some(" "), "The Desk <desk@provider.test>"),
    ] {
        let accepted = world.engine.send(&sender.caller, from(address, name)).await;
        let id = accepted.unwrap().id;
        let standing = world.engine.email(&sender.operator, id).await.unwrap();
        assert_eq!(standing.email.fields.from, expected);
        let raw = world.engine.email_raw(&sender.operator, id).await.unwrap();
        let raw = String::from_utf8(raw).unwrap();
        let address = expected.split_once('<').unwrap().1;
        assert!(raw.contains(address), "{expected} in {raw}");
    }
}

#[tokio::test]
async fn mail_of_the_providers_sender_is_signed_where_the_domain_is_ours() {
    let (world, sender) = world().await;
    let relay = relay(&world, &sender, RelayLimits::default()).await;
    let change = posthouse::ops::relays::RelayChange {
        sender: Some(Some(RelaySender {
            email: String::from("desk@d.test"),
            name: None,
        })),
        ..Default::default()
    };
    world
        .engine
        .set_relay(&sender.operator, relay.id, change)
        .await
        .unwrap();
    let accepted = world.engine.send(&sender.caller, from(None, None)).await;
    let id = accepted.unwrap().id;
    let standing = world.engine.email(&sender.operator, id).await.unwrap();
    assert_eq!(standing.email.domain, Some(sender.domain.id));
    assert_eq!(standing.email.fields.from, "desk@d.test");
}

#[tokio::test]
async fn without_a_provider_the_sender_has_to_be_said_and_proved() {
    let (world, sender) = world().await;
    for (address, name, expected) in [
        (None, None, Field::From.problem(Reason::Absent)),
        (None, Some("Shop"), Field::From.problem(Reason::Absent)),
        (
            Some("nobody"),
            None,
            Field::From.problem(Reason::Malformed).of("nobody"),
        ),
        (
            Some("a@x.test"),
            None,
            Field::From.problem(Reason::Unverified),
        ),
    ] {
        let refused = world.engine.send(&sender.caller, from(address, name)).await;
        let Err(Error::Invalid(problems)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problems, [expected]);
    }
    let sent = world
        .engine
        .send(&sender.caller, from(Some("a@d.test"), None))
        .await;
    assert!(sent.is_ok(), "{sent:?}");
}

#[tokio::test]
async fn a_wrong_type_is_one_problem_and_no_default() {
    let (world, sender) = world().await;
    relay(&world, &sender, RelayLimits::default()).await;
    let problem = Field::From.problem(Reason::Malformed);
    let submission = Submission {
        refused: vec![problem.clone()],
        ..from(None, None)
    };
    let refused = world.engine.send(&sender.caller, submission).await;
    assert!(
        matches!(&refused, Err(Error::Invalid(problems)) if *problems == [problem]),
        "{refused:?}"
    );
}

#[tokio::test]
async fn no_way_out_and_no_room_are_told_apart() {
    let (world, sender) = world().await;
    let limits = RelayLimits {
        hourly: Some(1),
        daily: None,
    };
    relay(&world, &sender, limits).await;
    let sent = world.engine.send(&sender.caller, from(None, None)).await;
    let id = sent.unwrap().id;
    world
        .until(async || {
            let standing = world.engine.email(&sender.operator, id).await.unwrap();
            standing.deliveries[0].state == State::Delivered
        })
        .await;
    let full = world.engine.send(&sender.caller, from(None, None)).await;
    // The clock stands at 13 minutes and 20 seconds past an hour.
    let wait_ms = (46 * 60 + 40) * 1000;
    assert!(
        matches!(full, Err(Error::Busy(Busy::Limit { wait_ms: wait })) if wait == wait_ms),
        "{full:?}"
    );
    let relays = world.engine.relays(&sender.operator).await.unwrap();
    world
        .engine
        .remove_relay(&sender.operator, relays[0].relay.id)
        .await
        .unwrap();
    let closed = OrganizationChange {
        direct: Some(Direct::Off),
        ..Default::default()
    };
    world
        .engine
        .set_organization(&sender.operator, closed)
        .await
        .unwrap();
    let nowhere = world
        .engine
        .send(&sender.caller, from(Some("a@d.test"), None))
        .await;
    assert!(
        matches!(nowhere, Err(Error::Conflict(Conflict::NoRoute))),
        "{nowhere:?}"
    );
}

#[tokio::test]
async fn suppressed_copies_are_left_out_and_a_suppressed_addressee_is_not() {
    let (world, sender) = world().await;
    for address in ["kim@far.test", "lee@far.test"] {
        let operator = &sender.operator;
        world
            .engine
            .suppress(operator, None, address, (SuppressionReason::Manual, None))
            .await
            .unwrap();
    }
    let submission = |to: &str, cc: &str| Submission {
        to: Some(to.to_owned()),
        cc: Some(cc.to_owned()),
        bcc: Some(String::from("ann@far.test")),
        ..from(Some("a@d.test"), None)
    };
    let refused = world
        .engine
        .send(&sender.caller, submission("kim@far.test", "lee@far.test"))
        .await;
    let blocked: Problem = Field::To.problem(Reason::Blocked);
    assert!(
        matches!(&refused, Err(Error::Invalid(problems)) if *problems == [blocked]),
        "{refused:?}"
    );
    let accepted = world
        .engine
        .send(&sender.caller, submission("bob@far.test", "lee@far.test"))
        .await
        .unwrap();
    let standing = world
        .engine
        .email(&sender.operator, accepted.id)
        .await
        .unwrap();
    let states: Vec<State> = standing.deliveries.iter().map(|one| one.state).collect();
    assert_eq!(states, [State::Queued, State::Suppressed, State::Queued]);
}
