use std::time::Duration;

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{DuplexStream, duplex};
use tokio::task::JoinHandle;

use super::super::limits::{AUTH_LINE_BYTES, COMMAND_WAIT, DATA_WAIT, MESSAGE_WAIT, REPLY_WAIT};
use super::super::manner::{Manner, Role};
use super::*;
use crate::net::manner::{PlainAuth, StartTls};
use crate::net::stream::HANDSHAKE_WAIT;

/// Says yes to all, and counts what it takes; panics at a mailbox that asks for it.
struct Yes(Arc<AtomicUsize>);

impl Ask for Yes {
    async fn ask(&mut self, question: Question) -> Answer {
        match question {
            Question::Take(taking) => {
                assert!(!taking.recipients.contains(&String::from("panic@b.test")));
                // Commits take their time.
                tokio::time::sleep(Duration::from_secs(1)).await;
                let id = self.0.fetch_add(1, Ordering::SeqCst) + 1;
                Answer::Taken(id.to_string())
            }
            Question::Credential { .. } | Question::Begin | Question::Recipient { .. } => {
                Answer::Yes
            }
        }
    }

    fn refused(&mut self) {}
}

struct Client {
    near: DuplexStream,
    stop: watch::Sender<bool>,
    taken: Arc<AtomicUsize>,
    driving: JoinHandle<()>,
}

fn connect(size_bytes: usize) -> Client {
    let (near, far) = duplex(64 * 1024);
    let (stop, stopping) = watch::channel(false);
    let taken = Arc::new(AtomicUsize::new(0));
    let manner = Manner {
        role: Role::Inbound,
        host: String::from("h.test"),
        starttls: StartTls::Offered,
        plain_auth: PlainAuth::Refused,
        size_bytes,
    };
    let talk = Talk::new(Arc::new(manner), None);
    let driver = Driver::new(talk, Yes(taken.clone()), None, stopping);
    Client {
        near,
        stop,
        taken,
        driving: tokio::spawn(driver.run(far)),
    }
}

