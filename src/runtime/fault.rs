//! A fault of the program itself while the screen is shown: where it happened is remembered, and told once the
//! terminal is given back. What it was about could be text of a case, so that is never told.

use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

/// Where the first fault happened that was not told yet.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// For as long as this is there a panic, on any thread, writes nothing: the terminal is still the screen's.
pub struct Watch {
    former: Option<Hook>,
}

impl Watch {
    /// From here on the places of faults are remembered.
    #[must_use]
    pub fn begin() -> Self {
        let former = Some(panic::take_hook());
        panic::set_hook(Box::new(|fault| {
            let place = fault.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
            PLACE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(place.unwrap_or_default());
        }));
        Self { former }
    }

    /// What is told of a fault, if there was one. Each is told once.
    #[must_use]
    pub fn told(self, data_dir: &str) -> Option<String> {
        drop(self);
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(format!("a fault in the program itself{place}; what was saved is in {data_dir}; please report it"))
    }
}

impl Drop for Watch {
    /// Faults are told again as they were before.
    fn drop(&mut self) {
        // While a panic goes on the hook can't be set.
        if let Some(former) = self.former.take().filter(|_| !std::thread::panicking()) {
            panic::set_hook(former);
        }
    }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_fault_is_told_once_and_then_as_before() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        const OURS: &str = "a fault of this test";
        let real = panic::take_hook();
        panic::set_hook(Box::new(move |fault| {
            // Other tests of this program may fail at the same time.
            if fault.payload().downcast_ref::<&str>() == Some(&OURS) {
                TOLD.fetch_add(1, Ordering::SeqCst);
            } else {
                real(fault);
            }
        }));
        let fail = || panic::catch_unwind(|| panic::panic_any(OURS)).unwrap_err();
        let watch = Watch::begin();
        fail();
        assert_eq!(TOLD.load(Ordering::SeqCst), 0, "the terminal is still the screen's");
        assert!(watch.told("data").is_some_and(|told| told.contains("fault.rs:")));
        assert_eq!(Watch::begin().told("data"), None);
        fail();
        assert_eq!(TOLD.load(Ordering::SeqCst), 1);
    }
}
