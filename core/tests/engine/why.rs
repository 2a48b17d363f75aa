//! Why: the story of an email, recipient by recipient.

use posthouse::model::delivery::{Stage, State};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::outside::dns::DnsError;

use crate::delivering::{send, until_state};
use crate::script::Far;
use crate::world::World;

#[tokio::test]
async fn the_story_says_what_happened_and_what_to_do() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    world
        .script
        .far
        .lock()
        .unwrap()
        .push_back(Far::Rcpt(550, "5.1.1 no such user"));
    let id = send(&world, &sender, "gone@far.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    let story = world.engine.why(&sender.operator, id).await.unwrap();
    let one = &story.recipients[0];
    assert_eq!(
        one.standing,
        "It was refused for good by mx.far.test [192.0.2.1]:25: 550 5.1.1 no such user."
    );
    assert!(
        one.next_step
            .as_deref()
            .unwrap()
            .starts_with("There is no such mailbox")
    );
    let kinds: Vec<EventKind> = one.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Queued, EventKind::Bounced]);
}

#[tokio::test]
async fn a_try_keeps_what_dns_said_and_the_step_it_ended_at() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let refusal = Far::Rcpt(550, "5.1.1 no such user");
    world.script.far.lock().unwrap().push_back(refusal);
    let gone = ("none.test".to_owned(), Err(DnsError::NoSuchName));
    world.script.mx.lock().unwrap().extend([gone]);
    for (to, dns, stage) in [
        (
            "gone@far.test",
            "MX of far.test: 10 mx.far.test\nAddress of mx.far.test: 192.0.2.1",
            Some(Stage::Rcpt),
        ),
        ("kim@none.test", "MX of none.test: no such name", None),
    ] {
        let id = send(&world, &sender, to).await;
        until_state(&world, &sender, id, State::Bounced).await;
        let story = world.engine.why(&sender.operator, id).await.unwrap();
        let attempt = &story.recipients[0].attempts[0];
        assert_eq!((attempt.dns.as_deref(), attempt.stage), (Some(dns), stage));
    }
}
