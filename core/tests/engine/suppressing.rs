//! Suppression lists: imported in steps, exported page by page.

use std::io::Cursor;

use posthouse::clock::Timestamp;
use posthouse::ids::{DomainId, SuppressionId};
use posthouse::model::key::Mode;
use posthouse::model::suppression::{Suppression, SuppressionReason};
use posthouse::ops::suppression_csv::{Effect, ImportTerms, Imported, RowFault};
use posthouse::{Error, error::Missing};

use crate::world::{START, Sender, World};

const TERMS: ImportTerms = ImportTerms {
    domain: None,
    reason: SuppressionReason::Manual,
    effect: Effect::Written,
};

async fn import(world: &World, sender: &Sender, text: &str, terms: ImportTerms) -> Imported {
    let from = Cursor::new(text.to_owned().into_bytes());
    world
        .engine
        .import_suppressions(&sender.operator, from, terms, |_| {})
        .await
        .unwrap()
}

async fn list(world: &World, sender: &Sender) -> Vec<Suppression> {
    world
        .engine
        .suppressions(&sender.operator, None, SuppressionId(0), 5000)
        .await
        .unwrap()
}

async fn export(world: &World, sender: &Sender, domain: Option<DomainId>) -> String {
    let mut text = Vec::new();
    let mut after = Some(SuppressionId(0));
    while let Some(from) = after {
        let page = world
            .engine
            .suppressions_csv(&sender.operator, domain, from)
            .await
            .unwrap();
        text.extend(page.text);
        after = page.next;
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_sheet_is_suppressed_once_and_a_rehearsal_says_so_before() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    world
        .engine
        .allow(&sender.operator, None, "vip@far.test")
        .await
        .unwrap();
    let sheet = "address,reason,domain,detail,created_at\n\
        kim@far.test,complaint,,said stop,2023-01-02\n\
        KIM@far.test,,D.test,,\n\
        kim@FAR.test,bounce,,again,\n\
        vip@far.test,bounce,,,\n\
        lee@far.test,,nowhere.test,,\n\
        lee,,,,\n";
    let expected = |imported: &Imported| {
        assert_eq!(
            (
                imported.rows,
                imported.added,
                imported.already,
                imported.spared,
                imported.bad
            ),
            (6, 2, 1, 1, 2)
        );
        let lines: Vec<u64> = imported.faults.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [6, 7]);
        assert_eq!(
            imported.faults[0].fault,
            RowFault::Domain("nowhere.test".to_owned())
        );
    };
    let rehearsal = ImportTerms {
        effect: Effect::Rehearsed,
        ..TERMS
    };
    expected(&import(&world, &sender, sheet, rehearsal).await);
    assert_eq!(list(&world, &sender).await, []);
    expected(&import(&world, &sender, sheet, TERMS).await);
    let found = list(&world, &sender).await;
    let first = &found[0];
    assert_eq!(
        (
            first.address.as_str(),
            first.reason,
            first.detail.as_deref(),
            first.domain
        ),
        (
            "kim@far.test",
            SuppressionReason::Complaint,
            Some("said stop"),
            None
        )
    );
    assert_eq!(first.created_at, Timestamp(1_672_617_600_000));
    assert_eq!(
        (found[1].domain, found[1].created_at),
        (Some(sender.domain.id), Timestamp(START))
    );

    let again = import(&world, &sender, sheet, TERMS).await;
    assert_eq!((again.added, again.already), (0, 3));
    assert_eq!(list(&world, &sender).await, found);
}

#[tokio::test]
async fn what_a_row_leaves_out_is_said_for_all() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let terms = ImportTerms {
        domain: Some(sender.domain.id),
        reason: SuppressionReason::Unsubscribe,
        ..TERMS
    };
    import(&world, &sender, "kim@far.test\n", terms).await;
    let found = list(&world, &sender).await;
    assert_eq!(
        (found[0].domain, found[0].reason),
        (Some(sender.domain.id), SuppressionReason::Unsubscribe)
    );
    let terms = ImportTerms {
        domain: Some(DomainId(99)),
        ..TERMS
    };
    let refused = world
        .engine
        .import_suppressions(&sender.operator, Cursor::new(Vec::new()), terms, |_| {})
        .await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Domain))));
    let refused = world
        .engine
        .import_suppressions(&sender.caller, Cursor::new(Vec::new()), TERMS, |_| {})
        .await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}

#[tokio::test]
async fn a_long_list_goes_out_and_comes_back() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let mut sheet = String::from("email\n+kim@far.test\n");
    for number in 1..1300 {
        sheet.push_str(&format!("kim{number}@far.test\n"));
    }
    let mut steps = Vec::new();
    let from = Cursor::new(sheet.into_bytes());
    world
        .engine
        .import_suppressions(&sender.operator, from, TERMS, |found| {
            steps.push(found.added);
        })
        .await
        .unwrap();
    assert_eq!(steps, [500, 1000, 1300]);
    import(&world, &sender, "d.test,\nann@far.test,", TERMS).await;
    let own = ImportTerms {
        domain: Some(sender.domain.id),
        ..TERMS
    };
    import(&world, &sender, "lee@far.test", own).await;

    let text = export(&world, &sender, None).await;
    let before = list(&world, &sender).await;
    assert_eq!(before.len(), 1302);
    assert!(
        text.starts_with("address,reason,domain,detail,created_at\r\n'+kim@far.test,manual,,,")
    );
    assert_eq!(text.lines().count(), 1303);
    assert_eq!(
        export(&world, &sender, Some(sender.domain.id)).await,
        "address,reason,domain,detail,created_at\r\n\
         lee@far.test,manual,d.test,,2023-11-14T22:13:20.000Z\r\n"
    );

    let other = World::new().await;
    let there = other.sender(Mode::Capture).await;
    import(&other, &there, &text, TERMS).await;
    let plain = |all: Vec<Suppression>| {
        all.into_iter()
            .map(|one| {
                (
                    one.address,
                    one.reason,
                    one.domain,
                    one.detail,
                    one.created_at,
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(plain(list(&other, &there).await), plain(before));
}

#[tokio::test]
async fn what_was_read_before_a_fault_stays() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let sheet = format!(
        "email,detail\nkim@far.test,\nlee@far.test,\"{}",
        "x\n".repeat(20_000)
    );
    let imported = import(&world, &sender, &sheet, TERMS).await;
    assert_eq!((imported.rows, imported.added), (1, 1));
    assert_eq!(imported.stopped.unwrap().line, 3);
    assert_eq!(list(&world, &sender).await.len(), 1);
}
