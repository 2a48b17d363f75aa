//! What changed, told after the commit that changed it, in commit order.

use tokio::sync::broadcast;

use crate::ids::{DeliveryId, EmailId, EventId, MailboxId, MessageId, TaskId};

/// Something that is now on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An email was accepted.
    Email(EmailId),
    /// A delivery may be due sooner than was thought.
    Due,
    /// A delivery changed.
    Delivery(DeliveryId),
    /// An event was written.
    Event(EventId),
    /// A webhook, or a delivery of one, may be due sooner than was thought.
    WebhookDue,
    /// A message came into a mailbox.
    Message(MailboxId, MessageId),
    /// A message was removed from a mailbox.
    Removed(MailboxId, MessageId),
    /// Something else changed in a mailbox: its folders, or how messages in it are marked.
    Marked(MailboxId),
    /// A task was asked for, or came to its end.
    Task(TaskId),
}

/// The changes of every commit. A reader that falls behind by more than the feed holds is
/// told how many it missed, and reads the store instead.
#[derive(Clone)]
pub struct Feed(broadcast::Sender<Change>);

impl Feed {
    /// A feed that holds the last `capacity` changes for slow readers.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(broadcast::channel(capacity).0)
    }

    /// Hears of everything from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }

    pub(crate) fn publish(&self, change: Change) {
        // No readers is no failure: the store has the truth.
        let _ = self.0.send(change);
    }
}
