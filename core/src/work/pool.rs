//! Connections that did their work and may do more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Timestamp;
use crate::limits::{CONNECTION_IDLE, MESSAGES_A_CONNECTION};
use crate::outside::smtp::Conversation;

/// An open connection between two messages.
pub(super) struct Kept {
    pub(super) conversation: Box<dyn Conversation>,
    /// `host [address]:port`.
    pub(super) peer: String,
    /// Messages sent over it.
    pub(super) messages: u32,
    /// Since when it lies idle.
    pub(super) since: Timestamp,
}

/// Open connections by where they lead.
#[derive(Clone, Default)]
pub(super) struct Pool(Arc<Mutex<HashMap<String, Vec<Kept>>>>);

impl Pool {
    /// The connection to `place` that was used last, if any.
    pub(super) fn take(&self, place: &str, now: Timestamp) -> Option<Kept> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = places.get_mut(place)?.pop()?;
        (now.since(kept.since) < CONNECTION_IDLE).then_some(kept)
    }

    /// Keeps a connection for the next message to `place`; gives it back when it has done
    /// enough.
    pub(super) fn put(&self, place: String, kept: Kept) -> Option<Kept> {
        if kept.messages >= MESSAGES_A_CONNECTION {
            return Some(kept);
        }
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.entry(place).or_default().push(kept);
        None
    }

    /// Says goodbye on connections that lay idle too long.
    pub(super) async fn sweep(&self, now: Timestamp) {
        let old: Vec<Kept> = {
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let old = places
                .values_mut()
                .flat_map(|kept| kept.extract_if(.., |one| now.since(one.since) >= CONNECTION_IDLE))
                .collect();
            places.retain(|_, kept| !kept.is_empty());
            old
        };
        for mut kept in old {
            // On its own, so that a peer that is slow to part holds up nobody.
            tokio::spawn(async move { kept.conversation.quit().await });
        }
    }

    /// Says goodbye on every connection.
    pub(super) async fn close(&self) {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for mut kept in all.into_values().flatten() {
            kept.conversation.quit().await;
        }
    }
}
