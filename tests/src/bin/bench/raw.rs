//! The ceiling: 4 kB bodies into the store, with nothing around them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use posthouse::feed::Feed;
use posthouse::ids::{SystemEntropy, random};
use posthouse::store::{PackedBody, Store};
use tokio::time::Instant;

use crate::{MAIL_BYTES, MEASURE};

/// Grouped inserts a second with this many writers, each waiting for its own commit.
pub async fn inserts(writers: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = Store::open(&folder.path().join("raw.db"), Feed::new(16)).expect("a store");
    let done = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, done) = (store.clone(), done.clone());
            tokio::spawn(async move {
                while start.elapsed() < MEASURE {
                    // Random bytes do not compress: 4 kB is written for 4 kB.
                    let raw: [u8; MAIL_BYTES] = random(&SystemEntropy);
                    let body = PackedBody::pack(&raw).expect("a body");
                    store
                        .write(move |write| write.add_body(&body))
                        .await
                        .expect("a write");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a writer");
    }
    let seconds = start.elapsed().as_secs_f64();
    store.close().await;
    done.load(Ordering::Relaxed) as f64 / seconds
}
