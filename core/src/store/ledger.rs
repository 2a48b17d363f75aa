//! What a write is to put down beside its own: who changes what.

use std::sync::{Arc, Mutex, PoisonError};

use crate::model::audit::Note;

/// Holds a note until a write has put it down.
#[derive(Clone)]
pub struct Ledger(Arc<Mutex<Option<Note>>>);

/// A note that was taken out; it goes back unless it is written.
pub(super) struct Kept(Option<(Ledger, Note)>);

impl Ledger {
    /// Holds this one.
    #[must_use]
    pub fn of(note: Note) -> Self {
        Self(Arc::new(Mutex::new(Some(note))))
    }

    /// The note, if no write has put it down.
    #[must_use]
    pub fn unwritten(&self) -> Option<Note> {
        self.place().take()
    }

    pub(super) fn take(&self) -> Option<(Self, Note)> {
        let note = self.place().take()?;
        Some((self.clone(), note))
    }

    pub(super) fn kept(self, note: &Note) -> Kept {
        Kept(Some((self, note.clone())))
    }

    fn place(&self) -> std::sync::MutexGuard<'_, Option<Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    pub(super) fn written(mut self) {
        self.0 = None;
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some((ledger, note)) = self.0.take() {
            *ledger.place() = Some(note);
        }
    }
}
