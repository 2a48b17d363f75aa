//! One message.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;

use super::super::calls::{Parts, admit, admit_reader, either, parts};
use super::super::convert::mail::shown as mail;
use super::super::refuse::{Door, refuse};
use super::super::wire::message::Removed;
use crate::http::answer::json;

/// `GET /addresses/{email}/messages/{id}`.
pub(super) async fn one(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit_reader(&engine, request).await?;
        let (email, id) = parts(path)?;
        let found = engine
            .mail(&asked.caller, &email, &id)
            .await
            .map_err(|error| refuse(Door::Message, error))?;
        Ok(json(StatusCode::OK, &mail(&found)))
    };
    either(answer.await)
}

/// `DELETE /addresses/{email}/messages/{id}`.
pub(super) async fn remove(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let (email, id) = parts(path)?;
        let inbox = engine
            .remove_mail(&asked.caller, &email, &id)
            .await
            .map_err(|error| refuse(Door::Message, error))?;
        let message = "Message was deleted.";
        Ok(json(StatusCode::OK, &Removed { id, inbox, message }))
    };
    either(answer.await)
}
