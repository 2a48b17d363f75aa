//! An engine on a fresh database, behind all routes, with a clock and names that a test sets.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use posthouse::clock::{Clock, Timestamp};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::organizations::OrganizationChange;
use posthouse::ops::scoped_keys::NewScopedKey;
use posthouse::outside::Future;
use posthouse::outside::bounds::HTTP_TOTAL;
use posthouse::outside::dns::{Dns, DnsError, Found, Mx};
use posthouse::outside::http::{HttpClient, Names};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse, Settings};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;

use super::super::convert::SHAPES;
use super::super::{LIVE_SHAPE, TEST_SHAPE, live_token, test_token};

/// When every test begins.
pub(super) const START: &str = "2026-06-18T10:00:00Z";

/// A clock that a test moves.
pub(super) struct Hand(AtomicI64);

impl Hand {
    pub(super) fn forward(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap();
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Records that a test publishes: texts, `10 host`, and addresses, by name.
#[derive(Default)]
pub(super) struct Zone(Mutex<HashMap<String, Vec<String>>>);

impl Zone {
    pub(super) fn publish(&self, name: &str, value: &str) {
        let mut records = self.0.lock().unwrap();
        records
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }

    /// The records of the kind that `read` knows.
    fn found<T>(
        &self,
        name: &str,
        read: fn(&String) -> Option<T>,
    ) -> Result<Found<Vec<T>>, DnsError> {
        let records = self.0.lock().unwrap();
        let values = records.get(name).ok_or(DnsError::NoSuchName)?;
        Ok(Found {
            names: Vec::new(),
            value: values.iter().filter_map(read).collect(),
            authentic: false,
        })
    }
}

impl Dns for Zone {
    fn txt<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<String>>, DnsError>> {
        let found = self.found(name, |value| Some(value.clone()));
        Box::pin(async { found })
    }

    fn mx<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<Mx>>, DnsError>> {
        let found = self.found(name, |value| {
            let (preference, host) = value.split_once(' ')?;
            Some(Mx {
                preference: preference.parse().ok()?,
                host: host.to_owned(),
            })
        });
        Box::pin(async { found })
    }

    fn addresses<'a>(&'a self, name: &'a str) -> Future<'a, Result<Found<Vec<IpAddr>>, DnsError>> {
        let found = self.found(name, |value| value.parse().ok());
        Box::pin(async { found })
    }

    fn cname<'a>(&'a self, _: &'a str) -> Future<'a, Result<Option<String>, DnsError>> {
        Box::pin(async { Err(DnsError::NoSuchName) })
    }
}

/// An engine, all routes, an organization with the domain `shop.example` and a key that may
/// do everything. Nothing leaves: its mode is capture.
pub(super) struct House {
    pub(super) engine: Posthouse,
    pub(super) router: Router,
    pub(super) operator: Caller,
    pub(super) hand: Arc<Hand>,
    pub(super) zone: Arc<Zone>,
    /// The key that may do everything.
    pub(super) key: String,
    folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    /// Status and body in one line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.body)
    }

    /// Status and sentence of a refusal.
    pub(super) fn told(&self) -> String {
        let error = self.json()["error"].clone();
        format!("{} {}", self.status.as_u16(), error.as_str().unwrap())
    }

    #[track_caller]
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }

    /// A text of a JSON answer.
    #[track_caller]
    pub(super) fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let value = json.pointer(pointer);
        value
            .and_then(|value| value.as_str())
            .unwrap_or_else(|| panic!("no {pointer} in {json}"))
            .to_owned()
    }
}

/// A request with these header fields, `name: value`.
pub(super) fn request(method: &str, path: &str, headers: &[&str], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for field in headers {
        let (name, value) = field.split_once(": ").expect("a field has a colon");
        request = request.header(name, value);
    }
    request
        .body(body)
        .expect("a request of a test is well-formed")
}

/// A database with what every house has, and the token in it. Made once: keys for a domain
/// and a schema take longer than most tests.
static FURNISHED: OnceCell<(Vec<u8>, String)> = OnceCell::const_new();

async fn furnished() -> (Vec<u8>, String) {
    let mut house = House::at(TempDir::new().unwrap()).await;
    let domain = house
        .engine
        .create_domain(&house.operator, "shop.example", None);
    domain.await.unwrap();
    house.key = house.live(&[Scope::All]).await;
    let copy = house.folder.path().join("copy.db");
    let copied = house.engine.backup(copy.clone(), |_, _| {});
    copied.await.unwrap();
    (std::fs::read(copy).unwrap(), house.key)
}

