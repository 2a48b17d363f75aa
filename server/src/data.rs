//! The data folder: where the database, the master key, the lock and the development CA are.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::ids::{Entropy, random};
use posthouse::seal::MasterKey;

use crate::refusal::{Exit, Refusal};

/// The variable that holds the master key in place of the file.
pub const MASTER_KEY_VARIABLE: &str = "POSTHOUSE_MASTER_KEY";

/// A data folder.
#[derive(Clone, Debug)]
pub struct Data(PathBuf);

/// The proof that no other server works in this folder; held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Data {
    /// The folder at `path`, which may not be there yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("posthouse.db")
    }

    /// The file of the master key.
    #[must_use]
    pub fn master_key_file(&self) -> PathBuf {
        self.0.join("master.key")
    }

    /// The configuration file that is read when no other is named.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.0.join("posthouse.toml")
    }

    /// The folder of the development CA.
    #[must_use]
    pub fn dev_ca(&self) -> PathBuf {
        self.0.join("dev-ca")
    }

    /// Makes the folder, for its owner only, when it is not there.
    ///
    /// # Errors
    /// As the system says.
    pub fn create(&self) -> Result<(), Refusal> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
            .map_err(|error| self.cannot("be made", &error))?;
        Ok(())
    }

    /// Takes the folder for one server.
    ///
    /// # Errors
    /// `Exit::Busy` when another has it.
    pub fn lock(&self) -> Result<Lock, Refusal> {
        let path = self.0.join("serve.lock");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| self.cannot("be written", &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(self.taken(&mut file)),
            Err(TryLockError::Error(error)) => return Err(self.cannot("be locked", &error)),
        }
        // Who has it, for whoever does not get it. The lock itself is what counts.
        let note = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        note.map_err(|error| self.cannot("be written", &error))?;
        Ok(Lock { _file: file })
    }

    fn taken(&self, file: &mut File) -> Refusal {
        let mut holder = String::new();
        let pid = match file.read_to_string(&mut holder) {
            Ok(_) if !holder.trim().is_empty() => format!(" (process {})", holder.trim()),
            _ => String::new(),
        };
        Refusal::new(
            Exit::Busy,
            format!(
                "another `posthouse serve`{pid} is running on {}",
                self.0.display()
            ),
        )
        .hint("Stop that one first, or give this one a folder of its own with --data DIR.")
    }

    fn cannot(&self, what: &str, error: &io::Error) -> Refusal {
        Refusal::new(
            Exit::Busy,
            format!(
                "the data folder {} cannot {what}: {error}",
                self.0.display()
            ),
        )
        .hint("Give the user who runs Posthouse this folder, or name another with --data DIR.")
    }

    /// Refuses when there is no database yet.
    ///
    /// # Errors
    /// `Exit::Missing`.
    pub fn expect_database(&self) -> Result<(), Refusal> {
        if self.database().is_file() {
            return Ok(());
        }
        Err(Refusal::new(
            Exit::Missing,
            format!("there is no Posthouse in {}", self.0.display()),
        )
        .hint(
            "Say where its data is with --data DIR (or POSTHOUSE_DATA), or start one with `posthouse serve`.",
        ))
    }

    /// The master key: `given` (the variable's text), else the file's; None when there is
    /// neither.
    ///
    /// # Errors
    /// When what is there is no key.
    pub fn master_key(&self, given: Option<&str>) -> Result<Option<MasterKey>, Refusal> {
        if let Some(text) = given {
            let key = parse_key(text).ok_or_else(|| not_a_key(MASTER_KEY_VARIABLE))?;
            return Ok(Some(key));
        }
        let path = self.master_key_file();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Refusal::new(
                    Exit::Refused,
                    format!("the master key {} cannot be read: {error}", path.display()),
                ));
            }
        };
        parse_key(&text)
            .map(Some)
            .ok_or_else(|| not_a_key(&path.display().to_string()))
    }

    /// What to warn of when others on this machine can read the master key.
    #[must_use]
    pub fn loose_key(&self) -> Option<String> {
        let path = self.master_key_file();
        let mode = fs::metadata(&path).ok()?.permissions().mode();
        (mode & 0o077 != 0).then(|| {
            format!(
                "others on this machine can read the master key; run: chmod 600 {}",
                path.display()
            )
        })
    }

    /// Makes the master key. Only the holder of the lock may: two makers would each seal
    /// with a key of their own.
    ///
    /// # Errors
    /// As the system says; when there is a database already, whose key this cannot be.
    pub fn make_master_key(
        &self,
        _lock: &Lock,
        entropy: &dyn Entropy,
    ) -> Result<MasterKey, Refusal> {
        if self.database().exists() {
            return Err(self.key_is_gone());
        }
        let key = MasterKey(random(entropy));
        let path = self.master_key_file();
        write_secret(&path, &format!("{}\n", hex(&key.0)))
            .map_err(|error| self.cannot("take the master key", &error))?;
        Ok(key)
    }

    /// Makes an empty database file for its owner only, when there is none: the folder may
    /// have been made by somebody else, for others to read.
    ///
    /// # Errors
    /// As the system says.
    pub fn make_database(&self) -> Result<(), Refusal> {
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.database());
        match made {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(self.cannot("take the database", &error)),
        }
    }

    /// The refusal when there is a database and no key.
    #[must_use]
    pub fn key_is_gone(&self) -> Refusal {
        Refusal::new(
            Exit::Refused,
            format!(
                "the database is there, but its master key is not: no {} and no {MASTER_KEY_VARIABLE}",
                self.master_key_file().display()
            ),
        )
        .hint("Put the key back that was made with this database; without it its secrets cannot be read.")
    }
}

