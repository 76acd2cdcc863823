//! One connection that writes, lent to one writer at a time, with one limit on the wait of each writer.

use super::StoreError;
use std::{
    ops::{Deref, DerefMut},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// Writers that may wait at once; more are refused immediately. Each holds a thread while it waits.
const MAX_WAITING: usize = 32;

/// A connection and the writers that wait for it.
pub(super) struct WriteQueue<C> {
    state: Mutex<State<C>>,
    returned: Condvar,
}

struct State<C> {
    /// `None` while it is lent, and after it was closed.
    connection: Option<C>,
    is_closed: bool,
    waiting: usize,
}

impl<C> WriteQueue<C> {
    pub fn new(connection: C) -> Self {
        Self {
            state: Mutex::new(State {
                connection: Some(connection),
                is_closed: false,
                waiting: 0,
            }),
            returned: Condvar::new(),
        }
    }

    /// Waits for the connection until a deadline.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the deadline passes, too many writers wait already, or the store was closed.
    pub fn enter(&self, deadline: Instant) -> Result<Lent<'_, C>, StoreError> {
        let mut state = self.lock();
        if state.connection.is_none() && state.waiting >= MAX_WAITING && !state.is_closed {
            return Err(StoreError::Unavailable(format!(
                "{MAX_WAITING} writers wait for the store already"
            )));
        }
        state.waiting += 1;
        let taken = loop {
            if state.is_closed {
                break Err(StoreError::Unavailable("the store is being closed".to_owned()));
            }
            if let Some(connection) = state.connection.take() {
                break Ok(connection);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break Err(StoreError::Unavailable(
                    "another writer holds the store for too long".to_owned(),
                ));
            }
            let waited = self.returned.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        };
        state.waiting -= 1;
        taken.map(|connection| Lent {
            queue: self,
            connection: Some(connection),
        })
    }

    /// The connection if nobody uses it now.
    pub fn try_enter(&self) -> Option<Lent<'_, C>> {
        let connection = self.lock().connection.take()?;
        Some(Lent {
            queue: self,
            connection: Some(connection),
        })
    }

    /// Takes the connection away for good: every later writer is refused. `None` if it does not come back by the deadline,
    /// or was taken away before.
    pub fn close(&self, deadline: Instant) -> Option<C> {
        let lent = self.enter(deadline).ok();
        self.lock().is_closed = true;
        self.returned.notify_all();
        lent.and_then(|mut lent| lent.connection.take())
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        // The state is consistent after each statement, even if a thread panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection, until it is dropped.
pub(super) struct Lent<'q, C> {
    queue: &'q WriteQueue<C>,
    /// `None` only while it is dropped.
    connection: Option<C>,
}

impl<C> Deref for Lent<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection.as_ref().expect("it is there until it is dropped")
    }
}

impl<C> DerefMut for Lent<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("it is there until it is dropped")
    }
}

impl<C> Drop for Lent<'_, C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut state = self.queue.lock();
            if !state.is_closed {
                state.connection = Some(connection);
            }
            drop(state);
            self.queue.returned.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{thread, time::Duration};

    #[test]
    fn writers_that_wait_share_one_limit_and_a_bounded_number_of_them_wait() {
        let queue = WriteQueue::new(1);
        let held = queue.enter(Instant::now()).unwrap();
        let queue = &queue;
        let deadline = Instant::now() + Duration::from_millis(300);
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..MAX_WAITING)
                .map(|_| scope.spawn(move || queue.enter(deadline).err()))
                .collect();
            while queue.lock().waiting < MAX_WAITING {
                thread::yield_now();
            }
            // This one would wait for an hour.
            let refused = queue.enter(Instant::now() + Duration::from_secs(3600)).err().unwrap();
            assert!(refused.to_string().contains("wait for the store already"), "{refused}");
            for waited in waiting {
                assert!(matches!(waited.join().unwrap(), Some(StoreError::Unavailable(_))));
            }
        });
        drop(held);
        assert_eq!(*queue.enter(Instant::now()).unwrap(), 1);
    }

    #[test]
    fn a_closed_queue_refuses_writers_that_wait_and_writers_that_come() {
        let queue = WriteQueue::new(1);
        assert_eq!(queue.close(Instant::now()), Some(1));
        assert!(queue.enter(Instant::now() + Duration::from_secs(3600)).is_err());
        assert!(queue.try_enter().is_none());
        assert_eq!(queue.close(Instant::now()), None);
    }
}
