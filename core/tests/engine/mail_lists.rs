//! Lists of mail: of an address, starred, of a domain, looked for, and counted where it is
//! nobody's.

use std::time::Duration;

use posthouse::clock::Timestamp;
use posthouse::model::key::Caller;
use posthouse::model::mailbox::Marking;
use posthouse::ops::mail::Shown;
use posthouse::ops::mail::changing::MailChange;
use posthouse::ops::mail::looking::{Stretch, Wanted};
use posthouse::ops::mail::public::{By, Span};

use crate::mail_addresses::{said, two};
use crate::receiving::arrival;
use crate::world::{START, World};

const WHOLE: Stretch = Stretch {
    rows: 100,
    skip: 0,
    since: None,
    until: None,
};

/// A mail to `address` from `from` with a subject, a second after the last.
async fn bring(world: &World, address: &str, from: &str, subject: &str) {
    let mut mail = arrival(&[address]);
    mail.raw = format!("From: {from}\r\nTo: {address}\r\nSubject: {subject}\r\n\r\nHi\r\n").into();
    world.engine.receive(mail).await.unwrap();
    world.hand.forward(Duration::from_secs(1));
}

/// The subjects of a list, each a letter.
fn letters(list: &[Shown]) -> String {
    let subject = |one: &Shown| one.message.subject.clone().unwrap_or_default();
    list.iter().map(subject).collect()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(START + 1000 * seconds)
}

async fn star(world: &World, who: &Caller, address: &str, subject: &str) {
    let list = world.engine.mail_at(who, address, None, 100).await.unwrap();
    let wanted = |one: &&Shown| one.message.subject.as_deref() == Some(subject);
    let token = &list.iter().find(wanted).unwrap().token;
    let change = MailChange::ToggleStar;
    let starred = world.engine.change_mail(who, address, token, change).await;
    starred.unwrap();
}

#[tokio::test]
async fn an_address_is_read_from_a_moment_back() {
    let (world, one, two, sends) = two().await;
    for subject in ["a", "b", "c"] {
        bring(&world, "kim@d.test", "ann@far.test", subject).await;
    }
    for (latest, rows, expected) in [
        (None, 10, "cba"),
        (None, 2, "cb"),
        (None, 0, ""),
        (Some(at(1)), 10, "ba"),
        (Some(at(1)), 1, "b"),
        (Some(at(-1)), 10, ""),
    ] {
        let list = world.engine.mail_at(&one, "kim@d.test", latest, rows).await;
        assert_eq!(letters(&list.unwrap()), expected, "{latest:?} {rows}");
    }
    for (who, address, expected) in [
        (&two, "kim@d.test", "Denied(Owner)"),
        (&sends, "kim@d.test", "Denied(Scope)"),
        (&one, "nonsense", "Address Malformed"),
        (&one, "kim@far.test", "ok"),
    ] {
        let list = world.engine.mail_at(who, address, None, 10).await;
        assert_eq!(said(list), expected, "{address}");
        let count = world.engine.mail_count(who, address).await;
        assert_eq!(said(count), expected, "{address}");
    }
}

#[tokio::test]
async fn starred_mail_is_listed_page_by_page() {
    let (world, one, two, sends) = two().await;
    for (address, subject) in [
        ("kim@d.test", "a"),
        ("kim@d.test", "b"),
        ("any@box.test", "c"),
        ("lee@d.test", "d"),
        ("any@box.test", "e"),
    ] {
        bring(&world, address, "ann@far.test", subject).await;
    }
    for (who, address, subject) in [
        (&one, "lee@d.test", "d"),
        (&one, "kim@d.test", "a"),
        (&one, "any@box.test", "c"),
        (&two, "any@box.test", "e"),
    ] {
        star(&world, who, address, subject).await;
    }
    for (rows, skip, until, expected) in [
        (10, 0, None, "dca"),
        (2, 0, None, "dc"),
        (2, 2, None, "a"),
        (2, 3, None, ""),
        (10, 0, Some(at(2)), "ca"),
    ] {
        let stretch = Stretch {
            rows,
            skip,
            until,
            ..WHOLE
        };
        let list = world.engine.mail_starred(&one, stretch).await.unwrap();
        assert_eq!(letters(&list), expected, "{stretch:?}");
    }
    let list = world.engine.mail_starred(&two, WHOLE).await.unwrap();
    assert_eq!(letters(&list), "e");
    let denied = world.engine.mail_starred(&sends, WHOLE).await;
    assert_eq!(said(denied), "Denied(Scope)");
    let holdings = world.engine.holdings(&one).await.unwrap();
    assert_eq!((holdings.kept.messages, holdings.kept.starred), (4, 3));
    assert_eq!(holdings.domains, ["d.test"]);
}

