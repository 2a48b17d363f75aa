//! LIST and LSUB (RFC 9051 section 6.3.9, RFC 3501 section 6.3.9).

use std::collections::BTreeMap;

use posthouse::model::domain::Switch;
use posthouse::model::folder::LEVEL;
use posthouse::model::mailbox::Folder;

use super::super::command::{Kind, Listing};
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

    pub(super) fn listed(&mut self, tag: &str, listing: &Listing, folders: &[Standing]) {
        let names = self.modes.names();
        let out = match listing.kind {
            Kind::List => list(listing, folders, names),
            Kind::Lsub => lsub(listing, folders, names),
        };
        self.say(out);
        self.ok(tag, words::DONE);
    }
}

/// A name in the tree of folders; None where only others below it are folders.
type Tree<'a> = BTreeMap<&'a str, Option<&'a Standing>>;

fn tree(folders: &[Standing]) -> Tree<'_> {
    let mut tree = Tree::new();
    for one in folders {
        let name = one.folder.name.as_str();
        for (at, _) in name.match_indices(LEVEL) {
            tree.entry(&name[..at]).or_insert(None);
        }
        tree.insert(name, Some(one));
    }
    tree
}

fn is_below(name: &str, parent: &str) -> bool {
    let rest = name.strip_prefix(parent);
    rest.is_some_and(|rest| rest.starts_with(LEVEL))
}

fn is_subscribed(standing: &Standing) -> bool {
    standing.folder.subscribed == Switch::On
}

fn list(listing: &Listing, folders: &[Standing], names: Names) -> Vec<u8> {
    let tree = tree(folders);
    let select = listing.select;
    let is_selected = |standing: &Standing| {
        (!select.subscribed || is_subscribed(standing))
            && (!select.special_use || special_use(standing).is_some())
    };
    let chosen = select.subscribed || select.special_use;
    let mut out = Vec::new();
    for (name, standing) in &tree {
        if !listing.patterns.iter().any(|one| matches(one, name)) {
            continue;
        }
        let below = || {
            folders
                .iter()
                .filter(|one| is_below(&one.folder.name, name))
        };
        let selected = match standing {
            Some(standing) => is_selected(standing),
            None => !chosen,
        };
        // RFC 5258 section 3.5: a parent of what is selected and was not asked for by name.
        let child = select.recursive && below().any(is_selected);
        if !selected && !child {
            continue;
        }
        let mut attributes = Vec::new();
        match standing {
            None => attributes.extend(["\\NonExistent", "\\Noselect"]),
            Some(standing) => attributes.extend(special_use(standing)),
        }
        attributes.push(match below().next() {
            Some(_) => "\\HasChildren",
            None => "\\HasNoChildren",
        });
        let tells = select.subscribed || listing.give.subscribed;
        if tells && standing.is_some_and(is_subscribed) {
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
fn lsub(listing: &Listing, folders: &[Standing], names: Names) -> Vec<u8> {
    let subscribed: Vec<&Standing> = folders.iter().filter(|one| is_subscribed(one)).collect();
    let mut found: BTreeMap<&str, bool> = BTreeMap::new();
    for one in &subscribed {
        let name = one.folder.name.as_str();
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
