//! An engine on a fresh database, behind all routes, for tests.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use posthouse::model::domain::Domain;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::{Posthouse, Settings};

use crate::opening::opening;
use tempfile::TempDir;
use tower::ServiceExt;

use super::super::{ORGANIZATION_SHAPE, SERVER_SHAPE, organization_token, server_token};

/// An engine, all routes, an organization with both kinds of token, and its domain
/// `shop.test`. Nothing leaves: the server token's mode is capture.
pub(super) struct House {
    pub(super) engine: Posthouse,
    pub(super) router: Router,
    pub(super) operator: Caller,
    pub(super) domain: Domain,
    pub(super) server: String,
    pub(super) organization: String,
    _folder: TempDir,
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

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
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

impl House {
    pub(super) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("posthouse.db");
        let opening = opening(path, Settings::new("mail.test"));
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("default").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        let domain = engine
            .create_domain(&operator, "shop.test", Some("Shop"))
            .await
            .unwrap();
        let house = Self {
            router: crate::http::router(engine.clone()),
            server: server_token(engine.entropy()),
            organization: organization_token(engine.entropy()),
            operator,
            domain,
            engine,
            _folder: folder,
        };
        house.keep(&house.operator, &house.organization, None).await;
        let domain = Some(&house.domain);
        house.keep(&house.operator, &house.server, domain).await;
        house
    }

    /// Makes a key of a token: a server token when there is a domain.
    pub(super) async fn keep(&self, operator: &Caller, token: &str, domain: Option<&Domain>) {
        let new = NewKey {
            shape: domain.map_or(ORGANIZATION_SHAPE, |_| SERVER_SHAPE),
            token: token.to_owned(),
            prefix: None,
            keeping: domain.map_or(Keeping::HashOnly, |_| Keeping::Readable),
            name: None,
            domain: domain.map(|domain| domain.id),
            scopes: vec![domain.map_or(Scope::Domains, |_| Scope::Send)],
            mode: Some(Mode::Capture),
            expires_at: None,
        };
        self.engine.create_key(operator, new).await.unwrap();
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

    /// Sends with the house's server token.
    pub(super) async fn send(&self, body: impl Into<Body>) -> Got {
        let token = format!("MailPace-Server-Token: {}", self.server);
        let headers = [token.as_str(), "Content-Type: application/json"];
        self.ask(request("POST", "/api/v1/send", &headers, body.into()))
            .await
    }

    /// Asks with the house's organization token; `path` is below `/api/v1/domains`.
    pub(super) async fn manage(&self, method: &str, path: &str, body: &str) -> Got {
        let token = format!("MailPace-Organization-Token: {}", self.organization);
        let headers = [token.as_str(), "Content-Type: application/json"];
        let path = format!("/api/v1/domains{path}");
        self.ask(request(method, &path, &headers, body.to_owned().into()))
            .await
    }
}
