//! `/v1/messages`: mail with its content and its history.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::model::key::Scope;
use posthouse::ops::emails::EmailRef;
use posthouse::{Error, Posthouse};

use super::super::convert;
use super::super::refuse::{Door, Said, refuse};
use super::{Segment, admit, either, id, query};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Emails, error)
}

/// `GET /v1/messages`.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Read]).await?;
        let query = query(&uri);
        let found = engine
            .emails(&caller, convert::filter(&query), convert::rows(&query))
            .await
            .map_err(no)?;
        let (now, style) = (engine.now(), caller.enum_style());
        let list: Vec<_> = found
            .into_iter()
            .map(|one| convert::message(one, now, style))
            .collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET /v1/messages/{id}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Read]).await?;
        let found = engine
            .email_content(&caller, EmailRef::Uuid(id(segment)))
            .await
            .map_err(no)?;
        let content = convert::content(found, engine.now(), caller.enum_style());
        Ok(json(StatusCode::OK, &content))
    };
    either(answer.await)
}

/// `GET /v1/messages/{id}/events`.
pub(in super::super) async fn events(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Read]).await?;
        let (standing, events) = engine
            .email_events(&caller, EmailRef::Uuid(id(segment)))
            .await
            .map_err(no)?;
        let list: Vec<_> = events
            .into_iter()
            .filter_map(|event| convert::event(event, &standing.deliveries, &caller))
            .collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}
