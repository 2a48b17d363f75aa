//! Why: the story of an email, recipient by recipient.

use std::net::IpAddr;
use std::time::Duration;

use posthouse::ids::EmailId;
use posthouse::model::delivery::{Stage, State};
use posthouse::model::domain::{RecordKind, Verdict};
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::ops::why::{
    DomainNow, Force, NotAsked, Now, Questions, RecipientStory, Story, Takes,
};
use posthouse::outside::dns::{DnsError, Mx};

use crate::delivering::{send, until_state};
use crate::script::Far;
use crate::world::{Sender, World};

async fn ask(world: &World, sender: &Sender, id: EmailId) -> Story {
    let within = Duration::from_secs(20);
    let story = world
        .engine
        .why(&sender.operator, id, Questions::Ask { within });
    story.await.unwrap()
}

/// The story of one mail, that the far end answers so.
async fn told(world: &World, sender: &Sender, far: Far, to: &str, state: State) -> RecipientStory {
    world.script.far.lock().unwrap().push_back(far);
    let id = send(world, sender, to).await;
    until_state(world, sender, id, state).await;
    ask(world, sender, id).await.recipients.remove(0)
}

fn said<T>(now: &Now<T>) -> &T {
    match now {
        Now::Said(said) => said,
        Now::NotAsked(why) => panic!("{}", why.as_str()),
    }
}

fn why_not<T>(now: &Now<T>) -> NotAsked {
    match now {
        Now::Said(_) => panic!("it was asked"),
        Now::NotAsked(why) => *why,
    }
}

#[tokio::test]
async fn the_story_says_what_happened_and_what_to_do() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let refused = Far::Rcpt(550, "5.1.1 no such user");
    let one = told(&world, &sender, refused, "Gone@far.test", State::Bounced).await;
    assert_eq!(one.route, "straight to the recipient's mail server");
    assert_eq!(
        one.standing,
        "It was refused for good by mx.far.test [192.0.2.1]:25: 550 5.1.1 no such user."
    );
    let refusal = one.refusal.unwrap();
    assert_eq!(
        (refusal.attempt, refusal.by.as_deref(), refusal.stage),
        (1, Some("mx.far.test [192.0.2.1]:25"), Some(Stage::Rcpt))
    );
    assert_eq!((refusal.force, refusal.known), (Force::Permanent, None));
    assert_eq!(
        refusal.code.unwrap().meaning,
        "There is no such mailbox: the part before the @ is not known there."
    );
    assert_eq!(
        one.next_step.unwrap(),
        "Check the address before the @; if it is right, the mailbox is gone, so ask the \
         recipient for another one. The address is on the suppression list now, and nothing is \
         sent to it; when it is right after all, take it off with `posthouse suppression remove \
         gone@far.test --domain d.test`, and send again."
    );
    let kinds: Vec<EventKind> = one.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Queued, EventKind::Bounced]);
}

#[tokio::test]
async fn a_try_keeps_what_dns_said_and_the_step_it_ended_at() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let refusal = Far::Rcpt(550, "5.1.1 no such user");
    world.script.far.lock().unwrap().push_back(refusal);
    let gone = ("none.test".to_owned(), Err(DnsError::NoSuchName));
    world.script.mx.lock().unwrap().extend([gone]);
    for (to, dns, stage) in [
        (
            "gone@far.test",
            "MX of far.test: 10 mx.far.test\nAddress of mx.far.test: 192.0.2.1",
            Some(Stage::Rcpt),
        ),
        ("kim@none.test", "MX of none.test: no such name", None),
    ] {
        let id = send(&world, &sender, to).await;
        until_state(&world, &sender, id, State::Bounced).await;
        let story = ask(&world, &sender, id).await;
        let one = &story.recipients[0];
        let attempt = &one.attempts[0];
        assert_eq!((attempt.dns.as_deref(), attempt.stage), (Some(dns), stage));
        // DNS has not changed since.
        assert_eq!(said(&one.dns).lines.join("\n"), dns);
    }
}

#[tokio::test]
async fn a_known_refusal_is_told_with_its_source_and_the_domain_to_mend() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let refused = Far::Rcpt(
        550,
        "5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail \
         requires all senders to authenticate with either SPF or DKIM. a1-20020 - gsmtp",
    );
    let one = told(&world, &sender, refused, "kim@far.test", State::Bounced).await;
    let refusal = one.refusal.unwrap();
    let known = refusal.known.unwrap();
    assert_eq!(known.who, "Gmail");
    assert_eq!(
        known.sources[0],
        "https://support.google.com/a/answer/3726730"
    );
    // Who is not proven is refused himself: the recipient is not suppressed.
    assert_eq!(
        one.next_step.unwrap(),
        "Run `posthouse domain verify d.test`, and publish what `posthouse domain records d.test` \
         lists. Then send it again."
    );
}

