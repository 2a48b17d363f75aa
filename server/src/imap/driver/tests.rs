use tokio::io::duplex;
use tokio::task::JoinHandle;

use super::*;
use crate::net::manner::{Manner, PlainAuth, StartTls};

/// Knows anybody, and nothing else.
struct Anybody;

impl Ask for Anybody {
    async fn ask(&mut self, _question: Question) -> Answer {
        Answer::Done
    }

    async fn stirred(&mut self) {
        std::future::pending().await
    }

    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

struct Client {
    near: tokio::io::DuplexStream,
    stop: watch::Sender<bool>,
    driving: JoinHandle<()>,
}

fn connect() -> Client {
    let (near, far) = duplex(64 * 1024);
    let (stop, stopping) = watch::channel(false);
    let manner = Manner {
        host: "h.test".to_owned(),
        starttls: StartTls::Offered,
        plain_auth: PlainAuth::Allowed,
    };
    let session = Session::new(Arc::new(manner), false);
    let driver = Driver::new(session, Anybody, None, stopping);
    // A thousand of them wait at a time: that is to cost little.
    let running = driver.run(far);
    assert!(
        size_of_val(&running) < 8 * 1024,
        "{}",
        size_of_val(&running)
    );
    Client {
        near,
        stop,
        driving: tokio::spawn(running),
    }
}

impl Client {
    /// All that is said until the end.
    async fn hears_all(mut self) -> String {
        let mut said = String::new();
        self.near.read_to_string(&mut said).await.unwrap();
        drop(self.near);
        self.driving.await.unwrap();
        said
    }

    async fn says(&mut self, text: &str) {
        self.near.write_all(text.as_bytes()).await.unwrap();
    }

    /// What is said until this, and it.
    async fn hears(&mut self, end: &str) -> String {
        let mut said = String::new();
        while !said.ends_with(end) {
            said.push(char::from(self.near.read_u8().await.unwrap()));
        }
        said
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_sign_in_is_sent_away() {
    let begun = Instant::now();
    let mut client = connect();
    // However busy they are.
    for _ in 0..3 {
        client.says("a NOOP\r\n").await;
        client.hears("a OK Done\r\n").await;
        tokio::time::advance(SIGN_IN_WAIT / 4).await;
    }
    let said = client.hears_all().await;
    assert_eq!(said, "* BYE Nothing came for too long\r\n");
    assert!(begun.elapsed() < SIGN_IN_WAIT + std::time::Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn who_is_signed_in_may_be_silent_for_long() {
    let begun = Instant::now();
    let mut client = connect();
    client.says("a LOGIN kim x\r\nb IDLE\r\n").await;
    client.hears("+ Waiting\r\n").await;
    let said = client.hears_all().await;
    assert_eq!(said, "* BYE Nothing came for too long\r\n");
    assert!(begun.elapsed() >= COMMAND_WAIT);
}

#[tokio::test(start_paused = true)]
async fn a_command_comes_in_time() {
    let begun = Instant::now();
    let mut client = connect();
    client
        .says("a LOGIN kim x\r\nb APPEND INBOX {10}\r\n")
        .await;
    client.hears("+ Go on\r\n").await;
    client.says("half").await;
    let said = client.hears_all().await;
    assert_eq!(said, "* BYE Nothing came for too long\r\n");
    let took = begun.elapsed();
    assert!(took >= PIECE_WAIT && took < COMMAND_WAIT, "{took:?}");
}

#[tokio::test]
async fn a_stop_is_told_to_whoever_waits() {
    let mut client = connect();
    client.says("a LOGIN kim x\r\nb IDLE\r\n").await;
    client.hears("+ Waiting\r\n").await;
    client.stop.send(true).unwrap();
    assert_eq!(client.hears_all().await, "* BYE The server stops\r\n");
}

#[tokio::test]
async fn commands_may_come_together_and_in_pieces() {
    let mut client = connect();
    client.says("a LOGIN kim {1}\r").await;
    client.says("\n").await;
    client.hears("+ Go on\r\n").await;
    client.says("x\r\nb NO").await;
    client.says("OP\r\nc LOGOUT\r\n").await;
    let said = client.hears_all().await;
    let end = "b OK Done\r\n* BYE Until next time\r\nc OK Done\r\n";
    assert!(said.ends_with(end), "{said}");
}
