//! The log: every event is one printable line, even if clients and feeds send control characters.
//!
//! There are two kinds of lines. Messages are plain text. Records are JSON objects: a write that was done or refused
//! ([`AUDIT`]), and a request that was answered ([`ACCESS`]). Both pass [`crate::text::printable::escape`] here, in the
//! one place that writes, so that no caller can forget it.
//!
//! Messages that repeat are limited ([`Limits`]), so that no client can fill the disk. Records of writes that were done
//! are never left out.

mod event;
mod limits;
mod sink;

pub use limits::Limits;
pub use sink::Sink;

use event::Event;
use std::{
    io::{self, IsTerminal},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

/// Target of records of writes: `MAHWAR_LOG=mahwar::audit=info` shows these alone.
pub const AUDIT: &str = "mahwar::audit";
/// Target of records of requests.
pub const ACCESS: &str = "mahwar::access";

/// Events that are logged when `MAHWAR_LOG` is not set: warnings of this program, errors of its libraries, every record.
///
/// Libraries warn about data that clients send; one request can cause megabytes of such warnings.
pub const DEFAULT_FILTER: &str = "error,mahwar=warn,mahwar::audit=info,mahwar::access=info";

/// Interval at which counts of omitted lines are written.
const SUMMARY_PERIOD: Duration = Duration::from_secs(60);

/// The log of this process.
static LOG: OnceLock<Arc<Log>> = OnceLock::new();

/// Outputs of lines, and limits of each kind.
#[derive(Debug)]
pub struct Log {
    lines: Mutex<Lines>,
    /// Audit records go here where the operator named a file, else to the lines.
    audit: Option<Mutex<Sink>>,
    /// Audit records that the file did not take; they went to the lines.
    audit_failures: AtomicU64,
    /// True while the last record did not get into its file.
    is_audit_failing: AtomicBool,
    colours: bool,
}

#[derive(Debug)]
struct Lines {
    sink: Sink,
    limits: Limits,
}

/// Starts the log on standard error. `audit` names a file for the records of writes.
///
/// # Errors
/// When the file cannot be opened.
pub fn start(audit: Option<&Path>) -> io::Result<()> {
    let audit = audit.map(Sink::file).transpose()?.map(Mutex::new);
    let log = Arc::new(Log {
        lines: Mutex::new(Lines {
            sink: Sink::standard_error(),
            limits: Limits::default(),
        }),
        audit,
        audit_failures: AtomicU64::new(0),
        is_audit_failing: AtomicBool::new(false),
        colours: io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    });
    let filter = EnvFilter::try_from_env("MAHWAR_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let layer = LogLayer(Arc::clone(&log));
    if tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .try_init()
        .is_err()
    {
        return Ok(());
    }
    let _ = LOG.set(Arc::clone(&log));
    thread::Builder::new().name("log-summary".to_owned()).spawn(move || {
        loop {
            thread::sleep(SUMMARY_PERIOD / 6);
            log.summarise(false);
        }
    })?;
    Ok(())
}

/// Writes the counts of lines that were left out so far: at the end of the process.
pub fn finish() {
    if let Some(log) = LOG.get() {
        log.summarise(true);
    }
}

/// Number of audit records that were written to the log because the file of `--audit-log` did not take them, and whether the
/// last one was among them.
pub fn audit_failures() -> (u64, bool) {
    LOG.get().map_or((0, false), |log| {
        (
            log.audit_failures.load(Ordering::Relaxed),
            log.is_audit_failing.load(Ordering::Relaxed),
        )
    })
}

/// Opens the file of audit records again, after a log rotation has renamed it.
pub fn reopen() {
    let Some(log) = LOG.get() else { return };
    if let Some(audit) = &log.audit
        && let Err(error) = locked(audit).reopen()
    {
        tracing::error!(%error, "the file of audit records cannot be opened; records go to the file that was open");
    }
}

impl Log {
    fn write(&self, event: &Event) {
        let line = event.line(self.colours);
        if event.target == AUDIT
            && let Some(audit) = &self.audit
        {
            if event.limited {
                let mut lines = locked(&self.lines);
                if !lines.limits.admit(event.kind, Instant::now()) {
                    return;
                }
            }
            let written = locked(audit).write_line(&line);
            self.is_audit_failing.store(written.is_err(), Ordering::Relaxed);
            if let Err(error) = written {
                self.audit_failures.fetch_add(1, Ordering::Relaxed);
                self.write_unwritten(&line, &error);
            }
            return;
        }
        let mut lines = locked(&self.lines);
        if event.limited && !lines.limits.admit(event.kind, Instant::now()) {
            return;
        }
        lines.write(&line);
    }

    /// Writes an audit record that its file did not take, so that it is not lost, and why.
    fn write_unwritten(&self, record: &str, error: &io::Error) {
        const KIND: &str = "the file of audit records cannot be written";
        let mut lines = locked(&self.lines);
        if lines.limits.admit(KIND, Instant::now()) {
            let text = format!("{KIND}; its records are written here: {error}");
            let line = Event::message(Level::ERROR, "mahwar::log", &text).line(self.colours);
            lines.write(&line);
        }
        lines.write(record);
    }

    /// Writes a line for each kind of message of which some were left out in a period that is over.
    fn summarise(&self, all: bool) {
        let mut lines = locked(&self.lines);
        for (kind, count) in lines.limits.left_out(Instant::now(), all) {
            let text = format!("{count} more lines like this were left out: {kind}");
            let line = Event::message(Level::WARN, "mahwar::log", &text).line(self.colours);
            lines.write(&line);
        }
    }
}

impl Lines {
    /// Writes a line. A log that cannot be written stops nothing.
    fn write(&mut self, line: &str) {
        let _ = self.sink.write_line(line);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes events to the log.
struct LogLayer(Arc<Log>);

impl<S: Subscriber> Layer<S> for LogLayer {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.write(&Event::of(event));
    }
}
