//! The content of a message: DATA's dots taken away, BDAT's chunks put together, and strict
//! about what ends a line.
//!
//! Only CRLF does (RFC 5321 section 2.3.8). A message with anything else is refused as a
//! whole: were it passed on, the next server might see it end where we did not, or the
//! other way about (CVE-2023-51764, CVE-2023-51765, CVE-2023-51766).

use super::limits::TEXT_LINE_BYTES;

/// Why a message cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A CR or LF that is not part of a CRLF.
    BareEnd,
    /// A line is longer than [`TEXT_LINE_BYTES`].
    LineTooLong,
    /// The message is past the bound.
    TooLarge,
    /// There is no memory for it just now.
    NoRoom,
}

/// How DATA came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By CRLF, a dot, CRLF.
    Strictly,
    /// By a dot on what only a lax server would call a line of its own; nobody can say
    /// whether the client meant it.
    Doubtfully,
}

/// What has come of a message: lines that end in CRLF, without DATA's extra dots.
#[derive(Debug)]
pub struct Content {
    bytes: Vec<u8>,
    limit_bytes: usize,
    /// Bytes of the line so far.
    column: usize,
    /// A chunk ended in CR; its LF may begin the next.
    open_cr: bool,
    fault: Option<Fault>,
}

impl Content {
    /// Nothing yet, and never more than `limit_bytes`.
    #[must_use]
    pub const fn new(limit_bytes: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit_bytes,
            column: 0,
            open_cr: false,
            fault: None,
        }
    }

    /// What it takes in memory, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Why it cannot be taken, as far as is known.
    #[must_use]
    pub const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Whatever was wrong first stays; what was kept is let go.
    pub fn refuse(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
        self.bytes = Vec::new();
    }

    /// The whole message.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        if self.open_cr {
            self.refuse(Fault::BareEnd);
        }
        // The last chunk may end inside a line; a line ends in CRLF all the same.
        if self.column > 0 {
            self.end_line();
        }
        match self.fault {
            None => Ok(self.bytes),
            Some(fault) => Err(fault),
        }
    }

    /// Adds bytes of a chunk.
    pub fn chunk(&mut self, mut bytes: &[u8]) {
        while let Some(&first) = bytes.first() {
            if self.open_cr {
                self.open_cr = false;
                if first == b'\n' {
                    self.end_line();
                    bytes = &bytes[1..];
                } else {
                    self.refuse(Fault::BareEnd);
                }
                continue;
            }
            let run = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
            self.text(&bytes[..run]);
            match bytes.get(run) {
                Some(b'\r') => self.open_cr = true,
                Some(_) => self.refuse(Fault::BareEnd),
                None => {}
            }
            bytes = bytes.get(run + 1..).unwrap_or_default();
        }
    }

    fn text(&mut self, run: &[u8]) {
        self.column += run.len();
        if self.column > TEXT_LINE_BYTES {
            self.refuse(Fault::LineTooLong);
        }
        self.push(run);
    }

    fn end_line(&mut self) {
        self.column = 0;
        self.push(b"\r\n");
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.fault.is_none() {
            if bytes.len() > self.limit_bytes - self.bytes.len() {
                return self.refuse(Fault::TooLarge);
            }
            self.bytes.extend_from_slice(bytes);
        }
    }
}

/// What began the line that we are at the beginning of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// CRLF, or the DATA command.
    Real,
    /// A bare CR or LF.
    Doubtful,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Start(Line),
    /// After a dot at the start.
    Dot(Line),
    /// After such a dot and a CR.
    DotCr(Line),
    Text,
    /// After a CR elsewhere; whether it was all that there was since a doubtful line end.
    Cr(Line),
}

/// Takes away the dots of DATA (RFC 5321 section 4.5.2), and finds its end.
#[derive(Debug)]
pub struct Unstuff {
    at: At,
}

impl Default for Unstuff {
    fn default() -> Self {
        Self {
            at: At::Start(Line::Real),
        }
    }
}

impl Unstuff {
    /// Moves bytes into `content`; how many were used, and how the message ended if it did.
    pub fn feed(&mut self, bytes: &[u8], content: &mut Content) -> (usize, Option<Ended>) {
        let mut used = 0;
        while let Some(&byte) = bytes.get(used) {
            match (self.at, byte) {
                (At::Start(line), b'.') => self.step(At::Dot(line), &mut used),
                // An empty line leaves as much doubt as there was: CR CR LF is no line end.
                (At::Start(line), b'\r') => self.step(At::Cr(line), &mut used),
                (At::Text, b'\r') => self.step(At::Cr(Line::Real), &mut used),
                (At::Start(_) | At::Text, b'\n') => {
                    content.refuse(Fault::BareEnd);
                    self.step(At::Start(Line::Doubtful), &mut used);
                }
                (At::Start(_) | At::Text, _) => {
                    let rest = &bytes[used..];
                    let run = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
                    content.text(&rest[..run]);
                    self.at = At::Text;
                    used += run;
                }
                (At::Cr(line), b'\n') => {
                    content.end_line();
                    self.step(At::Start(line), &mut used);
                }
                (At::Cr(_), _) => {
                    content.refuse(Fault::BareEnd);
                    self.at = At::Start(Line::Doubtful);
                }
                (At::Dot(line), b'\r') => self.step(At::DotCr(line), &mut used),
                (At::DotCr(Line::Real), b'\n') => {
                    return (used + 1, Some(Ended::Strictly));
                }
                (At::Dot(_), b'\n') | (At::DotCr(_), _) => {
                    content.refuse(Fault::BareEnd);
                    return (used + 1, Some(Ended::Doubtfully));
                }
                (At::Dot(_), _) => self.at = At::Text,
            }
        }
        (used, None)
    }

