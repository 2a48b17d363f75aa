use futures_util::stream;

use super::*;

/// What was read, without its place.
async fn read(body: Body, headers: &HeaderMap, limit_bytes: usize) -> Result<Bytes, Unread> {
    let whole = super::read(body, headers, limit_bytes).await;
    whole.map(|whole| whole.bytes)
}

#[tokio::test]
async fn large_bodies_wait_for_a_place() {
    let none = HeaderMap::new();
    let piece: &'static [u8] = &[b'x'; LARGE_BYTES];
    let large = || pieces(&[piece, b"and more"]);
    let limit = 2 * LARGE_BYTES;
    let mut held = Vec::new();
    for _ in 0..LARGE_PLACES.available_permits() {
        held.push(super::read(large(), &none, limit).await.ok().unwrap());
    }
    let mut next = Box::pin(super::read(large(), &none, limit));
    let waits = std::future::poll_fn(|context| {
        std::task::Poll::Ready(next.as_mut().poll(context).is_pending())
    });
    assert!(waits.await);
    let small = super::read(Body::from("abcd"), &none, limit).await;
    assert!(small.is_ok_and(|whole| whole.place.is_none()));
    held.pop();
    assert!(next.await.is_ok_and(|whole| whole.place.is_some()));
}

fn pieces(pieces: &[&'static [u8]]) -> Body {
    let pieces: Vec<_> = pieces
        .iter()
        .map(|&piece| Ok(Bytes::from_static(piece)))
        .collect();
    Body::from_stream(stream::iter::<Vec<std::io::Result<Bytes>>>(pieces))
}

fn saying(bytes: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_LENGTH, axum::http::HeaderValue::from_static(bytes));
    headers
}

#[tokio::test]
async fn reads_up_to_the_limit_and_not_beyond() {
    let none = HeaderMap::new();
    let whole = read(pieces(&[b"ab", b"", b"cd"]), &none, 4).await;
    assert_eq!(whole.unwrap(), "abcd");
    assert_eq!(read(Body::from("abcd"), &none, 4).await.unwrap(), "abcd");
    assert_eq!(read(Body::empty(), &none, 0).await.unwrap(), "");
    for body in [pieces(&[b"ab", b"cde"]), Body::from("abcde")] {
        assert_eq!(read(body, &none, 4).await, Err(Unread::TooLarge));
    }
    let said = read(Body::empty(), &saying("5"), 4).await;
    assert_eq!(said, Err(Unread::TooLarge));
    let said = read(Body::empty(), &saying("99999999999999999999"), 4).await;
    assert_eq!(said.unwrap(), "", "what is no length is not one");
}

#[tokio::test]
async fn a_body_that_breaks_is_no_body() {
    let broken = vec![
        Ok(Bytes::from_static(b"a")),
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
    ];
    let body = Body::from_stream(stream::iter(broken));
    assert_eq!(read(body, &HeaderMap::new(), 9).await, Err(Unread::Broken));
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_waited_out() {
    let body = Body::from_stream(stream::pending::<std::io::Result<Bytes>>());
    assert_eq!(read(body, &HeaderMap::new(), 9).await, Err(Unread::Slow));
}

#[tokio::test]
async fn what_nobody_read_is_taken_off_the_line() {
    let (sender, mut taken) = tokio::sync::mpsc::unbounded_channel();
    let feed = stream::iter(0..3).map_all(sender);
    let request = Request::new(Body::from_stream(feed));
    drop(lingering(request));
    for expected in 0..3 {
        assert_eq!(taken.recv().await, Some(expected));
    }
    assert_eq!(taken.recv().await, None, "and then let go");
}

/// Tells of each item that is taken.
trait Told: Sized {
    fn map_all(
        self,
        told: tokio::sync::mpsc::UnboundedSender<i32>,
    ) -> impl stream::Stream<Item = std::io::Result<Bytes>> + Send + 'static;
}

impl<S: stream::Stream<Item = i32> + Send + 'static> Told for S {
    fn map_all(
        self,
        told: tokio::sync::mpsc::UnboundedSender<i32>,
    ) -> impl stream::Stream<Item = std::io::Result<Bytes>> + Send + 'static {
        stream::StreamExt::map(self, move |item| {
            told.send(item).map_err(std::io::Error::other)?;
            Ok(Bytes::from_static(b"x"))
        })
    }
}
