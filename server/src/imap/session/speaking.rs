//! What commands have in common: asking, telling, and ending.

use posthouse::ids::MessageId;
use posthouse::model::folder::Item;

use super::super::limits::{OUTLINES_AHEAD, OUTLINES_AHEAD_BYTES, READ_AHEAD, READ_AHEAD_BYTES};
use super::super::show::Reads;
use super::*;

impl Session {
    pub(super) fn ask(&mut self, tag: String, task: Task, question: Question) {
        self.doing = Some(Doing { tag, task });
        self.asked = true;
        self.steps.push_back(Step::Ask(question));
    }

    pub(super) fn say(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.steps.push_back(Step::Say(bytes));
        }
    }

    pub(super) fn say_line(&mut self, line: &str) {
        self.say(format!("{line}\r\n").into_bytes());
    }

    /// Ends a command well, where sequence numbers may change.
    pub(super) fn ok(&mut self, tag: &str, words: &str) {
        self.ok_with(tag, words, Numbers::Change);
    }

    pub(super) fn ok_with(&mut self, tag: &str, words: &str, numbers: Numbers) {
        if numbers == Numbers::Change {
            self.tell_gone();
        }
        self.say_line(&format!("{tag} OK {words}"));
    }

    pub(super) fn no(&mut self, tag: &str, refusal: &Refusal) {
        self.say_line(&format!("{tag} NO {}", words::refusal(refusal)));
    }

    /// Answers a command that cannot be understood, or not now.
    pub(super) fn mistaken(&mut self, tag: &str, words: &str) {
        let tag = if tag.is_empty() { "*" } else { tag };
        self.say_line(&format!("{tag} BAD {words}"));
        self.mistakes += 1;
        if self.mistakes >= MISTAKES {
            self.bye(words::TOO_MANY_MISTAKES);
        }
    }

    pub(super) fn bye(&mut self, words: &str) {
        self.say_line(&format!("* BYE {words}"));
        self.over();
    }

    pub(super) fn over(&mut self) {
        self.stage = Stage::Over;
        self.doing = None;
        self.steps.push_back(Step::Close);
    }

    /// Asks what changed by a command, then tells its result, such as `OK Done`.
    pub(super) fn settle(&mut self, tag: String, result: String) {
        match &self.stage {
            Stage::Selected(open) => {
                let news = Question::News {
                    folder: open.folder,
                    since: open.view.modseq(),
                };
                self.ask(tag, Task::Settle(result), news);
            }
            Stage::Stranger | Stage::SignedIn | Stage::Over => self.settled(&tag, &result),
        }
    }

    pub(super) fn settled(&mut self, tag: &str, result: &str) {
        self.tell_gone();
        // RFC 7162 section 3.2.7.
        let modseq = match &self.stage {
            Stage::Selected(open) if self.modes.condstore => {
                format!("[HIGHESTMODSEQ {}] ", open.view.modseq())
            }
            _ => String::new(),
        };
        let result = result.replace(words::MODSEQ, &modseq);
        self.say_line(&format!("{tag} {result}"));
    }

    /// Takes in what changed, and tells all but what is gone.
    pub(super) fn caught_up(&mut self, answer: Answer) {
        match answer {
            Answer::Changes(Some(changes)) => self.take_in(*changes),
            Answer::No(refusal) if refusal.code == Some(words::NONEXISTENT) => {
                self.stage = Stage::SignedIn;
                self.say_line("* OK [CLOSED] The folder is gone");
            }
            // What changed is asked for again with the next command.
            _ => {}
        }
    }

    fn take_in(&mut self, changes: Changes) {
        let wants = self.unasked();
        let Stage::Selected(open) = &mut self.stage else {
            return;
        };
        let news = open.view.apply(changes);
        let mut out = Vec::new();
        for uid in news.marked {
            if let Some((number, item)) = open.view.find(uid) {
                // None of these needs bytes, which alone can fail.
                let _ = message(&mut out, number, item, &wants, Known::default());
            }
        }
        if let Some(exists) = news.exists {
            out.extend_from_slice(format!("* {exists} EXISTS\r\n").as_bytes());
        }
        self.say(out);
    }

    /// What is told of a message that is marked otherwise (RFC 7162 section 3.2).
    pub(super) fn unasked(&self) -> Vec<Want> {
        let mut wants = Vec::new();
        if self.modes.qresync || self.modes.rev2 {
            wants.push(Want::Uid);
        }
        wants.push(Want::Flags);
        if self.modes.condstore {
            wants.push(Want::ModSeq);
        }
        wants
    }

    /// Tells what is gone.
    pub(super) fn tell_gone(&mut self) {
        let qresync = self.modes.qresync;
        let Stage::Selected(open) = &mut self.stage else {
            return;
        };
        let gone = open.view.tell();
        if gone.uids.is_empty() {
            return;
        }
        let mut out = String::new();
        if qresync {
            out += &format!("* VANISHED {}\r\n", shown(gone.uids));
        } else {
            for number in gone.numbers {
                out += &format!("* {number} EXPUNGE\r\n");
            }
        }
        self.say(out.into_bytes());
    }

    /// The next piece of a command that takes several steps.
    pub(super) fn go_on(&mut self) {
        let Some(Doing { tag, task }) = self.doing.take() else {
            return;
        };
        match task {
            Task::Fetch(fetching) => self.fetch_on(tag, fetching),
            Task::Search(searching) => self.search_on(tag, searching),
            task => self.doing = Some(Doing { tag, task }),
        }
    }

    /// The name of a folder as the client writes it.
    pub(super) fn folder(&self, mailbox: &Mailbox<'_>) -> Result<String, Refusal> {
        match mailbox {
            Mailbox::Inbox => Ok(INBOX.to_owned()),
            Mailbox::Other(name) => {
                let text = std::str::from_utf8(name.inner().as_ref()).ok();
                let name = text.and_then(|text| self.decoded(text));
                name.ok_or_else(words::no_name)
            }
        }
    }

    pub(super) fn decoded(&self, text: &str) -> Option<String> {
        match self.modes.names() {
            Names::Utf8 => Some(text.to_owned()),
            Names::Utf7 => utf7::decode(text),
        }
    }

    /// The uids of a set in a command; an answer is given where there are none such.
    pub(super) fn uids(&mut self, tag: &str, set: &SequenceSet, uid: bool) -> Option<Vec<u32>> {
        let Stage::Selected(open) = &self.stage else {
            return None;
        };
        let found = if is_saved(set) {
            let known = |uid: &u32| open.view.find(*uid).is_some();
            Ok(self.saved.iter().copied().filter(known).collect())
        } else if uid {
            Ok(open.view.by_uid(set))
        } else {
            open.view.by_number(set)
        };
        match found {
            Ok(uids) => Some(uids),
            Err(_) => {
                self.mistaken(tag, words::NO_SUCH_NUMBER);
                None
            }
        }
    }

    /// Whether a message is gone, and the client was not told.
    pub(super) fn is_gone(&self, uid: u32) -> bool {
        matches!(&self.stage, Stage::Selected(open) if open.view.is_gone(uid))
    }

    /// The selected folder, where it may be changed; an answer is given where not.
    pub(super) fn writable(&mut self, tag: &str) -> Option<FolderId> {
        match &self.stage {
            Stage::Selected(open) if open.access == Access::Whole => Some(open.folder),
            Stage::Selected(_) => {
                self.no(tag, &words::read_only());
                None
            }
            Stage::Stranger | Stage::SignedIn | Stage::Over => None,
        }
    }
}

/// The messages, of these, that are read together: the first, and more while they are small.
pub(super) fn read_ahead<'a>(
    reads: Reads,
    items: impl Iterator<Item = &'a Item>,
) -> Vec<MessageId> {
    let (most, most_bytes) = match reads {
        Reads::Nothing | Reads::Outline(_) => (OUTLINES_AHEAD, OUTLINES_AHEAD_BYTES),
        Reads::Bytes => (READ_AHEAD, READ_AHEAD_BYTES),
    };
    let mut bytes = 0;
    let within = |item: &&Item| {
        bytes += item.size_bytes;
        bytes <= most_bytes || bytes == item.size_bytes
    };
    let ids = items.take_while(within).map(|item| item.id);
    ids.take(most).collect()
}

/// Asks for so much of messages.
pub(super) fn to_read(reads: Reads, ids: Vec<MessageId>) -> Question {
    match reads {
        Reads::Outline(wanted) => Question::Outlines(ids, wanted),
        Reads::Nothing | Reads::Bytes => Question::Bytes(ids),
    }
}
