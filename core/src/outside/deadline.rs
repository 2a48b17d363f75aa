//! A point in time that a whole exchange must not pass, however many steps it has.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// Longest budget that is told apart from "for ever"; a larger one is cut to it.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// The point in time. Steps have limits of their own, which it caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

/// The deadline, or the limit of the step, passed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed;

impl Deadline {
    /// The point `budget` from now.
    #[must_use]
    pub fn after(budget: Duration) -> Self {
        Self(Instant::now() + budget.min(LONGEST))
    }

    /// Runs one step, for at most `limit` and never past the deadline.
    ///
    /// # Errors
    /// [`Passed`] when the time is over; the step is dropped where it stood.
    pub async fn cap<T>(self, limit: Duration, step: impl Future<Output = T>) -> Result<T, Passed> {
        let end = self.0.min(Instant::now() + limit.min(LONGEST));
        timeout_at(end, step).await.map_err(|_| Passed)
    }

    /// Runs one step that only the deadline itself bounds.
    ///
    /// # Errors
    /// [`Passed`] when the time is over; the step is dropped where it stood.
    pub async fn run<T>(self, step: impl Future<Output = T>) -> Result<T, Passed> {
        timeout_at(self.0, step).await.map_err(|_| Passed)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn the_earlier_end_counts() {
        let long = Deadline::after(Duration::MAX);
        assert_eq!(long.cap(Duration::MAX, ready(1)).await, Ok(1));
        assert_eq!(long.cap(Duration::ZERO, pending::<()>()).await, Err(Passed));
        let over = Deadline::after(Duration::ZERO);
        assert_eq!(over.cap(Duration::MAX, pending::<()>()).await, Err(Passed));
        assert_eq!(over.run(pending::<()>()).await, Err(Passed));
    }
}
