//! A real pseudo-terminal with the real program in it.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::house::House;
use crate::output::assert_screen;

/// How long anything may take before a story has failed. Nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long what was written last may take to come, where the other end of the terminal stays open.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// The program says where a frame ends, so that no half of one is ever looked at.
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

/// What it writes whenever it takes the terminal, also where it is told to draw everything anew.
const TAKEN: &[u8] = b"\x1b[?1049h";

pub struct Terminal {
    screen: vt100::Parser,
    output: Receiver<Vec<u8>>,
    closing: Arc<AtomicBool>,
    /// What was written of a frame that is not whole yet.
    pending: Vec<u8>,
    /// Frames that were drawn so far.
    frames: usize,
    /// Everything that was written so far.
    written: Vec<u8>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    pty: Option<Box<dyn MasterPty + Send>>,
    /// How many texts the program is to hand to the clipboard in this story.
    copies: usize,
    /// How often the program is to ring the bell.
    bells: usize,
    /// Another program writes to the terminal as well, such as a real editor: who wrote what can't be told.
    has_guest: bool,
}

impl Terminal {
    pub fn start(house: &House, rows: u16, cols: u16) -> Self {
        Self::start_with(house, rows, cols, &[])
    }

    /// The program with a verb.
    pub fn start_with(house: &House, rows: u16, cols: u16, verb: &[&str]) -> Self {
        Self::start_as(house, rows, cols, verb, &[])
    }

    /// The same with more arguments and variables of the environment; without them no colour setting is there.
    pub fn start_as(house: &House, rows: u16, cols: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_fixlead"));
        command.args(house.arguments());
        command.args(arguments);
        Self::start_command(house.path(), (rows, cols), command, variables)
    }

    /// The program behind a line of shell, in which `"$@"` stands for it.
    pub fn start_in_shell(house: &House, line: &str) -> Self {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", line, "sh", env!("CARGO_BIN_EXE_fixlead")]);
        command.args(house.arguments());
        Self::start_command(house.path(), (36, 120), command, &[])
    }

