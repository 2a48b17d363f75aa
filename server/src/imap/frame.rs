//! Whole commands, cut from what comes in: lines, and the literals that they announce
//! (RFC 9051 section 4.3).

use super::limits::{APPEND_BYTES, COMMAND_BYTES, LINE_BYTES, STRANGER_COMMAND_BYTES};

/// Whose commands they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Somebody who has not signed in.
    Stranger,
    /// Somebody who has.
    Known,
}

/// What was cut.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A command with its literals, ended by CRLF.
    Command(Vec<u8>),
    /// The client waits until it may send a literal.
    Wait,
    /// A command that is not taken; its literal does not come.
    Refused {
        /// Empty where there is none.
        tag: String,
        why: Fault,
    },
    /// A command that is not taken and whose end is not waited for.
    Broken(Fault),
}

/// Why a command is not taken, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line is too long.
    LineTooLong,
    /// It is too long.
    TooLong,
    /// The message is too large.
    MessageTooLarge,
    /// There is no room for it now.
    NoRoom,
    /// A line ends in LF alone.
    BareEnd,
}

/// Bytes that came in, and the command that they are part of.
#[derive(Debug, Default)]
pub struct Frames {
    came: Vec<u8>,
    used: usize,
    command: Vec<u8>,
    /// What is still to come of a literal.
    literal_left: usize,
    /// Where the last line of the command begins.
    line_start: usize,
    /// What its literals take, an added message aside.
    small_bytes: usize,
}

/// A literal as a line announces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Literal {
    bytes: usize,
    /// The client waits (RFC 7888).
    waits: bool,
}

impl Frames {
    /// Adds what came.
    pub fn push(&mut self, more: &[u8]) {
        self.came.drain(..self.used);
        self.used = 0;
        self.came.extend_from_slice(more);
    }

    /// Forgets what came.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether a command has begun to come.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.used < self.came.len() || !self.command.is_empty() || self.literal_left > 0
    }

    /// Whether a literal is coming.
    #[must_use]
    pub fn is_in_literal(&self) -> bool {
        self.literal_left > 0
    }

    /// Gives back memory that is not used.
    pub fn shrink(&mut self) {
        if self.used == self.came.len() {
            self.came = Vec::new();
            self.used = 0;
        }
        if self.command.is_empty() {
            self.command = Vec::new();
        }
    }

    /// The next line by itself, without its end; None until it is whole.
    pub fn line(&mut self) -> Option<Result<Vec<u8>, Fault>> {
        let rest = &self.came[self.used..];
        let Some(end) = memchr::memchr(b'\n', rest) else {
            return (rest.len() > LINE_BYTES).then_some(Err(Fault::LineTooLong));
        };
        let line = rest[..end].strip_suffix(b"\r").map(<[u8]>::to_vec);
        self.used += end + 1;
        Some(line.ok_or(Fault::BareEnd))
    }

    /// What there is next; None until more comes. `room` is asked whether there is room for a
    /// literal of so many bytes.
    pub fn next(&mut self, sender: Sender, mut room: impl FnMut(usize) -> bool) -> Option<Frame> {
        loop {
            self.take_literal();
            if self.literal_left > 0 {
                return None;
            }
            let rest = &self.came[self.used..];
            let Some(end) = memchr::memchr(b'\n', rest) else {
                let long = rest.len() > LINE_BYTES;
                return long.then(|| self.broken(Fault::LineTooLong));
            };
            if end >= LINE_BYTES {
                return Some(self.broken(Fault::LineTooLong));
            }
            self.command.extend_from_slice(&rest[..=end]);
            self.used += end + 1;
            if !self.command.ends_with(b"\r\n") {
                return Some(self.refused(Fault::BareEnd));
            }
            let Some(literal) = announced(&self.command[self.line_start..]) else {
                return Some(match self.fits(sender, 0) {
                    Ok(()) => Frame::Command(self.done()),
                    Err(fault) => self.refused(fault),
                });
            };
            let fits = self
                .fits(sender, literal.bytes)
                .and_then(|()| room(literal.bytes).then_some(()).ok_or(Fault::NoRoom));
            match (fits, literal.waits) {
                (Ok(()), waits) => {
                    self.literal_left = literal.bytes;
                    self.command.reserve(literal.bytes.min(COMMAND_BYTES));
                    self.line_start = self.command.len() + literal.bytes;
                    if waits {
                        return Some(Frame::Wait);
                    }
                }
                (Err(fault), true) => return Some(self.refused(fault)),
                // It comes all the same: what follows it could not be told from it.
                (Err(fault), false) => return Some(self.broken(fault)),
            }
        }
    }

    fn take_literal(&mut self) {
        let rest = &self.came[self.used..];
        let here = rest.len().min(self.literal_left);
        self.command.extend_from_slice(&rest[..here]);
        self.used += here;
        self.literal_left -= here;
    }

    /// Whether the command is within its bounds with a literal of so many bytes.
    fn fits(&mut self, sender: Sender, literal_bytes: usize) -> Result<(), Fault> {
        let bound = match sender {
            Sender::Stranger => STRANGER_COMMAND_BYTES,
            Sender::Known => COMMAND_BYTES,
        };
        let line_bytes = self.command.len() - self.line_start;
        if sender == Sender::Known && is_append(&self.command) {
            self.small_bytes += line_bytes;
            return match (literal_bytes > APPEND_BYTES, self.small_bytes > bound) {
                (true, _) => Err(Fault::MessageTooLarge),
                (false, true) => Err(Fault::TooLong),
                (false, false) => Ok(()),
            };
        }
        self.small_bytes += line_bytes + literal_bytes;
        if self.small_bytes > bound {
            return Err(Fault::TooLong);
        }
        Ok(())
    }

    fn done(&mut self) -> Vec<u8> {
        self.line_start = 0;
        self.small_bytes = 0;
        std::mem::take(&mut self.command)
    }

    fn refused(&mut self, why: Fault) -> Frame {
        let tag = tag(&self.done());
        Frame::Refused { tag, why }
    }

    fn broken(&mut self, why: Fault) -> Frame {
        self.clear();
        Frame::Broken(why)
    }
}