impl House {
    pub(super) async fn open() -> Self {
        let (database, key) = FURNISHED.get_or_init(furnished).await;
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("posthouse.db"), database).unwrap();
        Self {
            key: key.clone(),
            ..Self::at(folder).await
        }
    }

    /// On the database in `folder`, with the organization at least.
    async fn at(folder: TempDir) -> Self {
        let zone = Arc::<Zone>::default();
        let start = Timestamp::parse_rfc3339(START).unwrap();
        let hand = Arc::new(Hand(AtomicI64::new(start.0)));
        let trust = Arc::new(Trust::new(b"").unwrap());
        let ports = Ports {
            dns: zone.clone(),
            smtp: Arc::new(SmtpClient::new(trust.clone())),
            http: Arc::new(HttpClient::new(trust, Names::Dns(zone.clone()), HTTP_TOTAL)),
        };
        let path = folder.path().join("posthouse.db");
        let mut opening = Opening::new(path, MasterKey([7; 32]), Settings::new("mail.test"), ports);
        opening.clock = hand.clone();
        opening.ports.dns = zone.clone();
        opening.forms = crate::dialects::forms();
        let engine = Posthouse::open(opening).await.unwrap();
        let operator = match engine.operator(None).await {
            Ok(operator) => operator,
            Err(_) => {
                engine.create_organization("test").await.unwrap();
                engine.operator(None).await.unwrap()
            }
        };
        Self {
            router: crate::http::router(engine.clone()),
            engine,
            operator,
            hand,
            zone,
            key: String::new(),
            folder,
        }
    }

    /// A key of the live shape, still in mode capture, that may do `scopes`.
    pub(super) async fn live(&self, scopes: &[Scope]) -> String {
        self.made(&self.operator, LIVE_SHAPE, scopes).await
    }

    /// A test key that may do everything.
    pub(super) async fn test(&self) -> String {
        self.made(&self.operator, TEST_SHAPE, &[Scope::All]).await
    }

    pub(super) async fn made(
        &self,
        operator: &Caller,
        shape: &'static str,
        scopes: &[Scope],
    ) -> String {
        let token = match shape {
            TEST_SHAPE => test_token,
            _ => live_token,
        };
        let new = NewScopedKey {
            shape,
            shapes: SHAPES,
            token,
            name: live_token(self.engine.entropy()).prefix,
            scopes: scopes.to_vec(),
            mode: Some(Mode::Capture),
            expires_at: None,
        };
        let made = self.engine.create_scoped_key(operator, new).await;
        made.unwrap().1
    }

    /// Publishes the records of `shop.example` and has them looked at.
    pub(super) async fn verify(&self) {
        let host = self.engine.domain_of_host(&self.operator, "shop.example");
        let id = host.await.unwrap().id;
        let records = self.engine.domain_records(&self.operator, id);
        for record in records.await.unwrap().records {
            self.zone.publish(&record.name, &record.expected);
        }
        let looked = self.engine.verify_domain(&self.operator, id);
        assert!(looked.await.unwrap().domain.is_verified());
    }

    pub(super) async fn set(&self, change: OrganizationChange) {
        self.engine
            .set_organization(&self.operator, change)
            .await
            .unwrap();
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Got {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Asks with a key; `path` is below `/v1`.
    pub(super) async fn with(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> Got {
        let key = format!("Authorization: Bearer {key}");
        let headers = [key.as_str(), "Content-Type: application/json"];
        self.ask(request(
            method,
            &format!("/v1{path}"),
            &headers,
            body.into(),
        ))
        .await
    }

    /// Asks with the key that may do everything.
    pub(super) async fn call(&self, method: &str, path: &str, body: impl Into<Body>) -> Got {
        self.with(&self.key, method, path, body).await
    }

    /// Sends an email, which has to be accepted; its id.
    pub(super) async fn sent(&self, body: &serde_json::Value) -> String {
        let got = self.call("POST", "/emails", body.to_string()).await;
        assert_eq!(got.status, StatusCode::ACCEPTED, "{}", got.body);
        got.text("/id")
    }
}
