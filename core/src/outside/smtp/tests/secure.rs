//! TLS and logging in.

use super::super::super::testing::{Authority, authority};
use super::super::super::tls::Verdict;
use super::*;

const OFFER: &str = "250-mx.test\r\n250 StartTLS\r\n";
const AUTH: &str = "250-mx.test\r\n250 AUTH LOGIN PLAIN\r\n";

fn start_tls(acceptor: TlsAcceptor) -> Vec<Move> {
    vec![
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say(OFFER),
        Hear("STARTTLS"),
        Say("220 go on\r\n"),
        Tls(acceptor),
        Hear("EHLO me.test"),
        Say(AUTH),
        Wait,
    ]
}

fn implicit(acceptor: TlsAcceptor) -> Vec<Move> {
    vec![
        Tls(acceptor),
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say(AUTH),
        Wait,
    ]
}

#[tokio::test]
async fn a_valid_certificate_is_enough_everywhere() {
    let Authority { trust, acceptor } = authority("mx.test");
    let cases = [
        (Security::Opportunistic, start_tls(acceptor.clone())),
        (Security::StartTls, start_tls(acceptor.clone())),
        (Security::Tls, implicit(acceptor)),
    ];
    for (security, moves) in cases {
        let (address, server) = play(moves).await;
        let mut talk = open(endpoint(address, security), trust.clone())
            .await
            .unwrap();
        let tls = talk.tls().unwrap();
        assert_eq!(tls.version, "TLSv1.3");
        assert!(tls.cipher.starts_with("TLS13_"), "{}", tls.cipher);
        assert_eq!(tls.certificate, Verdict::Valid);
        let lines = talk.transcript();
        let noted = format!("TLSv1.3 with {}", tls.cipher);
        let noted = lines.iter().filter(|line| line.text == noted);
        assert_eq!(noted.count(), 1);
        drop(talk);
        server.await.unwrap();
    }
}

