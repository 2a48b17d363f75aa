//! Listeners of line protocols.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::stream::stopped;

/// After a failed accept, which is most often for want of files.
pub const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Whoever lets connections in.
pub trait Admit: Send + Sync {
    /// Talks with whoever came, among the `connections`, or turns them away.
    fn admit(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        stop: &watch::Receiver<bool>,
        connections: &mut JoinSet<()>,
    );
}

/// Serves `listener` until `stop` is true, or its sender gone. Then those who are idle are
/// told and closed, and messages under way are taken; returns when all are done. Dropped, it
/// cuts them off.
///
/// # Errors
/// None at present: a failed accept is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    door: impl Admit,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopped(&mut stop) => break,
            Some(ended) = connections.join_next() => {
                note(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => door.admit(stream, remote, &stop, &mut connections),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
    // Who has connected already would be reset together with the listener.
    while let Some(Ok((stream, remote))) = listener.accept().now_or_never() {
        door.admit(stream, remote, &stop, &mut connections);
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        note(ended);
    }
    Ok(())
}

/// A panic ends its own connection and no other.
fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended badly");
    }
}
