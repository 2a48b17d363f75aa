//! Short looks on the way to an answer: by one thread that stays awake while there is work,
//! so that a busy server does not wake a thread for each. A look that walks many rows
//! belongs to the readers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Read, readers};
use crate::error::{Busy, Error, Result, internal};
use crate::limits::LOOK_QUEUE;

type Look = Box<dyn FnOnce(&Connection) + Send>;

/// The queue to the looking thread.
#[derive(Clone)]
pub(super) struct Looks(SyncSender<Look>);

impl Looks {
    pub(super) fn start(path: &Path) -> Result<Self> {
        let connection = readers::connect(path)?;
        let (queue, looks) = sync_channel(LOOK_QUEUE);
        std::thread::Builder::new()
            .name(String::from("posthouse-looks"))
            .spawn(move || look_at_all(&connection, &looks))
            .map_err(internal)?;
        Ok(Self(queue))
    }

    pub(super) async fn run<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let look: Look = Box::new(move |connection| {
            let found = catch_unwind(AssertUnwindSafe(|| readers::snapshot(connection, look)))
                .unwrap_or_else(|_| Err(internal("a look panicked")));
            // The caller may have gone; nothing was changed.
            let _ = reply.send(found);
        });
        match self.0.try_send(look) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Busy(Busy::WriteQueue)),
            Err(TrySendError::Disconnected(_)) => return Err(Error::Busy(Busy::Closing)),
        }
        answer.await.map_err(|_| Error::Busy(Busy::Closing))?
    }
}

fn look_at_all(connection: &Connection, looks: &Receiver<Look>) {
    while let Ok(look) = looks.recv() {
        look(connection);
        if !readers::is_free(connection) {
            return;
        }
    }
}
