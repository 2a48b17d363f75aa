//! COPY and MOVE (RFC 6851), with UIDPLUS (RFC 4315).

use super::*;

impl Session {
    pub(super) fn copy(&mut self, tag: String, set: &SequenceSet, to: &Mailbox<'_>, uid: bool) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let from = open.folder;
        let Some((uids, to)) = self.what_and_where(&tag, set, to, uid) else {
            return;
        };
        self.ask(tag, Task::Copy, Question::Copy { from, uids, to });
    }

    pub(super) fn shift(&mut self, tag: String, set: &SequenceSet, to: &Mailbox<'_>, uid: bool) {
        let Some(from) = self.writable(&tag) else {
            return;
        };
        let Some((uids, to)) = self.what_and_where(&tag, set, to, uid) else {
            return;
        };
        self.ask(tag, Task::Move, Question::Move { from, uids, to });
    }

    fn what_and_where(
        &mut self,
        tag: &str,
        set: &SequenceSet,
        to: &Mailbox<'_>,
        uid: bool,
    ) -> Option<(Vec<u32>, String)> {
        let uids = self.uids(tag, set, uid)?;
        // RFC 9051 section 6.4.7: all or nothing. Uids that there are not are passed over.
        if !uid && uids.iter().any(|uid| self.is_gone(*uid)) {
            self.no(tag, &words::some_are_gone());
            return None;
        }
        match self.folder(to) {
            Ok(to) => Some((uids, to)),
            Err(refusal) => {
                self.no(tag, &refusal);
                None
            }
        }
    }

    /// RFC 6851 section 4.3: where they went is told before they are gone.
    pub(super) fn moved(&mut self, tag: String, uid_validity: u32, pairs: &[(u32, u32)]) {
        if let Some(code) = words::copy_uid(uid_validity, pairs) {
            self.say_line(&format!("* OK [{code}] Moved"));
        }
        if let Stage::Selected(open) = &mut self.stage {
            let uids: Vec<u32> = pairs.iter().map(|pair| pair.0).collect();
            open.view.vanished(&uids);
        }
        self.tell_gone();
        self.settle(tag, words::EXPUNGED.to_owned());
    }
}
