//! Long work that a signal ends within a second, with nothing half printed.

use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use super::failure::{Failure, Kind};
use super::output::{Style, print};
use crate::git::Cancel;

/// How long the work may take to clear up once it is cancelled.
const GRACE: Duration = Duration::from_millis(800);

/// The signals that end a program, from the terminal and from elsewhere, with their numbers.
struct Ends([(u8, Signal); 3]);

/// Does the work, unless a signal comes.
///
/// # Errors
/// If a signal ended it; the work was cancelled then, and what it brought is thrown away.
pub fn unless_stopped<T>(style: Style, work: impl FnOnce(&Cancel) -> T) -> Result<T, Failure> {
    let cancel = Cancel::default();
    let came = Arc::new(AtomicU8::new(0));
    let (ended, end) = oneshot::channel();
    // Without a listener a signal ends the program as it ends any other.
    if let Some((runtime, ends)) = listener() {
        let (cancel, came) = (cancel.clone(), came.clone());
        thread::spawn(move || runtime.block_on(listen(ends, end, &cancel, &came, style)));
    }
    let brought = work(&cancel);
    drop(ended);
    match came.load(Ordering::SeqCst) {
        0 => Ok(brought),
        signal => Err(stopped(signal)),
    }
}

fn listener() -> Option<(Runtime, Ends)> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let inside = runtime.enter();
    let kinds = [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::terminate()];
    let [hangup, interrupt, terminate] = kinds.map(|kind| signal(kind).ok());
    let ends = Ends([(1, hangup?), (2, interrupt?), (15, terminate?)]);
    drop(inside);
    Some((runtime, ends))
}

async fn listen(mut ends: Ends, mut end: oneshot::Receiver<()>, cancel: &Cancel, came: &AtomicU8, style: Style) {
    let signal = tokio::select! {
        biased;
        _ = &mut end => exit(128 + i32::from(ends.next().await)),
        signal = ends.next() => signal,
    };
    came.store(signal, Ordering::SeqCst);
    cancel.cancel();
    if tokio::time::timeout(GRACE, end).await.is_err() {
        exit(i32::from(print(Err(stopped(signal)), style)));
    }
}

impl Ends {
    /// The number of the next signal.
    async fn next(&mut self) -> u8 {
        let Self([(one, first), (two, second), (three, third)]) = self;
        tokio::select! {
            _ = first.recv() => *one,
            _ = second.recv() => *two,
            _ = third.recv() => *three,
        }
    }
}

fn stopped(signal: u8) -> Failure {
    Failure::new(Kind::Stopped { signal }, "it was stopped before it could tell anything", "run it again")
}
