//! A server's console, asked as its page in a browser asks it. The session is held here: the
//! page never sees its token.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use posthouse_server::console::wire::RefusedKind;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use url::Url;

use crate::no::No;

/// The cookie that a session's token is in.
const COOKIE_NAME: &str = "posthouse_session";
const CONNECT: Duration = Duration::from_secs(10);
/// A command; the longest of them asks DNS or another server meanwhile.
const CALL: Duration = Duration::from_secs(90);
/// Silence of whoever tells of changes: it says something every 25 seconds.
const SILENCE: Duration = Duration::from_secs(60);

/// What is held of a session.
#[derive(Clone, Debug, Default)]
struct Held {
    token: Option<String>,
    csrf: Option<String>,
}

/// A server's console.
pub struct Remote {
    base: Url,
    client: Client,
    held: Mutex<Held>,
}

impl Remote {
    /// The console at this address, with the session that there was.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub fn at(base: Url, token: Option<String>) -> Result<Self, No> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .user_agent(concat!("posthouse-desktop/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(No::internal)?;
        Ok(Self {
            base,
            client,
            held: Mutex::new(Held { token, csrf: None }),
        })
    }

    /// Where it is.
    #[must_use]
    pub const fn base(&self) -> &Url {
        &self.base
    }

    fn held(&self) -> Held {
        let held = self.held.lock();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The token of the session; None where there is none.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        self.held().token
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        url.set_path(path);
        url.set_query((!query.is_empty()).then_some(query));
        url
    }

    fn unreachable(&self, error: &reqwest::Error) -> No {
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let url = self.base.as_str().trim_end_matches('/');
        No::unreachable(format!(
            "{url} does not answer: {cause}. See that it runs and that you are on its network, then try again."
        ))
    }

    fn with_session(&self, request: RequestBuilder) -> RequestBuilder {
        match self.held().token {
            Some(token) => request.header(COOKIE, format!("{COOKIE_NAME}={token}")),
            None => request,
        }
    }

    /// Runs a command there.
    ///
    /// # Errors
    /// What the server says; that it does not answer.
    pub async fn call(&self, name: &str, input: &Value) -> Result<Value, No> {
        match self.post(name, input).await {
            // The token of our page is not known yet, or of a session that is over.
            Err(no) if no.code() == "forged" => {
                self.post("session.show", &json!({})).await?;
                self.post(name, input).await
            }
            done => done,
        }
    }

    async fn post(&self, name: &str, input: &Value) -> Result<Value, No> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || b"._".contains(&byte);
        if !name.bytes().all(is_name) {
            return Err(No::new(
                RefusedKind::Missing,
                "no_command",
                "There is no such command.",
            ));
        }
        let request = self
            .client
            .post(self.url(&format!("/console/api/{name}")))
            .timeout(CALL)
            .header(CONTENT_TYPE, "application/json")
            .header("x-posthouse-console", "1")
            .body(input.to_string());
        let request = match self.held().csrf {
            Some(csrf) => request.header("x-csrf-token", csrf),
            None => request,
        };
        let answer = self.with_session(request).send().await;
        let answer = answer.map_err(|error| self.unreachable(&error))?;
        self.take(answer.headers());
        let status = answer.status();
        let body: Option<Value> = answer.json().await.ok();
        match body {
            Some(body) if status.is_success() => Ok(self.without_csrf(body)),
            Some(body) if body["error"]["message"].is_string() => Err(No(body)),
            Some(_) | None => Err(No::unreachable(format!(
                "{} answered {status}, which is no answer of Posthouse's console.",
                self.base
            ))),
        }
    }

    /// Keeps what an answer says to keep.
    fn take(&self, headers: &HeaderMap) {
        let cookies = headers.get_all(SET_COOKIE).iter();
        let ours = cookies.filter_map(|value| {
            let (name, rest) = value.to_str().ok()?.split_once('=')?;
            let token = rest.split(';').next().unwrap_or_default().trim();
            (name.trim() == COOKIE_NAME).then(|| token.to_owned())
        });
        for token in ours {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.token = (!token.is_empty()).then_some(token);
        }
    }

    /// Keeps the proof that our page asks, which the page itself has no use for.
    fn without_csrf(&self, mut body: Value) -> Value {
        if let Some(csrf) = body.get_mut("csrf") {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.csrf = csrf.take().as_str().map(str::to_owned);
        }
        body
    }

    /// One of its files, such as an answer's `raw_url`.
    ///
    /// # Errors
    /// What the server says; that it does not answer.
    pub async fn file(&self, path: &str) -> Result<Response, No> {
        let request = self.client.get(self.url(path));
        let answer = self.with_session(request).send().await;
        let answer = answer.map_err(|error| self.unreachable(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body: Option<Value> = answer.json().await.ok();
        let told = body.filter(|body| body["error"]["message"].is_string());
        Err(told.map_or_else(
            || No::internal(format!("{} answered {status}", self.base)),
            No,
        ))
    }

    /// What changes there, from now on.
    ///
    /// # Errors
    /// What the server says; that it does not answer.
    pub async fn events(&self) -> Result<Events, No> {
        let answer = self.file("/console/events").await?;
        Ok(Events {
            answer,
            begun: Vec::new(),
        })
    }
}

/// Changes, as a server tells them.
pub struct Events {
    answer: Response,
    begun: Vec<u8>,
}

impl Events {
    /// The next; None when no more are told.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.begun.drain(..=end).collect();
                let change = data(&line).and_then(|data| serde_json::from_slice(data).ok());
                if change.is_some() {
                    return change;
                }
            }
            let piece = self.answer.chunk().await.ok()??;
            self.begun.extend_from_slice(&piece);
        }
    }
}

/// What a line of the stream says, where it says anything.
fn data(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"data:").map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_data_is_data() {
        assert_eq!(data(b"data: {\"a\":1}\r\n"), Some(&b"{\"a\":1}"[..]));
        assert_eq!(data(b": quiet\n"), None);
        assert_eq!(data(b"\n"), None);
    }

    #[tokio::test]
    async fn a_name_is_never_a_path() {
        let base = Url::parse("http://127.0.0.1:9").unwrap();
        let remote = Remote::at(base, None).unwrap();
        for name in ["../events", "a/b", "A", "a%2e", "a?b"] {
            let no = remote.call(name, &json!({})).await.unwrap_err();
            assert_eq!(no.code(), "no_command", "{name}");
        }
        let no = remote.call("session.show", &json!({})).await.unwrap_err();
        assert_eq!(no.code(), "unreachable");
        let url = remote.url("/console/files/message/1/html?remote=1");
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:9/console/files/message/1/html?remote=1"
        );
    }
}
