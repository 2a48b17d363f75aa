//! `/v1/webhooks`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::model::key::Scope;
use posthouse::ops::webhooks::WebhookRef;
use posthouse::{Error, Posthouse};

use super::super::convert::{self, FORM};
use super::super::refuse::{self, Door, Said, refuse};
use super::super::wire::answer::{NewWebhook, Secret, Taken};
use super::super::wire::ask::Webhook;
use super::{Segment, admit, asked, done, either, id, query, small};
use crate::http::answer::json;
use crate::http::json::Given;

fn no(error: Error) -> Said {
    refuse(Door::Webhooks, error)
}

fn own(segment: Segment) -> WebhookRef {
    WebhookRef::OfForm(FORM, id(segment))
}

fn checked(ask: Webhook<'_>) -> Result<Webhook<'_>, Said> {
    match ask.enabled {
        Given::Wrong => Err(refuse::wrong("Enabled must be true or false.")),
        Given::Absent | Given::Null | Given::Value(_) => Ok(ask),
    }
}

/// `GET /v1/webhooks`.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::WebhooksRead]).await?;
        let found = engine.webhooks(&caller, Some(FORM)).await.map_err(no)?;
        let list: Vec<_> = found.into_iter().map(convert::webhook).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /v1/webhooks`.
pub(in super::super) async fn create(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Webhooks]).await?;
        let bytes = small(&head.headers, body).await?;
        let new = convert::new_webhook(checked(asked(&bytes)?)?).map_err(no)?;
        let (webhook, signing_secret) = engine.create_webhook(&caller, new).await.map_err(no)?;
        let made = NewWebhook {
            webhook: convert::webhook(webhook),
            signing_secret,
        };
        Ok(json(StatusCode::OK, &made))
    };
    either(answer.await)
}

/// `GET /v1/webhooks/{id}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::WebhooksRead]).await?;
        let webhook = engine.webhook(&caller, own(segment)).await.map_err(no)?;
        Ok(json(StatusCode::OK, &convert::webhook(webhook)))
    };
    either(answer.await)
}

/// `PUT /v1/webhooks/{id}`.
pub(in super::super) async fn set(
    State(engine): State<Posthouse>,
    segment: Segment,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Webhooks]).await?;
        let bytes = small(&head.headers, body).await?;
        let change = convert::webhook_change(checked(asked(&bytes)?)?).map_err(no)?;
        let webhook = engine
            .set_webhook(&caller, own(segment), change)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &convert::webhook(webhook)))
    };
    either(answer.await)
}

/// `DELETE /v1/webhooks/{id}`.
pub(in super::super) async fn remove(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Webhooks]).await?;
        engine
            .remove_webhook(&caller, own(segment))
            .await
            .map_err(no)?;
        Ok(done())
    };
    either(answer.await)
}

/// `POST /v1/webhooks/{id}/rotate-secret`.
pub(in super::super) async fn rotate(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Webhooks]).await?;
        let signing_secret = engine
            .rotate_webhook_secret(&caller, own(segment))
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &Secret { signing_secret }))
    };
    either(answer.await)
}

/// `GET /v1/webhooks/{id}/deliveries`.
pub(in super::super) async fn deliveries(
    State(engine): State<Posthouse>,
    segment: Segment,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::WebhooksRead]).await?;
        let rows = convert::rows(&query(&uri));
        let (webhook, deliveries) = engine
            .webhook_deliveries(&caller, own(segment), None, rows)
            .await
            .map_err(no)?;
        let list: Vec<_> = deliveries
            .into_iter()
            .map(|one| convert::delivery(&webhook, one))
            .collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /v1/webhooks/deliveries/{id}/replay`.
pub(in super::super) async fn replay(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Webhooks]).await?;
        let copy = engine
            .replay_webhook_delivery(&caller, id(segment))
            .await
            .map_err(no)?;
        let queued = Taken {
            id: copy.to_string(),
            status: "queued",
        };
        Ok(json(StatusCode::ACCEPTED, &queued))
    };
    either(answer.await)
}