/// The tag of a command; empty when it has none.
#[must_use]
pub fn tag(command: &[u8]) -> String {
    let end = command.iter().position(|byte| b" \r\n".contains(byte));
    let tag = &command[..end.unwrap_or(command.len())];
    let fine = |byte: &u8| byte.is_ascii_graphic() && !br#"(){%*"\+"#.contains(byte);
    match !tag.is_empty() && tag.iter().all(fine) {
        true => String::from_utf8_lossy(tag).into_owned(),
        false => String::new(),
    }
}

fn is_append(command: &[u8]) -> bool {
    let word = command.split(|byte| *byte == b' ').nth(1);
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"APPEND"))
}

/// The literal that a line ends in.
fn announced(line: &[u8]) -> Option<Literal> {
    let line = line.strip_suffix(b"}\r\n")?;
    let start = memchr::memrchr(b'{', line)? + 1;
    let (digits, waits) = match line[start..].strip_suffix(b"+") {
        Some(digits) => (digits, false),
        None => (&line[start..], true),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    // One that is past every number is past every bound.
    let bytes = digits.parse().unwrap_or(usize::MAX / 2);
    Some(Literal { bytes, waits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(sender: Sender, input: &[u8], step: usize) -> Vec<Frame> {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for piece in input.chunks(step) {
            frames.push(piece);
            while let Some(frame) = frames.next(sender, |bytes| bytes != 777) {
                found.push(frame);
            }
        }
        found
    }

    fn command(text: &str) -> Frame {
        Frame::Command(text.as_bytes().to_vec())
    }

    fn refused(tag: &str, why: Fault) -> Frame {
        let tag = tag.to_owned();
        Frame::Refused { tag, why }
    }

    #[test]
    fn commands_are_cut_however_they_come() {
        let input = b"a NOOP\r\nb LOGIN {3}\r\nkim {4+}\r\npass\r\nc X \"{5}\"\r\nd Y {0}\r\n\r\n";
        let expected = [
            command("a NOOP\r\n"),
            Frame::Wait,
            command("b LOGIN {3}\r\nkim {4+}\r\npass\r\n"),
            command("c X \"{5}\"\r\n"),
            Frame::Wait,
            command("d Y {0}\r\n\r\n"),
        ];
        for step in [1, 2, 7, input.len()] {
            assert_eq!(all(Sender::Stranger, input, step), expected, "{step}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_taken() {
        let known = |text: &str| all(Sender::Known, text.as_bytes(), 4096);
        let cases = [
            (
                known("a LOGIN {300000}\r\n"),
                vec![refused("a", Fault::TooLong)],
            ),
            (
                known("a LOGIN {300000+}\r\n"),
                vec![Frame::Broken(Fault::TooLong)],
            ),
            (
                known("a APPEND x {50000001}\r\n"),
                vec![refused("a", Fault::MessageTooLarge)],
            ),
            (known("a APPEND x {50000000}\r\n"), vec![Frame::Wait]),
            (
                known("a APPEND x {777}\r\n"),
                vec![refused("a", Fault::NoRoom)],
            ),
            (
                known("a APPEND x {99999999999999999999999}\r\n"),
                vec![refused("a", Fault::MessageTooLarge)],
            ),
            (known("a NOOP\n"), vec![refused("a", Fault::BareEnd)]),
            (known("(x NOOP\n"), vec![refused("", Fault::BareEnd)]),
            (
                known(&"x".repeat(LINE_BYTES + 4096)),
                vec![Frame::Broken(Fault::LineTooLong)],
            ),
            (
                all(Sender::Stranger, b"a APPEND x {9000}\r\n", 99),
                vec![refused("a", Fault::TooLong)],
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn many_literals_do_not_go_past_the_bound() {
        let mut text = String::from("a SEARCH");
        for _ in 0..20 {
            text += " TEXT {20000+}\r\n";
            text += &"x".repeat(20_000);
        }
        let found = all(Sender::Known, text.as_bytes(), 10_000);
        assert_eq!(found.first(), Some(&Frame::Broken(Fault::TooLong)));
    }

    #[test]
    fn a_line_by_itself_has_no_literals() {
        let mut frames = Frames::default();
        frames.push(b"DONE {3}\r\na");
        assert_eq!(frames.line(), Some(Ok(b"DONE {3}".to_vec())));
        assert_eq!(frames.line(), None);
        assert!(frames.is_within());
        frames.push(b"\n");
        assert_eq!(frames.line(), Some(Err(Fault::BareEnd)));
        frames.shrink();
        assert!(!frames.is_within());
    }
}
