//! The one thread that writes: group commit (Store.write's promises are kept here).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Read, failed};
use crate::error::{Busy, Error, Result, internal};
use crate::feed::{Change, Feed};
use crate::limits::{WRITE_GROUP, WRITE_OVERTAKES, WRITE_QUEUE};

/// The write side of a transaction. Everything that `Read` can, and the functions that
/// change rows.
pub struct Write<'a> {
    read: Read<'a>,
    changes: RefCell<Vec<Change>>,
}

impl<'a> Write<'a> {
    fn new(connection: &'a Connection) -> Self {
        Self {
            read: Read::new(connection),
            changes: RefCell::new(Vec::new()),
        }
    }

    /// Tells the feed of `change`, once it is on disk.
    pub fn tell(&self, change: Change) {
        self.changes.borrow_mut().push(change);
    }
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

/// Whether a job can wait for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody waits for its answer.
    Now,
    /// Others go first, up to a bound, so that it is not put off for ever.
    Later,
}

/// A job between the queue and its answer.
trait Job: Send {
    fn urgency(&self) -> Urgency;
    /// Runs it inside its savepoint; false means that its changes are to be undone.
    fn run(&mut self, write: &Write<'_>) -> bool;
    /// Answers its caller. `lost` is why the commit failed, if it did.
    fn answer(self: Box<Self>, lost: Option<&Error>);
}

struct Task<T, F> {
    urgency: Urgency,
    job: Option<F>,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&Write<'_>) -> Result<T> + Send,
{
    fn urgency(&self) -> Urgency {
        self.urgency
    }

    fn run(&mut self, write: &Write<'_>) -> bool {
        let Some(job) = self.job.take() else {
            return false;
        };
        // A panicking job loses its own savepoint only; `Write` holds nothing that it could
        // leave half changed, because the caller throws its changes away.
        let outcome = catch_unwind(AssertUnwindSafe(|| job(write)))
            .unwrap_or_else(|_| Err(internal("a write panicked")));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, lost: Option<&Error>) {
        let outcome = match (self.outcome, lost) {
            (Some(Ok(_)) | None, Some(error)) => Err(again(error)),
            (Some(outcome), _) => outcome,
            (None, None) => Err(internal("a write was not run")),
        };
        // The caller may have gone; the commit stands.
        let _ = self.reply.send(outcome);
    }
}

/// The same failure for each caller of a batch.
fn again(error: &Error) -> Error {
    match error {
        Error::Busy(why) => Error::Busy(*why),
        other => internal(other),
    }
}

type Queue = SyncSender<Box<dyn Job>>;

/// The queue to the writing thread.
#[derive(Clone)]
pub(super) struct Writer {
    /// None once closed.
    queue: Arc<Mutex<Option<Queue>>>,
    ended: Arc<tokio::sync::Mutex<Option<oneshot::Receiver<()>>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, feed: Feed) -> Result<Self> {
        let (queue, jobs) = sync_channel(WRITE_QUEUE);
        let (end, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name(String::from("posthouse-writer"))
            .spawn(move || {
                write_all(&connection, &jobs, &feed);
                tidy(&connection);
                drop(connection);
                let _ = end.send(());
            })
            .map_err(internal)?;
        Ok(Self {
            queue: Arc::new(Mutex::new(Some(queue))),
            ended: Arc::new(tokio::sync::Mutex::new(Some(ended))),
        })
    }

    pub(super) fn send<T, F>(
        &self,
        urgency: Urgency,
        job: F,
    ) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(Task {
            urgency,
            job: Some(job),
            outcome: None,
            reply,
        });
        let guard = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = guard.as_ref().ok_or(Error::Busy(Busy::Closing))?;
        match queue.try_send(task) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(Error::Busy(Busy::WriteQueue)),
            Err(TrySendError::Disconnected(_)) => Err(Error::Busy(Busy::Closing)),
        }
    }

    pub(super) async fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        if let Some(ended) = self.ended.lock().await.take() {
            let _ = ended.await;
        }
    }
}

/// What waits for the writing thread.
struct Waiting<'a> {
    jobs: &'a Receiver<Box<dyn Job>>,
    /// What lets others go first, each with the commits that overtook it.
    later: VecDeque<(Box<dyn Job>, u32)>,
}

impl Waiting<'_> {
    /// The first job of a commit; None when there will be no more.
    fn first(&mut self) -> Option<Box<dyn Job>> {
        let overtaken = self.later.front().map(|(_, commits)| *commits);
        if overtaken.is_none() {
            return self.jobs.recv().ok();
        }
        if overtaken < Some(WRITE_OVERTAKES)
            && let Some(job) = self.urgent()
        {
            for (_, commits) in &mut self.later {
                *commits += 1;
            }
            return Some(job);
        }
        self.later.pop_front().map(|(job, _)| job)
    }

    /// The next queued job that waits for nobody; those that can wait are laid aside.
    fn urgent(&mut self) -> Option<Box<dyn Job>> {
        while let Ok(job) = self.jobs.try_recv() {
            match job.urgency() {
                Urgency::Now => return Some(job),
                Urgency::Later => self.later.push_back((job, 0)),
            }
        }
        None
    }
}

/// Takes a job, and whatever else is queued by then, into one commit. No timer: a lone
/// write never waits.
fn write_all(connection: &Connection, jobs: &Receiver<Box<dyn Job>>, feed: &Feed) {
    let mut group: Vec<Box<dyn Job>> = Vec::with_capacity(WRITE_GROUP);
    let mut waiting = Waiting {
        jobs,
        later: VecDeque::new(),
    };
    while let Some(first) = waiting.first() {
        let (lost, changes) = match commit_group(connection, first, &mut waiting, &mut group) {
            Ok(changes) => (None, changes),
            Err(error) => {
                if !connection.is_autocommit() {
                    // Nothing of the batch may be left open for the next one.
                    if let Err(error) = connection.execute_batch("ROLLBACK") {
                        tracing::error!(%error, "a failed commit could not be rolled back");
                    }
                }
                (Some(error), Vec::new())
            }
        };
        for change in changes {
            feed.publish(change);
        }
        for job in group.drain(..) {
            job.answer(lost.as_ref());
        }
    }
}

/// Leaves one file behind, ready to be copied. The log is as good, so a failure costs nothing.
fn tidy(connection: &Connection) {
    let checkpointed = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if let Err(error) = checkpointed {
        tracing::debug!(%error, "the write-ahead log was left as it is");
    }
}

fn commit_group(
    connection: &Connection,
    first: Box<dyn Job>,
    waiting: &mut Waiting<'_>,
    group: &mut Vec<Box<dyn Job>>,
) -> Result<Vec<Change>> {
    let run = |sql: &str| -> Result<()> {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map(drop)
            .map_err(failed)
    };
    let mut changes = Vec::new();
    group.push(first);
    run("BEGIN IMMEDIATE")?;
    let mut next = 0;
    loop {
        let write = Write::new(connection);
        run("SAVEPOINT job")?;
        if group[next].run(&write) {
            changes.append(&mut write.changes.borrow_mut());
        } else if connection.is_autocommit() {
            // A full disk makes SQLite end the whole transaction: nobody's job is kept.
            return Err(Error::Busy(Busy::Storage));
        } else {
            run("ROLLBACK TO job")?;
        }
        run("RELEASE job")?;
        next += 1;
        if next >= WRITE_GROUP {
            break;
        }
        match waiting.urgent() {
            Some(job) => group.push(job),
            None => break,
        }
    }
    run("COMMIT")?;
    Ok(changes)
}
