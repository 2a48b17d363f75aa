//! `/v1/billing`: what is sent, and what may be spent.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use posthouse::model::key::Scope;
use posthouse::{Error, Posthouse};

use super::super::convert;
use super::super::refuse::{Door, Said, refuse};
use super::{admit, asked, either, small};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Billing, error)
}

/// `GET /v1/billing/usage`.
pub(in super::super) async fn usage(
    State(engine): State<Posthouse>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::BillingRead]).await?;
        let usage = engine.usage(&caller).await.map_err(no)?;
        Ok(json(StatusCode::OK, &convert::usage(&usage)))
    };
    either(answer.await)
}

/// `PUT /v1/billing/spend-cap`.
pub(in super::super) async fn set_spend_cap(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Billing]).await?;
        let bytes = small(&head.headers, body).await?;
        let cents = convert::spend_cap(asked(&bytes)?).map_err(no)?;
        let usage = engine.set_spend_cap(&caller, cents).await.map_err(no)?;
        Ok(json(StatusCode::OK, &convert::usage(&usage)))
    };
    either(answer.await)
}
