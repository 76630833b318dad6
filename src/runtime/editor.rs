//! The person's own editor for a text of a case: in a file that only they can read, in memory where the machine offers
//! that, and gone whatever happens to the editor or to this program.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::terminal::{self, Modes};
use crate::store::{self, Unreadable};

/// What comes back may be so long, in bytes.
const MOST: u64 = 1024 * 1024;
/// What the folders of texts begin with. The rest is random.
const PREFIX: &str = "fixlead-text-";
/// The name says nothing of the case, for it can be read in the list of processes.
const NAME: &str = "text.md";
/// How long an editor may take to end when it is told to.
const GRACE: Duration = Duration::from_secs(1);

/// Lets the person edit a text, on the terminal that was given back before. None once the program is to end; else the
/// new text, or why the old one stays.
pub(super) async fn edit(text: &str, data_dir: &Path, end: impl Future<Output = ()>) -> Option<Result<String, String>> {
    let words = editor(std::env::var("VISUAL").ok(), std::env::var("EDITOR").ok());
    let hidden = match Hidden::new(&rooms(data_dir), text) {
        Ok(hidden) => hidden,
        Err(error) => return Some(Err(format!("the text can't be handed to an editor: {error}"))),
    };
    let modes = Modes::now();
    let started = start(&words, &hidden.file());
    let is_started = started.is_ok();
    let ended = match started {
        Ok(child) => until_it_ends(child, end).await,
        Err(error) => Err(error),
    };
    modes.put_back();
    let name = words.first().map_or("", String::as_str);
    Some(match ended {
        Ok(None) => return None,
        Ok(Some(status)) if status.success() => hidden.read().map_err(|why| format!("{why}; the old text stays")),
        Ok(Some(status)) => Err(format!("{name} ended with {status}; the old text stays")),
        Err(error) if is_started => Err(format!("{name} could not be waited for: {error}; the old text stays")),
        Err(error) => Err(format!("{name} can't be started: {error}; set EDITOR to one that is there")),
    })
}

/// Removes what a program left behind that was killed while an editor was open.
pub(super) fn clear_leftovers(data_dir: &Path) {
    for room in rooms(data_dir) {
        clear(&room);
    }
}

fn clear(room: &Path) {
    let own = rustix::process::geteuid().as_raw();
    for entry in fs::read_dir(room).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // This does not follow links.
        let is_own_folder = entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == own);
        if is_ours && is_own_folder && locked(&entry.path()).is_ok() {
            // One that can't be removed is tried again the next time.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Where texts may lie, best first: in memory, and for nobody else. Never in /tmp.
fn rooms(data_dir: &Path) -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    runtime.into_iter().chain([PathBuf::from("/dev/shm"), data_dir.to_owned()]).collect()
}

/// The folder, held for as long as its text is being edited; a lock tells it from what a killed program left.
fn locked(folder: &Path) -> io::Result<File> {
    let open = File::open(folder)?;
    open.try_lock()?;
    Ok(open)
}

/// A text in a folder of its own, which goes with all that editors put beside it.
struct Hidden {
    folder: PathBuf,
    /// None only while it is being made.
    lock: Option<File>,
}

impl Hidden {
    /// In the first of these rooms that takes it.
    fn new(rooms: &[PathBuf], text: &str) -> io::Result<Self> {
        let mut last = io::ErrorKind::NotFound.into();
        for room in rooms {
            match Self::inside(room, text) {
                Err(error) => last = error,
                made => return made,
            }
        }
        Err(last)
    }

    fn inside(room: &Path, text: &str) -> io::Result<Self> {
        let folder = room.join(format!("{PREFIX}{:016x}", fastrand::u64(..)));
        DirBuilder::new().mode(0o700).create(&folder)?;
        // From here on the folder goes whatever fails.
        let mut hidden = Self { folder, lock: None };
        // Whatever the mask of the person takes away or leaves.
        fs::set_permissions(&hidden.folder, fs::Permissions::from_mode(0o700))?;
        hidden.lock = Some(locked(&hidden.folder)?);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(hidden.file())?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        Ok(hidden)
    }

