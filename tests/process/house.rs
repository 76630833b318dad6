//! The real binary over folders of its own.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// All of a story happens at one instant, so that keys and verbs can end in the same case.
pub const NOW: &str = "2026-12-03T17:00:00Z";
pub const REPORTED: &str = "2026-11-19T16:12:00Z";
/// A Thursday, inside of every release window.
pub const RELEASE: &str = "2026-12-03T16:00:00Z";

pub struct House {
    folder: TempDir,
}

impl House {
    pub fn new() -> Self {
        Self::named("fixlead-")
    }

    /// A house in a folder whose name begins with this.
    pub fn named(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("config")).expect("a folder");
        std::fs::write(folder.path().join("config/config.toml"), "me = \"lead\"\nzones = [\"Europe/Berlin\"]\n")
            .expect("a file");
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn arguments(&self) -> Vec<String> {
        let folder = |name: &str| self.folder.path().join(name).display().to_string();
        vec!["--data-dir".into(), folder("data"), "--config-dir".into(), folder("config"), "--now".into(), NOW.into()]
    }

    pub fn run(&self, verb: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fixlead"))
            .args(self.arguments())
            .args(verb)
            .env_remove("NO_COLOR")
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the program runs")
    }

    /// A verb that has to succeed; what it printed.
    pub fn done(&self, verb: &[&str]) -> String {
        let output = self.run(verb);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{verb:?}: {error}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    pub fn code(&self, verb: &[&str]) -> i32 {
        self.run(verb).status.code().expect("no signal")
    }

    pub fn json(&self, verb: &[&str]) -> Value {
        let verb: Vec<&str> = verb.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.done(&verb)).expect("JSON")
    }

    pub fn show(&self, id: &str) -> Value {
        self.json(&["case", "show", id])
    }

    pub fn case_file(&self, id: &str) -> String {
        std::fs::read_to_string(self.folder.path().join("data/cases").join(id).join("case.toml"))
            .expect("the case file")
    }

    pub fn only_case(&self) -> String {
        self.json(&["case", "list"])[0]["id"].as_str().expect("one case").to_owned()
    }
}
