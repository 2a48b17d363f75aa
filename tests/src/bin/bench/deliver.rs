//! Signed deliveries to a sink on loopback, over real SMTP.

use std::net::IpAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use posthouse::engine::Settings;
use posthouse::feed::Change;
use posthouse::model::delivery::State;
use posthouse::model::domain::Domain;
use posthouse::model::email::Submission;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::model::relay::{RelayLimits, RelaySecurity};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::relays::NewRelay;
use posthouse::outside::dns::{Dns, DnsError, Found, Mx};
use posthouse::outside::http::{HttpClient, Names};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::outside::{Future, bounds};
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::MAIL_BYTES;

/// Mails delivered for the figure.
const MAILS: usize = 3000;
/// Debian's postfix has the sink.
const SINK: &str = "/usr/sbin/smtp-sink";

/// A zone that holds one domain's DKIM records. The figure is about SMTP, not DNS.
#[derive(Default)]
struct Zone(Mutex<Vec<(String, String)>>);

impl Dns for Zone {
    fn txt<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        let records = self.0.lock().expect("the zone");
        let found: Vec<String> = records
            .iter()
            .filter(|(at, _)| at == name)
            .map(|(_, text)| text.clone())
            .collect();
        Box::pin(async move {
            if found.is_empty() {
                return Err(DnsError::NoSuchName);
            }
            Ok(Found {
                names: Vec::new(),
                value: found,
                authentic: false,
            })
        })
    }

    fn mx<'a>(&'a self, _: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        Box::pin(async { Err(DnsError::NoSuchName) })
    }

    fn addresses<'a>(&'a self, _: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        Box::pin(async { Err(DnsError::NoSuchName) })
    }

    fn cname<'a>(&'a self, _: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        Box::pin(async { Err(DnsError::NoSuchName) })
    }
}

/// Deliveries a second, from the start of the work to the last one's commit.
pub async fn per_second() -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (sink, port) = sink().await;
    let zone = Arc::<Zone>::default();
    let trust = Arc::new(Trust::new(&[]).expect("trust"));
    let ports = Ports {
        dns: zone.clone(),
        smtp: Arc::new(SmtpClient::new(trust.clone())),
        http: Arc::new(HttpClient::new(trust, Names::System, bounds::HTTP_TOTAL)),
    };
    let path = folder.path().join("deliver.db");
    let opening = Opening::new(path, MasterKey([1; 32]), Settings::new("bench.test"), ports);
    let engine = Posthouse::open(opening).await.expect("an engine");
    let (operator, caller) = prepare(&engine, &zone, port).await;
    for number in 0..MAILS {
        engine.send(&caller, mail(number)).await.expect("accepted");
    }
    let mut changes = engine.feed().subscribe();
    let start = Instant::now();
    let (workers, _) = engine.work().await.expect("work");
    let mut left = MAILS;
    while left > 0 {
        match changes.recv().await {
            Ok(Change::Delivery(_)) => left -= 1,
            Ok(_) => {}
            Err(_) => left = waiting(&engine, &operator).await,
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    workers.stop(Duration::from_secs(10)).await;
    let delivered = delivered(&engine, &operator).await;
    assert_eq!(delivered, MAILS as i64, "every mail was delivered");
    engine.close().await;
    drop(sink);
    MAILS as f64 / seconds
}

async fn counts(engine: &Posthouse, operator: &Caller) -> Vec<(State, i64)> {
    engine.delivery_counts(operator).await.expect("counts")
}

async fn delivered(engine: &Posthouse, operator: &Caller) -> i64 {
    let counts = counts(engine, operator).await;
    counts
        .iter()
        .find(|(state, _)| *state == State::Delivered)
        .map_or(0, |(_, count)| *count)
}

async fn waiting(engine: &Posthouse, operator: &Caller) -> usize {
    MAILS - usize::try_from(delivered(engine, operator).await).unwrap_or(0)
}

async fn prepare(engine: &Posthouse, zone: &Zone, port: u16) -> (Caller, Caller) {
    engine
        .create_organization("bench")
        .await
        .expect("an organization");
    let operator = engine.operator(None).await.expect("its operator");
    let domain = engine
        .create_domain(&operator, "bench.test", None)
        .await
        .expect("a domain");
    publish(engine, &operator, zone, &domain).await;
    let relay = NewRelay {
        name: String::from("sink"),
        host: String::from("127.0.0.1"),
        port,
        security: RelaySecurity::Plain,
        login: None,
        limits: RelayLimits::default(),
        sender: None,
    };
    engine
        .create_relay(&operator, relay)
        .await
        .expect("a relay");
    let key = NewKey {
        shape: "bench",
        token: String::from("bench"),
        prefix: None,
        keeping: Keeping::HashOnly,
        name: None,
        domain: Some(domain.id),
        scopes: vec![Scope::Send],
        mode: Some(Mode::Live),
        expires_at: None,
    };
    engine.create_key(&operator, key).await.expect("a key");
    let caller = engine
        .authenticate("bench", "bench")
        .await
        .expect("a caller");
    (operator, caller)
}

async fn publish(engine: &Posthouse, operator: &Caller, zone: &Zone, domain: &Domain) {
    let verification = engine
        .domain_records(operator, domain.id)
        .await
        .expect("records");
    let texts = verification
        .records
        .into_iter()
        .filter(|record| record.record_type == "TXT")
        .map(|record| (record.name, record.expected));
    zone.0.lock().expect("the zone").extend(texts);
    engine
        .verify_domain(operator, domain.id)
        .await
        .expect("verified");
}

fn mail(number: usize) -> Submission {
    let unit = format!("Mail {number}: the quick brown fox jumps over the lazy dog. ");
    Submission {
        from: Some(String::from("Bench <hello@bench.test>")),
        to: Some(format!("user{number}@far.test")),
        subject: Some(format!("Mail {number}")),
        text: Some(unit.chars().cycle().take(MAIL_BYTES).collect()),
        ..Submission::default()
    }
}

/// Starts the sink on a port that was free a moment ago, and waits until it answers.
async fn sink() -> (Child, u16) {
    loop {
        let probe = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = probe.local_addr().expect("a port").port();
        drop(probe);
        let mut sink = Command::new(SINK)
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "1000"])
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("smtp-sink, of Debian's postfix");
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && sink.try_wait().is_ok_and(|ended| ended.is_none()) {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return (sink, port);
            }
            tokio::task::yield_now().await;
        }
    }
}
