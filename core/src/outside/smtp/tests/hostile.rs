//! Servers that break off, stall, babble or say what they were not asked.

use super::super::super::bounds;
use super::*;

// Long enough to come to the stage that a test is about, however busy the machine.
const SHORT: Duration = Duration::from_secs(1);

async fn open_failure(moves: Vec<Move>, budget: Duration) -> Failure {
    let (address, server) = play(moves).await;
    let client = SmtpClient::new(strangers());
    let opened = client.open(endpoint(address, Security::Plain), budget);
    let failure = opened.await.err().unwrap();
    server.await.unwrap();
    failure
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let failure = open_failure(vec![Wait], SHORT).await;
    assert_eq!(
        (failure.stage, failure.kind),
        (Stage::Greeting, Kind::Timeout)
    );
    let slow = vec![Say("220-a\r\n"), Say("22"), Wait];
    let failure = open_failure(slow, SHORT).await;
    assert_eq!(
        (failure.stage, failure.kind),
        (Stage::Greeting, Kind::Timeout)
    );
    let moves = vec![
        Say("220 a\r\n"),
        Hear("EHLO me.test"),
        Say("250-x\r\n"),
        Wait,
    ];
    let failure = open_failure(moves, SHORT).await;
    assert_eq!((failure.stage, failure.kind), (Stage::Hello, Kind::Timeout));
    assert_eq!(
        texts(&failure.transcript)[1..],
        ["220 a", "EHLO me.test", "250-x"]
    );
}

#[tokio::test]
async fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let failure = open(endpoint(address, Security::Plain), strangers()).await;
    let failure = failure.err().unwrap();
    assert_eq!(failure.stage, Stage::Connect);
    assert!(matches!(failure.kind, Kind::Network(_)), "{failure}");
}

#[tokio::test]
async fn babble_is_bounded() {
    let endless = "2".repeat(bounds::SMTP_LINE_BYTES + 4096).leak();
    let many = "220-more\r\n".repeat(bounds::SMTP_REPLY_BYTES / 9).leak();
    for babble in [
        &*endless,
        &*many,
        "HTTP/1.1 400 Bad Request\r\n",
        "220-a\r\n250 b\r\n\r\n",
    ] {
        let failure = open_failure(vec![Say(babble)], BUDGET).await;
        assert_eq!(failure.stage, Stage::Greeting);
        assert!(matches!(failure.kind, Kind::Protocol(_)), "{failure}");
    }
}

#[tokio::test]
async fn breaking_off_is_a_network_failure() {
    for moves in [vec![], vec![Say("220-a\r\n")]] {
        let failure = open_failure(moves, BUDGET).await;
        let closed = Kind::Network("the server closed the connection".to_owned());
        assert_eq!((failure.stage, failure.kind), (Stage::Greeting, closed));
    }
}

#[tokio::test]
async fn replies_must_not_come_early() {
    let moves = vec![
        Hear("MAIL FROM:<>"),
        Say("250 ok\r\n250 and for RCPT too\r\n"),
        Wait,
    ];
    let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
    let failure = talk.envelope("", "b@b.test", Shape::of(b"x")).await;
    let failure = failure.unwrap_err();
    assert_eq!(failure.stage, Stage::Rcpt);
    let early = Kind::Protocol("the server spoke out of turn".to_owned());
    assert_eq!(failure.kind, early);
    drop(talk);
    server.await.unwrap();
}

#[tokio::test]
async fn only_354_invites_content() {
    for answer in ["250 ok\r\n", "300 ?\r\n"] {
        let moves = vec![
            Hear("MAIL FROM:<>"),
            Say("250 ok\r\n"),
            Hear("RCPT TO:<b@b.test>"),
            Say("250 ok\r\n"),
            Hear("DATA"),
            Say(answer),
            Wait,
        ];
        let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
        let failure = talk.envelope("", "b@b.test", Shape::of(b"x")).await;
        let failure = failure.unwrap_err();
        assert_eq!(failure.stage, Stage::Data);
        assert!(matches!(failure.kind, Kind::Protocol(_)), "{failure}");
        drop(talk);
        server.await.unwrap();
    }
}

fn invited() -> Vec<Move> {
    vec![
        Hear("MAIL FROM:<>"),
        Say("250 ok\r\n"),
        Hear("RCPT TO:<b@b.test>"),
        Say("250 ok\r\n"),
        Hear("DATA"),
        Say("354 go on\r\n"),
    ]
}

#[tokio::test]
async fn without_an_answer_nobody_knows() {
    let content = || Bytes(b"x\r\n.\r\n".to_vec());
    for end in [
        vec![],
        vec![Say("25")],
        vec![Say("ok\r\n")],
        vec![Say("354 more\r\n")],
    ] {
        let mut moves = invited();
        moves.push(content());
        moves.extend(end);
        let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
        talk.envelope("", "b@b.test", Shape::of(b"x"))
            .await
            .unwrap();
        let failure = talk.content(b"x").await.unwrap_err();
        assert_eq!(failure.stage, Stage::Answer);
        assert!(failure.is_unknown(), "{failure}");
        assert!(!failure.is_permanent());
        assert!(talk.reset().await.is_err());
        server.await.unwrap();
    }
    let mut moves = invited();
    moves.extend([content(), Wait]);
    let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
    talk.envelope("", "b@b.test", Shape::of(b"x"))
        .await
        .unwrap();
    // Out of turn, but it sets the budget for what follows.
    talk.alive(SHORT).await.unwrap_err();
    let failure = talk.content(b"x").await.unwrap_err();
    assert_eq!(
        (failure.stage, &failure.kind),
        (Stage::Answer, &Kind::Timeout)
    );
    assert!(failure.is_unknown());
    drop(talk);
    server.await.unwrap();
}

#[tokio::test]
async fn a_server_that_has_enough_may_say_so() {
    // Larger than what the sockets hold, so that writing cannot be done when the server goes.
    let raw = vec![b'x'; 32 << 20];
    let mut moves = invited();
    moves.push(Say("552 5.3.4 too much\r\n"));
    let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
    talk.envelope("", "b@b.test", Shape::of(&raw))
        .await
        .unwrap();
    let failure = talk.content(&raw).await.unwrap_err();
    assert_eq!(failure.stage, Stage::Content);
    assert!(!failure.is_unknown());
    assert_eq!(failure.reply().unwrap().to_string(), "552 5.3.4 too much");
    assert!(failure.is_permanent());
    server.await.unwrap();
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_found_out() {
    let (mut talk, server) = plain("250 mx.test\r\n", vec![]).await;
    server.await.unwrap();
    let failure = talk.alive(BUDGET).await.unwrap_err();
    assert!(matches!(failure.kind, Kind::Network(_)), "{failure}");
    // An unasked 421 before closing is the reason.
    let (mut talk, server) =
        plain("250 mx.test\r\n", vec![Say("421 idle\r\n"), Hear("RSET")]).await;
    let failure = talk.alive(BUDGET).await.unwrap_err();
    assert_eq!(failure.reply().unwrap().code, 421);
    server.await.unwrap();
}
