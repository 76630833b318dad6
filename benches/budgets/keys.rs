//! From a key to its frame, in the real program on a large case at 200 by 60: processor time and bytes written.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use super::{Pty, fixlead, start};

const ROUNDS: usize = 100;

/// Moving, every pane, the timeline as a picture, the calculator with each of its panels and a choice taken back, the
/// palette with something typed into it, and the list of keys.
const KEYS: [&str; 34] = [
    "j", "j", "k", "1", "G", "g", "j", "5", "6", "k", "k", "v", "j", "k", "v", "3", "j", "l", "n", "b", "b", "b", "b",
    "v", "z", "z", "z", "7", "j", "0", ":", "a", "\x1b[B", "\x1b",
];

/// What ends a frame.
const END: &[u8] = b"\x1b[?2026l";

pub fn key_to_frame(folder: &Path, id: &str) {
    let mut command = fixlead(folder);
    command.args(["open", id]);
    let mut pty = start(command, 60, 200);
    while pty.output.recv_timeout(Duration::from_millis(500)).is_ok() {}
    let pid = pty.child.process_id().unwrap_or_default();
    let (mut times, mut bytes) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for key in KEYS {
            let before = run_time(pid);
            pty.input.write_all(key.as_bytes()).expect("input");
            bytes.push(frame(&pty));
            times.push(run_time(pid) - before);
        }
    }
    let _ = pty.input.write_all(b"\x03\x03");
    let _ = pty.child.wait();
    times.sort_by(f64::total_cmp);
    bytes.sort_unstable();
    let at = |share: usize| times.len() * share / 100;
    println!(
        "key to frame    {:.2} ms of CPU at p50, {:.2} ms at p99 of {} keys, budget 2 ms; {} bytes at p50, {} at most",
        times[at(50)],
        times[at(99)],
        times.len(),
        bytes[at(50)],
        bytes[bytes.len() - 1],
    );
}

/// Bytes of the next frame.
fn frame(pty: &Pty) -> usize {
    let mut seen: Vec<u8> = Vec::new();
    while !seen.windows(END.len()).any(|window| window == END) {
        seen.extend(pty.output.recv_timeout(Duration::from_secs(5)).expect("each key has a frame"));
    }
    seen.len()
}

/// Milliseconds that all threads of a process have run.
fn run_time(pid: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds: u64 = tasks
        .map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            text.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or_default()
        })
        .sum();
    #[allow(clippy::cast_precision_loss, reason = "a few minutes in nanoseconds fit by far")]
    let milliseconds = nanoseconds as f64 / 1e6;
    milliseconds
}
