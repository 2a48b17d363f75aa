//! Values of IMAP as they are written, read from bytes.

use std::fmt;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word, with what stands in brackets behind it.
    Word(String),
    /// Quoted or as a literal, which is all the same.
    Text(Vec<u8>),
    List(Vec<Value>),
}

impl Value {
    pub fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Text(_) | Self::List(_) => "",
        }
    }

    pub fn list(&self) -> &[Value] {
        match self {
            Self::List(values) => values,
            Self::Word(_) | Self::Text(_) => &[],
        }
    }

    /// The same with its text in small letters.
    pub fn lower(&self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.to_ascii_lowercase()),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => to.write_str(word),
            Self::Text(text) => write!(to, "\"{}\"", text.escape_ascii()),
            Self::List(values) => {
                to.write_str("(")?;
                for (at, value) in values.iter().enumerate() {
                    write!(to, "{}{value}", if at > 0 { " " } else { "" })?;
                }
                to.write_str(")")
            }
        }
    }
}

/// The values of a response, whose literals stand in it.
///
/// # Panics
/// When it has an end too few or too many.
pub fn values(bytes: &[u8]) -> Vec<Value> {
    let mut reader = Reader(bytes);
    let mut found = Vec::new();
    while let Some(value) = reader.next() {
        found.push(value);
    }
    assert!(
        reader.0.is_empty(),
        "{} of {}",
        reader.0.escape_ascii(),
        bytes.escape_ascii()
    );
    found
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken.to_vec()
    }

    /// The next value; None at the end of a list, or of all.
    fn next(&mut self) -> Option<Value> {
        while self.0.first() == Some(&b' ') {
            self.take(1);
        }
        match self.0.first()? {
            b')' => None,
            b'(' => {
                self.take(1);
                let mut list = Vec::new();
                while let Some(value) = self.next() {
                    list.push(value);
                }
                assert_eq!(self.take(1), b")", "a list without its end");
                Some(Value::List(list))
            }
            b'"' => Some(Value::Text(self.quoted())),
            b'{' | b'~' if self.literal_bytes().is_some() => {
                let bytes = self.literal_bytes()?;
                let start = self.0.windows(2).position(|two| two == b"\r\n")?;
                self.take(start + 2);
                Some(Value::Text(self.take(bytes)))
            }
            _ => Some(Value::Word(self.word())),
        }
    }

    fn quoted(&mut self) -> Vec<u8> {
        self.take(1);
        let mut text = Vec::new();
        loop {
            match self.take(1).as_slice() {
                b"\"" => return text,
                b"\\" => text.extend(self.take(1)),
                [] => panic!("a text without its end"),
                one => text.extend_from_slice(one),
            }
        }
    }

    fn literal_bytes(&self) -> Option<usize> {
        let end = self.0.windows(3).position(|three| three == b"}\r\n")?;
        let text = std::str::from_utf8(&self.0[..end]).ok()?;
        let digits = text.strip_prefix('~').unwrap_or(text).strip_prefix('{')?;
        digits.parse().ok()
    }

    fn word(&mut self) -> String {
        let mut depth = 0_u32;
        let end = self.0.iter().position(|byte| {
            match byte {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b' ' | b'(' | b')' if depth == 0 => return true,
                _ => {}
            }
            false
        });
        let word = self.take(end.unwrap_or(self.0.len()));
        String::from_utf8_lossy(&word).into_owned()
    }
}

/// The numbers of a set such as `1:3,7`, as they stand there.
pub fn numbers(set: &str) -> Vec<u64> {
    let ends = set.split(',').filter_map(|range| {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        Some((from.parse::<u64>().ok()?, to.parse::<u64>().ok()?))
    });
    ends.flat_map(|(from, to)| from.min(to)..=from.max(to))
        .collect()
}
