//! SEARCH, with ESEARCH (RFC 4731) and the saved result (RFC 5182).

use super::super::command::{Returns, Seeking};
use super::super::search::Key;
use super::super::show;
use super::speaking::read_ahead;
use super::*;
use posthouse::model::folder::Item;

/// A SEARCH under way.
#[derive(Debug)]
pub(super) struct Searching {
    key: Key,
    uid: bool,
    returns: Option<Returns>,
    /// The place of the next message in the view.
    next: usize,
    /// What was found, by uid.
    found: Vec<u32>,
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
        let Ok(key) = Key::all(&keys, &open.view, &self.saved) else {
            return self.mistaken(&tag, words::NO_SUCH_NUMBER);
        };
        self.modes.condstore |= key.asks_for_changes();
        // RFC 9051 section 6.4.4: revision 2 always answers so.
        let returns = returns.or(self.modes.rev2.then_some(Returns {
            all: true,
            ..Returns::default()
        }));
        let task = Task::Search(Box::new(Searching {
            key,
            uid,
            returns,
            next: 0,
            found: Vec::new(),
        }));
        self.doing = Some(Doing { tag, task });
    }

    /// Looks on, until bytes are needed or all was looked at.
    pub(super) fn search_on(&mut self, tag: String, mut searching: Box<Searching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        while let Some(item) = open.view.items().get(searching.next) {
            match searching.key.finds(item, None, self.now) {
                Some(true) => searching.found.push(item.uid),
                Some(false) => {}
                None => {
                    let rest = open.view.items()[searching.next..].iter();
                    let unsure = |item: &&Item| searching.key.finds(item, None, self.now).is_none();
                    let ahead = read_ahead(rest.take_while(unsure));
                    self.ask(tag, Task::Search(searching), Question::Bytes(ahead));
                    return;
                }
            }
            searching.next += 1;
        }
        self.search_ends(&tag, &searching);
    }

    pub(super) fn sought(&mut self, tag: String, mut searching: Box<Searching>, answer: Answer) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        match answer {
            Answer::Bytes(raw) => {
                let items = open.view.items()[searching.next..].iter().zip(&raw);
                for (item, raw) in items {
                    let found = raw.as_ref().is_some_and(|raw| {
                        searching.key.finds(item, Some(raw), self.now) == Some(true)
                    });
                    if found {
                        searching.found.push(item.uid);
                    }
                }
                searching.next += raw.len();
                let task = Task::Search(searching);
                self.doing = Some(Doing { tag, task });
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