    fn file(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// What the editor left; without the end of the last line, which editors add.
    fn read(&self) -> Result<String, &'static str> {
        let found = fs::symlink_metadata(self.file()).map_err(|_| "the editor left no file")?;
        if !found.is_file() {
            return Err("the editor left something that is no file");
        }
        let text = store::read_text(&self.file(), MOST).map_err(|why| match why {
            Unreadable::TooLarge(_) => "the text is over 1 MiB",
            Unreadable::NotUtf8 { .. } => "the text is not UTF-8",
            _ => "what the editor left can't be read",
        })?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.trim().is_empty() { Err("the text is empty") } else { Ok(text.to_owned()) }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // If this fails the next start tries it again.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn start(words: &[String], file: &Path) -> io::Result<Child> {
    let [program, arguments @ ..] = words else { return Err(io::ErrorKind::NotFound.into()) };
    let mut command = Command::new(program);
    command.stdin(terminal::keys()?).stdout(terminal::drawn_on()?);
    command.args(arguments).args(discreet(program)).arg(file).spawn()
}

/// Waits for the editor. None if the program is to end before; then, as after an error, the editor has ended too.
async fn until_it_ends(mut child: Child, end: impl Future<Output = ()>) -> io::Result<Option<ExitStatus>> {
    let waited = wait(&mut child, end).await;
    if !matches!(waited, Ok(Some(_))) {
        end_all(&mut child).await;
    }
    waited
}

async fn wait(child: &mut Child, end: impl Future<Output = ()>) -> io::Result<Option<ExitStatus>> {
    let mut exits = signal(SignalKind::child())?;
    let mut end = pin!(end);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        tokio::select! {
            _ = exits.recv() => {}
            () = &mut end => return Ok(None),
        }
    }
}

/// Tells the editor to end, with all that it has started, and sees to it that it does.
async fn end_all(child: &mut Child) {
    let Some(first) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
    let all = with_descendants(first);
    tell(&all, Signal::TERM);
    let deadline = tokio::time::Instant::now() + GRACE;
    while tokio::time::Instant::now() < deadline && all.iter().any(|pid| test_kill_process(*pid).is_ok()) {
        // The first of them is gone only once it was waited for.
        let _ = child.try_wait();
        tokio::time::sleep(GRACE / 50).await;
    }
    tell(&all, Signal::KILL);
    let _ = child.wait();
}

fn tell(all: &[Pid], what: Signal) {
    for pid in all {
        // It may have ended by itself meanwhile.
        let _ = kill_process(*pid, what);
    }
}

/// A process and those that it started, such as the editor behind `sh -c`. A group of their own would be simpler, but a
/// group can't read the terminal before it is put into the foreground, and a stop by Ctrl-z would never reach the shell.
/// Only Linux tells of them like this; elsewhere the process is all.
fn with_descendants(first: Pid) -> Vec<Pid> {
    let parent_of = |entry: fs::DirEntry| {
        let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name before the bracket can hold anything; behind it come the state and the parent.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        Some((pid, Pid::from_raw(parent)?))
    };
    let running: Vec<(Pid, Pid)> =
        fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(parent_of).collect();
    let mut all = vec![first];
    let mut next = 0;
    while let Some(&pid) = all.get(next) {
        all.extend(running.iter().filter(|(_, parent)| *parent == pid).map(|(child, _)| *child));
        next += 1;
    }
    all
}

/// The words of the editor that the person set, as in other programs `VISUAL` before `EDITOR`; else `vi`.
fn editor(visual: Option<String>, editor: Option<String>) -> Vec<String> {
    let set = [visual, editor].into_iter().flatten().map(|text| split(&text)).find(|words| !words.is_empty());
    set.unwrap_or_else(|| vec!["vi".to_owned()])
}

