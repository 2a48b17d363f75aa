//! A file that is not there under its name until it is whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::refusal::{Exit, Refusal};

/// A file that is not whole yet; removed unless it is kept.
pub struct Draft {
    part: PathBuf,
    file: PathBuf,
}

impl Draft {
    /// Makes an empty one, for its owner only.
    ///
    /// # Errors
    /// `Exit::Refused` when there is a file of that name, or it cannot be made.
    pub fn make(file: &Path) -> Result<Self, Refusal> {
        if file.exists() {
            return Err(Refusal::new(
                Exit::Refused,
                format!("{} is there already", file.display()),
            )
            .hint("Choose another name, or remove it first."));
        }
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let draft = Self {
            part: PathBuf::from(name),
            file: file.to_owned(),
        };
        draft.empty().map_err(|error| draft.unwritable(&error))?;
        Ok(draft)
    }

    fn empty(&self) -> io::Result<()> {
        match fs::remove_file(&self.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.part)
            .map(drop)
    }

    /// Where it is until it is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.part
    }

    /// What is said when it cannot be written.
    #[must_use]
    pub fn unwritable(&self, error: &io::Error) -> Refusal {
        Refusal::new(
            Exit::Refused,
            format!("{} cannot be written: {error}", self.file.display()),
        )
    }

    /// Gives it its name, on disk; its size in bytes.
    ///
    /// # Errors
    /// `Exit::Refused`.
    pub fn keep(self) -> Result<u64, Refusal> {
        self.rename().map_err(|error| self.unwritable(&error))
    }

    fn rename(&self) -> io::Result<u64> {
        let whole = File::open(&self.part)?;
        whole.sync_all()?;
        fs::rename(&self.part, &self.file)?;
        let folder = self
            .file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(whole.metadata()?.len())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once kept it is not there any more; else what is left is only clutter.
        let _ = fs::remove_file(&self.part);
    }
}
