//! What changes, told by kind. Changes that come close together are told once a kind.

use std::collections::BTreeSet;
use std::time::Duration;

use posthouse::Posthouse;
use posthouse::feed::Change;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::wire::{Changed, ChangedKind};

/// How long changes are gathered before they are told.
const GATHERED: Duration = Duration::from_millis(200);

const KINDS: [ChangedKind; 8] = [
    ChangedKind::Email,
    ChangedKind::Delivery,
    ChangedKind::Event,
    ChangedKind::Message,
    ChangedKind::Mailbox,
    ChangedKind::Webhook,
    ChangedKind::Task,
    ChangedKind::All,
];

/// What is heard of first: more is gathered behind it.
pub struct Heard(Result<Change, RecvError>);

/// Whoever hears of changes.
pub struct Changes(Receiver<Change>);

impl Changes {
    /// Hears of everything in this engine from now on.
    #[must_use]
    pub fn of(engine: &Posthouse) -> Self {
        Self(engine.feed().subscribe())
    }

    /// The next change. Given up while it waits, it loses none.
    pub async fn heard(&mut self) -> Heard {
        Heard(self.0.recv().await)
    }

    /// What is told of it and of all that comes within a moment; None when nothing will ever
    /// change any more.
    pub async fn gather(&mut self, Heard(first): Heard) -> Option<Vec<Changed>> {
        let mut kinds = BTreeSet::new();
        note(&mut kinds, first)?;
        let end = Instant::now() + GATHERED;
        while let Ok(heard) = timeout_at(end, self.0.recv()).await {
            note(&mut kinds, heard)?;
        }
        let known = KINDS
            .into_iter()
            .filter(|what| kinds.contains(&(*what as u8)));
        Some(known.map(|what| Changed { what, id: None }).collect())
    }
}

/// None when nothing will ever change any more.
fn note(kinds: &mut BTreeSet<u8>, heard: Result<Change, RecvError>) -> Option<()> {
    let kind = match heard {
        Ok(Change::Email(_)) => Some(ChangedKind::Email),
        Ok(Change::Delivery(_)) => Some(ChangedKind::Delivery),
        Ok(Change::Event(_)) => Some(ChangedKind::Event),
        Ok(Change::Message(..) | Change::Removed(..)) => Some(ChangedKind::Message),
        Ok(Change::Marked(_)) => Some(ChangedKind::Mailbox),
        Ok(Change::Task(_)) => Some(ChangedKind::Task),
        Ok(Change::WebhookDue) => Some(ChangedKind::Webhook),
        Ok(Change::Due) => None,
        Err(RecvError::Lagged(_)) => Some(ChangedKind::All),
        Err(RecvError::Closed) => return None,
    };
    kinds.extend(kind.map(|kind| kind as u8));
    Some(())
}
