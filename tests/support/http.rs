//! HTTP towards the server under test.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as it came.
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Checks status and whole body.
    ///
    /// # Panics
    /// When they differ.
    #[track_caller]
    pub fn assert(&self, status: u16, body: &str) {
        assert_eq!((self.status, self.body.as_str()), (status, body));
    }
}

/// A client that gives up in time.
///
/// # Panics
/// When there is no TLS on this machine.
pub fn client() -> reqwest::blocking::Client {
    let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(60));
    client.no_proxy().build().expect("a client")
}

/// Sends a request and takes the whole answer.
///
/// # Panics
/// When there is none.
pub fn ask(request: reqwest::blocking::RequestBuilder) -> Reply {
    let answer = request.send().expect("an answer");
    let status = answer.status().as_u16();
    let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    };
    let headers = answer.headers().iter().map(header).collect();
    Reply {
        status,
        headers,
        body: answer.text().expect("text"),
    }
}

/// Writes these bytes to `address` and reads until the peer closes, for requests that no
/// client would make. `Connection: close` belongs into them.
///
/// # Panics
/// When what comes back is not an HTTP answer.
pub fn raw(address: &str, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time");
    // A refusal may come, and the connection close, before everything is written.
    let unwritten = stream.write_all(request).err();
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert!(!answer.is_empty(), "{error}, after {unwritten:?}");
    }
    parse(&String::from_utf8_lossy(&answer))
}

fn parse(answer: &str) -> Reply {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Reply {
        status: status.unwrap_or_else(|| panic!("not an HTTP answer: {answer:?}")),
        headers: headers.collect(),
        body: body.to_owned(),
    }
}
