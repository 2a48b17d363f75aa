//! A sheet of addresses: which column is which, and what a row says.

use std::fmt;
use std::io::{self, Read};

use super::record::{Record, Records};
use super::unguarded;
use crate::clock::Timestamp;
use crate::limits::SHOWN_CHARACTERS;
use crate::model::address::{Address, AddressError, DomainName};
use crate::model::suppression::SuppressionReason;

/// Of a sheet, the bytes that are looked at for what stands between its cells.
const HEAD_BYTES: u64 = 4096;

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The line that it begins on, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub fault: RowFault,
}

/// What is wrong with a row. Pieces of it are cut to what can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// Its bytes are no text.
    #[error("it is not UTF-8")]
    NotText,
    /// There is nothing in the column of the address.
    #[error("it has no address")]
    NoAddress,
    /// What is there is no address.
    #[error("`{0}` {1}")]
    Address(String, AddressError),
    /// The word is no reason.
    #[error("the reason `{0}` is none of bounce, complaint, unsubscribe and manual")]
    Reason(String),
    /// No domain of the organization has this name.
    #[error("`{0}` is no domain of this organization")]
    Domain(String),
    /// It is no moment, or one that is to come.
    #[error("`{0}` is no moment of the past such as 2024-03-09T08:15:30Z")]
    Since(String),
}

/// Why a sheet was not read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The line of the row that could not be read.
    pub line: u64,
    /// Why.
    pub why: String,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub line: u64,
    /// In the form that addresses are compared in.
    pub address: String,
    /// None when the row does not say.
    pub reason: Option<SuppressionReason>,
    /// The host of a domain, lower case; None when the row does not say.
    pub host: Option<String>,
    pub detail: Option<String>,
    pub since: Option<Timestamp>,
}

/// Some rows of a sheet.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub good: Vec<Entry>,
    pub bad: Vec<BadRow>,
    pub end: End,
}

/// Whether there are more rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    /// There may be.
    #[default]
    NotYet,
    /// These were the last.
    Reached,
    /// The rest cannot be read.
    Stopped(Stop),
}

/// Where the columns are; without a head, the address is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    address: usize,
    reason: Option<usize>,
    domain: Option<usize>,
    detail: Option<usize>,
    since: Option<usize>,
}

impl Columns {
    /// None when no column has the name of one with addresses: the row is no head.
    fn named_by(head: &Record<'_>) -> Option<Self> {
        let names: Vec<String> = head
            .cells()
            .map(|cell| {
                let letters = cell.iter().filter(|byte| byte.is_ascii_alphanumeric());
                letters
                    .map(|byte| byte.to_ascii_lowercase() as char)
                    .collect()
            })
            .collect();
        let place = |wanted: &[&str]| {
            wanted
                .iter()
                .find_map(|wanted| names.iter().position(|name| name == wanted))
        };
        Some(Self {
            // Beside an email, an address is that of a house.
            address: place(&["email", "emailaddress", "address"])?,
            reason: place(&["reason"]),
            domain: place(&["domain"]),
            detail: place(&["detail"]),
            since: place(&["createdat"]),
        })
    }
}

/// A sheet that is being read.
pub(super) struct Sheet<R> {
    rows: Records<R>,
    columns: Columns,
    begun: bool,
}

impl<R: Read> Sheet<R> {
    /// A sheet with commas, semicolons or tabs between its cells, as its first line says.
    ///
    /// # Errors
    /// As `from` says.
    pub fn open(mut from: R) -> io::Result<Self> {
        let mut head = Vec::new();
        from.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(Self {
            rows: Records::new(separator(&head), head, from),
            columns: Columns::default(),
            begun: false,
        })
    }

    /// The next rows, this many at most. A row whose moment is after `now` is a bad one.
    pub fn step(&mut self, most: usize, now: Timestamp) -> Rows {
        let mut found = Rows::default();
        while found.good.len() + found.bad.len() < most {
            let row = match self.rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    found.end = End::Reached;
                    break;
                }
                Err(stop) => {
                    found.end = End::Stopped(stop);
                    break;
                }
            };
            if !self.begun {
                self.begun = true;
                if let Some(columns) = Columns::named_by(&row) {
                    self.columns = columns;
                    continue;
                }
            }
            match self.columns.entry(&row, now) {
                Ok(entry) => found.good.push(entry),
                Err(fault) => found.bad.push(BadRow {
                    line: row.line,
                    fault,
                }),
            }
        }
        found
    }
}

/// What stands between the cells of the first line.
fn separator(head: &[u8]) -> u8 {
    let mut quoted = false;
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let lines = head.split(ends).find(|line| !line.is_empty());
    lines
        .unwrap_or_default()
        .iter()
        .copied()
        .find(|byte| {
            quoted ^= *byte == b'"';
            !quoted && matches!(byte, b',' | b';' | b'\t')
        })
        .unwrap_or(b',')
}

impl Columns {
    fn entry(self, row: &Record<'_>, now: Timestamp) -> Result<Entry, RowFault> {
        let cell = |place: usize| -> Result<Option<&str>, RowFault> {
            let bytes = row.cell(place);
            let text = std::str::from_utf8(bytes).map_err(|_| RowFault::NotText)?;
            Ok((!text.trim().is_empty()).then_some(text))
        };
        let named = |place: Option<usize>| place.map_or(Ok(None), cell);
        let address = cell(self.address)?.ok_or(RowFault::NoAddress)?;
        // Only what is shown to a person is kept as it is, blanks and all.
        let word = |text: &'_ str| unguarded(text.trim()).to_owned();
        Ok(Entry {
            line: row.line,
            address: checked_address(&word(address))?,
            reason: named(self.reason)?
                .map(|text| checked_reason(&word(text)))
                .transpose()?,
            host: named(self.domain)?
                .map(|text| checked_host(&word(text)))
                .transpose()?,
            detail: named(self.detail)?.map(|text| unguarded(text).to_owned()),
            since: named(self.since)?
                .map(|text| checked_since(&word(text), now))
                .transpose()?,
        })
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS).collect()
}

fn checked_address(text: &str) -> Result<String, RowFault> {
    match Address::parse(text) {
        Ok(address) => Ok(address.key()),
        Err(error) => Err(RowFault::Address(shown(text), error)),
    }
}

fn checked_reason(text: &str) -> Result<SuppressionReason, RowFault> {
    SuppressionReason::parse(&text.to_lowercase()).ok_or_else(|| RowFault::Reason(shown(text)))
}

fn checked_host(text: &str) -> Result<String, RowFault> {
    match DomainName::parse(text) {
        Ok(name) => Ok(name.as_str().to_owned()),
        Err(_) => Err(RowFault::Domain(shown(text))),
    }
}

/// A moment, or a day, which begins at midnight in UTC.
fn checked_since(text: &str, now: Timestamp) -> Result<Timestamp, RowFault> {
    Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z")))
        .filter(|at| *at <= now)
        .ok_or_else(|| RowFault::Since(shown(text)))
}
