//! What was typed into the form for a new case: there is no case file yet that could keep it, so it lies beside the cases.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::case::record::Draft;
use crate::store;

const NAME: &str = "new-case.toml";

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    draft: Vec<Draft>,
}

/// What was kept; nothing where there is no such file, or none that can be read.
pub(super) fn read(data_dir: &Path) -> Vec<Draft> {
    let text = fs::read_to_string(data_dir.join(NAME)).unwrap_or_default();
    toml::from_str::<Kept>(&text).unwrap_or_default().draft
}

/// Keeps it, for the owner only; nothing to keep leaves no file.
pub(super) fn write(data_dir: &Path, drafts: &[Draft]) -> io::Result<()> {
    let path = data_dir.join(NAME);
    if drafts.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let text = toml::to_string(&Kept { draft: drafts.to_vec() }).map_err(io::Error::other)?;
    store::replace_file(&path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_is_for_the_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), []);
        let draft = Draft { id: "new-case/title".into(), kind: "field".into(), text: "a".into(), ..Draft::default() };
        write(folder.path(), std::slice::from_ref(&draft)).unwrap();
        assert_eq!(read(folder.path()), [draft]);
        let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        write(folder.path(), &[]).unwrap();
        write(folder.path(), &[]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_is_broken_keeps_nothing_from_starting() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), b"\xff[[").unwrap();
        assert_eq!(read(folder.path()), []);
    }
}
