//! `posthouse mailbox export` and `import`: a mailbox to files, and back.

use std::path::{Path, PathBuf};

use clap::Args;
use posthouse::Posthouse;
use posthouse::error::{Conflict, Error};
use posthouse::model::folder::{FolderStanding, Item};
use posthouse::model::owner::Owner;
use serde_json::json;

use super::super::desk::Desk;
use super::super::out::Progress;
use super::files::{Format, Found, Writer, place, read, sources};
use crate::refusal::{Exit, Refusal};

/// Messages in memory at a time, and the bytes of them after which fewer are.
const MESSAGES: usize = 32;
const BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug, Args)]
pub struct Export {
    /// Its address
    address: String,
    /// The folder to write to, which is made; it must be new, or empty
    to: PathBuf,
    /// What each folder of the mailbox is written as
    #[arg(long, value_enum, default_value = "maildir")]
    format: Format,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Its address
    address: String,
    /// A mailbox file, a Maildir, or a tree of them as export writes it
    from: PathBuf,
    /// The folder of the mailbox that all of it is put into, made where it is not there
    #[arg(long, value_name = "NAME")]
    folder: Option<String>,
}

impl Export {
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let engine = &desk.engine;
        let owner = engine.stand_for(&caller, &self.address).await?;
        std::fs::create_dir_all(&self.to).map_err(|error| at(&self.to, &error))?;
        let mut there = std::fs::read_dir(&self.to).map_err(|error| at(&self.to, &error))?;
        if there.next().is_some() {
            let words = format!("{} is not empty", self.to.display());
            return Err(
                Refusal::new(Exit::Usage, words).hint("Give a folder that is not there yet.")
            );
        }
        let mut told = Vec::new();
        for folder in engine.folders(&owner).await? {
            let messages = self.folder(engine, &owner, &folder).await?;
            told.push(json!({"folder": folder.name, "messages": messages}));
        }
        let all: u64 = told.iter().filter_map(|one| one["messages"].as_u64()).sum();
        let shape = json!({"address": owner.address(), "messages": all, "folders": told});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(
                to,
                "{all} messages of {} are in {}.",
                owner.address(),
                self.to.display()
            )
        })?)
    }

    async fn folder(
        &self,
        engine: &Posthouse,
        owner: &Owner,
        folder: &FolderStanding,
    ) -> Result<u64, Refusal> {
        let progress = Progress::start(&format!("{} …", folder.name));
        let path = place(&self.to, &folder.name, self.format);
        let failed = |error: std::io::Error| at(&path, &error);
        let mut writer = Writer::create(&path, self.format).map_err(failed)?;
        let (mut after, mut count) = (0, 0);
        loop {
            let (_, items) = engine.items(owner, folder.id, after).await?;
            let Some(last) = items.last() else { break };
            after = last.uid;
            for some in batches(&items) {
                let ids = some.iter().map(|item| item.id).collect();
                let all = engine.messages_bytes(owner, ids).await?;
                for (item, raw) in some.iter().zip(all) {
                    // One that was removed meanwhile is no message of the mailbox any more.
                    let Some(raw) = raw else { continue };
                    writer.add(item, &raw).map_err(failed)?;
                    count += 1;
                }
                progress.tell(&format!("{} … {count} of {}", folder.name, folder.messages));
            }
        }
        writer.finish().map_err(failed)?;
        Ok(count)
    }
}

/// Items in stretches that fit into memory.
fn batches(items: &[Item]) -> Vec<&[Item]> {
    let mut all = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        let full = index - start >= MESSAGES || bytes + item.size_bytes > BYTES;
        if full && index > start {
            all.push(&items[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += item.size_bytes;
    }
    all.push(&items[start..]);
    all
}

impl Import {
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let engine = desk.engine.clone();
        let owner = engine.stand_for(&caller, &self.address).await?;
        let found = sources(&self.from).map_err(|error| at(&self.from, &error))?;
        if found.is_empty() {
            let words = format!("{} holds no Maildir and no .mbox file", self.from.display());
            return Err(Refusal::new(Exit::Usage, words)
                .hint("A Maildir has a folder `cur`; a mailbox file can be named itself."));
        }
        let mut told = Vec::new();
        let mut all = 0;
        for (name, path) in found {
            let name = self.folder.clone().unwrap_or(name);
            let folder = folder(&engine, &owner, &name).await?;
            let mut count = 0;
            let filled = fill(&engine, &owner, &folder, &path, &mut count).await;
            all += count;
            filled.map_err(|refusal| {
                let words = refusal.words.unwrap_or_default();
                let words = format!("{words}; {all} messages were imported before");
                Refusal {
                    words: Some(words),
                    ..refusal
                }
            })?;
            told.push(json!({"folder": folder.name, "messages": count}));
        }
        let shape = json!({"address": owner.address(), "messages": all, "folders": told});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(to, "{all} messages are imported into {}.", owner.address())
        })?)
    }
}

/// The folder of this name, made where it is not there.
async fn folder(engine: &Posthouse, owner: &Owner, name: &str) -> Result<FolderStanding, Refusal> {
    match engine.create_folder(owner, name).await {
        Ok(made) => Ok(made),
        Err(Error::Conflict(Conflict::Taken)) => Ok(engine.folder(owner, name).await?),
        Err(error) => Err(error.into()),
    }
}

/// Puts what a file or a Maildir holds into a folder, counting as it goes.
async fn fill(
    engine: &Posthouse,
    owner: &Owner,
    folder: &FolderStanding,
    path: &Path,
    count: &mut u64,
) -> Result<(), Refusal> {
    let progress = Progress::start(&format!("{} …", folder.name));
    let (give, mut take) = tokio::sync::mpsc::channel::<Found>(2);
    let source = path.to_owned();
    // Files are read on a thread that may wait; two messages ahead and no more.
    let reading = tokio::task::spawn_blocking(move || {
        read(&source, |found| {
            give.blocking_send(found)
                .map_err(|_| std::io::Error::other("nobody takes it"))
        })
    });
    while let Some(found) = take.recv().await {
        let Found {
            raw,
            flags,
            received_at,
        } = found;
        engine
            .append(owner, folder.id, raw, flags, received_at)
            .await?;
        *count += 1;
        progress.tell(&format!("{} … {count}", folder.name));
    }
    let read = reading.await.map_err(posthouse::error::internal)?;
    read.map_err(|error| at(path, &error))
}

fn at(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(Exit::Refused, format!("{}: {error}", path.display()))
}