    const fn step(&mut self, at: At, used: &mut usize) {
        self.at = at;
        *used += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 4_096;

    type Outcome = (Option<Ended>, usize, Result<Vec<u8>, Fault>);

    /// What comes of `wire`, given in pieces of `step` bytes.
    fn data(wire: &[u8], step: usize) -> Outcome {
        let (mut unstuff, mut content) = (Unstuff::default(), Content::new(LIMIT));
        let mut used = 0;
        for piece in wire.chunks(step) {
            let (taken, ended) = unstuff.feed(piece, &mut content);
            used += taken;
            if ended.is_some() {
                return (ended, used, content.finish());
            }
        }
        (None, used, content.finish())
    }

    fn all_ways(wire: &[u8]) -> Outcome {
        let whole = data(wire, wire.len().max(1));
        for step in 1..wire.len() {
            assert_eq!(
                data(wire, step),
                whole,
                "{:?}",
                String::from_utf8_lossy(wire)
            );
        }
        whole
    }

    #[test]
    fn dots_are_taken_away_and_one_alone_is_the_end() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b".\r\n", b""),
            (b"a\r\n.\r\n", b"a\r\n"),
            (b"..\r\n...\r\n.x\r\n.\r\n", b".\r\n..\r\nx\r\n"),
            (b"\r\n\r\n.\r\n", b"\r\n\r\n"),
            (b"a.\r\n.b.\r\n.\r\n", b"a.\r\nb.\r\n"),
            (b"a\0\xff\r\n.\r\n", b"a\0\xff\r\n"),
        ];
        for (wire, content) in cases {
            let (ended, used, taken) = all_ways(wire);
            assert_eq!(ended, Some(Ended::Strictly));
            assert_eq!(used, wire.len());
            assert_eq!(taken, Ok(content.to_vec()));
            let mut more = wire.to_vec();
            more.extend_from_slice(b"QUIT\r\n");
            assert_eq!(all_ways(&more).1, wire.len(), "what follows is no text");
        }
    }

    #[test]
    fn no_other_end_is_an_end() {
        // Each of these has been taken for the end of a message by some server.
        for end in [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r\n.\r",
            "\r.\r\n",
            "\r.\r",
            "\r.\n",
            "\n.\r",
            "\r\n.\r\r\n",
            "\n\r.\r\n",
            "\r\r\n.\n",
            "\r\r\n.\r\n",
        ] {
            let wire = format!("a{end}MAIL FROM:<x@y.test>\r\n.\r\n");
            let (ended, used, taken) = all_ways(wire.as_bytes());
            assert_eq!(taken, Err(Fault::BareEnd), "{end:?}");
            assert_eq!(ended, Some(Ended::Doubtfully), "{end:?}");
            // One more byte is looked at where a CR might have been half a CRLF.
            assert!(used <= 2 + end.len(), "{end:?}");
        }
    }

    #[test]
    fn a_bare_line_end_spoils_the_message_and_not_the_dialogue() {
        for middle in [
            "b\nc", "b\rc", "\n", "\r", "b\r\r", "\n..", "\nx.", "\0\r\0",
        ] {
            let wire = format!("a\r\n{middle}\r\nd\r\n.\r\n");
            let (ended, used, taken) = all_ways(wire.as_bytes());
            assert_eq!(ended, Some(Ended::Strictly), "{middle:?}");
            assert_eq!(
                (used, taken),
                (wire.len(), Err(Fault::BareEnd)),
                "{middle:?}"
            );
        }
    }

    #[test]
    fn lines_and_messages_have_their_bounds() {
        let line = "x".repeat(TEXT_LINE_BYTES);
        assert!(data(format!("{line}\r\n.\r\n").as_bytes(), 100).2.is_ok());
        let dotted = format!("..{}\r\n.\r\n", &line[1..]);
        assert!(
            data(dotted.as_bytes(), 100).2.is_ok(),
            "the dot that goes is not counted"
        );
        let long = format!("x{line}\r\n.\r\n");
        assert_eq!(data(long.as_bytes(), 100).2, Err(Fault::LineTooLong));
        let full = format!("{}\r\n", "x".repeat(510)).repeat(8);
        assert_eq!(full.len(), LIMIT);
        assert!(data(format!("{full}.\r\n").as_bytes(), 100).2.is_ok());
        let (ended, _, taken) = data(format!("{full}y\r\n.\r\n").as_bytes(), 100);
        assert_eq!(
            (ended, taken),
            (Some(Ended::Strictly), Err(Fault::TooLarge))
        );
    }

    #[test]
    fn chunks_keep_their_dots_and_may_split_anywhere() {
        let whole = b".\r\n..\r\nlast";
        for cut in 0..whole.len() {
            let mut content = Content::new(LIMIT);
            content.chunk(&whole[..cut]);
            content.chunk(&whole[cut..]);
            assert_eq!(content.finish(), Ok(b".\r\n..\r\nlast\r\n".to_vec()));
        }
        for wrong in ["a\nb\r\n", "a\rb\r\n", "a\r", "\n"] {
            let mut content = Content::new(LIMIT);
            content.chunk(wrong.as_bytes());
            assert_eq!(content.finish(), Err(Fault::BareEnd), "{wrong:?}");
        }
    }
}
