//! Posting to an address that a customer named.
//!
//! One request on one connection. Redirects are not followed, and the address that was
//! checked is the address that is connected to, so that a name cannot change its mind
//! between the two.

mod request;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use super::deadline::Deadline;
use super::dns::Dns;
use super::public::not_public;
use super::tls::Trust;
use super::{Future, bounds};

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only those of the public internet. One other address among a name's is enough to
    /// refuse the name.
    PublicOnly,
    /// All.
    Anywhere,
}

/// Whether `http:` will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Only `https:`.
    Refused,
    /// Both.
    Allowed,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Name and password in it are sent as HTTP Basic.
    pub url: Url,
    /// Names and values. `Host` and what frames the body are not the caller's to set.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// Which addresses may be connected to.
    pub reach: Reach,
    /// Whether `http:` will do.
    pub plain: Plain,
}

/// An answer. A redirect is one, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// 200 to 599.
    pub status: u16,
    /// The first 2 KiB of the body, or what arrived of them before the time was over.
    pub body_start: String,
    /// From the call to the end of the answer.
    pub millis: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpFailure {
    /// We do not go there, or do not send this. Trying again is pointless.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// The name has no address.
    #[error("resolving: {0}")]
    Resolve(String),
    /// No address could be reached.
    #[error("connecting: {0}")]
    Connect(String),
    /// The handshake or the certificate.
    #[error("TLS: {0}")]
    Tls(String),
    /// Too slow.
    #[error("time-out")]
    Timeout,
    /// What came back is no HTTP.
    #[error("protocol: {0}")]
    Protocol(String),
}

/// Requests over HTTP.
pub trait Http: Send + Sync {
    /// Posts, and waits for the answer.
    fn post(&self, post: Post) -> Future<'_, Result<HttpAnswer, HttpFailure>>;
}

/// Who turns names into addresses.
#[derive(Clone)]
pub enum Names {
    /// The operating system, with its hosts file and search list.
    System,
    /// The DNS port.
    Dns(Arc<dyn Dns>),
}

/// HTTP/1.1 over the network.
#[derive(Clone)]
pub struct HttpClient {
    trust: Arc<Trust>,
    names: Names,
    total: Duration,
}

impl HttpClient {
    /// A client that trusts whom `trust` says and asks `names`; `total` bounds one call,
    /// ordinarily [`bounds::HTTP_TOTAL`].
    #[must_use]
    pub fn new(trust: Arc<Trust>, names: Names, total: Duration) -> Self {
        Self {
            trust,
            names,
            total,
        }
    }

    /// Everything up to the end of the answer's header.
    async fn head(&self, post: Post, deadline: Deadline) -> Result<Head, HttpFailure> {
        let port = request::port(&post)?;
        let request = request::build(&post)?;
        let addresses = self.addresses(&post, port).await?;
        let tcp = connect(&addresses, deadline).await?;
        match post.url.scheme() {
            "https" => drive(self.secure(&post, tcp).await?, request).await,
            _ => drive(tcp, request).await,
        }
    }

    /// Every address of the host, all of them allowed.
    async fn addresses(&self, post: &Post, port: u16) -> Result<Vec<SocketAddr>, HttpFailure> {
        let found = match post.url.host() {
            None => return Err(HttpFailure::Forbidden("no host".to_owned())),
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => self.resolve(name, port).await?,
        };
        if found.is_empty() {
            return Err(HttpFailure::Resolve("the name has no address".to_owned()));
        }
        let forbidden = found.iter().find_map(|address| match post.reach {
            Reach::Anywhere => None,
            Reach::PublicOnly => not_public(*address).map(|reason| (address, reason)),
        });
        if let Some((address, reason)) = forbidden {
            let reason = format!("{address} is not on the public internet: {reason}");
            return Err(HttpFailure::Forbidden(reason));
        }
        let found = found.into_iter();
        Ok(found.map(|address| (address, port).into()).collect())
    }

    async fn resolve(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, HttpFailure> {
        match &self.names {
            Names::System => {
                let found = tokio::net::lookup_host((name, port)).await;
                let found = found.map_err(|error| HttpFailure::Resolve(error.to_string()))?;
                Ok(found.map(|address| address.ip()).collect())
            }
            Names::Dns(dns) => {
                let found = dns.addresses(name).await;
                let found = found.map_err(|error| HttpFailure::Resolve(error.to_string()))?;
                Ok(found.value)
            }
        }
    }

    async fn secure(
        &self,
        post: &Post,
        tcp: TcpStream,
    ) -> Result<TlsStream<TcpStream>, HttpFailure> {
        let name = match post.url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned())
                .map_err(|error| HttpFailure::Tls(error.to_string()))?,
            Some(Host::Ipv4(address)) => ServerName::from(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => ServerName::from(IpAddr::V6(address)),
            None => return Err(HttpFailure::Forbidden("no host".to_owned())),
        };
        let config = self.trust.verified().map_err(HttpFailure::Tls)?;
        TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
            .map_err(|error| HttpFailure::Tls(error.to_string()))
    }
}

impl Http for HttpClient {
    fn post(&self, post: Post) -> Future<'_, Result<HttpAnswer, HttpFailure>> {
        Box::pin(async move {
            let started = Instant::now();
            let deadline = Deadline::after(self.total);
            let head = deadline.run(self.head(post, deadline)).await;
            let head = head.unwrap_or(Err(HttpFailure::Timeout))?;
            let status = head.response.status().as_u16();
            let body_start = body_start(head.response.into_body(), deadline).await;
            Ok(HttpAnswer {
                status,
                body_start,
                millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            })
        })
    }
}

/// An answer whose body is still to come, and the task that it comes from.
struct Head {
    response: Response<Incoming>,
    _driver: Driver,
}

/// The task that moves the bytes; it ends with the exchange.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The first address that takes a connection.
async fn connect(addresses: &[SocketAddr], deadline: Deadline) -> Result<TcpStream, HttpFailure> {
    let mut failure = HttpFailure::Connect("no address".to_owned());
    for address in addresses {
        let connected = TcpStream::connect(address);
        match deadline.cap(bounds::HTTP_CONNECT, connected).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = HttpFailure::Connect(format!("{address}: {error}")),
            Err(_) => failure = HttpFailure::Timeout,
        }
    }
    Err(failure)
}

async fn drive<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Head, HttpFailure>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let protocol = |error: hyper::Error| HttpFailure::Protocol(reason(&error));
    let (mut sender, connection) = http1::Builder::new()
        .max_headers(bounds::HTTP_HEADERS)
        .max_buf_size(bounds::HTTP_HEADER_BYTES)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(protocol)?;
    let driver = Driver(tokio::spawn(async move {
        // What ends the connection reaches the request or the body, and is judged there.
        let _ = connection.await;
    }));
    let response = sender.send_request(request).await.map_err(protocol)?;
    Ok(Head {
        response,
        _driver: driver,
    })
}

/// hyper says only "connection error"; what matters stands behind it.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// The beginning of the body, for a person to look at. The status has decided already, so a
/// body that breaks off or is slow is no failure.
async fn body_start(mut body: Incoming, deadline: Deadline) -> String {
    let mut start = Vec::new();
    while start.len() < bounds::HTTP_BODY_KEPT_BYTES {
        let Ok(Some(Ok(frame))) = deadline.run(body.frame()).await else {
            break;
        };
        if let Some(data) = frame.data_ref() {
            start.extend_from_slice(data);
        }
    }
    start.truncate(bounds::HTTP_BODY_KEPT_BYTES);
    String::from_utf8_lossy(&start).into_owned()
}

#[cfg(test)]
mod tests;
