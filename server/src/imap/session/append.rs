//! APPEND.

use super::super::command::Appending;
use super::store::flags;
use super::*;

impl Session {
    pub(super) fn append(&mut self, tag: String, appending: Appending) {
        let Appending {
            mailbox,
            flags: marks,
            date_ms,
            raw,
        } = appending;
        match self.folder(&mailbox) {
            Ok(name) => {
                let question = Question::Append {
                    name,
                    raw,
                    flags: flags(&marks),
                    received_at: date_ms.map(Timestamp),
                };
                self.ask(tag, Task::Append, question);
            }
            Err(refusal) => self.no(&tag, &refusal),
        }
    }
}