#[tokio::test]
async fn greylisting_asks_for_nothing_but_patience() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let later = Far::Rcpt(451, "4.7.1 Greylisted, come back in 5 minutes");
    let one = told(&world, &sender, later, "kim@far.test", State::Deferred).await;
    assert_eq!(one.refusal.as_ref().unwrap().force, Force::Temporary);
    assert_eq!(
        one.next_step.unwrap(),
        "It is tried again by itself, until 2023-11-16 22:13:20Z. Nothing to do: whoever tries \
         again after a few minutes is let in, and from then on at once."
    );
    world.hand.forward(Duration::from_secs(100));
    let id = one.delivery.email;
    until_state(&world, &sender, id, State::Delivered).await;
    let after = ask(&world, &sender, id).await.recipients.remove(0);
    assert!(after.refusal.is_none(), "it went through: {after:?}");
}

#[tokio::test]
async fn for_what_never_left_nothing_is_asked() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let gone = ("far.test".to_owned(), Err(DnsError::NoSuchName));
    world.script.mx.lock().unwrap().extend([gone]);
    let id = send(&world, &sender, "kim@far.test").await;
    until_state(&world, &sender, id, State::Delivered).await;
    let story = ask(&world, &sender, id).await;
    let one = &story.recipients[0];
    assert_eq!(one.route, "kept on this machine: the key's mode is capture");
    assert_eq!(why_not(&one.dns), NotAsked::NothingLeft);
    assert_eq!(why_not(&story.records), NotAsked::NothingLeft);
    assert_eq!(
        why_not(&one.dns).as_str(),
        "not asked: nothing left this machine"
    );
}

#[tokio::test]
async fn an_outcome_address_tells_the_story_that_it_plays() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "bounce+5.2.2@simulator.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    let one = ask(&world, &sender, id).await.recipients.remove(0);
    assert_eq!(
        one.route,
        "none: an outcome is played through, as the address asks"
    );
    assert_eq!(
        one.standing,
        "It was refused for good by simulator.test: 550 5.2.2 refused, as the address asks."
    );
    assert_eq!(one.refusal.unwrap().code.unwrap().code, "5.2.2");
    assert_eq!(why_not(&one.dns), NotAsked::NothingLeft);
}

#[tokio::test]
async fn nothing_is_asked_when_it_is_not_wanted() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "kim@far.test").await;
    until_state(&world, &sender, id, State::Delivered).await;
    let story = world.engine.why(&sender.operator, id, Questions::Skip);
    let story = story.await.unwrap();
    assert_eq!(why_not(&story.recipients[0].dns), NotAsked::Unwanted);
    assert_eq!(why_not(&story.records), NotAsked::Unwanted);
}

#[tokio::test]
async fn the_sending_domains_records_are_looked_at_and_not_written() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "kim@far.test").await;
    until_state(&world, &sender, id, State::Delivered).await;
    world.script.txt.lock().unwrap().clear();
    let story = ask(&world, &sender, id).await;
    let records = said(&story.records);
    let verdicts: Vec<_> = records
        .iter()
        .map(|record| (record.kind, record.checked.as_ref().unwrap().verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            (RecordKind::Dkim, Verdict::Absent),
            (RecordKind::DkimEd25519, Verdict::Absent),
            (RecordKind::ReturnPath, Verdict::Absent),
            (RecordKind::Dmarc, Verdict::Absent),
            (RecordKind::Spf, Verdict::Absent),
        ]
    );
    let domain = world
        .engine
        .domain(&sender.operator, sender.domain.id)
        .await
        .unwrap();
    assert!(domain.dkim_verified, "only a verification says otherwise");
}

#[tokio::test]
async fn what_dns_has_mended_since_comes_first_in_what_to_do() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let gone = ("far.test".to_owned(), Err(DnsError::NoSuchName));
    world.script.mx.lock().unwrap().extend([gone]);
    let id = send(&world, &sender, "kim@far.test").await;
    until_state(&world, &sender, id, State::Bounced).await;
    let step = async || {
        let one = ask(&world, &sender, id).await.recipients.remove(0);
        assert_eq!(
            one.standing,
            "It cannot be delivered: 5.1.2 the domain far.test does not exist."
        );
        one.next_step.unwrap()
    };
    let before = step().await;
    world.script.mx.lock().unwrap().clear();
    assert_eq!(
        step().await,
        format!("DNS has a mail server for far.test now. {before}")
    );
}

