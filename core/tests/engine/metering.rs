//! What is sent in a month, and what is refused past it.

use posthouse::Error;
use posthouse::error::Denied;
use posthouse::model::key::Mode;
use posthouse::model::organization::{Metering, Payment};
use posthouse::model::usage::FREE_A_MONTH;
use posthouse::ops::organizations::OrganizationChange;

use crate::batches::{organization_key, own};
use crate::world::{World, email};

/// A list of this many recipients.
fn many(count: usize) -> String {
    let all: Vec<String> = (0..count).map(|n| format!("u{n}@far.test")).collect();
    all.join(",")
}

#[tokio::test]
async fn recipients_are_counted_and_captured_ones_are_not() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let sent = async || world.engine.usage(&sender.operator).await.unwrap().sent;
    world
        .engine
        .send(&sender.caller, email("x@far.test"))
        .await
        .unwrap();
    assert_eq!(sent().await, 0);
    let live = organization_key(&world, &sender, Mode::Live).await;
    world.engine.send(&live, own(&many(3))).await.unwrap();
    assert_eq!(sent().await, 3);
}

#[tokio::test]
async fn past_the_allowance_somebody_has_to_pay_and_past_the_cap_nobody_can() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let live = organization_key(&world, &sender, Mode::Live).await;
    let set = async |metering, payment| {
        let change = OrganizationChange {
            metering: Some(metering),
            payment: Some(payment),
            ..OrganizationChange::default()
        };
        let set = world.engine.set_organization(&sender.operator, change);
        set.await.unwrap();
    };
    set(Metering::On, Payment::Absent).await;
    let free = usize::try_from(FREE_A_MONTH).unwrap();
    let mut items = vec![own(&many(50)); free / 50];
    items.push(own("one@far.test"));
    let answers = world.engine.send_batch(&live, items).await.unwrap();
    assert!(answers[..free / 50].iter().all(Result::is_ok));
    assert!(matches!(
        answers[free / 50],
        Err(Error::Denied(Denied::FreeTier))
    ));
    // The check before the write sees what was written.
    let one = || world.engine.send(&live, own("one@far.test"));
    assert!(matches!(one().await, Err(Error::Denied(Denied::FreeTier))));
    set(Metering::On, Payment::Present).await;
    assert!(one().await.is_ok());
    world
        .engine
        .set_spend_cap(&sender.operator, Some(0))
        .await
        .unwrap();
    assert!(matches!(one().await, Err(Error::Denied(Denied::SpendCap))));
    set(Metering::Off, Payment::Present).await;
    assert!(one().await.is_ok(), "a cap without metering is only kept");
    let usage = world.engine.usage(&sender.operator).await.unwrap();
    assert_eq!((usage.sent, usage.billable()), (FREE_A_MONTH + 2, 2));
}
