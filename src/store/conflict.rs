//! What was changed on both sides lasts as a question in a copy beside the case, until it is answered. The first lines
//! of the copy name what is asked; the last answer puts the copy away among the backups.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::atomic::rename_new;
use super::backup::{self, file_instant};
use super::create;
use super::disk::{Disk, read, read_case};
use super::error::StoreError;
use super::folder::{Folder, Store, make_folder, names_in};
use super::load::Loaded;
use super::lock::lock;
use super::save::has_more;
use crate::case::address::{Delta, flatten};
use crate::case::{Case, Question, Trouble};

const HEAD: &str = "# Changed here and elsewhere; this is the version from here. It is asked for:\n";
/// Begins a line that names what is asked.
const ASKED: &str = "# ? ";

/// A copy beside a case.
struct Copy {
    name: String,
    disk: Disk,
    /// What is asked; none if the copy does not say.
    asked: Option<Vec<String>>,
}

impl Copy {
    /// Does it say that something is asked which a person can answer?
    fn asks(&self) -> bool {
        self.asked.iter().flatten().any(|address| Question::can_be_about(address))
    }
}

/// The text of a copy with what is asked at its top.
pub(super) fn marked(text: &str, addresses: &[String]) -> String {
    // An address can hold anything that a key can, so it is quoted.
    let lines = addresses.iter().map(|address| format!("{ASKED}{}\n", serde_json::json!(address)));
    format!("{HEAD}{}\n{}", lines.collect::<String>(), unmarked(text))
}

/// The text of a copy without what is asked.
pub(super) fn unmarked(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(HEAD) else { return text };
    let lines = rest.split_inclusive('\n').take_while(|line| line.starts_with(ASKED));
    let asked: usize = lines.map(str::len).sum();
    rest[asked..].trim_start_matches('\n')
}

fn asked(text: &str) -> Option<Vec<String>> {
    let lines = text.strip_prefix(HEAD)?.lines().map_while(|line| line.strip_prefix(ASKED));
    Some(lines.filter_map(|line| serde_json::from_str(line).ok()).collect())
}

impl Store {
    /// What a person is asked about a case: what was changed here and elsewhere and is not decided yet.
    #[must_use]
    pub fn questions(&self, loaded: &Loaded) -> Vec<Question> {
        let folder = self.place(&loaded.folder);
        let mut questions: Vec<Question> = Vec::new();
        for copy in copies(&folder) {
            for question in questions_of(&folder, &copy, &loaded.case) {
                // Two copies can hold the same answer: it is asked for once, and settled in both.
                if !questions.iter().any(|known| known.values == question.values) {
                    questions.push(question);
                }
            }
        }
        questions
    }

    /// Keeps what a screen had where others changed the same, so that the question lasts.
    ///
    /// # Errors
    /// [`StoreError::NotSaved`] if it can't be written.
    pub fn keep_question(&self, mine: &Case, addresses: &[String]) -> Result<(), StoreError> {
        let id = &mine.record().id;
        let folder = self.folder(id)?;
        let text = marked(&create::fresh_text(mine.record())?, addresses);
        let _lock = lock(self, &folder)?;
        self.keep_aside(&folder, text.as_bytes()).map(drop).map_err(StoreError::not_saved(id))
    }

    /// The same for home: the case is read only where there is a copy beside it.
    pub(super) fn open_questions(&self, folder: &Folder) -> Option<Trouble> {
        if copy_names(folder).is_empty() {
            return None;
        }
        let questions = self.questions(&self.load(&folder.id).ok()?);
        (!questions.is_empty()).then_some(Trouble::Conflict(questions))
    }

    /// Copies beside a case that ask nothing: what is in them can't be read, or is nothing to choose. They stay.
    #[must_use]
    pub fn quiet_copies(&self, loaded: &Loaded) -> Vec<PathBuf> {
        let folder = self.place(&loaded.folder);
        let asks = |copy: &Copy| !questions_of(&folder, copy, &loaded.case).is_empty();
        let asking: Vec<String> = copies(&folder).into_iter().filter(asks).map(|copy| copy.name).collect();
        copy_names(&folder).iter().filter(|name| !asking.contains(name)).map(|name| folder.file(name)).collect()
    }