fn mx(preference: u16, host: &str) -> Mx {
    Mx {
        preference,
        host: host.to_owned(),
    }
}

/// What DNS says now of a domain, with everything else as the script has it.
async fn now(world: &World, sender: &Sender, domain: &str) -> DomainNow {
    let id = send(world, sender, &format!("kim@{domain}")).await;
    let settled = async || {
        let standing = world.engine.email(&sender.operator, id).await.unwrap();
        standing.deliveries[0].attempts > 0
    };
    world.until(settled).await;
    let story = ask(world, sender, id).await;
    said(&story.recipients[0].dns).clone()
}

#[tokio::test]
async fn each_answer_of_dns_is_part_of_the_story() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    {
        let mut answers = world.script.mx.lock().unwrap();
        answers.insert("null.test".into(), Ok(vec![mx(0, "")]));
        answers.insert("none.test".into(), Err(DnsError::NoSuchName));
        answers.insert("host.test".into(), Err(DnsError::NoRecords));
        answers.insert("bare.test".into(), Err(DnsError::NoRecords));
        let broken = DnsError::Unsure("Server Failure".into());
        answers.insert("broken.test".into(), Err(broken));
        let two = vec![mx(5, "lost.two.test"), mx(10, "mx.two.test")];
        answers.insert("two.test".into(), Ok(two));
        let mut addresses = world.script.addresses.lock().unwrap();
        for name in ["bare.test", "lost.two.test"] {
            addresses.insert(name.into(), Err(DnsError::NoSuchName));
        }
    }
    for (domain, takes, lines) in [
        (
            "null.test",
            Takes::NullMx,
            "MX of null.test: none, it takes no mail (null MX)",
        ),
        (
            "none.test",
            Takes::NoDomain,
            "MX of none.test: no such name",
        ),
        (
            "host.test",
            Takes::Address,
            "MX of host.test: no records of this type\nAddress of host.test: 192.0.2.1",
        ),
        (
            "bare.test",
            Takes::NoServer,
            "MX of bare.test: no records of this type\nAddress of bare.test: no such name",
        ),
        (
            "broken.test",
            Takes::Unsure,
            "MX of broken.test: no reliable answer: Server Failure",
        ),
        (
            "two.test",
            Takes::Mx,
            "MX of two.test: 5 lost.two.test, 10 mx.two.test\n\
             Address of lost.two.test: no such name\nAddress of mx.two.test: 192.0.2.1",
        ),
    ] {
        let found = now(&world, &sender, domain).await;
        assert_eq!((found.takes, found.lines.join("\n")), (takes, lines.into()));
    }
    let found = now(&world, &sender, "two.test").await;
    let hosts: Vec<_> = found
        .hosts
        .iter()
        .map(|host| (host.preference, host.addresses.clone()))
        .collect();
    assert_eq!(
        hosts,
        [
            (Some(5), Err(DnsError::NoSuchName)),
            (Some(10), Ok(vec![IpAddr::from([192, 0, 2, 1])]))
        ]
    );
}

#[tokio::test]
async fn dns_that_does_not_answer_does_not_hold_up_the_story() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let id = send(&world, &sender, "kim@far.test, lee@other.test").await;
    world
        .until(async || world.script.taken.lock().unwrap().len() == 2)
        .await;
    world
        .script
        .silent
        .lock()
        .unwrap()
        .insert("far.test".into());
    let questions = Questions::Ask {
        within: Duration::from_millis(20),
    };
    let story = world.engine.why(&sender.operator, id, questions);
    let story = story.await.unwrap();
    let takes: Vec<_> = story
        .recipients
        .iter()
        .map(|one| said(&one.dns).takes.clone())
        .collect();
    assert_eq!(takes, [Takes::Unsure, Takes::Mx]);
    assert_eq!(
        said(&story.recipients[0].dns).lines,
        ["MX of far.test: no reliable answer: time-out"]
    );
}

#[tokio::test]
async fn no_more_domains_are_asked_for_than_a_person_waits_for() {
    let world = World::new().await;
    let sender = world.sender(Mode::Live).await;
    let many = posthouse::limits::WHY_DOMAINS + 1;
    let to: Vec<String> = (0..many).map(|n| format!("kim@f{n}.test")).collect();
    let id = send(&world, &sender, &to.join(", ")).await;
    world
        .until(async || world.script.taken.lock().unwrap().len() == many)
        .await;
    let story = ask(&world, &sender, id).await;
    let (last, asked) = story.recipients.split_last().unwrap();
    assert_eq!(why_not(&last.dns), NotAsked::TooMany);
    for one in asked {
        assert_eq!(said(&one.dns).takes, Takes::Mx);
    }
}
