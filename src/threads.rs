//! Work side by side.

use std::{
    cell::Cell,
    sync::OnceLock,
    thread::ScopedJoinHandle,
    time::{Duration, Instant},
};

/// What a thread gave; its panic goes on in this one.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Time between two calls of the idle work on one thread.
const IDLE_PAUSE: Duration = Duration::from_secs(1);

static IDLE_WORK: OnceLock<fn()> = OnceLock::new();

/// Sets what threads do when they have no other work: the program's allocator gives back memory thread by thread. The
/// first call counts.
pub(crate) fn set_idle_work(work: fn()) {
    // A second call would be a mistake that changes nothing.
    let _ = IDLE_WORK.set(work);
}

/// To be called by a thread that has no work at present, before it waits. Does the idle work about once a second.
pub(crate) fn idle() {
    thread_local! {
        static LAST: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    let Some(work) = IDLE_WORK.get() else { return };
    let now = Instant::now();
    if LAST.get().is_none_or(|last| now - last >= IDLE_PAUSE) {
        LAST.set(Some(now));
        work();
    }
}
