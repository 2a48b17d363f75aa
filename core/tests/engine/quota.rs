//! Mailboxes that hold so much and no more.

use posthouse::error::{Error, TooLarge};
use posthouse::model::key::Mode;
use posthouse::ops::receive::Takes;

use crate::receiving::arrival;
use crate::world::World;

/// Leaves so many bytes in a mailbox.
fn leave(world: &World, address: &str, left_bytes: i64) {
    let path = world.folder.path().join("test.db");
    let database = rusqlite::Connection::open(path).unwrap();
    let statement = "UPDATE mailbox SET quota_bytes = bytes + ?1 WHERE address = ?2";
    let changed = database.execute(statement, (left_bytes, address));
    assert_eq!(changed.unwrap(), 1);
}

#[tokio::test]
async fn what_is_said_of_a_size_is_held_against_what_is_left() {
    let world = World::new().await;
    world.sender(Mode::Capture).await;
    let put = async || world.engine.receive(arrival(&["kim@d.test"])).await;
    put().await.unwrap();
    for (left, size, takes) in [
        (0, 0, Takes::Full),
        (0, 1, Takes::Full),
        (1, 0, Takes::Yes),
        (1, 1, Takes::Yes),
        (1, 2, Takes::Full),
        (500, 500, Takes::Yes),
        (500, 501, Takes::Full),
        (500, u64::MAX, Takes::Full),
    ] {
        leave(&world, "kim@d.test", left);
        for (address, expected) in [
            ("kim@d.test", takes),
            ("Kim+news@D.test", takes),
            ("lee@d.test", Takes::Yes),
        ] {
            let said = world.engine.takes_so_much(address, size).await.unwrap();
            assert_eq!(said, expected, "{left} {size} {address}");
        }
    }
    leave(&world, "kim@d.test", 1);
    assert_eq!(world.engine.takes("kim@d.test").await.unwrap(), Takes::Yes);
    leave(&world, "kim@d.test", 0);
    assert_eq!(world.engine.takes("kim@d.test").await.unwrap(), Takes::Full);
}

#[tokio::test]
async fn a_message_for_which_nobody_has_room_is_refused_whole() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let put = async |to: &[&str]| world.engine.receive(arrival(to)).await;
    let kept = async || {
        let list = world.engine.messages(&sender.operator, None, None, 10);
        list.await.unwrap()
    };
    put(&["kim@d.test"]).await.unwrap();
    let size = i64::try_from(kept().await[0].size_bytes).unwrap();
    leave(&world, "kim@d.test", size - 1);
    let refused = put(&["kim@d.test"]).await;
    let full = |one: &Error| matches!(one, Error::TooLarge(TooLarge::Mailbox));
    assert!(refused.as_ref().is_err_and(full), "{refused:?}");
    assert_eq!(kept().await.len(), 1);
    // All recipients get one answer, and one of them has room.
    put(&["kim@d.test", "lee@d.test"]).await.unwrap();
    assert_eq!(kept().await.len(), 3);
    leave(&world, "kim@d.test", size);
    put(&["kim@d.test"]).await.unwrap();
    assert_eq!(world.engine.takes("kim@d.test").await.unwrap(), Takes::Full);
}
