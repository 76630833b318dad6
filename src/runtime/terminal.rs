//! The terminal: taken over while the screen is shown, and given back whatever happens.

use std::io::{self, Stdout, stdout};
use std::sync::OnceLock;

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use tokio::sync::watch;

use crate::text::base64;

/// The terminal that the screen is drawn on.
pub type Screen = Terminal<CrosstermBackend<Stdout>>;

/// Buttons and wheel only: a pointer that just moves would wake the program for nothing.
const TAKE_MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
const GIVE_MOUSE_BACK: &str = "\x1b[?1006l\x1b[?1000l";

/// Takes the terminal over, at the start and again after it was given back, with nothing on it. It never asks the
/// terminal anything: the answer would be read as keys. The mouse is taken only where that is wished.
///
/// # Errors
/// If the terminal does not answer.
pub fn take(mouse: bool) -> io::Result<Screen> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide, Clear(ClearType::All))?;
    if mouse {
        execute!(stdout(), Print(TAKE_MOUSE))?;
    }
    Terminal::new(CrosstermBackend::new(stdout()))
}

/// Hands a text to the clipboard of the terminal, which may stand on another machine than this program (OSC 52).
///
/// # Errors
/// If the terminal does not answer.
pub fn copy(text: &str) -> io::Result<()> {
    execute!(stdout(), Print(format!("\x1b]52;c;{}\x07", base64(text.as_bytes()))))
}

/// Gives the terminal back as it was. Errors are of no use here: there may be no terminal any more.
pub fn give_back() {
    let _ = execute!(stdout(), Print(GIVE_MOUSE_BACK), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// Its sender goes when the terminal is gone, also where SIGHUP is ignored: a thread that sleeps in `poll` until then,
/// one for all screens that this program shows.
pub fn watch_hangup() -> watch::Receiver<()> {
    static WATCHED: OnceLock<watch::Receiver<()>> = OnceLock::new();
    let begin = || {
        let (there, watched) = watch::channel(());
        std::thread::spawn(move || {
            use rustix::event::{PollFd, PollFlags, poll};
            let stdin = io::stdin();
            let mut polled = [PollFd::new(&stdin, PollFlags::empty())];
            while let Err(rustix::io::Errno::INTR) = poll(&mut polled, None) {}
            drop(there);
        });
        watched
    };
    WATCHED.get_or_init(begin).clone()
}
