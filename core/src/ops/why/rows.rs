//! Tables that are compiled in as CSV.

use csv::ReaderBuilder;

/// The rows of a table with this head, each cell trimmed.
///
/// # Errors
/// Words about the first line that does not fit.
pub(super) fn rows<const N: usize>(csv: &str, head: [&str; N]) -> Result<Vec<[String; N]>, String> {
    let mut reader = ReaderBuilder::new().from_reader(csv.as_bytes());
    let found = reader.headers().map_err(|error| error.to_string())?;
    if found != head.as_slice() {
        return Err(format!("the head is {found:?}, not {head:?}"));
    }
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| error.to_string())?;
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        // A row of another length is an error of the reader's already.
        <[String; N]>::try_from(cells).map_err(|cells| format!("{} cells", cells.len()))
    };
    reader.records().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_length_of_their_head() {
        let read = |csv| rows(csv, ["a", "b"]);
        assert_eq!(
            read("a,b\n 1 ,\"x, y\"\n"),
            Ok(vec![["1".to_owned(), "x, y".to_owned()]])
        );
        assert!(read("b,a\n").is_err());
        assert!(read("a,b\n1\n").is_err());
    }
}
