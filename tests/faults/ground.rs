//! A data folder with a case in it that has all that could be lost, and the check that nothing of it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use fixlead::case::record::Record;
use fixlead::store::{Access, Store};
use tempfile::TempDir;

pub const ID: &str = "slate-kangaroo";
/// The lead before anything happens.
pub const BEFORE: &str = "lead 0";
/// All happens at one instant.
const NOW: &str = "2026-11-20T12:00:00Z";
/// What a person wrote into the file: the program does not know it.
const OWN: &str = "\n# Nobody may lose this line.\n[own]\nremark = \"a key that the program does not know\"\n";

/// What every ground begins as: made once, by the program itself.
static TEMPLATE: LazyLock<Template> = LazyLock::new(Template::make);

struct Template {
    _folder: TempDir,
    root: PathBuf,
    record: Record,
}

impl Template {
    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("home");
        fs::create_dir_all(root.join("config")).expect("a folder");
        fs::write(root.join("config/config.toml"), "me = \"ada\"\n").expect("a file");
        let ground = Ground { root: root.clone() };
        let made = ground.done(&["case", "new", "--playbook", "emissary", "--title", "Parser reads past the end"]);
        fs::rename(ground.cases().join(made.trim()), ground.case("")).expect("the case gets its codename");
        let text = fs::read_to_string(ground.case("case.toml")).expect("the case");
        fs::write(ground.case("case.toml"), text.replace(made.trim(), ID) + OWN).expect("a file");
        ground.done(&["case", "set", ID, "person.P1.name=Ben"]);
        ground.done(&["case", "grant", ID, "Ben", "repository"]);
        ground.done(&["case", "fact", ID, "mitigation=yes"]);
        ground.done(&["case", "set", ID, &format!("lead={BEFORE}")]);
        fs::write(ground.case("mine.txt"), "a file of the person's own").expect("a file");
        let record = ground.record().expect("the case");
        Self { _folder: folder, root, record }
    }
}

/// A data folder and the settings beside it.
pub struct Ground {
    root: PathBuf,
}

impl Ground {
    /// Puts a fresh one into a folder that is not there yet.
    pub fn at(root: &Path) -> Self {
        copy(&TEMPLATE.root, root);
        Self { root: root.to_owned() }
    }

    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub fn config(&self) -> PathBuf {
        self.root.join("config/config.toml")
    }

    pub fn cases(&self) -> PathBuf {
        self.data().join("cases")
    }

    /// A file in the folder of the case.
    pub fn case(&self, name: &str) -> PathBuf {
        self.cases().join(ID).join(name)
    }

    pub fn text(&self) -> String {
        fs::read_to_string(self.case("case.toml")).expect("the case")
    }

    pub fn arguments(&self) -> Vec<String> {
        let folder = |name: &str| self.root.join(name).display().to_string();
        vec!["--data-dir".into(), folder("data"), "--config-dir".into(), folder("config"), "--now".into(), NOW.into()]
    }

    /// The program with a verb, behind whatever has to stand before it.
    pub fn behind(&self, before: &[String], verb: &[&str]) -> Command {
        self.program_behind(before, Path::new(env!("CARGO_BIN_EXE_fixlead")), verb)
    }

    /// The same of a program that lies elsewhere.
    pub fn program_behind(&self, before: &[String], program: &Path, verb: &[&str]) -> Command {
        let program = program.display().to_string();
        let mut words = before.iter().cloned().chain([program]).chain(self.arguments());
        let mut command = Command::new(words.next().expect("a program"));
        command.args(words).args(verb).env_remove("NO_COLOR").env_remove("FIXLEAD_SEEDED_BUG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn verb(&self, verb: &[&str]) -> Command {
        self.behind(&[], verb)
    }

    pub fn run(&self, verb: &[&str]) -> Output {
        self.verb(verb).output().expect("the program runs")
    }

    /// A verb that has to succeed.
    pub fn done(&self, verb: &[&str]) -> String {
        let output = self.run(verb);
        assert!(output.status.success(), "{verb:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// The case, if it is one that can be changed.
    pub fn record(&self) -> Result<Record, String> {
        let store = Store::open(&self.data()).map_err(|error| error.to_string())?;
        let loaded = store.load(ID).map_err(|error| error.to_string())?;
        match loaded.access {
            Access::Write => Ok(loaded.case.record().clone()),
            Access::ReadOnly(why) => Err(why.to_string()),
        }
    }

    /// The lead that the case has now, if all else is as it was: the case is whole, what a person wrote into it and
    /// put beside it is there, and every event is. Otherwise what is lost.
    pub fn lead(&self) -> Result<String, String> {
        let mut record = self.record()?;
        let lead = record.lead.clone().unwrap_or_default();
        let known = TEMPLATE.record.event.len();
        let last = record.event.last().and_then(|event| event.after.get("lead").cloned());
        if record.event.len() > known && last.as_ref().and_then(|last| last.as_str()) != Some(lead.as_str()) {
            return Err(format!("the lead is {lead}, the last event says {last:?}"));
        }
        record.event.truncate(known);
        // What is being typed is no part of the case yet.
        record.draft.clear();
        record.lead = Some(BEFORE.to_owned());
        if record != TEMPLATE.record {
            return Err("the case is not what it was".to_owned());
        }
        if !self.text().ends_with(OWN) {
            return Err("what a person wrote into the file is gone".to_owned());
        }
        for name in ["playbook.toml", "mine.txt"] {
            let there = fs::read(self.case(name)).map_err(|error| format!("{name}: {error}"))?;
            if there != fs::read(TEMPLATE.root.join("data/cases").join(ID).join(name)).expect("the template") {
                return Err(format!("{name} is not what it was"));
            }
        }
        Ok(lead)
    }

    /// The same, and the older versions that lay there still do.
    pub fn lead_and_backups(&self) -> Result<String, String> {
        let lead = self.lead()?;
        for entry in fs::read_dir(TEMPLATE.root.join("data/cases").join(ID).join("backups")).expect("the template") {
            let entry = entry.expect("the template");
            let there = fs::read(self.case("backups").join(entry.file_name())).unwrap_or_default();
            if there != fs::read(entry.path()).expect("the template") {
                return Err(format!("the backup {} is not what it was", entry.file_name().display()));
            }
        }
        Ok(lead)
    }

    /// Names of temporary files and folders that nobody cleared away.
    pub fn leftovers(&self) -> Vec<String> {
        let entries = [self.case(""), self.cases()].map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let names = entries.into_iter().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with('.')).collect()
    }

    /// Every text that lies in the folder of the case, in files and among the backups.
    pub fn all_texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        let mut folders = vec![self.case("")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    texts.extend(fs::read_to_string(entry.path()).ok());
                }
            }
        }
        texts
    }
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    fs::set_permissions(to, fs::metadata(from).expect("a folder").permissions()).expect("its mode");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
            // A backup that is newer than its name says was written by somebody else.
            let written = fs::metadata(&path).and_then(|found| found.modified()).expect("its time");
            fs::File::open(&target).and_then(|file| file.set_modified(written)).expect("its time");
        }
    }
}
