//! A fault of the program itself, told without a word of any case.

use std::io::Write;

/// From here on a panic says where it happened, and nothing of what it was about: that could be text of a case.
pub fn tell_only_the_place() {
    std::panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        // Where even that can't be written there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "fixlead: a fault in the program itself{place}; please report it");
    }));
}
