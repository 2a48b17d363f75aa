//! Who changed what: written with the change itself.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::AuditId;
use crate::limits::PAGE_ROWS;
use crate::model::audit::{Audit, Note};
use crate::model::key::Caller;
use crate::store::Ledger;

/// An engine by which one thing is changed, and what is written down of that.
pub struct Noting {
    engine: Posthouse,
    ledger: Ledger,
}

impl Noting {
    /// What to change it by: the first write of it that succeeds has the note in its own
    /// commit.
    #[must_use]
    pub const fn engine(&self) -> &Posthouse {
        &self.engine
    }

    /// Writes the note where the change wrote nothing by itself. To be called once the change
    /// has succeeded.
    ///
    /// # Errors
    /// As the store says.
    pub async fn settle(self) -> Result<()> {
        let Some(note) = self.ledger.unwritten() else {
            return Ok(());
        };
        self.engine
            .store
            .write(move |write| write.add_audit(&note))
            .await
    }
}

impl Posthouse {
    /// An engine by which one thing is changed, which `note` tells of.
    #[must_use]
    pub fn noting(&self, note: Note) -> Noting {
        let ledger = Ledger::of(note);
        Noting {
            engine: self.with_ledger(ledger.clone()),
            ledger,
        }
    }

    /// What was changed in the caller's organization before `before`, newest first.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn audits(
        &self,
        caller: &Caller,
        before: Option<AuditId>,
        rows: u32,
    ) -> Result<Vec<Audit>> {
        caller.needs_operator()?;
        let (of, rows) = (caller.organization(), rows.min(PAGE_ROWS + 1));
        self.store
            .read(move |read| read.audits(of, before, rows))
            .await
    }
}