    /// Theirs stays for these questions. A copy whose questions are answered is put away among the backups, and one that
    /// holds nothing that the case does not; any other stays where the person was told that it lies.
    ///
    /// # Errors
    /// [`StoreError::NotSaved`] if the copies can't be changed: the questions stay then; [`StoreError::Unreadable`] if
    /// the case can't be read, so that nothing can be decided about it.
    pub fn settle(&self, id: &str, answered: &[Question]) -> Result<(), StoreError> {
        let folder = self.folder(id)?;
        if copy_names(&folder).is_empty() {
            return Ok(());
        }
        let _lock = lock(self, &folder)?;
        let disk = read_case(&folder).map_err(|why| StoreError::Unreadable { id: id.to_owned(), why })?;
        if disk.parsed.newer.is_some() {
            // Of what a newer program wrote nothing is decided here.
            return Ok(());
        }
        let (playbook, _) = Self::playbook(&folder, &disk.parsed.record.playbook)?;
        let case = Case::new(disk.parsed.record.clone(), playbook);
        for copy in copies(&folder) {
            let asked = questions_of(&folder, &copy, &case);
            let is_answered = |one: &Question| {
                one.copy.as_ref() == Some(&copy.name) || asked.iter().any(|question| question.values == one.values)
            };
            let is_over = answered.iter().any(is_answered) || copy.asks() || !has_more(&copy.disk.text, &disk.text);
            if !is_over {
                continue;
            }
            let left = asked.iter().filter(|question| !answered.iter().any(|one| one.values == question.values));
            let open: Vec<String> = left.flat_map(Question::addresses).map(str::to_owned).collect();
            self.keep_asking(&folder, &copy, &open).map_err(StoreError::not_saved(id))?;
        }
        Ok(())
    }

    fn keep_asking(&self, folder: &Folder, copy: &Copy, open: &[String]) -> io::Result<()> {
        if open.is_empty() {
            return put_away(folder, &folder.file(&copy.name));
        }
        if copy.asked.as_deref() == Some(open) {
            return Ok(());
        }
        self.place_file(&folder.path, &copy.name, marked(&copy.disk.text, open).as_bytes(), 0o600)
    }
}

/// What a copy asks about the case as it is now.
fn questions_of(folder: &Folder, copy: &Copy, case: &Case) -> Vec<Question> {
    let addresses = copy.asked.clone().unwrap_or_else(|| changed_in(folder, &copy.disk, case));
    case.questions(&copy.disk.parsed.record, &addresses, Some(&copy.name))
}

/// An answered copy is no version that was ever in place: it has a name of its own among the backups.
fn put_away(folder: &Folder, copy: &Path) -> io::Result<()> {
    let backups = folder.file("backups");
    if !backups.is_dir() {
        make_folder(&backups)?;
    }
    rename_new(copy, &backups.join(format!("answered-{}.toml", file_instant(Timestamp::now()))))
}

/// The first copy that can't be read as this case.
pub(super) fn unreadable_copy(folder: &Folder) -> Option<PathBuf> {
    let names = copy_names(folder);
    let readable = if names.is_empty() { Vec::new() } else { copies(folder) };
    let name = names.iter().find(|name| !readable.iter().any(|copy| copy.name == **name))?;
    Some(folder.file(name))
}

/// The copies beside a case that can be read, the first one first.
fn copies(folder: &Folder) -> Vec<Copy> {
    let copy = |name: String| {
        let disk = read(&folder.file(&name)).ok()?;
        let is_of_case = disk.parsed.record.id == folder.id && disk.parsed.newer.is_none();
        is_of_case.then(|| Copy { asked: asked(&disk.text), name, disk })
    };
    copy_names(folder).into_iter().filter_map(copy).collect()
}

fn copy_names(folder: &Folder) -> Vec<String> {
    let names = names_in(&folder.path).into_iter().flatten().filter_map(|name| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_copy(name)).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    names
}

fn is_copy(name: &str) -> bool {
    let number = name.strip_prefix("case.toml.conflict");
    number.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok()))
}

/// What a copy changed that does not say so itself: against the newest version with the same events, for an edit by
/// hand makes none; else all in which it differs from the case.
fn changed_in(folder: &Folder, copy: &Disk, case: &Case) -> Vec<String> {
    let Ok(flat) = flatten(&copy.parsed.record) else { return Vec::new() };
    let versions = backup::all(folder).into_iter().filter_map(|backup| Some(read(&backup.path).ok()?.parsed.record));
    let mut versions = std::iter::once(case.record().clone()).chain(versions);
    let base = versions.find(|version| version.event == copy.parsed.record.event);
    let base = base.as_ref().unwrap_or(case.record());
    let Ok(base) = flatten(base) else { return Vec::new() };
    Delta::between(&base, &flat).addresses().cloned().collect()
}
