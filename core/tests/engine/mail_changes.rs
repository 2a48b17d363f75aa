//! Messages: labelled, moved, marked, starred and taken out.

use posthouse::model::key::Caller;
use posthouse::model::mailbox::{Folder, Marking};
use posthouse::ops::mail::changing::MailChange;

use crate::mail_addresses::{said, two};
use crate::mail_read::list;
use crate::receiving::arrival;
use crate::world::World;

/// A message to `address`, by its token.
async fn message(world: &World, who: &Caller, address: &str) -> String {
    world.engine.receive(arrival(&[address])).await.unwrap();
    list(world, who, address).await[0].token.clone()
}

#[tokio::test]
async fn each_change_changes_one_thing() {
    use MailChange as C;
    let (world, one, _, _) = two().await;
    let token = message(&world, &one, "kim@d.test").await;
    let words = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    for (change, expected) in [
        (C::Label("  a ".into()), "inbox false - a"),
        (C::Label("a".into()), "inbox false - a"),
        (C::Label("B c".into()), "inbox false - a|B c"),
        (C::Unlabel("a ".into()), "inbox false - B c"),
        (C::Unlabel("none".into()), "inbox false - B c"),
        (C::Labels(words(&["x", "y ", "x"])), "inbox false - x|y"),
        (C::Folder(Folder::Trash), "trash false - x|y"),
        (C::Mark(Marking::Read), "trash true - x|y"),
        (C::ToggleStar, "trash true one x|y"),
        (C::Folder(Folder::All), "all true one x|y"),
        (C::Labels(Vec::new()), "all true one "),
        (C::ToggleStar, "all true - "),
        (C::Mark(Marking::Unread), "all false - "),
        (C::Folder(Folder::Inbox), "inbox false - "),
    ] {
        let about = format!("{change:?}");
        let changed = world.engine.change_mail(&one, "kim@d.test", &token, change);
        let changed = changed.await.unwrap();
        let row = &changed.message;
        let shown = format!(
            "{} {} {} {}",
            row.folder.as_str(),
            row.seen,
            row.starred_by.as_deref().unwrap_or("-"),
            row.labels.join("|")
        );
        assert_eq!(shown, expected, "{about}");
        assert_eq!(list(&world, &one, "kim@d.test").await, [changed], "{about}");
    }
}

#[tokio::test]
async fn labels_have_their_bounds() {
    use MailChange as C;
    let (world, one, _, _) = two().await;
    let token = message(&world, &one, "kim@d.test").await;
    let numbers = |count: usize| (0..count).map(|one| one.to_string()).collect::<Vec<_>>();
    for (change, expected) in [
        (C::Label(" ".into()), "Tags Malformed"),
        (C::Label("a\nb".into()), "Tags Malformed"),
        (C::Label("ü".repeat(101)), "Tags TooLong"),
        (C::Label("ü".repeat(100)), "ok"),
        (C::Unlabel(String::new()), "Tags Malformed"),
        (
            C::Labels(vec![String::from("a"), String::new()]),
            "Tags Malformed",
        ),
        (C::Labels(numbers(101)), "Tags TooMany"),
        (C::Labels(numbers(100)), "ok"),
        (C::Label("99".into()), "ok"),
        (C::Label("100".into()), "Tags TooMany"),
    ] {
        let about = format!("{change:?}");
        let changed = world.engine.change_mail(&one, "kim@d.test", &token, change);
        assert_eq!(said(changed.await), expected, "{about}");
    }
    let left = &list(&world, &one, "kim@d.test").await[0].message;
    assert_eq!(left.labels, numbers(100));
}

#[tokio::test]
async fn only_who_may_see_a_message_changes_it_or_takes_it_out() {
    let (world, one, two, sends) = two().await;
    let own = message(&world, &one, "kim@d.test").await;
    let public = message(&world, &one, "any@box.test").await;
    for (who, address, token, expected) in [
        (&two, "kim@d.test", &own, "Denied(Owner)"),
        (&sends, "kim@d.test", &own, "Denied(Scope)"),
        (&sends, "any@box.test", &public, "Denied(Scope)"),
        (&one, "lee@d.test", &own, "Missing(Message)"),
        (&one, "any@box.test", &own, "Missing(Message)"),
        (&two, "kim@d.test", &public, "Missing(Message)"),
        (&one, "nonsense", &own, "Missing(Message)"),
    ] {
        for change in [
            MailChange::ToggleStar,
            MailChange::Label(String::from("l")),
            MailChange::Folder(Folder::Spam),
            MailChange::Mark(Marking::Read),
        ] {
            let about = format!("{address} {change:?}");
            let changed = world.engine.change_mail(who, address, token, change);
            assert_eq!(said(changed.await), expected, "{about}");
        }
        let removed = world.engine.remove_mail(who, address, token).await;
        assert_eq!(said(removed), expected, "{address}");
    }
    let row = &list(&world, &one, "kim@d.test").await[0].message;
    assert_eq!(
        (row.folder, row.seen, row.labels.len()),
        (Folder::Inbox, false, 0)
    );
    // What is nobody's is anybody's to mark and to take out.
    let mark = MailChange::Mark(Marking::Read);
    let marked = world
        .engine
        .change_mail(&two, "any@box.test", &public, mark);
    assert!(marked.await.unwrap().message.seen);
    let removed = world
        .engine
        .remove_mail(&two, "any@box.test", &public)
        .await;
    assert_eq!(removed.unwrap(), "any@box.test");
    assert!(list(&world, &one, "any@box.test").await.is_empty());
}

#[tokio::test]
async fn who_clears_an_address_keeps_what_is_starred() {
    let (world, one, two, sends) = two().await;
    for _ in 0..3 {
        message(&world, &one, "kim@d.test").await;
    }
    let other = message(&world, &one, "lee@d.test").await;
    message(&world, &one, "any@box.test").await;
    let starred = list(&world, &one, "kim@d.test").await[1].token.clone();
    let star = MailChange::ToggleStar;
    let done = world.engine.change_mail(&one, "kim@d.test", &starred, star);
    done.await.unwrap();
    for (who, address, expected) in [
        (&two, "kim@d.test", "Denied(Owner)"),
        (&one, "any@box.test", "Denied(Owner)"),
        (&one, "kim@two.test", "Denied(Owner)"),
        (&sends, "kim@d.test", "Denied(Scope)"),
        (&one, "nonsense", "Address Malformed"),
    ] {
        let refused = world.engine.purge_mail(who, address).await;
        assert_eq!(said(refused), expected, "{address}");
    }
    assert_eq!(list(&world, &one, "kim@d.test").await.len(), 3);
    world.engine.purge_mail(&one, "Kim@d.test").await.unwrap();
    let left = list(&world, &one, "kim@d.test").await;
    let left: Vec<_> = left.iter().map(|one| &one.token).collect();
    assert_eq!(left, [&starred]);
    assert_eq!(list(&world, &one, "lee@d.test").await[0].token, other);
}
