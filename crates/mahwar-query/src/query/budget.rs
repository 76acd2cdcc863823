//! The budget of one piece of work: a deadline and whether its client is still connected, checked inside loops.

use super::QueryError;
use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Calls of [`Budget::is_spent`] between two looks at the clock.
const CALLS_PER_LOOK: u32 = 32;

/// A deadline and a cancellation flag.
///
/// ```
/// use mahwar_query::query::budget::Budget;
/// use std::{sync::{Arc, atomic::{AtomicBool, Ordering}}, time::Duration};
///
/// let cancelled = Arc::new(AtomicBool::new(false));
/// let budget = Budget::new(Duration::from_secs(5), Arc::clone(&cancelled));
/// assert!(budget.check().is_ok());
/// cancelled.store(true, Ordering::Relaxed);
/// assert!(budget.check().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    start: Instant,
    time: Duration,
    cancelled: Arc<AtomicBool>,
    calls: Cell<u32>,
    /// Looks at the clock that are left; a limit for tests, that does not depend on time.
    looks: Option<Arc<std::sync::atomic::AtomicI64>>,
    spent: Cell<bool>,
}

impl Budget {
    /// A budget from now.
    pub fn new(time: Duration, cancelled: Arc<AtomicBool>) -> Self {
        Self {
            start: Instant::now(),
            time,
            cancelled,
            calls: Cell::new(0),
            looks: None,
            spent: Cell::new(false),
        }
    }

    /// The same budget that ends after some looks at the clock, however long they take.
    pub fn with_looks(mut self, looks: Option<u32>) -> Self {
        self.looks = looks.map(|looks| Arc::new(i64::from(looks).into()));
        self
    }

    /// True if the time is over or the client is gone. Cheap enough for the body of a loop: it looks at the clock at
    /// every thirty-second call.
    pub fn is_spent(&self) -> bool {
        let calls = self.calls.get().wrapping_add(1);
        self.calls.set(calls);
        if self.spent.get() || !calls.is_multiple_of(CALLS_PER_LOOK) {
            return self.spent.get();
        }
        self.look()
    }

    fn look(&self) -> bool {
        let out_of_looks = self
            .looks
            .as_ref()
            .is_some_and(|looks| looks.fetch_sub(1, Ordering::Relaxed) <= 0);
        let spent = out_of_looks || self.cancelled.load(Ordering::Relaxed) || self.start.elapsed() > self.time;
        self.spent.set(spent);
        spent
    }

    /// Fails if the time is over or the client is gone. Looks at the clock at every call.
    ///
    /// # Errors
    /// [`QueryErrorKind::BudgetSpent`](super::QueryErrorKind::BudgetSpent).
    pub fn check(&self) -> Result<(), QueryError> {
        match self.spent.get() || self.look() {
            false => Ok(()),
            true => Err(self.over()),
        }
    }

    /// The error of a budget that is spent.
    pub fn over(&self) -> QueryError {
        QueryError::budget_spent(self.time.as_secs_f64())
    }

    /// The time that the work may take.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// The flag that is set when the client is gone.
    pub fn cancelled(&self) -> &Arc<AtomicBool> {
        &self.cancelled
    }
}

thread_local! {
    /// The budget of the work that this thread does now.
    static CURRENT: RefCell<Option<Budget>> = const { RefCell::new(None) };
}

/// Calls `work` with `budget` as the current budget of this thread.
pub fn within<R>(budget: &Budget, work: impl FnOnce() -> R) -> R {
    /// Puts the budget before it in place again, also when the work panics.
    struct Restore(Option<Budget>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restore = Restore(CURRENT.replace(Some(budget.clone())));
    work()
}

/// The budget of the work that this thread does; a budget without an end outside of workers.
pub fn budget() -> Budget {
    CURRENT
        .with_borrow(Clone::clone)
        .unwrap_or_else(|| Budget::new(Duration::MAX, Arc::default()))
}

/// Fails if the budget of the work that this thread does is spent.
///
/// # Errors
/// [`QueryErrorKind::BudgetSpent`](super::QueryErrorKind::BudgetSpent).
pub fn check() -> Result<(), QueryError> {
    CURRENT.with_borrow(|current| current.as_ref().map_or(Ok(()), Budget::check))
}

/// True if this thread is a worker.
pub fn is_worker() -> bool {
    CURRENT.with_borrow(Option::is_some)
}

#[cfg(test)]
mod tests {
    use super::{super::QueryErrorKind, *};

    #[test]
    fn a_budget_ends_with_its_time_or_its_client() {
        let flag = Arc::new(AtomicBool::new(false));
        let open = Budget::new(Duration::from_secs(3600), Arc::clone(&flag));
        assert!(open.check().is_ok());
        flag.store(true, Ordering::Relaxed);
        assert_eq!(open.check().unwrap_err().kind, QueryErrorKind::BudgetSpent);
        let over = Budget::new(Duration::ZERO, Arc::default());
        assert_eq!(over.check().unwrap_err().kind, QueryErrorKind::BudgetSpent);
    }

    #[test]
    fn a_loop_ends_after_the_looks_that_it_may_take() {
        let budget = Budget::new(Duration::from_secs(3600), Arc::default()).with_looks(Some(2));
        let done = (0..10_000).take_while(|_| !budget.is_spent()).count();
        assert_eq!(done as u32, 3 * CALLS_PER_LOOK - 1);
    }

    #[test]
    fn outside_of_workers_there_is_no_end() {
        assert!(!is_worker());
        assert!(check().is_ok() && budget().check().is_ok());
        within(&Budget::new(Duration::ZERO, Arc::default()), || {
            assert!(is_worker());
            assert!(check().is_err());
        });
        assert!(!is_worker());
    }
}
