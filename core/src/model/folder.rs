//! The folders of a person's mailbox, and the marks of what lies in them.

use super::domain::Switch;
use super::mailbox::Folder;
use crate::clock::Timestamp;
use crate::ids::{FolderId, MailboxId, MessageId};

/// The name of the folder that mail comes into, in the letters that it is shown in.
pub const INBOX: &str = "INBOX";
/// What stands between the levels of a name.
pub const LEVEL: char = '/';

/// The folders that each mailbox has, and what each is for.
pub const STANDARD: [(&str, Folder); 6] = [
    (INBOX, Folder::Inbox),
    ("Drafts", Folder::Drafts),
    ("Sent", Folder::Sent),
    ("Archive", Folder::All),
    ("Junk", Folder::Spam),
    ("Trash", Folder::Trash),
];

/// A folder and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderStanding {
    /// Its id.
    pub id: FolderId,
    /// Whose it is.
    pub mailbox: MailboxId,
    /// Its name, `/` between levels.
    pub name: String,
    /// What it is for; None: what its person made it for.
    pub role: Option<Folder>,
    /// A number that no other folder has or had (RFC 9051 section 2.3.1.1).
    pub uid_validity: u32,
    /// The number that its next message gets.
    pub uid_next: u32,
    /// The highest modification sequence in it (RFC 7162 section 3.1).
    pub modseq: u64,
    /// Whether its person wants to see it.
    pub subscribed: Switch,
    /// What it holds.
    pub messages: u64,
    /// Of these, the unread.
    pub unread: u64,
    /// What they take, in bytes.
    pub bytes: u64,
}

/// How a message is marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// It was read.
    pub seen: bool,
    /// It was answered.
    pub answered: bool,
    /// It is starred.
    pub flagged: bool,
    /// It goes with the next expunge.
    pub deleted: bool,
    /// It is not yet sent.
    pub draft: bool,
    /// A person's words for it.
    pub keywords: Vec<String>,
}

impl Flags {
    /// A keyword as it stands here: in any case of letters it is the same one (RFC 9051
    /// section 9).
    #[must_use]
    pub fn spelling(&self, word: &str) -> Option<&String> {
        let mut keywords = self.keywords.iter();
        keywords.find(|one| one.eq_ignore_ascii_case(word))
    }
}

/// A message of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number in the folder.
    pub uid: u32,
    /// Its id.
    pub id: MessageId,
    /// When the folder last knew of a change of it.
    pub modseq: u64,
    /// How it is marked.
    pub flags: Flags,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// When it came.
    pub received_at: Timestamp,
}

/// What to do with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagChange {
    /// These too.
    Add(Flags),
    /// These no longer.
    Remove(Flags),
    /// These and no others.
    Replace(Flags),
}

impl FlagChange {
    /// The marks of a message that had `old`.
    #[must_use]
    pub fn of(&self, old: &Flags) -> Flags {
        match self {
            Self::Replace(new) => {
                let spelled = |word: &String| old.spelling(word).unwrap_or(word).clone();
                Flags {
                    keywords: new.keywords.iter().map(spelled).collect(),
                    ..new.clone()
                }
            }
            Self::Add(more) => {
                let mut keywords = old.keywords.clone();
                for word in &more.keywords {
                    if old.spelling(word).is_none() {
                        keywords.push(word.clone());
                    }
                }
                Flags {
                    seen: old.seen | more.seen,
                    answered: old.answered | more.answered,
                    flagged: old.flagged | more.flagged,
                    deleted: old.deleted | more.deleted,
                    draft: old.draft | more.draft,
                    keywords,
                }
            }
            Self::Remove(less) => {
                let mut keywords = old.keywords.clone();
                keywords.retain(|word| less.spelling(word).is_none());
                Flags {
                    seen: old.seen & !less.seen,
                    answered: old.answered & !less.answered,
                    flagged: old.flagged & !less.flagged,
                    deleted: old.deleted & !less.deleted,
                    draft: old.draft & !less.draft,
                    keywords,
                }
            }
        }
    }
}

