//! An engine on a fresh database, behind all routes, for tests.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use posthouse::engine::SendNow;
use posthouse::model::key::{Caller, Mode};
use posthouse::ops::scoped_keys::NewScopedKey;
use posthouse::{Posthouse, Settings};

use crate::opening::opening;
use tempfile::TempDir;
use tower::ServiceExt;

use super::super::{LIVE_SHAPE, SHAPES, live_token, scopes};

/// An engine, all routes, and a key that may send; nothing leaves: its mode is capture.
pub(super) struct House {
    pub(super) engine: Posthouse,
    router: Router,
    operator: Caller,
    pub(super) mail: String,
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

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }
}

impl House {
    pub(super) async fn open() -> Self {
        Self::with(SendNow::default()).await
    }

    pub(super) async fn with(send_now: SendNow) -> Self {
        let folder = TempDir::new().unwrap();
        let settings = Settings {
            send_now,
            ..Settings::new("mail.test")
        };
        let opening = opening(folder.path().join("posthouse.db"), settings);
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("default").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        let mut house = Self {
            router: crate::http::router(engine.clone()),
            engine,
            operator,
            mail: String::new(),
            _folder: folder,
        };
        house.mail = house.key("mail").await;
        house
    }

    /// A key with a permission.
    pub(super) async fn key(&self, permission: &str) -> String {
        let new = NewScopedKey {
            shape: LIVE_SHAPE,
            shapes: SHAPES,
            token: live_token,
            name: permission.to_owned(),
            scopes: scopes(permission).unwrap().to_vec(),
            mode: Some(Mode::Capture),
            expires_at: None,
        };
        let made = self.engine.create_scoped_key(&self.operator, new).await;
        made.unwrap().1
    }

    /// Asks below `/api/v1` with a key.
    pub(super) async fn ask(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> Got {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("Authorization", format!("Bearer {key}"));
        self.request(request.body(body.into()).unwrap()).await
    }

    pub(super) async fn request(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) async fn send(&self, body: impl Into<Body>) -> Got {
        self.ask(&self.mail, "POST", "/mail/send", body).await
    }
}
