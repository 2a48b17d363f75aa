//! Which command is which.

use super::*;

impl Session {
    pub(super) fn other(&mut self, tag: String, body: CommandBody<'static>) {
        match body {
            CommandBody::Capability => self.capability(&tag),
            CommandBody::Noop | CommandBody::Check => self.ok(&tag, words::DONE),
            CommandBody::Logout => self.logout(&tag),
            CommandBody::Id { .. } => self.id(&tag),
            CommandBody::Namespace => self.namespace(&tag),
            CommandBody::Enable { capabilities } => self.enable(&tag, capabilities.as_ref()),
            CommandBody::StartTLS => self.start_tls(&tag),
            CommandBody::Authenticate {
                mechanism,
                initial_response,
            } => self.authenticate(tag, &mechanism, initial_response),
            CommandBody::Login { username, password } => {
                let password = password.declassify().as_ref().to_vec();
                self.login(tag, username.as_ref(), &password);
            }
            CommandBody::Select {
                mailbox,
                parameters,
            } => self.select(tag, &mailbox, &parameters, Access::Whole),
            CommandBody::Examine {
                mailbox,
                parameters,
            } => self.select(tag, &mailbox, &parameters, Access::Looking),
            CommandBody::Unselect => self.unselect(&tag),
            CommandBody::Create { mailbox } => self.create(tag, &mailbox),
            CommandBody::Delete { mailbox } => self.remove(tag, &mailbox),
            CommandBody::Rename { from, to } => self.rename(tag, &from, &to),
            CommandBody::Subscribe { mailbox } => self.subscribe(tag, &mailbox),
            CommandBody::Unsubscribe { mailbox } => self.unsubscribe(tag, &mailbox),
            CommandBody::Status {
                mailbox,
                item_names,
            } => self.status(tag, &mailbox, item_names.into_owned()),
            CommandBody::Idle => self.idle(tag),
            CommandBody::GetQuota { root } => self.quota(tag, root.as_ref()),
            CommandBody::GetQuotaRoot { mailbox } => self.quota_root(tag, &mailbox),
            CommandBody::SetQuota { .. } => self.no(&tag, &words::no_set_quota()),
            body => self.with_messages(tag, body),
        }
    }

    /// What is about the messages of the selected folder.
    fn with_messages(&mut self, tag: String, body: CommandBody<'static>) {
        match body {
            CommandBody::Close => self.close(tag),
            CommandBody::Expunge => self.expunge(tag, None),
            CommandBody::ExpungeUid { sequence_set } => self.expunge(tag, Some(&sequence_set)),
            CommandBody::Fetch {
                sequence_set,
                macro_or_item_names,
                uid,
                modifiers,
            } => self.fetch(tag, &sequence_set, &macro_or_item_names, uid, &modifiers),
            CommandBody::Store {
                sequence_set,
                kind,
                response,
                flags,
                uid,
                modifiers,
            } => self.store(
                tag,
                &sequence_set,
                (kind, &flags),
                response,
                uid,
                &modifiers,
            ),
            CommandBody::Copy {
                sequence_set,
                mailbox,
                uid,
            } => self.copy(tag, &sequence_set, &mailbox, uid),
            CommandBody::Move {
                sequence_set,
                mailbox,
                uid,
            } => self.shift(tag, &sequence_set, &mailbox, uid),
            // The others are read elsewhere, or not there.
            _ => self.mistaken(&tag, words::NOT_HERE),
        }
    }
}
