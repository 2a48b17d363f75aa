//! Tables `task` and `task_item`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{DomainId, KeyId, OrganizationId, TaskId};
use crate::model::task::{Outcome, Task, TaskItem, TaskKind, TaskState, end_of};

/// A task to be kept.
pub struct NewTask {
    /// Whose.
    pub organization: OrganizationId,
    /// Who may read it; None: the operator.
    pub key: Option<KeyId>,
    /// What it makes.
    pub kind: TaskKind,
    /// The domain it makes things at.
    pub domain: DomainId,
    /// That domain's host.
    pub host: String,
    /// What it makes, in order.
    pub wanted: Vec<String>,
    /// What its mailboxes are given.
    pub given: Given,
}

/// What a task's mailboxes are given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The name of the person.
    pub name: String,
    /// What each may hold, in bytes.
    pub quota_bytes: Option<u64>,
    /// Argon2id, as a PHC string.
    pub password_hash: Option<String>,
}

/// A task with something still to do.
pub struct OpenTask {
    /// Its number.
    pub id: TaskId,
    /// Whose.
    pub organization: OrganizationId,
    /// What it makes.
    pub kind: TaskKind,
    /// The domain it makes things at.
    pub domain: DomainId,
    /// What its mailboxes are given.
    pub given: Given,
    /// The first of what is still to be made, each with its place.
    pub items: Vec<(u32, String)>,
}

/// Mailboxes of tasks that are not there: not yet, or never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmade {
    /// The address.
    pub address: String,
    /// Why not; None: not yet.
    pub outcome: Option<Outcome>,
    /// What it is to hold, in bytes.
    pub quota_bytes: Option<u64>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

fn task(found: &Row<'_>) -> rusqlite::Result<Task> {
    Ok(Task {
        id: TaskId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        kind: row::word(found, "kind", TaskKind::parse)?,
        domain: DomainId(found.get("domain_id")?),
        host: found.get("host")?,
        state: row::word(found, "state", TaskState::parse)?,
        items: Vec::new(),
        created_at: row::time(found, "created_at")?,
        finished_at: row::time_or_none(found, "finished_at")?,
    })
}

