//! Opens, clicks, unsubscribing: what recipients are sent, and what comes of their links.

mod bounds;

use std::collections::BTreeMap;

use posthouse::Error;
use posthouse::error::{Field, Missing, Reason};
use posthouse::ids::EmailId;
use posthouse::ids::SuppressionId;
use posthouse::mime::read::summary;
use posthouse::model::domain::Switch;
use posthouse::model::email::Submission;
use posthouse::model::event::{Event, EventKind};
use posthouse::model::key::Mode;
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::track::Visit;
use posthouse::ops::why::Questions;

use crate::world::{Sender, World, email};

const PAGE: &str =
    r#"<body><a href="https://d.test/a?b=1&amp;c=2">x</a> <a href="mailto:a@d.test">y</a></body>"#;
const TARGET: &str = "https://d.test/a?b=1&c=2";

async fn set(world: &World, sender: &Sender, tracking: Switch, unsubscribe: Switch) {
    let change = DomainChange {
        tracking: Some(tracking),
        unsubscribe: Some(unsubscribe),
        ..DomainChange::default()
    };
    let domain = sender.domain.id;
    world
        .engine
        .set_domain(&sender.operator, domain, change)
        .await
        .unwrap();
}

fn page(to: &str) -> Submission {
    Submission {
        html: Some(PAGE.to_owned()),
        ..email(to)
    }
}

/// What each recipient was sent, once all were.
async fn sent(
    world: &World,
    sender: &Sender,
    submission: Submission,
) -> (EmailId, BTreeMap<String, String>) {
    world.script.taken.lock().unwrap().clear();
    let accepted = world.engine.send(&sender.caller, submission).await.unwrap();
    let count = accepted.deliveries.len();
    world
        .until(async || world.script.taken.lock().unwrap().len() == count)
        .await;
    let taken = world.script.taken.lock().unwrap().clone();
    let text = |raw: Vec<u8>| String::from_utf8(raw).unwrap();
    let taken = taken.into_iter().map(|(_, to, raw)| (to, text(raw)));
    (accepted.id, taken.collect())
}

fn html(raw: &str) -> String {
    summary(raw.as_bytes()).html.unwrap()
}

/// What stands between `start` and the next quote or angle bracket.
fn after<'a>(text: &'a str, start: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split(['"', '>']).next().unwrap()
}

fn image(raw: &str) -> String {
    after(&html(raw), "src=\"https://h.test/t/o/")
        .trim_end_matches(".gif")
        .to_owned()
}

/// Token and query.
fn link(raw: &str) -> (String, String) {
    let html = html(raw);
    let (token, query) = after(&html, "href=\"https://h.test/t/c/")
        .split_once('?')
        .unwrap();
    (token.to_owned(), query.to_owned())
}

fn way_out(raw: &str) -> String {
    let unfolded = raw.replace("\r\n ", " ");
    after(&unfolded, "List-Unsubscribe: <https://h.test/t/u/").to_owned()
}

async fn events(world: &World, sender: &Sender, id: EmailId, address: &str) -> Vec<Event> {
    let story = world
        .engine
        .why(&sender.operator, id, Questions::Skip)
        .await
        .unwrap();
    let mut found = story
        .recipients
        .into_iter()
        .filter(|one| one.delivery.address == address);
    let kinds = [
        EventKind::Opened,
        EventKind::Clicked,
        EventKind::Unsubscribed,
    ];
    let events = found.next().unwrap().events.into_iter();
    events.filter(|event| kinds.contains(&event.kind)).collect()
}

fn visit() -> Visit {
    Visit {
        ip: Some("192.0.2.7".parse().unwrap()),
        user_agent: Some(format!("Reader/1 {}", "ü".repeat(600))),
    }
}

#[tokio::test]
async fn a_domain_adds_nothing_to_its_mail_until_it_is_told_to() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let (id, sent) = sent(&world, &sender, page("x@far.test, y@far.test")).await;
    let original = world.engine.email_raw(&sender.operator, id).await.unwrap();
    let original = String::from_utf8(original).unwrap();
    assert!(!original.contains("/t/") && !original.contains("List-Unsubscribe"));
    for raw in sent.values() {
        assert!(
            raw.ends_with(&original),
            "signed, and otherwise as composed"
        );
    }
}

