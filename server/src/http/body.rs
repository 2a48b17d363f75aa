//! Request bodies: read within bounds of size and time, and never left half-read on a
//! connection that has to carry an answer.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use axum::http::{HeaderMap, Request as HttpRequest};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

/// The longest silence inside a body.
const SILENCE: Duration = Duration::from_secs(30);
/// The longest time for a whole body.
const WHOLE: Duration = Duration::from_secs(600);
/// What is set aside for a body before any of it has come.
const FIRST_BYTES: usize = 64 * 1024;
/// How much of a body that nobody wants is taken off the line, for how long, and after what
/// silence no more is expected.
const LINGER_BYTES: usize = 128 * 1024 * 1024;
const LINGER: Duration = Duration::from_secs(10);
const LINGER_SILENCE: Duration = Duration::from_secs(1);

/// A body over this is large, and large ones are read and dealt with a few at a time: each
/// takes several times its size until it is on disk.
const LARGE_BYTES: usize = 1024 * 1024;
static LARGE_PLACES: Semaphore = Semaphore::const_new(4);

/// A body, and its place among the large ones, which is held until the request is done.
pub struct Whole {
    /// What was read.
    pub bytes: Bytes,
    /// None for a body that is not large.
    pub place: Option<SemaphorePermit<'static>>,
}

impl From<Bytes> for Whole {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, place: None }
    }
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is past the bound, by its own word or by what came.
    TooLarge,
    /// It broke off or was framed wrongly.
    Broken,
    /// It came too slowly.
    Slow,
}

/// How long the body is said to be, in bytes.
pub fn declared(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The whole body, of at most `limit_bytes`. A body that says it is longer is refused before
/// any of it is read, one that turns out to be as soon as it does.
///
/// # Errors
/// See [`Unread`].
pub async fn read(
    mut body: Body,
    headers: &HeaderMap,
    limit_bytes: usize,
) -> Result<Whole, Unread> {
    let declared = declared(headers).map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    if declared.is_some_and(|bytes| bytes > limit_bytes) {
        return Err(Unread::TooLarge);
    }
    let end = Instant::now() + WHOLE;
    let Some(first) = next(&mut body, end).await? else {
        return Ok(Bytes::new().into());
    };
    if first.len() > limit_bytes {
        return Err(Unread::TooLarge);
    }
    // Most bodies come in one piece, which is then not copied.
    if body.is_end_stream() || declared == Some(first.len()) {
        return Ok(first.into());
    }
    let mut whole = Vec::with_capacity(declared.unwrap_or(0).min(FIRST_BYTES).max(first.len()));
    whole.extend_from_slice(&first);
    let mut place = None;
    while let Some(piece) = next(&mut body, end).await? {
        if piece.len() > limit_bytes - whole.len() {
            return Err(Unread::TooLarge);
        }
        whole.extend_from_slice(&piece);
        if whole.len() > LARGE_BYTES && place.is_none() {
            // Never closed, so that there is always a place sooner or later.
            place = timeout_at(end, LARGE_PLACES.acquire())
                .await
                .map_err(|_| Unread::Slow)?
                .ok();
        }
    }
    Ok(Whole {
        bytes: whole.into(),
        place,
    })
}

async fn next(body: &mut Body, end: Instant) -> Result<Option<Bytes>, Unread> {
    loop {
        let until = end.min(Instant::now() + SILENCE);
        match timeout_at(until, body.frame()).await {
            Err(_) => return Err(Unread::Slow),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(Unread::Broken),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Makes the rest of the request's body, once nobody wants it, be taken off the line for a
/// while. Without that the connection is reset under a client that is still sending, and it
/// never sees the answer that says why.
pub fn lingering(request: Request) -> Request {
    // Who asks before sending is simply not told to go on (RFC 9110 section 10.1.1).
    if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
        return request;
    }
    let (parts, body) = request.into_parts();
    HttpRequest::from_parts(parts, Body::new(Lingering(Some(body))))
}

/// None once it has ended or broken.
struct Lingering(Option<Body>);

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = self.0.as_mut() else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let Some(body) = self.0.take().filter(|body| !body.is_end_stream()) else {
            return;
        };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(discard(body));
        }
    }
}

async fn discard(mut body: Body) {
    let end = Instant::now() + LINGER;
    let mut bytes = 0;
    while bytes < LINGER_BYTES {
        let until = end.min(Instant::now() + LINGER_SILENCE);
        match timeout_at(until, body.frame()).await {
            Ok(Some(Ok(frame))) => bytes += frame.data_ref().map_or(0, Bytes::len),
            // Ended, broken, or out of time: in each case there is nothing more to do.
            Ok(Some(Err(_)) | None) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests;
