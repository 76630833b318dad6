//! The system calls that a verb makes, and faults in each of them, by strace.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::ground::Ground;

/// Nothing waits that long when all is well.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One system call of a verb.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    /// The how manieth call of this name since the start of the process, from 1.
    pub occurrence: usize,
    /// As strace shows it, for the reader of a failure.
    pub shown: String,
}

impl Call {
    /// What strace has to be told so that this call, and no other, meets a fault such as `error=EIO`.
    pub fn meets(&self, fault: &str) -> String {
        format!("inject={}:{fault}:when={}", self.name, self.occurrence)
    }
}

/// Where strace writes to.
pub struct Tracer {
    folder: TempDir,
    /// Faults that are there in every run, such as a file system that can't exchange.
    always: Vec<String>,
}

impl Tracer {
    pub fn new() -> Self {
        Self::with(&[])
    }

    pub fn with(always: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, always: always.iter().map(|fault| (*fault).to_owned()).collect() }
    }

    fn output(&self) -> std::path::PathBuf {
        self.folder.path().join("trace")
    }

    /// What has to stand before the program.
    pub fn words(&self, faults: &[String]) -> Vec<String> {
        let mut words = vec!["strace".to_owned(), "-o".to_owned(), self.output().display().to_string()];
        for fault in self.always.iter().chain(faults) {
            words.extend(["-e".to_owned(), fault.clone()]);
        }
        words
    }

    /// Every call that the verb makes from the first that names the folder of the cases.
    pub fn record(&self, ground: &Ground, verb: &[&str]) -> Vec<Call> {
        self.record_as(ground, verb, None)
    }

    /// The same with a bug that was sown.
    pub fn record_as(&self, ground: &Ground, verb: &[&str], bug: Option<&str>) -> Vec<Call> {
        let mut command = ground.behind(&self.words(&[]), verb);
        let output = command.envs(bug.map(|bug| ("FIXLEAD_SEEDED_BUG", bug))).output().expect("strace runs");
        assert!(output.status.success(), "{verb:?}: {}", String::from_utf8_lossy(&output.stderr));
        let calls = calls(&self.output());
        let cases = ground.cases().display().to_string();
        let first = calls.iter().position(|call| call.shown.contains(&cases)).expect("it opens a case");
        calls[first..].to_vec()
    }

    /// The verb under a fault; it has to have happened.
    pub fn run(&self, ground: &Ground, verb: &[&str], call: &Call, fault: &str) -> Output {
        self.run_as(ground, verb, call, fault, &[])
    }

    /// The same with variables of the environment.
    pub fn run_as(&self, ground: &Ground, verb: &[&str], call: &Call, fault: &str, env: &[(&str, &str)]) -> Output {
        let mut command = ground.behind(&self.words(&[call.meets(fault)]), verb);
        let output = command.envs(env.iter().copied()).output().expect("strace runs");
        assert!(self.happened(call), "{fault} in {} did not happen", call.shown);
        output
    }

    /// The verb, which stands still after this call. It is its own process: strace watches it from aside.
    pub fn stopping(&self, ground: &Ground, verb: &[&str], call: &Call) -> Command {
        // Nothing of the run before may be taken for this one's.
        let _ = fs::remove_file(self.output());
        let mut words = self.words(&[call.meets("signal=SIGSTOP")]);
        words.insert(1, "-D".to_owned());
        ground.behind(&words, verb)
    }

    /// Waits until it stands still.
    pub fn wait_for_the_stop(&self) {
        let end = Instant::now() + PATIENCE;
        while !fs::read_to_string(self.output()).is_ok_and(|traced| traced.contains("--- stopped by SIGSTOP ---")) {
            assert!(Instant::now() < end, "the program never stood still");
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Did the call meet its fault, or the process its end?
    fn happened(&self, call: &Call) -> bool {
        let killed = fs::read_to_string(self.output()).expect("a trace").contains("+++ killed by");
        let is_it = |met: &Call| met.name == call.name && met.occurrence == call.occurrence;
        killed || calls(&self.output()).iter().any(|met| is_it(met) && met.shown.contains("(INJECTED)"))
    }
}

/// Reads what strace wrote of one thread.
fn calls(trace: &Path) -> Vec<Call> {
    let text = fs::read_to_string(trace).expect("a trace");
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with(['+', '-'])) {
        let Some((name, _)) = line.split_once('(') else { continue };
        let occurrence = seen.entry(name).or_default();
        *occurrence += 1;
        calls.push(Call { name: name.to_owned(), occurrence: *occurrence, shown: line.to_owned() });
    }
    calls
}
