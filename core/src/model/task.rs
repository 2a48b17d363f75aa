//! What is provisioned in the background, and what became of it.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DomainId, OrganizationId, TaskId};

words! {
    /// What a task makes.
    TaskKind {
        /// One domain.
        Domain = "domain",
        /// Domains below one.
        SubDomains = "sub-domains",
        /// One mailbox.
        Mailbox = "mailbox",
        /// Numbered mailboxes.
        Mailboxes = "mailboxes",
    }

    /// How far a task has come.
    TaskState {
        /// Nothing of it is done.
        Pending = "pending",
        /// Some of it is done.
        Processing = "processing",
        /// All of it was tried, and something of it was made.
        Completed = "completed",
        /// All of it was tried, and nothing was made.
        Failed = "failed",
    }

    /// What became of one thing that a task was to make.
    Outcome {
        /// It was made.
        Created = "created",
        /// It, or another of its name, was there.
        Exists = "exists",
        /// Its name cannot be one.
        Malformed = "malformed",
        /// Its domain may have no more.
        Full = "full",
        /// Its domain was removed meanwhile.
        Gone = "gone",
        /// It could not be made, through a fault of ours.
        Fault = "fault",
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its number, in one sequence for all kinds.
    pub id: TaskId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it makes.
    pub kind: TaskKind,
    /// The domain it makes things at.
    pub domain: DomainId,
    /// That domain's host when it was asked for.
    pub host: String,
    /// How far it has come.
    pub state: TaskState,
    /// What it makes, in order.
    pub items: Vec<TaskItem>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the last of it was tried.
    pub finished_at: Option<Timestamp>,
}

/// One thing that a task makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskItem {
    /// The address or host.
    pub wanted: String,
    /// What became of it; None: nothing yet.
    pub outcome: Option<Outcome>,
}

/// What a task has come to, by what became of all that it was to make.
#[must_use]
pub fn end_of(kind: TaskKind, outcomes: &[Outcome]) -> TaskState {
    let fine = |outcome: &Outcome| match outcome {
        Outcome::Created => true,
        // Domains below one that are there already are left out silently.
        Outcome::Exists => kind == TaskKind::SubDomains,
        Outcome::Malformed | Outcome::Full | Outcome::Gone | Outcome::Fault => false,
    };
    match outcomes.iter().any(fine) {
        true => TaskState::Completed,
        false => TaskState::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_made_is_enough() {
        use Outcome::{Created, Exists, Full, Gone, Malformed};
        for (kind, outcomes, expected) in [
            (TaskKind::Mailbox, &[Created][..], TaskState::Completed),
            (TaskKind::Mailbox, &[Exists], TaskState::Failed),
            (
                TaskKind::Mailboxes,
                &[Exists, Created, Full],
                TaskState::Completed,
            ),
            (
                TaskKind::Mailboxes,
                &[Exists, Malformed, Full, Gone],
                TaskState::Failed,
            ),
            (TaskKind::SubDomains, &[Exists], TaskState::Completed),
            (TaskKind::SubDomains, &[Gone], TaskState::Failed),
        ] {
            assert_eq!(end_of(kind, outcomes), expected, "{kind} {outcomes:?}");
        }
    }
}
