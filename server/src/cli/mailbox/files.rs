//! A mailbox as files: a Maildir or a mailbox file for each folder, in a tree as the folders are.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use posthouse::clock::Timestamp;
use posthouse::limits::MESSAGE_BYTES;
use posthouse::mime::mbox::{
    begins, begun_at, maildir_flags, maildir_letters, read_mbox, write_mbox,
};
use posthouse::model::folder::{Flags, INBOX, Item, LEVEL};

/// What a folder is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A folder of files, a message each
    Maildir,
    /// One file
    Mbox,
}

/// The folders of a Maildir; none of ours can be called so.
const MAILDIR: [&str; 3] = ["cur", "new", "tmp"];
const SUFFIX: &str = ".mbox";

/// Where a folder is written below `top`. What is special to file systems is written with a
/// percent sign, which no folder's name has.
pub fn place(top: &Path, folder: &str, format: Format) -> PathBuf {
    let mut path = top.to_owned();
    for level in folder.split(LEVEL) {
        let special = level.starts_with('.') || MAILDIR.contains(&level);
        path.push(match level.chars().next() {
            Some(first) if special => format!("%{:02X}{}", u32::from(first), &level[1..]),
            _ => level.to_owned(),
        });
    }
    match format {
        Format::Maildir => path,
        Format::Mbox => {
            let mut name = path.into_os_string();
            name.push(SUFFIX);
            PathBuf::from(name)
        }
    }
}

/// The folder that a path below `top` stands for.
pub fn folder_of(top: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(top).ok()?;
    let levels: Option<Vec<String>> = below
        .iter()
        .map(|level| {
            let level = level.to_str()?;
            Some(
                percent_encoding::percent_decode_str(level)
                    .decode_utf8_lossy()
                    .into_owned(),
            )
        })
        .collect();
    let name = levels?.join(&LEVEL.to_string());
    let name = name.strip_suffix(SUFFIX).unwrap_or(&name);
    Some(match name {
        "" => INBOX.to_owned(),
        name => name.to_owned(),
    })
}

/// Writes messages of one folder.
pub enum Writer {
    Maildir(PathBuf),
    Mbox(io::BufWriter<File>),
}

impl Writer {
    /// Makes what it writes to, which must not be there.
    ///
    /// # Errors
    /// As the file system says.
    pub fn create(path: &Path, format: Format) -> io::Result<Self> {
        match format {
            Format::Maildir => {
                for name in MAILDIR {
                    fs::create_dir_all(path.join(name))?;
                }
                Ok(Self::Maildir(path.to_owned()))
            }
            Format::Mbox => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                Ok(Self::Mbox(io::BufWriter::new(File::create_new(path)?)))
            }
        }
    }

    /// Writes one message.
    ///
    /// # Errors
    /// As the file system says.
    pub fn add(&mut self, item: &Item, raw: &[u8]) -> io::Result<()> {
        match self {
            Self::Mbox(file) => {
                let mut out = Vec::with_capacity(raw.len() + 256);
                write_mbox(raw, &item.flags, item.received_at, &mut out);
                file.write_all(&out)
            }
            Self::Maildir(path) => {
                let seconds = item.received_at.0.div_euclid(1000);
                let letters = maildir_letters(&item.flags);
                let name = format!("{seconds}.U{}.posthouse:2,{letters}", item.uid);
                let path = path.join("cur").join(name);
                let mut file = File::create_new(path)?;
                file.write_all(raw)?;
                let millis = u64::try_from(item.received_at.0).unwrap_or(0);
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            }
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// As the file system says.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Maildir(_) => Ok(()),
            Self::Mbox(file) => file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_all(),
        }
    }
}

/// A message that was read.
pub struct Found {
    pub raw: Vec<u8>,
    pub flags: Flags,
    pub received_at: Option<Timestamp>,
}

