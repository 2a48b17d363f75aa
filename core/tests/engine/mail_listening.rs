//! Who hears of which mail as it comes in.

use posthouse::ids::EventId;
use posthouse::model::domain::Switch;
use posthouse::model::key::Caller;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::mail::listening::Listening;
use posthouse::ops::mail::reserving::AddressChange;

use crate::mail_addresses::{said, two};
use crate::receiving::arrival;
use crate::world::World;

async fn sockets(world: &World, who: &Caller, address: &str, socket: Switch) {
    let change = AddressChange {
        socket: Some(socket),
        ..AddressChange::default()
    };
    let taken = world.engine.reserve_address(who, address, change.clone());
    if taken.await.is_err() {
        let routed = world.engine.route_address(who, address, change).await;
        routed.unwrap();
    }
}

/// Makes `address` the one whose routing holds for d.test.
async fn catch_all(world: &World, address: &str) {
    let operator = world.engine.operator(Some("one")).await.unwrap();
    let found = world.engine.mail_domains(&operator).await;
    let id = found.map_or_else(|error| panic!("{error:?}"), |list| list[0].domain.id);
    let change = DomainChange {
        catch_all: Some(Some(address.to_owned())),
        ..DomainChange::default()
    };
    world
        .engine
        .set_domain(&operator, id, change)
        .await
        .unwrap();
}

async fn listen(world: &World, who: &Caller, wanted: &[&str]) -> Listening {
    let wanted: Vec<String> = wanted.iter().map(|one| (*one).to_owned()).collect();
    world.engine.listen(who, &wanted).await.unwrap()
}

/// Where all lies that is heard.
async fn heard(world: &World, listening: &Listening) -> Vec<String> {
    let (mut all, mut at) = (Vec::new(), EventId(0));
    loop {
        let (one, next) = world.engine.heard(listening, at).await.unwrap();
        match one {
            Some(one) => {
                let told = world.engine.told(one).await.unwrap().unwrap();
                all.push(told.message.address);
            }
            None if next == at => return all,
            None => {}
        }
        at = next;
    }
}

#[tokio::test]
async fn one_listens_for_what_is_theirs_and_is_told() {
    let (world, one, two, sends) = two().await;
    sockets(&world, &one, "on@box.test", Switch::On).await;
    sockets(&world, &one, "off@box.test", Switch::Off).await;
    let ask = async |who: &Caller, wanted: &[String]| said(world.engine.listen(who, wanted).await);
    for (who, wanted, expected) in [
        (&one, "ON@box.test", "ok"),
        (&one, "off@box.test", "Conflict(State)"),
        (&one, "kim@d.test", "Conflict(State)"),
        (&one, "any@box.test", "Denied(Owner)"),
        (&one, "kim@far.test", "Denied(Owner)"),
        (&two, "on@box.test", "Denied(Owner)"),
        (&sends, "on@box.test", "Denied(Scope)"),
        (&one, "d.test", "Conflict(State)"),
        (&one, "two.test", "Denied(Owner)"),
        (&one, "box.test", "Denied(Owner)"),
        (&one, "kim@", "Address Malformed"),
        (&one, "", "Address Malformed"),
    ] {
        let alone = ask(who, &[wanted.to_owned()]).await;
        assert_eq!(alone, expected, "{wanted}");
    }
    let many = vec![String::from("on@box.test"); 101];
    assert_eq!(ask(&one, &many).await, "Address TooMany");
    let listening = listen(&world, &one, &["on@box.test", "On@box.test"]).await;
    assert_eq!(listening.addresses, ["on@box.test"]);
    assert!(listening.domains.is_empty());
}

#[tokio::test]
async fn who_listens_hears_their_mail_in_order_and_no_others() {
    let (world, one, two, _) = two().await;
    for (who, address) in [
        (&one, "a@box.test"),
        (&one, "b@d.test"),
        (&one, "c@d.test"),
        (&two, "t@two.test"),
    ] {
        sockets(&world, who, address, Switch::On).await;
    }
    catch_all(&world, "c@d.test").await;
    for address in [
        "a@box.test",
        "other@box.test",
        "t@two.test",
        "b@d.test",
        "lee@d.test",
        "A+x@box.test",
        "c@d.test",
    ] {
        world.engine.receive(arrival(&[address])).await.unwrap();
    }
    let whole = [
        "a@box.test",
        "b@d.test",
        "lee@d.test",
        "a@box.test",
        "c@d.test",
    ];
    let of_domain = ["b@d.test", "lee@d.test", "c@d.test"];
    for (who, wanted, expected) in [
        (&one, &[] as &[&str], &whole[..]),
        (&one, &["a@box.test"], &["a@box.test", "a@box.test"]),
        (&one, &["b@d.test"], &["b@d.test"]),
        (&one, &["c@d.test"], &["lee@d.test", "c@d.test"]),
        (&one, &["d.test"], &of_domain),
        (&one, &["d.test", "b@d.test"], &of_domain),
        (&two, &[], &["t@two.test"]),
    ] {
        let listening = listen(&world, who, wanted).await;
        assert_eq!(heard(&world, &listening).await, expected, "{wanted:?}");
    }
    // Whoever listens hears no more of what is switched off, or of what is gone.
    let listening = listen(&world, &one, &[]).await;
    sockets(&world, &one, "b@d.test", Switch::Off).await;
    world.engine.purge_mail(&one, "a@box.test").await.unwrap();
    assert_eq!(heard(&world, &listening).await, ["lee@d.test", "c@d.test"]);
}
