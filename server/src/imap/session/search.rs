//! SEARCH, with ESEARCH (RFC 4731) and the saved result (RFC 5182).

use std::collections::VecDeque;

use posthouse::mime::find::Needle;

use super::super::command::{Returns, Seeking};
use super::super::search::Key;
use super::super::show;
use super::speaking::{read_ahead, to_read};
use super::*;

/// A SEARCH under way.
#[derive(Debug)]
pub(super) struct Searching {
    key: Key,
    uid: bool,
    returns: Option<Returns>,
    /// What was found, by uid.
    found: Vec<u32>,
    /// Those whose bytes decide, by uid,.
    unsure: VecDeque<u32>,
}

impl Session {
    pub(super) fn search(&mut self, tag: String, seeking: Seeking) {
        let Seeking {
            uid,
            returns,
            charset,
            keys,
        } = seeking;
        let known = |charset: &String| {
            let known = ["UTF-8", "US-ASCII"];
            known.iter().any(|one| one.eq_ignore_ascii_case(charset))
        };
        // RFC 9051 section 6.4.4: a result that was to be saved and is none is empty.
        let saves = returns.is_some_and(|returns| returns.save);
        if !charset.as_ref().is_none_or(known) {
            if saves {
                self.saved.clear();
            }
            return self.no(&tag, &words::bad_charset());
        }
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let Ok(mut key) = Key::all(&keys, &open.view, &self.saved) else {
            return self.mistaken(&tag, words::NO_SUCH_NUMBER);
        };
        self.modes.condstore |= key.asks_for_changes();
        // RFC 9051 section 6.4.4: revision 2 always answers so.
        let returns = returns.or(self.modes.rev2.then_some(Returns {
            all: true,
            ..Returns::default()
        }));
        let folder = open.folder;
        let texts = key.texts();
        let needles: Vec<Needle> = texts.iter().map(|text| text.needle.clone()).collect();
        let searching = Box::new(Searching {
            key,
            uid,
            returns,
            found: Vec::new(),
            unsure: VecDeque::new(),
        });
        match needles.is_empty() {
            true => self.search_dated(tag, searching),
            false => {
                let question = Question::MaySay { folder, needles };
                self.ask(tag, Task::Search(searching), question);
            }
        }
    }

    /// Asks when messages were sent, where that counts.
    fn search_dated(&mut self, tag: String, mut searching: Box<Searching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let folder = open.folder;
        match searching.key.sents().is_empty() {
            true => self.search_known(tag, searching),
            false => self.ask(tag, Task::Search(searching), Question::SentDays(folder)),
        }
    }

    /// Decides on all that can be decided without bytes.
    fn search_known(&mut self, tag: String, mut searching: Box<Searching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        for item in open.view.items() {
            match searching.key.finds(item, None, self.now) {
                Some(true) => searching.found.push(item.uid),
                Some(false) => {}
                None => searching.unsure.push_back(item.uid),
            }
        }
        let task = Task::Search(searching);
        self.doing = Some(Doing { tag, task });
    }

    /// Looks into the next of those whose bytes decide.
    pub(super) fn search_on(&mut self, tag: String, mut searching: Box<Searching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let unsure = searching.unsure.iter();
        let items = unsure.filter_map(|uid| open.view.find(*uid));
        let reads = searching.key.reads();
        let ahead = read_ahead(reads, items.map(|(_, item)| item));
        if ahead.is_empty() {
            searching.found.sort_unstable();
            return self.search_ends(&tag, &searching);
        }
        self.ask(tag, Task::Search(searching), to_read(reads, ahead));
    }

    pub(super) fn sought(&mut self, tag: String, mut searching: Box<Searching>, answer: Answer) {
        match answer {
            Answer::MaySay(all) => {
                for (text, among) in searching.key.texts().into_iter().zip(all) {
                    text.among = among;
                }
                self.search_dated(tag, searching);
            }
            Answer::SentDays(known) => {
                for sent in searching.key.sents() {
                    sent.known.clone_from(&known);
                }
                self.search_known(tag, searching);
            }
            Answer::Bytes(all) => {
                self.search_looks(tag, searching, all.iter().map(Option::as_deref));
            }
            Answer::Outlines(all) => {
                let heads = all.iter().map(|outline| outline.as_ref()?.head.as_deref());
                self.search_looks(tag, searching, heads);
            }
            Answer::No(refusal) => {
                if searching.returns.is_some_and(|returns| returns.save) {
                    self.saved.clear();
                }
                self.no(&tag, &refusal);
            }
            answer => {
                tracing::error!(?answer, "an answer does not fit its question");
                self.no(&tag, &words::server_bug());
            }
        }
    }