impl Read<'_> {
    /// An organization's task with what became of it; of one key, unless the operator asks.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn task(&self, of: OrganizationId, key: Option<KeyId>, id: TaskId) -> Result<Option<Task>> {
        let found = self.find(
            "SELECT id, organization_id, kind, domain_id, host, state, created_at, finished_at
             FROM task WHERE id = :id AND organization_id = :of
             AND (:key IS NULL OR key_id = :key)",
            named_params! {":id": id.0, ":of": of.0, ":key": key.map(|key| key.0)},
            task,
        )?;
        let Some(mut found) = found else {
            return Ok(None);
        };
        found.items = self.list(
            "SELECT wanted, outcome FROM task_item WHERE task_id = :id ORDER BY position LIMIT 1000",
            named_params! {":id": id.0},
            |found| {
                Ok(TaskItem {
                    wanted: found.get("wanted")?,
                    outcome: row::word_or_none(found, "outcome", Outcome::parse)?,
                })
            },
        )?;
        Ok(Some(found))
    }

    /// When a key last asked for this of a domain.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn last_asked(
        &self,
        key: KeyId,
        domain: DomainId,
        kind: TaskKind,
    ) -> Result<Option<Timestamp>> {
        let found = self.find(
            "SELECT max(created_at) AS at FROM task
             WHERE domain_id = :domain AND kind = :kind AND key_id = :key",
            named_params! {":domain": domain.0, ":kind": kind.as_str(), ":key": key.0},
            |found| row::time_or_none(found, "at"),
        )?;
        Ok(found.flatten())
    }

    /// The first task with something still to do. Domains below one go last: their keys take
    /// longer to make than mailboxes do.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn open_task(&self, rows: u32) -> Result<Option<OpenTask>> {
        let found = self.find(
            "SELECT id, organization_id, kind, domain_id, name, quota_bytes, password_hash
             FROM task INDEXED BY task_open WHERE finished_at IS NULL
             ORDER BY kind = 'sub-domains', id LIMIT 1",
            [],
            |found| {
                Ok(OpenTask {
                    id: TaskId(found.get("id")?),
                    organization: OrganizationId(found.get("organization_id")?),
                    kind: row::word(found, "kind", TaskKind::parse)?,
                    domain: DomainId(found.get("domain_id")?),
                    given: Given {
                        name: found.get("name")?,
                        quota_bytes: row::count_or_none(found, "quota_bytes")?,
                        password_hash: found.get("password_hash")?,
                    },
                    items: Vec::new(),
                })
            },
        )?;
        let Some(mut open) = found else {
            return Ok(None);
        };
        open.items = self.list(
            "SELECT position, wanted FROM task_item
             WHERE task_id = :id AND outcome IS NULL ORDER BY position LIMIT :rows",
            named_params! {":id": open.id.0, ":rows": rows},
            |found| Ok((found.get("position")?, found.get("wanted")?)),
        )?;
        Ok(Some(open))
    }

    /// Domains that tasks made, whose DKIM record was not found and is to be looked for again:
    /// every minute in their first hour, every ten minutes on their first day, every hour as
    /// long as the task is kept.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn unproved_domains(
        &self,
        now: Timestamp,
        rows: u32,
    ) -> Result<Vec<(OrganizationId, DomainId)>> {
        self.list(
            "SELECT d.organization_id, d.id FROM task t INDEXED BY task_of_domains
             JOIN task_item i ON i.task_id = t.id AND i.outcome = 'created'
             JOIN domain d ON d.host = i.wanted AND d.organization_id = t.organization_id
               AND d.removed_at IS NULL AND d.dkim_verified = 0
             WHERE t.kind IN ('domain', 'sub-domains')
             AND ifnull((SELECT max(r.checked_at) FROM domain_record r WHERE r.domain_id = d.id),
               d.created_at) <= :now - CASE WHEN :now - d.created_at < 3600000 THEN 60000
               WHEN :now - d.created_at < 86400000 THEN 600000 ELSE 3600000 END
             ORDER BY d.id LIMIT :rows",
            named_params! {":now": now.0, ":rows": rows},
            |found| {
                let of = OrganizationId(found.get("organization_id")?);
                Ok((of, DomainId(found.get("id")?)))
            },
        )
    }

    /// Mailboxes at a domain that tasks were to make and that are not there, oldest first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn unmade_mailboxes(&self, domain: DomainId, rows: u32) -> Result<Vec<Unmade>> {
        self.list(
            "SELECT i.wanted, i.outcome, t.quota_bytes, t.created_at
             FROM task t JOIN task_item i ON i.task_id = t.id
             WHERE t.domain_id = :domain AND t.kind IN ('mailbox', 'mailboxes')
             AND (i.outcome IS NULL OR i.outcome IN ('malformed', 'full', 'fault'))
             ORDER BY t.id, i.position LIMIT :rows",
            named_params! {":domain": domain.0, ":rows": rows},
            |found| {
                Ok(Unmade {
                    address: found.get("wanted")?,
                    outcome: row::word_or_none(found, "outcome", Outcome::parse)?,
                    quota_bytes: row::count_or_none(found, "quota_bytes")?,
                    created_at: row::time(found, "created_at")?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Keeps a task, with nothing of it done.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_task(&self, new: &NewTask, now: Timestamp) -> Result<TaskId> {
        self.execute(
            "INSERT INTO task (organization_id, key_id, kind, domain_id, host, state, name,
             quota_bytes, password_hash, created_at)
             VALUES (:of, :key, :kind, :domain, :host, :state, :name, :quota, :password, :now)",
            named_params! {
                ":of": new.organization.0,
                ":key": new.key.map(|key| key.0),
                ":kind": new.kind.as_str(),
                ":domain": new.domain.0,
                ":host": new.host,
                ":state": TaskState::Pending.as_str(),
                ":name": new.given.name,
                ":quota": new.given.quota_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
                ":password": new.given.password_hash,
                ":now": now.0,
            },
        )?;
        let id = TaskId(self.last_id());
        for (position, wanted) in (0u32..).zip(&new.wanted) {
            self.execute(
                "INSERT INTO task_item (task_id, position, wanted) VALUES (:id, :position, :wanted)",
                named_params! {":id": id.0, ":position": position, ":wanted": wanted},
            )?;
        }
        self.tell(Change::Task(id));
        Ok(id)
    }

    /// Whether this of a task is still to be made.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_open(&self, id: TaskId, position: u32) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM task_item WHERE task_id = :id AND position = :position AND outcome IS NULL",
            named_params! {":id": id.0, ":position": position},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Writes what became of one thing that a task was to make. With the last of them the task
    /// has come to its end, and its password is forgotten.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn settle_item(
        &self,
        (id, kind): (TaskId, TaskKind),
        position: u32,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE task_item SET outcome = :outcome WHERE task_id = :id AND position = :position",
            named_params! {":outcome": outcome.as_str(), ":id": id.0, ":position": position},
        )?;
        let outcomes = self.list(
            "SELECT DISTINCT outcome FROM task_item WHERE task_id = :id LIMIT 10",
            named_params! {":id": id.0},
            |found| row::word_or_none(found, "outcome", Outcome::parse),
        )?;
        let Some(outcomes) = outcomes.into_iter().collect::<Option<Vec<_>>>() else {
            self.execute(
                "UPDATE task SET state = :state WHERE id = :id",
                named_params! {":state": TaskState::Processing.as_str(), ":id": id.0},
            )?;
            return Ok(());
        };
        self.execute(
            "UPDATE task SET state = :state, finished_at = :now, password_hash = NULL WHERE id = :id",
            named_params! {":state": end_of(kind, &outcomes).as_str(), ":now": now.0, ":id": id.0},
        )?;
        self.tell(Change::Task(id));
        Ok(())
    }

    /// Forgets some of the tasks that came to their end before `before`: so many that up to
    /// `rows` rows go; how many tasks.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_tasks(&self, before: Timestamp, rows: u32) -> Result<usize> {
        self.execute(
            "DELETE FROM task WHERE id IN
             (SELECT id FROM task WHERE finished_at < :before ORDER BY finished_at LIMIT :tasks)",
            named_params! {
                ":before": before.0,
                ":tasks": (rows / crate::limits::PROVISIONED_AT_ONCE).max(1),
            },
        )
    }
}
