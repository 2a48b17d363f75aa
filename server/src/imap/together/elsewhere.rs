//! What happens by other doors.

use posthouse::model::folder::{FlagChange, Flags};
use posthouse::model::mailbox::Folder as Role;
use posthouse::ops::mail::changing::MailChange;

use super::scene::{ADDRESS, Scene};
use super::{Change, Elsewhere, FOLDERS, MARKS};

impl Scene {
    /// The uid of a message of a folder.
    fn one(&self, at: usize, one: usize) -> Option<u32> {
        let items = &self.folders[at].items;
        items.keys().nth(one.checked_rem(items.len())?).copied()
    }

    pub(super) async fn elsewhere(&mut self, elsewhere: Elsewhere) {
        match elsewhere {
            Elsewhere::Comes(at) => {
                let (raw, message) = self.raw();
                let id = self
                    .engine
                    .folder(&self.owner, FOLDERS[at])
                    .await
                    .unwrap()
                    .id;
                let (raw, flags) = (raw.into_bytes(), Flags::default());
                let put = self.engine.append(&self.owner, id, raw, flags, None).await;
                assert_eq!(put.unwrap().1, self.folders[at].add(message));
            }
            Elsewhere::Marked(at, one, marks) => {
                let Some(uid) = self.one(at, one) else {
                    return;
                };
                let id = self
                    .engine
                    .folder(&self.owner, FOLDERS[at])
                    .await
                    .unwrap()
                    .id;
                let change = FlagChange::Replace(flags(marks));
                let marked = self
                    .engine
                    .set_flags(&self.owner, id, vec![uid], change, None);
                marked.await.unwrap();
                self.folders[at].mark(&[uid], Change::Replace, marks);
            }
            Elsewhere::Moved(at, one) => {
                let Some((uid, token)) = self.token(at, one).await else {
                    return;
                };
                let (to, role) = match at {
                    0 => (1, Role::Trash),
                    _ => (0, Role::Inbox),
                };
                let change = MailChange::Folder(role);
                let moved = self
                    .engine
                    .change_mail(&self.operator, ADDRESS, &token, change);
                moved.await.unwrap();
                let message = self.folders[at].items.remove(&uid).unwrap();
                self.folders[to].add(message);
            }
            Elsewhere::Removed(at, one) => {
                let Some((uid, token)) = self.token(at, one).await else {
                    return;
                };
                let removed = self.engine.remove_mail(&self.operator, ADDRESS, &token);
                removed.await.unwrap();
                self.folders[at].items.remove(&uid);
            }
        }
    }

    /// A message, and what another door calls it.
    async fn token(&self, at: usize, one: usize) -> Option<(u32, String)> {
        let uid = self.one(at, one)?;
        let id = self
            .engine
            .folder(&self.owner, FOLDERS[at])
            .await
            .unwrap()
            .id;
        let (_, items) = self.engine.items(&self.owner, id, uid - 1).await.unwrap();
        let listed = self.engine.mail_at(&self.operator, ADDRESS, None, 1_000);
        let listed = listed.await.unwrap();
        let message = items.first()?.id;
        let shown = listed.into_iter().find(|one| one.message.id == message);
        Some((uid, shown?.token))
    }
}

fn flags(marks: u8) -> Flags {
    let on = |at: usize| marks & MARKS[at].0 != 0;
    Flags {
        seen: on(0),
        answered: on(1),
        flagged: on(2),
        deleted: on(3),
        draft: on(4),
        keywords: if on(5) {
            vec![MARKS[5].1.to_owned()]
        } else {
            Vec::new()
        },
    }
}
