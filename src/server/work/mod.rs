//! Worker pools: everything whose cost depends on the request runs here, never on the threads that accept and answer.
//!
//! Each [`WorkKind`] has threads and a bounded queue of its own. A request states the cost of its work; small work
//! goes before large work, and some threads of a kind are kept for small work. A full queue, a wait that is too long and
//! work that takes too long are answered 503 with `Retry-After`. The [`Budget`] of the work is checked inside its loops;
//! it also ends when the client is gone, since the future that waits for the answer is dropped then.

mod kind;
mod lane;
mod memory;
mod route;
#[cfg(test)]
mod tests;

pub(super) use crate::query::budget::within;
pub use crate::query::budget::{Budget, budget, check, is_worker};
pub use kind::{Share, WorkKind};
pub use memory::{AnswerMemory, Reservation};
pub(super) use route::on_worker;

use super::problem::Problem;
use lane::{Lane, Place};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::oneshot;

/// Work whose cost estimate, in microseconds, is below this runs where it is asked for: a change of threads would cost as
/// much.
pub const INLINE: u64 = 100;

/// Limits that replace those of each kind's [`Share`]; for tests and for small machines.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Requests that may wait, of each kind.
    pub queue: Option<usize>,
    /// Threads of each kind.
    pub threads: Option<usize>,
    /// Time that a request may wait for a thread.
    pub wait: Option<Duration>,
    /// Time limit of work.
    pub time: Option<Duration>,
    /// Cost estimate, in microseconds, above which a request is refused.
    pub max_cost: Option<u64>,
    /// Number of times that work may look at the clock before its budget counts as spent.
    pub looks: Option<u32>,
    /// Cost estimate, in microseconds, below which work runs where it is asked for.
    pub inline: Option<u64>,
    /// Bytes of answers that wait for their clients, together.
    pub answer_bytes: Option<usize>,
    /// Called by a thread that was idle for a while: returns memory.
    pub when_idle: Option<fn()>,
}

/// A piece of work: its kind and its cost estimate in microseconds of one core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Kind of work, which decides the thread pool.
    pub kind: WorkKind,
    /// Microseconds.
    pub cost: u64,
}

impl WorkKind {
    /// Work of this kind with a cost estimate in microseconds of one core.
    pub fn costing(self, cost: u64) -> Task {
        Task { kind: self, cost }
    }
}

/// The pools of all kinds.
pub struct Work {
    lanes: Vec<Arc<Lane>>,
    looks: Option<u32>,
    inline: u64,
    /// Memory of answers that clients have not yet received.
    pub memory: AnswerMemory,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}

impl Work {
    /// Pools with the shares of this machine, as far as `limits` does not replace them.
    pub fn new(limits: &Limits) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let lanes = WorkKind::ALL.into_iter().map(|kind| {
            let own = kind.share(cores);
            let threads = limits.threads.unwrap_or(own.threads).max(1);
            let share = Share {
                threads,
                large_at_once: own.large_at_once.min(threads),
                queue: limits.queue.unwrap_or(own.queue),
                wait: limits.wait.unwrap_or(own.wait),
                time: limits.time.unwrap_or(own.time),
                max_cost: limits.max_cost.unwrap_or(own.max_cost),
                nice: own.nice,
            };
            Lane::new(kind, share, limits.when_idle)
        });
        Self {
            lanes: lanes.collect(),
            looks: limits.looks,
            inline: limits.inline.unwrap_or(INLINE),
            memory: limits
                .answer_bytes
                .map_or_else(AnswerMemory::default, AnswerMemory::with_limit),
        }
    }

    fn lane(&self, kind: WorkKind) -> &Arc<Lane> {
        // The lanes are in the order of the declaration.
        &self.lanes[kind as usize]
    }

    /// The share of a kind.
    pub fn share(&self, kind: WorkKind) -> Share {
        self.lane(kind).share
    }

    /// Runs work on a thread of its kind and waits for its result without holding up a thread.
    ///
    /// On a worker it runs at once, as a part of the work that is done there. Work below [`INLINE`] runs at once too.
    ///
    /// # Errors
    /// 503 with `Retry-After` when too much of this kind waits, when it waited or took too long; 500 when it panicked;
    /// 400 when its estimate is above the limit of its kind; or its own error.
    pub async fn run<R: Send + 'static>(
        &self,
        task: Task,
        work: impl FnOnce(&Budget) -> Result<R, Problem> + Send + 'static,
    ) -> Result<R, Problem> {
        let lane = self.lane(task.kind);
        if task.cost > lane.share.max_cost {
            return Err(too_costly(task, lane.share));
        }
        if is_worker() {
            return work(&budget());
        }
        let (time, looks) = (lane.share.time, self.looks);
        if task.cost < self.inline {
            return work(&Budget::new(time, Arc::default()));
        }
        let gone = Arc::new(AtomicBool::new(false));
        let (sender, mut answer) = oneshot::channel();
        let client = Arc::clone(&gone);
        let work = move || {
            let budget = Budget::new(time, client).with_looks(looks);
            let done = within(&budget, || {
                budget.check()?;
                work(&budget)
            });
            // Nobody waits for it any more when the client is gone.
            let _ = sender.send(done);
        };
        let place = lane.push(task.cost, Box::new(work)).ok_or_else(|| busy(task.kind))?;
        let _leaving = Leaving { gone, lane, place };
        let result = match tokio::time::timeout(lane.share.wait, &mut answer).await {
            Ok(result) => result,
            Err(_) if lane.withdraw(place) => return Err(busy(task.kind)),
            Err(_) => answer.await,
        };
        result.map_err(|_| Problem::internal("a worker ended without an answer"))?
    }

    /// Waiting, running and finished work, one line for each kind: name, waiting, running, started, refused, withdrawn.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, [u64; 5])> + '_ {
        self.lanes.iter().map(|lane| {
            let [waiting, running] = lane.load();
            let counters = [&lane.counters.started, &lane.counters.refused, &lane.counters.withdrawn];
            let [started, refused, withdrawn] = counters.map(|counter| counter.load(Ordering::Relaxed));
            (
                lane.kind.word(),
                [waiting as u64, running as u64, started, refused, withdrawn],
            )
        })
    }
}

/// Takes the work back, or asks it to stop, when the client is gone.
struct Leaving<'l> {
    gone: Arc<AtomicBool>,
    lane: &'l Lane,
    place: Place,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        // After the answer this finds nothing to stop.
        self.gone.store(true, Ordering::Relaxed);
        self.lane.withdraw(self.place);
    }
}

fn busy(kind: WorkKind) -> Problem {
    Problem {
        retry_after: Some(2),
        ..Problem::unavailable(format!(
            "too many requests of this kind ({}) are waiting; try again in some seconds",
            kind.word()
        ))
    }
}

fn too_costly(task: Task, share: Share) -> Problem {
    Problem::bad_request(format!(
        "the request would take about {} seconds of {} work, and at most {} are accepted; ask for less at a time (a \
         smaller bbox, fewer features, a simpler filter)",
        task.cost.div_ceil(1_000_000),
        task.kind.word(),
        share.max_cost / 1_000_000,
    ))
}
