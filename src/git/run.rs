//! One run of git, or of several in a row of pipes: bounded in time and in what it says, ended at a word, always reaped.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{self, PipeWriter};
use std::ops::ControlFlow;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::error::{GitError, gist};
use super::processes::{Ends, Processes};
use super::program::{ASKING, Git};

/// How often it is looked whether the person still wants it.
const TICK: Duration = Duration::from_millis(20);
/// What git ends with when nobody reads what it says any more, unless the signal ends it.
const BROKEN_PIPE: i32 = 141;
const PIECE: usize = 64 * 1024;

/// Ends what runs under it, from any thread. A copy is as good as the original.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends it.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Was it ended?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Hears what a run writes to its standard error, as it comes; nobody by default.
#[derive(Clone, Copy, Default)]
pub struct Ear<'a>(pub Option<&'a (dyn Fn(&str) + Sync)>);

impl fmt::Debug for Ear<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Ear(somebody)" } else { "Ear(nobody)" })
    }
}

/// How much a run may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From start to end.
    pub time: Duration,
    /// Without a byte from it.
    pub silence: Duration,
    /// Of its standard output, in bytes.
    pub output: usize,
    /// Of one of its records, in bytes.
    pub record: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let time = Duration::from_secs(600);
        Self { time, silence: time, output: 256 * 1024 * 1024, record: 1024 * 1024 }
    }
}

impl Limits {
    /// For what is answered at once unless something holds git up: in a repository of somebody else any file may be one that
    /// can't be read to its end.
    #[must_use]
    pub fn brief() -> Self {
        let time = Duration::from_secs(30);
        Self { time, silence: time, ..Self::default() }
    }
}

/// What is fed to the first process.
enum Input {
    Nothing,
    Bytes(Vec<u8>),
    File(File),
}

