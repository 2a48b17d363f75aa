//! Which messages may say something, and what is kept beside them.

use posthouse::ids::{FolderId, MessageId};
use posthouse::mime::find::Needle;
use posthouse::mime::outline::{Wanted, outline};
use posthouse::model::folder::Flags;

use crate::folders::{Scene, scene};

impl Scene {
    async fn put(&self, folder: FolderId, text: &str) -> u32 {
        let raw =
            format!("From: lee@d.test\r\nSubject: About {text}\r\n\r\nMore.\r\n").into_bytes();
        let engine = &self.world.engine;
        let put = engine.append(&self.owner, folder, raw, Flags::default(), None);
        put.await.unwrap().1
    }

    async fn may_say(&self, folder: FolderId, text: &str) -> Option<Vec<u32>> {
        let needles = vec![Needle::new(text)];
        let engine = &self.world.engine;
        let mut all = engine.may_say(&self.owner, folder, needles).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

#[tokio::test]
async fn what_is_indexed_is_ruled_out_and_nothing_else_is() {
    let scene = scene(None).await;
    let inbox = scene.folder("INBOX").await.id;
    let apple = scene.put(inbox, "Äpfel and apples").await;
    let pear = scene.put(inbox, "pears").await;
    // Nothing is indexed yet, so that each may.
    let both = Some(vec![apple, pear]);
    assert_eq!(scene.may_say(inbox, "apple").await, both);
    let indexed = async || scene.may_say(inbox, "nowhere").await == Some(vec![]);
    scene.world.until(indexed).await;
    assert_eq!(scene.may_say(inbox, "APPLE").await, Some(vec![apple]));
    assert_eq!(scene.may_say(inbox, "äpfel and").await, Some(vec![apple]));
    assert_eq!(scene.may_say(inbox, "pears").await, Some(vec![pear]));
    assert_eq!(scene.may_say(inbox, "more").await, both);
    // Nothing but grams of three: whatever is shorter may be anywhere.
    for short in ["", "ab", "a b"] {
        assert_eq!(scene.may_say(inbox, short).await, None);
    }
}

#[tokio::test]
async fn a_copy_is_known_and_what_is_gone_is_forgotten() {
    let scene = scene(None).await;
    let engine = &scene.world.engine;
    let [inbox, archive] = [
        scene.folder("INBOX").await.id,
        scene.folder("Archive").await.id,
    ];
    let uid = scene.put(inbox, "cherries").await;
    let indexed = async || scene.may_say(inbox, "nowhere").await == Some(vec![]);
    scene.world.until(indexed).await;
    let copied = engine
        .copy(&scene.owner, inbox, vec![uid], archive)
        .await
        .unwrap();
    let (_, copy) = copied.pairs[0];
    assert_eq!(scene.may_say(archive, "nowhere").await, Some(vec![]));
    assert_eq!(scene.may_say(archive, "cherries").await, Some(vec![copy]));
    // One of two, then the last: its body goes, and its number may be another's.
    for (folder, uid) in [(inbox, uid), (archive, copy)] {
        let deleted = Flags {
            deleted: true,
            ..Flags::default()
        };
        let change = posthouse::model::folder::FlagChange::Add(deleted);
        engine
            .set_flags(&scene.owner, folder, vec![uid], change, None)
            .await
            .unwrap();
        assert_eq!(
            engine.expunge(&scene.owner, folder, None).await.unwrap(),
            [uid]
        );
    }
    let next = scene.put(inbox, "plums").await;
    assert_eq!(scene.may_say(inbox, "cherries").await, Some(vec![next]));
    let indexed = async || scene.may_say(inbox, "cherries").await == Some(vec![]);
    scene.world.until(indexed).await;
    assert_eq!(scene.may_say(inbox, "plums").await, Some(vec![next]));
}

#[tokio::test]
async fn an_outline_is_the_same_whether_it_is_kept_or_not() {
    let scene = scene(None).await;
    let engine = &scene.world.engine;
    let inbox = scene.folder("INBOX").await.id;
    let long = format!("X-Long: {}\r\n", "long ".repeat(13_200));
    let head = |more: &str| format!("From: lee@d.test\r\n{more}Subject: s\r\n\r\n");
    // The last one's structure is too long as well.
    let named = format!("Content-Type: text/x; a={}\r\n", "long".repeat(16_400));
    let sent = "Date: Fri, 2 Jan 1970 23:30:00 -0800\r\n";
    let heads = [head(sent), head(&long), String::new(), head(&named)];
    for head in &heads {
        let raw = format!("{head}No field.\r\n").into_bytes();
        let put = engine.append(&scene.owner, inbox, raw, Flags::default(), None);
        put.await.unwrap();
    }
    let (_, items) = engine.items(&scene.owner, inbox, 0).await.unwrap();
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let raw = engine.messages_bytes(&scene.owner, ids.clone());
    let raw: Vec<_> = raw.await.unwrap().into_iter().flatten().collect();
    let told = async |wanted| {
        let mut ids = ids.clone();
        ids.push(MessageId(9_999));
        let told = engine.messages_outlines(&scene.owner, ids, wanted).await;
        told.unwrap()
    };
    let same = async || {
        for wanted in [
            Wanted::STRUCTURE,
            Wanted::LISTED,
            Wanted::HEAD,
            Wanted::STRUCTURE.and(Wanted::HEAD),
        ] {
            let read = raw.iter().map(|raw| Some(outline(raw, wanted)));
            let read: Vec<_> = read.chain([None]).collect();
            assert_eq!(told(wanted).await, read, "{wanted:?}");
        }
    };
    assert_eq!(engine.sent_days(&scene.owner, inbox).await.unwrap(), []);
    same().await;
    let told: Vec<_> = told(Wanted::HEAD).await.into_iter().flatten().collect();
    let told: Vec<_> = told.into_iter().filter_map(|one| one.head).collect();
    assert_eq!(told, heads.map(String::into_bytes));
    let indexed = async || scene.may_say(inbox, "nowhere").await == Some(vec![]);
    scene.world.until(indexed).await;
    same().await;
    let days = engine.sent_days(&scene.owner, inbox).await.unwrap();
    let uids: Vec<_> = items.iter().map(|item| item.uid).collect();
    assert_eq!(
        days,
        [
            (uids[0], Some(1)),
            (uids[1], None),
            (uids[2], None),
            (uids[3], None)
        ]
    );
}
