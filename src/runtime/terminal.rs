//! The terminal: taken over while the screen is shown, and given back whatever happens.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::os::fd::AsFd;
use std::sync::OnceLock;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use tokio::sync::watch;

use crate::text::base64;

/// The screen on its terminal, which gets what was written at the end of each frame.
pub type Screen = Terminal<CrosstermBackend<BufWriter<File>>>;

/// Buttons and wheel only: a pointer that just moves would wake the program for nothing.
const TAKE_MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
const GIVE_MOUSE_BACK: &str = "\x1b[?1006l\x1b[?1000l";

/// Is there a terminal to draw on, and one to read keys from?
#[must_use]
pub fn is_there() -> bool {
    drawn_on().is_ok() && keys().is_ok()
}

/// The terminal that is drawn on. Standard output may be something else, such as what a shell puts into a variable.
///
/// # Errors
/// If there is none.
pub fn drawn_on() -> io::Result<File> {
    terminal_at(&io::stdout())
}

/// The terminal that keys are read from; the library finds it by the same rule.
///
/// # Errors
/// If there is none.
pub fn keys() -> io::Result<File> {
    terminal_at(&io::stdin())
}

/// What stands here if it is a terminal, else the terminal that this program was started from.
fn terminal_at(standard: &(impl AsFd + IsTerminal)) -> io::Result<File> {
    if standard.is_terminal() {
        return Ok(File::from(standard.as_fd().try_clone_to_owned()?));
    }
    File::options().read(true).write(true).open("/dev/tty")
}

/// Takes the terminal over, at the start and again after it was given back, with nothing on it. It never asks the
/// terminal anything: the answer would be read as keys. The mouse is taken only where that is wished.
///
/// # Errors
/// If the terminal does not answer.
pub fn take(mouse: bool) -> io::Result<Screen> {
    let terminal = BufWriter::new(drawn_on()?);
    enable_raw_mode()?;
    // What was taken by halves is given back.
    prepare(terminal, mouse).inspect_err(|_| give_back())
}

fn prepare(mut terminal: BufWriter<File>, mouse: bool) -> io::Result<Screen> {
    execute!(terminal, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide, Clear(ClearType::All))?;
    if mouse {
        execute!(terminal, Print(TAKE_MOUSE))?;
    }
    Terminal::new(CrosstermBackend::new(terminal))
}

/// Hands a text to the clipboard of the terminal, which may stand on another machine than this program (OSC 52).
///
/// # Errors
/// If the terminal does not answer.
pub fn copy(text: &str) -> io::Result<()> {
    execute!(drawn_on()?, Print(format!("\x1b]52;c;{}\x07", base64(text.as_bytes()))))
}

/// Rings its bell.
///
/// # Errors
/// If the terminal does not answer.
pub fn ring() -> io::Result<()> {
    execute!(drawn_on()?, Print('\x07'))
}

/// Gives the terminal back as it was. Errors are of no use here: there may be no terminal any more.
pub fn give_back() {
    if let Ok(mut terminal) = drawn_on().map(BufWriter::new) {
        let _ = execute!(terminal, Print(GIVE_MOUSE_BACK), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    }
    let _ = disable_raw_mode();
}

/// How the terminal is set while it is given back: a program that is killed leaves it as it used it.
pub struct Modes(Option<(File, Termios)>);

impl Modes {
    /// As it is set now.
    #[must_use]
    pub fn now() -> Self {
        Self(keys().ok().and_then(|keys| tcgetattr(&keys).ok().map(|modes| (keys, modes))))
    }

    /// Sets it so again. What it still answers to another program must not be read as keys, so that is dropped.
    pub fn put_back(self) {
        if let Some((keys, modes)) = self.0 {
            let _ = tcsetattr(&keys, OptionalActions::Now, &modes);
            let _ = tcflush(&keys, QueueSelector::IFlush);
        }
    }
}

/// Its sender goes when the terminal is gone, also where SIGHUP is ignored: a thread that sleeps in `poll` until then,
/// one for all screens that this program shows.
pub fn watch_hangup() -> watch::Receiver<()> {
    static WATCHED: OnceLock<watch::Receiver<()>> = OnceLock::new();
    let begin = || {
        let (there, watched) = watch::channel(());
        std::thread::spawn(move || {
            if let Ok(terminal) = keys() {
                let mut polled = [PollFd::new(&terminal, PollFlags::empty())];
                while let Err(rustix::io::Errno::INTR) = poll(&mut polled, None) {}
                if polled[0].revents().contains(PollFlags::NVAL) {
                    // A system that can't poll /dev/tty tells only whoever reads.
                    return std::mem::forget(there);
                }
            }
            drop(there);
        });
        watched
    };
    WATCHED.get_or_init(begin).clone()
}
