//! The master key of this machine's database: found where it was put, made once.

use std::fs;
use std::io;
use std::path::PathBuf;

use posthouse::ids::{Entropy, random};
use posthouse::seal::MasterKey;
use posthouse_server::data::{Data, Lock, MASTER_KEY_VARIABLE, write_secret};
use posthouse_server::refusal::{Exit, Refusal};
use uuid::Uuid;

use crate::keychain::{Keychain, put};

/// Where the key lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// In the environment.
    Given,
    /// In `master.key`, mode 0600, as a server's does.
    File,
    /// In the platform's keychain.
    Keychain,
}

impl Lies {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Given => "in the environment",
            Self::File => "in the file master.key, which only its owner can read",
            Self::Keychain => "in the keychain",
        }
    }
}

/// The file that tells the name of the key in the keychain: the folder may be moved, and there
/// may be several.
fn name_file(data: &Data) -> PathBuf {
    data.folder().join("master.key.name")
}

/// The master key: `given` (the variable's text), else the file's, else the keychain's. Where
/// there is none and no database either, one is made, in the keychain where there is one.
///
/// # Errors
/// When a database is there and its key is not, or not to be had now: another key would never
/// open it.
pub fn master_key(
    data: &Data,
    lock: &Lock,
    given: Option<&str>,
    keychain: &dyn Keychain,
    entropy: &dyn Entropy,
) -> Result<(MasterKey, Lies), Refusal> {
    if given.is_some() || data.master_key_file().exists() {
        let lies = given.map_or(Lies::File, |_| Lies::Given);
        let key = data.master_key(given)?;
        return key.map(|key| (key, lies)).ok_or_else(|| data.key_is_gone());
    }
    if let Some(name) = name(data)? {
        let key = from_keychain(data, keychain, &name)?;
        return Ok((key, Lies::Keychain));
    }
    if data.database().exists() {
        return Err(data.key_is_gone());
    }
    match make_in_keychain(data, keychain, entropy) {
        Ok(key) => Ok((key, Lies::Keychain)),
        Err(why) => {
            tracing::info!(
                why,
                "there is no keychain for the master key: a file takes it"
            );
            let key = data.make_master_key(lock, entropy)?;
            Ok((key, Lies::File))
        }
    }
}

fn name(data: &Data) -> Result<Option<String>, Refusal> {
    let path = name_file(data);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Refusal::new(
            Exit::Refused,
            format!("{} cannot be read: {error}", path.display()),
        )),
    }
}

fn from_keychain(data: &Data, keychain: &dyn Keychain, name: &str) -> Result<MasterKey, Refusal> {
    let refusal = |why: &str| {
        Refusal::new(
            Exit::Refused,
            format!("the master key lies in this machine's keychain as {name:?}, and {why}"),
        )
        .hint(format!(
            "Unlock the keychain and try again. Where it has no such entry any more, put the key into {MASTER_KEY_VARIABLE} or master.key: without it the database's secrets cannot be read."
        ))
    };
    let text = match keychain.read(name) {
        Ok(Some(text)) => text,
        Ok(None) => return Err(refusal("there is no such entry")),
        Err(why) => return Err(refusal(&why)),
    };
    let key = data.master_key(Some(&text));
    key.ok()
        .flatten()
        .ok_or_else(|| refusal("what is there is no key"))
}

fn make_in_keychain(
    data: &Data,
    keychain: &dyn Keychain,
    entropy: &dyn Entropy,
) -> Result<MasterKey, String> {
    let key = MasterKey(random(entropy));
    let text: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let number = Uuid::from_bytes(random(entropy));
    let name = format!("master-key-{}", number.simple());
    put(keychain, &name, &text)?;
    write_secret(&name_file(data), &format!("{name}\n")).map_err(|error| error.to_string())?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use posthouse::ids::SystemEntropy;

    use super::*;
    use crate::keychain::tests::Chain;

    struct Folder {
        _temporary: tempfile::TempDir,
        data: Data,
        lock: Lock,
    }

    fn folder() -> Folder {
        let temporary = tempfile::tempdir().unwrap();
        let data = Data::at(temporary.path());
        let lock = data.lock().unwrap();
        Folder {
            _temporary: temporary,
            data,
            lock,
        }
    }

    impl Folder {
        fn key(&self, chain: &Chain) -> Result<([u8; 32], Lies), String> {
            let found = master_key(&self.data, &self.lock, None, chain, &SystemEntropy);
            found
                .map(|(key, lies)| (key.0, lies))
                .map_err(|refusal| refusal.to_string())
        }
    }

    #[test]
    fn the_keychain_has_it_where_there_is_one() {
        let (folder, chain) = (folder(), Chain::default());
        let (key, lies) = folder.key(&chain).unwrap();
        assert_eq!(lies, Lies::Keychain);
        assert!(!folder.data.master_key_file().exists());
        assert_eq!(folder.key(&chain).unwrap(), (key, Lies::Keychain));
        folder.data.make_database().unwrap();
        assert_eq!(folder.key(&chain).unwrap().0, key);
    }

    #[test]
    fn a_file_has_it_where_there_is_none_and_keeps_it() {
        let folder = folder();
        let (key, lies) = folder.key(&Chain::shut("no bus")).unwrap();
        assert_eq!(lies, Lies::File);
        folder.data.make_database().unwrap();
        let open = Chain::default();
        assert_eq!(folder.key(&open).unwrap(), (key, Lies::File));
        assert!(open.held.lock().unwrap().is_empty());
    }

    #[test]
    fn there_is_never_a_second_key_for_a_database() {
        let (kept, chain) = (folder(), Chain::default());
        kept.key(&chain).unwrap();
        kept.data.make_database().unwrap();
        let refused = kept.key(&Chain::shut("it is locked")).unwrap_err();
        assert!(refused.contains("it is locked"), "{refused}");
        let refused = kept.key(&Chain::default()).unwrap_err();
        assert!(refused.contains("there is no such entry"), "{refused}");
        assert!(!kept.data.master_key_file().exists());

        let lost = folder();
        lost.data.make_database().unwrap();
        let refused = lost.key(&chain).unwrap_err();
        assert!(refused.contains("its master key is not"), "{refused}");
        assert_eq!(chain.held.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_is_given_comes_first() {
        let (folder, chain) = (folder(), Chain::default());
        let text = "0f".repeat(32);
        let given = Some(text.as_str());
        let found = master_key(&folder.data, &folder.lock, given, &chain, &SystemEntropy);
        let (key, lies) = found.unwrap();
        assert_eq!((key.0, lies), ([15; 32], Lies::Given));
        assert!(chain.held.lock().unwrap().is_empty());
    }
}
