//! The budgets of the program, each printed beside its peer in the same run. Nothing fails here: machines are noisy.
//!
//! `cargo bench` needs git; without tig the first frame is printed without its peer. `cargo bench --bench budgets -- looks` prints
//! only what looks cost the screen.

mod keys;
mod looks;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use fixlead::case::{Action, ReleaseInstant};
use fixlead::runtime::new_case::{Wish, begin};
use fixlead::runtime::world::{Given, World, act};
use fixlead::store::Store;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const NOW: &str = "2026-11-24T13:00:00Z";
const CASES: usize = 100;
const COMMITS: usize = 3_000;
const ROUNDS: usize = 21;
/// Rows of a terminal that shows all cases at once.
const ROWS: u16 = 140;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world(folder.path());
    let ids = make_cases(&world);
    looks::of_fleet(&world);
    looks::of_case(&world, folder.path(), &ids[1]);
    if std::env::args().any(|argument| argument == "looks") {
        return;
    }
    first_frame(folder.path(), &ids);
    at_rest(folder.path());
    saving(&world, folder.path(), &ids[0]);
    keys::key_to_frame(folder.path(), &ids[0]);
    let size = fs::metadata(env!("CARGO_BIN_EXE_fixlead")).map(|metadata| metadata.len()).unwrap_or_default();
    println!("binary          {size} bytes, budget 6,000,000");
}

fn world(folder: &Path) -> World {
    let now = Some(NOW.parse().expect("an instant"));
    let given = Given { data_dir: Some(folder.join("data")), config_dir: Some(folder.join("config")), now };
    let mut world = World::find(given).expect("a world");
    world.config.me = Some("lead".into());
    world
}

/// A hundred cases of all processes, each a few steps in.
fn make_cases(world: &World) -> Vec<String> {
    let store = Store::open(&world.data_dir).expect("a data folder");
    let ids = world.playbook_ids();
    (0..CASES)
        .map(|number| {
            let hours = i64::try_from(number).unwrap_or_default();
            let playbook = world.playbook(&ids[number % ids.len()]).expect("built in");
            let start = playbook.playbook.start().expect("a start").id.clone();
            let reported = world.now().checked_sub(jiff::SignedDuration::from_hours(24 + hours)).expect("an instant");
            let wish = Wish {
                title: format!("Case number {number}"),
                playbook,
                project: None,
                facts: Vec::new(),
                anchors: vec![(start, ReleaseInstant::Actual, reported)],
                acts: Vec::new(),
            };
            let id = begin(world, &store, wish).expect("a case").id;
            for _ in 0..6 {
                let done = store.edit(&id, |case| {
                    let verdicts = fixlead::evidence::verdicts(case, fixlead::runtime::world::sight(world.now(), &[]));
                    let view = case.view(fixlead::case::Moment { now: world.now(), verdicts: &verdicts });
                    let next = view.next.iter().find(|item| item.kind == fixlead::case::NextKind::Step);
                    let step = next.map(|item| item.id.clone()).unwrap_or_default();
                    let tick = fixlead::case::Tick { attest: Some("seen".into()), ..fixlead::case::Tick::of(&step) };
                    act(case, Action::Do(tick), world.now(), "lead")
                });
                drop(done);
            }
            id
        })
        .collect()
}

