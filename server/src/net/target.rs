//! Request targets as clients write them: some put a Message-ID into a path as it is, and its
//! `<` and `>` have no place in a URI (RFC 3986 section 2), so that the HTTP library refuses
//! the request before any route is looked for. Here they are percent-encoded on their way in.
//!
//! Where a request begins is known from the framing of those before it (RFC 9112 section 6).
//! At the first thing that is not followed, such as a chunked body, the rest of the
//! connection is let through as it is.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is looked at of a header line: more than a length ever takes.
const LINE_BYTES: usize = 128;

/// A connection whose requests' targets are made fit for the library.
pub(super) struct Targets<S> {
    stream: S,
    scan: Scan,
    /// What was changed and is still to be handed on.
    changed: Vec<u8>,
    handed: usize,
}

impl<S> Targets<S> {
    /// HTTP/1.1 on `stream`, from its first byte.
    pub(super) fn of(stream: S) -> Self {
        Self::at(stream, At::Method)
    }

    /// `stream` as it is.
    pub(super) fn through(stream: S) -> Self {
        Self::at(stream, At::Through)
    }

    fn at(stream: S, at: At) -> Self {
        Self {
            stream,
            scan: Scan {
                at,
                line: Vec::new(),
                length: None,
            },
            changed: Vec::new(),
            handed: 0,
        }
    }
}

/// Where in a request the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The method, or empty lines before it.
    Method,
    Target,
    Version,
    /// The header lines.
    Field,
    /// So many bytes of the body.
    Body(u64),
    /// Not followed any more.
    Through,
}

struct Scan {
    at: At,
    /// The start of the present header line.
    line: Vec<u8>,
    /// What the present header says of the body's length.
    length: Option<u64>,
}

impl Scan {
    /// What `came` has to become; None when it may stay.
    fn escaped(&mut self, came: &[u8]) -> Option<Vec<u8>> {
        let mut made: Option<Vec<u8>> = None;
        let mut kept = 0;
        let mut next = 0;
        while next < came.len() && self.at != At::Through {
            if let At::Body(left) = self.at {
                let here = u64::try_from(came.len() - next).unwrap_or(u64::MAX);
                next += usize::try_from(left.min(here)).unwrap_or(usize::MAX);
                self.at = match left.saturating_sub(here) {
                    0 => At::Method,
                    left => At::Body(left),
                };
                continue;
            }
            let byte = came[next];
            if let (At::Target, Some(code)) = (self.at, code(byte)) {
                let made = made.get_or_insert_default();
                made.extend_from_slice(&came[kept..next]);
                made.extend_from_slice(code);
                kept = next + 1;
            } else {
                self.step(byte);
            }
            next += 1;
        }
        if let Some(made) = &mut made {
            made.extend_from_slice(&came[kept..]);
        }
        made
    }

    fn step(&mut self, byte: u8) {
        self.at = match (self.at, byte) {
            (At::Method, b' ') => At::Target,
            (At::Target, b' ') => At::Version,
            // RFC 9112 section 2.2: empty lines before a request are passed over.
            (At::Method, b'\r' | b'\n') if self.line.is_empty() => At::Method,
            (At::Method | At::Target, b'\n') => At::Through,
            (At::Method, byte) => {
                self.keep(byte);
                At::Method
            }
            (At::Version, b'\n') => {
                self.line.clear();
                At::Field
            }
            (At::Field, b'\n') => self.field(),
            (At::Field, byte) => {
                self.keep(byte);
                At::Field
            }
            (at @ (At::Target | At::Version | At::Body(_) | At::Through), _) => at,
        };
    }

    fn keep(&mut self, byte: u8) {
        if self.line.len() < LINE_BYTES {
            self.line.push(byte);
        }
    }

    /// What follows the header line that has just ended.
    fn field(&mut self) -> At {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            return match self.length.take() {
                None | Some(0) => At::Method,
                Some(length) => At::Body(length),
            };
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return At::Through;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
            let length = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
            return match (length, self.length) {
                (Some(length), None) if digits => {
                    self.length = Some(length);
                    At::Field
                }
                _ => At::Through,
            };
        }
        let other = [b"transfer-encoding".as_slice(), b"upgrade"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        // A line that goes on from the last one begins with a blank; no name has one.
        if other || name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
            At::Through
        } else {
            At::Field
        }
    }
}

