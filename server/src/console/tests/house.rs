//! An engine on a fresh database, a console, and browsers that ask it.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::{Posthouse, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::console::place::Place;
use crate::console::table::Table;
use crate::opening::opening;

pub(super) const SECRET: &str = "correct horse";

/// An engine with an organization, its domain `shop.test`, and an owner, `ada`.
pub(super) struct House {
    pub(super) engine: Posthouse,
    pub(super) table: Table,
    pub(super) router: Router,
    pub(super) operator: Caller,
    pub(super) folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }

    /// Status, kind and code of a refusal.
    pub(super) fn refusal(&self) -> (u16, String, String) {
        let error = &self.json()["error"];
        let word = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), word("kind"), word("code"))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// A browser that is signed in, or not.
#[derive(Clone, Debug, Default)]
pub(super) struct Browser {
    pub(super) cookie: Option<String>,
    pub(super) csrf: Option<String>,
}

impl Browser {
    /// Its header fields for a call of our own page.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("x-posthouse-console", String::from("1")),
            ("sec-fetch-site", String::from("same-origin")),
            ("content-type", String::from("application/json")),
        ];
        if let Some(cookie) = &self.cookie {
            fields.push(("cookie", format!("theme=dark; posthouse_session={cookie}")));
        }
        if let Some(csrf) = &self.csrf {
            fields.push(("x-csrf-token", csrf.clone()));
        }
        fields
    }
}

impl House {
    pub(super) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("posthouse.db");
        let mut opening = opening(path, Settings::new("mail.test"));
        opening.forms = crate::dialects::forms();
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("shop").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        engine
            .create_domain(&operator, "shop.test", None)
            .await
            .unwrap();
        let place = Place {
            backups: Some(folder.path().to_owned()),
            ..Place::bare()
        };
        let table = Table::new(engine.clone(), place);
        Self {
            router: crate::http::with_console(engine.clone(), Some(table.clone())),
            engine,
            table,
            operator,
            folder,
        }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Got {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// A command with just these header fields.
    pub(super) async fn post(
        &self,
        command: &str,
        fields: &[(&'static str, String)],
        input: &Value,
    ) -> Got {
        let mut request = Request::post(format!("/console/api/{command}"));
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        let body = Body::from(input.to_string());
        self.send(request.body(body).unwrap()).await
    }

    /// A command as our page calls it.
    pub(super) async fn call(&self, browser: &Browser, command: &str, input: Value) -> Got {
        self.post(command, &browser.fields(), &input).await
    }

    /// What a command gave that has to succeed.
    pub(super) async fn done(&self, browser: &Browser, command: &str, input: Value) -> Value {
        let got = self.call(browser, command, input).await;
        assert_eq!(got.status, StatusCode::OK, "{command}: {}", got.body);
        got.json()
    }

    pub(super) async fn get(&self, browser: &Browser, path: &str) -> Got {
        let mut request = Request::get(path);
        if let Some(cookie) = &browser.cookie {
            request = request.header("cookie", format!("posthouse_session={cookie}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A browser in which somebody takes a way in.
    pub(super) async fn welcome(&self, token: &str, name: &str) -> Browser {
        let input = json!({"token": token, "name": name, "password": SECRET});
        let got = self
            .call(&Browser::default(), "session.welcome", input)
            .await;
        self.signed_in(&got)
    }

    /// The browser after an answer that began a session.
    pub(super) fn signed_in(&self, got: &Got) -> Browser {
        assert_eq!(got.status, StatusCode::OK, "{}", got.body);
        let cookie = got.header("set-cookie");
        let (pair, _) = cookie.split_once(';').expect("a cookie");
        let (name, token) = pair.split_once('=').expect("a pair");
        assert_eq!(name, "posthouse_session");
        Browser {
            cookie: Some(token.to_owned()),
            csrf: got.json()["csrf"].as_str().map(str::to_owned),
        }
    }

    /// A browser of the first owner, `ada`.
    pub(super) async fn owner(&self) -> Browser {
        let way = self.engine.invite_first_owner().await.unwrap().unwrap();
        self.welcome(&way.token, "ada").await
    }

    /// A browser of somebody with this role, of whom there is an owner beside.
    pub(super) async fn person(&self, name: &str, role: Role) -> Browser {
        let way = self.engine.invite_user(&self.operator, name, role);
        self.welcome(&way.await.unwrap().token, "").await
    }
}