struct Pty {
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

fn start(mut command: CommandBuilder, rows: u16, cols: u16) -> Pty {
    let pair =
        native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a terminal");
    command.env("TERM", "xterm-256color");
    let child = pair.slave.spawn_command(command).expect("it starts");
    let mut reader = pair.master.try_clone_reader().expect("output");
    let input = pair.master.take_writer().expect("input");
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    Pty { output, input, child, _master: pair.master }
}

/// Milliseconds from the start of a program until its output holds a text.
fn until(command: CommandBuilder, text: &str, quit: &[u8]) -> f64 {
    let begin = Instant::now();
    let mut pty = start(command, ROWS, 160);
    let mut seen = Vec::new();
    let found = loop {
        match pty.output.recv_timeout(Duration::from_secs(10)) {
            Ok(bytes) => {
                seen.extend(bytes);
                if String::from_utf8_lossy(&seen).contains(text) {
                    break begin.elapsed();
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("«{text}» was never shown"),
        }
    };
    let _ = pty.input.write_all(quit);
    let _ = pty.child.wait();
    found.as_secs_f64() * 1_000.0
}

fn fixlead(folder: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fixlead"));
    let path = |name: &str| folder.join(name).display().to_string();
    command.args(["--data-dir", &path("data"), "--config-dir", &path("config"), "--now", NOW]);
    command
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// All rows of home beside the first frame of tig on a repository of 3,000 commits.
fn first_frame(folder: &Path, ids: &[String]) {
    let repository = make_repository(folder);
    let has_tig =
        Command::new("tig").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // The last row of home in the order of the screen is found by showing it once.
    let last = last_row(folder, ids);
    for _ in 0..ROUNDS {
        ours.push(until(fixlead(folder), &last, b"q"));
        if has_tig {
            let mut tig = CommandBuilder::new("tig");
            tig.cwd(&repository);
            theirs.push(until(tig, &format!("commit number {}", COMMITS - 1), b"q"));
        }
    }
    let ours = median(ours);
    if has_tig {
        let theirs = median(theirs);
        println!(
            "first frame     {ours:.1} ms for {CASES} cases, tig {theirs:.1} ms for {COMMITS} commits: {:.2} ×, budget 0.90 ×",
            ours / theirs
        );
    } else {
        println!("first frame     {ours:.1} ms for {CASES} cases (tig is not installed)");
    }
}

/// The codename that is drawn last.
fn last_row(folder: &Path, ids: &[String]) -> String {
    let mut pty = start(fixlead(folder), ROWS, 160);
    let mut seen = Vec::new();
    while let Ok(bytes) = pty.output.recv_timeout(Duration::from_millis(800)) {
        seen.extend(bytes);
    }
    // Cells that stay as they were are not written again, so that a codename may come in pieces.
    let mut screen = vt100::Parser::new(cells(ROWS), cells(160), 0);
    screen.process(&seen);
    let text = screen.screen().contents();
    let _ = pty.input.write_all(b"q");
    let _ = pty.child.wait();
    let shown = ids.iter().filter(|id| text.contains(id.as_str())).count();
    assert_eq!(shown, ids.len(), "every case has its row");
    ids.iter().max_by_key(|id| text.find(id.as_str())).cloned().unwrap_or_default()
}

fn cells(count: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(count).expect("a size")
}

fn make_repository(folder: &Path) -> PathBuf {
    let path = folder.join("repository");
    fs::create_dir(&path).expect("a folder");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "init.defaultBranch=main"]).args(arguments).current_dir(&path).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command
    };
    assert!(git(&["init"]).status().expect("git runs").success());
    let mut stream = String::new();
    for number in 0..COMMITS {
        let message = format!("commit number {number}");
        let _ = write!(
            stream,
            "commit refs/heads/main\ncommitter A U Thor <a@host.example> {} +0000\ndata {}\n{message}\nM 644 inline file\ndata {}\n{number}\n",
            1_700_000_000 + number * 60,
            message.len(),
            number.to_string().len(),
        );
    }
    let mut import = git(&["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn().expect("git runs");
    import.stdin.take().expect("input").write_all(stream.as_bytes()).expect("git reads");
    assert!(import.wait().expect("git ends").success());
    path
}

fn status(pid: u32, key: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn wake_ups(pid: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .map(|task| {
            let text = fs::read_to_string(task.path().join("status")).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or_default()
        })
        .sum()
}

/// Memory with home shown, and what happens while nothing happens.
fn at_rest(folder: &Path) {
    let mut pty = start(fixlead(folder), ROWS, 160);
    while pty.output.recv_timeout(Duration::from_millis(500)).is_ok() {}
    let pid = pty.child.process_id().unwrap_or_default();
    println!("memory          {} KiB resident with {CASES} cases, budget 12,288 KiB", status(pid, "VmRSS"));
    let before = wake_ups(pid);
    let mut written = 0;
    let end = Instant::now() + Duration::from_secs(5);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        written += pty.output.recv_timeout(left).map(|bytes| bytes.len()).unwrap_or_default();
    }
    println!("idle for 5 s    {written} bytes written, {} wake-ups (the clock stands still)", wake_ups(pid) - before);
    let _ = pty.input.write_all(b"q");
    let _ = pty.child.wait();
}

/// Milliseconds that this thread has run.
fn cpu() -> f64 {
    // What it has run since it was given the processor counts once it gives it back.
    std::thread::sleep(Duration::from_nanos(1));
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

/// A save of about 50 KB beside a bare write, fsync, rename, fsync of the same bytes.
fn saving(world: &World, folder: &Path, id: &str) {
    let store = Store::open(&world.data_dir).expect("a data folder");
    let path = world.data_dir.join("cases").join(id).join("case.toml");
    let step = "em.lead.volunteer";
    while fs::metadata(&path).map(|metadata| metadata.len()).unwrap_or_default() < 50_000 {
        let note = Action::Note { step: step.into(), text: "A note of some length, as people write them.".into() };
        store.edit(id, |case| act(case, note, world.now(), "lead")).expect("saved");
    }
    let bytes = fs::read(&path).expect("the case");
    let (mut walls, mut cpus, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let loaded = store.load(id).expect("loaded");
        let mut mine = loaded.case.clone();
        let assign = Action::Assign { step: step.into(), who: format!("person {round}") };
        act(&mut mine, assign, world.now(), "lead").expect("done");
        let (wall, burnt) = (Instant::now(), cpu());
        store.save(&loaded, &mine).expect("saved");
        let burnt = cpu() - burnt;
        cpus.push(burnt);
        walls.push(wall.elapsed().as_secs_f64() * 1_000.0 - burnt);
        bare.push(bare_save(folder, &bytes));
    }
    let (wait, burnt, bare) = (median(walls), median(cpus), median(bare));
    println!(
        "saving          {} bytes: {burnt:.1} ms of CPU, budget 10 ms; waiting for the disk {wait:.2} ms, bare save {bare:.2} ms: {:.2} ×, budget 1.50 ×",
        bytes.len(),
        wait / bare
    );
}

fn bare_save(folder: &Path, bytes: &[u8]) -> f64 {
    let begin = Instant::now();
    let temporary = folder.join("bare.new");
    let mut file = File::create(&temporary).expect("a file");
    file.write_all(bytes).expect("written");
    file.sync_all().expect("synced");
    fs::rename(&temporary, folder.join("bare")).expect("renamed");
    File::open(folder).and_then(|folder| folder.sync_all()).expect("synced");
    begin.elapsed().as_secs_f64() * 1_000.0
}
