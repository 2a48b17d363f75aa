//! Who calls, and all of their mail.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::{Error, Posthouse};

use super::super::convert::account;
use super::super::refuse::{Door, Said, refuse};
use super::{admit, either, wrong};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Account, error)
}

/// `GET /inbox`.
pub(in super::super) async fn inbox(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let stretch = asked.query.stretch().map_err(wrong)?;
        let found = engine.mail_of_all(&asked.caller, stretch).await;
        let inbox = account::inbox(stretch, found.map_err(no)?);
        Ok(json(StatusCode::OK, &inbox))
    };
    either(answer.await)
}

/// `GET /me`.
pub(in super::super) async fn me(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let found = engine.account(&asked.caller).await.map_err(no)?;
        Ok(json(StatusCode::OK, &account::me(found)))
    };
    either(answer.await)
}

/// `GET /me/stats`.
pub(in super::super) async fn stats(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let found = engine.holdings(&asked.caller).await.map_err(no)?;
        Ok(json(StatusCode::OK, &account::stats(found)))
    };
    either(answer.await)
}
