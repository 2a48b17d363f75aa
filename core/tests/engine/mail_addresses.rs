//! Addresses: whose they are, asked for, routed and let go.

use posthouse::error::Error;
use posthouse::model::domain::Switch;
use posthouse::model::key::{Caller, Mode};
use posthouse::ops::mail::addresses::HookView;
use posthouse::ops::mail::reserving::{AddressChange, HookChange, Letting};

use crate::mail_read::{list, reader, stranger, with_a_public_host};
use crate::receiving::arrival;
use crate::world::World;

/// What a refusal says, in short.
pub fn said<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => String::from("ok"),
        Err(Error::Invalid(problems)) => {
            format!("{:?} {:?}", problems[0].field, problems[0].reason)
        }
        Err(error) => format!("{error:?}"),
    }
}

/// One with d.test who reads, another with two.test who does, and a host for all.
pub async fn two() -> (World, Caller, Caller, Caller) {
    let world = World::with(with_a_public_host).await;
    let sender = world.sender(Mode::Capture).await;
    let one = reader(&world, &sender.operator, "reader").await;
    let two = stranger(&world).await;
    let operator = world.engine.operator(Some("two")).await.unwrap();
    let made = world
        .engine
        .create_domain(&operator, "two.test", None)
        .await;
    made.unwrap();
    (world, one, two, sender.caller)
}

async fn reserve(world: &World, who: &Caller, address: &str) -> String {
    let nothing = AddressChange::default();
    said(world.engine.reserve_address(who, address, nothing).await)
}

async fn owned(world: &World, who: &Caller) -> Vec<String> {
    let list = world.engine.addresses(who).await.unwrap();
    list.into_iter().map(|one| one.address).collect()
}

#[tokio::test]
async fn whose_an_address_is_decides_who_may_have_it() {
    let (world, one, two, sends) = two().await;
    assert_eq!(reserve(&world, &two, "taken@box.test").await, "ok");
    for (address, available, is_owned, expected) in [
        ("kim@d.test", false, true, "ok"),
        ("Any@Box.test", true, false, "ok"),
        ("kim@two.test", false, false, "Denied(Owner)"),
        ("taken@box.test", false, false, "Denied(Owner)"),
        ("taken+x@box.test", false, false, "Denied(Owner)"),
        ("kim@far.test", false, false, "Host Unknown"),
    ] {
        let found = world.engine.address_availability(&one, address).await;
        let found = found.unwrap();
        assert_eq!(found.address, address.to_lowercase().replace("+x", ""));
        assert_eq!(
            (found.available, found.owned),
            (available, is_owned),
            "{address}"
        );
        assert_eq!(reserve(&world, &one, address).await, expected, "{address}");
        let scope = reserve(&world, &sends, address).await;
        assert_eq!(scope, "Denied(Scope)", "{address}");
    }
    assert_eq!(reserve(&world, &one, "nonsense").await, "Address Malformed");
    assert_eq!(
        reserve(&world, &one, "any@box.test").await,
        "Conflict(Taken)"
    );
    assert_eq!(reserve(&world, &two, "any@box.test").await, "Denied(Owner)");
    assert_eq!(owned(&world, &one).await, ["any@box.test", "kim@d.test"]);
    assert_eq!(owned(&world, &two).await, ["taken@box.test"]);
}

#[tokio::test]
async fn one_sees_what_is_theirs_or_nobodys() {
    let (world, one, two, sends) = two().await;
    reserve(&world, &one, "mine@box.test").await;
    for (who, address, expected) in [
        (&one, "mine@box.test", "one false"),
        (&one, "lee@d.test", "one true"),
        (&one, "any@box.test", "- false"),
        (&one, "kim@far.test", "- false"),
        (&two, "any@box.test", "- false"),
        (&two, "mine@box.test", "Denied(Owner)"),
        (&two, "lee@d.test", "Denied(Owner)"),
        (&sends, "any@box.test", "Denied(Scope)"),
        (&one, "@", "Address Malformed"),
    ] {
        let found = world.engine.address(who, address).await;
        let shown = match found {
            Ok(found) => {
                let owner = found.owner.as_deref().unwrap_or("-");
                format!("{owner} {}", found.implicit)
            }
            Err(_) => said(found),
        };
        assert_eq!(shown, expected, "{address}");
    }
}

#[tokio::test]
async fn several_are_had_together_or_not_at_all() {
    let (world, one, _, sends) = two().await;
    let many = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let ask = async |who: &Caller, list: &[String]| world.engine.reserve_addresses(who, list).await;
    for (wanted, expected) in [
        (many(&["a@box.test", "kim@two.test"]), "Denied(Owner)"),
        (many(&["a@box.test", "kim@far.test"]), "Host Unknown"),
        (many(&["a@box.test", "nonsense"]), "Address Malformed"),
        (vec![String::from("a@box.test"); 101], "Address TooMany"),
    ] {
        assert_eq!(said(ask(&one, &wanted).await), expected, "{wanted:?}");
        assert!(owned(&world, &one).await.is_empty(), "{wanted:?}");
    }
    let wanted = many(&["b@box.test", "a@d.test", "B@box.test"]);
    assert_eq!(said(ask(&sends, &wanted).await), "Denied(Scope)");
    let had = ask(&one, &wanted).await.unwrap();
    let had: Vec<_> = had.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(had, ["b@box.test", "a@d.test", "b@box.test"]);
    assert_eq!(said(ask(&one, &wanted).await), "ok", "again");
    assert_eq!(owned(&world, &one).await, ["a@d.test", "b@box.test"]);
}

