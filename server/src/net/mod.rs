//! Accepts connections, with or without TLS, and speaks HTTP/1.1 or HTTP/2 on them.

pub mod gate;
pub mod line;
pub mod listen;
pub mod manner;
pub mod plain;
pub mod stream;
mod target;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use stream::stopped;
use target::Targets;

/// Connections at a time; more wait unaccepted. Below the 1024 open files that a process
/// ordinarily may have.
const CONNECTIONS: usize = 768;
/// A TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// From the last answer, or the connection, to the end of the next request's header.
const HEADER: Duration = Duration::from_secs(60);
/// After a stop, how long a connection that was just made may take to ask something.
const LAST_CALL: Duration = Duration::from_millis(50);
/// After a failed accept: it is most often for want of files, which does not pass at once.
const AFTER_FAILURE: Duration = Duration::from_millis(100);
/// Silence after which an HTTP/2 client is asked whether it is there, and has to say so.
const PING: Duration = Duration::from_secs(30);
const PONG: Duration = Duration::from_secs(20);
/// Requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 128;
/// What a header may take, in bytes.
const HEADER_BYTES: usize = 64 * 1024;

/// Who is at the other end of a request's connection, among its extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Whether a request came through TLS of ours, among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// It came in the clear.
    Plain,
    /// It did.
    Tls,
}

/// What a connection that is more than one request needs to end in time, among the extensions
/// of each request. Whoever keeps it keeps the connection's place, and a stop waits for it.
#[derive(Clone, Debug)]
pub struct Stay {
    stop: watch::Receiver<bool>,
    _place: Option<Arc<OwnedSemaphorePermit>>,
}

impl Stay {
    /// Waits until this server is to stop.
    pub async fn stopped(&mut self) {
        stopped(&mut self.stop).await;
    }
}

/// Serves `router` on `listener` until `stop` is true, or its sender gone. Then whoever has
/// connected but not asked is given a last call, idle connections are closed, and requests
/// under way are answered; returns when all are, and whoever stays has gone. Dropped, it cuts them off.
///
/// # Errors
/// None at present: a failed accept is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let door = Door {
        tls: tls.map(TlsAcceptor::from),
        router,
        stop: stop.clone(),
    };
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            biased;
            () = stopped(&mut stop) => break,
            Some(ended) = connections.join_next() => {
                note(ended);
                continue;
            }
            accepted = accept(&listener, &places) => accepted,
        };
        let door = door.clone();
        connections.spawn(door.enter(stream, peer, place.map(Arc::new)));
    }
    // Who has connected already would be reset together with the listener.
    while let Some(Ok((stream, peer))) = listener.accept().now_or_never() {
        connections.spawn(door.clone().enter(stream, Peer(peer), None));
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        note(ended);
    }
    // A place that is not free is somebody's who stays.
    let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    drop(places.acquire_many(all).await);
    Ok(())
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended badly");
    }
}

/// The end of the time in which a first request may still come.
async fn last_call(stop: &mut watch::Receiver<bool>) {
    stopped(stop).await;
    sleep(LAST_CALL).await;
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed; were it, nothing would be bounded, but all be served.
    let place = places.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, Peer(peer), place),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// What each connection needs.
#[derive(Clone)]
struct Door {
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: watch::Receiver<bool>,
}

impl Door {
    async fn enter(
        mut self,
        stream: TcpStream,
        peer: Peer,
        place: Option<Arc<OwnedSemaphorePermit>>,
    ) {
        let stay = Stay {
            stop: self.stop.clone(),
            _place: place,
        };
        // Answers are small and whole: waiting to fill a segment only delays them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let Some(acceptor) = self.tls.take() else {
            return self.talk(stream, (peer, Transport::Plain), stay).await;
        };
        let mut stop = self.stop.clone();
        let handshake = tokio::select! {
            () = last_call(&mut stop) => return,
            handshake = timeout(HANDSHAKE, acceptor.accept(stream)) => handshake,
        };
        match handshake {
            Ok(Ok(stream)) => self.talk(stream, (peer, Transport::Tls), stay).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    /// Waits for the first bytes and speaks the version that they are in.
    async fn talk(
        mut self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        (peer, transport): (Peer, Transport),
        stay: Stay,
    ) {
        let mut stream = BufReader::new(stream);
        let start = tokio::select! {
            () = last_call(&mut self.stop) => return,
            start = timeout(HEADER, stream.fill_buf()) => start,
        };
        let version = match start {
            // RFC 9113 section 3.4: no HTTP/1.1 method that we have begins so.
            Ok(Ok(start)) if start.starts_with(b"PRI") => Version::Two,
            Ok(Ok(start)) if !start.is_empty() => Version::One,
            Ok(Ok(_) | Err(_)) | Err(_) => return,
        };
        let builder = builder(version);
        let router = TowerToHyperService::new(self.router);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(transport);
            request.extensions_mut().insert(stay.clone());
            router.call(request)
        });
        let stream = match version {
            Version::One => Targets::of(stream),
            Version::Two => Targets::through(stream),
        };
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            // First, so that what has come already is known to be a request under way.
            biased;
            ended = connection.as_mut() => ended,
            () = stopped(&mut self.stop) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke");
        }
    }
}

#[derive(Clone, Copy)]
enum Version {
    One,
    Two,
}

fn builder(version: Version) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .max_buf_size(HEADER_BYTES)
        .keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX));
    match version {
        Version::One => builder.http1_only(),
        Version::Two => builder.http2_only(),
    }
}

#[cfg(test)]
mod tests;
