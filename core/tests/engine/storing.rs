//! The store's promises: group commit, savepoints, one writer, sound files.

use posthouse::Error;
use posthouse::error::Busy;
use posthouse::feed::Feed;
use posthouse::ids::OrganizationId;
use posthouse::store::Store;

fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (store, migrated) = Store::open(&folder.path().join("s.db"), Feed::new(64)).unwrap();
    assert!(migrated.fresh);
    (store, folder)
}

fn uuid() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}

async fn names(store: &Store) -> Vec<String> {
    let all = store
        .read(|read| read.organizations(OrganizationId(0), 1000))
        .await
        .unwrap();
    all.into_iter().map(|one| one.name).collect()
}

#[tokio::test]
async fn a_failing_or_panicking_job_hurts_no_neighbour() {
    let (store, _folder) = store();
    let now = posthouse::clock::Timestamp(1);
    let good =
        |name: &'static str| store.write(move |write| write.add_organization(uuid(), name, now));
    let bad = store.write(move |write| {
        write.add_organization(uuid(), "bad", now)?;
        Err::<(), _>(Error::Internal("on purpose".into()))
    });
    let panicking = store.write(move |write| -> posthouse::Result<()> {
        write.add_organization(uuid(), "panic", now)?;
        panic!("on purpose")
    });
    let (one, bad, two, panicking, three) =
        tokio::join!(good("one"), bad, good("two"), panicking, good("three"));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert!(matches!(bad, Err(Error::Internal(_))));
    assert!(matches!(panicking, Err(Error::Internal(_))));
    assert_eq!(names(&store).await, ["one", "two", "three"]);
}

#[tokio::test]
async fn after_closing_there_is_no_yes() {
    let (store, folder) = store();
    let now = posthouse::clock::Timestamp(1);
    store
        .write(move |write| write.add_organization(uuid(), "one", now))
        .await
        .unwrap();
    store.close().await;
    let late = store
        .write(move |write| write.add_organization(uuid(), "two", now))
        .await;
    assert!(matches!(late, Err(Error::Busy(Busy::Closing))));
    let (again, migrated) = Store::open(&folder.path().join("s.db"), Feed::new(64)).unwrap();
    assert!(!migrated.fresh);
    assert_eq!(names(&again).await, ["one"]);
}

#[tokio::test]
async fn a_full_queue_is_busy_and_recovers() {
    let (store, _folder) = store();
    let now = posthouse::clock::Timestamp(1);
    let (free, wait) = std::sync::mpsc::channel::<()>();
    let mut jobs = Vec::new();
    let blocker = store.write(move |_| {
        let _ = wait.recv();
        Ok(())
    });
    let mut blocker = Box::pin(blocker);
    assert!(futures_now(&mut blocker).await.is_none());
    let mut refused = 0;
    for n in 0..posthouse::limits::WRITE_QUEUE + 600 {
        let mut job = Box::pin(
            store.write(move |write| write.add_organization(uuid(), &format!("o{n}"), now)),
        );
        match futures_now(&mut job).await {
            Some(Err(Error::Busy(Busy::WriteQueue))) => refused += 1,
            Some(other) => panic!("{other:?}"),
            None => jobs.push(job),
        }
    }
    assert!(refused > 0, "the queue is bounded");
    free.send(()).unwrap();
    blocker.await.unwrap();
    for job in jobs {
        job.await.unwrap();
    }
    store
        .write(move |write| write.add_organization(uuid(), "after", now))
        .await
        .unwrap();
}

/// What a future says when it is asked once.
async fn futures_now<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_backup_is_a_whole_database() {
    let (store, folder) = store();
    let now = posthouse::clock::Timestamp(1);
    store
        .write(move |write| write.add_organization(uuid(), "one", now))
        .await
        .unwrap();
    let target = folder.path().join("copy.db");
    let mut last = (0, 0);
    store
        .backup(&target, |done, all| last = (done, all))
        .unwrap();
    assert!(last.1 > 0 && last.0 == last.1, "{last:?}");
    let (copy, _) = Store::open(&target, Feed::new(64)).unwrap();
    assert_eq!(names(&copy).await, ["one"]);
    assert!(copy.read(|read| read.integrity()).await.unwrap().is_empty());
}
