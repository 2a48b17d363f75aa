//! STATUS (RFC 9051 section 6.3.11, RFC 8438, RFC 9208).

use imap_codec::imap_types::status::StatusDataItemName;

use super::super::show;
use super::super::step::{Detail, Standing};
use super::*;

/// What is asked of a folder.
#[derive(Debug)]
pub(super) struct Asked {
    items: Vec<StatusDataItemName>,
}

impl Session {
    pub(super) fn status(
        &mut self,
        tag: String,
        mailbox: &Mailbox<'_>,
        items: Vec<StatusDataItemName>,
    ) {
        // RFC 7162 section 3.1: to ask for it is to know of it.
        self.modes.condstore |= items.contains(&StatusDataItemName::HighestModSeq);
        let detail = match asks_for_deleted(&items) {
            true => Detail::Deleted,
            false => Detail::Plain,
        };
        match self.folder(mailbox) {
            Ok(name) => {
                let task = Task::Status(Asked { items });
                self.ask(tag, task, Question::Folder(name, detail));
            }
            Err(refusal) => self.no(&tag, &refusal),
        }
    }

    pub(super) fn status_told(&mut self, tag: &str, asked: &Asked, standing: &Standing) {
        let mut out = Vec::new();
        status_line(&mut out, standing, &asked.items, self.modes.names());
        self.say(out);
        self.ok(tag, words::DONE);
    }
}

pub(super) fn asks_for_deleted(items: &[StatusDataItemName]) -> bool {
    items.iter().any(|item| {
        matches!(
            item,
            StatusDataItemName::Deleted | StatusDataItemName::DeletedStorage
        )
    })
}

pub(super) fn status_line(
    out: &mut Vec<u8>,
    standing: &Standing,
    items: &[StatusDataItemName],
    names: Names,
) {
    let folder = &standing.folder;
    let deleted = standing.deleted.unwrap_or_default();
    let item = |item: &StatusDataItemName| match item {
        StatusDataItemName::Messages => format!("MESSAGES {}", folder.messages),
        StatusDataItemName::Recent => "RECENT 0".to_owned(),
        StatusDataItemName::UidNext => format!("UIDNEXT {}", folder.uid_next),
        StatusDataItemName::UidValidity => format!("UIDVALIDITY {}", folder.uid_validity),
        StatusDataItemName::Unseen => format!("UNSEEN {}", folder.unread),
        StatusDataItemName::Deleted => format!("DELETED {}", deleted.messages),
        StatusDataItemName::DeletedStorage => format!("DELETED-STORAGE {}", deleted.bytes),
        StatusDataItemName::Size => format!("SIZE {}", folder.bytes),
        StatusDataItemName::HighestModSeq => format!("HIGHESTMODSEQ {}", folder.modseq),
    };
    let items: Vec<String> = items.iter().map(item).collect();
    out.extend_from_slice(b"* STATUS ");
    show::name(out, &folder.name, names);
    out.extend_from_slice(format!(" ({})\r\n", items.join(" ")).as_bytes());
}
