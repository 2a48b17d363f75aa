//! LIST as RFC 9051 section 6.3.9 has it, with RFC 5258, 5819 and 6154; and LSUB.

use imap_codec::imap_types::status::StatusDataItemName;

use super::cursor::Cursor;
use crate::imap::limits::PATTERNS;

/// Which command it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    List,
    Lsub,
}

/// What is to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    pub kind: Kind,
    /// Stands before each pattern; as it was written.
    pub reference: String,
    pub patterns: Vec<String>,
    pub select: Select,
    pub give: Give,
    /// Whether more than RFC 3501 has was written.
    pub extended: bool,
}

/// Which folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Select {
    pub subscribed: bool,
    pub special_use: bool,
    /// Those too that have others below them that are selected.
    pub recursive: bool,
}

/// What is told of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Give {
    pub subscribed: bool,
    pub status: Option<Vec<StatusDataItemName>>,
}

/// Reads what follows the tag.
pub(super) fn parse(body: &[u8], kind: Kind) -> Option<Listing> {
    let mut cursor = Cursor(body);
    cursor.take(match kind {
        Kind::List => " LIST ",
        Kind::Lsub => " LSUB ",
    })?;
    let mut found = Listing {
        kind,
        reference: String::new(),
        patterns: Vec::new(),
        select: Select::default(),
        give: Give::default(),
        extended: false,
    };
    if kind == Kind::List && cursor.is_at("(") {
        found.extended = true;
        for word in cursor.list(Cursor::word)? {
            match word.as_str() {
                "SUBSCRIBED" => found.select.subscribed = true,
                "SPECIAL-USE" => found.select.special_use = true,
                "RECURSIVEMATCH" => found.select.recursive = true,
                // There are none elsewhere.
                "REMOTE" => {}
                _ => return None,
            }
        }
        // RFC 5258 section 3.1: it says something of another option.
        if found.select.recursive && !found.select.subscribed && !found.select.special_use {
            return None;
        }
        cursor.take(" ")?;
    }
    found.reference = cursor.pattern()?;
    cursor.take(" ")?;
    if kind == Kind::List && cursor.is_at("(") {
        found.extended = true;
        found.patterns = cursor.list(Cursor::pattern)?;
    } else {
        found.patterns = vec![cursor.pattern()?];
    }
    if found.patterns.is_empty() || found.patterns.len() > PATTERNS {
        return None;
    }
    if kind == Kind::List && cursor.take(" RETURN ").is_some() {
        found.extended = true;
        found.give = give(&mut cursor)?;
    }
    (cursor.0 == b"\r\n").then_some(found)
}

fn give(cursor: &mut Cursor<'_>) -> Option<Give> {
    let mut give = Give::default();
    cursor.list(|cursor| {
        match cursor.word()?.as_str() {
            "SUBSCRIBED" => give.subscribed = true,
            // They are always told.
            "CHILDREN" | "SPECIAL-USE" => {}
            "STATUS" => {
                cursor.take(" ")?;
                let items = cursor.list(status)?;
                give.status = Some(items).filter(|items| !items.is_empty());
                give.status.as_ref()?;
            }
            _ => return None,
        }
        Some(())
    })?;
    Some(give)
}

fn status(cursor: &mut Cursor<'_>) -> Option<StatusDataItemName> {
    Some(match cursor.word()?.as_str() {
        "MESSAGES" => StatusDataItemName::Messages,
        "RECENT" => StatusDataItemName::Recent,
        "UIDNEXT" => StatusDataItemName::UidNext,
        "UIDVALIDITY" => StatusDataItemName::UidValidity,
        "UNSEEN" => StatusDataItemName::Unseen,
        "DELETED" => StatusDataItemName::Deleted,
        "DELETED-STORAGE" => StatusDataItemName::DeletedStorage,
        "SIZE" => StatusDataItemName::Size,
        "HIGHESTMODSEQ" => StatusDataItemName::HighestModSeq,
        _ => return None,
    })
}
