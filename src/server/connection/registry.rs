//! Bound on the number of connections, below the number of files that the process may open.

use super::state::ConnectionState;
use rustc_hash::FxHashMap;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A connection on which nothing happened for this long may be ended for the sake of a new one, in milliseconds.
const PATIENCE_MS: u64 = 1_000;
/// Part of the connections that is ended at a time.
const EVICTED_PART: usize = 32;
/// Time between two searches for connections to end.
const SEARCH_PAUSE: Duration = Duration::from_millis(50);
/// Most connections, however many files the process may open.
const MOST: u64 = 16_384;

/// The open connections.
#[derive(Debug, Default)]
pub struct Registry {
    open: Mutex<FxHashMap<u64, Arc<ConnectionState>>>,
}

/// The place of a connection, until it is dropped.
#[derive(Debug)]
pub struct Place {
    registry: Arc<Registry>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.registry.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&self.number);
    }
}

/// Decides about new connections. One task owns it.
#[derive(Debug)]
pub struct Admission {
    registry: Arc<Registry>,
    limit: usize,
    patience_ms: u64,
    next: u64,
    searched: Option<Instant>,
}

impl Admission {
    /// Admits at most this many connections, and some more for the moment in which others end.
    pub fn new(limit: usize) -> Self {
        Self {
            registry: Arc::new(Registry::default()),
            limit: limit.max(1),
            patience_ms: PATIENCE_MS,
            next: 0,
            searched: None,
        }
    }

    /// A place for a new connection; none when there are too many whose requests are being worked on.
    pub fn admit(&mut self, state: &Arc<ConnectionState>) -> Option<Place> {
        let mut open = self.registry.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= self.limit {
            let is_due = self.searched.is_none_or(|searched| searched.elapsed() >= SEARCH_PAUSE);
            if is_due {
                self.searched = Some(Instant::now());
                evict(&open, (self.limit / EVICTED_PART).max(1), self.patience_ms);
            }
            // Those that were asked to end do so in a moment.
            if open.len() >= self.limit + self.limit / 8 || !open.values().any(|state| state.is_evicted()) {
                return None;
            }
        }
        self.next += 1;
        open.insert(self.next, Arc::clone(state));
        Some(Place {
            registry: Arc::clone(&self.registry),
            number: self.next,
        })
    }

    /// Ends connections that wait for their clients, when the process can open no more files.
    pub fn relieve(&self) {
        let open = self.registry.open.lock().unwrap_or_else(PoisonError::into_inner);
        evict(&open, (open.len() / EVICTED_PART).max(1), self.patience_ms);
    }
}

/// Ends the connections that have waited longest for their clients.
fn evict(open: &FxHashMap<u64, Arc<ConnectionState>>, count: usize, patience_ms: u64) {
    let waiting = open
        .values()
        .filter_map(|state| Some((state.waited()?, state)))
        .filter(|(waited, _)| *waited >= patience_ms);
    let mut waiting: Vec<_> = waiting.collect();
    waiting.sort_unstable_by_key(|(waited, _)| std::cmp::Reverse(*waited));
    for (_, state) in waiting.into_iter().take(count) {
        state.evict();
    }
}

/// Raises the number of files that the process may open to the system's limit, and returns the number of connections
/// that fit below it beside everything else.
pub fn usable_connections() -> usize {
    let files = open_files_limit();
    // The store, the data, connections that are being refused, and those that are ending.
    let others = (files / 4).min(512);
    let connections = files.saturating_sub(others).saturating_mul(8) / 9;
    connections.clamp(8, MOST) as usize
}

#[cfg(unix)]
fn open_files_limit() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(1 << 20).min(1 << 20);
    let current = limit.current.unwrap_or(most);
    if current >= most {
        return current;
    }
    let raised = Rlimit {
        current: Some(most),
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => most,
        Err(error) => {
            tracing::warn!(%error, current, "the limit of open files stays as it is");
            current
        }
    }
}

#[cfg(not(unix))]
fn open_files_limit() -> u64 {
    MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connection_that_waited_longest_for_its_client_makes_place_for_a_new_one() {
        let mut admission = Admission::new(4);
        let states: Vec<_> = (0..4).map(|_| ConnectionState::new()).collect();
        let mut places: Vec<_> = states.iter().map(|state| admission.admit(state).unwrap()).collect();
        // All are young: nobody has to go, and nobody comes in.
        admission.patience_ms = u64::MAX;
        assert!(admission.admit(&ConnectionState::new()).is_none());
        admission.patience_ms = 0;
        admission.searched = None;
        let _running = states[0].start_request();
        std::thread::sleep(Duration::from_millis(20));
        states[1].touch();
        states[3].touch();
        assert!(
            admission.admit(&ConnectionState::new()).is_none(),
            "one of four and an eighth is no place"
        );
        let evicted: Vec<bool> = states.iter().map(|state| state.is_evicted()).collect();
        assert_eq!(evicted, [false, false, true, false]);
        places.remove(2);
        assert!(admission.admit(&ConnectionState::new()).is_some());
    }

    #[test]
    fn the_limit_of_open_files_is_raised_and_not_used_up() {
        let connections = usable_connections();
        assert!(connections >= 8);
        #[cfg(unix)]
        {
            let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
            assert!((connections as u64) < limit.current.unwrap_or(u64::MAX));
        }
    }
}
