//! Answers what sessions ask, from the engine.

use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use posthouse::clock::Timestamp;
use posthouse::error::{Error, Result};
use posthouse::feed::Change;
use posthouse::ids::FolderId;
use posthouse::limits::FOLDER_ROWS;
use posthouse::model::folder::{FolderStanding, Item};
use posthouse::model::owner::Owner;
use posthouse::ops::folders::filing::Copied;
use tokio::sync::{broadcast, watch};

use super::driver::Ask;
use super::refuse::{self, refuse, to_folder};
use super::step::{Answer, Deleted, Detail, Question, Refusal, Selected, Standing};
use super::words;
use crate::http::answer::uncut;
use crate::net::gate::{Gate, WRONG_CREDENTIALS_WAIT};
use crate::net::stream::pause;

/// The engine's side of one connection.
pub(super) struct Clerk {
    pub(super) engine: Posthouse,
    pub(super) gate: Arc<Gate>,
    pub(super) remote: SocketAddr,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) person: Option<Person>,
}

/// Whoever has signed in.
pub(super) struct Person {
    owner: Owner,
    feed: broadcast::Receiver<Change>,
    /// Something changed that was not asked about yet.
    stirred: bool,
}

impl Ask for Clerk {
    async fn ask(&mut self, question: Question) -> Answer {
        let answer = match question {
            Question::SignIn { name, password } => self.sign_in(&name, &password).await,
            question => self.of_person(question).await,
        };
        answer.unwrap_or_else(Answer::No)
    }

    async fn stirred(&mut self) {
        match &mut self.person {
            Some(person) => person.stirs().await,
            None => std::future::pending().await,
        }
    }

    fn now(&self) -> Timestamp {
        self.engine.now()
    }
}

impl Person {
    pub(super) fn new(owner: Owner, engine: &Posthouse) -> Self {
        Self {
            owner,
            feed: engine.feed().subscribe(),
            stirred: false,
        }
    }

    /// Whether a change is about the mailbox; what was missed may have been.
    fn concerns(&self, heard: std::result::Result<Change, broadcast::error::RecvError>) -> bool {
        let own = self.owner.mailbox();
        match heard {
            Ok(Change::Message(mailbox, _) | Change::Removed(mailbox, _)) => mailbox == own,
            Ok(Change::Marked(mailbox)) => mailbox == own,
            Ok(_) => false,
            Err(_) => true,
        }
    }

    /// Waits until something may have changed.
    async fn stirs(&mut self) {
        while !self.stirred {
            let heard = self.feed.recv().await;
            if matches!(heard, Err(broadcast::error::RecvError::Closed)) {
                std::future::pending::<()>().await;
            }
            self.stirred = self.concerns(heard);
        }
    }

    /// Whether something changed since this was last asked.
    fn has_stirred(&mut self) -> bool {
        use broadcast::error::{RecvError, TryRecvError};
        loop {
            let heard = match self.feed.try_recv() {
                Ok(change) => Ok(change),
                Err(TryRecvError::Lagged(count)) => Err(RecvError::Lagged(count)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            };
            self.stirred |= self.concerns(heard);
        }
        std::mem::take(&mut self.stirred)
    }
}

impl Clerk {
    async fn sign_in(
        &mut self,
        name: &str,
        password: &str,
    ) -> std::result::Result<Answer, Refusal> {
        let address = self.remote.ip();
        if !self.gate.hears(address, self.engine.now()) {
            return Err(refuse::too_many_wrong());
        }
        match self.engine.sign_in(name, password, address).await {
            Ok(owner) => {
                tracing::info!(remote = %self.remote, address = owner.address(), "signed in by IMAP");
                self.person = Some(Person::new(owner, &self.engine));
                Ok(Answer::Done)
            }
            Err(error) => {
                if matches!(error, Error::Unknown(_)) {
                    tracing::info!(remote = %self.remote, "a password was wrong");
                    self.gate.was_wrong(address, self.engine.now());
                    pause(WRONG_CREDENTIALS_WAIT, &mut self.stop).await;
                }
                Err(refuse::sign_in(&error))
            }
        }
    }