#[tokio::test]
async fn what_is_let_go_is_nobodys_from_then_on_and_its_mail_as_one_says() {
    let (world, one, two, sends) = two().await;
    let let_go = async |who: &Caller, address: &str, mail| {
        said(world.engine.release_address(who, address, mail).await)
    };
    for address in ["kept@box.test", "gone@box.test", "kim@d.test"] {
        reserve(&world, &one, address).await;
        world.engine.receive(arrival(&[address])).await.unwrap();
    }
    for (who, address, expected) in [
        (&two, "kept@box.test", "Denied(Owner)"),
        (&two, "kim@d.test", "Denied(Owner)"),
        (&sends, "kept@box.test", "Denied(Scope)"),
        (&one, "any@box.test", "Conflict(State)"),
        (&one, "lee@d.test", "Conflict(State)"),
        (&one, "kim@far.test", "Conflict(State)"),
        (&one, "nonsense", "Address Malformed"),
    ] {
        let refused = let_go(who, address, Letting::Remove).await;
        assert_eq!(refused, expected, "{address}");
    }
    for (address, mail, left) in [
        ("kept@box.test", Letting::Keep, 1),
        ("gone@box.test", Letting::Remove, 0),
        ("kim@d.test", Letting::Keep, 1),
    ] {
        assert_eq!(list(&world, &one, address).await.len(), 1, "{address}");
        assert_eq!(let_go(&one, address, mail).await, "ok", "{address}");
        assert_eq!(list(&world, &one, address).await.len(), left, "{address}");
        assert_eq!(let_go(&one, address, mail).await, "Conflict(State)");
    }
    assert!(owned(&world, &one).await.is_empty());
    assert!(list(&world, &two, "kept@box.test").await.is_empty());
    assert_eq!(reserve(&world, &two, "kim@d.test").await, "Denied(Owner)");
    assert_eq!(reserve(&world, &two, "kept@box.test").await, "ok");
    assert!(list(&world, &two, "kept@box.test").await.is_empty());
}

fn to(address: &str) -> AddressChange {
    AddressChange {
        forward: Some(Some(address.to_owned())),
        ..AddressChange::default()
    }
}

fn hook(url: Option<&str>) -> AddressChange {
    let one = HookChange {
        form: "steady",
        url: Some(url.map(str::to_owned)),
        words: None,
    };
    AddressChange {
        hooks: vec![one],
        ..AddressChange::default()
    }
}

fn info(characters: usize) -> AddressChange {
    AddressChange {
        info: Some("i".repeat(characters)),
        ..AddressChange::default()
    }
}

#[tokio::test]
async fn an_address_is_routed_by_whom_it_belongs_to_and_to_where_it_can_go() {
    let (world, one, two, sends) = two().await;
    for (who, address, change, expected) in [
        (&one, "kim@d.test", to("kim@d.test"), "To Unknown"),
        (&one, "kim@d.test", to("kim@far.test"), "To Unknown"),
        (&one, "kim@d.test", to("nonsense"), "To Malformed"),
        (&one, "kim@d.test", info(2_001), "Name TooLong"),
        (
            &one,
            "kim@d.test",
            hook(Some("http://hook.test/")),
            "Url Forbidden",
        ),
        (&one, "any@box.test", info(1), "Denied(Owner)"),
        (&one, "kim@two.test", info(1), "Denied(Owner)"),
        (&two, "kim@d.test", info(1), "Denied(Owner)"),
        (&sends, "kim@d.test", info(1), "Denied(Scope)"),
        (&one, "nonsense", info(1), "Address Malformed"),
    ] {
        let refused = world.engine.route_address(who, address, change).await;
        assert_eq!(said(refused), expected, "{address}");
    }
    assert!(owned(&world, &one).await.is_empty());
}

#[tokio::test]
async fn what_is_set_of_an_address_stays_until_it_is_taken_away() {
    let (world, one, _, _) = two().await;
    let route = async |change| {
        let routed = world.engine.route_address(&one, "Kim@d.test", change);
        routed.await.unwrap()
    };
    for change in [
        to("any@box.test"),
        info(2_000),
        hook(Some("https://hook.test/x")),
    ] {
        assert!(!route(change).await.implicit);
    }
    let on = AddressChange {
        socket: Some(Switch::On),
        ..AddressChange::default()
    };
    let routed = route(on).await;
    assert_eq!(routed.forward.as_deref(), Some("any@box.test"));
    assert_eq!((routed.info.len(), routed.socket), (2_000, Switch::On));
    let expected = HookView {
        form: String::from("steady"),
        url: String::from("https://hook.test/x"),
        words: None,
    };
    assert_eq!(routed.hooks, [expected]);
    let shown = world.engine.address(&one, "kim@d.test").await.unwrap();
    assert_eq!(shown, routed);
    let off = AddressChange {
        info: Some(String::new()),
        forward: Some(None),
        socket: Some(Switch::Off),
        ..hook(None)
    };
    let routed = route(off).await;
    assert_eq!((routed.forward, routed.socket), (None, Switch::Off));
    assert_eq!((routed.info.as_str(), routed.hooks.len()), ("", 0));
}
