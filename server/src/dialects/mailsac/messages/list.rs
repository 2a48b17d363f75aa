//! The messages of one address, and those that are starred.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;

use super::super::calls::{Parts, admit, admit_reader, either, parts, wrong};
use super::super::convert::mail::list as mails;
use super::super::refuse::{Door, refuse};
use super::super::wire::message::Count;
use crate::http::answer::{empty, json, uncut};

/// `GET /addresses/{email}/messages`.
pub(super) async fn list(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit_reader(&engine, request).await?;
        let email = parts(path)?;
        let stretch = asked.query.stretch().map_err(wrong)?;
        let found = engine
            .mail_at(&asked.caller, &email, stretch.until, stretch.rows)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        Ok(json(StatusCode::OK, &mails(&found)))
    };
    either(answer.await)
}

/// `GET /addresses/{email}/message-count`.
pub(super) async fn count(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit_reader(&engine, request).await?;
        let email = parts(path)?;
        let (count, inbox) = engine
            .mail_count(&asked.caller, &email)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        Ok(json(StatusCode::OK, &Count { count, inbox }))
    };
    either(answer.await)
}

/// `DELETE /addresses/{email}/messages`. What the query says of a part is ignored (section 7).
pub(super) async fn purge(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let purge = async move { engine.purge_mail(&asked.caller, &email).await };
        uncut(purge)
            .await
            .map_err(|error| refuse(Door::Purge, error))?;
        Ok(empty(StatusCode::NO_CONTENT))
    };
    either(answer.await)
}

/// `GET /addresses/starred/messages`.
pub(super) async fn starred(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let stretch = asked.query.stretch().map_err(wrong)?;
        let found = engine
            .mail_starred(&asked.caller, stretch)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        Ok(json(StatusCode::OK, &mails(&found)))
    };
    either(answer.await)
}
