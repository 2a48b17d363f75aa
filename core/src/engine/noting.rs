//! The same engine, with or without something to put down beside its next write.

use super::Posthouse;
use crate::store::Ledger;

impl Posthouse {
    /// The same engine; the first write by this handle that succeeds puts `ledger` down with it.
    #[must_use]
    pub(crate) fn with_ledger(&self, ledger: Ledger) -> Self {
        Self {
            inner: self.inner.clone(),
            store: self.store.with_ledger(ledger),
        }
    }

    /// The same engine, whose writes put nothing down beside their own.
    #[must_use]
    pub(crate) fn without_ledger(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            store: self.store.without_ledger(),
        }
    }
}
