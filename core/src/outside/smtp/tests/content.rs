//! What goes over the wire when all is well.

use super::*;

const ALL: &str = "250-mx.test\r\n250-SIZE 1000\r\n250-8bitmime\r\n250 SMTPUTF8\r\n";

#[tokio::test]
async fn a_whole_conversation() {
    let (mut talk, server) = plain(
        ALL,
        vec![
            Hear("MAIL FROM:<a@a.test> SIZE=20"),
            Say("250 2.1.0 ok\r\n"),
            Hear("RCPT TO:<b@b.test>"),
            Say("250 2.1.5 ok\r\n"),
            Hear("DATA"),
            Say("354 go on\r\n"),
            Bytes(b"Subject: x\r\n\r\n..b\r\n.\r\n".to_vec()),
            Say("250-2.0.0 queued\r\n250 2.0.0 as 17\r\n"),
            Hear("RSET"),
            Say("250 ok\r\n"),
            Hear("QUIT"),
            Say("221 bye\r\n"),
            Wait,
        ],
    )
    .await;
    let raw = b"Subject: x\r\n\r\n.b\r\n";
    let mut shape = Shape::of(raw);
    assert_eq!(shape.size_bytes, 18);
    shape.size_bytes = 20;
    assert_eq!(talk.tls(), None);
    let reply = talk.envelope("a@a.test", "b@b.test", shape).await.unwrap();
    assert_eq!(reply.code, 354);
    let lines = talk.transcript();
    assert_eq!(
        texts(&lines)[1..],
        [
            "220 mx.test",
            "EHLO me.test",
            "250-mx.test",
            "250-SIZE 1000",
            "250-8bitmime",
            "250 SMTPUTF8",
            "MAIL FROM:<a@a.test> SIZE=20",
            "250 2.1.0 ok",
            "RCPT TO:<b@b.test>",
            "250 2.1.5 ok",
            "DATA",
            "354 go on",
        ]
    );
    assert_eq!(lines[0].side, Side::Note);
    assert_eq!(lines[1].side, Side::Server);
    assert_eq!(lines[2].side, Side::Client);
    let reply = talk.content(raw).await.unwrap();
    assert_eq!(reply.code, 250);
    assert_eq!(reply.enhanced.as_deref(), Some("2.0.0"));
    assert_eq!(reply.text, "queued\nas 17");
    assert_eq!(
        texts(&talk.transcript()),
        ["<18 bytes>", "250-2.0.0 queued", "250 2.0.0 as 17"]
    );
    talk.alive(BUDGET).await.unwrap();
    talk.quit().await;
    assert_eq!(
        texts(&talk.transcript()),
        ["RSET", "250 ok", "QUIT", "221 bye"]
    );
    drop(talk);
    server.await.unwrap();
}

#[tokio::test]
async fn content_arrives_as_it_was() {
    let long = [b".".repeat(70_000), b"\r\n".to_vec()].concat();
    let escaped = [b".".to_vec(), long.clone()].concat();
    let cases: &[(&[u8], &[u8])] = &[
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"a\r\n\r\n", b"a\r\n\r\n.\r\n"),
        (b"a\r\n.\r\n", b"a\r\n..\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a.\r\n.b\r\n..c", b"a.\r\n..b\r\n...c\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
        (b"\xfc\r\n", b"\xfc\r\n.\r\n"),
        (&long, &[&escaped[..], b".\r\n"].concat()),
    ];
    for (raw, wire) in cases {
        let (mut talk, server) = plain(
            "250 mx.test\r\n",
            vec![
                Hear("MAIL FROM:<>"),
                Say("250 ok\r\n"),
                Hear("RCPT TO:<b@b.test>"),
                Say("251 will forward\r\n"),
                Hear("DATA"),
                Say("354 go on\r\n"),
                Bytes(wire.to_vec()),
                Say("250 ok\r\n"),
                Wait,
            ],
        )
        .await;
        let shape = Shape::of(raw);
        talk.envelope("", "b@b.test", shape).await.unwrap();
        talk.content(raw).await.unwrap();
        drop(talk);
        server.await.unwrap();
    }
}

#[tokio::test]
async fn extensions_are_used_where_they_are_needed_and_offered() {
    let eight_bit = Shape::of("ü".as_bytes());
    let cases = [
        (
            ALL,
            "ü@bücher.test",
            eight_bit,
            "MAIL FROM:<> SIZE=2 BODY=8BITMIME SMTPUTF8",
            "RCPT TO:<ü@xn--bcher-kva.test>",
        ),
        (
            ALL,
            "u@bücher.test",
            Shape::of(b"u"),
            "MAIL FROM:<> SIZE=1",
            "RCPT TO:<u@xn--bcher-kva.test>",
        ),
        (
            "250-x\r\n250 SIZE\r\n",
            "\"u >v\"@b.test",
            eight_bit,
            "MAIL FROM:<> SIZE=2",
            "RCPT TO:<\"u >v\"@b.test>",
        ),
        (
            "250 8BITMIME\r\n",
            "u@[192.0.2.1]",
            eight_bit,
            "MAIL FROM:<>",
            "RCPT TO:<u@[192.0.2.1]>",
        ),
    ];
    for (offers, to, shape, mail, rcpt) in cases {
        let moves = vec![
            Hear(mail),
            Say("250 ok\r\n"),
            Hear(rcpt),
            Say("250 ok\r\n"),
            Hear("DATA"),
            Say("354 go on\r\n"),
            Wait,
        ];
        let (mut talk, server) = plain(offers, moves).await;
        talk.envelope("", to, shape).await.unwrap();
        drop(talk);
        server.await.unwrap();
    }
}

#[test]
fn shapes() {
    let shape = |raw: &[u8]| (Shape::of(raw).octets, Shape::of(raw).line_ends);
    assert_eq!(shape(b""), (Octets::SevenBit, LineEnds::Crlf));
    assert_eq!(shape(b"a\r\nb\r\n\r\n"), (Octets::SevenBit, LineEnds::Crlf));
    assert_eq!(shape(b"\xfc"), (Octets::EightBit, LineEnds::Crlf));
    for bare in [
        &b"\n"[..],
        b"a\nb",
        b"a\rb",
        b"a\r",
        b"\r\r\n",
        b"\r\n\n",
        b"a\n.\r\n",
    ] {
        assert_eq!(shape(bare).1, LineEnds::Bare, "{bare:?}");
    }
}