/// Words as in a shell, as far as settings need it: divided by blanks, with quotes around what holds some.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            None if c.is_whitespace() => words.extend(word.take()),
            None if matches!(c, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            Some(open) if open == c => quote = None,
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What keeps an editor from writing the text elsewhere: swap files, backups, its history.
fn discreet(program: &str) -> &'static [&'static str] {
    match real_name(program).as_deref() {
        Some("nvim") => &["-n", "-i", "NONE", "-c", "set noswapfile nobackup nowritebackup noundofile shada="],
        Some("vi" | "vim") => &["-n", "-i", "NONE", "-c", "set noswapfile nobackup nowritebackup noundofile viminfo="],
        _ => &[],
    }
}

/// The name of a program up to the first dot, behind all links: `vi` is often `vim.basic`, and on some machines no vim.
fn real_name(program: &str) -> Option<String> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = if program.contains('/') {
        Some(PathBuf::from(program))
    } else {
        std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
    };
    let real = fs::canonicalize(found?).ok()?;
    let name = real.file_name().and_then(OsStr::to_str)?;
    Some(name.split('.').next().unwrap_or(name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn an_editor_is_split_like_words_of_a_shell() {
        assert_eq!(split("code -w"), ["code", "-w"]);
        assert_eq!(split("  'my editor'  --title \"a b\"c ''"), ["my editor", "--title", "a bc", ""]);
        assert_eq!(split("it\"'\"s"), ["it's"]);
        assert!(split("  ").is_empty());
        let set = |text: &str| Some(text.to_owned());
        assert_eq!(editor(set("a"), set("b")), ["a"]);
        assert_eq!(editor(set(" "), set("b -c")), ["b", "-c"]);
        assert_eq!(editor(None, None), ["vi"]);
    }

    #[test]
    fn the_text_lies_where_only_the_owner_reads_it_and_goes_with_what_is_beside_it() {
        let room = tempfile::tempdir().unwrap();
        let nowhere = room.path().join("nowhere");
        let hidden = Hidden::new(&[nowhere, room.path().to_owned()], "two\nlines").unwrap();
        assert_eq!((mode(&hidden.folder), mode(&hidden.file())), (0o700, 0o600));
        assert_eq!(fs::read_to_string(hidden.file()).unwrap(), "two\nlines\n");
        assert_eq!(hidden.read().unwrap(), "two\nlines");
        fs::write(hidden.folder.join(".text.md.swp"), "of an editor").unwrap();
        drop(hidden);
        assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_can_not_be_taken_back_says_why() {
        let room = tempfile::tempdir().unwrap();
        let hidden = Hidden::inside(room.path(), "old").unwrap();
        for (left, why) in [(&b""[..], "empty"), (b" \n\n", "empty"), (b"\xe9", "UTF-8")] {
            fs::write(hidden.file(), left).unwrap();
            assert!(hidden.read().unwrap_err().contains(why), "{left:?}");
        }
        fs::write(hidden.file(), vec![b'a'; 1024 * 1024 + 1]).unwrap();
        assert!(hidden.read().unwrap_err().contains("1 MiB"));
        fs::remove_file(hidden.file()).unwrap();
        assert!(hidden.read().unwrap_err().contains("no file"));
        std::os::unix::fs::symlink("/dev/zero", hidden.file()).unwrap();
        assert!(hidden.read().unwrap_err().contains("no file"));
    }

    #[test]
    fn leftovers_go_and_what_is_being_edited_stays() {
        let room = tempfile::tempdir().unwrap();
        let left = room.path().join(format!("{PREFIX}dead"));
        fs::create_dir(&left).unwrap();
        fs::write(left.join(NAME), "of a killed program").unwrap();
        let foreign = room.path().join("something-else");
        fs::create_dir(&foreign).unwrap();
        let hidden = Hidden::inside(room.path(), "being edited").unwrap();
        clear(room.path());
        assert!(!left.exists() && foreign.exists());
        assert_eq!(hidden.read().unwrap(), "being edited");
    }
}
