//! The folders of people's mailboxes, and what lies in them.

use std::net::IpAddr;

use posthouse::error::{Conflict, Error, Missing};
use posthouse::model::domain::Switch;
use posthouse::model::folder::{FlagChange, Flags, FolderStanding};
use posthouse::model::key::Mode;
use posthouse::model::mailbox::{Folder, Marking};
use posthouse::model::owner::Owner;
use posthouse::ops::mail::changing::MailChange;
use posthouse::ops::mailboxes::NewMailbox;

use crate::receiving::MAIL;
use crate::world::{Sender, World};

pub const KIM: &str = "kim@d.test";
pub const SECRET: &str = "correct horse";

pub struct Scene {
    pub world: World,
    pub sender: Sender,
    pub owner: Owner,
}

pub async fn scene(quota_bytes: Option<u64>) -> Scene {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let new = NewMailbox {
        address: KIM.into(),
        name: "Kim".into(),
        quota_bytes,
        password: Some(SECRET.into()),
    };
    world
        .engine
        .make_mailbox(&sender.operator, new)
        .await
        .unwrap();
    let owner = world
        .engine
        .sign_in("Kim@D.test", SECRET, here())
        .await
        .unwrap();
    Scene {
        world,
        sender,
        owner,
    }
}

pub fn here() -> IpAddr {
    "192.0.2.7".parse().unwrap()
}

fn marks(words: &str) -> Flags {
    let mut flags = Flags::default();
    for word in words.split_whitespace() {
        match word {
            "seen" => flags.seen = true,
            "answered" => flags.answered = true,
            "flagged" => flags.flagged = true,
            "deleted" => flags.deleted = true,
            "draft" => flags.draft = true,
            other => flags.keywords.push(other.to_owned()),
        }
    }
    flags
}

impl Scene {
    pub async fn folder(&self, name: &str) -> FolderStanding {
        self.world.engine.folder(&self.owner, name).await.unwrap()
    }

    pub async fn append(&self, folder: &str, words: &str) -> u32 {
        let id = self.folder(folder).await.id;
        let raw = MAIL.as_bytes().to_vec();
        let engine = &self.world.engine;
        let put = engine
            .append(&self.owner, id, raw, marks(words), None)
            .await;
        put.unwrap().1
    }

    /// Number, modification sequence and marks of what lies in a folder.
    async fn items(&self, folder: &str) -> Vec<(u32, u64, Flags)> {
        let id = self.folder(folder).await.id;
        let (_, items) = self.world.engine.items(&self.owner, id, 0).await.unwrap();
        let each = items
            .into_iter()
            .map(|one| (one.uid, one.modseq, one.flags));
        each.collect()
    }

    pub async fn uids(&self, folder: &str) -> Vec<u32> {
        let items = self.items(folder).await;
        items.into_iter().map(|(uid, ..)| uid).collect()
    }
}

#[tokio::test]
async fn folders_are_made_renamed_and_removed() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    engine.create_folder(owner, "Work/2026/May/").await.unwrap();
    for (name, error) in [
        ("Work", "conflict: already taken"),
        ("inbox", "conflict: already taken"),
        ("a//b", "invalid: name is malformed"),
        ("a*", "invalid: name is malformed"),
    ] {
        let refused = engine.create_folder(owner, name).await.unwrap_err();
        assert_eq!(refused.to_string(), error, "{name}");
    }
    scene.append("Work/2026", "").await;
    let before = scene.folder("Work/2026").await;
    engine.rename_folder(owner, "Work", "Office").await.unwrap();
    let after = scene.folder("Office/2026").await;
    assert_eq!((after.id, after.messages), (before.id, 1));
    let refused = engine.rename_folder(owner, "Office", "Office/x").await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    let refused = engine.rename_folder(owner, "Office", "Sent").await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Taken))));
    let refused = engine.remove_folder(owner, "Sent").await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::State))));
    engine.remove_folder(owner, "Office/2026").await.unwrap();
    let gone = engine.folder(owner, "Office/2026").await;
    assert!(matches!(gone, Err(Error::Missing(Missing::Folder))));
    engine.create_folder(owner, "Office/2026").await.unwrap();
    let anew = scene.folder("Office/2026").await;
    assert!(anew.uid_validity > before.uid_validity);
    engine
        .subscribe(owner, "Office", Switch::Off)
        .await
        .unwrap();
    assert_eq!(scene.folder("Office").await.subscribed, Switch::Off);
    scene.append("INBOX", "seen").await;
    engine.rename_folder(owner, "inbox", "Old").await.unwrap();
    assert_eq!(scene.uids("INBOX").await, [] as [u32; 0]);
    assert_eq!(scene.uids("Old").await, [1]);
    assert_eq!(scene.folder("INBOX").await.uid_next, 2);
}

