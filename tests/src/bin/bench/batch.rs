//! Batches accepted over HTTP by the real binary: each answered when all of it is on disk.

use std::path::Path;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::Instant;

use crate::MEASURE;
use crate::accept::{start, stop, text};

/// How many send at once.
pub const CLIENTS: usize = 8;
/// Emails in one call.
pub const SIZES: [usize; 4] = [1, 10, 50, 100];

/// Emails a second by batch size.
pub async fn run(posthouse: &Path) -> Vec<(usize, f64)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut server, hello) = start(posthouse, folder.path()).await;
    let process = server.id().expect("a running server");
    let address = hello["http"]
        .as_str()
        .expect("an address")
        .replace("http://", "");
    let key = key(posthouse, folder.path()).await;
    let mut figures = Vec::new();
    for size in SIZES {
        figures.push((size, round(&address, &key, size).await));
    }
    stop(&mut server, process).await;
    figures
}

/// A key that may send for every domain, made beside the running server.
async fn key(posthouse: &Path, data: &Path) -> String {
    let made = Command::new(posthouse)
        .args(["key", "create", "--api", "mailstack", "--name", "bench"])
        .args(["--scope", "emails:send", "--json", "--data"])
        .arg(data)
        .output()
        .await
        .expect("the posthouse binary");
    let json: Value = serde_json::from_slice(&made.stdout).expect("JSON");
    json["token"].as_str().expect("a token").to_owned()
}

async fn round(address: &str, key: &str, size: usize) -> f64 {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (address, key) = (address.to_owned(), key.to_owned());
            tokio::spawn(async move { one_client(&address, &key, (client, size), begun).await })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += task.await.expect("a client");
    }
    accepted as f64 / begun.elapsed().as_secs_f64()
}

/// Sends one batch after another over one connection; how many emails were accepted.
async fn one_client(
    address: &str,
    key: &str,
    (client, size): (usize, usize),
    begun: Instant,
) -> usize {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut accepted = 0;
    while begun.elapsed() < MEASURE {
        let request = request(address, key, client, accepted, size);
        stream.write_all(&request).await.expect("a request");
        let answer = answer(&mut stream).await;
        assert_eq!(answer["accepted"], size, "{answer}");
        accepted += size;
    }
    accepted
}

fn request(address: &str, key: &str, client: usize, from: usize, size: usize) -> Vec<u8> {
    // Written as text: the load runs on the cores that are measured.
    let mut body = String::from(r#"{"emails":["#);
    for number in from..from + size {
        let comma = if number == from { "" } else { "," };
        let (kim, text) = (number % 100, text(client, number));
        body.push_str(&format!(
            r#"{comma}{{"from":"hello@example.test","fromName":"Shop","to":"kim{kim}@customer.test","subject":"Order {number}","text":"{text}"}}"#
        ));
    }
    body.push_str("]}");
    format!(
        "POST /v1/emails/batch HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The JSON of one answer with a Content-Length.
async fn answer(stream: &mut TcpStream) -> Value {
    let mut bytes = Vec::new();
    loop {
        let whole = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .and_then(|end| {
                let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
                let length = head.split("content-length: ").nth(1)?;
                let length: usize = length.split("\r\n").next()?.parse().ok()?;
                (bytes.len() >= end + 4 + length).then_some((head, end + 4))
            });
        if let Some((head, body)) = whole {
            let text = String::from_utf8_lossy(&bytes[body..]);
            assert!(head.starts_with("http/1.1 202 "), "{head} {text}");
            return serde_json::from_str(&text).expect("JSON");
        }
        let mut chunk = vec![0; 16 * 1024];
        let read = stream.read(&mut chunk).await.expect("an answer");
        assert!(read > 0, "a whole answer");
        bytes.extend_from_slice(&chunk[..read]);
    }
}
