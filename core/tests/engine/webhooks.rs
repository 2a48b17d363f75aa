//! Webhooks read the log with a cursor: nothing is lost, and a replay is a cursor move.

use std::time::Duration;

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use posthouse::error::{Error, Field, Reason};
use posthouse::ids::EventId;
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::model::webhook::{Activity, Webhook};
use posthouse::ops::webhooks::{NewWebhook, Since, WebhookChange};
use posthouse::outside::http::HttpFailure;

use crate::receiving::arrival;
use crate::world::{Sender, World, email};

async fn hook(world: &World, sender: &Sender) -> Webhook {
    let new = NewWebhook {
        form: "plain".into(),
        domain: Some(sender.domain.id),
        url: "https://user:secret@hook.test/x".into(),
        kinds: vec![EventKind::Queued, EventKind::Delivered],
        words: None,
        activity: Activity::On,
    };
    world
        .engine
        .create_webhook(&sender.operator, new)
        .await
        .unwrap()
        .0
}

fn switched_on() -> WebhookChange {
    WebhookChange {
        activity: Some(Activity::On),
        ..WebhookChange::default()
    }
}

fn bodies(world: &World) -> Vec<String> {
    let posts = world.script.posts.lock().unwrap();
    let mut bodies: Vec<String> = posts
        .iter()
        .map(|post| String::from_utf8(post.body.to_vec()).unwrap())
        .collect();
    bodies.sort();
    bodies
}

#[tokio::test]
async fn every_event_is_told_once_signed_and_again_on_replay() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    world
        .engine
        .send(&sender.caller, email("before@far.test"))
        .await
        .unwrap();
    let webhook = hook(&world, &sender).await;
    assert_eq!(webhook.url_shown, "https://hook.test/x");
    world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap();
    let (workers, _) = world.engine.work().await.unwrap();
    let told = [
        "2 queued -",
        "3 delivered before@far.test",
        "4 delivered x@far.test",
    ];
    world
        .wait(async || world.script.posts.lock().unwrap().len() == 3)
        .await;
    assert_eq!(bodies(&world), told);
    for post in world.script.posts.lock().unwrap().iter() {
        let signature: Vec<u8> = (0..64)
            .map(|n| u8::from_str_radix(&post.headers[0].1[2 * n..2 * n + 2], 16).unwrap())
            .collect();
        let signature = Signature::from_slice(&signature).unwrap();
        let key = VerifyingKey::from_bytes(&sender.domain.webhook_public).unwrap();
        key.verify(&post.body, &signature).unwrap();
        assert_eq!(post.url.password(), Some("secret"));
    }
    world.script.posts.lock().unwrap().clear();
    world
        .engine
        .replay_webhook(&sender.operator, webhook.id, Since::Event(EventId(2)))
        .await
        .unwrap();
    world
        .wait(async || world.script.posts.lock().unwrap().len() == 2)
        .await;
    assert_eq!(bodies(&world), told[1..]);
    workers.stop(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn mail_that_came_in_is_told_with_its_content_to_forms_that_tell_of_it() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let other = world.engine.create_domain(&sender.operator, "e.test", None);
    let other = other.await.unwrap();
    for (form, domain, words) in [
        ("plain", sender.domain.id, None),
        ("steady", sender.domain.id, Some("short")),
        ("steady", other.id, None),
    ] {
        let new = NewWebhook {
            form: form.into(),
            domain: Some(domain),
            url: "https://hook.test/x".into(),
            kinds: vec![EventKind::Received],
            words: words.map(String::from),
            activity: Activity::On,
        };
        let made = world.engine.create_webhook(&sender.operator, new);
        made.await.unwrap();
    }
    let mut arrival = arrival(&["kim@d.test"]);
    arrival.raw = concat!(
        "From: Ann <ann@far.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
        "--b\r\n\r\nHello\r\n--b\r\nContent-Disposition: attachment; filename=a.txt\r\n",
        "Content-Transfer-Encoding: base64\r\n\r\ncGVyaGFwcw==\r\n--b--\r\n",
    )
    .into();
    world.engine.receive(arrival).await.unwrap();
    let webhooks = || world.engine.webhooks(&sender.operator, None);
    world
        .until(async || {
            let read_on = webhooks().await.unwrap();
            let read_on = read_on.iter().all(|one| one.cursor == EventId(1));
            read_on && !world.script.posts.lock().unwrap().is_empty()
        })
        .await;
    let told = r#"1 received kim@d.test ann@far.test Authentication-Results "Hello" ["a.txt=perhaps"] short"#;
    assert_eq!(bodies(&world), [told]);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_with_the_same_bytes() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let webhook = hook(&world, &sender).await;
    world
        .script
        .answers
        .lock()
        .unwrap()
        .push_back(Err(HttpFailure::Timeout));
    world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap();
    let (workers, _) = world.engine.work().await.unwrap();
    world
        .wait(async || world.script.posts.lock().unwrap().len() == 2)
        .await;
    let deliveries = || {
        world
            .engine
            .webhook_deliveries(&sender.operator, webhook.id, None, 10)
    };
    world
        .wait(async || {
            deliveries()
                .await
                .unwrap()
                .1
                .iter()
                .any(|one| one.last_error.is_some())
        })
        .await;
    world.hand.forward(Duration::from_secs(11));
    world
        .wait(async || world.script.posts.lock().unwrap().len() == 3)
        .await;
    workers.stop(Duration::from_secs(5)).await;
    let bodies = bodies(&world);
    assert!(
        bodies[0] == bodies[1] || bodies[1] == bodies[2],
        "{bodies:?}"
    );
}

