//! A limit on the size of files is an error that can be told, not a death in the middle of a save; and no death leaves
//! the memory of the program on a disk.

use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

/// Keeps the signal of a reached file limit from ending the program: the write then fails, and the save says why.
pub fn outlive_file_limit() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    let _inside = runtime.enter();
    // The handler stays for as long as the program runs; without one the worst is what was so before.
    let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
}

/// A core dump would hold the text of a case.
pub fn dump_no_core() {
    // To lower a limit is allowed to everyone.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // A program that takes dumps in through a pipe gets them whatever that limit says, and other programs of the same
    // person could look into the memory. An editor that is started is not bound by this.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
