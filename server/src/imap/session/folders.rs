//! CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE.

use posthouse::model::domain::Switch;

use super::*;

impl Session {
    pub(super) fn create(&mut self, tag: String, mailbox: &Mailbox<'_>) {
        self.about(tag, mailbox, "Created", Question::Create);
    }

    pub(super) fn remove(&mut self, tag: String, mailbox: &Mailbox<'_>) {
        self.about(tag, mailbox, "Deleted", Question::Remove);
    }

    pub(super) fn subscribe(&mut self, tag: String, mailbox: &Mailbox<'_>) {
        let question = |name| Question::Subscribe(name, Switch::On);
        self.about(tag, mailbox, "Subscribed", question);
    }

    pub(super) fn unsubscribe(&mut self, tag: String, mailbox: &Mailbox<'_>) {
        let question = |name| Question::Subscribe(name, Switch::Off);
        self.about(tag, mailbox, "Unsubscribed", question);
    }

    pub(super) fn rename(&mut self, tag: String, from: &Mailbox<'_>, to: &Mailbox<'_>) {
        match (self.folder(from), self.folder(to)) {
            (Ok(from), Ok(to)) => {
                self.ask(tag, Task::Plain("Renamed"), Question::Rename { from, to });
            }
            (Err(refusal), _) | (_, Err(refusal)) => self.no(&tag, &refusal),
        }
    }

    fn about(
        &mut self,
        tag: String,
        mailbox: &Mailbox<'_>,
        words: &'static str,
        question: impl FnOnce(String) -> Question,
    ) {
        match self.folder(mailbox) {
            Ok(name) => self.ask(tag, Task::Plain(words), question(name)),
            Err(refusal) => self.no(&tag, &refusal),
        }
    }
}
