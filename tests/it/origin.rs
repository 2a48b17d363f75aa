//! Whether mail is what it says, with a real name server behind the answers.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use posthouse::error::{Denied, Error};
use posthouse::model::domain::DmarcRule;
use posthouse::model::key::Caller;
use posthouse::model::mailbox::{Folder, Message};
use posthouse::model::trace::{AuthResult, Verdicts};
use posthouse::ops::domains::DomainChange;
use posthouse::ops::receive::{Arrival, Taken};
use posthouse::outside::dns::{Patience, Resolver};
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse, engine::Settings};
use posthouse_tests::dns::{BROKEN_ZONE, Knot};
use tempfile::TempDir;

/// Signed by dkimpy, with RSA and with Ed25519, and sealed by it.
const SIGNED: &str = include_str!("../cases/origin/signed.eml");
const KEYS: &str = include_str!("../cases/origin/keys.zone");

/// An engine that asks a knot, with a domain for each rule.
struct Here {
    engine: Posthouse,
    operator: Caller,
    knot: Knot,
    _folder: TempDir,
}

impl Here {
    async fn open() -> Self {
        let knot = Knot::start();
        let dns = Resolver::servers(&[knot.address()], Patience::default()).unwrap();
        let mut ports = Ports::system().unwrap();
        ports.dns = std::sync::Arc::new(dns);
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test.db");
        let settings = Settings::new("h.test");
        let opening = Opening::new(path, MasterKey([7; 32]), settings, ports);
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("one").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        for (host, rule) in [
            ("strict.test", DmarcRule::Enforce),
            ("flag.test", DmarcRule::Flag),
            ("lax.test", DmarcRule::Ignore),
        ] {
            let domain = engine.create_domain(&operator, host, None).await.unwrap();
            let change = DomainChange {
                dmarc: Some(rule),
                ..DomainChange::default()
            };
            engine
                .set_domain(&operator, domain.id, change)
                .await
                .unwrap();
        }
        Self {
            engine,
            operator,
            knot,
            _folder: folder,
        }
    }

    async fn receive(&self, remote: &str, from: &str, to: &str, raw: &str) -> Result<Taken, Error> {
        let arrival = Arrival {
            remote: SocketAddr::new(remote.parse().unwrap(), 4711),
            local: "127.0.0.1:25".parse().unwrap(),
            helo: String::from("mx.far.test"),
            tls: None,
            from: Some(from.to_owned()),
            recipients: vec![to.to_owned()],
            raw: raw.replace('\n', "\r\n").into_bytes(),
        };
        self.engine.receive(arrival).await
    }

    /// The newest message, and what was found of it.
    async fn last(&self) -> (Message, Verdicts) {
        let all = self.engine.messages(&self.operator, None, None, 50).await;
        let newest = all.unwrap().into_iter().max_by_key(|one| one.id).unwrap();
        let verdicts = newest.trace.as_ref().unwrap().verdicts.unwrap();
        (newest, verdicts)
    }

    async fn spf(&self, remote: &str, from: &str) -> AuthResult {
        let raw = format!("From: {from}\nSubject: a\n\nHi\n");
        self.receive(remote, from, "kim@lax.test", &raw)
            .await
            .unwrap();
        self.last().await.1.spf
    }