impl Client {
    /// The next line.
    async fn hear(&mut self) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(self.near.read_u8().await.unwrap());
        }
        String::from_utf8(line).unwrap().trim_end().to_owned()
    }

    async fn say(&mut self, text: &str) {
        self.near.write_all(text.as_bytes()).await.unwrap();
    }

    /// Up to the text of a message.
    async fn begin(&mut self) {
        self.hear().await;
        self.say("HELO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@b.test>\r\nDATA\r\n")
            .await;
        for code in ["250", "250", "250", "354"] {
            assert!(self.hear().await.starts_with(code));
        }
    }

    async fn is_closed(&mut self) -> bool {
        self.near.read_u8().await.is_err()
    }
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_told_and_closed() {
    let mut client = connect(1000);
    let start = Instant::now();
    client.hear().await;
    assert_eq!(
        client.hear().await,
        "421 4.4.2 h.test Timeout, closing connection"
    );
    assert!(client.is_closed().await);
    assert_eq!(start.elapsed().as_secs(), COMMAND_WAIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_command_in_drops_has_no_longer_than_a_whole_one() {
    let mut client = connect(1000);
    client.hear().await;
    client.say("HELO a\r\n").await;
    client.hear().await;
    let start = Instant::now();
    let step = COMMAND_WAIT / 4;
    for _ in 0..4 {
        client.say("N").await;
        tokio::time::sleep(step).await;
    }
    assert!(client.hear().await.starts_with("421 4.4.2 "));
    assert_eq!(start.elapsed().as_secs(), COMMAND_WAIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_message_that_stops_is_let_go() {
    let mut client = connect(1000);
    client.begin().await;
    client.say("Subject: half\r\n").await;
    let start = Instant::now();
    assert!(client.hear().await.starts_with("421 4.4.2 "));
    assert!(client.is_closed().await);
    assert_eq!(start.elapsed().as_secs(), DATA_WAIT.as_secs());
    assert_eq!(client.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_in_drops_has_its_time_too() {
    let mut client = connect(10_000);
    client.begin().await;
    let start = Instant::now();
    let step = DATA_WAIT / 2;
    while start.elapsed() + step < MESSAGE_WAIT {
        client.say("x").await;
        tokio::time::sleep(step).await;
    }
    assert!(client.hear().await.starts_with("421 4.4.2 "));
    assert_eq!(start.elapsed().as_secs(), MESSAGE_WAIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_connection_has_its_time_too() {
    let mut client = connect(1000);
    client.hear().await;
    let start = Instant::now();
    let step = COMMAND_WAIT - Duration::from_secs(13);
    while start.elapsed() + step < CONNECTION_WAIT {
        tokio::time::sleep(step).await;
        client.say("NOOP\r\n").await;
        assert_eq!(client.hear().await, "250 2.0.0 OK");
    }
    assert_eq!(
        client.hear().await,
        "421 4.4.2 h.test No connection lasts longer, come again"
    );
    assert_eq!(start.elapsed().as_secs(), CONNECTION_WAIT.as_secs());
    assert!(client.is_closed().await);
}

/// Whatever keeps a client busy, but for a message that is coming in.
#[tokio::test(start_paused = true)]
async fn a_message_may_end_after_its_connection_should() {
    let mut client = connect(1000);
    client.hear().await;
    let start = Instant::now();
    let step = Duration::from_secs(120);
    client.say("HELO a\r\nMAIL FROM:<a@b.test>\r\n").await;
    client.hear().await;
    client.hear().await;
    while start.elapsed() + step < CONNECTION_WAIT {
        tokio::time::sleep(step).await;
        client.say("RCPT TO:<c@b.test>\r\n").await;
        assert_eq!(client.hear().await, "250 2.1.5 OK");
    }
    client.say("DATA\r\n").await;
    assert!(client.hear().await.starts_with("354 "));
    client.say("Subject: late\r\n").await;
    tokio::time::sleep(step).await;
    client.say("\r\n.\r\n").await;
    assert_eq!(client.hear().await, "250 2.0.0 OK 1");
    assert!(client.hear().await.starts_with("421 4.4.2 h.test No "));
    assert!(start.elapsed() > CONNECTION_WAIT);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_come_is_not_waited_for() {
    let made = rcgen::generate_simple_self_signed([String::from("h.test")]).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            made.signing_key.serialize_der().try_into().unwrap(),
        )
        .unwrap();
    let (mut near, far) = duplex(64);
    let start = Instant::now();
    // Half of what a TLS record begins with.
    near.write_all(&[22, 3]).await.unwrap();
    assert!(handshake(far, Arc::new(config)).await.is_none());
    assert_eq!(start.elapsed().as_secs(), HANDSHAKE_WAIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_left() {
    let (mut near, far) = duplex(16);
    let (_stop, stopping) = watch::channel(false);
    let manner = Manner {
        role: Role::Inbound,
        host: String::from("h.test"),
        starttls: StartTls::Offered,
        plain_auth: PlainAuth::Refused,
        size_bytes: 1000,
    };
    let talk = Talk::new(Arc::new(manner), None);
    let driver = Driver::new(talk, Yes(Arc::default()), None, stopping);
    let driving = tokio::spawn(driver.run(far));
    let start = Instant::now();
    near.write_all(b"HELP\r\n").await.unwrap();
    driving.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), REPLY_WAIT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_stop_tells_who_is_idle() {
    let mut client = connect(1000);
    client.hear().await;
    client.stop.send(true).unwrap();
    assert_eq!(client.hear().await, "421 4.3.2 h.test Shutting down");
    assert!(client.is_closed().await);
}

#[tokio::test(start_paused = true)]
async fn a_stop_lets_a_message_come_to_its_end() {
    let mut client = connect(1000);
    client.begin().await;
    client.say("Subject: last\r\n").await;
    client.stop.send(true).unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    client.say("\r\n.\r\n").await;
    assert_eq!(client.hear().await, "250 2.0.0 OK 1");
    assert_eq!(client.hear().await, "421 4.3.2 h.test Shutting down");
    assert!(client.is_closed().await);
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_is_taken_though_nobody_hears_of_it() {
    let mut client = connect(1000);
    client.begin().await;
    client.say("Subject: bye\r\n\r\n.\r\n").await;
    let Client {
        near,
        taken,
        driving,
        ..
    } = client;
    drop(near);
    driving.await.unwrap();
    assert_eq!(taken.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_arrives_although_more_is_on_the_way() {
    let mut client = connect(1000);
    client.hear().await;
    let page = "POST / HTTP/1.1\r\n".to_owned() + &"x: y\r\n".repeat(AUTH_LINE_BYTES);
    let (mut read, mut write) = tokio::io::split(client.near);
    let writing = tokio::spawn(async move {
        let written = write.write_all(page.as_bytes()).await;
        written.is_ok()
    });
    let mut heard = String::new();
    read.read_to_string(&mut heard).await.unwrap();
    assert_eq!(heard, "421 4.7.0 This is SMTP, not HTTP\r\n");
    assert!(writing.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn many_large_messages_wait_for_room() {
    // The others have all of it.
    let all = ROOM.acquire_many(u32::try_from(ROOM_UNITS).unwrap());
    let all = all.await.unwrap();
    let mut client = connect(10_000_000);
    client.begin().await;
    let line = format!("{}\r\n", "x".repeat(900));
    client.say(&line.repeat(600)).await;
    client.say(".\r\n").await;
    assert_eq!(
        client.hear().await,
        "452 4.3.1 There is no room for it now, try later"
    );
    drop(all);
    client
        .say("MAIL FROM:<a@b.test>\r\nRCPT TO:<c@b.test>\r\nDATA\r\n")
        .await;
    for code in ["250", "250", "354"] {
        assert!(client.hear().await.starts_with(code));
    }
    client.say(&line.repeat(600)).await;
    client.say(".\r\n").await;
    assert_eq!(client.hear().await, "250 2.0.0 OK 1");
}