/// What a path holds: folders by their names, and what each is read from.
///
/// # Errors
/// As the file system says; when there is nothing of the kind.
pub fn sources(path: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    if path.is_file() {
        return Ok(vec![(INBOX.to_owned(), path.to_owned())]);
    }
    let mut found = Vec::new();
    walk(path, path, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(top: &Path, path: &Path, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if path.join("cur").is_dir() {
        found.extend(folder_of(top, path).map(|name| (name, path.to_owned())));
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let below = entry.path();
        // Links are not followed: they may lead anywhere, and round.
        let kind = entry.file_type()?;
        if kind.is_dir() && !MAILDIR.iter().any(|own| name == *own) {
            walk(top, &below, found)?;
        } else if kind.is_file() && name.to_string_lossy().ends_with(SUFFIX) {
            found.extend(folder_of(top, &below).map(|name| (name, below.clone())));
        }
    }
    Ok(())
}

/// Reads what a path holds, a message at a time.
///
/// # Errors
/// As the file system and `take` say; a message that is too long.
pub fn read<E: From<io::Error>>(
    path: &Path,
    mut take: impl FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    if path.is_file() {
        return read_file(path, take);
    }
    let mut names = Vec::new();
    for folder in ["cur", "new"] {
        for entry in fs::read_dir(path.join(folder))? {
            names.push(entry?.path());
        }
    }
    names.sort();
    for name in names {
        let file = File::open(&name)?;
        let about = file.metadata()?;
        bounded(about.len(), &name)?;
        let raw = fs::read(&name)?;
        let text = name.file_name().unwrap_or_default().to_string_lossy();
        take(Found {
            raw: with_crlf(&raw),
            flags: maildir_flags(&text),
            received_at: about.modified().ok().and_then(moment),
        })?;
    }
    Ok(())
}

fn read_file<E: From<io::Error>>(
    path: &Path,
    mut take: impl FnMut(Found) -> Result<(), E>,
) -> Result<(), E> {
    let mut file = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    let mut message: Option<(Option<Timestamp>, Vec<u8>)> = None;
    loop {
        line.clear();
        let count = file.read_until(b'\n', &mut line)?;
        if count == 0 || begins(&line) {
            if let Some((received_at, lines)) = message.take() {
                let (raw, flags) = read_mbox(&lines);
                take(Found {
                    raw,
                    flags,
                    received_at,
                })?;
            }
            if count == 0 {
                return Ok(());
            }
            message = Some((begun_at(&line), Vec::new()));
            continue;
        }
        match &mut message {
            Some((_, lines)) => {
                lines.extend_from_slice(&line);
                bounded(lines.len() as u64, path)?;
            }
            None if line.trim_ascii().is_empty() => {}
            None => {
                let words = format!("{} is no mailbox file", path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, words).into());
            }
        }
    }
}

fn bounded(bytes: u64, path: &Path) -> io::Result<()> {
    if bytes <= MESSAGE_BYTES as u64 {
        return Ok(());
    }
    let words = format!(
        "{}: a message is longer than {MESSAGE_BYTES} bytes",
        path.display()
    );
    Err(io::Error::new(io::ErrorKind::InvalidData, words))
}

fn moment(at: SystemTime) -> Option<Timestamp> {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp)
}

/// Maildirs of other programs have LF at each line's end.
fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 32);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => {
                out.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
                out.extend_from_slice(b"\r\n");
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_path_and_a_path_a_folder() {
        let top = Path::new("/top");
        for (folder, maildir) in [
            ("INBOX", "/top/INBOX"),
            ("Work/2026", "/top/Work/2026"),
            ("../etc", "/top/%2E./etc"),
            ("Work/cur", "/top/Work/%63ur"),
            (".hidden", "/top/%2Ehidden"),
            ("Über", "/top/Über"),
        ] {
            let path = place(top, folder, Format::Maildir);
            assert_eq!(path, Path::new(maildir));
            assert_eq!(folder_of(top, &path).as_deref(), Some(folder));
            let file = place(top, folder, Format::Mbox);
            assert_eq!(folder_of(top, &file).as_deref(), Some(folder));
        }
        assert_eq!(folder_of(top, top).as_deref(), Some("INBOX"));
    }
}
