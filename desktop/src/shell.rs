//! What the page's one command comes to: the console's table in this process, or a server's;
//! and the few commands that are the app's own.

mod connect;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use posthouse::ids::SystemEntropy;
use posthouse_server::console::wire::RefusedKind;
use posthouse_server::data::MASTER_KEY_VARIABLE;
use posthouse_server::house::{self, Ground, House};
use posthouse_server::refusal::Refusal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::connection::Connections;
use crate::files::{self, Piece, Source};
use crate::keychain::{Keychain, Secrets};
use crate::master_key::master_key;
use crate::no::No;
use crate::opened::Opened;
use crate::remote::Remote;

/// Asks the person for a place.
pub trait Asks: Send + Sync {
    /// Where to put a file, that is called so unless they say otherwise; None: nowhere.
    fn place_for(&self, name: &str) -> posthouse::outside::Future<'_, Option<PathBuf>>;
}

/// What is shown.
#[derive(Clone)]
pub enum Through {
    /// This machine.
    Here(Arc<House>),
    /// A server.
    There(Arc<Remote>),
}

/// The app, without its window.
pub struct Shell {
    folder: PathBuf,
    keychain: Arc<dyn Keychain>,
    house: tokio::sync::Mutex<Option<Arc<House>>>,
    connections: Mutex<Connections>,
    /// The one that is shown, by its connection's id.
    remote: Mutex<Option<(String, Arc<Remote>)>>,
    opened: Mutex<Opened>,
    turns: watch::Sender<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ById {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByNumber {
    id: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    path: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    path: String,
    limit: usize,
}

fn input<T: DeserializeOwned>(value: Value) -> Result<T, No> {
    serde_json::from_value(value).map_err(|error| {
        let words = format!("The input is not right: {error}.");
        No::new(RefusedKind::Invalid, "malformed", words)
    })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused(refusal: &Refusal) -> No {
    let words = refusal.words.as_deref().unwrap_or("it failed");
    let hint = refusal.hint.as_deref().unwrap_or_default();
    let message = format!("This machine's data cannot be opened: {words}. {hint}");
    No::new(RefusedKind::Busy, "closed", message.trim())
}

/// The name of a session's token among the secrets.
fn secret(id: &str) -> String {
    format!("session-{id}")
}

impl Shell {
    /// The app over this folder. Nothing is opened yet.
    #[must_use]
    pub fn new(folder: PathBuf, keychain: Arc<dyn Keychain>) -> Self {
        let connections = Connections::read(&folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "the list of connections cannot be read");
            Connections::default()
        });
        Self {
            folder,
            keychain,
            house: tokio::sync::Mutex::default(),
            connections: Mutex::new(connections),
            remote: Mutex::default(),
            opened: Mutex::default(),
            turns: watch::Sender::new(0),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Tells whenever another console is shown.
    #[must_use]
    pub fn turns(&self) -> watch::Receiver<u64> {
        self.turns.subscribe()
    }

    /// This machine's, opened when it is first asked for, and again where that failed.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub async fn house(&self) -> Result<Arc<House>, No> {
        let mut house = self.house.lock().await;
        if let Some(house) = &*house {
            return Ok(house.clone());
        }
        let (folder, keychain) = (self.folder.clone(), self.keychain.clone());
        let taken = tokio::task::spawn_blocking(move || {
            let ground = Ground::take(&folder)?;
            let given = std::env::var(MASTER_KEY_VARIABLE).ok();
            let (data, lock) = (ground.data(), ground.lock());
            let found = master_key(data, lock, given.as_deref(), &*keychain, &SystemEntropy)?;
            Ok((ground, found))
        });
        let (ground, (key, lies)) = taken
            .await
            .map_err(No::internal)?
            .map_err(|refusal| refused(&refusal))?;
        tracing::info!(folder = %self.folder.display(), key = lies.words(), "opening");
        let about = house::Setting {
            name: "desktop.master_key",
            value: lies.words().to_owned(),
            about: "Where the key that opens this database's secrets lies.",
        };
        let opened = House::open(ground, key, vec![about]).await;
        let opened = Arc::new(opened.map_err(|refusal| refused(&refusal))?);
        *house = Some(opened.clone());
        Ok(opened)
    }

    /// What is shown now.
    ///
    /// # Errors
    /// Why it cannot be.
    pub async fn through(&self) -> Result<Through, No> {
        let active = locked(&self.connections).active().cloned();
        let Some(server) = active else {
            return Ok(Through::Here(self.house().await?));
        };
        if let Some((id, remote)) = &*locked(&self.remote)
            && *id == server.id
        {
            return Ok(Through::There(remote.clone()));
        }
        let name = secret(&server.id);
        let token = self.secrets(move |secrets| secrets.get(&name)).await?;
        let remote = Arc::new(Remote::at(server.url, token)?);
        *locked(&self.remote) = Some((server.id, remote.clone()));
        Ok(Through::There(remote))
    }

    /// Asks the secrets on a thread of its own: a keychain may wait for a person.
    async fn secrets<T: Send + 'static>(
        &self,
        ask: impl FnOnce(Secrets<'_>) -> T + Send + 'static,
    ) -> Result<T, No> {
        let (folder, keychain) = (self.folder.clone(), self.keychain.clone());
        let asked = tokio::task::spawn_blocking(move || ask(Secrets::of(&*keychain, &folder)));
        asked.await.map_err(No::internal)
    }

    /// Runs a command of the page's.
    ///
    /// # Errors
    /// What is said when it was not done.
    pub async fn call(&self, name: &str, value: Value, asks: &dyn Asks) -> Result<Value, No> {
        match name {
            "connection.list" => Ok(locked(&self.connections).listed()),
            "connection.add" => self.add(input(value)?).await,
            "connection.use" => self.show(&input::<ById>(value)?.id),
            "connection.remove" => self.remove(&input::<ById>(value)?.id).await,
            "file.save" => self.save(input(value)?, asks).await,
            "file.text" => self.text(input(value)?).await,
            "file.opened" => {
                let ByNumber { id } = input(value)?;
                locked(&self.opened).shown(id)
            }
            "file.remote" => {
                let ByNumber { id } = input(value)?;
                locked(&self.opened).remote(id)
            }
            name => self.console(name, value).await,
        }
    }

    /// Runs a command of the console that is shown.
    ///
    /// # Errors
    /// What is said when it was not done.
    pub async fn console(&self, name: &str, value: Value) -> Result<Value, No> {
        match self.through().await? {
            Through::Here(house) => {
                let done = house.table().call_here(name, value).await;
                done.map_err(|refusing| {
                    if let Some(cause) = refusing.cause {
                        tracing::error!(name, cause, "a command failed");
                    }
                    No::told(refusing.refused)
                })
            }
            Through::There(remote) => {
                let before = remote.token();
                let done = remote.call(name, &value).await;
                if remote.token() != before {
                    self.keep_token(&remote).await?;
                }
                done
            }
        }
    }

    /// A file that an answer named.
    ///
    /// # Errors
    /// What is said when there is none.
    pub async fn file(&self, path: &str) -> Result<Source, No> {
        if let Some(rest) = path.strip_prefix("/opened/") {
            let found = locked(&self.opened).file(rest);
            return files::here(found.ok_or_else(files::missing)?).await;
        }
        if !path.starts_with("/console/files/") || path.contains("..") {
            return Err(files::missing());
        }
        match self.through().await? {
            Through::Here(house) => {
                let response = posthouse_server::console::http::file_here(house.table(), path);
                files::here(response.await).await
            }
            Through::There(remote) => Ok(Source::There(remote.file(path).await?)),
        }
    }

    async fn save(&self, saved: Saved, asks: &dyn Asks) -> Result<Value, No> {
        // Asked for first: what is not there needs no place.
        let mut source = self.file(&saved.path).await?;
        let name = files::safe(&saved.name);
        if let Some(path) = asks.place_for(&name).await {
            files::put(&mut source, &path).await?;
        }
        Ok(json!({}))
    }

    async fn text(&self, read: Read) -> Result<Value, No> {
        let mut source = self.file(&read.path).await?;
        let mut bytes = Vec::new();
        // A character is four bytes at most.
        while bytes.len() < read.limit.saturating_mul(4)
            && let Some(Piece(piece)) = source.next().await?
        {
            bytes.extend_from_slice(&piece);
        }
        let text = String::from_utf8_lossy(&bytes);
        let text: String = text.chars().take(read.limit).collect();
        Ok(json!({ "text": text }))
    }

    /// Holds a mail in a file; where the page shows it.
    pub fn open(&self, path: &Path) -> String {
        let id = locked(&self.opened).add(path);
        format!("#/opened/{id}")
    }

    /// Finishes what is under way here, within `grace`.
    pub async fn close(&self, grace: Duration) {
        let house = self.house.lock().await.take();
        if let Some(house) = house {
            house.close(grace).await;
        }
    }
}
