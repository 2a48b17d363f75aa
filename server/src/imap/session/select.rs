//! SELECT, EXAMINE and UNSELECT, with CONDSTORE and QRESYNC (RFC 7162).

use imap_codec::imap_types::command::SelectParameter;
use posthouse::model::folder::Item;

use super::super::set::ranges;
use super::super::show::{self, is_keyword};
use super::super::step::Selected;
use super::*;

/// What is selected, and how.
#[derive(Debug)]
pub(super) struct Selecting {
    name: String,
    access: Access,
    resync: Option<Resync>,
}

/// What the client knows already.
#[derive(Debug)]
struct Resync {
    uid_validity: u32,
    modseq: u64,
    /// None for all that there were.
    known: Option<SequenceSet>,
}

impl Session {
    pub(super) fn select(
        &mut self,
        tag: String,
        mailbox: &Mailbox<'_>,
        parameters: &[SelectParameter],
        access: Access,
    ) {
        let mut resync = None;
        for parameter in parameters {
            match parameter {
                SelectParameter::CondStore => self.modes.condstore = true,
                // RFC 7162 section 3.2.5: only where it was enabled.
                SelectParameter::QResync { .. } if !self.modes.qresync => {
                    return self.mistaken(&tag, "QRESYNC was not enabled");
                }
                SelectParameter::QResync {
                    uid_validity,
                    mod_sequence_value,
                    known_uids,
                    seq_match_data: _,
                } => {
                    resync = Some(Resync {
                        uid_validity: uid_validity.get(),
                        modseq: mod_sequence_value.get(),
                        known: known_uids.clone(),
                    });
                }
            }
        }
        // RFC 9051 section 6.3.2: whatever was selected is not any more, whatever comes.
        self.saved.clear();
        if let Stage::Selected(_) = self.stage {
            self.stage = Stage::SignedIn;
            self.say_line("* OK [CLOSED] The last folder is closed");
        }
        let name = match self.folder(mailbox) {
            Ok(name) => name,
            Err(refusal) => return self.no(&tag, &refusal),
        };
        let question = Question::Select {
            name: name.clone(),
            since: resync.as_ref().map(|resync| resync.modseq),
        };
        let selecting = Selecting {
            name,
            access,
            resync,
        };
        self.ask(tag, Task::Select(selecting), question);
    }

    pub(super) fn selected(&mut self, tag: &str, selecting: &Selecting, selected: Selected) {
        let Selected {
            folder,
            items,
            vanished,
        } = selected;
        let mut out = Vec::new();
        self.standing(&mut out, selecting, &folder, &items);
        if let Some(resync) = &selecting.resync
            && resync.uid_validity == folder.uid_validity
        {
            resynced(&mut out, resync, &items, &vanished);
        }
        self.say(out);
        self.stage = Stage::Selected(Box::new(Open {
            folder: folder.id,
            access: selecting.access,
            view: View::new(items, folder.modseq),
        }));
        self.ok(
            tag,
            match selecting.access {
                Access::Whole => "[READ-WRITE] Selected",
                Access::Looking => "[READ-ONLY] Selected",
            },
        );
    }

    fn standing(
        &self,
        out: &mut Vec<u8>,
        selecting: &Selecting,
        folder: &posthouse::model::folder::FolderStanding,
        items: &[Item],
    ) {
        const SYSTEM: &str = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";
        let mut keywords: Vec<&str> = items
            .iter()
            .flat_map(|item| item.flags.keywords.iter().map(String::as_str))
            .filter(|word| is_keyword(word))
            .collect();
        keywords.sort_unstable();
        keywords.dedup();
        let words: String = keywords.iter().map(|word| format!(" {word}")).collect();
        let mut text = format!("* FLAGS ({SYSTEM}{words})\r\n");
        text += &match selecting.access {
            Access::Whole => {
                format!("* OK [PERMANENTFLAGS ({SYSTEM}{words} \\*)] They are kept\r\n")
            }
            Access::Looking => "* OK [PERMANENTFLAGS ()] None is changed here\r\n".to_owned(),
        };
        text += &format!("* {} EXISTS\r\n", items.len());
        if !self.modes.rev2 {
            text += "* 0 RECENT\r\n";
            if let Some(first) = items.iter().position(|item| !item.flags.seen) {
                text += &format!("* OK [UNSEEN {}] The first unread\r\n", first + 1);
            }
        }
        text += &format!(
            "* OK [UIDVALIDITY {}] Uids are valid\r\n",
            folder.uid_validity
        );
        text += &format!("* OK [UIDNEXT {}] The next uid\r\n", folder.uid_next);
        text += &format!("* OK [HIGHESTMODSEQ {}] The last change\r\n", folder.modseq);
        out.extend_from_slice(text.as_bytes());
        if self.modes.rev2 {
            out.extend_from_slice(b"* LIST () \"/\" ");
            show::name(out, &selecting.name, self.modes.names());
            out.extend_from_slice(b"\r\n");
        }
    }

    pub(super) fn unselect(&mut self, tag: &str) {
        self.stage = Stage::SignedIn;
        self.saved.clear();
        self.ok(tag, words::DONE);
    }
}

/// What changed since the client was here (RFC 7162 section 3.2.5).
fn resynced(out: &mut Vec<u8>, resync: &Resync, items: &[Item], vanished: &[u32]) {
    let known = resync.known.as_ref().map(|set| ranges(set, u32::MAX));
    let is_known = |uid: &u32| {
        known
            .as_ref()
            .is_none_or(|known| known.iter().any(|range| range.contains(uid)))
    };
    // What went while this was read is there for the client, and told to be gone like news.
    let is_there = |uid: &u32| items.binary_search_by_key(uid, |item| item.uid).is_ok();
    let gone = vanished.iter().copied();
    let gone = shown(gone.filter(|uid| is_known(uid) && !is_there(uid)));
    if !gone.is_empty() {
        out.extend_from_slice(format!("* VANISHED (EARLIER) {gone}\r\n").as_bytes());
    }
    let wants = [Want::Uid, Want::Flags, Want::ModSeq];
    for (index, item) in items.iter().enumerate() {
        if item.modseq > resync.modseq && is_known(&item.uid) {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            // None of these needs bytes, which alone can fail.
            let _ = message(out, number, item, &wants, Known::default());
        }
    }
}
