//! Limits on how many bytes are worked on at a time, over all requests.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Bytes of texts that are geoparsed for answers, over all requests. The results of a text take up to 30 bytes for each of
/// its bytes, 36 in a text of nothing but dense statements, and 150 in one of nothing but ambiguous names, so that all answers together take at most 2.4 GB, and half a
/// gigabyte of ordinary text.
pub static TEXTS: ByteBudget = ByteBudget::new(16 << 20);

/// A number of bytes that callers share.
#[derive(Debug)]
pub struct ByteBudget {
    limit: usize,
    used: Mutex<usize>,
    returned: Condvar,
}

/// Permission to work on so many bytes, until it is dropped.
#[derive(Debug)]
pub struct Permit<'b> {
    budget: &'b ByteBudget,
    bytes: usize,
}

impl ByteBudget {
    /// A budget of which nothing is used.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            used: Mutex::new(0),
            returned: Condvar::new(),
        }
    }

    /// Waits until so many bytes are free; `None` when they are not in time. A request larger than the whole budget takes all of
    /// it. Blocks: not for threads that answer requests.
    pub fn acquire(&self, bytes: usize, wait: Duration) -> Option<Permit<'_>> {
        let bytes = bytes.min(self.limit);
        let begun = Instant::now();
        let mut used = self.lock();
        while *used + bytes > self.limit {
            let rest = wait.checked_sub(begun.elapsed())?;
            let waited = self.returned.wait_timeout(used, rest);
            used = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *used += bytes;
        Some(Permit { budget: self, bytes })
    }

    /// Bytes that are in use.
    pub fn used(&self) -> usize {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.budget.lock() -= self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_budget_is_given_once_and_again_when_it_is_returned() {
        let budget = ByteBudget::new(100);
        let most = budget.acquire(80, Duration::ZERO).unwrap();
        assert!(budget.acquire(30, Duration::ZERO).is_none());
        let rest = budget.acquire(20, Duration::ZERO).unwrap();
        thread::scope(|scope| {
            let waits = scope.spawn(|| budget.acquire(500, Duration::from_secs(60)).map(|permit| permit.bytes));
            drop(most);
            drop(rest);
            assert_eq!(waits.join().unwrap(), Some(100), "more than the budget takes all of it");
        });
        assert_eq!(budget.used(), 0);
    }
}
