//! Mails in files that somebody opened: shown, and kept nowhere.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use axum::response::Response;
use posthouse::limits::MESSAGE_BYTES;
use posthouse::mime::page::has_remote_images;
use posthouse_server::console::opened::{file, is_mail, shown};
use posthouse_server::console::wire::RefusedKind;
use serde_json::{Value, json};

use crate::no::No;

/// How many are held; what was opened before them is opened again from its file.
const HELD: usize = 16;

/// A mail, or why there is none.
type Mail = Result<Arc<[u8]>, No>;

/// Those that are held.
#[derive(Default)]
pub struct Opened {
    last: u64,
    mails: VecDeque<(u64, Mail)>,
}

impl Opened {
    /// Holds what is in this file, or why it is not shown; what it is called from now on.
    pub fn add(&mut self, path: &Path) -> u64 {
        self.last += 1;
        if self.mails.len() == HELD {
            self.mails.pop_front();
        }
        self.mails.push_back((self.last, read(path)));
        self.last
    }

    fn mail(&self, id: u64) -> Mail {
        let mut all = self.mails.iter();
        match all.find(|(one, _)| *one == id) {
            Some((_, mail)) => mail.clone(),
            None => Err(No::new(
                RefusedKind::Missing,
                "missing",
                "This mail is not held any more: open its file again.",
            )),
        }
    }

    /// `file.opened`: what a reader shows of it.
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn shown(&self, id: u64) -> Result<Value, No> {
        let raw = self.mail(id)?;
        let shown = shown(&raw, &format!("/opened/{id}"));
        serde_json::to_value(shown).map_err(No::internal)
    }

    /// `file.remote`: whether its html calls for images from elsewhere.
    ///
    /// # Errors
    /// As [`Self::shown`].
    pub fn remote(&self, id: u64) -> Result<Value, No> {
        let raw = self.mail(id)?;
        Ok(json!({ "has_remote": has_remote_images(&raw) }))
    }

    /// One of its files, by its path below `/opened/`; None where it is nobody's.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<Response> {
        let at = path.find('/')?;
        let id = path[..at].parse().ok()?;
        let raw = self.mail(id).ok()?;
        Some(file(&raw, &path[at..]))
    }
}

fn read(path: &Path) -> Mail {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy();
    let cannot = |error: std::io::Error| {
        let words = format!("{name} cannot be read: {error}.");
        No::new(RefusedKind::Missing, "missing", words)
    };
    let longest = MESSAGE_BYTES as u64;
    let mut raw = Vec::new();
    let file = File::open(path).map_err(cannot)?;
    let length = file.take(longest + 1).read_to_end(&mut raw);
    if length.map_err(cannot)? as u64 > longest {
        let words = format!("{name} is longer than a mail can be ({MESSAGE_BYTES} bytes).");
        return Err(No::new(RefusedKind::TooLarge, "too_large", words));
    }
    if !is_mail(&raw) {
        let words = format!("{name} is no mail: it does not begin with a header.");
        return Err(No::new(RefusedKind::Invalid, "no_mail", words));
    }
    Ok(raw.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_or_it_is_said_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let mut opened = Opened::default();
        let mail = opened.add(&write("a.eml", b"From: a@b.test\nSubject: Hi\n\nText\n"));
        let shown = opened.shown(mail).unwrap();
        assert_eq!(shown["subject"], "Hi");
        assert_eq!(shown["raw_url"], format!("/opened/{mail}/raw"));
        assert_eq!(opened.file(&format!("{mail}/raw")).unwrap().status(), 200);
        assert_eq!(opened.file(&format!("{mail}/etc")).unwrap().status(), 404);
        let picture = opened.add(&write("a.png", b"\x89PNG\r\n"));
        assert_eq!(opened.shown(picture).unwrap_err().code(), "no_mail");
        let absent = opened.add(&folder.path().join("gone.eml"));
        let no = opened.shown(absent).unwrap_err();
        assert!(
            no.message().starts_with("gone.eml cannot be read"),
            "{no:?}"
        );
        assert!(opened.file(&format!("{absent}/raw")).is_none());
        assert!(opened.file("raw").is_none() && opened.file("x/raw").is_none());
        for _ in 0..HELD {
            opened.add(&folder.path().join("gone.eml"));
        }
        assert_eq!(opened.shown(mail).unwrap_err().code(), "missing");
    }
}
