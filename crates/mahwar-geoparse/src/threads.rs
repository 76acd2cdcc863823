//! Work side by side.

use std::thread::ScopedJoinHandle;

/// Result of a thread; its panic goes on in this one.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
