//! Streams of line protocols: TLS on them, their end, and waits that a stop cuts short.

use std::sync::Arc;
use std::time::Duration;

use rustls::{ProtocolVersion, ServerConfig, ServerConnection};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// A TLS handshake.
pub const HANDSHAKE_WAIT: Duration = Duration::from_secs(30);
/// After the last reply, what still comes is taken off the line for so long and no longer,
/// and no more of it, so that the reply arrives.
pub const LINGER: Duration = Duration::from_secs(2);
pub const LINGER_BYTES: usize = 4 * 1024 * 1024;
/// What is read at once of what nobody wants any more, in bytes.
const READ_BYTES: usize = 16 * 1024;

/// How a connection begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// In the clear; STARTTLS may follow.
    Clear,
    /// With TLS (RFC 8314 section 3.3).
    Tls,
}

/// A connection's bytes.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// TLS on a stream, and what was agreed on; None when it failed.
pub async fn handshake<S: Stream>(
    stream: S,
    config: Arc<ServerConfig>,
) -> Option<(tokio_rustls::server::TlsStream<S>, String)> {
    match timeout(HANDSHAKE_WAIT, TlsAcceptor::from(config).accept(stream)).await {
        Ok(Ok(stream)) => {
            let agreed = agreed(stream.get_ref().1);
            Some((stream, agreed))
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(_) => {
            tracing::debug!("a TLS handshake took too long");
            None
        }
    }
}

/// Protocol and cipher, such as `TLSv1.3 TLS13_AES_256_GCM_SHA384`.
fn agreed(connection: &ServerConnection) -> String {
    let protocol = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
        _ => "TLS",
    };
    let suite = connection.negotiated_cipher_suite();
    let suite = suite.and_then(|suite| suite.suite().as_str());
    suite.map_or_else(
        || protocol.to_owned(),
        |suite| format!("{protocol} {suite}"),
    )
}

/// Says that no more comes, and takes what still does off the line for a while: closed with
/// bytes unread, a connection is reset, and the client may never see the last reply.
pub async fn linger(mut stream: impl Stream) {
    let _ = timeout(LINGER, async {
        stream.shutdown().await?;
        let mut buffer = vec![0; READ_BYTES];
        let mut left = LINGER_BYTES;
        loop {
            let count = stream.read(&mut buffer).await?;
            if count == 0 || count > left {
                return std::io::Result::Ok(());
            }
            left -= count;
        }
    })
    .await;
}

pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot say stop any more, which is as good as saying it.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Waits for so long, or for the stop.
pub async fn pause(wait: Duration, stop: &mut watch::Receiver<bool>) {
    let _ = timeout(wait, stopped(stop)).await;
}
