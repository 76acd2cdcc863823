//! Signals that would end the process where an error is wanted.

/// Makes a write beyond the limit on the size of files (`ulimit -f`, `LimitFSIZE`) an error, which the store reports as a
/// full disk. The default of the signal ends the process.
#[cfg(unix)]
pub(super) fn keep_alive_at_file_limit() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return;
    };
    let _inside = runtime.enter();
    // The handler stays when the stream of signals and the runtime are dropped.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub(super) fn keep_alive_at_file_limit() {}
