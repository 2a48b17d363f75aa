//! An engine on a fresh database, behind all routes, for tests.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use posthouse::feed::Change;
use posthouse::model::client::{ClientPlace, ClientPlaces};
use posthouse::{Posthouse, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::super::kind::KEY;
use crate::opening::opening;

/// An engine, all routes, and a key.
pub(super) struct House {
    pub(super) engine: Posthouse,
    router: Router,
    pub(super) key: String,
    /// Whose the key is.
    pub(super) user: i64,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    /// Status and body in one line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.status, self.body)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }
}

impl House {
    pub(super) async fn with(imap: Option<ClientPlace>) -> Self {
        let folder = TempDir::new().unwrap();
        let settings = Settings {
            places: ClientPlaces {
                imap,
                ..ClientPlaces::default()
            },
            ..Settings::new("mail.test")
        };
        let opening = opening(folder.path().join("posthouse.db"), settings);
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("default").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        let new = KEY.new_key((KEY.live.token)(engine.entropy()), None);
        let key = new.token.clone();
        let made = engine.create_user_key(&operator, new, None).await.unwrap();
        Self {
            router: crate::http::router(engine.clone()),
            engine,
            key,
            user: made.user.unwrap().0,
            _folder: folder,
        }
    }

    /// Asks below `/api/v1`; header fields as `Name: value`.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[&str],
        body: impl Into<Body>,
    ) -> Got {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"));
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) async fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], Body::empty()).await
    }

    /// Posts with the key in the body.
    pub(super) async fn post(&self, path: &str, mut body: Value) -> Got {
        body["key"] = json!(self.key);
        self.ask("POST", path, &[], body.to_string()).await
    }

    /// Asks for a mailbox at acme.test.
    pub(super) async fn single(&self, name: &str, params: Value) -> Got {
        let body = json!({"Email_fullname": name, "single_bulk": "single",
            "Domain": "acme.test", "Params": params});
        self.post("/create/mailbox/single", body).await
    }

    /// A list, with the key and the caller in the query.
    pub(super) async fn list(&self, path: &str, more: &str) -> Got {
        let Self { key, user, .. } = self;
        self.get(&format!("{path}?key={key}&caller_id={user}{more}"))
            .await
    }

    /// What a task has come to, once it has.
    pub(super) async fn task(&self, kind: &str, id: i64) -> Value {
        let mut changes = self.engine.feed().subscribe();
        loop {
            let path = format!("/get/mailbox/{kind}?key={}&task_id={id}", self.key);
            let shown = self.get(&path).await.json();
            if !["pending", "processing"].contains(&shown["status"].as_str().unwrap()) {
                return shown;
            }
            while !matches!(changes.recv().await.unwrap(), Change::Task(_)) {}
        }
    }
}
