//! Where the app's data is.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// The folder that somebody named, else `posthouse` where this platform keeps the data of
/// programs: `~/.local/share`, `~/Library/Application Support`, `%APPDATA%`. None where the
/// platform has no such place.
#[must_use]
pub fn data(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| Some(dirs::data_dir()?.join("posthouse")))
}

/// What an app over this folder is called among the programs of a session.
#[must_use]
pub fn name(folder: &Path) -> String {
    let hash = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let hash: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("org.posthouse.desktop.d{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_an_app() {
        let names = ["/a", "/b"].map(|folder| name(Path::new(folder)));
        assert_ne!(names[0], names[1]);
        assert_eq!(names[0], name(Path::new("/a")));
        // What D-Bus takes: no part begins with a digit.
        assert!(
            names[0]
                .split('.')
                .all(|part| !part.as_bytes()[0].is_ascii_digit())
        );
    }

    #[test]
    fn who_names_one_has_it() {
        let named = PathBuf::from("there/it/is");
        assert_eq!(data(Some(named.clone())), Some(named));
        assert!(data(None).is_none_or(|folder| folder.ends_with("posthouse")));
    }
}
