use std::net::SocketAddr;

use axum::Extension;
use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::{Request, Version as HttpVersion};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::*;
use crate::http::body::lingering;

struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<io::Result<()>>,
}

async fn start(router: Router, tls: Option<Arc<ServerConfig>>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopping) = watch::channel(false);
    let serving = tokio::spawn(serve(listener, tls, router, stopping));
    Server {
        address,
        stop,
        serving,
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn drained(self) {
        self.serving.await.unwrap().unwrap();
    }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// An answer, whose body ends in hello.
async fn whole(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(b"hello") {
        let byte = stream.read_u8().await.unwrap();
        heard.push(byte);
    }
    String::from_utf8(heard).unwrap()
}

/// The answer's status line.
async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> String {
    whole(stream).await.lines().next().unwrap().to_owned()
}

/// The answer's body.
async fn said(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let heard = whole(stream).await;
    heard.split_once("\r\n\r\n").unwrap().1.to_owned()
}

async fn closed(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    matches!(stream.read_u8().await, Err(error) if error.kind() == io::ErrorKind::UnexpectedEof)
}

#[tokio::test]
async fn a_stop_closes_who_is_idle_and_who_has_not_begun() {
    let server = start(hello(), None).await;
    let mut idle = server.connect().await;
    for _ in 0..2 {
        idle.write_all(ASK).await.unwrap();
        assert_eq!(hear(&mut idle).await, "HTTP/1.1 200 OK");
    }
    let mut silent = server.connect().await;
    server.stop.send(true).unwrap();
    assert!(closed(&mut idle).await);
    assert!(closed(&mut silent).await);
    server.drained().await;
}

#[tokio::test]
async fn a_stop_waits_for_the_answer_under_way() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begin, wait) = (begun.clone(), go_on.clone());
    let slow = async move || {
        begin.notify_one();
        wait.notified().await;
        "hello"
    };
    let server = start(Router::new().route("/", get(slow)), None).await;
    let mut client = server.connect().await;
    client.write_all(ASK).await.unwrap();
    begun.notified().await;
    server.stop.send(true).unwrap();
    // Once the listener is gone the stop has been heard.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go_on.notify_one();
    assert_eq!(hear(&mut client).await, "HTTP/1.1 200 OK");
    assert!(closed(&mut client).await);
    server.drained().await;
}

#[tokio::test]
async fn who_asked_before_the_stop_is_answered() {
    let server = start(hello(), None).await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        let mut client = server.connect().await;
        client.write_all(ASK).await.unwrap();
        clients.push(client);
    }
    server.stop.send(true).unwrap();
    for mut client in clients {
        assert_eq!(hear(&mut client).await, "HTTP/1.1 200 OK");
        assert!(closed(&mut client).await);
    }
    server.drained().await;
}

#[tokio::test]
async fn a_lost_sender_is_a_stop() {
    let server = start(hello(), None).await;
    drop(server.stop);
    server.serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_let_go() {
    let server = start(hello(), None).await;
    let mut silent = server.connect().await;
    assert!(closed(&mut silent).await);
    let mut half = server.connect().await;
    half.write_all(b"GET / HT").await.unwrap();
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).await.unwrap();
}

#[tokio::test]
async fn speaks_http2_without_being_told() {
    let server = start(hello(), None).await;
    let (mut sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(server.connect().await))
            .await
            .unwrap();
    let driver = tokio::spawn(connection);
    let ask = || {
        Request::get("http://x/")
            .body(Empty::<Bytes>::new())
            .unwrap()
    };
    let response = sender.send_request(ask()).await.unwrap();
    assert_eq!(response.version(), HttpVersion::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "hello");
    server.stop.send(true).unwrap();
    driver.await.unwrap().unwrap();
    server.drained().await;
}

/// A server's and a client's settings that fit each other.
fn tls() -> (Arc<ServerConfig>, TlsConnector) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let certificate = made.cert.der().clone();
    let server = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (Arc::new(server), TlsConnector::from(Arc::new(client)))
}

