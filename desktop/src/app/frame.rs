//! `mail://localhost/…`: the html of mail, cleaned, for frames that may do nothing. It has a
//! scheme of its own so that it comes under its own policy, and the page's needs no exception.

use std::sync::Arc;

use tauri::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Request, Response, StatusCode};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::frames::{is_frame, policy};
use crate::no::No;
use crate::shell::Shell;

/// The longest that is shown, in bytes.
const BYTES: usize = 50_000_000;

pub(super) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let shell = context.app_handle().state::<Arc<Shell>>().inner().clone();
    tauri::async_runtime::spawn(async move {
        let path = request
            .uri()
            .path_and_query()
            .map_or("", |path| path.as_str());
        let response = match found(&shell, path).await {
            Ok(response) => response,
            Err(no) => {
                tracing::debug!(path, why = no.message(), "a frame shows nothing");
                let mut response = Response::new(Vec::new());
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        };
        responder.respond(response);
    });
}

async fn found(shell: &Shell, path: &str) -> Result<Response<Vec<u8>>, No> {
    if !is_frame(path) {
        return Err(crate::files::missing());
    }
    let mut source = shell.file(path).await?;
    let headers = source.headers().clone();
    let mut response = Response::new(source.whole(BYTES).await?);
    for name in [
        CONTENT_TYPE,
        X_CONTENT_TYPE_OPTIONS,
        REFERRER_POLICY,
        CACHE_CONTROL,
    ] {
        if let Some(value) = headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    // Whatever a server says: nothing in it runs.
    let said = headers.get(CONTENT_SECURITY_POLICY);
    let policy = said.and_then(|said| policy(said.to_str().ok()?));
    let policy = policy.and_then(|policy| HeaderValue::from_str(&policy).ok());
    let policy = policy.ok_or_else(crate::files::missing)?;
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
