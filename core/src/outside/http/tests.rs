use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::super::dns::{DnsError, Found, Mx};
use super::super::testing::{Authority, authority, strangers};
use super::*;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
const SHORT: Duration = Duration::from_secs(1);

/// What a server does after it has read the request.
#[derive(Clone)]
enum Then {
    /// Sends this and closes.
    Close(Vec<u8>),
    /// Sends this and leaves the connection open.
    Stay(Vec<u8>),
}

/// A server that takes one request after the other; gives its port and what it read.
async fn serve(acceptor: Option<TlsAcceptor>, then: Then) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = requests.clone();
    tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            match &acceptor {
                None => open.push(answer(Box::new(tcp), &then, &log).await),
                Some(acceptor) => {
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        open.push(answer(Box::new(tls), &then, &log).await);
                    }
                }
            }
        }
    });
    (port, requests)
}

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

/// Reads up to the end of the body `{}` and answers.
async fn answer(
    mut stream: Box<dyn Both>,
    then: &Then,
    log: &Mutex<Vec<String>>,
) -> Option<Box<dyn Both>> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n{}") {
        request.push(stream.read_u8().await.ok()?);
    }
    log.lock()
        .unwrap()
        .push(String::from_utf8(request).unwrap());
    match then {
        Then::Close(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            None
        }
        Then::Stay(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.flush().await;
            Some(stream)
        }
    }
}

fn post(url: &str) -> Post {
    Post {
        url: url.parse().unwrap(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: Bytes::from_static(b"{}"),
        reach: Reach::Anywhere,
        plain: Plain::Allowed,
    }
}

fn client() -> HttpClient {
    HttpClient::new(strangers(), Names::System, bounds::HTTP_TOTAL)
}

async fn post_plain(then: Then) -> Result<HttpAnswer, HttpFailure> {
    let (port, _) = serve(None, then).await;
    client()
        .post(post(&format!("http://127.0.0.1:{port}/")))
        .await
}

#[tokio::test]
async fn a_request_and_its_answer() {
    let (port, requests) = serve(None, Then::Stay(OK.to_vec())).await;
    let url = format!("http://kim:pw@127.0.0.1:{port}/hook?a=b#c");
    let answer = client().post(post(&url)).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body_start, "hi");
    let wanted = format!(
        "POST /hook?a=b HTTP/1.1\r\ncontent-type: application/json\r\nhost: 127.0.0.1:{port}\r\n\
         authorization: Basic a2ltOnB3\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    assert_eq!(*requests.lock().unwrap(), [wanted]);
}

#[tokio::test]
async fn redirects_are_answers() {
    let (port, requests) = serve(None, Then::Close(OK.to_vec())).await;
    let redirect = format!(
        "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n"
    );
    let answer = post_plain(Then::Stay(redirect.into_bytes())).await.unwrap();
    assert_eq!(answer.status, 307);
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn bodies_are_bounded_and_the_status_decides() {
    let head = |rest: &str| format!("HTTP/1.1 503 No\r\n{rest}\r\n").into_bytes();
    let large = [head("Content-Length: 9999999\r\n"), vec![b'x'; 100_000]].concat();
    let cases = [
        // More than is kept; the rest is never read.
        (Then::Stay(large), bounds::HTTP_BODY_KEPT_BYTES),
        // Breaks off.
        (
            Then::Close([head("Content-Length: 9\r\n"), b"abc".to_vec()].concat()),
            3,
        ),
        (
            Then::Close(
                [
                    head("Transfer-Encoding: chunked\r\n"),
                    b"3\r\nabc\r\nno".to_vec(),
                ]
                .concat(),
            ),
            3,
        ),
        // Without a length, up to the end of the connection.
        (Then::Close([head(""), b"abcd".to_vec()].concat()), 4),
        (Then::Stay(head("Content-Length: 0\r\n")), 0),
    ];
    for (then, length) in cases {
        let answer = post_plain(then).await.unwrap();
        assert_eq!(answer.status, 503);
        assert_eq!(answer.body_start.len(), length);
    }
    // Stalls: what came until the deadline is kept.
    let stalled = [head("Content-Length: 9\r\n"), b"abc".to_vec()].concat();
    let (port, _) = serve(None, Then::Stay(stalled)).await;
    let client = HttpClient::new(strangers(), Names::System, SHORT);
    let answer = client
        .post(post(&format!("http://127.0.0.1:{port}/")))
        .await;
    assert_eq!(answer.unwrap().body_start, "abc");
}

#[tokio::test]
async fn what_is_no_http_is_a_failure() {
    let endless = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 100_000]].concat();
    let many = [
        b"HTTP/1.1 200 OK\r\n".to_vec(),
        b"X: y\r\n".repeat(1000),
        b"\r\n".to_vec(),
    ]
    .concat();
    for bytes in [b"220 mx.test ESMTP\r\n".to_vec(), Vec::new(), endless, many] {
        let result = post_plain(Then::Close(bytes)).await;
        assert!(
            matches!(result, Err(HttpFailure::Protocol(_))),
            "{result:?}"
        );
    }
    let (port, _) = serve(None, Then::Stay(b"HTTP/1.1 200 ".to_vec())).await;
    let client = HttpClient::new(strangers(), Names::System, SHORT);
    let result = client
        .post(post(&format!("http://127.0.0.1:{port}/")))
        .await;
    assert_eq!(result, Err(HttpFailure::Timeout));
}

