//! GETQUOTA and GETQUOTAROOT (RFC 9208): one root, named "", for all folders.

use super::super::show;
use super::*;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Asked {
    Root,
    /// The roots of a folder.
    RootsOf(String),
}

/// The unit of STORAGE, in bytes.
const UNIT_BYTES: u64 = 1024;

impl Session {
    pub(super) fn quota(&mut self, tag: String, root: &[u8]) {
        if !root.is_empty() {
            return self.no(&tag, &words::no_such_root());
        }
        self.ask(tag, Task::Quota(Asked::Root), Question::Allowance(None));
    }

    pub(super) fn quota_root(&mut self, tag: String, mailbox: &Mailbox<'_>) {
        match self.folder(mailbox) {
            Ok(name) => {
                let task = Task::Quota(Asked::RootsOf(name.clone()));
                self.ask(tag, task, Question::Allowance(Some(name)));
            }
            Err(refusal) => self.no(&tag, &refusal),
        }
    }

    pub(super) fn quota_told(&mut self, tag: &str, asked: &Asked, used: u64, most: Option<u64>) {
        let mut out = Vec::new();
        if let Asked::RootsOf(name) = asked {
            out.extend_from_slice(b"* QUOTAROOT ");
            show::name(&mut out, name, self.modes.names());
            out.extend_from_slice(b" \"\"\r\n");
        }
        let limit = most.map(|most| {
            let used = used.div_ceil(UNIT_BYTES);
            format!("STORAGE {used} {}", most / UNIT_BYTES)
        });
        let limit = limit.unwrap_or_default();
        out.extend_from_slice(format!("* QUOTA \"\" ({limit})\r\n").as_bytes());
        self.say(out);
        self.ok(tag, words::DONE);
    }
}
