//! Two clients, an engine, and the model; after each turn they have to agree.

use posthouse::model::key::Caller;
use posthouse::model::owner::Owner;
use posthouse::ops::mailboxes::NewMailbox;
use posthouse::{Posthouse, Settings};
use tempfile::TempDir;

use super::client::{Client, Ended, Open};
use super::model::{Folder, Message};
use super::{By, Change, Deed, FOLDERS, MARKS, Opening, Stretch, Turn};
use crate::opening::opening;

pub(super) const ADDRESS: &str = "kim@d.test";
const RAW: &str = "Subject: x\r\n\r\n";

pub(super) struct Scene {
    pub(super) engine: Posthouse,
    pub(super) operator: Caller,
    pub(super) owner: Owner,
    clients: [Client; 2],
    pub(super) folders: [Folder; 2],
    /// Of the next message: no two have the same.
    size: usize,
    _folder: TempDir,
}

impl Scene {
    pub(super) async fn new(enabled: [&str; 2]) -> Self {
        // Where there is memory for it, no disk is waited for.
        let memory = std::path::Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => TempDir::new_in(memory).unwrap(),
            false => TempDir::new().unwrap(),
        };
        let opening = opening(folder.path().join("test.db"), Settings::new("mail.test"));
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("one").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        engine
            .create_domain(&operator, "d.test", None)
            .await
            .unwrap();
        let new = NewMailbox {
            address: ADDRESS.to_owned(),
            name: "Kim".to_owned(),
            quota_bytes: None,
            password: None,
        };
        engine.make_mailbox(&operator, new).await.unwrap();
        let owner = engine.stand_for(&operator, ADDRESS).await.unwrap();
        let clients = [
            Client::new(&engine, owner.clone(), enabled[0]).await,
            Client::new(&engine, owner.clone(), enabled[1]).await,
        ];
        let mut scene = Self {
            engine,
            operator,
            owner,
            clients,
            folders: Default::default(),
            size: RAW.len(),
            _folder: folder,
        };
        scene.agree().await;
        scene
    }

    pub(super) async fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Client(who, deed) => {
                if self.clients[who].idles {
                    self.clients[who].done().await;
                }
                self.does(who, &deed).await;
                if !self.clients[who].idles {
                    self.clients[who].learn().await;
                }
            }
            Turn::Elsewhere(elsewhere) => self.elsewhere(elsewhere).await,
        }
        self.agree().await;
        for who in 0..self.clients.len() {
            if self.clients[who].idles {
                self.clients[who].stirred().await;
                self.is_up_to_date(who);
            }
        }
    }

    /// At last each is told everything.
    pub(super) async fn ends(&mut self) {
        for who in 0..self.clients.len() {
            self.turn(Turn::Client(who, Deed::Noop)).await;
        }
    }

    /// The engine has what the model has.
    async fn agree(&mut self) {
        for (name, model) in FOLDERS.iter().zip(&mut self.folders) {
            let id = self.engine.folder(&self.owner, name).await.unwrap().id;
            let (standing, items) = self.engine.items(&self.owner, id, 0).await.unwrap();
            model.check(&standing, &items);
        }
    }

    /// A client believes what is so; of what came while it idles it knows only that it did.
    fn is_up_to_date(&self, who: usize) {
        let client = &self.clients[who];
        let Some(open) = &client.open else {
            return;
        };
        let folder = &self.folders[open.at];
        let believed = open.messages.iter().map(|one| (one.uid, one.marks));
        let so = folder.items.iter();
        assert_eq!(open.messages.len(), folder.items.len(), "{}", client.log());
        for ((uid, marks), (is, message)) in believed.zip(so) {
            assert!(uid.is_none_or(|uid| uid == *is), "{is}: {}", client.log());
            let right = marks.is_none_or(|marks| marks == message.marks);
            assert!(right, "{is}: {}", client.log());
        }
        assert!(open.modseq <= folder.modseq(), "{}", client.log());
    }

    /// A message that is like no other.
    pub(super) fn raw(&mut self) -> (String, Message) {
        self.size += 1;
        let raw = format!("{RAW}{}", "x".repeat(self.size - RAW.len()));
        let size = raw.len() as u64;
        (raw, Message { size, marks: 0 })
    }

    async fn does(&mut self, who: usize, deed: &Deed) {
        match deed {
            Deed::Open(opening, at) => self.opens(who, *opening, *at).await,
            Deed::Append(at, marks) => {
                let (raw, message) = self.raw();
                let marks = *marks;
                let command = format!(
                    "APPEND {} ({}) {{{}}}\r\n{raw}",
                    FOLDERS[*at],
                    words(marks),
                    raw.len()
                );
                assert_eq!(self.clients[who].ask(&command).await, Ended::Ok);
                self.folders[*at].add(Message { marks, ..message });
            }
            Deed::Noop | Deed::Check => {
                let command = match deed {
                    Deed::Noop => "NOOP",
                    _ if self.clients[who].open.is_some() => "CHECK",
                    _ => return,
                };
                assert_eq!(self.clients[who].ask(command).await, Ended::Ok);
                self.is_up_to_date(who);
            }
            Deed::Idle => {
                assert_eq!(self.clients[who].ask("IDLE").await, Ended::Open);
                self.clients[who].idles = true;
            }
            Deed::Close | Deed::Unselect => {
                let Some(open) = self.clients[who].open.take() else {
                    return;
                };
                let command = match deed {
                    Deed::Close => "CLOSE",
                    _ => "UNSELECT",
                };
                assert_eq!(self.clients[who].ask(command).await, Ended::Ok);
                if command == "CLOSE" && open.opening == Opening::Select {
                    self.folders[open.at].expunge(None);
                }
            }
            deed => {
                if self.clients[who].open.is_some() {
                    self.does_with_messages(who, deed).await;
                }
            }
        }
    }

    async fn opens(&mut self, who: usize, opening: Opening, at: usize) {
        let word = match opening {
            Opening::Select => "SELECT",
            Opening::Examine => "EXAMINE",
        };
        let open = Open {
            at,
            opening,
            messages: Vec::new(),
            modseq: 0,
        };
        let client = &mut self.clients[who];
        let command = format!("{word} {}", FOLDERS[at]);
        let ended = client.opens(open, &command).await;
        assert_eq!(ended, Ended::Ok);
        client.learn().await;
        self.is_up_to_date(who);
    }

    /// A set of a command, and the uids of what the client means by it.
    fn meant(&self, who: usize, (start, count): Stretch, by: By) -> Option<(String, Vec<u32>)> {
        let open = self.clients[who].open.as_ref()?;
        let known = open.messages.len();
        let start = start.checked_rem(known)?;
        let end = (start + count).min(known);
        let uids: Option<Vec<u32>> = open.messages[start..end]
            .iter()
            .map(|one| one.uid)
            .collect();
        let uids = uids?;
        let set = match by {
            By::Number => format!("{}:{end}", start + 1),
            By::Uid => format!("{}:{}", uids.first()?, uids.last()?),
        };
        Some((set, uids))
    }

    async fn does_with_messages(&mut self, who: usize, deed: &Deed) {
        let (at, opening) = match &self.clients[who].open {
            Some(open) => (open.at, open.opening),
            None => return,
        };
        let uid = |by: &By| if *by == By::Uid { "UID " } else { "" };
        match deed {
            Deed::Store(stretch, by, change, marks, silent) => {
                let Some((set, uids)) = self.meant(who, *stretch, *by) else {
                    return;
                };
                let sign = match change {
                    Change::Add => "+",
                    Change::Remove => "-",
                    Change::Replace => "",
                };
                let (uid, words) = (uid(by), words(*marks));
                let command = format!("{uid}STORE {set} {sign}FLAGS{silent} ({words})");
                let ended = self.clients[who].ask(&command).await;
                if opening == Opening::Examine {
                    return assert_eq!(ended, Ended::No);
                }
                self.folders[at].mark(&uids, *change, *marks);
                self.believes(who, &uids, *silent == ".SILENT");
            }
            Deed::Fetch(stretch, by) => {
                let Some((set, _)) = self.meant(who, *stretch, *by) else {
                    return;
                };
                let command = format!("{}FETCH {set} (UID FLAGS)", uid(by));
                assert_eq!(self.clients[who].ask(&command).await, Ended::Ok);
            }
            Deed::Search(by) => {
                let command = format!("{}SEARCH ALL", uid(by));
                assert_eq!(self.clients[who].ask(&command).await, Ended::Ok);
            }
            Deed::Copy(stretch, by, to) | Deed::Move(stretch, by, to) => {
                let Some((set, uids)) = self.meant(who, *stretch, *by) else {
                    return;
                };
                let moves = matches!(deed, Deed::Move(..));
                let word = if moves { "MOVE" } else { "COPY" };
                let command = format!("{}{word} {set} {}", uid(by), FOLDERS[*to]);
                let ended = self.clients[who].ask(&command).await;
                if moves && opening == Opening::Examine {
                    return assert_eq!(ended, Ended::No);
                }
                self.carried(at, &uids, *by, (*to, moves), ended);
            }
            Deed::Expunge | Deed::ExpungeOnly(_) => self.expunges(who, deed).await,
            _ => {}
        }
    }

    async fn expunges(&mut self, who: usize, deed: &Deed) {
        let only = match deed {
            Deed::ExpungeOnly(stretch) => match self.meant(who, *stretch, By::Uid) {
                Some(meant) => Some(meant),
                None => return,
            },
            _ => None,
        };
        let Some(open) = &self.clients[who].open else {
            return;
        };
        let (at, opening) = (open.at, open.opening);
        let command = match &only {
            Some((set, _)) => format!("UID EXPUNGE {set}"),
            None => "EXPUNGE".to_owned(),
        };
        let ended = self.clients[who].ask(&command).await;
        if opening == Opening::Examine {
            return assert_eq!(ended, Ended::No);
        }
        assert_eq!(ended, Ended::Ok);
        self.folders[at].expunge(only.as_ref().map(|(_, uids)| uids.as_slice()));
        self.agree().await;
        self.is_up_to_date(who);
    }

    /// After a STORE, the client knows the marks of what it marked; silently, it has to see to
    /// that itself.
    fn believes(&mut self, who: usize, uids: &[u32], silent: bool) {
        let Some(open) = &mut self.clients[who].open else {
            return;
        };
        let folder = &self.folders[open.at];
        for one in &mut open.messages {
            let Some(uid) = one.uid.filter(|uid| uids.contains(uid)) else {
                continue;
            };
            match (silent, folder.items.get(&uid)) {
                (true, _) => one.marks = None,
                (false, Some(message)) => assert_eq!(one.marks, Some(message.marks), "{uid}"),
                (false, None) => {}
            }
        }
    }

    /// RFC 9051 section 6.4.7: all or nothing by numbers; uids that there are not are passed
    /// over.
    fn carried(&mut self, from: usize, uids: &[u32], by: By, to: (usize, bool), ended: Ended) {
        let (to, moves) = to;
        let there = |uid: &&u32| self.folders[from].items.contains_key(uid);
        let found: Vec<u32> = uids.iter().filter(there).copied().collect();
        if by == By::Number && found.len() < uids.len() {
            return assert_eq!(ended, Ended::No);
        }
        assert_eq!(ended, Ended::Ok);
        for uid in found {
            let message = match moves {
                true => self.folders[from].items.remove(&uid),
                false => self.folders[from].items.get(&uid).copied(),
            };
            self.folders[to].add(message.unwrap());
        }
    }
}

fn words(marks: u8) -> String {
    let words = MARKS.iter().filter(|(bit, _)| marks & bit != 0);
    words.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}
