//! How things stand, in figures that are cheap to ask for.

mod problems;
mod steps;

pub use self::problems::{Problem, Severity, amiss};
pub use self::steps::{Begun, Progress, Step};
use crate::engine::Posthouse;
use crate::error::Result;
use crate::limits::OVERVIEW_DAYS;
use crate::model::key::Caller;
use crate::store::{Queue, Tally};

/// What happened lately, and what is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Today, in days since 1970 in UTC.
    pub today: i64,
    /// What happened on each of the days that were asked for; days without anything are left
    /// out.
    pub tallies: Vec<Tally>,
    /// What is on its way.
    pub queue: Queue,
}

impl Posthouse {
    /// Figures of the caller's organization over so many days, today included, up to
    /// [`OVERVIEW_DAYS`].
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn figures(&self, caller: &Caller, days: u32) -> Result<Figures> {
        caller.needs_operator()?;
        let of = caller.organization();
        let today = self.now().0.div_euclid(86_400_000);
        let since = today - i64::from(days.clamp(1, OVERVIEW_DAYS)) + 1;
        self.store
            .read(move |read| {
                Ok(Figures {
                    today,
                    tallies: read.tallies(of, since)?,
                    queue: read.queue(of)?,
                })
            })
            .await
    }
}