#[tokio::test]
async fn every_recipient_has_links_of_its_own_and_the_original_is_kept() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    set(&world, &sender, Switch::On, Switch::On).await;
    let submission = Submission {
        cc: Some("y@far.test".into()),
        bcc: Some("z@far.test".into()),
        ..page("x@far.test")
    };
    let (id, sent) = sent(&world, &sender, submission).await;
    let original = world.engine.email_raw(&sender.operator, id).await.unwrap();
    assert!(!String::from_utf8(original).unwrap().contains("/t/"));
    let (token, query) = link(&sent["y@far.test"]);
    let click = world.engine.click(&token, &query).unwrap();
    assert_eq!(click.target(), TARGET);
    world.engine.record_click(&click, visit()).await.unwrap();
    world
        .engine
        .record_open(&image(&sent["z@far.test"]), visit())
        .await
        .unwrap();
    assert_eq!(events(&world, &sender, id, "x@far.test").await, []);
    let [clicked] = &events(&world, &sender, id, "y@far.test").await[..] else {
        panic!()
    };
    assert_eq!(clicked.kind, EventKind::Clicked);
    assert_eq!(clicked.facts.url.as_deref(), Some(TARGET));
    assert_eq!(clicked.facts.ip.as_deref(), Some("192.0.2.7"));
    let agent = clicked.facts.user_agent.as_deref().unwrap();
    assert!(
        agent.starts_with("Reader/1 ü") && agent.len() <= 512,
        "{agent}"
    );
    let [opened] = &events(&world, &sender, id, "z@far.test").await[..] else {
        panic!()
    };
    assert_eq!((opened.kind, &opened.facts.url), (EventKind::Opened, &None));
    for raw in sent.values() {
        assert!(html(raw).contains(r#"<a href="mailto:a@d.test">"#));
        assert!(
            raw.contains("\r\n\r\ntext\r\n"),
            "the text part is untouched"
        );
        assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
        let unfolded = raw.replace("\r\n\t", "");
        let signed = unfolded
            .lines()
            .filter(|line| line.starts_with("DKIM-Signature:"));
        for field in ["List-Unsubscribe:", "List-Unsubscribe-Post:"] {
            assert!(
                signed.clone().all(|line| line.contains(field)),
                "{unfolded}"
            );
        }
    }
}

#[tokio::test]
async fn a_forged_link_is_nobodys() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    set(&world, &sender, Switch::On, Switch::On).await;
    let (id, sent) = sent(&world, &sender, page("x@far.test")).await;
    let raw = &sent["x@far.test"];
    let (token, query) = link(raw);
    let missing = |error: Error| matches!(error, Error::Missing(Missing::Delivery));
    for (token, query) in [
        (&token, query.replace("d.test", "e.test").as_str()),
        (&token, "to=https%3A%2F%2Fevil.example%2F"),
        (&token, ""),
        (&image(raw), &query),
        (&way_out(raw), &query),
        (&String::new(), &query),
    ] {
        assert!(
            missing(world.engine.click(token, query).unwrap_err()),
            "{query}"
        );
    }
    assert!(missing(
        world.engine.record_open(&token, visit()).await.unwrap_err()
    ));
    for wrong in [&token, &image(raw), "x"] {
        assert!(missing(
            world.engine.unsubscribing(wrong).await.unwrap_err()
        ));
        assert!(missing(
            world.engine.unsubscribe(wrong, visit()).await.unwrap_err()
        ));
    }
    assert_eq!(events(&world, &sender, id, "x@far.test").await, []);
    let other = World::new().await;
    let token = image(raw);
    assert!(
        missing(other.engine.record_open(&token, visit()).await.unwrap_err()),
        "no such email there"
    );
}

#[tokio::test]
async fn one_click_suppresses_the_recipient_for_that_domain() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    set(&world, &sender, Switch::Off, Switch::On).await;
    let (id, sent) = sent(&world, &sender, page("X@far.test, y@far.test")).await;
    let raw = &sent["X@far.test"];
    assert!(!html(raw).contains("/t/"), "tracking is another switch");
    let token = way_out(raw);
    assert_eq!(world.engine.unsubscribing(&token).await.unwrap(), "d.test");
    let list = async || {
        world
            .engine
            .suppressions(&sender.operator, None, SuppressionId(0), 10)
            .await
            .unwrap()
    };
    assert_eq!(list().await, [], "to look changes nothing");
    for _ in 0..2 {
        assert_eq!(
            world.engine.unsubscribe(&token, visit()).await.unwrap(),
            "d.test"
        );
    }
    let [one] = &list().await[..] else { panic!() };
    assert_eq!(
        (one.address.as_str(), one.reason),
        ("x@far.test", SuppressionReason::Unsubscribe)
    );
    assert_eq!((one.domain, one.email), (Some(sender.domain.id), Some(id)));
    let [event] = &events(&world, &sender, id, "X@far.test").await[..] else {
        panic!()
    };
    assert_eq!(event.kind, EventKind::Unsubscribed);
    let Err(Error::Invalid(problems)) =
        world.engine.send(&sender.caller, email("x@far.test")).await
    else {
        panic!()
    };
    assert_eq!(problems, [Field::To.problem(Reason::Blocked)]);
    world
        .engine
        .send(&sender.caller, email("y@far.test"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_senders_own_list_unsubscribe_is_left_as_it_is() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    set(&world, &sender, Switch::On, Switch::On).await;
    let submission = Submission {
        html: Some(r#"<a href="https://d.test/leave">x</a><a href="https://d.test/">y</a>"#.into()),
        list_unsubscribe: Some("<https://d.test/leave>".into()),
        ..email("x@far.test")
    };
    let (_, sent) = sent(&world, &sender, submission).await;
    let raw = &sent["x@far.test"];
    assert!(raw.contains("List-Unsubscribe: <https://d.test/leave>\r\n"));
    assert!(!raw.contains("List-Unsubscribe-Post"));
    assert!(html(raw).contains(r#"href="https://d.test/leave""#));
    assert!(!html(raw).contains(r#"href="https://d.test/""#));
}
