//! `/api/addresses`: reserved, routed, let go.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::ops::mail::reserving::Letting;
use posthouse::{Error, Posthouse};

use super::super::convert::address::{address, availability, change, released};
use super::super::refuse::{self, Door, Said, refuse};
use super::{Parts, admit, either, parts, wrong};
use crate::http::answer::{json, uncut};

fn no(error: Error) -> Said {
    refuse(Door::Address, error)
}

/// `GET /addresses`.
pub(in super::super) async fn list(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let found = engine.addresses(&asked.caller).await.map_err(no)?;
        let list: Vec<_> = found.into_iter().map(address).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET /addresses/{email}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let found = engine.address(&asked.caller, &email).await.map_err(no)?;
        Ok(json(StatusCode::OK, &address(found)))
    };
    either(answer.await)
}

/// `GET /addresses/{email}/availability`.
pub(in super::super) async fn available(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let found = engine
            .address_availability(&asked.caller, &email)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &availability(found)))
    };
    either(answer.await)
}

/// `POST /addresses/{email}`.
pub(in super::super) async fn reserve(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let mut asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let change = change(asked.fields()?).map_err(wrong)?;
        let reserved = engine
            .reserve_address(&asked.caller, &email, change)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &address(reserved)))
    };
    either(answer.await)
}

/// `PUT /addresses/{email}`, and by its older name `PUT /private-address-forwarding/{email}`.
pub(in super::super) async fn route(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let mut asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let change = change(asked.fields()?).map_err(wrong)?;
        let routed = engine
            .route_address(&asked.caller, &email, change)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &address(routed)))
    };
    either(answer.await)
}

/// `DELETE /addresses/{email}`.
pub(in super::super) async fn release(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let email = parts(path)?;
        let mail = match asked.query.is_on("deleteAddressMessages") {
            true => Letting::Remove,
            false => Letting::Keep,
        };
        let gone = async move { engine.release_address(&asked.caller, &email, mail).await };
        let gone = uncut(gone).await.map_err(no)?;
        Ok(json(StatusCode::OK, &released(gone)))
    };
    either(answer.await)
}

/// `POST /private-addresses-bulk`.
pub(in super::super) async fn reserve_all(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let mut asked = admit(&engine, request).await?;
        let emails = asked.fields()?.texts("addresses").map_err(wrong)?;
        let emails = emails.ok_or_else(|| refuse::bad("addresses is required"))?;
        let reserved = engine
            .reserve_addresses(&asked.caller, &emails)
            .await
            .map_err(no)?;
        let list: Vec<_> = reserved.into_iter().map(address).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}