#[tokio::test]
async fn an_invalid_certificate_is_enough_only_opportunistically() {
    let stranger = authority("mx.test");
    let other_name = authority("other.test");
    let trusts_other = other_name.trust.clone();
    let cases = [
        (stranger.acceptor, strangers(), "UnknownIssuer"),
        (other_name.acceptor, trusts_other, "not valid for name"),
    ];
    for (acceptor, trust, reason) in cases {
        let (address, server) = play(start_tls(acceptor.clone())).await;
        let talk = open(endpoint(address, Security::Opportunistic), trust.clone()).await;
        let talk = talk.unwrap();
        let Verdict::Invalid(found) = talk.tls().unwrap().certificate else {
            panic!("the certificate was found valid");
        };
        assert!(found.contains(reason), "{found}");
        drop(talk);
        server.await.unwrap();
        let cases = [
            (Security::StartTls, start_tls(acceptor.clone())),
            (Security::Tls, implicit(acceptor)),
        ];
        for (security, moves) in cases {
            let (address, server) = play(moves).await;
            let failure = open(endpoint(address, security), trust.clone()).await;
            let failure = failure.err().unwrap();
            assert_eq!(failure.stage, Stage::Tls);
            assert!(matches!(&failure.kind, Kind::Tls(found) if found.contains(reason)));
            server.await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_host_that_is_no_name_is_still_encrypted() {
    let Authority { trust, acceptor } = authority("mx.test");
    let (address, server) = play(start_tls(acceptor)).await;
    let mut endpoint = endpoint(address, Security::Opportunistic);
    endpoint.host = "mx_1.test.".repeat(40);
    let talk = open(endpoint, trust).await.unwrap();
    let tls = talk.tls().unwrap();
    assert!(matches!(tls.certificate, Verdict::Invalid(_)));
    drop(talk);
    server.await.unwrap();
}

async fn refused_tls(security: Security, end: Vec<Move>) -> Failure {
    let mut moves = vec![
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say(OFFER),
        Hear("STARTTLS"),
    ];
    moves.extend(end);
    let (address, server) = play(moves).await;
    let failure = open(endpoint(address, security), strangers()).await;
    server.await.unwrap();
    failure.err().unwrap()
}

#[tokio::test]
async fn broken_start_tls_has_its_own_stage() {
    for security in [Security::Opportunistic, Security::StartTls] {
        let refused = vec![Say("454 4.7.0 not now\r\n"), Wait];
        let failure = refused_tls(security, refused).await;
        assert_eq!(failure.stage, Stage::Tls);
        assert_eq!(failure.reply().unwrap().code, 454);
        assert!(!failure.is_permanent());
        let garbage = vec![Say("220 go on\r\n")];
        let failure = refused_tls(security, garbage).await;
        assert_eq!(failure.stage, Stage::Tls);
        assert!(matches!(failure.kind, Kind::Tls(_)), "{failure}");
    }
}

#[tokio::test]
async fn bytes_behind_start_tls_are_an_attack() {
    for security in [Security::Opportunistic, Security::StartTls] {
        let injected = vec![Say("220 go on\r\n250-mx.test\r\n250 AUTH PLAIN\r\n"), Wait];
        let failure = refused_tls(security, injected).await;
        assert_eq!(failure.stage, Stage::Tls);
        assert!(matches!(failure.kind, Kind::Protocol(_)), "{failure}");
    }
}

#[tokio::test]
async fn start_tls_that_is_not_offered() {
    let moves = || {
        vec![
            Say("220 mx.test\r\n"),
            Hear("EHLO me.test"),
            Say("250 mx.test\r\n"),
        ]
    };
    let (address, server) = play(moves().into_iter().chain([Wait]).collect()).await;
    let failure = open(endpoint(address, Security::StartTls), strangers()).await;
    let failure = failure.err().unwrap();
    assert_eq!(failure.stage, Stage::Tls);
    assert!(matches!(failure.kind, Kind::Tls(_)), "{failure}");
    server.await.unwrap();
    // Opportunistic goes on in clear. The library says EHLO once more, which is allowed.
    let again = [Hear("EHLO me.test"), Say("250 mx.test\r\n"), Wait];
    let (address, server) = play(moves().into_iter().chain(again).collect()).await;
    let talk = open(endpoint(address, Security::Opportunistic), strangers()).await;
    let talk = talk.unwrap();
    assert_eq!(talk.tls(), None);
    drop(talk);
    server.await.unwrap();
}

fn with_login(address: SocketAddr, security: Security) -> Endpoint {
    let login = Some(Login {
        user: "kim".to_owned(),
        password: "secret".to_owned(),
    });
    Endpoint {
        login,
        ..endpoint(address, security)
    }
}

#[tokio::test]
async fn logging_in_leaves_no_trace_of_the_secret() {
    let Authority { trust, acceptor } = authority("mx.test");
    let ok = "235 2.7.0 welcome\r\n";
    let plain = vec![Hear("AUTH PLAIN AGtpbQBzZWNyZXQ="), Say(ok), Wait];
    let login = vec![
        Hear("AUTH LOGIN"),
        Say("334 VXNlcm5hbWU6\r\n"),
        Hear("a2lt"),
        Say("334 UGFzc3dvcmQ6\r\n"),
        Hear("c2VjcmV0"),
        Say(ok),
        Wait,
    ];
    let cases = [
        (
            "250-x\r\n250 AUTH LOGIN PLAIN\r\n",
            plain,
            vec!["AUTH PLAIN <left out>"],
        ),
        (
            "250-x\r\n250 AUTH LOGIN\r\n",
            login,
            vec!["AUTH LOGIN", "<left out>", "<left out>"],
        ),
    ];
    for (offers, moves, told) in cases {
        let mut start = implicit(acceptor.clone());
        start.truncate(3);
        start.push(Say(offers));
        start.extend(moves);
        let (address, server) = play(start).await;
        let opened = open(with_login(address, Security::Tls), trust.clone()).await;
        let mut talk = opened.unwrap();
        let lines = talk.transcript();
        let ours = lines.iter().filter(|line| line.side == Side::Client);
        let ours: Vec<&str> = ours.map(|line| line.text.as_str()).collect();
        assert_eq!(ours[1..], told);
        drop(talk);
        server.await.unwrap();
    }
    let debug = format!(
        "{:?}",
        with_login("127.0.0.1:1".parse().unwrap(), Security::Tls)
    );
    assert!(!debug.contains("secret"));
}

#[tokio::test]
async fn a_refused_login_is_not_the_recipients_fault() {
    let moves = vec![
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say("250-x\r\n250 AUTH PLAIN\r\n"),
        Hear("AUTH PLAIN AGtpbQBzZWNyZXQ="),
        Say("535 5.7.8 wrong\r\n"),
        Wait,
    ];
    // In clear, but to this very machine.
    let (address, server) = play(moves).await;
    let failure = open(with_login(address, Security::Plain), strangers()).await;
    let failure = failure.err().unwrap();
    assert_eq!(failure.stage, Stage::Auth);
    assert_eq!(failure.reply().unwrap().to_string(), "535 5.7.8 wrong");
    assert!(!failure.is_permanent());
    server.await.unwrap();
    let moves = vec![
        Say("220 mx.test\r\n"),
        Hear("EHLO me.test"),
        Say("250 mx.test\r\n"),
        Wait,
    ];
    let (address, server) = play(moves).await;
    let failure = open(with_login(address, Security::Plain), strangers()).await;
    let failure = failure.err().unwrap();
    assert_eq!(failure.stage, Stage::Auth);
    assert!(matches!(failure.kind, Kind::Protocol(_)), "{failure}");
    server.await.unwrap();
}
