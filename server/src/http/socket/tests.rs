//! Lines over real connections, with a hand-written other side.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Extension, WebSocketUpgrade};
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::*;

const ASK: &str = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const SHORT: Patience = Patience {
    frame: Duration::from_millis(200),
    frame_bytes: 1 << 30,
    ping: Duration::from_millis(100),
    pong: Duration::from_millis(100),
    end: Duration::from_secs(20),
};

struct Server {
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    client: TcpStream,
    over: mpsc::UnboundedReceiver<Over>,
}

/// A server that says the texts, waits, and closes with whatever that comes to.
async fn start(patience: Patience, texts: Vec<String>) -> Server {
    let (tell, over) = mpsc::unbounded_channel();
    let texts = Arc::new(Mutex::new(texts));
    let open = async move |Extension(stay): Extension<Stay>, upgrade: WebSocketUpgrade| {
        upgrade.on_upgrade(async move |socket| {
            let mut line = Line::new(socket, stay, patience);
            let texts = std::mem::take(&mut *texts.lock().unwrap());
            let over = talk(&mut line, texts).await;
            tell.send(over).unwrap();
            match over {
                Over::Slow => line.close(Close::Later, "slow").await,
                Over::Stopping => line.close(Close::GoingAway, "stopping").await,
                Over::Gone => {}
            }
        })
    };
    let router = Router::new().route("/", get(open));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(crate::net::serve(listener, None, router, stopped));
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(ASK.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    Server {
        stop,
        serving,
        client,
        over,
    }
}

async fn talk(line: &mut Line, texts: Vec<String>) -> Over {
    for text in texts {
        if let Err(over) = line.say(text).await {
            return over;
        }
    }
    loop {
        if let Err(over) = line.wait(std::future::pending()).await {
            return over;
        }
    }
}

/// The opcode and the payload of the next frame.
async fn frame(client: &mut TcpStream) -> (u8, Vec<u8>) {
    let first = client.read_u8().await.unwrap();
    assert_eq!(first & 0xF0, 0x80, "whole frames");
    let length = match client.read_u8().await.unwrap() {
        126 => u64::from(client.read_u16().await.unwrap()),
        127 => client.read_u64().await.unwrap(),
        short => u64::from(short),
    };
    let mut payload = vec![0; usize::try_from(length).unwrap()];
    client.read_exact(&mut payload).await.unwrap();
    (first & 0x0F, payload)
}

/// A frame without payload, masked as clients have to.
async fn say(client: &mut TcpStream, opcode: u8) {
    let frame = [0x80 | opcode, 0x80, 1, 2, 3, 4];
    client.write_all(&frame).await.unwrap();
}

fn closing(code: u16, reason: &str) -> (u8, Vec<u8>) {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(reason.as_bytes());
    (0x8, payload)
}

#[tokio::test]
async fn who_is_asked_and_says_nothing_is_gone() {
    let mut server = start(SHORT, vec!["one".to_owned()]).await;
    assert_eq!(frame(&mut server.client).await, (0x1, b"one".to_vec()));
    for _ in 0..3 {
        assert_eq!(frame(&mut server.client).await.0, 0x9);
        say(&mut server.client, 0xA).await;
    }
    assert_eq!(server.over.recv().await, Some(Over::Gone));
}

#[tokio::test]
async fn a_stop_says_so_and_waits_until_it_is_heard() {
    let mut patience = SHORT;
    patience.ping = Duration::from_secs(600);
    let mut server = start(patience, Vec::new()).await;
    server.stop.send(true).unwrap();
    assert_eq!(server.over.recv().await, Some(Over::Stopping));
    let heard = frame(&mut server.client).await;
    assert_eq!(heard, closing(1001, "stopping"));
    assert!(!server.serving.is_finished());
    say(&mut server.client, 0x8).await;
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_does_not_read_is_told_to_go_behind_what_is_under_way() {
    let mut patience = SHORT;
    patience.ping = Duration::from_secs(600);
    // More than the system holds for the two of them.
    let text = "x".repeat(32 << 20);
    let texts = vec![text.clone(), "never".to_owned()];
    let mut server = start(patience, texts).await;
    assert_eq!(server.over.recv().await, Some(Over::Slow));
    let (opcode, payload) = frame(&mut server.client).await;
    assert!(opcode == 0x1 && payload == text.as_bytes());
    let heard = frame(&mut server.client).await;
    assert_eq!(heard, closing(1013, "slow"));
}
