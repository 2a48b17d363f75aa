//! A part of a list.

use super::words::words;
use crate::limits::{PAGE_ROWS, PAGE_ROWS_DEFAULT};

words! {
    /// Which way a list runs.
    Direction {
        /// Smallest first.
        Ascending = "asc",
        /// Largest first.
        Descending = "desc",
    }
}

/// Which rows of a list. Out of range is clamped, not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many, 1 to `limits::PAGE_ROWS`.
    pub rows: u32,
    /// How many to leave out first.
    pub skip: u32,
}

impl Page {
    /// The nearest page to what was asked.
    #[must_use]
    pub fn clamped(rows: Option<i64>, skip: Option<i64>) -> Self {
        let rows = rows.unwrap_or(i64::from(PAGE_ROWS_DEFAULT));
        Self {
            rows: u32::try_from(rows.clamp(1, i64::from(PAGE_ROWS))).unwrap_or(PAGE_ROWS),
            skip: u32::try_from(skip.unwrap_or(0).clamp(0, i64::from(u32::MAX))).unwrap_or(0),
        }
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::clamped(None, None)
    }
}
