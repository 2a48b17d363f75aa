//! Looks for the records of domains that tasks made: whoever polls asks nobody to.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::limits::VERIFIED_AT_ONCE;

/// How often it is asked which domains are due.
const GAP: Duration = Duration::from_secs(10);

/// The verifying work.
#[derive(Clone)]
pub(super) struct Verifier {
    engine: Posthouse,
    /// No look before this time, in milliseconds.
    not_before: Arc<AtomicI64>,
}

impl Verifier {
    pub(super) fn new(engine: Posthouse) -> Self {
        Self {
            engine,
            not_before: Arc::new(AtomicI64::new(i64::MIN)),
        }
    }

    pub(super) async fn step(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let not_before = Timestamp(self.not_before.load(Ordering::Relaxed));
        if now < not_before {
            return Ok(Some(not_before));
        }
        let due = self
            .engine
            .store
            .look(move |read| read.unproved_domains(now, VERIFIED_AT_ONCE))
            .await?;
        let looks = due
            .iter()
            .map(|(of, id)| self.engine.look_at_domain(*of, *id));
        for looked in join_all(looks).await {
            match looked {
                // It was removed meanwhile.
                Ok(_) | Err(Error::Missing(Missing::Domain)) => {}
                Err(error) => return Err(error),
            }
        }
        let next = if due.is_empty() { now.plus(GAP) } else { now };
        self.not_before.store(next.0, Ordering::Relaxed);
        Ok(Some(next))
    }
}