    /// Looks into the first of those whose bytes decide.
    fn search_looks<'a>(
        &mut self,
        tag: String,
        mut searching: Box<Searching>,
        all: impl ExactSizeIterator<Item = Option<&'a [u8]>>,
    ) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let looked: Vec<u32> = searching.unsure.drain(..all.len()).collect();
        for (uid, raw) in looked.into_iter().zip(all) {
            let item = open.view.find(uid).map(|(_, item)| item);
            let finds = |raw| searching.key.finds(item?, Some(raw), self.now);
            if raw.and_then(finds) == Some(true) {
                searching.found.push(uid);
            }
        }
        let task = Task::Search(searching);
        self.doing = Some(Doing { tag, task });
    }

    fn search_ends(&mut self, tag: &str, searching: &Searching) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let found = &searching.found;
        let told: Vec<u32> = match searching.uid {
            true => found.clone(),
            false => {
                let number = |uid: &u32| open.view.find(*uid).map(|found| found.0);
                found.iter().filter_map(number).collect()
            }
        };
        let modseq = |uids: &mut dyn Iterator<Item = &u32>| {
            let modseqs = uids.filter_map(|uid| open.view.find(*uid).map(|(_, item)| item.modseq));
            modseqs.max().filter(|_| searching.key.asks_for_changes())
        };
        let (out, saved) = match searching.returns {
            None => (plain(&told, modseq(&mut found.iter())), None),
            Some(returns) => {
                let kept = kept(returns, found);
                let modseq = modseq(&mut kept.iter());
                let quiet =
                    returns.save && !(returns.min || returns.max || returns.all || returns.count);
                let out = match quiet {
                    true => Vec::new(),
                    false => extended(tag, searching.uid, returns, &told, modseq),
                };
                (out, returns.save.then_some(kept))
            }
        };
        if let Some(saved) = saved {
            self.saved = saved;
        }
        self.say(out);
        let numbers = match searching.uid {
            true => Numbers::Change,
            false => Numbers::Stay,
        };
        self.ok_with(tag, words::DONE, numbers);
    }
}

/// What is saved (RFC 5182 section 2.4): with MIN or MAX alone, only that.
fn kept(returns: Returns, found: &[u32]) -> Vec<u32> {
    if returns.all || returns.count || !(returns.min || returns.max) {
        return found.to_vec();
    }
    let (first, last) = (found.first(), found.last());
    let mut kept: Vec<u32> = first.filter(|_| returns.min).copied().into_iter().collect();
    kept.extend(last.filter(|_| returns.max));
    kept.dedup();
    kept
}

/// RFC 3501 section 7.2.5, RFC 7162 section 3.1.5.
fn plain(told: &[u32], modseq: Option<u64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 + told.len() * 7);
    out.extend_from_slice(b"* SEARCH");
    for number in told {
        out.push(b' ');
        out.extend_from_slice(number.to_string().as_bytes());
    }
    if let Some(modseq) = modseq {
        out.extend_from_slice(format!(" (MODSEQ {modseq})").as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out
}

fn extended(tag: &str, uid: bool, returns: Returns, told: &[u32], modseq: Option<u64>) -> Vec<u8> {
    let mut out = b"* ESEARCH (TAG ".to_vec();
    show::string(&mut out, tag.as_bytes());
    out.push(b')');
    let mut text = String::new();
    if uid {
        text += " UID";
    }
    if let (true, Some(min)) = (returns.min, told.first()) {
        text += &format!(" MIN {min}");
    }
    if let (true, Some(max)) = (returns.max, told.last()) {
        text += &format!(" MAX {max}");
    }
    if returns.all && !told.is_empty() {
        text += &format!(" ALL {}", shown(told.iter().copied()));
    }
    if returns.count {
        text += &format!(" COUNT {}", told.len());
    }
    if let Some(modseq) = modseq {
        text += &format!(" MODSEQ {modseq}");
    }
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(b"\r\n");
    out
}