/// A run of git that is being put together.
pub struct Run<'a> {
    git: &'a Git,
    stages: Vec<Vec<OsString>>,
    repository: Option<PathBuf>,
    folder: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    protocol: &'static str,
    input: Input,
    limits: Limits,
    cancel: Cancel,
    expected: i32,
    ear: Ear<'a>,
    asks: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new<A: AsRef<OsStr>>(git: &'a Git, arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            git,
            stages: vec![owned(arguments)],
            repository: None,
            folder: None,
            environment: Vec::new(),
            protocol: "",
            input: Input::Nothing,
            limits: Limits::default(),
            cancel: Cancel::default(),
            expected: 0,
            ear: Ear::default(),
            asks: false,
        }
    }

    /// Works on the repository with this git folder. Git does not look whether that is one for this person to trust, so it
    /// has to be one that was opened.
    #[must_use]
    pub fn on(mut self, git_folder: &Path) -> Self {
        self.repository = Some(git_folder.to_owned());
        self
    }

    /// Works on the repository that this folder is, and on none above it. Git refuses one that belongs to another person.
    #[must_use]
    pub fn inside(mut self, folder: &Path) -> Self {
        let above = folder.parent().unwrap_or(folder).as_os_str().to_owned();
        self.folder = Some(folder.to_owned());
        self.env("GIT_CEILING_DIRECTORIES", above)
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// May speak this protocol, and no other.
    #[must_use]
    pub fn speaking(mut self, protocol: &'static str) -> Self {
        self.protocol = protocol;
        self
    }

    /// Reads this.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Holds this file as its standard input: a lock on it lasts as long as the process, whatever becomes of this one.
    #[must_use]
    pub fn holding(mut self, file: File) -> Self {
        self.input = Input::File(file);
        self
    }

    /// Feeds another run of git with what this one says.
    #[must_use]
    pub fn pipe<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.stages.push(owned(arguments));
        self
    }

    /// Within these limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// As long as nobody cancels it.
    #[must_use]
    pub fn cancel(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// This exit code is no failure, beside 0.
    #[must_use]
    pub fn or_code(mut self, code: i32) -> Self {
        self.expected = code;
        self
    }

    /// What it writes to its standard error is heard as it comes.
    #[must_use]
    pub(super) fn heard_by(mut self, ear: Ear<'a>) -> Self {
        self.ear = ear;
        self
    }

    /// It may ask the person on the terminal, which belongs to the process group of this program.
    #[must_use]
    pub(super) fn asking(mut self) -> Self {
        self.asks = true;
        ASKING.iter().fold(self, |run, (name, value)| run.env(name, value))
    }

    /// All that it says.
    ///
    /// # Errors
    /// If it can't be started, fails, is cancelled, or passes a limit.
    pub fn output(self) -> Result<Vec<u8>, GitError> {
        let mut all = Vec::new();
        self.pieces(|piece| {
            all.extend_from_slice(piece);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// Each record that it says, without the byte that ends it. `Break` ends the run, and is no failure.
    ///
    /// # Errors
    /// If it can't be started, fails, is cancelled, or passes a limit.
    pub fn records(self, end: u8, mut each: impl FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), GitError> {
        let (command, most) = (self.command(), self.limits.record);
        let mut begun: Vec<u8> = Vec::new();
        let mut is_broken = false;
        self.pieces(|mut piece| {
            while let Some(at) = piece.iter().position(|byte| *byte == end) {
                begun.extend_from_slice(&piece[..at]);
                piece = &piece[at + 1..];
                if begun.len() > most {
                    break;
                }
                if each(&begun).is_break() {
                    is_broken = true;
                    return Ok(ControlFlow::Break(()));
                }
                begun.clear();
            }
            begun.extend_from_slice(piece);
            if begun.len() > most {
                return Err(GitError::TooMuch { command: command.clone(), most });
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if !begun.is_empty() && !is_broken {
            let _ = each(&begun);
        }
        Ok(())
    }

    /// The beginning of each record that it says, up to so many bytes, however long the record is.
    ///
    /// # Errors
    /// If it can't be started, fails, is cancelled, or passes a limit of time or of all its output.
    pub fn beginnings(self, end: u8, most: usize, mut each: impl FnMut(&[u8])) -> Result<(), GitError> {
        let (mut begun, mut is_begun) = (Vec::new(), false);
        self.pieces(|piece| {
            for part in piece.split_inclusive(|byte| *byte == end) {
                let (text, is_whole) = part.strip_suffix(&[end]).map_or((part, false), |text| (text, true));
                begun.extend_from_slice(&text[..text.len().min(most - begun.len())]);
                is_begun = !is_whole;
                if is_whole {
                    each(&begun);
                    begun.clear();
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if is_begun {
            each(&begun);
        }
        Ok(())
    }

    /// Each piece of its output as it comes; what it wrote to its standard error in the end.
    pub(super) fn pieces(
        mut self,
        mut each: impl FnMut(&[u8]) -> Result<ControlFlow<()>, GitError>,
    ) -> Result<String, GitError> {
        let command = self.command();
        let pipe = |error: io::Error| GitError::Pipe { command: command.clone(), why: error.to_string() };
        if self.cancel.is_cancelled() {
            return Err(GitError::Cancelled);
        }
        let (errors, told) = io::pipe().map_err(pipe)?;
        let mut processes = self.start(&told)?;
        drop(told);
        let input = match std::mem::replace(&mut self.input, Input::Nothing) {
            Input::Bytes(bytes) => processes.all.first_mut().and_then(|child| child.stdin.take()).map(|to| (to, bytes)),
            _ => None,
        };
        let output = processes.all.last_mut().and_then(|child| child.stdout.take());
        let mut ends = Ends::of(input, output, errors).map_err(pipe)?;

        let started = Instant::now();
        let (mut heard, mut taken, mut pause) = (started, 0_usize, Duration::from_micros(200));
        let mut buffer = vec![0; PIECE];
        loop {
            self.may_go_on(&command, started, heard)?;
            // Nothing is left to hear: it is about to end.
            if ends.are_closed() {
                if processes.have_ended() {
                    break;
                }
                thread::sleep(pause);
                pause = (pause * 2).min(TICK);
                continue;
            }
            let has_ended = processes.have_ended();
            // What was started by git may outlive it and hold its standard error for ever.
            ends.wait(if has_ended { Duration::ZERO } else { TICK }).map_err(pipe)?;
            ends.write();
            let told = ends.read_errors(&mut buffer);
            if let (Some(hears), true) = (self.ear.0, told > 0) {
                hears(&String::from_utf8_lossy(&buffer[..told]));
            }
            let said = ends.read_output(&mut buffer).map_err(pipe)?;
            if told + said > 0 {
                heard = Instant::now();
            } else if has_ended {
                break;
            }
            taken += said;
            if taken > self.limits.output {
                return Err(GitError::TooMuch { command, most: self.limits.output });
            }
            if said > 0 && each(&buffer[..said])?.is_break() {
                return Ok(ends.told());
            }
        }
        let told = ends.told();
        let mut statuses = processes.reap();
        // Who failed comes before who was ended by its broken pipe.
        statuses.sort_by_key(|status| matches!(status.code(), None | Some(BROKEN_PIPE)));
        statuses.into_iter().try_for_each(|status| self.judge(&command, status, &told))?;
        Ok(told)
    }

    /// What it does, in a word: nothing of a case.
    fn command(&self) -> String {
        self.stages[0].first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn start(&mut self, told: &PipeWriter) -> Result<Processes, GitError> {
        let not_started = |error: io::Error| self.git.not_started(&error);
        let mut processes = Processes { all: Vec::new(), is_group: !self.asks };
        for arguments in &self.stages {
            let mut command = self.git.command(self.protocol);
            if let Some(folder) = &self.folder {
                command.current_dir(folder);
            }
            if let Some(repository) = &self.repository {
                command.arg("--git-dir").arg(repository);
            }
            command.envs(self.environment.iter().map(|(name, value)| (name, value))).args(arguments);
            let before = processes.all.last_mut().and_then(|child| child.stdout.take());
            command.stdin(match (&self.input, before) {
                (_, Some(before)) => Stdio::from(before),
                (Input::Bytes(_), None) => Stdio::piped(),
                (Input::File(file), None) => file.try_clone().map(Stdio::from).map_err(not_started)?,
                (Input::Nothing, None) => Stdio::null(),
            });
            let told = told.try_clone().map_err(not_started)?;
            command.stdout(Stdio::piped()).stderr(told);
            if processes.is_group {
                // The whole row is one group, so that it ends as one.
                let group = processes.all.first().map_or(0, |first| i32::try_from(first.id()).unwrap_or_default());
                command.process_group(group);
            }
            processes.all.push(command.spawn().map_err(not_started)?);
        }
        Ok(processes)
    }

    fn may_go_on(&self, command: &str, started: Instant, heard: Instant) -> Result<(), GitError> {
        let took_too_long = |limit| Err(GitError::TookTooLong { command: command.to_owned(), limit });
        if self.cancel.is_cancelled() {
            return Err(GitError::Cancelled);
        }
        if started.elapsed() > self.limits.time {
            return took_too_long(self.limits.time);
        }
        if heard.elapsed() > self.limits.silence {
            return took_too_long(self.limits.silence);
        }
        Ok(())
    }

    fn judge(&self, command: &str, status: ExitStatus, told: &str) -> Result<(), GitError> {
        let command = command.to_owned();
        match (status.code(), status.signal()) {
            (Some(code), _) if code == 0 || code == self.expected => Ok(()),
            (Some(code), _) => Err(GitError::Failed { command, code, said: gist(told) }),
            (None, signal) => Err(GitError::Killed { command, signal: signal.unwrap_or_default() }),
        }
    }
}

fn owned<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Vec<OsString> {
    arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect()
}