    /// Any command, in a folder.
    pub fn start_command(
        folder: &Path,
        (rows, cols): (u16, u16),
        mut command: CommandBuilder,
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.env_remove("COLORTERM");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let input = pair.master.take_writer().expect("its input");
        let (sender, output) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&closing);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() || stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let screen = vt100::Parser::new(cells(rows), cells(cols), 0);
        Self {
            screen,
            closing,
            output,
            pending: Vec::new(),
            frames: 0,
            written: Vec::new(),
            input,
            child,
            pty: Some(pair.master),
            copies: 0,
            bells: 0,
            has_guest: false,
        }
    }

    /// In this story the program hands so many texts to the clipboard; in all others none.
    pub fn will_copy(&mut self, texts: usize) {
        self.copies = texts;
    }

    /// In this story the bell rings so often; in all others never.
    pub fn will_ring(&mut self, times: usize) {
        self.bells = times;
    }

    /// In this story another program writes to the terminal what it likes.
    pub fn has_guest(&mut self) {
        self.has_guest = true;
    }

    pub fn type_text(&mut self, text: &str) {
        self.input.write_all(text.as_bytes()).expect("the program reads");
        self.input.flush().expect("the program reads");
    }

    /// What is shown in each cell, with its colours.
    pub fn cells(&self) -> Vec<vt100::Cell> {
        let screen = self.screen.screen();
        let (rows, cols) = screen.size();
        (0..rows.get()).flat_map(|row| (0..cols.get()).filter_map(move |col| screen.cell(row, col).cloned())).collect()
    }

    pub fn contents(&self) -> String {
        self.screen.screen().contents()
    }

    /// Takes in what the program writes within a moment; true if there was something.
    fn take_in(&mut self, within: Duration) -> bool {
        let Ok(mut bytes) = self.output.recv_timeout(within) else { return false };
        while let Ok(more) = self.output.try_recv() {
            bytes.extend(more);
        }
        self.written.extend(&bytes);
        self.pending.extend(bytes);
        let starts = self.pending.windows(END_OF_FRAME.len());
        let count = starts.filter(|window| *window == END_OF_FRAME).count();
        let ends = self.pending.windows(END_OF_FRAME.len()).rposition(|window| window == END_OF_FRAME);
        if let Some(end) = ends {
            let whole: Vec<u8> = self.pending.drain(..end + END_OF_FRAME.len()).collect();
            self.screen.process(&whole);
            self.frames += count;
        }
        true
    }

    /// Waits until something holds; the story fails where it does not.
    fn wait(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < end, "waited in vain for {what}; the screen shows\n{}", self.contents());
            self.take_in(Duration::from_millis(20));
        }
    }

    /// Waits until the program has written these very bytes.
    pub fn wait_for_bytes(&mut self, bytes: &str) {
        self.wait(&format!("{bytes:?}"), |terminal| terminal.wrote(bytes));
    }

    /// Has the program ever written these very bytes?
    pub fn wrote(&self, bytes: &str) -> bool {
        find(&self.written, bytes.as_bytes()).is_some()
    }

    /// Does the terminal tell the program of the mouse?
    pub fn tells_of_the_mouse(&self) -> bool {
        self.screen.screen().mouse_protocol_mode() != vt100::MouseProtocolMode::None
    }

    /// Presses and releases the left button on the first place that shows a text.
    pub fn click(&mut self, text: &str) {
        self.click_times(text, 1);
    }

    /// The same twice at once.
    pub fn double_click(&mut self, text: &str) {
        self.click_times(text, 2);
    }

    fn click_times(&mut self, text: &str, times: usize) {
        self.catch_up();
        let place = self.place(text);
        self.type_text(&format!("\x1b[<0;{place}M\x1b[<0;{place}m").repeat(times));
    }

    /// The first place that shows a text, as the mouse tells of it.
    pub fn place(&self, text: &str) -> String {
        let contents = self.contents();
        let place = contents.lines().enumerate().find_map(|(row, line)| line.find(text).map(|at| (row, &line[..at])));
        let (row, before) = place.unwrap_or_else(|| panic!("«{text}» is not on the screen:\n{contents}"));
        format!("{};{}", before.chars().count() + 1, row + 1)
    }

    pub fn wait_for(&mut self, text: &str) {
        self.wait(&format!("«{text}»"), |terminal| terminal.contents().contains(text));
    }

    /// Waits until the screen shows what all keys so far have brought: what a file tells can be ahead of it, and so is a text
    /// that stood there before. The program is told to draw everything anew, which it obeys wherever it is.
    pub fn catch_up(&mut self) {
        let from = self.written.len();
        self.type_text("\u{c}");
        self.wait("everything to be drawn anew", |terminal| {
            let new = &terminal.written[from..];
            let taken = find(new, TAKEN);
            taken.is_some_and(|taken| find(&new[taken..], END_OF_FRAME).is_some())
        });
    }

    pub fn wait_for_change(&mut self, before: &str) {
        self.wait("the screen to change", |terminal| terminal.contents() != before);
    }

    pub fn wait_until(&mut self, what: &str, holds: impl Fn() -> bool) {
        self.wait(what, |_| holds());
    }

    /// Which of these texts is shown first; none once `done` holds.
    pub fn wait_for_any(&mut self, texts: &[&str], done: &impl Fn() -> bool) -> Option<usize> {
        let mut found = None;
        self.wait(&format!("one of {texts:?}"), |terminal| {
            let contents = terminal.contents();
            found = texts.iter().position(|text| contents.contains(text));
            found.is_some() || done()
        });
        if done() { None } else { found }
    }

    pub fn wait_for_none_of(&mut self, texts: &[&str], done: &impl Fn() -> bool) {
        self.wait("the question to go", |terminal| {
            let contents = terminal.contents();
            done() || !texts.iter().any(|text| contents.contains(text))
        });
    }

    /// The row of the list under the cursor, with its place.
    fn cursor_row(&self) -> Option<(usize, String)> {
        let contents = self.contents();
        let row = contents.lines().enumerate().skip(3).find(|(_, row)| row.starts_with(" ▸ "));
        row.map(|(place, row)| (place, row.split('│').next().unwrap_or_default().to_owned()))
    }

    /// The id of the step under the cursor, as its detail shows it.
    fn selected_step(&self) -> Option<String> {
        let contents = self.contents();
        let detail = contents.lines().filter_map(|row| row.split_once('│')).map(|(_, right)| right.trim());
        detail.filter_map(|right| right.strip_prefix("id ")).map(|id| id.trim().to_owned()).next()
    }

    pub fn go_to_top(&mut self) {
        self.type_text("g");
        self.catch_up();
        self.wait("the first row", |terminal| terminal.cursor_row().is_some_and(|(place, _)| place == 3));
    }

    /// Moves down from the top, unfolding phases, until the step is under the cursor.
    pub fn go_to_step(&mut self, step: &str) {
        self.catch_up();
        if self.selected_step().as_deref() == Some(step) {
            return;
        }
        self.go_to_top();
        for _ in 0..200 {
            if self.selected_step().as_deref() == Some(step) {
                return;
            }
            let before = self.cursor_row();
            let keys = if self.selected_step().is_none() { "lj" } else { "j" };
            self.type_text(keys);
            self.wait("the cursor to move", |terminal| {
                terminal.cursor_row().is_some() && terminal.cursor_row() != before
            });
        }
        panic!("{step} is not in the list:\n{}", self.contents());
    }

    /// Sends the program a signal, by its name.
    pub fn signal(&mut self, name: &str) {
        let pid = self.pid().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Number of the process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// How the terminal is set, in the words of `stty`.
    pub fn modes(&self) -> String {
        let name = self.pty.as_ref().and_then(|pty| pty.tty_name()).expect("the terminal is there");
        let output = std::process::Command::new("stty").arg("-F").arg(name).arg("-a").output().expect("stty runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Threads of the program.
    pub fn threads(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/task", self.pid())).expect("its threads").count()
    }

    /// Waits until there are no more threads than these.
    pub fn wait_for_threads(&mut self, most: usize) {
        self.wait(&format!("{most} threads"), |terminal| terminal.threads() <= most);
    }

    /// The window is closed: the other end of the terminal is gone.
    pub fn go_away(&mut self) {
        // The reader holds the terminal as well; it lets go after what the next key makes the program write.
        self.closing.store(true, Ordering::SeqCst);
        self.type_text("?");
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        self.input = Box::new(std::io::sink());
        self.pty = None;
    }

    /// Frames that were drawn so far.
    pub fn frames(&self) -> usize {
        self.frames
    }

    pub fn wait_for_frame_after(&mut self, frames: usize) {
        self.wait("a frame", |terminal| terminal.frames > frames);
    }

    /// Bytes that were written so far.
    pub fn bytes_written(&self) -> usize {
        self.written.len()
    }

    /// A terminal that says it has no cells at all.
    pub fn vanish(&mut self) {
        let pty = self.pty.as_ref().expect("the terminal is there");
        pty.resize(PtySize { rows: 0, cols: 0, pixel_width: 0, pixel_height: 0 }).expect("it takes any size");
    }

    /// With which code the program ended, once it has.
    pub fn exit_code(&mut self) -> u32 {
        self.child.wait().expect("it ends").exit_code()
    }

    pub fn resize(&mut self, rows: u16, cols: u16) {
        let pty = self.pty.as_ref().expect("the terminal is there");
        pty.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("it takes any size");
        self.screen.screen_mut().set_size(cells(rows), cells(cols));
    }

    /// Waits for the end of the program, within the patience of the story; all that it wrote is taken in.
    pub fn ended(&mut self) -> bool {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.take_in(Duration::from_millis(20));
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                while self.take_in(Duration::from_millis(50)) {}
                let rest = std::mem::take(&mut self.pending);
                self.screen.process(&rest);
                return true;
            }
        }
        false
    }

    pub fn left_the_alternate_screen(&self) -> bool {
        !self.screen.screen().alternate_screen()
    }

    /// Leaves the program and waits for its end.
    pub fn leave(&mut self) {
        self.type_text("\u{3}\u{3}");
        assert!(self.ended(), "it ends; the screen shows\n{}", self.contents());
        let status = self.child.wait().expect("it ended");
        assert!(status.success(), "it ends well");
    }
}

/// At the end of each story every byte that the program wrote is looked at.
impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        if std::thread::panicking() || self.has_guest {
            return;
        }
        while self.take_in(LAST_WORDS) {}
        assert_screen(&self.written, self.copies, self.bells);
    }
}

/// Where these bytes begin.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn cells(count: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(count).expect("a size")
}
