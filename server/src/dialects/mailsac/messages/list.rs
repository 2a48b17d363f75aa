//! The messages of one address.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;

use super::super::calls::{Parts, admit, either, parts};
use super::super::refuse::{Door, refuse};
use super::super::wire::message::Count;
use crate::http::answer::{empty, json, uncut};

/// `GET /addresses/{email}/message-count`.
pub(in super::super) async fn count(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let (count, inbox) = engine
            .mail_count(&asked.caller, &email)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        Ok(json(StatusCode::OK, &Count { count, inbox }))
    };
    either(answer.await)
}

/// `DELETE /addresses/{email}/messages`.
pub(in super::super) async fn purge(
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
