//! EXPUNGE, UID EXPUNGE (RFC 4315) and CLOSE.

use super::*;

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// What is gone is told.
    Tell,
    /// The folder is closed.
    Close,
}

impl Session {
    pub(super) fn expunge(&mut self, tag: String, set: Option<&SequenceSet>) {
        let Some(folder) = self.writable(&tag) else {
            return;
        };
        let only = match set {
            None => None,
            Some(set) => match self.uids(&tag, set, true) {
                Some(uids) => Some(uids),
                None => return,
            },
        };
        let question = Question::Expunge { folder, only };
        self.ask(tag, Task::Expunge(Then::Tell), question);
    }

    /// RFC 9051 section 6.4.1: what goes is not told, and from EXAMINE nothing goes.
    pub(super) fn close(&mut self, tag: String) {
        match &self.stage {
            Stage::Selected(open) if open.access == Access::Whole => {
                let folder = open.folder;
                let question = Question::Expunge { folder, only: None };
                self.ask(tag, Task::Expunge(Then::Close), question);
            }
            _ => self.unselect(&tag),
        }
    }

    pub(super) fn expunged(&mut self, tag: String, then: Then, uids: &[u32]) {
        match (then, &mut self.stage) {
            (Then::Tell, Stage::Selected(open)) => {
                open.view.vanished(uids);
                self.tell_gone();
                self.settle(tag, words::EXPUNGED.to_owned());
            }
            (Then::Close | Then::Tell, _) => self.unselect(&tag),
        }
    }
}
