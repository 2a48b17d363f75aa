//! How many attempts are under way to where, so that no destination takes them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::feed::{Change, Feed};
use crate::limits::{ATTEMPTS_UNDER_WAY, CONNECTIONS_A_DESTINATION};

/// The count of attempts under way.
#[derive(Clone)]
pub(super) struct Lanes(Arc<Shared>);

struct Shared {
    counts: Mutex<Counts>,
    freed: Notify,
    feed: Feed,
}

#[derive(Default)]
struct Counts {
    all: usize,
    by_lane: HashMap<String, usize>,
}

/// One attempt's place; dropped, it is free again.
pub(super) struct Slot {
    shared: Arc<Shared>,
    lane: String,
}

impl Lanes {
    /// No attempts; whoever waits for a place hears of one from `feed`.
    pub(super) fn new(feed: Feed) -> Self {
        let counts = Mutex::default();
        Self(Arc::new(Shared {
            counts,
            freed: Notify::new(),
            feed,
        }))
    }

    /// A place in `lane`, if one is free.
    pub(super) fn take(&self, lane: &str) -> Option<Slot> {
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let in_lane = counts.by_lane.get(lane).copied().unwrap_or(0);
        if counts.all >= ATTEMPTS_UNDER_WAY || in_lane >= CONNECTIONS_A_DESTINATION {
            return None;
        }
        counts.all += 1;
        counts.by_lane.insert(lane.to_owned(), in_lane + 1);
        Some(Slot {
            shared: self.0.clone(),
            lane: lane.to_owned(),
        })
    }

    /// How many are under way.
    pub(super) fn under_way(&self) -> usize {
        self.0
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .all
    }

    /// Waits until a place is freed after this call.
    pub(super) fn freed(&self) -> Notified<'_> {
        self.0.freed.notified()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self
            .shared
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        counts.all = counts.all.saturating_sub(1);
        if let Some(in_lane) = counts.by_lane.get_mut(&self.lane) {
            *in_lane -= 1;
            if *in_lane == 0 {
                counts.by_lane.remove(&self.lane);
            }
        }
        drop(counts);
        self.shared.freed.notify_waiters();
        self.shared.feed.publish(Change::Due);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_lane_leaves_room_for_others_and_frees_what_is_dropped() {
        let lanes = Lanes::new(Feed::new(8));
        let mut slots: Vec<Slot> = (0..CONNECTIONS_A_DESTINATION)
            .map(|_| lanes.take("slow.test").unwrap())
            .collect();
        assert!(lanes.take("slow.test").is_none());
        assert!(lanes.take("other.test").is_some());
        slots.pop();
        assert!(lanes.take("slow.test").is_some());
    }
}
