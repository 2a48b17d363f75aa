//! Deliver: modes, retries, bounces, and whom a slow destination holds up.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Conflict, Field, Reason};
use posthouse::ids::EmailId;
use posthouse::model::delivery::{Delivery, State};
use posthouse::model::key::Mode;
use posthouse::model::organization::Direct;
use posthouse::ops::emails::Decision;
use posthouse::ops::keys::KeyChange;
use posthouse::ops::organizations::OrganizationChange;
use posthouse::outside::dns::{DnsError, Mx};

use crate::script::Far;
use crate::world::{Sender, World, email};

async fn delivery(world: &World, sender: &Sender, id: EmailId) -> Delivery {
    let standing = world.engine.email(&sender.operator, id).await.unwrap();
    standing.deliveries.into_iter().next().unwrap()
}

pub async fn until_state(world: &World, sender: &Sender, id: EmailId, state: State) -> Delivery {
    world
        .until(async || delivery(world, sender, id).await.state == state)
        .await;
    delivery(world, sender, id).await
}

pub async fn send(world: &World, sender: &Sender, to: &str) -> EmailId {
    world
        .engine
        .send(&sender.caller, email(to))
        .await
        .unwrap()
        .id
}

#[tokio::test]
async fn live_mail_leaves_signed_with_our_return_path() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "x@far.test").await;
    until_state(&world, &sender, id, State::Delivered).await;
    let taken = world.script.taken.lock().unwrap().clone();
    let (from, to, raw) = &taken[0];
    let uuid = world
        .engine
        .email(&sender.operator, id)
        .await
        .unwrap()
        .email
        .uuid;
    let (local, host) = from.split_once('@').unwrap();
    assert_eq!(host, "mailer.h.test");
    let tag = local.strip_prefix(&format!("bounces+{uuid}.0.")).unwrap();
    assert_eq!(tag.len(), 13);
    assert_eq!(to, "x@far.test");
    let text = String::from_utf8_lossy(raw);
    assert!(text.starts_with("DKIM-Signature:"), "{text}");
    assert!(
        text.contains(&format!("Message-ID: <{uuid}@mailer.h.test>")),
        "{text}"
    );
}

#[tokio::test]
async fn a_permanent_refusal_bounces_at_once_and_suppresses() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    world
        .script
        .far
        .lock()
        .unwrap()
        .push_back(Far::Rcpt(550, "5.1.1 no such user"));
    let id = send(&world, &sender, "Gone@far.test").await;
    let bounced = until_state(&world, &sender, id, State::Bounced).await;
    assert_eq!(
        bounced.last_answer.as_deref(),
        Some("550 5.1.1 no such user")
    );
    let again = world
        .engine
        .send(&sender.caller, email("gone@far.test"))
        .await;
    let blocked = Field::To.problem(Reason::Blocked);
    assert!(matches!(again, Err(Error::Invalid(problems)) if problems == [blocked]));
}

