//! The processes of a run, and our ends of their pipes.

use std::io::{self, PipeReader, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};

/// How long processes may take to clear up once they are told to end.
const GRACE: Duration = Duration::from_millis(50);
/// What is kept of the standard error: its end.
const ERRORS: usize = 16 * 1024;

/// Our ends of the pipes. Each is none once there is nothing left to do with it.
pub(super) struct Ends {
    input: Option<(ChildStdin, Vec<u8>)>,
    written: usize,
    output: Option<ChildStdout>,
    errors: Option<PipeReader>,
    told: Vec<u8>,
}

impl Ends {
    /// The ends of the pipes to the first of some processes, with what it is to read, and from the last and all of them. None of
    /// them is ever waited for but in [`wait`](Self::wait).
    pub(super) fn of(
        input: Option<(ChildStdin, Vec<u8>)>,
        output: Option<ChildStdout>,
        errors: PipeReader,
    ) -> io::Result<Self> {
        let ends = Self { input, written: 0, output, errors: Some(errors), told: Vec::new() };
        ends.never_wait().map(|()| ends)
    }

    /// Is nothing left to hear?
    pub(super) fn are_closed(&self) -> bool {
        self.output.is_none() && self.errors.is_none()
    }

    fn never_wait(&self) -> io::Result<()> {
        let input = self.input.as_ref().map(|(pipe, _)| pipe.as_fd());
        let output = self.output.as_ref().map(AsFd::as_fd);
        let errors = self.errors.as_ref().map(AsFd::as_fd);
        for end in [input, output, errors].into_iter().flatten() {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        Ok(())
    }

    /// Waits until there is something to do, at most so long.
    pub(super) fn wait(&self, most: Duration) -> io::Result<()> {
        let input = self.input.iter().map(|(pipe, _)| PollFd::new(pipe, PollFlags::OUT));
        let output = self.output.iter().map(|pipe| PollFd::new(pipe, PollFlags::IN));
        let errors = self.errors.iter().map(|pipe| PollFd::new(pipe, PollFlags::IN));
        let mut ends: Vec<PollFd<'_>> = input.chain(output).chain(errors).collect();
        let most = Timespec { tv_sec: 0, tv_nsec: i64::from(most.subsec_nanos()) };
        match poll(&mut ends, Some(&most)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the first process what it takes now.
    pub(super) fn write(&mut self) {
        let Some((pipe, bytes)) = &mut self.input else { return };
        match pipe.write(&bytes[self.written..]) {
            Ok(count) => self.written += count,
            Err(error) if is_later(&error) => return,
            // It does not want to hear more: how it ends says whether that is right.
            Err(_) => self.written = bytes.len(),
        }
        if self.written == bytes.len() {
            self.input = None;
        }
    }

    /// What came from the last process: so many bytes.
    pub(super) fn read_output(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(pipe) = &mut self.output else { return Ok(0) };
        match pipe.read(buffer) {
            Ok(0) => self.output = None,
            Ok(count) => return Ok(count),
            Err(error) if is_later(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(0)
    }

    /// The same for what all of them say of errors, of which the end is kept.
    pub(super) fn read_errors(&mut self, buffer: &mut [u8]) -> usize {
        let Some(pipe) = &mut self.errors else { return 0 };
        match pipe.read(buffer) {
            Ok(0) => self.errors = None,
            Ok(count) => {
                self.told.extend_from_slice(&buffer[..count]);
                let over = self.told.len().saturating_sub(ERRORS);
                self.told.drain(..over);
                return count;
            }
            Err(error) if is_later(&error) => {}
            Err(_) => self.errors = None,
        }
        0
    }

    /// The end of what they said of errors.
    pub(super) fn told(&self) -> String {
        String::from_utf8_lossy(&self.told).into_owned()
    }
}

fn is_later(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// What was started. It ends with this value.
pub(super) struct Processes {
    pub(super) all: Vec<Child>,
    /// They are a process group of their own. Those that may ask the person are in that of this program: only it may read
    /// from the terminal.
    pub(super) is_group: bool,
}

impl Processes {
    /// Has each of them ended? They stay to be reaped, so that their group can't be one of strangers.
    pub(super) fn have_ended(&self) -> bool {
        self.all.iter().all(|child| {
            let Some(id) = pid(child) else { return true };
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            !matches!(waitid(WaitId::Pid(id), options), Ok(None) | Err(rustix::io::Errno::INTR))
        })
    }

    /// How each of them ended. What they have started ends now.
    pub(super) fn reap(mut self) -> Vec<ExitStatus> {
        self.signal(Signal::KILL);
        std::mem::take(&mut self.all).iter_mut().filter_map(|child| child.wait().ok()).collect()
    }

    fn signal(&self, signal: Signal) {
        // There may be nobody left.
        if !self.is_group {
            for process in self.all.iter().filter_map(pid) {
                let _ = kill_process(process, signal);
            }
        } else if let Some(group) = self.all.first().and_then(pid) {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        if self.all.is_empty() {
            return;
        }
        // Git removes its temporary files when it is told to end, if it is given the time.
        self.signal(Signal::TERM);
        let told = Instant::now();
        while !self.have_ended() && told.elapsed() < GRACE {
            thread::sleep(Duration::from_millis(1));
        }
        self.signal(Signal::KILL);
        for child in &mut self.all {
            let _ = child.wait();
        }
    }
}

fn pid(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}
