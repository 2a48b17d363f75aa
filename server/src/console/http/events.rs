//! `GET /console/events`: what changes, as server-sent events.
//!
//! A frame says that something of a kind changed, no more: the page asks anew for what it shows,
//! and is told only what is its own. Changes that come close together are one frame a kind.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::stream;
use posthouse::model::organization::Role;
use tokio::time::{Instant, sleep_until};

use super::super::call::Visitor;
use super::super::changes::Changes;
use super::super::table::{Table, refusing};
use super::super::wire::Changed;
use super::visitor::{Number, visitor};
use crate::net::Stay;

/// After how long something is said even if nothing changed; and the session is looked at.
const QUIET: Duration = Duration::from_secs(25);

pub(super) async fn events(State(table): State<Table>, request: Request) -> Response {
    let number = Number::of(request.extensions());
    let stay = request.extensions().get::<Stay>().cloned();
    let headers = request.headers().clone();
    let found = async {
        match visitor(&table, &headers).await? {
            Visitor::Person(session, token) => {
                session.caller(Role::Reader)?;
                Ok(token)
            }
            Visitor::Nobody | Visitor::Machine(_) => Ok(String::new()),
        }
    };
    let token = match found.await {
        Ok(token) => token,
        Err(trouble) => return super::answer(refusing("session", trouble), number),
    };
    let line = Line {
        changes: Changes::of(table.engine()),
        table,
        token,
        stay,
        begun: false,
    };
    let frames = stream::unfold(line, async |mut line| {
        let bytes = line.next().await?;
        Some((Ok::<Bytes, Infallible>(bytes), line))
    });
    let mut response = Response::new(Body::from_stream(frames));
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // So that no proxy gathers what is to be told at once.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// One page that listens.
struct Line {
    table: Table,
    token: String,
    changes: Changes,
    stay: Option<Stay>,
    begun: bool,
}

impl Line {
    /// What is said next; None when the session is over, or the server stops.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.begun, true) {
            // The page knows by it that it hears from now on.
            return Some(Bytes::from_static(b": listening\n\n"));
        }
        let quiet = Instant::now() + QUIET;
        let mut stay = self.stay.clone();
        let stopped = async {
            match &mut stay {
                Some(stay) => stay.stopped().await,
                None => std::future::pending().await,
            }
        };
        let heard = tokio::select! {
            () = stopped => return None,
            () = sleep_until(quiet) => None,
            heard = self.changes.heard() => Some(heard),
        };
        let Some(heard) = heard else {
            let holds = self.table.engine().session_holds(&self.token).await;
            return holds.ok()?.then_some(Bytes::from_static(b": quiet\n\n"));
        };
        let told = self.changes.gather(heard).await?;
        match frames(&told) {
            Ok(told) => Some(told),
            Err(error) => {
                tracing::error!(%error, "what changed cannot be told");
                None
            }
        }
    }
}

fn frames(told: &[Changed]) -> serde_json::Result<Bytes> {
    let mut text = String::new();
    for changed in told {
        let json = serde_json::to_string(changed)?;
        text.push_str(&format!("data: {json}\n\n"));
    }
    Ok(Bytes::from(text))
}