#[tokio::test]
async fn certificates_are_checked() {
    let Authority { trust, acceptor } = authority("localhost");
    let (port, requests) = serve(Some(acceptor), Then::Close(OK.to_vec())).await;
    let trusting = HttpClient::new(trust, Names::System, bounds::HTTP_TOTAL);
    let named = format!("https://localhost:{port}/");
    let answer = trusting.post(post(&named)).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(requests.lock().unwrap()[0].contains(&format!("host: localhost:{port}\r\n")));
    let wrong_name = trusting
        .post(post(&format!("https://127.0.0.1:{port}/")))
        .await;
    assert!(
        matches!(wrong_name, Err(HttpFailure::Tls(_))),
        "{wrong_name:?}"
    );
    let unknown = client().post(post(&named)).await;
    assert!(matches!(unknown, Err(HttpFailure::Tls(_))), "{unknown:?}");
    assert_eq!(requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn only_the_public_internet_is_reached() {
    let (port, requests) = serve(None, Then::Close(OK.to_vec())).await;
    let hosts = [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "[fd00::1]",
    ];
    for host in hosts {
        let mut post = post(&format!("http://{host}:{port}/"));
        post.reach = Reach::PublicOnly;
        let result = client().post(post).await;
        assert!(
            matches!(result, Err(HttpFailure::Forbidden(_))),
            "{host} {result:?}"
        );
    }
    let mut secure_only = post(&format!("http://127.0.0.1:{port}/"));
    secure_only.plain = Plain::Refused;
    let result = client().post(secure_only).await;
    assert!(
        matches!(result, Err(HttpFailure::Forbidden(_))),
        "{result:?}"
    );
    assert!(requests.lock().unwrap().is_empty());
}

/// Knows the addresses of every name, and counts how often it is asked.
struct Fixed {
    addresses: Result<Vec<IpAddr>, DnsError>,
    asked: Mutex<usize>,
}

impl Dns for Fixed {
    fn txt<'a>(&'a self, _: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        unreachable!("only addresses are asked for")
    }

    fn mx<'a>(&'a self, _: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        unreachable!("only addresses are asked for")
    }

    fn addresses<'a>(&'a self, _: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        *self.asked.lock().unwrap() += 1;
        let addresses = self.addresses.clone();
        Box::pin(async move {
            Ok(Found {
                names: Vec::new(),
                value: addresses?,
                authentic: false,
            })
        })
    }

    fn cname<'a>(&'a self, _: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        unreachable!("only addresses are asked for")
    }
}

fn fixed(addresses: Result<&[&str], DnsError>) -> (HttpClient, Arc<Fixed>) {
    let parse = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    let dns = Arc::new(Fixed {
        addresses: addresses.map(parse),
        asked: Mutex::new(0),
    });
    let names = Names::Dns(dns.clone());
    (HttpClient::new(strangers(), names, bounds::HTTP_TOTAL), dns)
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_used() {
    let (port, requests) = serve(None, Then::Close(OK.to_vec())).await;
    // The first address does not listen: the second takes the request.
    let (client, dns) = fixed(Ok(&["127.0.0.2", "127.0.0.1"]));
    let url = format!("http://hook.test:{port}/");
    assert_eq!(client.post(post(&url)).await.unwrap().status, 200);
    assert_eq!(*dns.asked.lock().unwrap(), 1);
    assert!(requests.lock().unwrap()[0].contains(&format!("host: hook.test:{port}\r\n")));
}

#[tokio::test]
async fn one_private_address_is_enough_to_refuse() {
    for addresses in [&["8.8.8.8", "127.0.0.1"], &["2606:4700::1", "fd00::1"]] {
        let (client, _) = fixed(Ok(addresses));
        let mut post = post("https://hook.test/");
        post.reach = Reach::PublicOnly;
        let result = client.post(post).await;
        assert!(
            matches!(result, Err(HttpFailure::Forbidden(_))),
            "{result:?}"
        );
    }
}

#[tokio::test]
async fn names_without_an_address() {
    for found in [
        Ok(&[][..]),
        Err(DnsError::NoSuchName),
        Err(DnsError::NoRecords),
    ] {
        let (client, _) = fixed(found);
        let result = client.post(post("https://hook.test/")).await;
        assert!(matches!(result, Err(HttpFailure::Resolve(_))), "{result:?}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let result = client().post(post(&url)).await;
    assert!(matches!(result, Err(HttpFailure::Connect(_))), "{result:?}");
}
