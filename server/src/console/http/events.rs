//! `GET /console/events`: what changes, as server-sent events.
//!
//! A frame says that something of a kind changed, no more: the page asks anew for what it shows,
//! and is told only what is its own. Changes that come close together are one frame a kind.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::stream;
use posthouse::feed::Change;
use posthouse::model::organization::Role;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::super::call::Visitor;
use super::super::table::{Table, refusing};
use super::super::wire::{Changed, ChangedKind};
use super::visitor::{Number, visitor};
use crate::net::Stay;

/// How long changes are gathered before they are told.
const GATHERED: Duration = Duration::from_millis(200);
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
        changes: table.engine().feed().subscribe(),
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
    changes: Receiver<Change>,
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
            heard = self.changes.recv() => Some(heard),
        };
        let Some(heard) = heard else {
            let holds = self.table.engine().session_holds(&self.token).await;
            return holds.ok()?.then_some(Bytes::from_static(b": quiet\n\n"));
        };
        let mut kinds = BTreeSet::new();
        note(&mut kinds, heard)?;
        let end = Instant::now() + GATHERED;
        while let Ok(heard) = timeout_at(end, self.changes.recv()).await {
            note(&mut kinds, heard)?;
        }
        match frames(&kinds) {
            Ok(told) => Some(told),
            Err(error) => {
                tracing::error!(%error, "what changed cannot be told");
                None
            }
        }
    }
}

/// None when nothing will ever change any more.
fn note(kinds: &mut BTreeSet<u8>, heard: Result<Change, RecvError>) -> Option<()> {
    let kind = match heard {
        Ok(Change::Email(_)) => Some(ChangedKind::Email),
        Ok(Change::Delivery(_)) => Some(ChangedKind::Delivery),
        Ok(Change::Event(_)) => Some(ChangedKind::Event),
        Ok(Change::Message(..) | Change::Removed(..)) => Some(ChangedKind::Message),
        Ok(Change::Marked(_)) => Some(ChangedKind::Mailbox),
        Ok(Change::Task(_)) => Some(ChangedKind::Task),
        Ok(Change::WebhookDue) => Some(ChangedKind::Webhook),
        Ok(Change::Due) => None,
        Err(RecvError::Lagged(_)) => Some(ChangedKind::All),
        Err(RecvError::Closed) => return None,
    };
    kinds.extend(kind.map(|kind| kind as u8));
    Some(())
}

const KINDS: [ChangedKind; 8] = [
    ChangedKind::Email,
    ChangedKind::Delivery,
    ChangedKind::Event,
    ChangedKind::Message,
    ChangedKind::Mailbox,
    ChangedKind::Webhook,
    ChangedKind::Task,
    ChangedKind::All,
];

fn frames(kinds: &BTreeSet<u8>) -> serde_json::Result<Bytes> {
    let mut text = String::new();
    for what in KINDS {
        if kinds.contains(&(what as u8)) {
            let changed = Changed { what, id: None };
            let json = serde_json::to_string(&changed)?;
            text.push_str(&format!("data: {json}\n\n"));
        }
    }
    Ok(Bytes::from(text))
}
