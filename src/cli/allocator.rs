//! Controls how soon the program's allocator returns freed memory to the system.
//!
//! The one place with unsafe code. Measured on the server with the data inside it: 57 MB resident where memory goes back
//! ten milliseconds after it was freed (the allocator's own way, which never looks again once reading is done), 48 MB
//! where it goes back at once. While serving, at once would halve the rate of large answers.

use libmimalloc_sys::{mi_collect, mi_option_set, mi_option_t};
use std::{
    cell::Cell,
    ffi::c_long,
    time::{Duration, Instant},
};

/// `mi_option_purge_delay`, in milliseconds; the bindings do not name it.
const PURGE_DELAY: mi_option_t = 15;

/// Time at which freed memory goes back.
#[derive(Clone, Copy)]
pub(super) enum GivesBack {
    /// At once: while data are read, which leaves much freed memory.
    AtOnce,
    /// When it was not reused for a moment: while answers are made, since the next one needs as much.
    Soon,
}

/// Sets when freed memory goes back. To be called while no other thread runs.
pub(super) fn set(gives_back: GivesBack) {
    let milliseconds: c_long = match gives_back {
        GivesBack::AtOnce => 0,
        GivesBack::Soon => 10,
    };
    // SAFETY: the option exists in both versions of the allocator, any value is one, and no other thread reads it now.
    #[allow(unsafe_code)]
    unsafe {
        mi_option_set(PURGE_DELAY, milliseconds);
    }
}

/// Returns memory that this thread freed and that ended threads left. For threads that were idle for a while.
pub(super) fn release() {
    // SAFETY: the allocator may be asked for this by any thread at any time.
    #[allow(unsafe_code)]
    unsafe {
        mi_collect(true);
    }
}

/// Time between two calls of [`release`] on one thread by [`idle`].
const IDLE_PAUSE: Duration = Duration::from_secs(1);

/// To be called by a thread that has no work at present, before it waits: [`release`], about once a second.
pub(super) fn idle() {
    thread_local! {
        static LAST: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    let now = Instant::now();
    if LAST.get().is_none_or(|last| now - last >= IDLE_PAUSE) {
        LAST.set(Some(now));
        release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libmimalloc_sys::mi_option_get;

    #[test]
    fn the_option_is_the_delay() {
        // SAFETY: tests have the system's allocator; nothing else reads the options.
        #[allow(unsafe_code)]
        let delay = || unsafe { mi_option_get(PURGE_DELAY) };
        assert_eq!(delay(), 10, "the allocator's own delay");
        set(GivesBack::AtOnce);
        assert_eq!(delay(), 0);
        set(GivesBack::Soon);
        assert_eq!(delay(), 10);
    }
}