    async fn of_person(&mut self, question: Question) -> std::result::Result<Answer, Refusal> {
        let Some(person) = &mut self.person else {
            return Err(words::server_bug());
        };
        let desk = Desk {
            engine: self.engine.clone(),
            owner: person.owner.clone(),
        };
        match question {
            Question::News { folder, since } => {
                if !person.has_stirred() {
                    return Ok(Answer::Changes(None));
                }
                let changes = desk.engine.changes(&desk.owner, folder, since).await;
                match changes {
                    Ok(changes) => Ok(Answer::Changes(Some(Box::new(changes)))),
                    Err(error) => {
                        // It is asked for again.
                        person.stirred = true;
                        Err(refuse(&error))
                    }
                }
            }
            Question::Select { name, since } => {
                // What changes from here on is news.
                person.has_stirred();
                desk.select(&name, since)
                    .await
                    .map_err(|error| refuse(&error))
            }
            Question::Append { .. } | Question::Copy { .. } | Question::Move { .. } => {
                let answer = uncut(async move { desk.write(question).await }).await;
                answer.map_err(|error| to_folder(&error))
            }
            Question::Mark { .. }
            | Question::Expunge { .. }
            | Question::Create(_)
            | Question::Remove(_)
            | Question::Rename { .. }
            | Question::Subscribe(..) => {
                let answer = uncut(async move { desk.write(question).await }).await;
                answer.map_err(|error| refuse(&error))
            }
            question => desk.read(question).await.map_err(|error| refuse(&error)),
        }
    }
}

/// The engine, and whose mailbox it is.
struct Desk {
    engine: Posthouse,
    owner: Owner,
}

impl Desk {
    async fn read(&self, question: Question) -> Result<Answer> {
        let Self { engine, owner } = self;
        Ok(match question {
            Question::Folders(detail) => {
                let mut all = Vec::new();
                for folder in engine.folders(owner).await? {
                    all.push(self.standing(folder, detail).await?);
                }
                Answer::Folders(all, engine.subscriptions_left(owner).await?)
            }
            Question::Folder(name, detail) => {
                let folder = engine.folder(owner, &name).await?;
                Answer::Folder(Box::new(self.standing(folder, detail).await?))
            }
            Question::Changes { folder, since } => {
                let changes = engine.changes(owner, folder, since).await?;
                Answer::Changes(Some(Box::new(changes)))
            }
            Question::Bytes(ids) => Answer::Bytes(engine.messages_bytes(owner, ids).await?),
            Question::Outlines(ids, wanted) => {
                Answer::Outlines(engine.messages_outlines(owner, ids, wanted).await?)
            }
            Question::SentDays(folder) => Answer::SentDays(engine.sent_days(owner, folder).await?),
            Question::MaySay { folder, needles } => {
                Answer::MaySay(engine.may_say(owner, folder, needles).await?)
            }
            Question::Allowance(name) => {
                if let Some(name) = name {
                    engine.folder(owner, &name).await?;
                }
                let allowance = engine.allowance(owner).await?;
                Answer::Allowance {
                    used: allowance.used_bytes,
                    most: allowance.most_bytes,
                }
            }
            // Asked elsewhere.
            _ => Answer::No(words::server_bug()),
        })
    }

    async fn write(&self, question: Question) -> Result<Answer> {
        let Self { engine, owner } = self;
        Ok(match question {
            Question::Mark {
                folder,
                uids,
                change,
                unchanged_since,
            } => {
                let marked = engine
                    .set_flags(owner, folder, uids, change, unchanged_since)
                    .await?;
                Answer::Marked {
                    items: marked.items,
                    unchanged: marked.unchanged,
                }
            }
            Question::Copy { from, uids, to } => {
                let to = engine.folder(owner, &to).await?;
                copied(engine.copy(owner, from, uids, to.id).await?)
            }
            Question::Move { from, uids, to } => {
                let to = engine.folder(owner, &to).await?;
                copied(engine.shift(owner, from, uids, to.id).await?)
            }
            Question::Expunge { folder, only } => {
                Answer::Expunged(engine.expunge(owner, folder, only).await?)
            }
            Question::Append {
                name,
                raw,
                flags,
                received_at,
            } => {
                let folder = engine.folder(owner, &name).await?;
                let (uid_validity, uid) = engine
                    .append(owner, folder.id, raw, flags, received_at)
                    .await?;
                Answer::Appended { uid_validity, uid }
            }
            Question::Create(name) => {
                engine.create_folder(owner, &name).await?;
                Answer::Done
            }
            Question::Remove(name) => {
                engine.remove_folder(owner, &name).await?;
                Answer::Done
            }
            Question::Rename { from, to } => {
                engine.rename_folder(owner, &from, &to).await?;
                Answer::Done
            }
            Question::Subscribe(name, wanted) => {
                engine.subscribe(owner, &name, wanted).await?;
                Answer::Done
            }
            // Asked elsewhere.
            _ => Answer::No(words::server_bug()),
        })
    }

    async fn select(&self, name: &str, since: Option<u64>) -> Result<Answer> {
        let Self { engine, owner } = self;
        let folder = engine.folder(owner, name).await?;
        let (folder, items) = self.items(folder.id).await?;
        let vanished = match since {
            Some(since) => engine.changes(owner, folder.id, since).await?.vanished,
            None => Vec::new(),
        };
        Ok(Answer::Selected(Box::new(Selected {
            folder,
            items,
            vanished,
        })))
    }

    /// A folder, and all that lies in it. What changes while they are read is news: the
    /// folder is as it was before.
    async fn items(&self, id: FolderId) -> Result<(FolderStanding, Vec<Item>)> {
        let Self { engine, owner } = self;
        let (folder, mut items) = engine.items(owner, id, 0).await?;
        let mut last = items.len();
        while u32::try_from(last).is_ok_and(|last| last >= FOLDER_ROWS) {
            let after = items.last().map_or(0, |item| item.uid);
            let (_, more) = engine.items(owner, id, after).await?;
            last = more.len();
            items.extend(more);
        }
        Ok((folder, items))
    }

    async fn standing(&self, folder: FolderStanding, detail: Detail) -> Result<Standing> {
        let deleted = match detail {
            Detail::Plain => None,
            Detail::Deleted => {
                let (_, items) = self.items(folder.id).await?;
                let mut deleted = Deleted::default();
                for item in items.iter().filter(|item| item.flags.deleted) {
                    deleted.messages += 1;
                    deleted.bytes += item.size_bytes;
                }
                Some(deleted)
            }
        };
        Ok(Standing { folder, deleted })
    }
}

fn copied(copied: Copied) -> Answer {
    Answer::Copied {
        uid_validity: copied.uid_validity,
        pairs: copied.pairs,
    }
}
