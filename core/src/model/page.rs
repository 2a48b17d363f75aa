//! A part of a list.

use super::words::words;
use crate::limits::{LIST_ROWS, PAGE_ROWS, PAGE_ROWS_DEFAULT};

words! {
    /// Which way a list runs.
    Direction {
        /// Smallest first.
        Ascending = "asc",
        /// Largest first.
        Descending = "desc",
    }
}

/// Which rows of a list. What a caller asks out of range is clamped, not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many, from 1 on.
    pub rows: u32,
    /// How many to leave out first.
    pub skip: u32,
}

impl Page {
    /// All of a list that its contract does not page.
    pub const WHOLE: Self = Self {
        rows: LIST_ROWS,
        skip: 0,
    };

    /// The first so many.
    #[must_use]
    pub const fn first(rows: u32) -> Self {
        Self { rows, skip: 0 }
    }

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