#[tokio::test]
async fn what_changed_is_told_whichever_door_changed_it() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    for words in ["", "seen", "flagged $Work"] {
        scene.append("INBOX", words).await;
    }
    let inbox = scene.folder("INBOX").await;
    let start = inbox.modseq;
    let operator = &scene.sender.operator;
    let newest = engine.messages(operator, Some(KIM), None, 1).await.unwrap();
    let token = engine.message_token(&newest[0]);
    for (change, expected) in [
        (MailChange::Mark(Marking::Read), "seen flagged $Work"),
        (MailChange::ToggleStar, "seen $Work"),
        (MailChange::Label("later".into()), "seen $Work later"),
    ] {
        let since = scene.folder("INBOX").await.modseq;
        let changed = engine.change_mail(operator, KIM, &token, change).await;
        changed.unwrap();
        let changes = engine.changes(owner, inbox.id, since).await.unwrap();
        let [item] = changes.items.try_into().unwrap();
        assert_eq!((item.uid, item.flags), (3, marks(expected)));
        assert!(item.modseq > since && item.modseq == changes.folder.modseq);
    }
    let to_spam = MailChange::Folder(Folder::Spam);
    engine
        .change_mail(operator, KIM, &token, to_spam)
        .await
        .unwrap();
    let changes = engine.changes(owner, inbox.id, start).await.unwrap();
    assert_eq!((changes.items.len(), changes.vanished), (0, vec![3]));
    assert_eq!(scene.uids("Junk").await, [1]);
    let ids = vec![2, 9, 1];
    let seen = FlagChange::Add(marks("seen deleted"));
    let marked = engine
        .set_flags(owner, inbox.id, ids, seen, Some(start))
        .await;
    let marked = marked.unwrap();
    let uids: Vec<u32> = marked.items.iter().map(|item| item.uid).collect();
    assert_eq!(uids, [2, 1]);
    let again = FlagChange::Remove(marks("seen"));
    let stale = engine
        .set_flags(owner, inbox.id, vec![1], again, Some(start))
        .await;
    assert_eq!(stale.unwrap().unchanged, [1]);
    let gone = engine
        .expunge(owner, inbox.id, Some(vec![2]))
        .await
        .unwrap();
    assert_eq!(gone, [2]);
    let changes = engine.changes(owner, inbox.id, start).await.unwrap();
    assert_eq!(changes.vanished, [2, 3]);
    let folder = &changes.folder;
    assert_eq!((folder.messages, folder.unread), (1, 0));
    let list = engine.messages(operator, Some(KIM), None, 9).await.unwrap();
    assert_eq!(list.iter().filter(|one| one.seen).count(), 2);
}

#[tokio::test]
async fn copies_and_moves_get_numbers_that_were_never_used() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    for words in ["", "seen answered", "deleted"] {
        scene.append("INBOX", words).await;
    }
    engine.create_folder(owner, "Own").await.unwrap();
    let (inbox, own) = (scene.folder("INBOX").await, scene.folder("Own").await);
    let copied = engine.copy(owner, inbox.id, vec![3, 2, 7], own.id).await;
    let copied = copied.unwrap();
    assert_eq!(copied.uid_validity, own.uid_validity);
    assert_eq!(copied.pairs, [(3, 1), (2, 2)]);
    let moved = engine.shift(owner, inbox.id, vec![1, 2], own.id).await;
    assert_eq!(moved.unwrap().pairs, [(1, 3), (2, 4)]);
    let back = engine.shift(owner, own.id, vec![4], inbox.id).await;
    assert_eq!(back.unwrap().pairs, [(4, 4)]);
    assert_eq!(scene.uids("INBOX").await, [3, 4]);
    assert_eq!(scene.uids("Own").await, [1, 2, 3]);
    let (uid, _, flags) = scene.items("INBOX").await.pop().unwrap();
    assert_eq!((uid, flags), (4, marks("seen answered")));
    let since = engine.changes(owner, inbox.id, inbox.modseq).await.unwrap();
    assert_eq!(since.vanished, [1, 2]);
    let other = FolderStanding {
        id: posthouse::ids::FolderId(own.id.0 + 100),
        ..own
    };
    let refused = engine.copy(owner, inbox.id, vec![3], other.id).await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Folder))));
}