    async fn close(self) {
        self.engine.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spf_is_looked_up() {
    let here = Here::open().await;
    here.knot.add(
        r#"
        yes.test. TXT "v=spf1 include:_spf.yes.test -all"
        _spf.yes.test. TXT "v=spf1 a:mail.yes.test mx:mx.example ip6:2001:db8::/32 -all"
        mail.yes.test. A 192.0.2.7
        mx.example. MX 10 in.mx.example.
        in.mx.example. AAAA 2001:db9::25
        soft.test. TXT "v=spf1 ip4:198.51.100.1 ~all"
        two.test. TXT "v=spf1 -all"
        two.test. TXT "v=spf1 +all"
        nothing.test. TXT "other"
        alias.test. CNAME yes.test.
        needs.test. TXT "v=spf1 include:a.broken -all"
        "#,
    );
    let broken = format!("ann@a.{BROKEN_ZONE}");
    for (remote, from, expected) in [
        ("192.0.2.7", "ann@yes.test", AuthResult::Pass),
        ("::ffff:192.0.2.7", "ann@yes.test", AuthResult::Pass),
        ("2001:db8::7", "ann@yes.test", AuthResult::Pass),
        ("2001:db9::25", "ann@yes.test", AuthResult::Pass),
        ("192.0.2.8", "ann@yes.test", AuthResult::Fail),
        ("127.0.0.1", "ann@yes.test", AuthResult::Fail),
        ("192.0.2.7", "ann@alias.test", AuthResult::Pass),
        ("192.0.2.7", "ann@soft.test", AuthResult::SoftFail),
        ("192.0.2.7", "ann@two.test", AuthResult::PermError),
        ("192.0.2.7", "ann@nothing.test", AuthResult::None),
        ("192.0.2.7", "ann@nowhere.test", AuthResult::None),
        ("192.0.2.7", "ann@needs.test", AuthResult::TempError),
        ("192.0.2.7", broken.as_str(), AuthResult::TempError),
    ] {
        assert_eq!(here.spf(remote, from).await, expected, "{remote} {from}");
    }
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_checked_with_the_keys_that_are_published() {
    let here = Here::open().await;
    here.knot.add(KEYS);
    here.knot.add("far.test. TXT \"v=spf1 -all\"");
    here.knot.add("_dmarc.far.test. TXT \"v=DMARC1; p=reject\"");
    // It went by a list: the peer is not the author's, the signatures still hold.
    let (peer, from) = ("192.0.2.7", "ann@far.test");
    here.receive(peer, from, "kim@strict.test", SIGNED)
        .await
        .unwrap();
    let (message, verdicts) = here.last().await;
    assert_eq!(message.folder, Folder::Inbox);
    let expected = Verdicts {
        spf: AuthResult::Fail,
        dkim: AuthResult::Pass,
        dmarc: AuthResult::Pass,
        arc: AuthResult::Pass,
    };
    assert_eq!(verdicts, expected);
    let raw = here.engine.message_raw(&here.operator, message.id).await;
    let raw = String::from_utf8(raw.unwrap().1).unwrap();
    let results = "Authentication-Results: h.test;\r\n\tspf=fail smtp.mailfrom=far.test;\r\n\tdkim=pass header.d=far.test header.s=s1;\r\n\tdkim=pass header.d=far.test header.s=ed;\r\n\tdmarc=pass header.from=far.test;\r\n\tarc=pass\r\nReceived: from mx.far.test ([192.0.2.7])\r\n\tby h.test";
    assert!(raw.starts_with(results), "{raw}");

    let broken = SIGNED.replace("Hello Kim", "Hello Tim");
    let refused = here.receive(peer, from, "kim@strict.test", &broken).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Policy))));
    for to in ["kim@flag.test", "kim@lax.test"] {
        here.receive(peer, from, to, &broken).await.unwrap();
        let (message, verdicts) = here.last().await;
        assert_eq!(message.folder, Folder::Inbox, "{to}");
        let expected = Verdicts {
            spf: AuthResult::Fail,
            dkim: AuthResult::Fail,
            dmarc: AuthResult::Fail,
            arc: AuthResult::Fail,
        };
        assert_eq!(verdicts, expected, "{to}");
    }
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_domain_asks_for_is_done_where_it_is_enforced() {
    let here = Here::open().await;
    here.knot.add(
        r#"
        far.test. TXT "v=spf1 ip4:192.0.2.7 -all"
        _dmarc.far.test. TXT "v=DMARC1; p=reject"
        mild.test. TXT "v=spf1 -all"
        _dmarc.mild.test. TXT "v=DMARC1; p=quarantine"
        "#,
    );
    let mail = |from: &str| format!("From: {from}\nSubject: a\n\nHi\n");
    let to = "kim@strict.test";
    let honest = mail("ann@far.test");
    here.receive("192.0.2.7", "ann@far.test", to, &honest)
        .await
        .unwrap();
    let (message, verdicts) = here.last().await;
    assert_eq!(message.folder, Folder::Inbox);
    assert_eq!(verdicts.dmarc, AuthResult::Pass);
    // SPF passes for another domain than the one that is read.
    let forged = here
        .receive("192.0.2.8", "eve@nowhere.test", to, &honest)
        .await;
    assert!(matches!(forged, Err(Error::Denied(Denied::Policy))));
    let mild = mail("ann@mild.test");
    here.receive("192.0.2.8", "ann@mild.test", to, &mild)
        .await
        .unwrap();
    let (message, verdicts) = here.last().await;
    assert_eq!(message.folder, Folder::Spam);
    assert_eq!(verdicts.dmarc, AuthResult::Fail);
    let flagged = "kim@flag.test";
    here.receive("192.0.2.8", "ann@mild.test", flagged, &mild)
        .await
        .unwrap();
    assert_eq!(here.last().await.0.folder, Folder::Inbox);
    here.close().await;
}

/// Nobody is refused or lost for a name server that says nothing, and a peer on this machine
/// does not wait long for it; the next one does not wait at all.
#[tokio::test(flavor = "multi_thread")]
async fn silence_is_no_verdict() {
    let here = Here::open().await;
    here.knot.pause();
    let raw = "From: ann@far.test\nSubject: a\n\nHi\n";
    let began = Instant::now();
    for _ in 0..2 {
        here.receive("127.0.0.1", "ann@far.test", "kim@strict.test", raw)
            .await
            .unwrap();
        let (message, verdicts) = here.last().await;
        assert_eq!(message.folder, Folder::Inbox);
        assert_eq!(
            (verdicts.spf, verdicts.dkim, verdicts.dmarc, verdicts.arc),
            (
                AuthResult::TempError,
                AuthResult::None,
                AuthResult::TempError,
                AuthResult::None
            )
        );
    }
    assert!(began.elapsed() < Duration::from_secs(4), "it waited");
    here.knot.resume();
    here.close().await;
}
