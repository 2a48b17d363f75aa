//! Dialogues with a scripted server on this machine.

mod content;
mod hostile;
mod refusals;
mod secure;

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::super::testing::strangers;
use super::super::tls::Trust;
use super::*;

/// One move of the server.
enum Move {
    /// Sends this.
    Say(&'static str),
    /// Expects exactly this line, without its end.
    Hear(&'static str),
    /// Expects exactly these bytes.
    Bytes(Vec<u8>),
    /// Goes on under TLS.
    Tls(TlsAcceptor),
    /// Waits until the client closes the connection.
    Wait,
}

use Move::{Bytes, Hear, Say, Tls, Wait};

trait Both: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Both for T {}

/// Plays the moves for one connection, then closes it.
async fn play(moves: Vec<Move>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let playing = tokio::spawn(async move {
        let mut stream: Box<dyn Both> = Box::new(listener.accept().await.unwrap().0);
        for step in moves {
            match step {
                Say(text) => {
                    // The client may have gone before a hostile server has said all.
                    let _ = stream.write_all(text.as_bytes()).await;
                    let _ = stream.flush().await;
                }
                Hear(line) => {
                    let mut heard = vec![0; line.len() + 2];
                    let got = stream.read_exact(&mut heard).await;
                    let heard = String::from_utf8_lossy(&heard).into_owned();
                    assert!(got.is_ok(), "wanted {line:?}, got the start of {heard:?}");
                    assert_eq!(heard, format!("{line}\r\n"));
                }
                Bytes(bytes) => {
                    let mut heard = vec![0; bytes.len()];
                    stream.read_exact(&mut heard).await.unwrap();
                    assert!(heard == bytes, "{:?}", String::from_utf8_lossy(&heard));
                }
                Tls(acceptor) => match acceptor.accept(stream).await {
                    Ok(tls) => stream = Box::new(tls),
                    // A client that does not trust us; its side of the story is tested.
                    Err(_) => return,
                },
                Wait => {
                    let mut rest = Vec::new();
                    let _ = stream.read_to_end(&mut rest).await;
                    assert_eq!(String::from_utf8_lossy(&rest), "");
                }
            }
        }
        let _ = stream.shutdown().await;
    });
    (address, playing)
}

const BUDGET: Duration = Duration::from_secs(20);

fn endpoint(address: SocketAddr, security: Security) -> Endpoint {
    Endpoint {
        host: "mx.test".to_owned(),
        address,
        security,
        login: None,
        hello: "me.test".to_owned(),
    }
}

async fn open(endpoint: Endpoint, trust: Arc<Trust>) -> Result<Box<dyn Conversation>, Failure> {
    SmtpClient::new(trust).open(endpoint, BUDGET).await
}

/// A server that greets and offers `offers`, then goes on with `moves`; plain.
async fn plain(offers: &'static str, moves: Vec<Move>) -> (Box<dyn Conversation>, JoinHandle<()>) {
    let start = vec![Say("220 mx.test\r\n"), Hear("EHLO me.test"), Say(offers)];
    let (address, server) = play(start.into_iter().chain(moves).collect()).await;
    let talk = open(endpoint(address, Security::Plain), strangers()).await;
    (talk.unwrap(), server)
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}