const fn code(byte: u8) -> Option<&'static [u8]> {
    match byte {
        b'<' => Some(b"%3C"),
        b'>' => Some(b"%3E"),
        _ => None,
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Targets<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.handed == this.changed.len() {
            let before = into.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(context, into))?;
            let Some(changed) = this.scan.escaped(&into.filled()[before..]) else {
                return Poll::Ready(Ok(()));
            };
            into.set_filled(before);
            (this.changed, this.handed) = (changed, 0);
        }
        let rest = &this.changed[this.handed..];
        let fits = rest.len().min(into.remaining());
        into.put_slice(&rest[..fits]);
        this.handed += fits;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Targets<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// What becomes of a text that comes in pieces of `piece` bytes.
    fn scanned(text: &str, piece: usize) -> String {
        let mut targets = Targets::of(());
        let pieces = text.as_bytes().chunks(piece);
        let made = pieces.flat_map(|one| {
            let made = targets.scan.escaped(one);
            made.unwrap_or_else(|| one.to_vec())
        });
        String::from_utf8(made.collect()).unwrap()
    }

    fn assert_becomes(text: &str, expected: &str) {
        for piece in [1, 2, 3, 7, 1000] {
            assert_eq!(scanned(text, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn targets_are_escaped_and_nothing_else() {
        assert_becomes(
            "\r\nGET /a/<b@c>?d=<e> HTTP/1.1\r\nX: <f>\r\nContent-Length: 0\r\n\r\nGET /<g> HTTP/1.1\r\n\r\n",
            "\r\nGET /a/%3Cb@c%3E?d=%3Ce%3E HTTP/1.1\r\nX: <f>\r\nContent-Length: 0\r\n\r\nGET /%3Cg%3E HTTP/1.1\r\n\r\n",
        );
        let plain = "GET /%3Ca%3E HTTP/1.1\nHost: <x>\n\nGET /b HTTP/1.1\n\n";
        assert_becomes(plain, plain);
    }

    #[test]
    fn a_body_is_stepped_over_to_the_byte() {
        let body = "\r\n\r\nGET /<not> HTTP/1.1\r\n";
        let head = format!(
            "POST /<a> HTTP/1.1\r\ncontent-LENGTH:{} \r\n\r\n",
            body.len()
        );
        assert_becomes(
            &format!("{head}{body}GET /<yes> HTTP/1.1\r\n\r\n"),
            &format!(
                "{}{body}GET /%3Cyes%3E HTTP/1.1\r\n\r\n",
                head.replace("<a>", "%3Ca%3E")
            ),
        );
    }

    #[test]
    fn what_is_not_followed_ends_it() {
        for head in [
            "Transfer-Encoding: chunked",
            "Upgrade: websocket",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5, 5",
            "Content-Length: +5",
            "Content-Length: ",
            "Content-Length: 99999999999999999999",
            "Content-Length : 5",
            "X: a\r\n Content-Length: 5",
            "no colon",
            ": no name",
        ] {
            let text = format!("GET / HTTP/1.1\r\n{head}\r\n\r\nGET /<a> HTTP/1.1\r\n\r\n");
            assert_becomes(&text, &text);
        }
        for start in ["GET\n", "GET /a\n"] {
            let text = format!("{start}GET /<a> HTTP/1.1\r\n\r\n");
            assert_becomes(&text, &text);
        }
        let long = "x".repeat(2 * LINE_BYTES);
        assert_becomes(
            &format!("GET /<a> HTTP/1.1\r\nX: {long}\r\n\r\nGET /<a> HTTP/1.1\r\n"),
            &format!("GET /%3Ca%3E HTTP/1.1\r\nX: {long}\r\n\r\nGET /%3Ca%3E HTTP/1.1\r\n"),
        );
    }

    #[tokio::test]
    async fn it_is_handed_on_as_room_allows() {
        let (mut far, near) = tokio::io::duplex(1024);
        far.write_all(b"GET /<<<<>>>> HTTP/1.1\r\n\r\n")
            .await
            .unwrap();
        drop(far);
        let mut targets = Targets::of(near);
        let mut heard = Vec::new();
        let mut room = [0; 5];
        loop {
            match targets.read(&mut room).await.unwrap() {
                0 => break,
                count => heard.extend_from_slice(&room[..count]),
            }
        }
        let expected = b"GET /%3C%3C%3C%3C%3E%3E%3E%3E HTTP/1.1\r\n\r\n";
        assert_eq!(heard, expected);
    }

    #[tokio::test]
    async fn another_version_goes_through() {
        let (mut far, near) = tokio::io::duplex(1024);
        let text = b"GET /<a> HTTP/1.1\r\n\r\n";
        far.write_all(text).await.unwrap();
        drop(far);
        let mut heard = Vec::new();
        Targets::through(near)
            .read_to_end(&mut heard)
            .await
            .unwrap();
        assert_eq!(heard, text);
    }
}
