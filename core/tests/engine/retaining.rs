//! How long and how much mail is kept.

use std::num::NonZeroU64;
use std::time::Duration;

use posthouse::error::{Error, Missing};
use posthouse::ids::MessageId;
use posthouse::model::keep::{Keep, KeepChange};
use posthouse::model::key::{Caller, Mode};
use posthouse::ops::mail::changing::MailChange;
use posthouse::ops::organizations::OrganizationChange;

use crate::receiving::arrival;
use crate::world::World;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn most(count: u64) -> Option<Option<NonZeroU64>> {
    Some(NonZeroU64::new(count))
}

impl World {
    /// Takes mail in for an address; its message.
    async fn comes(&self, address: &str) -> MessageId {
        let taken = self.engine.receive(arrival(&[address])).await.unwrap();
        taken.messages[0]
    }

    async fn keeps(&self, operator: &Caller, keep: KeepChange) {
        let change = OrganizationChange {
            keep,
            ..OrganizationChange::default()
        };
        self.engine
            .set_organization(operator, change)
            .await
            .unwrap();
    }

    /// The messages of an address, oldest first.
    async fn held(&self, operator: &Caller, address: &str) -> Vec<MessageId> {
        let list = self.engine.messages(operator, Some(address), None, 100);
        let list = list.await.unwrap();
        list.iter().rev().map(|one| one.id).collect()
    }

    async fn star(&self, operator: &Caller, id: MessageId) {
        let (message, _) = self.engine.message_raw(operator, id).await.unwrap();
        let token = self.engine.message_token(&message);
        let change = MailChange::ToggleStar;
        let starred = self
            .engine
            .change_mail(operator, &message.address, &token, change);
        assert!(starred.await.unwrap().message.starred_by.is_some());
    }

    /// How many messages an address has that is nobody's.
    async fn public(&self, operator: &Caller, address: &str) -> u64 {
        self.engine.mail_count(operator, address).await.unwrap().0
    }

    /// Works until there are so many messages of an address.
    async fn works_until(&self, operator: &Caller, address: &str, count: usize) {
        self.until(async || self.held(operator, address).await.len() == count)
            .await;
    }
}

#[tokio::test]
async fn mail_goes_when_it_is_too_old() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let operator = &sender.operator;
    let first = world.comes("kim@d.test").await;
    world.hand.forward(DAY);
    let second = world.comes("kim@d.test").await;
    world.hand.forward(DAY);
    // Exactly as old as is kept.
    let days = KeepChange {
        days: most(2),
        ..KeepChange::default()
    };
    world.keeps(operator, days).await;
    let third = world.comes("lee@d.test").await;
    world
        .keeps(
            operator,
            KeepChange {
                days: most(1),
                ..days
            },
        )
        .await;
    world.works_until(operator, "kim@d.test", 1).await;
    assert_eq!(world.held(operator, "kim@d.test").await, [second]);
    assert_eq!(world.held(operator, "lee@d.test").await, [third]);
    let gone = world.engine.message_raw(operator, first).await;
    assert!(matches!(gone, Err(Error::Missing(Missing::Message))));
    world.hand.forward(DAY);
    world.works_until(operator, "kim@d.test", 0).await;
    assert_eq!(world.held(operator, "lee@d.test").await, [third]);
}

#[tokio::test]
async fn the_newest_stay_where_there_are_too_many() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let operator = &sender.operator;
    let mut came = Vec::new();
    // More than one write removes, at one moment.
    for _ in 0..70 {
        came.push(world.comes("kim@d.test").await);
    }
    for _ in 0..3 {
        world.comes("lee@d.test").await;
    }
    let keep = KeepChange {
        messages: most(5),
        ..KeepChange::default()
    };
    world.keeps(operator, keep).await;
    world.works_until(operator, "kim@d.test", 5).await;
    assert_eq!(world.held(operator, "kim@d.test").await, came[65..]);
    assert_eq!(world.held(operator, "lee@d.test").await.len(), 3);
}

#[tokio::test]
async fn the_newest_stay_where_they_take_too_much() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let operator = &sender.operator;
    let mut came = Vec::new();
    for _ in 0..4 {
        came.push(world.comes("kim@d.test").await);
    }
    let (one, _) = world.engine.message_raw(operator, came[0]).await.unwrap();
    // Three do not fit by one byte; a mailbox's own bounds go before its organization's.
    let keep = KeepChange {
        bytes: most(one.size_bytes * 3 - 1),
        messages: most(3),
        ..KeepChange::default()
    };
    let all = KeepChange {
        messages: most(1),
        ..KeepChange::default()
    };
    world.comes("lee@d.test").await;
    world.comes("lee@d.test").await;
    world.keeps(operator, all).await;
    let (_, holds) = world
        .engine
        .set_mailbox_keep(operator, "KIM@d.test", keep)
        .await
        .unwrap();
    let expected = Keep {
        days: None,
        messages: NonZeroU64::new(3),
        bytes: NonZeroU64::new(one.size_bytes * 3 - 1),
    };
    assert_eq!(holds, expected);
    world.works_until(operator, "lee@d.test", 1).await;
    assert_eq!(world.held(operator, "kim@d.test").await, came[2..]);
    let lifted = KeepChange {
        bytes: most(0),
        messages: most(0),
        ..KeepChange::default()
    };
    let engine = &world.engine;
    let lifted = engine.set_mailbox_keep(operator, "kim@d.test", lifted);
    assert_eq!(lifted.await.unwrap().1.messages, NonZeroU64::new(1));
    let nobody = engine.mailbox_keep(operator, "none@d.test").await;
    assert!(matches!(nobody, Err(Error::Missing(Missing::Mailbox))));
}

#[tokio::test]
async fn what_is_starred_stays_and_is_not_counted() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let operator = &sender.operator;
    let starred = world.comes("kim@d.test").await;
    world.star(operator, starred).await;
    world.hand.forward(DAY);
    world.comes("kim@d.test").await;
    let newest = world.comes("kim@d.test").await;
    let keep = KeepChange {
        messages: most(1),
        days: most(1),
        ..KeepChange::default()
    };
    world.keeps(operator, keep).await;
    world.works_until(operator, "kim@d.test", 2).await;
    assert_eq!(world.held(operator, "kim@d.test").await, [starred, newest]);
    world.hand.forward(2 * DAY);
    world.works_until(operator, "kim@d.test", 1).await;
    assert_eq!(world.held(operator, "kim@d.test").await, [starred]);
}

#[tokio::test]
async fn what_is_nobodys_is_kept_as_the_operator_says() {
    let world = World::with(|settings| {
        settings.public_hosts = vec![String::from("box.test")];
        settings.public_keep.days = NonZeroU64::new(4);
        settings.public_keep.messages = NonZeroU64::new(2);
    })
    .await;
    let sender = world.sender(Mode::Capture).await;
    let operator = &sender.operator;
    let own = world.comes("kim@d.test").await;
    for _ in 0..3 {
        world.comes("any@box.test").await;
    }
    assert_eq!(world.public(operator, "any@box.test").await, 3);
    world
        .until(async || world.public(operator, "any@box.test").await == 2)
        .await;
    world.hand.forward(4 * DAY + Duration::from_millis(1));
    let fresh = world.comes("any@box.test").await;
    world
        .until(async || world.public(operator, "any@box.test").await == 1)
        .await;
    assert!(fresh > own);
    assert_eq!(world.held(operator, "kim@d.test").await, [own]);
}
