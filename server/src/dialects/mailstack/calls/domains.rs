//! `/v1/domains`: sending domains.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use posthouse::model::key::Scope;
use posthouse::model::page::Page;
use posthouse::{Error, Posthouse};

use super::super::convert;
use super::super::refuse::{Door, Said, refuse};
use super::{Segment, admit, asked, done, either, id, small};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Domains, error)
}

/// `GET /v1/domains`.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::DomainsRead]).await?;
        let found = engine
            .all_domain_records(&caller, Page::WHOLE)
            .await
            .map_err(no)?;
        let list: Vec<_> = found
            .into_iter()
            .map(|one| convert::domain(one, caller.enum_style()))
            .collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET /v1/domains/{id}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::DomainsRead]).await?;
        let found = engine
            .domain_records_of(&caller, id(segment))
            .await
            .map_err(no)?;
        let domain = convert::domain(found, caller.enum_style());
        Ok(json(StatusCode::OK, &domain))
    };
    either(answer.await)
}

/// `POST /v1/domains`.
pub(in super::super) async fn create(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Domains]).await?;
        let bytes = small(&head.headers, body).await?;
        let (host, label) = convert::new_domain(asked(&bytes)?).map_err(no)?;
        let made = engine
            .create_sending_domain(&caller, &host, None, Some(&label))
            .await
            .map_err(no)?;
        let domain = convert::domain(made, caller.enum_style());
        Ok(json(StatusCode::OK, &domain))
    };
    either(answer.await)
}

/// `POST /v1/domains/{id}/verify`.
pub(in super::super) async fn verify(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Domains]).await?;
        let looked = engine
            .verify_domain_of(&caller, id(segment))
            .await
            .map_err(no)?;
        let domain = convert::domain(looked, caller.enum_style());
        Ok(json(StatusCode::OK, &domain))
    };
    either(answer.await)
}

/// `DELETE /v1/domains/{id}`.
pub(in super::super) async fn remove(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Domains]).await?;
        engine
            .remove_domain(&caller, id(segment))
            .await
            .map_err(no)?;
        Ok(done())
    };
    either(answer.await)
}

/// `GET /v1/domains/{id}/blocklist`.
pub(in super::super) async fn blocklist(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::DomainsRead]).await?;
        let checked = engine
            .domain_blocklists(&caller, id(segment))
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::blocklist(checked)))
    };
    either(answer.await)
}
