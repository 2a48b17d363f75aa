//! Every command, by everybody: whoever may not is refused, and changes nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use posthouse::model::organization::Role;
use serde_json::Value;

use super::house::House;
use crate::console::call::Visitor;
use crate::console::table::{COMMANDS, Effect, Table, Who};
use crate::console::wire::RefusedKind;
use crate::dialects::{self, SENDING};

/// A call of each command. What a dialect has a word for is put in here.
fn examples() -> BTreeMap<String, Value> {
    let text = include_str!("examples.json")
        .replace("$SHAPE", SENDING.name)
        .replace("$FORM", dialects::forms()[0].name());
    serde_json::from_str(&text).expect("the examples are JSON")
}

#[test]
fn each_command_has_an_example_and_a_name_of_its_own() {
    let examples = examples();
    let mut names: Vec<&str> = COMMANDS.iter().map(|one| one.name).collect();
    for name in &names {
        assert!(examples.contains_key(*name), "{name} has no example");
        let (noun, verb) = name.split_once('.').expect("a noun and a verb");
        assert!(!noun.is_empty() && !verb.is_empty());
    }
    assert_eq!(examples.len(), names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), COMMANDS.len());
}

#[test]
fn only_ways_in_are_open_to_anybody() {
    let open: Vec<&str> = COMMANDS
        .iter()
        .filter(|one| one.who == Who::Anybody)
        .map(|one| one.name)
        .collect();
    let expected = [
        "session.show",
        "session.sign_in",
        "session.invitation",
        "session.welcome",
    ];
    assert_eq!(open, expected);
    // Whoever only looks changes nothing but what is their own.
    for command in COMMANDS {
        if command.who == Who::Reader && command.effect != Effect::Reads {
            assert_eq!(command.noun(), "session", "{}", command.name);
        }
    }
}

async fn visitor(house: &House, name: &str, role: Role) -> Visitor {
    let way = house.engine.invite_user(&house.operator, name, role);
    let way = way.await.unwrap();
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let password = super::house::SECRET;
    let taken = house
        .engine
        .accept_invitation(&way.token, None, password, here);
    let (session, token) = taken.await.unwrap();
    Visitor::Person(Box::new(session), token)
}

async fn refused(table: &Table, who: &Visitor, name: &str, input: &Value) -> Option<RefusedKind> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let called = table.call(who.clone(), here, name, input.clone()).await;
    let refused = called.err()?.refused;
    assert_ne!(refused.code, "malformed", "{name}: {}", refused.message);
    assert_ne!(
        refused.kind,
        RefusedKind::Internal,
        "{name}: {}",
        refused.message
    );
    let by_role = matches!(refused.code.as_str(), "role" | "signed_out");
    by_role.then_some(refused.kind)
}

#[tokio::test]
async fn nobody_does_what_is_not_theirs_to_do() {
    let house = House::open().await;
    let people = [
        (Visitor::Nobody, 0),
        (visitor(&house, "rea", Role::Reader).await, 1),
        (visitor(&house, "max", Role::Member).await, 2),
        (visitor(&house, "ola", Role::Owner).await, 3),
    ];
    let examples = examples();
    for command in COMMANDS {
        let least = match command.who {
            Who::Anybody => 0,
            Who::Reader => 1,
            Who::Member => 2,
            Who::Owner => 3,
        };
        let input = &examples[command.name];
        for (who, rank) in &people {
            let refused = refused(&house.table, who, command.name, input).await;
            let expected = match (*rank >= least, rank) {
                (true, _) => None,
                (false, 0) => Some(RefusedKind::Unknown),
                (false, _) => Some(RefusedKind::Denied),
            };
            assert_eq!(refused, expected, "{} as {rank}", command.name);
        }
    }
}

#[tokio::test]
async fn the_machine_itself_may_do_all_but_sign_in() {
    let house = House::open().await;
    let examples = examples();
    for command in COMMANDS {
        let input = examples[command.name].clone();
        let called = house.table.call_here(command.name, input).await;
        let by_password = matches!(
            command.name,
            "session.sign_in" | "session.sign_out" | "session.welcome" | "session.password"
        );
        if let Err(refusing) = called {
            let refused = refusing.refused;
            assert_eq!(refused.code == "role", by_password, "{}", command.name);
        } else {
            assert!(!by_password, "{}", command.name);
        }
    }
}
