//! The log, for whoever reads on in it.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::EventId;
use crate::model::event::Event;
use crate::model::key::Caller;

impl Posthouse {
    /// The caller's own among the next `rows` events after `after`, and where to read on.
    /// Where that is `after` itself, there are no more at the moment.
    ///
    /// # Errors
    /// As the store says.
    pub async fn events(
        &self,
        caller: &Caller,
        after: EventId,
        rows: u32,
    ) -> Result<(Vec<Event>, EventId)> {
        let mut events = self
            .store
            .read(move |read| read.events_after(after, rows))
            .await?;
        let on = events.last().map_or(after, |event| event.id);
        events.retain(|event| event.organization == caller.organization());
        Ok((events, on))
    }

    /// The number of the last event: where somebody begins who wants to hear what is new.
    ///
    /// # Errors
    /// As the store says.
    pub async fn last_event(&self) -> Result<EventId> {
        self.store.read(|read| read.last_event()).await
    }
}
