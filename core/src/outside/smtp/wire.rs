//! The stream under the client library: TCP or TLS, recorded, and bounded against
//! hostile servers.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failure::Kind;
use super::record::{Record, Writing};
use super::reply::{Framer, Reply};

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// The stream. Reading gives cleaned reply lines, one at a time and never past the end of a
/// reply, so that what a server sends too early is seen.
pub(super) struct Wire {
    stream: Stream,
    peer: SocketAddr,
    framer: Framer,
    ready: Vec<u8>,
    record: Record,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

impl Wire {
    pub fn new(stream: TcpStream, record: Record) -> io::Result<Self> {
        let peer = stream.peer_addr()?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: Stream::Plain(stream),
            peer,
            framer: Framer::default(),
            ready: Vec::new(),
            record,
        })
    }

    /// Goes on under TLS. What was received in clear and not read yet is an attack: it would
    /// be taken for words of the authenticated server.
    pub async fn secure(
        self,
        config: ClientConfig,
        name: ServerName<'static>,
    ) -> Result<Self, Kind> {
        if !self.framer.rest().is_empty() {
            return Err(Kind::Protocol(
                "the server went on in clear after it agreed to TLS".to_owned(),
            ));
        }
        let Stream::Plain(tcp) = self.stream else {
            return Err(Kind::Protocol("TLS is on already".to_owned()));
        };
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
            .map_err(|error| Kind::Tls(error.to_string()))?;
        Ok(Self {
            stream: Stream::Tls(Box::new(stream)),
            ..self
        })
    }

    /// The TLS state, for what the handshake agreed on.
    pub fn tls(&self) -> Option<&rustls::ClientConnection> {
        match &self.stream {
            Stream::Plain(_) => None,
            Stream::Tls(stream) => Some(stream.get_ref().1),
        }
    }

    /// Reads one reply. What is wrong with it stands in the record.
    pub async fn reply(&mut self) -> io::Result<Reply> {
        self.record.begin(Writing::Commands);
        let mut scratch = [0; 1024];
        loop {
            let _ = self.read(&mut scratch).await?;
            if let Some(reply) = self.record.last_reply() {
                self.ready.clear();
                return Ok(reply);
            }
        }
    }

    /// Sends one command, given without its line end, and reads the reply.
    pub async fn command(&mut self, command: &str) -> io::Result<Reply> {
        self.write_all(format!("{command}\r\n").as_bytes()).await?;
        self.flush().await?;
        self.reply().await
    }

    /// Gives the client library a greeting to read. It insists on one, but ours was read
    /// long ago, and after STARTTLS no second one comes (RFC 3207 section 4.2).
    pub fn replay_greeting(&mut self) {
        self.ready = b"220 as read before\r\n".to_vec();
    }

    fn poll_stream(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [0; 4096];
        let mut buf = ReadBuf::new(&mut space);
        let polled = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, &mut buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, &mut buf),
        };
        ready!(polled)?;
        self.framer.feed(buf.filled());
        Poll::Ready(Ok(buf.filled().len()))
    }

    fn broken(&self, reason: String) -> io::Error {
        self.record.fault(Kind::Protocol(reason.clone()));
        io::Error::new(io::ErrorKind::InvalidData, reason)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = &mut *self;
        while wire.ready.is_empty() {
            match wire.framer.next_line() {
                Err(reason) => return Poll::Ready(Err(wire.broken(reason))),
                Ok(Some(framed)) => {
                    wire.record.received(&framed);
                    wire.ready = format!("{}\r\n", framed.line).into_bytes();
                }
                Ok(None) => {
                    if ready!(wire.poll_stream(cx))? == 0 {
                        let reason = "the server closed the connection";
                        wire.record.fault(Kind::Network(reason.to_owned()));
                        let error = io::Error::new(io::ErrorKind::UnexpectedEof, reason);
                        return Poll::Ready(Err(error));
                    }
                }
            }
        }
        let length = wire.ready.len().min(buf.remaining());
        buf.put_slice(&wire.ready[..length]);
        wire.ready.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = &mut *self;
        // A reply that came before its command would be taken for the answer to it. Only 421
        // may come unasked (RFC 5321 section 3.8).
        let early = wire.framer.rest();
        let unasked = !early.is_empty() && !early.starts_with(b"421");
        if unasked && wire.record.writing() != Writing::Content {
            return Poll::Ready(Err(wire.broken("the server spoke out of turn".to_owned())));
        }
        let polled = match &mut wire.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        };
        let length = ready!(polled)?;
        wire.record.sent(&buf[..length]);
        Poll::Ready(Ok(length))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}
