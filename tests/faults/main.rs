//! What was acknowledged is there, whatever happens to the process, the disk or the file: the real program under every
//! fault that this machine can cause. Most of it needs root, strace and loop mounts, and is left out where nobody asks
//! for it:
//!
//! ```text
//! cargo test --features seeded-bugs --test faults -- --include-ignored
//! ```

mod disk;
mod errors;
mod foreign;
mod full;
mod gone;
mod ground;
#[allow(dead_code, reason = "the terminal is shared with the suite of processes")]
#[path = "../process/house.rs"]
mod house;
mod kills;
mod modes;
mod on_screen;
mod others;
#[path = "../shared/output.rs"]
mod output;
mod power;
mod screen;
mod seeded;
mod special;
mod tally;
#[allow(dead_code, reason = "the terminal is shared with the suite of processes")]
#[path = "../process/terminal.rs"]
mod terminal;
mod terminals;
mod trace;
mod writing;
