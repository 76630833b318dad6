//! A fault of the program itself while the screen is shown: where it happened is remembered, and told once the
//! terminal is given back. What it was about could be text of a case, so that is never told.

use std::sync::OnceLock;

static PLACE: OnceLock<String> = OnceLock::new();

/// From here on a panic, on any thread, writes nothing: the terminal is still the screen's.
pub fn remember() {
    std::panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        let _ = PLACE.set(place);
    }));
}

/// What is told of a fault, if there was one.
#[must_use]
pub fn told(data_dir: &str) -> Option<String> {
    let place = PLACE.get()?;
    Some(format!("a fault in the program itself{place}; what was saved is in {data_dir}; please report it"))
}

/// In builds for tests: a fault on purpose, once, where the environment asks for one.
#[cfg(debug_assertions)]
pub(super) fn on_purpose(place: &str) {
    use std::sync::atomic::{AtomicBool, Ordering};
    static DONE: AtomicBool = AtomicBool::new(false);
    let asked = std::env::var("FIXLEAD_TEST_FAULT").is_ok_and(|asked| asked == place);
    assert!(!asked || DONE.swap(true, Ordering::SeqCst), "a fault that a test asked for");
}

#[cfg(not(debug_assertions))]
pub(super) fn on_purpose(_place: &str) {}
