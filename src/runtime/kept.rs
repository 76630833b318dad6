//! What was typed into the form for a new case: there is no case file yet that could keep it, so it lies beside the cases.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::case::record::Draft;
use crate::store::{self, Unreadable};

const NAME: &str = "new-case.toml";
/// Where one goes that can't be read.
const ASIDE: &str = "new-case.toml.broken";
/// A form is never so long, in bytes: a field takes 64 KiB, which can be a multiple of that with TOML's escapes.
const MOST: u64 = 1024 * 1024;

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    draft: Vec<Draft>,
}

/// What was kept; nothing where there is no such file. One that can't be read is moved aside, for it would be written
/// over otherwise; then what the person is told.
pub(super) fn read(data_dir: &Path) -> Result<Vec<Draft>, String> {
    let path = data_dir.join(NAME);
    let why = match store::read_text(&path, MOST).and_then(|text| store::parse_own::<Kept>(&text)) {
        Err(Unreadable::Missing) => return Ok(Vec::new()),
        Err(why) => why,
        Ok(kept) => return Ok(kept.draft),
    };
    let aside = data_dir.join(ASIDE);
    Err(match fs::rename(&path, &aside) {
        Ok(()) => format!("what was typed into a new case can't be read: {why}; it now lies in {}", aside.display()),
        Err(error) => format!("{} can't be read, nor moved aside: {why}; {error}", path.display()),
    })
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
        assert_eq!(read(folder.path()).unwrap(), []);
        let draft = Draft { id: "new-case/title".into(), kind: "field".into(), text: "a".into(), ..Draft::default() };
        write(folder.path(), std::slice::from_ref(&draft)).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [draft]);
        let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        write(folder.path(), &[]).unwrap();
        write(folder.path(), &[]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_can_not_be_read_is_said_and_moved_aside() {
        let texts = [&b"[[draft]]\nid = "[..], b"# \xe9", &vec![b'#'; 1024 * 1024 + 1]];
        for (text, why) in texts.into_iter().zip(["2:6: ", "1:3: ", "1 MiB"]) {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(NAME), text).unwrap();
            let told = read(folder.path()).unwrap_err();
            assert!(told.contains(why) && told.contains(ASIDE), "{told}");
            assert_eq!(fs::read(folder.path().join(ASIDE)).unwrap(), text);
            assert_eq!(read(folder.path()).unwrap(), []);
        }
    }

    #[test]
    fn a_device_or_a_folder_in_its_place_is_never_read() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(NAME)).unwrap();
        assert!(read(folder.path()).unwrap_err().contains("a device"));
        fs::create_dir(folder.path().join(NAME)).unwrap();
        assert!(read(folder.path()).unwrap_err().contains("nor moved aside"), "the link is there");
    }
}
