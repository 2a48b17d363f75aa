//! Secrets of this app: in the platform's keychain where there is one, else in files that only
//! their owner reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use posthouse_server::data::write_secret;

/// A platform's keychain.
pub trait Keychain: Send + Sync {
    /// What lies under this name; None where nothing does.
    ///
    /// # Errors
    /// In words, where there is no keychain, or it stays shut.
    fn read(&self, name: &str) -> Result<Option<String>, String>;

    /// Puts a secret under this name.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn write(&self, name: &str, secret: &str) -> Result<(), String>;

    /// Takes away what lies under this name.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn remove(&self, name: &str) -> Result<(), String>;
}

/// Where a secret was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the keychain.
    Keychain,
    /// In a file of mode 0600.
    File,
}

/// Puts a secret into the keychain, and looks that it is there.
///
/// # Errors
/// In words, where it is not.
pub fn put(keychain: &dyn Keychain, name: &str, secret: &str) -> Result<(), String> {
    keychain.write(name, secret)?;
    match keychain.read(name)? {
        Some(found) if found == secret => Ok(()),
        Some(_) | None => Err(String::from("the keychain did not keep what it was given")),
    }
}

/// Small secrets that may be lost: whoever needs one asks for it anew.
pub struct Secrets<'a> {
    keychain: &'a dyn Keychain,
    folder: &'a Path,
}

impl<'a> Secrets<'a> {
    /// Those of this keychain and folder.
    #[must_use]
    pub const fn of(keychain: &'a dyn Keychain, folder: &'a Path) -> Self {
        Self { keychain, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.secret"))
    }

    /// What lies under this name; None where nothing does, or it cannot be had.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        match fs::read_to_string(self.file(name)) {
            Ok(text) => Some(text),
            Err(_) => self.keychain.read(name).ok().flatten(),
        }
    }

    /// Puts a secret under this name.
    ///
    /// # Errors
    /// As the system says of the file, where there is no keychain.
    pub fn keep(&self, name: &str, secret: &str) -> io::Result<Kept> {
        if put(self.keychain, name, secret).is_ok() {
            self.forget_file(name);
            return Ok(Kept::Keychain);
        }
        write_secret(&self.file(name), secret)?;
        Ok(Kept::File)
    }

    /// Takes away what lies under this name.
    pub fn forget(&self, name: &str) {
        self.forget_file(name);
        if let Err(error) = self.keychain.remove(name) {
            tracing::debug!(error, name, "nothing was removed from the keychain");
        }
    }

    fn forget_file(&self, name: &str) {
        match fs::remove_file(self.file(name)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, name, "a secret's file cannot be removed"),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use std::collections::HashMap;
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::Mutex;

    use super::*;

    /// A keychain that is open, or says why it is not.
    #[derive(Default)]
    pub struct Chain {
        pub shut: Option<&'static str>,
        pub held: Mutex<HashMap<String, String>>,
    }

    impl Chain {
        pub fn shut(why: &'static str) -> Self {
            Self {
                shut: Some(why),
                ..Self::default()
            }
        }

        fn open(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, String> {
            match self.shut {
                Some(why) => Err(why.to_owned()),
                None => Ok(self.held.lock().unwrap()),
            }
        }
    }

    impl Keychain for Chain {
        fn read(&self, name: &str) -> Result<Option<String>, String> {
            Ok(self.open()?.get(name).cloned())
        }

        fn write(&self, name: &str, secret: &str) -> Result<(), String> {
            self.open()?.insert(name.to_owned(), secret.to_owned());
            Ok(())
        }

        fn remove(&self, name: &str) -> Result<(), String> {
            self.open()?.remove(name);
            Ok(())
        }
    }

    #[test]
    fn a_secret_lies_in_the_keychain_or_in_a_file_of_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let shut = Chain::shut("no bus");
        let by_file = Secrets::of(&shut, folder.path());
        assert_eq!(by_file.get("session"), None);
        assert_eq!(by_file.keep("session", "first").unwrap(), Kept::File);
        let file = folder.path().join("session.secret");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(by_file.get("session").as_deref(), Some("first"));

        let open = Chain::default();
        let by_chain = Secrets::of(&open, folder.path());
        assert_eq!(by_chain.get("session").as_deref(), Some("first"));
        assert_eq!(by_chain.keep("session", "second").unwrap(), Kept::Keychain);
        assert!(!file.exists(), "the old one is gone");
        assert_eq!(by_chain.get("session").as_deref(), Some("second"));
        by_chain.forget("session");
        assert_eq!(by_chain.get("session"), None);
    }
}
