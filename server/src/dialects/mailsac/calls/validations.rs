//! `/api/validations`: what is known of strangers' addresses.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::{Error, Posthouse};

use super::super::convert::address::integrity;
use super::super::refuse::{self, Door, Said, refuse};
use super::{Parts, admit, either, parts, wrong};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Validation, error)
}

/// `GET /validations/addresses/{email}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let known = engine
            .validate_addresses(&asked.caller, vec![email])
            .await
            .map_err(no)?;
        let mut known = known.into_iter().map(integrity);
        let one = known.next().ok_or_else(refuse::not_found)?;
        Ok(json(StatusCode::OK, &one))
    };
    either(answer.await)
}

/// `POST /validations/addresses`.
pub(in super::super) async fn all(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let mut asked = admit(&engine, request).await?;
        let emails = asked.fields()?.texts("emails").map_err(wrong)?;
        let emails = emails.ok_or_else(|| refuse::bad("emails is required"))?;
        let known = engine
            .validate_addresses(&asked.caller, emails)
            .await
            .map_err(no)?;
        let list: Vec<_> = known.into_iter().map(integrity).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}
