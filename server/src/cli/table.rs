//! Columns of text for people.

use std::io::{self, Write};

use posthouse::clock::Timestamp;

/// The widest that free text gets in a column, in characters.
const TEXT_WIDTH: usize = 60;

/// A table: a head, and rows of as many cells.
pub struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// A table with this head.
    #[must_use]
    pub fn new(head: [&str; N]) -> Self {
        Self {
            rows: vec![head.map(str::to_owned)],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| one_line(&cell)));
    }

    /// Writes the table, each column as wide as its widest cell; or, when it has no rows,
    /// `none`.
    ///
    /// # Errors
    /// As `to` says.
    pub fn write(&self, to: &mut dyn Write, none: &str) -> io::Result<()> {
        if self.rows.len() == 1 {
            return writeln!(to, "{none}");
        }
        let mut widths = [0; N];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &self.rows {
            let mut line = String::new();
            for (width, cell) in widths.iter().zip(row) {
                let gap = width - cell.chars().count() + 2;
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', gap));
            }
            writeln!(to, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Names and values below each other.
///
/// # Errors
/// As `to` says.
pub fn fields(to: &mut dyn Write, fields: &[(&str, String)]) -> io::Result<()> {
    let width = fields
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in fields {
        writeln!(to, "{name:<width$}  {}", one_line(value))?;
    }
    Ok(())
}

/// Line ends would break a row in two.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t']).collect::<Vec<_>>().join(" ")
}

/// A text, or a dash.
#[must_use]
pub fn or_dash(text: Option<&str>) -> String {
    text.filter(|text| !text.is_empty())
        .unwrap_or("-")
        .to_owned()
}

/// The start of a text that may be long.
#[must_use]
pub fn start_of(text: &str) -> String {
    if text.chars().count() <= TEXT_WIDTH {
        return text.to_owned();
    }
    let start: String = text.chars().take(TEXT_WIDTH - 1).collect();
    format!("{start}…")
}

/// A moment to the second, such as `2024-03-09 08:15:30Z`.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.to_the_second()
}

/// A moment, or a dash.
#[must_use]
pub fn moment_or_dash(at: Option<Timestamp>) -> String {
    at.map_or_else(|| String::from("-"), moment)
}

/// A number of bytes in the unit that fits.
#[must_use]
pub fn size(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // One decimal is shown.
    let number = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", number / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", number / 1e6),
        _ => format!("{:.1} GB", number / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must() {
        let mut table = Table::new(["ID", "HOST", "STATE"]);
        table.row(["1".into(), "acme.test".into(), "ok".into()]);
        table.row(["200".into(), "ä.test".into(), "two\nlines".into()]);
        let mut text = Vec::new();
        table.write(&mut text, "none").unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "ID   HOST       STATE\n1    acme.test  ok\n200  ä.test     two lines\n"
        );
    }

    #[test]
    fn an_empty_table_says_so() {
        let mut text = Vec::new();
        Table::new(["ID"]).write(&mut text, "No domains.").unwrap();
        assert_eq!(text, b"No domains.\n");
    }

    #[test]
    fn moments_and_sizes() {
        assert_eq!(moment(Timestamp(1_709_972_130_120)), "2024-03-09 08:15:30Z");
        assert_eq!(
            [999, 1_500, 2_000_000].map(size),
            ["999 B", "1.5 kB", "2.0 MB"]
        );
    }
}