#[tokio::test]
async fn an_allowed_address_is_not_suppressed_by_a_bounce() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    world
        .engine
        .allow(&sender.operator, Some(sender.domain.id), "gone@far.test")
        .await
        .unwrap();
    world
        .script
        .far
        .lock()
        .unwrap()
        .push_back(Far::Rcpt(550, "5.1.1 no such user"));
    let id = send(&world, &sender, "gone@far.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    assert!(
        world
            .engine
            .send(&sender.caller, email("gone@far.test"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_refusal_of_the_sender_does_not_suppress_the_recipient() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    world
        .script
        .far
        .lock()
        .unwrap()
        .push_back(Far::Rcpt(550, "5.7.1 your network is listed"));
    let id = send(&world, &sender, "x@far.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    assert!(
        world
            .engine
            .send(&sender.caller, email("x@far.test"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again_and_then_given_up() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    world
        .script
        .far
        .lock()
        .unwrap()
        .push_back(Far::Rcpt(451, "4.3.0 later"));
    let id = send(&world, &sender, "x@far.test").await;
    let deferred = until_state(&world, &sender, id, State::Deferred).await;
    let wait = deferred
        .next_at
        .unwrap()
        .since(deferred.updated_at)
        .as_secs();
    assert!((48..=72).contains(&wait), "{wait}");
    world.hand.forward(Duration::from_secs(73));
    until_state(&world, &sender, id, State::Delivered).await;

    world
        .script
        .far
        .lock()
        .unwrap()
        .extend([Far::Rcpt(451, "4.3.0 later"), Far::Rcpt(451, "4.3.0 later")]);
    let id = send(&world, &sender, "x@far.test").await;
    until_state(&world, &sender, id, State::Deferred).await;
    world.hand.forward(Duration::from_secs(48 * 3600));
    let bounced = until_state(&world, &sender, id, State::Bounced).await;
    assert_eq!(bounced.attempts, 2);
}

#[tokio::test]
async fn a_domain_that_takes_no_mail_or_does_not_exist_bounces_and_an_unsure_one_waits() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let null = Mx {
        preference: 0,
        host: String::new(),
    };
    for (domain, answer, state, words) in [
        (
            "null.test",
            Ok(vec![null]),
            State::Bounced,
            "null.test takes no mail",
        ),
        (
            "none.test",
            Err(DnsError::NoSuchName),
            State::Bounced,
            "does not exist",
        ),
        (
            "servfail.test",
            Err(DnsError::Unsure("SERVFAIL".into())),
            State::Deferred,
            "SERVFAIL",
        ),
    ] {
        world
            .script
            .mx
            .lock()
            .unwrap()
            .insert(domain.to_owned(), answer);
        let id = send(&world, &sender, &format!("x@{domain}")).await;
        let found = until_state(&world, &sender, id, state).await;
        assert!(found.last_answer.unwrap().contains(words), "{domain}");
    }
    assert_eq!(*world.script.opened.lock().unwrap(), 0);
}

#[tokio::test]
async fn held_mail_waits_for_a_person() {
    let world = World::new().await;
    let sender = world.sender(Mode::Hold).await;
    let release = send(&world, &sender, "x@far.test").await;
    let burn = send(&world, &sender, "y@far.test").await;
    until_state(&world, &sender, release, State::Held).await;
    until_state(&world, &sender, burn, State::Held).await;
    assert_eq!(*world.script.opened.lock().unwrap(), 0);
    world
        .engine
        .decide(&sender.operator, release, None, Decision::Release)
        .await
        .unwrap();
    world
        .engine
        .decide(&sender.operator, burn, None, Decision::Burn)
        .await
        .unwrap();
    until_state(&world, &sender, release, State::Delivered).await;
    assert_eq!(delivery(&world, &sender, burn).await.state, State::Burned);
    let twice = world
        .engine
        .decide(&sender.operator, burn, None, Decision::Release)
        .await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::State))));
    assert_eq!(world.script.taken.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_allow_list_lets_only_the_listed_leave() {
    let world = World::new().await;
    let sender = world.sender(Mode::AllowList).await;
    for pattern in ["Me@far.test", "ours.test"] {
        world
            .engine
            .allow_pattern(&sender.operator, sender.key, pattern)
            .await
            .unwrap();
    }
    let mut ids = Vec::new();
    for to in [
        "me@far.test",
        "you@far.test",
        "any@ours.test",
        "x@sub.ours.test",
    ] {
        ids.push(send(&world, &sender, to).await);
    }
    for id in ids {
        until_state(&world, &sender, id, State::Delivered).await;
    }
    let mut taken: Vec<String> = world
        .script
        .taken
        .lock()
        .unwrap()
        .iter()
        .map(|(_, to, _)| to.clone())
        .collect();
    taken.sort();
    assert_eq!(taken, ["any@ours.test", "me@far.test"]);
}

#[tokio::test]
async fn a_live_key_needs_a_way_out() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let off = OrganizationChange {
        direct: Some(Direct::Off),
        ..Default::default()
    };
    world
        .engine
        .set_organization(&sender.operator, off)
        .await
        .unwrap();
    let live = KeyChange {
        mode: Some(Mode::Live),
        ..Default::default()
    };
    let refused = world
        .engine
        .set_key(&sender.operator, None, sender.key, live)
        .await;
    assert!(
        matches!(refused, Err(Error::Conflict(Conflict::NoRoute))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn live_mail_without_a_way_out_leaves_as_soon_as_there_is_one() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let direct = async |to| {
        let change = OrganizationChange {
            direct: Some(to),
            ..Default::default()
        };
        let set = world.engine.set_organization(&sender.operator, change);
        set.await.unwrap();
    };
    direct(Direct::Off).await;
    let id = send(&world, &sender, "x@far.test").await;
    let waiting = until_state(&world, &sender, id, State::Deferred).await;
    assert!(waiting.last_answer.unwrap().contains("no way out"));
    direct(Direct::On).await;
    until_state(&world, &sender, id, State::Delivered).await;
}

#[tokio::test]
async fn a_dead_destination_holds_up_nobody_else() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let hanging = posthouse::limits::CONNECTIONS_A_DESTINATION;
    world
        .script
        .far
        .lock()
        .unwrap()
        .extend(std::iter::repeat_n(Far::Hang, hanging));
    for n in 0..30 {
        send(&world, &sender, &format!("u{n}@dead.test")).await;
    }
    let (workers, _) = world.engine.work().await.unwrap();
    world
        .wait(async || world.script.far.lock().unwrap().is_empty())
        .await;
    let id = send(&world, &sender, "x@alive.test").await;
    world
        .wait(async || delivery(&world, &sender, id).await.state == State::Delivered)
        .await;
    // Time for the delivered one to give its place back; the others never do.
    let cut = workers.stop(Duration::from_millis(500)).await;
    assert_eq!(cut, hanging);
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let (workers, _) = world.engine.work().await.unwrap();
    for n in 0..5 {
        let id = send(&world, &sender, &format!("u{n}@far.test")).await;
        world
            .wait(async || delivery(&world, &sender, id).await.state == State::Delivered)
            .await;
    }
    workers.stop(Duration::from_secs(5)).await;
    assert_eq!(*world.script.opened.lock().unwrap(), 1);
}
