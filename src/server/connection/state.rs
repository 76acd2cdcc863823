//! State that the two sides of a connection share: the stream below hyper and the service above it.

use super::head::Refusal;
use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::Waker,
    time::Instant,
};

/// Method of the request that replaces a refused one before hyper. Clients may send it too: without a refusal in the
/// state it is a method like any other.
pub const REFUSED_METHOD: &str = "REFUSED";
/// The request that replaces a refused one.
pub const REFUSED_REQUEST: &[u8] = b"REFUSED / HTTP/1.1\r\nhost: refused\r\n\r\n";

/// State of one connection.
#[derive(Debug)]
pub struct ConnectionState {
    refusal: Mutex<Option<Refusal>>,
    /// Requests in handlers, and bodies of answers that are being made.
    running: AtomicUsize,
    /// The time of the last byte in either direction, in milliseconds of [`now`].
    active: AtomicU64,
    /// True while a handler waits for the body of its request.
    body_awaited: AtomicBool,
    /// True while the client takes nothing of an answer.
    write_blocked: AtomicBool,
    evicted: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

/// A request that is being answered, until it is dropped.
#[derive(Debug)]
pub struct Running(Arc<ConnectionState>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Release);
    }
}

impl ConnectionState {
    /// State of a new connection.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            refusal: Mutex::new(None),
            running: AtomicUsize::new(0),
            active: AtomicU64::new(now()),
            body_awaited: AtomicBool::new(false),
            write_blocked: AtomicBool::new(false),
            evicted: AtomicBool::new(false),
            waker: Mutex::new(None),
        })
    }

    /// Stores why the next request is refused.
    pub fn refuse(&self, refusal: Refusal) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
    }

    /// Returns the reason why the request with [`REFUSED_METHOD`] is refused.
    pub fn take_refusal(&self) -> Option<Refusal> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Counts a request as running.
    pub fn start_request(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::AcqRel);
        Running(Arc::clone(self))
    }

    /// True while a request is in a handler or the body of an answer is being made.
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Acquire) > 0
    }

    /// Notes that bytes went in either direction.
    pub fn touch(&self) {
        self.active.store(now(), Ordering::Relaxed);
    }

    /// Notes whether a handler waits for the body of its request.
    pub fn await_body(&self, awaited: bool) {
        self.body_awaited.store(awaited, Ordering::Relaxed);
    }

    /// Notes whether the client takes nothing of an answer.
    pub fn block_write(&self, blocked: bool) {
        self.write_blocked.store(blocked, Ordering::Relaxed);
    }

    /// Notes who is to be woken by an eviction.
    pub fn register(&self, waker: &Waker) {
        let mut kept = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|kept| !kept.will_wake(waker)) {
            *kept = Some(waker.clone());
        }
    }

    /// For how many milliseconds the client has been waited for; none while its request is worked on.
    pub fn waited(&self) -> Option<u64> {
        let waits = !self.is_running()
            || self.body_awaited.load(Ordering::Relaxed)
            || self.write_blocked.load(Ordering::Relaxed);
        let waits = waits && !self.evicted.load(Ordering::Relaxed);
        waits.then(|| now().saturating_sub(self.active.load(Ordering::Relaxed)))
    }

    /// Asks the connection to end as soon as possible, because other clients need its place.
    pub fn evict(&self) {
        self.evicted.store(true, Ordering::Release);
        if let Some(waker) = self.waker.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }

    /// True if the connection was asked to end.
    pub fn is_evicted(&self) -> bool {
        self.evicted.load(Ordering::Acquire)
    }
}

/// Milliseconds since the first call.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as u64
}
