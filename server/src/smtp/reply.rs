//! What is said.

use std::borrow::Cow;

/// A reply: RFC 5321 section 4.2, with the status of RFC 3463.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// `2.1.0`; empty where there is none: greetings, EHLO, and what asks for more.
    pub status: &'static str,
    /// Its lines, at least one.
    pub lines: Vec<Cow<'static, str>>,
}

/// Whether replies show their enhanced status (RFC 2034).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// They do.
    Shown,
    /// They are the code and the text alone.
    Left,
}

impl Reply {
    /// A reply of one line.
    pub fn new(code: u16, status: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            status,
            lines: vec![text.into()],
        }
    }

    /// Adds the reply as it goes over the wire. A text that came from elsewhere cannot break
    /// out of its line.
    pub fn write(&self, statuses: Statuses, to: &mut Vec<u8>) {
        for (index, line) in self.lines.iter().enumerate() {
            let last = index + 1 == self.lines.len();
            to.extend_from_slice(self.code.to_string().as_bytes());
            to.push(if last { b' ' } else { b'-' });
            if statuses == Statuses::Shown && !self.status.is_empty() {
                to.extend_from_slice(self.status.as_bytes());
                to.push(b' ');
            }
            let line = line.replace(char::is_control, " ");
            to.extend_from_slice(line.as_bytes());
            to.extend_from_slice(b"\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_the_code_and_only_the_last_a_space() {
        let mut reply = Reply::new(250, "2.1.0", "one");
        reply.lines.push("two\r\n250 three".into());
        let (mut shown, mut left) = (Vec::new(), Vec::new());
        reply.write(Statuses::Shown, &mut shown);
        reply.write(Statuses::Left, &mut left);
        assert_eq!(shown, b"250-2.1.0 one\r\n250 2.1.0 two  250 three\r\n");
        assert_eq!(left, b"250-one\r\n250 two  250 three\r\n");
    }
}
