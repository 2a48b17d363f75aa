//! A connection that hears responses with the literals in them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Long, where an answer takes no time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
pub struct Wire {
    reader: BufReader<TcpStream>,
}

impl Wire {
    /// Connects.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Self {
            reader: BufReader::new(stream),
        }
    }

    /// Says bytes as they are; whoever has hung up does not hear them.
    pub fn say(&mut self, bytes: &[u8]) {
        drop(self.reader.get_mut().write_all(bytes));
    }

    /// A line without its end; None when the connection is over.
    ///
    /// # Panics
    /// When nothing comes.
    pub fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let heard = self.reader.read_until(b'\n', &mut line);
        if let Err(error) = &heard
            && error.kind() != std::io::ErrorKind::ConnectionReset
        {
            panic!("nothing comes: {error}");
        }
        let whole = line.strip_suffix(b"\n")?;
        Some(whole.strip_suffix(b"\r").unwrap_or(whole).to_vec())
    }

    /// A response with its literals, without its end.
    ///
    /// # Panics
    /// When nothing comes.
    pub fn response(&mut self) -> Option<Vec<u8>> {
        let mut response = self.line()?;
        while let Some(bytes) = literal_bytes(&response) {
            response.extend_from_slice(b"\r\n");
            let start = response.len();
            response.resize(start + bytes, 0);
            self.reader
                .read_exact(&mut response[start..])
                .expect("a whole literal");
            response.extend(self.line().expect("what follows a literal"));
        }
        Some(response)
    }
}

/// What follows a line that ends with the start of a literal.
fn literal_bytes(line: &[u8]) -> Option<usize> {
    let digits = line.strip_suffix(b"}")?;
    let start = digits.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&digits[start + 1..]).ok()?.parse().ok()
}
