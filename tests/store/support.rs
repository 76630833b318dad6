//! A data folder with one case in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fixlead::case::{Action, Case, Context, NO_VERDICTS, NewCase, Refusal};
use fixlead::playbook::{Playbook, builtin};
use fixlead::store::{EditError, Loaded, Store, sha256};
use jiff::Timestamp;
use tempfile::TempDir;

pub const ID: &str = "slate-kangaroo";
pub const TITLE: &str = "Parser reads past the end";

pub struct Home {
    pub folder: TempDir,
    pub store: Store,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    at("2026-11-20T12:00:00Z")
}

pub fn new_case(id: &str, title: &str) -> Case {
    let text = builtin("emissary").unwrap();
    let new = NewCase {
        id: id.to_owned(),
        title: title.to_owned(),
        playbook: Arc::new(Playbook::parse(text).unwrap()),
        sha256: sha256(text),
        project: None,
        components: Vec::new(),
        people: Vec::new(),
        facts: Vec::new(),
        anchors: Vec::new(),
    };
    new.start(&Context { now: now(), by: "ada", event_id: "e-created", verdicts: NO_VERDICTS }).unwrap()
}

/// Does one thing, with an event that has this id.
pub fn act(case: &mut Case, event_id: &str, action: Action) {
    try_act(case, event_id, action).unwrap();
}

pub fn try_act(case: &mut Case, event_id: &str, action: Action) -> Result<(), Refusal> {
    case.act(action, &Context { now: now(), by: "ada", event_id, verdicts: NO_VERDICTS }).map(|_| ())
}

pub fn set(path: &str, value: &str) -> Action {
    Action::set(path, value)
}

pub fn grant(who: &str) -> Action {
    Action::Grant { who: who.to_owned(), what: "repository".to_owned() }
}

pub fn hand_over(to: &str) -> Action {
    Action::HandOver { to: to.to_owned(), note: None }
}

impl Home {
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data")).unwrap();
        Self { folder, store }
    }

    pub fn with_case() -> Self {
        let home = Self::empty();
        home.store.create(&new_case(ID, TITLE), builtin("emissary").unwrap()).unwrap();
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.store.root().join("cases").join(ID).join(name)
    }

    pub fn text(&self) -> String {
        fs::read_to_string(self.path("case.toml")).unwrap()
    }

    pub fn write(&self, text: impl AsRef<[u8]>) {
        fs::write(self.path("case.toml"), text).unwrap();
    }

    /// A hand edit.
    pub fn replace(&self, from: &str, to: &str) {
        let text = self.text();
        assert!(text.contains(from), "{from} is not in\n{text}");
        self.write(text.replacen(from, to, 1));
    }

    pub fn load(&self) -> Loaded {
        self.store.load(ID).unwrap()
    }

    pub fn edit(&self, event_id: &str, action: Action) -> Result<(), EditError> {
        self.store.edit(ID, |case| try_act(case, event_id, action))
    }

    /// Two saves, so that there is a backup.
    pub fn with_history() -> Self {
        let home = Self::with_case();
        home.edit("e-1", set("vulnerability.V1.cve", "CVE-2026-0001")).unwrap();
        home.edit("e-2", set("vulnerability.V1.cve", "CVE-2026-0002")).unwrap();
        home
    }

    pub fn cve(&self) -> Option<String> {
        self.load().case.record().vulnerability[0].cve.clone()
    }

    pub fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
