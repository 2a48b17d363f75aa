//! Captured mail, starred where its organization wants it so.

use posthouse::model::domain::Switch;
use posthouse::model::key::{Caller, Mode};
use posthouse::ops::mail::looking::Stretch;
use posthouse::ops::organizations::OrganizationChange;

use crate::mail_read::{list, reader};
use crate::receiving::arrival;
use crate::world::{Sender, World, email};

async fn turn(world: &World, sender: &Sender, to: Switch) {
    let change = OrganizationChange {
        capture_private: Some(to),
        ..OrganizationChange::default()
    };
    let set = world.engine.set_organization(&sender.operator, change);
    assert_eq!(set.await.unwrap().capture_private, to);
}

/// Who starred what was captured for `address` just now.
async fn captured(
    world: &World,
    sender: &Sender,
    caller: &Caller,
    address: &str,
) -> Option<String> {
    let sent = world.engine.send(&sender.caller, email(address)).await;
    sent.unwrap();
    world
        .until(async || !list(world, caller, address).await.is_empty())
        .await;
    let found = list(world, caller, address).await;
    found[0].message.starred_by.clone()
}

#[tokio::test]
async fn captured_mail_is_starred_while_that_is_on() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let starred = async |address: &str| captured(&world, &sender, &caller, address).await;
    assert_eq!(starred("before@far.test").await, None);
    turn(&world, &sender, Switch::On).await;
    assert_eq!(starred("far@far.test").await.as_deref(), Some("one"));
    assert_eq!(starred("own@d.test").await.as_deref(), Some("one"));
    // What came over SMTP to be kept was captured, too.
    let kept = world
        .engine
        .keep(&sender.caller, arrival(&["kept@far.test"]));
    kept.await.unwrap();
    let kept = list(&world, &caller, "kept@far.test").await;
    assert_eq!(kept[0].message.starred_by.as_deref(), Some("one"));
    // What came in was not captured.
    world.engine.receive(arrival(&["in@d.test"])).await.unwrap();
    let came = list(&world, &caller, "in@d.test").await;
    assert_eq!(came[0].message.starred_by, None);
    // A change of something else leaves it on.
    let other = OrganizationChange::default();
    let other = world.engine.set_organization(&sender.operator, other).await;
    assert_eq!(other.unwrap().capture_private, Switch::On);
    let all = Stretch {
        rows: 10,
        skip: 0,
        since: None,
        until: None,
    };
    let stars = world.engine.mail_starred(&caller, all).await.unwrap();
    let stars: Vec<_> = stars
        .iter()
        .map(|one| one.message.address.as_str())
        .collect();
    assert_eq!(stars, ["kept@far.test", "own@d.test", "far@far.test"]);
    // It stays where all else goes.
    for (address, left) in [("before@far.test", 0), ("far@far.test", 1)] {
        world.engine.purge_mail(&caller, address).await.unwrap();
        assert_eq!(
            list(&world, &caller, address).await.len(),
            left,
            "{address}"
        );
    }
    turn(&world, &sender, Switch::Off).await;
    assert_eq!(starred("after@far.test").await, None);
    let kept = world
        .engine
        .keep(&sender.caller, arrival(&["late@far.test"]));
    kept.await.unwrap();
    let late = list(&world, &caller, "late@far.test").await;
    assert_eq!(late[0].message.starred_by, None);
    let before = list(&world, &caller, "far@far.test").await;
    assert_eq!(before[0].message.starred_by.as_deref(), Some("one"));
}
