//! Replies of a server: cutting them out of the byte stream, and reading them.
//!
//! Servers send what they like: text in Latin-1, codes without text, lines without end.
//! Lines are cleaned here before the client library sees them, because it would take a
//! refusal with such text for a broken connection.

use std::fmt;

use super::super::bounds;

/// What a server said to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// The enhanced status code (RFC 3463) such as `5.1.1`, when the reply begins with one
    /// that fits the code.
    pub enhanced: Option<String>,
    /// The text without both codes; lines are joined by LF.
    pub text: String,
}

impl Reply {
    fn from_lines(code: u16, lines: &[String]) -> Self {
        let enhanced = lines.first().and_then(|line| enhanced(code, line));
        let text = lines.iter().map(|line| match &enhanced {
            // RFC 2034 section 4: every line repeats it.
            Some(enhanced) => line
                .strip_prefix(enhanced.as_str())
                .map_or(line.as_str(), str::trim_start),
            None => line.as_str(),
        });
        let text = text.collect::<Vec<_>>().join("\n");
        Self {
            code,
            enhanced,
            text,
        }
    }

    /// Whether it is 2yz.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code / 100 == 2
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = &self.enhanced {
            write!(f, " {enhanced}")?;
        }
        if !self.text.is_empty() {
            write!(f, " {}", self.text.replace('\n', " "))?;
        }
        Ok(())
    }
}

/// The enhanced status code at the start of `line`; its class has to agree with `code`.
fn enhanced(code: u16, line: &str) -> Option<String> {
    let word = line.split(' ').next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let [class, subject, detail] = parts.as_slice() else {
        return None;
    };
    let number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = *class == (code / 100).to_string() && number(subject) && number(detail);
    fits.then(|| word.to_owned())
}

/// A line of a reply, cleaned.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Framed {
    /// Without its end.
    pub line: String,
    /// The whole reply, when this was its last line.
    pub reply: Option<Reply>,
}

/// Cuts a stream into lines and replies, within bounds.
#[derive(Debug, Default)]
pub(super) struct Framer {
    raw: Vec<u8>,
    reply_bytes: usize,
    lines: Vec<String>,
}

impl Framer {
    pub fn feed(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
    }

    /// What was received and not yet given out.
    pub fn rest(&self) -> &[u8] {
        &self.raw
    }

    /// The next line, when it is there whole. An error says what is wrong with the server.
    pub fn next_line(&mut self) -> Result<Option<Framed>, String> {
        let Some(end) = self.raw.iter().position(|&byte| byte == b'\n') else {
            if self.raw.len() > bounds::SMTP_LINE_BYTES {
                return Err("a line of the reply does not end".to_owned());
            }
            return Ok(None);
        };
        let raw: Vec<u8> = self.raw.drain(..=end).collect();
        self.reply_bytes += raw.len();
        if raw.len() > bounds::SMTP_LINE_BYTES || self.reply_bytes > bounds::SMTP_REPLY_BYTES {
            return Err("the reply is too long".to_owned());
        }
        let mut line = clean(&raw);
        let (code, last) = code(&line).ok_or_else(|| format!("not an SMTP reply: {line}"))?;
        if line.len() == 3 {
            // RFC 5321 section 4.2.1: a client has to take a bare code.
            line.push(' ');
        }
        self.lines.push(line[4..].to_owned());
        let reply = last.then(|| {
            self.reply_bytes = 0;
            Reply::from_lines(code, &std::mem::take(&mut self.lines))
        });
        Ok(Some(Framed { line, reply }))
    }
}

/// The code of a line, and whether it is the last one of its reply.
fn code(line: &str) -> Option<(u16, bool)> {
    let digits = line.get(..3)?;
    let number = digits.bytes().all(|b| b.is_ascii_digit());
    let code = digits.parse().ok().filter(|_| number)?;
    match line.as_bytes().get(3) {
        None | Some(b' ') => Some((code, true)),
        Some(b'-') => Some((code, false)),
        Some(_) => None,
    }
}

/// Readable text of bounded length.
fn clean(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let text = text.trim_end_matches(['\r', '\n']);
    let mut line = String::new();
    for character in text.chars() {
        let character = if character.is_control() {
            ' '
        } else {
            character
        };
        if line.len() + character.len_utf8() > bounds::SMTP_LINE_KEPT_BYTES {
            break;
        }
        line.push(character);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<Reply>, String> {
        let mut framer = Framer::default();
        let mut replies = Vec::new();
        for byte in bytes {
            framer.feed(&[*byte]);
            while let Some(framed) = framer.next_line()? {
                replies.extend(framed.reply);
            }
        }
        assert_eq!(framer.rest(), b"");
        Ok(replies)
    }

    #[test]
    fn replies_are_read() {
        let cases: &[(&[u8], u16, Option<&str>, &str)] = &[
            (b"250 ok\r\n", 250, None, "ok"),
            (b"250\r\n", 250, None, ""),
            (b"250 ok\n", 250, None, "ok"),
            (
                b"550 5.1.1 no such user\r\n",
                550,
                Some("5.1.1"),
                "no such user",
            ),
            (b"550 5.1.1\r\n", 550, Some("5.1.1"), ""),
            (
                b"550-5.7.1 one\r\n550 5.7.1 two\r\n",
                550,
                Some("5.7.1"),
                "one\ntwo",
            ),
            (
                b"550-5.7.1 one\r\n550 two\r\n",
                550,
                Some("5.7.1"),
                "one\ntwo",
            ),
            // The class does not agree with the code, or it is an address.
            (b"550 4.1.1 odd\r\n", 550, None, "4.1.1 odd"),
            (b"220 2.0.0.1 hello\r\n", 220, None, "2.0.0.1 hello"),
            (b"550 zur\xfcck\tnun\r\n", 550, None, "zur\u{fffd}ck nun"),
        ];
        for (bytes, code, enhanced, text) in cases {
            let reply = Reply {
                code: *code,
                enhanced: enhanced.map(str::to_owned),
                text: (*text).to_owned(),
            };
            assert_eq!(all(bytes), Ok(vec![reply]), "{bytes:?}");
        }
    }

    #[test]
    fn hostile_replies_are_refused() {
        let endless = vec![b'2'; bounds::SMTP_LINE_BYTES + 1];
        let many = b"250-and more\r\n".repeat(bounds::SMTP_REPLY_BYTES / 14 + 1);
        for bytes in [
            &b"HTTP/1.1 400 Bad\r\n"[..],
            b"25\r\n",
            b"2500 x\r\n",
            b"\r\n",
            &endless,
            &many,
        ] {
            assert!(all(bytes).is_err());
        }
    }

    #[test]
    fn long_lines_are_cut() {
        let mut bytes = b"550 ".to_vec();
        bytes.extend("é".repeat(2000).bytes());
        bytes.extend(b"\r\n");
        let replies = all(&bytes).unwrap();
        assert_eq!(replies[0].code, 550);
        assert_eq!(replies[0].text.len(), bounds::SMTP_LINE_KEPT_BYTES - 4);
    }

    #[test]
    fn display_is_one_line() {
        let reply = &all(b"550-5.7.1 one\r\n550 5.7.1 two\r\n").unwrap()[0];
        assert_eq!(reply.to_string(), "550 5.7.1 one two");
        assert_eq!(all(b"250\r\n").unwrap()[0].to_string(), "250");
    }
}
