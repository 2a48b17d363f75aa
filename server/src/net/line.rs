//! Command lines of line protocols, cut from what comes in.

/// The longest line that is taken in, in bytes: one of a SASL exchange (RFC 4954 section 4).
pub const LINE_BYTES: usize = 12_288;

/// What is wrong with a line, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// It ends in LF alone, or holds a CR that ends nothing. To take it for a line would let
    /// one peer see commands where another sees text (CVE-2023-51764 and its kin).
    BareEnd,
    /// It is past every bound; nothing of it was kept.
    TooLong,
}

/// Bytes that came in and are not used yet.
#[derive(Debug, Default)]
pub struct Input {
    bytes: Vec<u8>,
    used: usize,
    /// Inside a line that is too long.
    overflows: bool,
}

impl Input {
    /// Adds what came.
    pub fn push(&mut self, more: &[u8]) {
        self.bytes.drain(..self.used);
        self.used = 0;
        self.bytes.extend_from_slice(more);
    }

    /// What is there.
    #[must_use]
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.used..]
    }

    /// Marks so many bytes as used.
    pub fn consume(&mut self, count: usize) {
        self.used = (self.used + count).min(self.bytes.len());
    }

    /// Forgets what is there.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next line without its end; None until it is whole.
    pub fn line(&mut self) -> Option<Result<Vec<u8>, LineFault>> {
        let rest = &self.bytes[self.used..];
        let Some(end) = memchr::memchr(b'\n', rest) else {
            if rest.len() > LINE_BYTES {
                self.overflows = true;
                self.clear_kept();
            }
            return None;
        };
        let line = &rest[..end];
        let cut = if self.overflows || end >= LINE_BYTES {
            Err(LineFault::TooLong)
        } else {
            match line.strip_suffix(b"\r") {
                Some(line) if !line.contains(&b'\r') => Ok(line.to_vec()),
                Some(_) | None => Err(LineFault::BareEnd),
            }
        };
        self.overflows = false;
        self.consume(end + 1);
        Some(cut)
    }

    fn clear_kept(&mut self) {
        self.bytes.clear();
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crlf_ends_a_line() {
        let mut input = Input::default();
        input.push(b"one\r\ntwo\nth\rree\r\nfo");
        assert_eq!(input.line(), Some(Ok(b"one".to_vec())));
        assert_eq!(input.line(), Some(Err(LineFault::BareEnd)));
        assert_eq!(input.line(), Some(Err(LineFault::BareEnd)));
        assert_eq!(input.line(), None);
        input.push(b"ur\r");
        assert_eq!(input.line(), None);
        input.push(b"\n\r\n");
        assert_eq!(input.line(), Some(Ok(b"four".to_vec())));
        assert_eq!(input.line(), Some(Ok(Vec::new())));
        assert_eq!(input.line(), None);
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut input = Input::default();
        for _ in 0..100 {
            input.push(&[b'x'; 4096]);
            assert_eq!(input.line(), None);
            assert!(input.bytes.len() <= LINE_BYTES + 4096);
        }
        input.push(b"\r\nnext\r\n");
        assert_eq!(input.line(), Some(Err(LineFault::TooLong)));
        assert_eq!(input.line(), Some(Ok(b"next".to_vec())));
    }

    #[test]
    fn the_bound_is_the_same_however_a_line_comes() {
        for (length, fits) in [(LINE_BYTES - 2, true), (LINE_BYTES - 1, false)] {
            let mut whole = vec![b'x'; length];
            whole.extend_from_slice(b"\r\n");
            for step in [1, 1000, whole.len()] {
                let mut input = Input::default();
                let mut cut = None;
                for piece in whole.chunks(step) {
                    input.push(piece);
                    cut = cut.or(input.line());
                }
                assert_eq!(cut.map(|line| line.is_ok()), Some(fits), "{length} {step}");
            }
        }
    }
}