#[tokio::test]
async fn a_refusal_stops_the_webhook_and_nothing_is_lost_when_it_goes_on() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let webhook = hook(&world, &sender).await;
    world.script.answers.lock().unwrap().push_back(Ok(410));
    world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap();
    let (workers, _) = world.engine.work().await.unwrap();
    let now = async || {
        world
            .engine
            .webhooks(&sender.operator, None)
            .await
            .unwrap()
            .remove(0)
    };
    world
        .wait(async || now().await.activity == Activity::Off)
        .await;
    assert_eq!(
        now().await.stopped_because.as_deref(),
        Some("it answered 410")
    );
    world
        .engine
        .send(&sender.caller, email("y@far.test"))
        .await
        .unwrap();
    world
        .engine
        .set_webhook(&sender.operator, webhook.id, switched_on())
        .await
        .unwrap();
    world
        .wait(async || {
            let mut bodies = bodies(&world);
            bodies.dedup();
            bodies.len() == 4
        })
        .await;
    workers.stop(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_webhook_that_nothing_renders_is_switched_off_and_loses_nothing() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let webhook = hook(&world, &sender).await;
    let sent = world.engine.send(&sender.caller, email("x@far.test"));
    sent.await.unwrap();
    let world = world.reopened(Vec::new()).await;
    let now = async || {
        let all = world.engine.webhooks(&sender.operator, None).await.unwrap();
        all.into_iter().next().unwrap()
    };
    world
        .until(async || now().await.activity == Activity::Off)
        .await;
    assert_eq!(
        now().await.stopped_because.as_deref(),
        Some("nothing here renders webhooks of the form plain")
    );
    assert_eq!(now().await.cursor, webhook.cursor);
}

#[tokio::test]
async fn a_url_without_tls_is_refused_unless_allowed() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for (url, reason) in [
        ("http://hook.test/", Reason::Forbidden),
        ("ftp://hook.test/", Reason::Malformed),
        ("hook", Reason::Malformed),
    ] {
        let new = NewWebhook {
            form: "plain".into(),
            domain: None,
            url: url.into(),
            kinds: vec![EventKind::Queued],
            words: None,
            activity: Activity::On,
        };
        let refused = world.engine.create_webhook(&sender.operator, new).await;
        let expected = Field::Url.problem(reason);
        assert!(
            matches!(refused, Err(Error::Invalid(problems)) if problems == [expected]),
            "{url}"
        );
    }
}
