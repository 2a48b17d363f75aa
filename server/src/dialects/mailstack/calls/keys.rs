//! `/v1/api-keys`.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use posthouse::error::Denied;
use posthouse::model::key::Scope;
use posthouse::{Error, Posthouse};

use super::super::convert::{self, SHAPES};
use super::super::refuse::{Door, Said, refuse};
use super::super::wire::answer::NewKey;
use super::{Segment, admit, asked, done, either, id, lacks, small};
use crate::http::answer::json;

fn no(error: Error) -> Said {
    refuse(Door::Keys, error)
}

/// `GET /v1/api-keys`.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::KeysRead]).await?;
        let keys = engine.scoped_keys(&caller, SHAPES).await.map_err(no)?;
        let now = engine.now();
        let list: Vec<_> = keys.into_iter().map(|key| convert::key(key, now)).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /v1/api-keys`.
pub(in super::super) async fn create(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Keys]).await?;
        let bytes = small(&head.headers, body).await?;
        let new = convert::new_key(asked(&bytes)?, caller.key()).map_err(no)?;
        let scopes = new.scopes.clone();
        let made = engine.create_scoped_key(&caller, new).await;
        let (key, full_key) = made.map_err(|error| match error {
            // Nobody gives away what they have not.
            Error::Denied(Denied::Scope) => {
                let lacking = |scope: &&Scope| caller.needs(**scope).is_err();
                lacks(*scopes.iter().find(lacking).unwrap_or(&Scope::Keys))
            }
            other => no(other),
        })?;
        let key = convert::key(key, engine.now());
        Ok(json(StatusCode::OK, &NewKey { key, full_key }))
    };
    either(answer.await)
}

/// `DELETE /v1/api-keys/{id}`.
pub(in super::super) async fn revoke(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &[Scope::Keys]).await?;
        engine
            .revoke_scoped_key(&caller, SHAPES, id(segment))
            .await
            .map_err(no)?;
        Ok(done())
    };
    either(answer.await)
}
