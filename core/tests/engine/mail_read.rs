//! Mail, read: what lists and single messages show of it, to whom.

use std::time::Duration;

use posthouse::Settings;
use posthouse::clock::Timestamp;
use posthouse::error::{Denied, Error, Missing};
use posthouse::mime::parts::attachment;
use posthouse::mime::{headers, page};
use posthouse::model::email::Submission;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::mail::Shown;
use posthouse::ops::mail::changing::MailChange;
use posthouse::ops::mail::looking::Stretch;
use posthouse::ops::mail::reserving::AddressChange;

use crate::receiving::arrival;
use crate::world::{START, World, email};

pub fn with_a_public_host(settings: &mut Settings) {
    settings.public_hosts = vec![String::from("box.test")];
}

/// One who reads all mail of an organization.
pub async fn reader(world: &World, operator: &Caller, token: &str) -> Caller {
    let new = NewKey {
        shape: "reading",
        token: token.to_owned(),
        prefix: None,
        keeping: Keeping::HashOnly,
        name: None,
        domain: None,
        scopes: vec![Scope::Mail],
        mode: None,
        expires_at: None,
    };
    world.engine.create_key(operator, new).await.unwrap();
    world.engine.authenticate("reading", token).await.unwrap()
}

/// One who reads all mail of another organization.
pub async fn stranger(world: &World) -> Caller {
    world.engine.create_organization("two").await.unwrap();
    let operator = world.engine.operator(Some("two")).await.unwrap();
    reader(world, &operator, "other").await
}

pub async fn list(world: &World, caller: &Caller, address: &str) -> Vec<Shown> {
    let list = world.engine.mail_at(caller, address, None, 20).await;
    list.unwrap()
}

fn owner<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Denied(Denied::Owner)))
}

fn missing<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Missing(Missing::Message)))
}

#[tokio::test]
async fn what_was_captured_says_all_it_says_and_lies_where_it_was_for() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let submission = Submission {
        to: Some("Kim <Kim+news@far.test>".into()),
        cc: Some("lee@far.test".into()),
        text: Some("see https://shop.test/".into()),
        ..email("")
    };
    world.engine.send(&sender.caller, submission).await.unwrap();
    world
        .until(async || !list(&world, &caller, "lee@far.test").await.is_empty())
        .await;
    for address in ["kim+news@far.test", "KIM+NEWS@far.test", "lee@far.test"] {
        let [found] = <[Shown; 1]>::try_from(list(&world, &caller, address).await).unwrap();
        assert_eq!(found.message.address, address.to_lowercase());
        assert_eq!(found.content.cc[0].address, "lee@far.test");
        assert_eq!(found.content.links, ["https://shop.test/"]);
        let one = world.engine.mail(&caller, address, &found.token).await;
        assert_eq!(one.unwrap(), found);
        // It was read once, when it was kept.
        let row = world
            .engine
            .message(&sender.operator, found.message.id)
            .await;
        assert_eq!(row.unwrap().0.content, Some(found.content));
    }
    let (count, address) = world
        .engine
        .mail_count(&caller, "kim+news@far.test")
        .await
        .unwrap();
    assert_eq!((count, address.as_str()), (1, "kim@far.test"));
    let stranger = stranger(&world).await;
    assert!(list(&world, &stranger, "lee@far.test").await.is_empty());
}

#[tokio::test]
async fn a_message_is_read_from_its_bytes_by_whoever_may() {
    let world = World::with(with_a_public_host).await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let stranger = stranger(&world).await;
    let mut mail = arrival(&["kim@d.test", "any@box.test"]);
    mail.raw = b"From: a@far.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<b>Hi</b><script>x()</script>\r\n\
        --b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nfile\r\n--b--\r\n"
        .to_vec();
    world.engine.receive(mail).await.unwrap();
    for (who, address) in [
        (&caller, "kim@d.test"),
        (&caller, "any@box.test"),
        (&stranger, "any@box.test"),
    ] {
        let token = list(&world, who, address).await[0].token.clone();
        let read = |look: fn(Vec<u8>) -> String| world.engine.mail_read(who, address, &token, look);
        assert_eq!(read(|raw| page::clean(&raw)).await.unwrap(), "<b>Hi</b>");
        let from = read(|raw| {
            let fields = headers::fields(&raw);
            let from = fields.iter().find(|field| field.name == "From");
            from.unwrap().value.clone()
        });
        assert_eq!(from.await.unwrap(), "a@far.test");
        let file = read(|raw| {
            let found = attachment(&raw, "a.txt");
            String::from_utf8(found.unwrap().1).unwrap()
        });
        assert_eq!(file.await.unwrap(), "file");
    }
    let token = list(&world, &caller, "kim@d.test").await[0].token.clone();
    let read = |who, address, token| world.engine.mail_read(who, address, token, |_| ());
    assert!(owner(read(&stranger, "kim@d.test", &token).await));
    assert!(missing(read(&caller, "lee@d.test", &token).await));
    assert!(missing(
        read(&caller, "kim@d.test", "0000000100000000-0").await
    ));
    assert!(missing(read(&caller, "no address", &token).await));
    let denied = read(&sender.caller, "kim@d.test", &token).await;
    assert!(matches!(denied, Err(Error::Denied(Denied::Scope))));
}

