//! What the app was started with.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::mailto;

/// Domains, keys, mailboxes and mail of this machine and of servers.
#[derive(Debug, Parser)]
#[command(name = "posthouse-desktop", version, max_term_width = 100)]
pub struct Asked {
    /// The folder of this machine's database [default: posthouse, where the platform keeps data]
    #[arg(long, value_name = "DIR", env = "POSTHOUSE_DATA")]
    pub data: Option<PathBuf>,
    /// Begin in the tray, without a window
    #[arg(long)]
    pub hidden: bool,
    /// Mails to show (.eml), and mailto: links
    #[arg(value_name = "FILE|LINK")]
    pub open: Vec<OsString>,
}

/// What somebody wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A place in the page.
    Place(String),
    /// A mail in a file.
    File(PathBuf),
}

/// What one argument, or one link of the system's, stands for. A file's path is relative to
/// `folder`.
#[must_use]
pub fn wanted(argument: &OsString, folder: &Path) -> Wanted {
    if let Some(text) = argument.to_str() {
        if let Some(place) = mailto::place(text) {
            return Wanted::Place(place);
        }
        let url = url::Url::parse(text).ok();
        let file = url.filter(|url| url.scheme() == "file");
        if let Some(path) = file.and_then(|url| url.to_file_path().ok()) {
            return Wanted::File(path);
        }
    }
    Wanted::File(folder.join(argument))
}

impl Asked {
    /// All that is wanted, in order.
    #[must_use]
    pub fn wanted(&self, folder: &Path) -> Vec<Wanted> {
        let all = self.open.iter();
        all.map(|argument| wanted(argument, folder)).collect()
    }

    /// What a second start was asked, as it hands its arguments over; nothing where they are
    /// wrong, which it has said itself.
    #[must_use]
    pub fn again(arguments: &[String]) -> Option<Self> {
        Self::try_parse_from(arguments).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_links_are_told_apart() {
        let folder = Path::new("/tmp");
        let asked = Asked::again(&[
            String::from("posthouse-desktop"),
            String::from("mailto:kim@shop.test"),
            String::from("order.eml"),
            String::from("file:///tmp/with%20room.eml"),
            String::from("/tmp/whole.eml"),
        ]);
        let asked = asked.unwrap();
        assert_eq!(
            asked.wanted(folder),
            [
                Wanted::Place(String::from("#/compose?to=kim%40shop.test")),
                Wanted::File(folder.join("order.eml")),
                Wanted::File(folder.join("with room.eml")),
                Wanted::File(folder.join("whole.eml")),
            ]
        );
        assert!(Asked::again(&[String::from("x"), String::from("--nothing")]).is_none());
    }
}