#[tokio::test]
async fn mail_is_found_by_all_that_is_wanted() {
    let (world, one, two, sends) = two().await;
    for (address, from, subject) in [
        ("kim@d.test", "Ann <ann@far.test>", "a"),
        ("lee@d.test", "Ben <BEN@far.test>", "b"),
        ("kim@d.test", "Ben <ben@near.test>", "c"),
        ("any@box.test", "Ann <ann@far.test>", "d"),
    ] {
        bring(&world, address, from, subject).await;
    }
    let list = world
        .engine
        .mail_at(&one, "lee@d.test", None, 1)
        .await
        .unwrap();
    let read = MailChange::Mark(Marking::Read);
    let marked = world
        .engine
        .change_mail(&one, "lee@d.test", &list[0].token, read);
    marked.await.unwrap();
    for (spec, expected) in [
        ("", "cba"),
        ("subject:A", "a"),
        ("from:ben", "cb"),
        ("from:FAR.test", "ba"),
        ("to:kim@d.test", "ca"),
        ("to:box", ""),
        ("read:yes", "b"),
        ("read:no", "ca"),
        ("anywhere:near", "c"),
        ("anywhere:LEE@", "b"),
        ("from:ben to:kim", "c"),
        ("from:ann read:yes", ""),
    ] {
        let found = world.engine.mail_wanted(&one, wanted(spec)).await;
        assert_eq!(letters(&found.unwrap()), expected, "{spec}");
        let others = world.engine.mail_wanted(&two, wanted(spec)).await;
        assert!(others.unwrap().is_empty(), "{spec}");
    }
    let denied = world.engine.mail_wanted(&sends, wanted("")).await;
    assert_eq!(said(denied), "Denied(Scope)");
}

/// Such as `from:ann read:no`.
fn wanted(spec: &str) -> Wanted {
    let part = |name: &str| {
        let of = |word: &str| {
            word.strip_prefix(name)?
                .strip_prefix(':')
                .map(str::to_owned)
        };
        spec.split(' ').find_map(of)
    };
    Wanted {
        subject: part("subject"),
        from: part("from"),
        to: part("to"),
        anywhere: part("anywhere"),
        marking: part("read").map(|read| match read.as_str() {
            "yes" => Marking::Read,
            _ => Marking::Unread,
        }),
    }
}

#[tokio::test]
async fn the_mail_of_a_domain_is_its_owners() {
    let (world, one, two, sends) = two().await;
    for (address, subject) in [
        ("kim@d.test", "a"),
        ("x@two.test", "b"),
        ("lee@d.test", "c"),
    ] {
        bring(&world, address, "ann@far.test", subject).await;
    }
    star(&world, &one, "kim@d.test", "a").await;
    for (who, host, expected) in [
        (&two, "d.test", "Denied(Owner)"),
        (&one, "two.test", "Denied(Owner)"),
        (&one, "box.test", "Missing(Domain)"),
        (&one, "far.test", "Missing(Domain)"),
        (&sends, "d.test", "Denied(Scope)"),
    ] {
        assert_eq!(
            said(world.engine.mail_domain(who, host).await),
            expected,
            "{host}"
        );
        let list = world.engine.mail_at_domain(who, host, WHOLE).await;
        assert_eq!(said(list), expected, "{host}");
        let purged = world.engine.purge_domain_mail(who, host).await;
        assert_eq!(said(purged), expected, "{host}");
    }
    let (view, messages, catch_all) = world.engine.mail_domain(&one, "D.test").await.unwrap();
    assert_eq!(
        (view.domain.host.as_str(), view.owner.as_str()),
        ("d.test", "one")
    );
    assert_eq!((messages, catch_all), (2, None));
    for (rows, until, expected) in [(10, None, "ca"), (1, None, "c"), (10, Some(at(1)), "a")] {
        let stretch = Stretch {
            rows,
            until,
            ..WHOLE
        };
        let list = world.engine.mail_at_domain(&one, "d.test", stretch).await;
        assert_eq!(letters(&list.unwrap()), expected);
    }
    world
        .engine
        .purge_domain_mail(&one, "d.test")
        .await
        .unwrap();
    let list = world.engine.mail_at_domain(&one, "d.test", WHOLE).await;
    assert_eq!(letters(&list.unwrap()), "", "starred or not");
    let list = world.engine.mail_at_domain(&two, "two.test", WHOLE).await;
    assert_eq!(letters(&list.unwrap()), "b");
}

#[tokio::test]
async fn figures_are_of_what_is_nobodys_and_not_starred() {
    let (world, one, _, sends) = two().await;
    for (address, from, subject) in [
        ("a@box.test", "Ann@far.test", "a"),
        ("kim@d.test", "ann@far.test", "b"),
        ("a@box.test", "ben@far.test", "c"),
        ("b@box.test", "ann@far.test", "d"),
        ("b@box.test", "cay@far.test", "e"),
    ] {
        bring(&world, address, from, subject).await;
    }
    star(&world, &one, "b@box.test", "e").await;
    for (by, from, to, expected) in [
        (By::Address, 0, 9, "a@box.test=2 b@box.test=1"),
        (By::Address, 1, 9, "a@box.test=1 b@box.test=1"),
        (By::Address, 0, 0, "a@box.test=1"),
        (By::Address, 5, 9, ""),
        (By::Sender, 0, 9, "ann@far.test=2 ben@far.test=1"),
        (By::Host, 0, 9, ""),
        (By::Attachment, 0, 9, ""),
    ] {
        let span = Span {
            from: at(from),
            to: at(to),
        };
        let figures = world.engine.public_figures(&one, by, span).await.unwrap();
        let shown: Vec<String> = figures
            .iter()
            .map(|(what, n)| format!("{what}={n}"))
            .collect();
        assert_eq!(shown.join(" "), expected, "{by:?} {from} {to}");
        let denied = world.engine.public_figures(&sends, by, span).await;
        assert_eq!(said(denied), "Denied(Scope)");
    }
}
