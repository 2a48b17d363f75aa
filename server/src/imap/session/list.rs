//! LIST and LSUB (RFC 9051 section 6.3.9, RFC 3501 section 6.3.9).

use std::collections::BTreeMap;

use posthouse::model::domain::Switch;
use posthouse::model::folder::LEVEL;
use posthouse::model::mailbox::Folder;

use super::super::command::{Kind, Listing, Select};
use super::super::pattern::matches;
use super::super::show;
use super::super::step::{Detail, Standing};
use super::status::{asks_for_deleted, status_line};
use super::*;

impl Session {
    pub(super) fn list(&mut self, tag: String, mut listing: Listing) {
        let decoded = |text: &String| self.decoded(text);
        let reference = decoded(&listing.reference);
        let patterns: Option<Vec<String>> = listing.patterns.iter().map(decoded).collect();
        let (Some(reference), Some(patterns)) = (reference, patterns) else {
            return self.no(&tag, &words::no_name());
        };
        // RFC 9051 section 6.3.9: an empty pattern asks what stands between levels.
        if listing.kind == Kind::List && !listing.extended && patterns == [""] {
            self.say_line("* LIST (\\Noselect) \"/\" \"\"");
            return self.ok(&tag, words::DONE);
        }
        let whole = patterns.iter().map(|one| format!("{reference}{one}"));
        listing.patterns = whole.collect();
        let items = listing.give.status.as_deref().unwrap_or_default();
        let detail = match asks_for_deleted(items) {
            true => Detail::Deleted,
            false => Detail::Plain,
        };
        self.ask(
            tag,
            Task::List(Box::new(listing)),
            Question::Folders(detail),
        );
    }

    pub(super) fn listed(
        &mut self,
        tag: &str,
        listing: &Listing,
        folders: &[Standing],
        left: &[String],
    ) {
        let names = self.modes.names();
        let known = Known { folders, left };
        let out = match listing.kind {
            Kind::List => list(listing, &known, names),
            Kind::Lsub => lsub(listing, &known, names),
        };
        self.say(out);
        self.ok(tag, words::DONE);
    }
}

/// What there is to be listed.
struct Known<'a> {
    folders: &'a [Standing],
    /// What is subscribed to and no folder any more (RFC 9051 section 6.3.7).
    left: &'a [String],
}

impl<'a> Known<'a> {
    fn is_left(&self, name: &str) -> bool {
        self.left.iter().any(|one| one == name)
    }

    fn below(&self, name: &str) -> impl Iterator<Item = &'a Standing> {
        let folders = self.folders.iter();
        folders.filter(move |one| is_below(&one.folder.name, name))
    }

    /// All names, and those above them; those that were left only where they are asked for.
    fn tree(&self, select: Select) -> Tree<'a> {
        let mut tree = Tree::new();
        let folders = self.folders.iter();
        let there = folders.map(|one| (one.folder.name.as_str(), Some(one)));
        let left = self.left.iter().filter(|_| select.subscribed);
        let left = left.map(|name| (name.as_str(), None));
        for (name, standing) in left.chain(there) {
            for (at, _) in name.match_indices(LEVEL) {
                tree.entry(&name[..at]).or_insert(None);
            }
            tree.insert(name, standing);
        }
        tree
    }
}

/// A name in the tree of folders; None where it is none.
type Tree<'a> = BTreeMap<&'a str, Option<&'a Standing>>;

fn is_below(name: &str, parent: &str) -> bool {
    let rest = name.strip_prefix(parent);
    rest.is_some_and(|rest| rest.starts_with(LEVEL))
}

fn is_subscribed(standing: &Standing) -> bool {
    standing.folder.subscribed == Switch::On
}

fn list(listing: &Listing, known: &Known<'_>, names: Names) -> Vec<u8> {
    let select = listing.select;
    let is_selected = |standing: &Standing| {
        (!select.subscribed || is_subscribed(standing))
            && (!select.special_use || special_use(standing).is_some())
    };
    let takes_left = select.subscribed && !select.special_use;
    let chosen = select.subscribed || select.special_use;
    let mut out = Vec::new();
    for (name, standing) in &known.tree(select) {
        if !listing.patterns.iter().any(|one| matches(one, name)) {
            continue;
        }
        let selected = match standing {
            Some(standing) => is_selected(standing),
            None => !chosen || takes_left && known.is_left(name),
        };
        // RFC 5258 section 3.5: a parent of what is selected and was not asked for by name.
        let left_below = takes_left && known.left.iter().any(|one| is_below(one, name));
        let child = select.recursive && (left_below || known.below(name).any(is_selected));
        if !selected && !child {
            continue;
        }
        let mut attributes = Vec::new();
        match standing {
            None => attributes.extend(["\\NonExistent", "\\Noselect"]),
            Some(standing) => attributes.extend(special_use(standing)),
        }
        attributes.push(match known.below(name).next() {
            Some(_) => "\\HasChildren",
            None => "\\HasNoChildren",
        });
        let tells = select.subscribed || listing.give.subscribed;
        if tells && (standing.is_some_and(is_subscribed) || known.is_left(name)) {
            attributes.push("\\Subscribed");
        }
        line(&mut out, "LIST", &attributes, name, names);
        if child {
            let info = if select.subscribed {
                "SUBSCRIBED"
            } else {
                "SPECIAL-USE"
            };
            out.extend_from_slice(format!(" (\"CHILDINFO\" (\"{info}\"))").as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        if let (Some(items), Some(standing)) = (&listing.give.status, standing) {
            status_line(&mut out, standing, items, names);
        }
    }
    out
}

/// RFC 3501 section 6.3.9: `%` finds a parent of what is subscribed.
fn lsub(listing: &Listing, known: &Known<'_>, names: Names) -> Vec<u8> {
    let folders = known.folders.iter().filter(|one| is_subscribed(one));
    let subscribed = folders.map(|one| one.folder.name.as_str());
    let mut found: BTreeMap<&str, bool> = BTreeMap::new();
    for name in subscribed.chain(known.left.iter().map(String::as_str)) {
        let parents = name.match_indices(LEVEL).map(|(at, _)| &name[..at]);
        for pattern in &listing.patterns {
            if matches(pattern, name) {
                found.insert(name, true);
            } else if pattern.ends_with('%') {
                for parent in parents.clone().filter(|parent| matches(pattern, parent)) {
                    found.entry(parent).or_insert(false);
                }
            }
        }
    }
    let mut out = Vec::new();
    for (name, is_folder) in found {
        let attributes: &[&str] = if is_folder { &[] } else { &["\\Noselect"] };
        line(&mut out, "LSUB", attributes, name, names);
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn line(out: &mut Vec<u8>, word: &str, attributes: &[&str], name: &str, names: Names) {
    let attributes = attributes.join(" ");
    out.extend_from_slice(format!("* {word} ({attributes}) \"/\" ").as_bytes());
    show::name(out, name, names);
}

/// RFC 6154.
fn special_use(standing: &Standing) -> Option<&'static str> {
    match standing.folder.role? {
        Folder::Inbox => None,
        Folder::All => Some("\\Archive"),
        Folder::Spam => Some("\\Junk"),
        Folder::Trash => Some("\\Trash"),
        Folder::Sent => Some("\\Sent"),
        Folder::Drafts => Some("\\Drafts"),
    }
}
