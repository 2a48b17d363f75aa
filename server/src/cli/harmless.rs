//! Text for a terminal: what others wrote may hold commands to it, and those do not pass.

use std::io::{self, Write};

/// Passes UTF-8 text on, with `?` for every control character but line end and tab.
pub struct Harmless<W> {
    to: W,
    /// 0xC2 was the last byte: with the next it may be a C1 control character.
    half: bool,
}

impl<W: Write> Harmless<W> {
    /// Writes to `to`.
    pub const fn new(to: W) -> Self {
        Self { to, half: false }
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut clean = Vec::with_capacity(bytes.len() + 1);
        for &byte in bytes {
            let half = std::mem::take(&mut self.half);
            match byte {
                // U+0080 to U+009F, which terminals take for escape sequences (ECMA-48).
                0x80..=0x9f if half => clean.push(b'?'),
                _ => {
                    if half {
                        clean.push(0xc2);
                    }
                    match byte {
                        0xc2 => self.half = true,
                        b'\n' | b'\t' => clean.push(byte),
                        0..0x20 | 0x7f => clean.push(b'?'),
                        _ => clean.push(byte),
                    }
                }
            }
        }
        self.to.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        let clean = |text: &str| {
            let mut whole = Vec::new();
            let mut harmless = Harmless::new(&mut whole);
            // A byte at a time: no character comes whole.
            for byte in text.bytes() {
                harmless.write_all(&[byte]).unwrap();
            }
            String::from_utf8(whole).unwrap()
        };
        assert_eq!(clean("a\x1b[2Jb"), "a?[2Jb");
        assert_eq!(clean("a\u{9b}2Jb\u{7f}\r"), "a?2Jb??");
        assert_eq!(clean("Grüße £ ©\n\t日本"), "Grüße £ ©\n\t日本");
    }
}