#[tokio::test]
async fn who_stars_what_is_nobodys_has_it_until_it_is_starred_again() {
    let world = World::with(with_a_public_host).await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let stranger = stranger(&world).await;
    world
        .engine
        .receive(arrival(&["any@box.test"]))
        .await
        .unwrap();
    let token = list(&world, &caller, "any@box.test").await[0].token.clone();
    let star = |who| {
        let star = MailChange::ToggleStar;
        world.engine.change_mail(who, "any@box.test", &token, star)
    };
    let starred = star(&caller).await.unwrap();
    assert_eq!(starred.message.starred_by.as_deref(), Some("one"));
    assert!(owner(star(&stranger).await));
    assert!(owner(
        world.engine.mail(&stranger, "any@box.test", &token).await
    ));
    assert!(owner(
        world
            .engine
            .remove_mail(&stranger, "any@box.test", &token)
            .await
    ));
    assert!(list(&world, &stranger, "any@box.test").await.is_empty());
    assert_eq!(list(&world, &caller, "any@box.test").await.len(), 1);
    assert_eq!(star(&caller).await.unwrap().message.starred_by, None);
    assert_eq!(list(&world, &stranger, "any@box.test").await.len(), 1);
    // Nobody purges what is nobody's, and whoever likes removes one.
    assert!(owner(
        world.engine.purge_mail(&caller, "any@box.test").await
    ));
    world
        .engine
        .remove_mail(&stranger, "any@box.test", &token)
        .await
        .unwrap();
    assert!(missing(
        world.engine.mail(&caller, "any@box.test", &token).await
    ));
}

#[tokio::test]
async fn a_stretch_of_all_mail_is_counted_from_the_newest() {
    let world = World::with(with_a_public_host).await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    for address in [
        "a@d.test",
        "b@d.test",
        "any@box.test",
        "c@d.test",
        "d@d.test",
    ] {
        world.engine.receive(arrival(&[address])).await.unwrap();
        world.hand.forward(Duration::from_secs(1));
    }
    let at = |seconds: i64| Some(Timestamp(START + 1000 * seconds));
    for (rows, skip, since, until, expected) in [
        (10, 0, None, None, "dcba"),
        (2, 0, None, None, "dc"),
        (2, 1, None, None, "cb"),
        (2, 3, None, None, "a"),
        (2, 4, None, None, ""),
        (0, 0, None, None, ""),
        (10, 0, at(1), None, "dc"),
        (1, 1, at(0), None, "c"),
        (10, 0, None, at(1), "ba"),
        (10, 1, at(-1), at(3), "ba"),
    ] {
        let stretch = Stretch {
            rows,
            skip,
            since,
            until,
        };
        let (found, kept) = world.engine.mail_of_all(&caller, stretch).await.unwrap();
        let letters: String = found
            .iter()
            .map(|one| one.message.address.chars().next().unwrap())
            .collect();
        assert_eq!(letters, expected, "{stretch:?}");
        assert_eq!((kept.messages, kept.unread), (4, 4));
    }
    let of_domain = world.engine.purge_domain_mail(&caller, "d.test").await;
    of_domain.unwrap();
    assert!(list(&world, &caller, "a@d.test").await.is_empty());
    assert_eq!(list(&world, &caller, "any@box.test").await.len(), 1);
}

#[tokio::test]
async fn the_addresses_that_were_asked_for_are_listed_and_no_others() {
    let world = World::with(with_a_public_host).await;
    let sender = world.sender(Mode::Capture).await;
    let caller = reader(&world, &sender.operator, "reader").await;
    let stranger = stranger(&world).await;
    world.engine.receive(arrival(&["z@d.test"])).await.unwrap();
    for (who, address) in [
        (&caller, "b@box.test"),
        (&stranger, "c@box.test"),
        (&caller, "a@d.test"),
    ] {
        let nothing = AddressChange::default();
        let made = world.engine.reserve_address(who, address, nothing).await;
        assert_eq!(made.unwrap().address, address);
    }
    let own = world.engine.addresses(&caller).await.unwrap();
    let own: Vec<_> = own.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(own, ["a@d.test", "b@box.test"]);
}
