//! What comes in over SMTP.

use posthouse::error::{Error, Missing};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::Folder;
use posthouse::ops::receive::{Arrival, Takes};

use crate::world::World;

pub const MAIL: &str = "From: Ann <ann@far.test>\r\nTo: Kim <kim@d.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <1@far.test>\r\n\r\nHello Kim\r\n";

/// MAIL for these recipients.
pub fn arrival(recipients: &[&str]) -> Arrival {
    Arrival {
        remote: "192.0.2.7:4711".parse().unwrap(),
        local: "127.0.0.1:25".parse().unwrap(),
        helo: String::from("mx.far.test"),
        tls: None,
        from: Some(String::from("ann@far.test")),
        recipients: recipients.iter().map(ToString::to_string).collect(),
        raw: MAIL.as_bytes().to_vec(),
    }
}

#[tokio::test]
async fn only_our_own_are_taken_for() {
    let world =
        World::with(|settings| settings.public_hosts = vec![String::from("box.test")]).await;
    world.sender(Mode::Capture).await;
    for (recipient, takes) in [
        ("kim@d.test", Takes::Yes),
        ("KIM+news@D.test", Takes::Yes),
        ("anybody@box.test", Takes::Yes),
        ("kim@sub.d.test", Takes::NotHere),
        ("kim@far.test", Takes::NotHere),
        ("kim%far.test@d.test", Takes::Yes),
        ("@far.test:kim@d.test", Takes::NotHere),
        ("kim@", Takes::NotHere),
        ("kim", Takes::NotHere),
    ] {
        assert_eq!(
            world.engine.takes(recipient).await.unwrap(),
            takes,
            "{recipient}"
        );
    }
    let refused = world.engine.receive(arrival(&["kim@far.test"])).await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Mailbox))));
}

#[tokio::test]
async fn one_mail_for_several_is_kept_once_and_lies_with_each() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let all = ["kim@d.test", "Kim+a@d.test", "lee@d.test", "far@far.test"];
    let taken = world.engine.receive(arrival(&all)).await.unwrap();
    assert_eq!(taken.messages.len(), 2);
    let list = world
        .engine
        .messages(&sender.operator, None, None, 10)
        .await
        .unwrap();
    let addresses: Vec<&str> = list.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(addresses, ["lee@d.test", "kim@d.test"]);
    assert_eq!(list[0].body, list[1].body);
    let kim = &list[1];
    assert_eq!((kim.folder, kim.seen), (Folder::Inbox, false));
    assert_eq!(kim.from, "Ann <ann@far.test>");
    assert_eq!(kim.subject.as_deref(), Some("Grüße"));
    assert_eq!(kim.domain, Some(sender.domain.id));
    let trace = kim.trace.as_ref().unwrap();
    assert_eq!(
        (trace.remote.as_str(), trace.from.as_deref()),
        ("192.0.2.7", Some("ann@far.test"))
    );
    let (_, raw) = world
        .engine
        .message_raw(&sender.operator, kim.id)
        .await
        .unwrap();
    let raw = String::from_utf8(raw).unwrap();
    let stamp = "Received: from mx.far.test ([192.0.2.7])\r\n\tby h.test with ESMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\n";
    let results = "Authentication-Results: h.test;\r\n\tspf=none smtp.mailfrom=far.test;\r\n\tdkim=none;\r\n\tdmarc=none header.from=far.test;\r\n\tarc=none\r\n";
    assert_eq!(raw, format!("{results}{stamp}{MAIL}"));
}

#[tokio::test]
async fn what_came_in_is_an_event_of_its_domain() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let taken = world
        .engine
        .receive(arrival(&["kim@d.test"]))
        .await
        .unwrap();
    let (events, _) = world
        .engine
        .events(&sender.operator, posthouse::ids::EventId(0), 10)
        .await
        .unwrap();
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.kind, EventKind::Received);
    assert_eq!(event.domain, Some(sender.domain.id));
    assert_eq!(
        event.facts.message.map(|one| one.id),
        taken.messages.first().copied()
    );
}

#[tokio::test]
async fn what_is_nobodys_tells_nobody_and_is_not_the_organizations() {
    let world =
        World::with(|settings| settings.public_hosts = vec![String::from("box.test")]).await;
    let sender = world.sender(Mode::Capture).await;
    world
        .engine
        .receive(arrival(&["any@box.test"]))
        .await
        .unwrap();
    let own = world
        .engine
        .messages(&sender.operator, None, None, 10)
        .await
        .unwrap();
    assert!(own.is_empty());
    let (events, _) = world
        .engine
        .events(&sender.operator, posthouse::ids::EventId(0), 10)
        .await
        .unwrap();
    assert!(events.is_empty());
}

#[tokio::test]
async fn what_is_kept_for_a_caller_lies_in_mailboxes_of_theirs() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let taken = world
        .engine
        .keep(&sender.caller, arrival(&["any@far.test", "kim+x@d.test"]))
        .await
        .unwrap();
    assert_eq!(taken.messages.len(), 2);
    let list = world
        .engine
        .messages(&sender.operator, None, None, 10)
        .await
        .unwrap();
    let addresses: Vec<&str> = list.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(addresses, ["kim+x@d.test", "any@far.test"]);
    assert_eq!(
        world.engine.takes("any@far.test").await.unwrap(),
        Takes::NotHere
    );
}