#[tokio::test]
async fn a_handshake_that_stalls_holds_nobody_up() {
    let (settings, connector) = tls();
    let server = start(hello(), Some(settings)).await;
    let mut stalled = server.connect().await;
    stalled.write_all(&[0x16, 3, 1]).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = connector
        .connect(name, server.connect().await)
        .await
        .unwrap();
    client.write_all(ASK).await.unwrap();
    assert_eq!(hear(&mut client).await, "HTTP/1.1 200 OK");
    server.stop.send(true).unwrap();
    assert!(closed(&mut client).await);
    let mut rest = Vec::new();
    // A reset, as we are not done reading, or an end: closed in either case.
    let _ = stalled.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
    server.drained().await;
}

/// A refusal that reads nothing of the body reaches a client that sends all of it first,
/// and the connection goes on.
#[tokio::test]
async fn a_refused_body_does_not_break_the_connection() {
    let refuse = async |_: axum::extract::Request| (StatusCode::PAYLOAD_TOO_LARGE, "hello");
    let router = Router::new()
        .route("/", post(refuse).get(async || "hello"))
        .layer(axum::middleware::map_request(
            async |request: Request<Body>| lingering(request),
        ));
    let server = start(router, None).await;
    let mut client = server.connect().await;
    let bytes = 20 * 1024 * 1024;
    let head = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes}\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    let piece = vec![0; 64 * 1024];
    for _ in 0..bytes / piece.len() {
        client.write_all(&piece).await.unwrap();
    }
    assert_eq!(hear(&mut client).await, "HTTP/1.1 413 Payload Too Large");
    client.write_all(ASK).await.unwrap();
    assert_eq!(hear(&mut client).await, "HTTP/1.1 200 OK");
}

/// Who asks before sending is refused without having sent.
#[tokio::test]
async fn who_expects_to_go_on_is_not_told_to() {
    let refuse = async |_: axum::extract::Request| (StatusCode::PAYLOAD_TOO_LARGE, "hello");
    let router = Router::new()
        .route("/", post(refuse))
        .layer(axum::middleware::map_request(
            async |request: Request<Body>| lingering(request),
        ));
    let server = start(router, None).await;
    let mut client = server.connect().await;
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(hear(&mut client).await, "HTTP/1.1 413 Payload Too Large");
}

#[tokio::test]
async fn a_request_knows_who_is_at_the_other_end() {
    let told = |Extension(Peer(peer)): Extension<Peer>| async move { peer.to_string() };
    let server = start(Router::new().route("/", get(told)), None).await;
    let mut client = server.connect().await;
    client.write_all(ASK).await.unwrap();
    let own = client.local_addr().unwrap().to_string();
    let mut heard = Vec::new();
    while !heard.ends_with(own.as_bytes()) {
        heard.push(client.read_u8().await.unwrap());
    }
}

#[tokio::test]
async fn a_path_may_have_angle_brackets_in_it() {
    let router = Router::new().route(
        "/{id}",
        post(async |Path(id): Path<String>, body: String| format!("{id} {body} hello"))
            .get(async |Path(id): Path<String>| format!("{id} hello")),
    );
    let server = start(router, None).await;
    let mut client = server.connect().await;
    let body = "GET /<x> HTTP/1.1";
    let post = format!(
        "POST /<a@b> HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    client.write_all(post.as_bytes()).await.unwrap();
    assert_eq!(said(&mut client).await, "<a@b> GET /<x> HTTP/1.1 hello");
    for target in ["<c@d>", "%3Cc@d>", "%3Cc%40d%3e", "<c@d%3E"] {
        let get = format!("GET /{target} HTTP/1.1\r\nHost: x\r\n\r\n");
        client.write_all(get.as_bytes()).await.unwrap();
        assert_eq!(said(&mut client).await, "<c@d> hello", "{target}");
    }
}