#[tokio::test]
async fn nobody_else_can_open_a_folder_by_its_id() {
    let scene = scene(None).await;
    let engine = &scene.world.engine;
    let new = NewMailbox {
        address: "lee@d.test".into(),
        password: Some("other horse".into()),
        ..NewMailbox::default()
    };
    engine
        .make_mailbox(&scene.sender.operator, new)
        .await
        .unwrap();
    let lee = engine
        .sign_in("lee@d.test", "other horse", here())
        .await
        .unwrap();
    scene.append("INBOX", "").await;
    let inbox = scene.folder("INBOX").await;
    let (_, items) = engine.items(&scene.owner, inbox.id, 0).await.unwrap();
    let own = engine.folder(&lee, "INBOX").await.unwrap().id;
    let refusals = [
        engine.items(&lee, inbox.id, 0).await.err(),
        engine.changes(&lee, inbox.id, 0).await.err(),
        engine.expunge(&lee, inbox.id, None).await.err(),
        engine.copy(&lee, inbox.id, vec![1], own).await.err(),
        engine.copy(&lee, own, vec![1], inbox.id).await.err(),
        engine.shift(&lee, inbox.id, vec![1], own).await.err(),
        engine.message_bytes(&lee, items[0].id).await.err(),
    ];
    for refused in refusals {
        assert!(matches!(refused, Some(Error::Missing(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_subscription_outlives_its_folder() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    let left = async || engine.subscriptions_left(owner).await.unwrap();
    for name in ["Work", "Other", "Third"] {
        engine.create_folder(owner, name).await.unwrap();
    }
    let off = engine.subscribe(owner, "Other", Switch::Off).await;
    off.unwrap();
    for name in ["Work", "Other", "Third"] {
        engine.remove_folder(owner, name).await.unwrap();
    }
    assert_eq!(left().await, ["Third", "Work"]);
    let off = engine.subscribe(owner, "Third", Switch::Off).await;
    off.unwrap();
    for (name, wanted) in [
        ("Third", Switch::Off),
        ("Work", Switch::On),
        ("Never", Switch::Off),
    ] {
        let refused = engine.subscribe(owner, name, wanted).await.unwrap_err();
        assert!(matches!(refused, Error::Missing(Missing::Folder)), "{name}");
    }
    assert_eq!(left().await, ["Work"]);
    // Whatever comes by this name is seen again.
    engine.create_folder(owner, "New").await.unwrap();
    let off = engine.subscribe(owner, "New", Switch::Off).await;
    off.unwrap();
    engine.rename_folder(owner, "New", "Work").await.unwrap();
    assert_eq!(scene.folder("Work").await.subscribed, Switch::On);
    assert_eq!(left().await, [""; 0]);
}

#[tokio::test]
async fn who_was_away_for_too_long_is_told_all_that_is_not_there() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    for _ in 0..5 {
        scene.append("INBOX", "deleted").await;
    }
    let id = scene.folder("INBOX").await.id;
    let long_ago = scene.folder("INBOX").await.modseq;
    engine.expunge(owner, id, Some(vec![2])).await.unwrap();
    // As if others had changed it so often.
    let path = scene.world.folder.path().join("test.db");
    let database = rusqlite::Connection::open(path).unwrap();
    let changed = "UPDATE folder SET modseq = modseq + 99999 WHERE id = ?1";
    database.execute(changed, [id.0]).unwrap();
    let told = async |since: u64| engine.changes(owner, id, since).await.unwrap().vanished;
    let rows = || -> i64 {
        let count = "SELECT count(*) FROM vanished WHERE folder_id = ?1";
        database.query_row(count, [id.0], |row| row.get(0)).unwrap()
    };
    assert_eq!(told(long_ago).await, [2]);
    let lately = scene.folder("INBOX").await.modseq;
    engine.expunge(owner, id, Some(vec![4])).await.unwrap();
    // The first is forgotten, and told (RFC 7162 section 3.2.5) with whatever else is not there.
    assert_eq!(rows(), 1);
    assert_eq!(told(long_ago).await, [2, 4]);
    assert_eq!(told(1).await, [2, 4]);
    assert_eq!(told(lately).await, [4]);
    scene.append("INBOX", "").await;
    engine.expunge(owner, id, Some(vec![5])).await.unwrap();
    assert_eq!(told(1).await, [2, 4, 5]);
    assert_eq!(told(lately).await, [4, 5]);
    assert_eq!(scene.uids("INBOX").await, [1, 3, 6]);
}

#[tokio::test]
async fn what_is_moved_within_its_folder_leaves_its_number() {
    let scene = scene(None).await;
    let (engine, owner) = (&scene.world.engine, &scene.owner);
    scene.append("INBOX", "seen").await;
    scene.append("INBOX", "").await;
    let before = scene.folder("INBOX").await;
    let moved = engine.shift(owner, before.id, vec![1], before.id).await;
    assert_eq!(moved.unwrap().pairs, [(1, 3)]);
    assert_eq!(scene.uids("INBOX").await, [2, 3]);
    let changes = engine
        .changes(owner, before.id, before.modseq)
        .await
        .unwrap();
    let uids: Vec<u32> = changes.items.iter().map(|item| item.uid).collect();
    assert_eq!((uids, changes.vanished), (vec![3], vec![1]));
    let after = changes.folder;
    assert_eq!(
        (after.messages, after.unread, after.bytes),
        (2, 1, before.bytes)
    );
}
