//! `/api/outgoing-messages`: mail to be sent.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::limits::REQUEST_BODY_BYTES;
use posthouse::{Error, Posthouse};

use super::super::convert::outgoing::{sent, submission};
use super::super::refuse::{Door, Said, refuse};
use super::{admit_sized, either, wrong};
use crate::http::answer::{json, uncut};

fn no(error: Error) -> Said {
    refuse(Door::Send, error)
}

/// `POST /outgoing-messages`.
pub(in super::super) async fn send(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let mut asked = admit_sized(&engine, request, REQUEST_BODY_BYTES).await?;
        let submission = submission(asked.fields()?).map_err(wrong)?;
        let accepted = async move { engine.send(&asked.caller, submission).await };
        let accepted = uncut(accepted).await.map_err(no)?;
        Ok(json(StatusCode::OK, &sent(accepted)))
    };
    either(answer.await)
}
