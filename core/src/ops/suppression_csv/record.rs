//! The rows of a sheet as bytes, with the lines that they begin on.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::sheet::Stop;
use crate::limits::{SHEET_COLUMNS, SHEET_ROW_BYTES};

/// Bytes that are asked for at once.
const CHUNK_BYTES: usize = 8192;

/// One row.
pub(super) struct Record<'a> {
    /// The line that it begins on, counted from 1.
    pub line: u64,
    bytes: &'a [u8],
    ends: &'a [usize],
}

impl Record<'_> {
    /// A cell; empty past the last.
    pub fn cell(&self, place: usize) -> &[u8] {
        let Some(end) = self.ends.get(place) else {
            return &[];
        };
        let start = match place.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        &self.bytes[start..*end]
    }

    /// Its cells.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|place| self.cell(place))
    }
}

/// The rows of a source. One of them is in memory at a time, and no more than a row may
/// have: a quote that is never closed does not fill it.
pub(super) struct Records<R> {
    from: R,
    parser: Reader,
    chunk: Vec<u8>,
    /// How much of the chunk is parsed.
    parsed: usize,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    lines: Lines,
}

impl<R: Read> Records<R> {
    /// Rows with this between their cells, of `head` and what follows it in `from`.
    pub fn new(between: u8, head: Vec<u8>, from: R) -> Self {
        Self {
            from,
            parser: ReaderBuilder::new().delimiter(between).build(),
            chunk: head,
            parsed: 0,
            bytes: vec![0; SHEET_ROW_BYTES],
            ends: vec![0; SHEET_COLUMNS],
            lines: Lines::default(),
        }
    }

    /// The next row; None after the last.
    ///
    /// # Errors
    /// At a row that cannot be read. There are none after it.
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Stop> {
        let (mut length, mut cells) = (0, 0);
        self.lines.begin();
        loop {
            if self.parsed == self.chunk.len() {
                self.fill()?;
            }
            let (result, read, wrote, ended) = self.parser.read_record(
                &self.chunk[self.parsed..],
                &mut self.bytes[length..],
                &mut self.ends[cells..],
            );
            self.lines
                .pass(&self.chunk[self.parsed..self.parsed + read]);
            self.parsed += read;
            length += wrote;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    return Err(self.stop(format!(
                        "the row is longer than {SHEET_ROW_BYTES} bytes; is there a quote that is not closed?"
                    )));
                }
                ReadRecordResult::OutputEndsFull => {
                    return Err(self.stop(format!("the row has over {SHEET_COLUMNS} columns")));
                }
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    return Ok(Some(Record {
                        line: self.lines.begun_on,
                        bytes: &self.bytes[..length],
                        ends: &self.ends[..cells],
                    }));
                }
            }
        }
    }

    /// An empty chunk is the end.
    fn fill(&mut self) -> Result<(), Stop> {
        self.parsed = 0;
        self.chunk.resize(CHUNK_BYTES, 0);
        let read = loop {
            match self.from.read(&mut self.chunk) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.chunk.truncate(*read.as_ref().unwrap_or(&0));
        read.map(drop).map_err(|error| self.stop(error.to_string()))
    }

    fn stop(&self, why: String) -> Stop {
        Stop {
            line: self.lines.begun_on,
            why,
        }
    }
}

/// Counts lines, which end with CR, LF or both.
struct Lines {
    at: u64,
    after_cr: bool,
    begun_on: u64,
    begun: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            at: 1,
            after_cr: false,
            begun_on: 1,
            begun: false,
        }
    }
}

impl Lines {
    /// A row begins, once the empty lines before it are passed.
    fn begin(&mut self) {
        self.begun = false;
        self.begun_on = self.at;
    }

    fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let ends = match byte {
                b'\r' => true,
                b'\n' => !self.after_cr,
                _ => false,
            };
            self.after_cr = *byte == b'\r';
            self.at += u64::from(ends);
            self.begun |= !matches!(byte, b'\r' | b'\n');
            if !self.begun {
                self.begun_on = self.at;
            }
        }
    }
}
