//! The data folder: where cases lie, and what they are called.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::{Dir, Mode, OFlags};

use super::atomic::{Hook, Step};
use super::error::StoreError;
use super::words;

/// How often two random words are drawn before a number is added.
const DRAWS: usize = 64;

/// The data folder with its cases. A copy is as good as the original: nothing of a case is kept in it.
#[derive(Clone)]
pub struct Store {
    root: PathBuf,
    pub(super) hook: Option<Hook>,
    /// What tells how old a leftover is.
    pub(super) clock: fn() -> SystemTime,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("root", &self.root).finish_non_exhaustive()
    }
}

/// The folder of one case.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) id: String,
    pub(super) path: PathBuf,
}

impl Folder {
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn case_file(&self) -> PathBuf {
        self.file("case.toml")
    }
}

/// Can this be a codename? Small letters, digits and hyphens only, so that it is a safe name for a folder and for an
/// argument.
#[must_use]
pub fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=64).contains(&id.len()) && !id.starts_with('-') && id.bytes().all(allowed)
}

impl Store {
    /// The data folder. One that is not there is made with the first case: where a name is mistyped, or a disk is not
    /// there for a while, nothing is left behind.
    ///
    /// # Errors
    /// If something else has its name.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        match fs::metadata(root) {
            Ok(found) if !found.is_dir() => {
                Err(StoreError::io("the data folder can't be used:", root)(io::ErrorKind::NotADirectory.into()))
            }
            _ => Ok(Self::bare(root)),
        }
    }

    /// The same without a look at the disk.
    pub(super) fn bare(root: &Path) -> Self {
        Self { root: root.to_owned(), hook: None, clock: SystemTime::now }
    }

    /// The data folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn cases(&self) -> PathBuf {
        self.root.join("cases")
    }

    /// Every case by its codename, sorted; also those that can't be read.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn ids(&self) -> Result<Vec<String>, StoreError> {
        let cases = self.cases();
        let listed = || -> io::Result<Vec<String>> {
            let names = match names_in(&cases) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                names => names?,
            };
            let names = names.into_iter().filter_map(|name| name.into_string().ok());
            let mut ids: Vec<String> = names.filter(|name| is_id(name) && cases.join(name).is_dir()).collect();
            ids.sort();
            Ok(ids)
        };
        listed().map_err(StoreError::io("the folder of the cases can't be read:", &cases))
    }

    /// A codename that is not used yet: two random words.
    ///
    /// # Errors
    /// If none could be found, which takes thousands of cases.
    pub fn new_id(&self) -> Result<String, StoreError> {
        let free = |id: &String| fs::symlink_metadata(self.cases().join(id)).is_err();
        let drawn = (0..DRAWS).map(|_| words::two()).find(free);
        let numbered = || (0..DRAWS).map(|_| format!("{}-{}", words::two(), fastrand::u16(2..))).find(free);
        drawn.or_else(numbered).ok_or_else(|| StoreError::Exists { id: words::two() })
    }

    /// Where a case would lie.
    pub(super) fn place(&self, id: &str) -> Folder {
        Folder { id: id.to_owned(), path: self.cases().join(id) }
    }

    /// The folder of a case that is there. The check of the name keeps every path inside of the data folder.
    pub(super) fn folder(&self, id: &str) -> Result<Folder, StoreError> {
        let folder = self.place(id);
        let found = if is_id(id) { fs::metadata(&folder.path) } else { Err(io::ErrorKind::NotFound.into()) };
        match found {
            Ok(found) if found.is_dir() => Ok(folder),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("the folder of the case can't be looked at:", &folder.path)(error))
            }
            _ => Err(StoreError::NotFound { id: id.to_owned() }),
        }
    }

    pub(super) fn before(&self, step: Step) -> io::Result<()> {
        self.hook.as_ref().map_or(Ok(()), |hook| hook(step))
    }
}

/// Names of all that lies in a folder, in no order. The standard library's own way panics where a folder can't be closed.
///
/// # Errors
/// What the system says.
pub fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let entries = Dir::new(rustix::fs::open(folder, flags, Mode::empty())?)?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_bytes().to_vec();
        if name != b"." && name != b".." {
            names.push(OsString::from_vec(name));
        }
    }
    Ok(names)
}

/// Makes a folder and what is missing above it, for the owner only, whatever the umask. One that is there stays as it is.
///
/// # Errors
/// What the system says.
pub fn make_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folders(parent)?;
    match make_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
        made => made?,
    }
    // Its name has to survive a power loss as well. A parent that can be written may not be one that can be opened.
    let _ = fs::File::open(parent).and_then(|parent| parent.sync_all());
    Ok(())
}

/// Makes one folder for the owner only.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}
