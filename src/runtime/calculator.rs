//! The calculator by itself. It makes no case and needs no folder; all that it keeps is the version that was taken last.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::look::Look;
use super::screen;
use super::world::World;
use crate::cvss::{Draft, Vector, Version};
use crate::store;

/// In the data folder.
const NAME: &str = "calculator.toml";
/// No more of it is read, in bytes.
const MOST: u64 = 4096;

#[derive(Serialize, Deserialize)]
struct Kept {
    version: String,
}

/// Shows the calculator until the person leaves: the vector that they took, none if they left without. It begins with what
/// was given, or blank in the version that was taken last.
///
/// # Errors
/// If the terminal does not answer, in words for the person.
pub fn run(world: World, begin: Option<Draft>, look: Look) -> Result<Option<Vector>, String> {
    let data_dir = world.data_dir.clone();
    let begin = begin.unwrap_or_else(|| Draft::new(last_version(&data_dir)));
    let Some(taken) = screen::calculate(world, begin, look)?.taken else { return Ok(None) };
    let taken = Vector::parse(&taken).map_err(|error| format!("{taken} is no vector: {error}"))?;
    // Where it can't be kept the next calculator begins in another version, which is one key.
    let _ = keep_version(&data_dir, taken.version());
    Ok(Some(taken))
}

/// The version that was taken last; 3.1 where none was, or where that can't be read.
pub(super) fn last_version(data_dir: &Path) -> Version {
    let text = store::read_text(&data_dir.join(NAME), MOST);
    let kept = text.and_then(|text| store::parse_own::<Kept>(&text)).ok();
    kept.and_then(|kept| Version::of(&kept.version)).unwrap_or(Version::V3_1)
}

fn keep_version(data_dir: &Path, version: Version) -> io::Result<()> {
    let kept = Kept { version: version.number().to_owned() };
    let text = toml::to_string(&kept).map_err(io::Error::other)?;
    store::replace_file(&data_dir.join(NAME), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_version_that_was_taken_last_is_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert_eq!(last_version(&data), Version::V3_1);
        for version in Version::ALL {
            keep_version(&data, version).unwrap();
            assert_eq!(last_version(&data), version);
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&data), mode(&data.join(NAME))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
    }

    #[test]
    fn what_can_not_be_read_counts_as_the_first_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let long = vec![b'#'; 5000];
        for text in [&b"version = \"5.0\""[..], b"version = 4.0", b"version = [", b"\xff", b"", &long] {
            fs::write(&path, text).unwrap();
            assert_eq!(last_version(folder.path()), Version::V3_1);
        }
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert_eq!(last_version(folder.path()), Version::V3_1);
        assert!(keep_version(Path::new("/dev/null/data"), Version::V4_0).is_err(), "no folder can be made there");
    }
}
