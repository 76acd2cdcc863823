//! One lane: the threads of a kind and the queue before them.

use super::kind::{Share, WorkKind};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Time after which an idle thread releases memory.
const PAUSE: Duration = Duration::from_secs(2);
/// Pauses in a row after which an idle thread ends.
const PAUSES: u32 = 5;
/// Work whose cost estimate, in microseconds, is above this is large.
pub(super) const LARGE: u64 = 20_000;
/// Delay of a piece of work after work without cost, for each microsecond of its cost: small work goes first, and
/// large work is not put off without end.
const DELAY_PER_COST: u64 = 50;

/// A piece of work in the queue.
struct Job {
    large: bool,
    work: Box<dyn FnOnce() + Send>,
}

/// A place in the queue: the moment at which the work is due, in microseconds since the start, and its arrival.
pub(super) type Place = (u64, u64);

#[derive(Default)]
struct State {
    queue: BTreeMap<Place, Job>,
    arrivals: u64,
    threads: usize,
    idle: usize,
    running: usize,
    running_large: usize,
}

/// Counters of a lane.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Pieces of work that a thread has started.
    pub(super) started: AtomicU64,
    /// Requests that found the queue full.
    pub(super) refused: AtomicU64,
    /// Pieces of work that were withdrawn before they were started.
    pub(super) withdrawn: AtomicU64,
}

/// The threads of a kind and the queue before them.
pub(super) struct Lane {
    pub(super) kind: WorkKind,
    pub(super) share: Share,
    pub(super) counters: Counters,
    when_idle: Option<fn()>,
    born: Instant,
    state: Mutex<State>,
    wake: Condvar,
}

impl Lane {
    pub(super) fn new(kind: WorkKind, share: Share, when_idle: Option<fn()>) -> Arc<Self> {
        Arc::new(Self {
            kind,
            share,
            counters: Counters::default(),
            when_idle,
            born: Instant::now(),
            state: Mutex::default(),
            wake: Condvar::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers of waiting and of running pieces of work.
    pub(super) fn load(&self) -> [usize; 2] {
        let state = self.state();
        [state.queue.len(), state.running]
    }

    /// Puts work into the queue; `None` when the queue is full.
    pub(super) fn push(self: &Arc<Self>, cost: u64, work: Box<dyn FnOnce() + Send>) -> Option<Place> {
        let mut state = self.state();
        // A thread that is free or may be started takes the work at once: only the rest waits.
        let free = state.idle + self.share.threads.saturating_sub(state.threads);
        if state.queue.len() >= self.share.queue.saturating_add(free) {
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let now = u64::try_from(self.born.elapsed().as_micros()).unwrap_or(u64::MAX);
        let due = now.saturating_add(cost.saturating_mul(DELAY_PER_COST));
        state.arrivals += 1;
        let place = (due, state.arrivals);
        let large = cost > LARGE;
        state.queue.insert(place, Job { large, work });
        let starts = state.idle < state.queue.len() && state.threads < self.share.threads;
        if starts {
            state.threads += 1;
        }
        drop(state);
        if starts && !self.start() {
            let mut state = self.state();
            state.threads -= 1;
            if state.threads == 0 {
                state.queue.remove(&place);
                return None;
            }
        }
        self.wake.notify_one();
        Some(place)
    }

    /// Takes work back that was not started; false if it was.
    pub(super) fn withdraw(&self, place: Place) -> bool {
        let job = self.state().queue.remove(&place);
        if job.is_some() {
            self.counters.withdrawn.fetch_add(1, Ordering::Relaxed);
        }
        job.is_some()
    }

    /// Starts a thread; false if the system refuses.
    fn start(self: &Arc<Self>) -> bool {
        let lane = Arc::clone(self);
        let thread = std::thread::Builder::new().name(format!("work-{}", self.kind.word()));
        let started = thread.spawn(move || {
            step_back(lane.share.nice);
            lane.work();
        });
        if let Err(error) = &started {
            tracing::error!(%error, kind = self.kind.word(), "a worker thread could not be started");
        }
        started.is_ok()
    }

    /// Runs work until the thread has been idle for a while.
    fn work(&self) {
        let mut state = self.state();
        let mut pauses = 0;
        loop {
            if let Some(job) = self.next(&mut state) {
                let large = job.large;
                pauses = 0;
                state.running += 1;
                state.running_large += usize::from(large);
                drop(state);
                self.counters.started.fetch_add(1, Ordering::Relaxed);
                // The panic is logged by the hook, and answered as 500, since the answer's sender is dropped.
                let _ = catch_unwind(AssertUnwindSafe(job.work));
                state = self.state();
                state.running -= 1;
                state.running_large -= usize::from(large);
                if large {
                    // Another thread may be idle beside large work that had to wait for this.
                    self.wake.notify_one();
                }
                continue;
            }
            state.idle += 1;
            let (next, wait) = self
                .wake
                .wait_timeout(state, PAUSE)
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            state.idle -= 1;
            if !wait.timed_out() || !state.queue.is_empty() {
                continue;
            }
            pauses += 1;
            if pauses >= PAUSES {
                state.threads -= 1;
                return;
            }
            if let Some(give_back) = self.when_idle.filter(|_| pauses == 1) {
                // Not counted as idle meanwhile, and looks at the queue again after it.
                drop(state);
                give_back();
                state = self.state();
            }
        }
    }

    /// The next piece of work that may be started.
    fn next(&self, state: &mut State) -> Option<Job> {
        let may_be_large = state.running_large < self.share.large_at_once;
        let mut waiting = state.queue.iter();
        let place = waiting.find_map(|(place, job)| (may_be_large || !job.large).then_some(*place))?;
        state.queue.remove(&place)
    }
}

/// Lets the threads that answer run before this one. Under Linux niceness belongs to a thread; elsewhere to the process,
/// where it would slow everything down.
fn step_back(nice: i32) {
    #[cfg(target_os = "linux")]
    if nice > 0 {
        // Refused only where a sandbox forbids it; the work is done all the same.
        let _ = rustix::process::setpriority_process(None, nice);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = nice;
}
