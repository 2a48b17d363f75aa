//! Suppression lists as CSV (RFC 4180): read row by row and written page by page, so that a
//! list of any length takes the memory of a few hundred rows.

mod import;
mod record;
mod sheet;
#[cfg(test)]
mod tests;
mod write;

pub use self::import::{Effect, ImportTerms, Imported};
pub use self::sheet::{BadRow, RowFault, Stop};
pub use self::write::CsvPage;

/// The columns of a list that is written, and of one that is read.
const COLUMNS: [&str; 5] = ["address", "reason", "domain", "detail", "created_at"];

/// What a spreadsheet takes for the beginning of a formula, in its ASCII and its full-width
/// form, and the blanks that some skip before one.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet could take the cell for a formula once this many quotes are taken
/// from its front: an address may begin with `+`, and with a quote before it.
fn hazard(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// A cell that no spreadsheet runs: a quote before it makes it text.
fn guarded(cell: &str) -> String {
    if hazard(cell) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

/// The cell that [`guarded`] was given.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if hazard(rest) => rest,
        Some(_) | None => cell,
    }
}
