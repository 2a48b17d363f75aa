//! Makes what tasks ask for. Each thing is one small write, which also says that it is made:
//! whatever cuts the work off, nothing is made twice, and the next start goes on behind it.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Result};
use crate::limits::PROVISION_STEP;
use crate::model::task::{Outcome, TaskKind};
use crate::ops::provisioning::{domains, mailboxes};
use crate::store::{OpenTask, Write};

/// Some of the first task that has something to do.
pub(super) async fn step(engine: Posthouse, now: Timestamp) -> Result<Option<Timestamp>> {
    let open = engine
        .store
        .look(|read| read.open_task(PROVISION_STEP))
        .await?;
    let Some(task) = open.map(Arc::new) else {
        return Ok(None);
    };
    match task.kind {
        TaskKind::Mailbox | TaskKind::Mailboxes => mailboxes_of(&engine, &task, now).await?,
        TaskKind::Domain | TaskKind::SubDomains => domain_of(&engine, &task, now).await?,
    }
    Ok(Some(now))
}

/// Writes that are queued together are committed together.
async fn mailboxes_of(engine: &Posthouse, task: &Arc<OpenTask>, now: Timestamp) -> Result<()> {
    let writes = task.items.iter().map(|(position, wanted)| {
        let (task, wanted) = (task.clone(), wanted.clone());
        settled(engine, task.clone(), *position, now, move |write| {
            mailboxes::make(write, &task, &wanted, now)
        })
    });
    join_all(writes).await.into_iter().collect()
}

/// One at a time: its keys take longer than its write.
async fn domain_of(engine: &Posthouse, task: &Arc<OpenTask>, now: Timestamp) -> Result<()> {
    let Some((position, host)) = task.items.first() else {
        return Ok(());
    };
    let new = engine.sub_domain(host.clone()).await?;
    let parent = (task.organization, task.domain);
    settled(engine, task.clone(), *position, now, move |write| {
        domains::make_sub_domain(write, parent, &new, now)
    })
    .await
}

/// Makes one thing and says what became of it. A fault of ours is an end too: tried for ever,
/// it would hold up everything behind it.
async fn settled(
    engine: &Posthouse,
    task: Arc<OpenTask>,
    position: u32,
    now: Timestamp,
    make: impl FnOnce(&Write<'_>) -> Result<Outcome> + Send + 'static,
) -> Result<()> {
    let (id, kind) = (task.id, task.kind);
    let made = engine
        .store
        .write(move |write| {
            if !write.is_open(id, position)? {
                return Ok(());
            }
            let outcome = make(write)?;
            write.settle_item((id, kind), position, outcome, now)
        })
        .await;
    let Err(Error::Internal(cause)) = made else {
        return made;
    };
    tracing::error!(
        task = id.0,
        position,
        cause,
        "a task's item could not be made"
    );
    engine
        .store
        .write(move |write| write.settle_item((id, kind), position, Outcome::Fault, now))
        .await
}
