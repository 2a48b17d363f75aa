//! A server that says no, and what we do not even ask.

use super::*;

const ENVELOPE: [(&str, &str); 3] = [
    ("MAIL FROM:<a@a.test>", "250 ok\r\n"),
    ("RCPT TO:<b@b.test>", "250 ok\r\n"),
    ("DATA", "354 go on\r\n"),
];

/// The usual envelope, with another reply to its last command.
fn envelope_until(count: usize, last: &'static str) -> Vec<Move> {
    let mut moves = Vec::new();
    for (index, (command, reply)) in ENVELOPE.into_iter().take(count).enumerate() {
        moves.push(Hear(command));
        moves.push(Say(if index + 1 == count { last } else { reply }));
    }
    moves
}

#[tokio::test]
async fn refusals_keep_code_and_text_and_the_connection_lives() {
    let no = "550-5.7.1 not\r\n550 5.7.1 you\r\n";
    let later = "451 4.3.0 later\r\n";
    let stages = [Stage::Mail, Stage::Rcpt, Stage::Data];
    for (index, stage) in stages.into_iter().enumerate() {
        for (answer, permanent) in [(no, true), (later, false)] {
            let mut moves = envelope_until(index + 1, answer);
            moves.extend([Hear("RSET"), Say("250 ok\r\n")]);
            moves.extend(envelope_until(3, "354 go on\r\n"));
            moves.extend([Bytes(b"x\r\n.\r\n".to_vec()), Say(answer)]);
            moves.extend([Hear("RSET"), Say("250 ok\r\n"), Wait]);
            let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
            let shape = Shape::of(b"x");
            let failure = talk.envelope("a@a.test", "b@b.test", shape).await;
            let failure = failure.unwrap_err();
            assert_eq!(failure.stage, stage);
            assert_eq!(failure.is_permanent(), permanent);
            assert!(!failure.is_unknown());
            let reply = failure.reply().unwrap();
            match permanent {
                true => assert_eq!(reply.text, "not\nyou"),
                false => assert_eq!(reply.to_string(), "451 4.3.0 later"),
            }
            let last = answer.lines().last().unwrap();
            assert_eq!(failure.transcript.last().unwrap().text, last);
            talk.reset().await.unwrap();
            talk.envelope("a@a.test", "b@b.test", shape).await.unwrap();
            let failure = talk.content(b"x").await.unwrap_err();
            assert_eq!(failure.stage, Stage::Answer);
            assert_eq!(failure.is_permanent(), permanent);
            assert!(!failure.is_unknown());
            talk.alive(BUDGET).await.unwrap();
            drop(talk);
            server.await.unwrap();
        }
    }
}

#[tokio::test]
async fn greetings_that_refuse() {
    let cases = [
        ("554 no mail here\r\n", true),
        ("550 go away\r\n", false),
        ("421 too busy\r\n", false),
    ];
    for (greeting, permanent) in cases {
        let (address, server) = play(vec![Say(greeting), Wait]).await;
        let failure = open(endpoint(address, Security::Plain), strangers()).await;
        let failure = failure.err().unwrap();
        assert_eq!(failure.stage, Stage::Greeting);
        assert!(matches!(failure.kind, Kind::Refused(_)), "{failure}");
        assert_eq!(failure.is_permanent(), permanent, "{greeting}");
        server.await.unwrap();
    }
}

#[tokio::test]
async fn a_refused_hello_keeps_its_reply() {
    let moves = vec![
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say("550 5.7.0 unknown host\r\n"),
        // The library says goodbye; its answer must not be taken for the refusal.
        Hear("QUIT"),
        Say("221 bye\r\n"),
        Wait,
    ];
    let (address, server) = play(moves).await;
    let failure = open(endpoint(address, Security::Plain), strangers()).await;
    let failure = failure.err().unwrap();
    assert_eq!(failure.stage, Stage::Hello);
    assert_eq!(
        failure.reply().unwrap().to_string(),
        "550 5.7.0 unknown host"
    );
    assert!(!failure.is_permanent());
    server.await.unwrap();
}

#[tokio::test]
async fn after_421_the_connection_is_over() {
    let moves = vec![
        Hear("MAIL FROM:<a@a.test>"),
        Say("421 4.3.2 going down\r\n"),
        Wait,
    ];
    let (mut talk, server) = plain("250 mx.test\r\n", moves).await;
    let shape = Shape::of(b"x");
    let failure = talk.envelope("a@a.test", "b@b.test", shape).await;
    assert_eq!(failure.unwrap_err().reply().unwrap().code, 421);
    assert!(talk.alive(BUDGET).await.is_err());
    assert!(talk.envelope("", "b@b.test", shape).await.is_err());
    talk.quit().await;
    drop(talk);
    server.await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_tried() {
    let small = Shape::of(b"x");
    let large = Shape {
        size_bytes: 11,
        ..small
    };
    let cases = [
        (Stage::Mail, "a@a.test", "b@b.test", Shape::of(b"a\nb")),
        (Stage::Mail, "a@a.test", "b@b.test", large),
        (Stage::Mail, "a", "b@b.test", small),
        (Stage::Mail, "a@a.test> SIZE=1", "b@b.test", small),
        (
            Stage::Mail,
            "a@a.test\r\nRCPT TO:<c@c.test",
            "b@b.test",
            small,
        ),
        (Stage::Rcpt, "a@a.test", "", small),
        (Stage::Rcpt, "a@a.test", "@b.test", small),
        (Stage::Rcpt, "a@a.test", "b@", small),
        (Stage::Rcpt, "a@a.test", "b c@b.test", small),
        (Stage::Rcpt, "a@a.test", "b>@b.test", small),
        (Stage::Rcpt, "a@a.test", "\"b@b.test", small),
        (Stage::Rcpt, "a@a.test", "\"b\n\"@b.test", small),
        (Stage::Rcpt, "a@a.test", "b@b.test\r\nQUIT", small),
        (Stage::Rcpt, "a@a.test", "b@b test", small),
        (Stage::Rcpt, "a@a.test", "ü@b.test", small),
    ];
    let (mut talk, server) = plain("250-x\r\n250 SIZE 10\r\n", vec![Wait]).await;
    for (stage, from, to, shape) in cases {
        let failure = talk.envelope(from, to, shape).await.unwrap_err();
        assert_eq!(failure.stage, stage, "{from} {to}");
        assert!(matches!(failure.kind, Kind::Unsendable(_)), "{failure}");
        assert!(failure.is_permanent());
    }
    // Content without an envelope is our own mistake.
    let failure = talk.content(b"x").await.unwrap_err();
    assert_eq!(failure.stage, Stage::Content);
    drop(talk);
    server.await.unwrap();
    for name in ["", "a b", "a\r\nQUIT", "bücher.test"] {
        let mut endpoint = endpoint("127.0.0.1:1".parse().unwrap(), Security::Plain);
        endpoint.hello = name.to_owned();
        let failure = open(endpoint, strangers()).await.err().unwrap();
        assert!(matches!(failure.kind, Kind::Unsendable(_)), "{failure}");
        assert!(!failure.is_permanent());
    }
}
