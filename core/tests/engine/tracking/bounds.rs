//! What is not written down, and what is not tracked.

use std::time::Duration;

use posthouse::model::domain::Switch;
use posthouse::model::email::{Submission, SubmittedFile};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::ops::why::Questions;

use super::{events, html, image, page, sent, set, visit};
use crate::world::{Sender, World, email};

#[tokio::test]
async fn a_flood_of_fetches_is_written_down_sparingly() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    set(&world, &sender, Switch::On, Switch::Off).await;
    let two = r#"<a href="https://d.test/1">x</a><a href="https://d.test/2">y</a>"#;
    let submission = Submission {
        html: Some(two.into()),
        ..email("x@far.test")
    };
    let (id, sent) = sent(&world, &sender, submission).await;
    let html = html(&sent["x@far.test"]);
    let links: Vec<_> = html
        .split("/t/c/")
        .skip(1)
        .map(|link| {
            let (token, query) = link.split('"').next().unwrap().split_once('?').unwrap();
            world.engine.click(token, query).unwrap()
        })
        .collect();
    let token = image(&sent["x@far.test"]);
    let count = async |kind| {
        let events = events(&world, &sender, id, "x@far.test").await;
        events.iter().filter(|event| event.kind == kind).count()
    };
    for _ in 0..3 {
        world.engine.record_open(&token, visit()).await.unwrap();
        for link in &links {
            world.engine.record_click(link, visit()).await.unwrap();
        }
    }
    assert_eq!(
        (
            count(EventKind::Opened).await,
            count(EventKind::Clicked).await
        ),
        (1, 2)
    );
    world.hand.forward(Duration::from_secs(59));
    world.engine.record_open(&token, visit()).await.unwrap();
    assert_eq!(count(EventKind::Opened).await, 1);
    world.hand.forward(Duration::from_secs(1));
    world.engine.record_open(&token, visit()).await.unwrap();
    assert_eq!(count(EventKind::Opened).await, 2);
    for _ in 0..110 {
        world.hand.forward(Duration::from_secs(61));
        world.engine.record_open(&token, visit()).await.unwrap();
    }
    assert_eq!(
        (
            count(EventKind::Opened).await,
            count(EventKind::Clicked).await
        ),
        (100, 2)
    );
}

/// What an email's first event says.
async fn note(world: &World, sender: &Sender, submission: Submission) -> Option<String> {
    let id = world
        .engine
        .send(&sender.caller, submission)
        .await
        .unwrap()
        .id;
    let story = world
        .engine
        .why(&sender.operator, id, Questions::Skip)
        .await
        .unwrap();
    story.recipients[0].events[0].detail.clone()
}

#[tokio::test]
async fn what_cannot_be_tracked_is_sent_and_says_so() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    set(&world, &sender, Switch::On, Switch::Off).await;
    assert_eq!(note(&world, &sender, page("x@far.test")).await, None);
    assert_eq!(
        note(&world, &sender, email("x@far.test")).await,
        None,
        "no html, nothing to say"
    );
    let deep = Submission {
        html: Some("<div>".repeat(200_000)),
        ..email("x@far.test")
    };
    assert_eq!(
        note(&world, &sender, deep).await.as_deref(),
        Some("sent without tracking: the html body takes too much memory to read")
    );
    let many: Vec<_> = (0..50).map(|n| format!("u{n}@far.test")).collect();
    let large = Submission {
        attachments: vec![SubmittedFile {
            name: Some("a.bin".into()),
            content: Some(vec![0; 1_000_000]),
            content_type: None,
            content_id: None,
        }],
        ..page(&many.join(","))
    };
    assert_eq!(
        note(&world, &sender, large).await.as_deref(),
        Some("sent without tracking: a copy for each recipient takes too much")
    );
}
