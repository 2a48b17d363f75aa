//! One message.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;

use super::super::calls::{Parts, admit, either, parts};
use super::super::refuse::{Door, refuse};
use super::super::wire::message::Removed;
use crate::http::answer::json;

/// `DELETE /addresses/{email}/messages/{id}`.
pub(in super::super) async fn remove(
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
