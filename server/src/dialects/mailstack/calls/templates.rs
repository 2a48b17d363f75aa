//! `/v1/templates`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use posthouse::ids::TemplateId;
use posthouse::limits::{LIST_ROWS, REQUEST_BODY_BYTES};
use posthouse::model::key::Scope;
use posthouse::{Error, Posthouse};

use super::super::convert;
use super::super::refuse::{Door, Said, refuse};
use super::super::wire::ask::Preview;
use super::{Segment, admit, asked, done, either, id, whole};
use crate::http::answer::json;
use crate::http::body::Whole;

/// Three parts of a template, however many of their characters are escaped.
const TEMPLATE_BODY_BYTES: usize = 16 * 1024 * 1024;

fn no(error: Error) -> Said {
    refuse(Door::Templates, error)
}

/// `GET /v1/templates`.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::TemplatesRead]).await?;
        let found = engine
            .templates(&caller, TemplateId(0), LIST_ROWS)
            .await
            .map_err(no)?;
        let list: Vec<_> = found.into_iter().map(convert::template).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /v1/templates`.
pub(in super::super) async fn create(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Templates]).await?;
        let Whole { bytes, .. } = whole(&head.headers, body, TEMPLATE_BODY_BYTES).await?;
        let (name, draft) = convert::new_template(asked(&bytes)?).map_err(no)?;
        let made = engine
            .create_template(&caller, &name, draft)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::template(made)))
    };
    either(answer.await)
}

/// `GET /v1/templates/{id}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::TemplatesRead]).await?;
        let found = engine.template(&caller, id(segment)).await.map_err(no)?;
        Ok(json(StatusCode::OK, &convert::template(found)))
    };
    either(answer.await)
}

/// `PUT /v1/templates/{id}`.
pub(in super::super) async fn set(
    State(engine): State<Posthouse>,
    segment: Segment,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Templates]).await?;
        let Whole { bytes, .. } = whole(&head.headers, body, TEMPLATE_BODY_BYTES).await?;
        let change = convert::template_change(asked(&bytes)?).map_err(no)?;
        let changed = engine
            .set_template(&caller, id(segment), change)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::template(changed)))
    };
    either(answer.await)
}

/// `DELETE /v1/templates/{id}`.
pub(in super::super) async fn remove(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Templates]).await?;
        engine
            .remove_template(&caller, id(segment))
            .await
            .map_err(no)?;
        Ok(done())
    };
    either(answer.await)
}

/// `POST /v1/templates/{id}/publish`.
pub(in super::super) async fn publish(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Templates]).await?;
        let published = engine
            .publish_template(&caller, id(segment))
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::template(published)))
    };
    either(answer.await)
}

/// `POST /v1/templates/{id}/preview`. Nothing changes by it, so reading is enough.
pub(in super::super) async fn preview(
    State(engine): State<Posthouse>,
    segment: Segment,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::TemplatesRead]).await?;
        let Whole { bytes, .. } = whole(&head.headers, body, REQUEST_BODY_BYTES).await?;
        let variables = match bytes.trim_ascii() {
            [] => None,
            bytes => {
                let Preview { variables } = asked(bytes)?;
                convert::variables(variables).map_err(no)?
            }
        };
        let made = engine
            .preview_template(&caller, id(segment), variables.unwrap_or_default())
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::preview(made)))
    };
    either(answer.await)
}
