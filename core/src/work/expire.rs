//! Removes what is past its time, in small steps that hold up no writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::limits::{
    EXPIRE_STEP, IDEMPOTENCY_AGE, MAILBOX_UNDO, RELAY_USE_AGE, SESSION_IDLE, SESSION_LONGEST,
    TASK_AGE,
};

/// How often there is a look when there was nothing to remove.
const GAP: Duration = Duration::from_secs(60);
const DAY_MS: u64 = 86_400_000;

/// The cleaning work.
#[derive(Clone)]
pub(super) struct Cleaner {
    engine: Posthouse,
    /// No look before this time, in milliseconds.
    not_before: Arc<AtomicI64>,
}

impl Cleaner {
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
        let days = self.engine.settings().audit_keep_days;
        let audits = days.map(|days| {
            let milliseconds = days.get().saturating_mul(DAY_MS);
            let age = i64::try_from(milliseconds).unwrap_or(i64::MAX);
            Timestamp(now.0.saturating_sub(age))
        });
        let removed = self
            .engine
            .store
            .write(move |write| {
                Ok(
                    write.expire_idempotent(now.minus(IDEMPOTENCY_AGE), EXPIRE_STEP)?
                        + write.expire_relay_use(now.minus(RELAY_USE_AGE), EXPIRE_STEP)?
                        + write.expire_mailboxes(now.minus(MAILBOX_UNDO), EXPIRE_STEP, now)?
                        + write.expire_sessions(
                            (now.minus(SESSION_IDLE), now.minus(SESSION_LONGEST)),
                            now,
                            EXPIRE_STEP,
                        )?
                        + write.expire_tasks(now.minus(TASK_AGE), EXPIRE_STEP)?
                        + match audits {
                            Some(before) => write.expire_audits(before, EXPIRE_STEP)?,
                            None => 0,
                        },
                )
            })
            .await?;
        let next = if removed > 0 { now } else { now.plus(GAP) };
        self.not_before.store(next.0, Ordering::Relaxed);
        Ok(Some(next))
    }
}
