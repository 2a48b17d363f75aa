//! What becomes of mail that is not what it says.

use posthouse::error::{Denied, Error, TooLarge};
use posthouse::model::domain::DmarcRule;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::{Folder, Message};
use posthouse::model::trace::AuthResult;
use posthouse::ops::domains::DomainChange;

use crate::receiving::arrival;
use crate::world::{Sender, World};

/// A world whose far.test publishes these, and a domain with this rule.
async fn world(spf: &str, dmarc: &str, rule: DmarcRule) -> (World, Sender) {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    for (name, text) in [("far.test", spf), ("_dmarc.far.test", dmarc)] {
        let texts = Ok(vec![text.to_owned()]);
        world
            .script
            .txt
            .lock()
            .unwrap()
            .insert(name.to_owned(), texts);
    }
    set(&world, &sender, rule).await;
    (world, sender)
}

async fn set(world: &World, sender: &Sender, rule: DmarcRule) {
    let change = DomainChange {
        dmarc: Some(rule),
        ..DomainChange::default()
    };
    let id = sender.domain.id;
    world
        .engine
        .set_domain(&sender.operator, id, change)
        .await
        .unwrap();
}

async fn kept(world: &World, sender: &Sender) -> Vec<Message> {
    world
        .engine
        .messages(&sender.operator, None, None, 10)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_domain_that_enforces_does_what_the_sender_asks_for() {
    let (world, sender) = world("v=spf1 -all", "v=DMARC1; p=reject", DmarcRule::Enforce).await;
    let refused = world.engine.receive(arrival(&["kim@d.test"])).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Policy))));
    assert!(kept(&world, &sender).await.is_empty());
    let quarantine = Ok(vec![String::from("v=DMARC1; p=quarantine")]);
    world
        .script
        .txt
        .lock()
        .unwrap()
        .insert(String::from("_dmarc.far.test"), quarantine);
    // What DNS said is used again for a minute.
    let again = world.engine.receive(arrival(&["kim@d.test"])).await;
    assert!(matches!(again, Err(Error::Denied(Denied::Policy))));
    world.hand.forward(std::time::Duration::from_secs(60));
    world
        .engine
        .receive(arrival(&["kim@d.test"]))
        .await
        .unwrap();
    let list = kept(&world, &sender).await;
    assert_eq!(list[0].folder, Folder::Spam);
    let verdicts = list[0].trace.as_ref().unwrap().verdicts.unwrap();
    assert_eq!(
        (verdicts.spf, verdicts.dkim, verdicts.dmarc, verdicts.arc),
        (
            AuthResult::Fail,
            AuthResult::None,
            AuthResult::Fail,
            AuthResult::None
        )
    );
}

#[tokio::test]
async fn what_passes_is_let_in_by_a_domain_that_enforces() {
    let spf = "v=spf1 ip4:192.0.2.7 -all";
    let (world, sender) = world(spf, "v=DMARC1; p=reject", DmarcRule::Enforce).await;
    world
        .engine
        .receive(arrival(&["kim@d.test"]))
        .await
        .unwrap();
    let list = kept(&world, &sender).await;
    assert_eq!(list[0].folder, Folder::Inbox);
    let verdicts = list[0].trace.as_ref().unwrap().verdicts.unwrap();
    assert_eq!(
        (verdicts.spf, verdicts.dmarc),
        (AuthResult::Pass, AuthResult::Pass)
    );
}

#[tokio::test]
async fn others_keep_it_and_it_says_that_it_failed() {
    for rule in [DmarcRule::Flag, DmarcRule::Ignore] {
        let (world, sender) = world("v=spf1 -all", "v=DMARC1; p=reject", rule).await;
        world
            .engine
            .receive(arrival(&["kim@d.test"]))
            .await
            .unwrap();
        let list = kept(&world, &sender).await;
        assert_eq!(list[0].folder, Folder::Inbox, "{rule}");
        let (_, raw) = world
            .engine
            .message_raw(&sender.operator, list[0].id)
            .await
            .unwrap();
        let raw = String::from_utf8(raw).unwrap();
        let expected = "Authentication-Results: h.test;\r\n\tspf=fail smtp.mailfrom=far.test;\r\n\tdkim=none;\r\n\tdmarc=fail (p=reject) header.from=far.test;\r\n\tarc=none\r\nReceived: ";
        assert!(raw.starts_with(expected), "{raw}");
    }
}

#[tokio::test]
async fn one_domain_that_enforces_takes_nothing_from_the_others_and_loses_nothing() {
    let (world, sender) = world("v=spf1 -all", "v=DMARC1; p=reject", DmarcRule::Enforce).await;
    world
        .engine
        .create_domain(&sender.operator, "e.test", None)
        .await
        .unwrap();
    let both = arrival(&["kim@d.test", "kim@e.test"]);
    let taken = world.engine.receive(both).await.unwrap();
    assert_eq!(taken.messages.len(), 2);
    let list = kept(&world, &sender).await;
    let mut found: Vec<_> = list
        .iter()
        .map(|one| (one.address.as_str(), one.folder))
        .collect();
    found.sort_unstable_by_key(|(address, _)| *address);
    let expected = [("kim@d.test", Folder::Spam), ("kim@e.test", Folder::Inbox)];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_dns_does_not_tell_refuses_nobody() {
    let (world, sender) = world("v=spf1 -all", "v=DMARC1; p=reject", DmarcRule::Enforce).await;
    let unsure = posthouse::outside::dns::DnsError::Unsure(String::from("time-out"));
    world
        .script
        .txt
        .lock()
        .unwrap()
        .insert(String::from("far.test"), Err(unsure));
    world
        .engine
        .receive(arrival(&["kim@d.test"]))
        .await
        .unwrap();
    let list = kept(&world, &sender).await;
    assert_eq!(list[0].folder, Folder::Inbox);
    let verdicts = list[0].trace.as_ref().unwrap().verdicts.unwrap();
    assert_eq!(
        (verdicts.spf, verdicts.dmarc),
        (AuthResult::TempError, AuthResult::TempError)
    );
}

#[tokio::test]
async fn results_that_claim_to_be_ours_do_not_stay() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let mut mail = arrival(&["kim@d.test"]);
    let forged = "Authentication-Results: H.test;\r\n\tdkim=pass\r\n";
    let others = "Authentication-Results: far.test; dkim=pass\r\n";
    mail.raw = [forged.as_bytes(), others.as_bytes(), &mail.raw].concat();
    let taken = world.engine.receive(mail).await.unwrap();
    let (_, raw) = world
        .engine
        .message_raw(&sender.operator, taken.messages[0])
        .await
        .unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(!raw.contains("H.test"), "{raw}");
    assert!(raw.contains(others), "{raw}");
    assert_eq!(raw.matches("Authentication-Results: h.test").count(), 1);
}

#[tokio::test]
async fn what_goes_round_in_a_loop_is_refused() {
    let world = World::new().await;
    world.sender(Mode::Capture).await;
    let round = |hops: usize| {
        let mut mail = arrival(&["kim@d.test"]);
        let hops = "received: from a by b; now\r\n".repeat(hops);
        mail.raw = [hops.as_bytes(), &mail.raw].concat();
        mail
    };
    world.engine.receive(round(50)).await.unwrap();
    let refused = world.engine.receive(round(51)).await;
    assert!(matches!(refused, Err(Error::TooLarge(TooLarge::Hops))));
}
