//! The terminal: taken over while the screen is shown, and given back whatever happens.

use std::io::{self, Stdout, Write, stdout};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// The terminal that the screen is drawn on.
pub type Screen = Terminal<CrosstermBackend<Stdout>>;

/// Takes the terminal over, at the start and again after it was given back, with nothing on it. It never asks the
/// terminal anything: the answer would be read as keys.
///
/// # Errors
/// If the terminal does not answer.
pub fn take() -> io::Result<Screen> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide, Clear(ClearType::All))?;
    Terminal::new(CrosstermBackend::new(stdout()))
}

/// Gives the terminal back as it was. Errors are of no use here: there may be no terminal any more.
pub fn give_back() {
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// On a fault of the program itself: gives the terminal back and says where it was, without a word of any case.
pub fn give_back_on_panic(data_dir: String) {
    std::panic::set_hook(Box::new(move |fault| {
        give_back();
        let place = fault.location().map(ToString::to_string).unwrap_or_default();
        // A panic while this is told would end the program on the spot.
        let _ = writeln!(
            io::stderr(),
            "fixlead: a fault in the program itself at {place}; what was saved is in {data_dir}; please report it"
        );
    }));
}