/// What changed in a folder after a modification sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The folder now.
    pub folder: FolderStanding,
    /// What came or is marked otherwise, by number.
    pub items: Vec<Item>,
    /// The numbers of what is gone, ascending.
    pub vanished: Vec<u32>,
}

/// Why a folder's name cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// It is empty, has an empty level, or holds what no name may.
    Malformed,
    /// It is too long, or has too many levels.
    TooLong,
}

/// A folder's name as it is kept: `INBOX` in capitals, nothing behind the last level.
///
/// # Errors
/// When it cannot be one.
pub fn folder_name(text: &str, bytes_at_most: usize) -> Result<String, NameFault> {
    let text = text.strip_suffix(LEVEL).unwrap_or(text);
    let empty = text.split(LEVEL).any(str::is_empty);
    // RFC 9051 section 5.1: what stands for others in patterns, and what nobody can read.
    let strange = |one: char| one.is_control() || matches!(one, '%' | '*' | '\\');
    if empty || text.chars().any(strange) || text.starts_with('#') {
        return Err(NameFault::Malformed);
    }
    if text.len() > bytes_at_most {
        return Err(NameFault::TooLong);
    }
    let (first, rest) = text.split_at(text.find(LEVEL).unwrap_or(text.len()));
    if first.eq_ignore_ascii_case(INBOX) {
        return Ok(format!("{INBOX}{rest}"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_it_is_found() {
        for (text, expected) in [
            ("inbox", Ok("INBOX")),
            ("Inbox/Lists", Ok("INBOX/Lists")),
            ("Inboxes", Ok("Inboxes")),
            ("Work/2026/", Ok("Work/2026")),
            ("Über uns", Ok("Über uns")),
            ("", Err(NameFault::Malformed)),
            ("/x", Err(NameFault::Malformed)),
            ("a//b", Err(NameFault::Malformed)),
            ("a*", Err(NameFault::Malformed)),
            ("a%", Err(NameFault::Malformed)),
            ("#news", Err(NameFault::Malformed)),
            ("a\r\nb", Err(NameFault::Malformed)),
            ("123456789012345678901", Err(NameFault::TooLong)),
        ] {
            let found = folder_name(text, 20);
            assert_eq!(found, expected.map(String::from), "{text}");
        }
    }

    #[test]
    fn marks_are_added_taken_and_set() {
        let word = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let old = Flags {
            seen: true,
            keywords: word(&["a", "b"]),
            ..Flags::default()
        };
        let change = Flags {
            seen: true,
            flagged: true,
            keywords: word(&["b", "c"]),
            ..Flags::default()
        };
        let added = FlagChange::Add(change.clone()).of(&old);
        assert_eq!((added.seen, added.flagged), (true, true));
        assert_eq!(added.keywords, ["a", "b", "c"]);
        let removed = FlagChange::Remove(change.clone()).of(&old);
        assert_eq!((removed.seen, removed.flagged), (false, false));
        assert_eq!(removed.keywords, ["a"]);
        assert_eq!(FlagChange::Replace(change.clone()).of(&old), change);
    }

    #[test]
    fn a_keyword_is_the_same_in_any_case_of_letters() {
        let words = |words: &[&str]| Flags {
            keywords: words.iter().map(ToString::to_string).collect(),
            ..Flags::default()
        };
        let old = words(&["Work", "a"]);
        let change = words(&["WORK", "b"]);
        let keywords = |change: FlagChange| change.of(&old).keywords;
        assert_eq!(
            keywords(FlagChange::Add(change.clone())),
            ["Work", "a", "b"]
        );
        assert_eq!(keywords(FlagChange::Remove(change.clone())), ["a"]);
        assert_eq!(keywords(FlagChange::Replace(change)), ["Work", "b"]);
    }
}
