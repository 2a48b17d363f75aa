//! Sends accepted over HTTP by the real binary, each answered after its commit.

use std::path::Path;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::report::memory_mb;
use crate::{CLIENTS, MAIL_BYTES, MEASURE};

/// One figure.
pub struct Round {
    pub clients: usize,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// All figures of one server's life.
pub struct Run {
    pub rounds: Vec<Round>,
    pub rest_mb: f64,
    pub peak_mb: f64,
    pub bytes_a_message: f64,
    pub messages: u64,
}

/// Starts the binary on a new data folder and loads it with 1, 8 and 64 clients.
pub async fn run(posthouse: &Path) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut server, hello) = start(posthouse, folder.path()).await;
    let process = server.id().expect("a running server");
    let address = hello["http"]
        .as_str()
        .expect("an address")
        .replace("http://", "");
    let token = hello["first_start"]["server_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let rest_mb = memory_mb(process, "VmRSS");
    let mut rounds = Vec::new();
    let mut messages = 0;
    for clients in CLIENTS {
        let (round, accepted) = round(&address, &token, clients).await;
        messages += accepted;
        rounds.push(round);
    }
    let peak_mb = memory_mb(process, "VmHWM");
    stop(&mut server, process).await;
    let bytes = std::fs::metadata(folder.path().join("posthouse.db"))
        .expect("a database")
        .len();
    Run {
        rounds,
        rest_mb,
        peak_mb,
        bytes_a_message: bytes as f64 / messages as f64,
        messages,
    }
}

/// Starts the binary on a data folder; its first line tells where it listens.
pub async fn start(posthouse: &Path, data: &Path) -> (Child, Value) {
    start_with(posthouse, data, &[]).await
}

/// The same, with more flags.
pub async fn start_with(posthouse: &Path, data: &Path, flags: &[&str]) -> (Child, Value) {
    let mut server = Command::new(posthouse)
        .args(["serve", "--json", "--http", "127.0.0.1:0"])
        .args(flags)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the posthouse binary");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let first = lines
        .next_line()
        .await
        .expect("a first line")
        .expect("a first line");
    // The rest of the output has to go somewhere, or the server would wait for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (server, serde_json::from_str(&first).expect("JSON"))
}

/// Has the server end, and waits for it.
pub async fn stop(server: &mut Child, process: u32) {
    let asked = Command::new("kill").arg(process.to_string()).status().await;
    assert!(
        asked.is_ok_and(|status| status.success()),
        "the server was asked to stop"
    );
    server.wait().await.expect("the server ended");
}

async fn round(address: &str, token: &str, clients: usize) -> (Round, u64) {
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (address, token) = (address.to_owned(), token.to_owned());
            tokio::spawn(async move { one_client(&address, &token, client, start).await })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("a client"));
    }
    let seconds = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    let round = Round {
        clients,
        per_second: times.len() as f64 / seconds,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
    };
    (round, times.len() as u64)
}

/// Sends one mail after another over one connection; how long each took.
async fn one_client(address: &str, token: &str, client: usize, start: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut times = Vec::new();
    let mut buffer = vec![0; 4096];
    while start.elapsed() < MEASURE {
        let request = request(address, token, client, times.len());
        let sent = Instant::now();
        stream.write_all(&request).await.expect("a request");
        let read = stream.read(&mut buffer).await.expect("an answer");
        let answer = String::from_utf8_lossy(&buffer[..read]);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.ends_with('}'), "a whole answer: {answer}");
        times.push(sent.elapsed());
    }
    times
}

/// The text of one mail: its own beginning, then the same for all, so that making it costs
/// next to nothing beside what is measured.
pub fn text(client: usize, number: usize) -> String {
    static REST: LazyLock<String> = LazyLock::new(|| {
        let unit = "the quick brown fox jumps over the lazy dog. ";
        unit.chars().cycle().take(MAIL_BYTES).collect()
    });
    let mut text = format!("Mail {number} of client {client}: ");
    text.push_str(&REST[text.len()..]);
    text
}

fn request(address: &str, token: &str, client: usize, number: usize) -> Vec<u8> {
    let text = text(client, number);
    // Written as text: the load runs on the cores that are measured.
    let kim = number % 100;
    let body = format!(
        r#"{{"from":"Shop <hello@example.test>","to":"kim{kim}@customer.test","subject":"Order {number}","textbody":"{text}"}}"#
    );
    format!(
        "POST /api/v1/send HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Accept: application/json\r\nMailPace-Server-Token: {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