/// Writes a file for its owner only: whole under its name, or not at all.
///
/// # Errors
/// As the system says.
pub fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        // Left by a crash.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn not_a_key(place: &str) -> Refusal {
    Refusal::new(
        Exit::Usage,
        format!(
            "{place} holds no master key: expected 32 bytes as 64 hexadecimal digits or as base64"
        ),
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse_key(text: &str) -> Option<MasterKey> {
    let text = text.trim();
    let bytes = if text.len() == 64 && text.is_ascii() {
        (0..32)
            .map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok())
            .collect::<Option<Vec<u8>>>()?
    } else {
        STANDARD.decode(text).ok()?
    };
    bytes.try_into().ok().map(MasterKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use posthouse::ids::SystemEntropy;

    #[test]
    fn the_master_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::at(&folder.path().join("deep/data"));
        data.create().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(data.folder()), 0o700);
        assert!(data.master_key(None).unwrap().is_none());
        let lock = data.lock().unwrap();
        fs::write(data.master_key_file().with_extension("new"), "half").unwrap();
        let key = data.make_master_key(&lock, &SystemEntropy).unwrap();
        assert_eq!(data.master_key(None).unwrap().unwrap().0, key.0);
        assert_eq!(mode(&data.master_key_file()), 0o600);
        assert_eq!(data.loose_key(), None);
        let loose = fs::Permissions::from_mode(0o640);
        fs::set_permissions(data.master_key_file(), loose).unwrap();
        assert!(data.loose_key().unwrap().contains("chmod 600"));
    }

    #[test]
    fn no_new_key_is_made_for_an_old_database() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::at(folder.path());
        let lock = data.lock().unwrap();
        fs::write(data.database(), "").unwrap();
        let refusal = data.make_master_key(&lock, &SystemEntropy).unwrap_err();
        assert!(refusal.to_string().contains("its master key is not"));
        assert!(!data.master_key_file().exists());
    }

    #[test]
    fn keys_are_hexadecimal_or_base64() {
        assert_eq!(parse_key(&"0f".repeat(32)).unwrap().0, [15; 32]);
        assert_eq!(parse_key(&STANDARD.encode([15; 32])).unwrap().0, [15; 32]);
        for bad in ["", "0f", &"0g".repeat(32), &STANDARD.encode([15; 31])] {
            assert!(parse_key(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_folder_has_one_server() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::at(folder.path());
        let lock = data.lock().unwrap();
        let refusal = data.lock().unwrap_err();
        assert_eq!(refusal.exit, Exit::Busy);
        let pid = format!("(process {})", std::process::id());
        assert!(refusal.to_string().contains(&pid), "{refusal}");
        drop(lock);
        data.lock().unwrap();
    }
}
