//! A house for one test: folders that nobody else uses, a clock that stands still, and the program.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The instant at which all tests begin: a Tuesday.
pub const NOW: &str = "2026-11-24T13:00:00Z";

pub struct House {
    folder: TempDir,
    now: String,
}

/// What a verb printed.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "«{text}» is not in: {}", self.out);
        self
    }

    #[track_caller]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "«{text}» is not in: {}", self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl House {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let house = Self { folder, now: NOW.to_owned() };
        house.write("config/config.toml", "me = \"lead\"\nzones = [\"Europe/Berlin\"]\n");
        house
    }

    /// The same house later: the program takes nothing along but its files.
    pub fn at(&mut self, now: &str) {
        now.clone_into(&mut self.now);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn case_file(&self, id: &str) -> Vec<u8> {
        std::fs::read(self.path("data/cases").join(id).join("case.toml")).unwrap()
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fixlead"));
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("FIXLEAD_DATA_DIR", self.path("data"))
            .env("FIXLEAD_CONFIG_DIR", self.path("config"))
            .args(["--now", &self.now])
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// Runs a verb that finds no terminal, also where these tests were started from one.
    pub fn run_without_terminal(&self, args: &[&str]) -> Ran {
        let verb = self.command();
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(verb.get_program()).args(verb.get_args()).args(args);
        command.envs(verb.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(self.path(""));
        ran(&mut command, "")
    }

    /// Runs a verb with something on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        ran(self.command().args(args), input)
    }

    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let mut args = args.to_vec();
        args.push("--json");
        self.run(&args).ok().json()
    }

    /// A new case of a process.
    #[track_caller]
    pub fn case(&self, playbook: &str) -> String {
        self.case_with(&["--playbook", playbook])
    }

    #[track_caller]
    pub fn case_with(&self, args: &[&str]) -> String {
        let all = [&["case", "new", "--title", "Crash on a malformed header"], args].concat();
        self.run(&all).ok().out.trim().to_owned()
    }

    #[track_caller]
    pub fn show(&self, id: &str) -> Value {
        self.json(&["case", "show", id])
    }

    /// One step of a case as JSON.
    #[track_caller]
    pub fn step(&self, id: &str, step: &str) -> Value {
        let show = self.show(id);
        let steps = show["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap());
        steps.clone().find(|known| known["id"] == step).unwrap_or_else(|| panic!("no step {step}")).clone()
    }

    /// Kinds of the events of a case, oldest first.
    pub fn kinds(&self, id: &str) -> Vec<String> {
        let timeline = self.json(&["case", "timeline", id]);
        timeline.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }
}

/// Runs a command to its end.
fn ran(command: &mut Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A verb that does not read its input may be gone before all of it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}
