//! Whether the store answers: a thread of its own asks it again and again, so that a store that hangs is noticed.

use crate::store::{Store, StoreError};
use jiff::Timestamp;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Interval at which the store is asked.
const EVERY: Duration = Duration::from_millis(500);
/// A question that is not answered within this time counts as not answered.
const PATIENCE: Duration = Duration::from_secs(2);
/// Interval at which a store that was full is asked whether it takes writes again.
const PROBE_EVERY: Duration = Duration::from_secs(2);

/// The last answer of a store.
#[derive(Default)]
pub struct Pulse {
    state: Mutex<State>,
    is_stopped: AtomicBool,
}

#[derive(Default)]
struct State {
    answered: Option<Timestamp>,
    /// Time of the request that waits for its answer.
    asked: Option<Instant>,
    failure: Option<StoreError>,
    /// The error of the last write, if the store was full.
    full: Option<StoreError>,
    /// Time of the last write that found the store full, or of the last attempt to find room.
    probed: Option<Instant>,
}

impl Pulse {
    /// Asks the store until the pulse is stopped or dropped.
    pub fn start(self: &Arc<Self>, store: &Arc<dyn Store>) {
        self.answer(Ok(()));
        let (pulse, store) = (Arc::downgrade(self), Arc::downgrade(store));
        let asking = thread::Builder::new().name("store-pulse".to_owned()).spawn(move || {
            loop {
                thread::sleep(EVERY);
                let (Some(pulse), Some(store)) = (pulse.upgrade(), store.upgrade()) else {
                    return;
                };
                if pulse.is_stopped.load(Ordering::Acquire) {
                    return;
                }
                pulse.lock().asked = Some(Instant::now());
                let answer = store.look().map(drop);
                pulse.answer(answer);
                if pulse.is_probe_due() {
                    let probed = store.probe();
                    pulse.wrote(probed.as_ref().err());
                }
            }
        });
        if let Err(error) = asking {
            self.answer(Err(StoreError::Unavailable(error.to_string())));
        }
    }

    /// Notes the result of a write: a full store takes none until one succeeds.
    pub fn wrote(&self, error: Option<&StoreError>) {
        let mut state = self.lock();
        match error {
            None => {
                if state.full.take().is_some() {
                    tracing::info!("the store takes writes again");
                }
            }
            Some(error @ StoreError::Full(_)) => {
                if state.full.is_none() {
                    tracing::error!(%error, "the store takes no writes");
                }
                state.full = Some(error.clone());
                state.probed = Some(Instant::now());
            }
            // Refused for another reason: whether there is room is not known.
            Some(_) if state.full.is_some() => state.probed = Some(Instant::now()),
            Some(_) => {}
        }
    }

    fn is_probe_due(&self) -> bool {
        let state = self.lock();
        let waited = state.probed.is_none_or(|probed| probed.elapsed() >= PROBE_EVERY);
        state.full.is_some() && state.failure.is_none() && waited
    }

    /// Ends asking.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
    }

    fn answer(&self, answer: Result<(), StoreError>) {
        let mut state = self.lock();
        state.asked = None;
        match answer {
            Ok(()) => {
                if let Some(failure) = state.failure.take() {
                    tracing::info!(%failure, "the store answers again");
                }
                state.answered = Some(Timestamp::now());
            }
            Err(error) => {
                if state.failure.as_ref() != Some(&error) {
                    tracing::error!(%error, "the store does not answer as it should");
                }
                state.failure = Some(error);
            }
        }
    }

    /// Reason why the store cannot be relied on now.
    pub fn trouble(&self) -> Option<String> {
        let state = self.lock();
        if let Some(failure) = state.failure.as_ref().or(state.full.as_ref()) {
            return Some(failure.trouble().to_owned());
        }
        let waiting = state
            .asked
            .map(|asked| asked.elapsed())
            .filter(|waiting| *waiting > PATIENCE)?;
        Some(format!("it has not answered for {} seconds", waiting.as_secs()))
    }

    /// Time of the store's last answer.
    pub fn answered(&self) -> Option<Timestamp> {
        self.lock().answered
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_and_a_question_without_an_answer_are_trouble_until_the_store_answers() {
        let pulse = Pulse::default();
        pulse.answer(Ok(()));
        assert_eq!(pulse.trouble(), None);
        pulse.answer(Err(StoreError::Replaced("/srv/a.db".to_owned())));
        let trouble = pulse.trouble().unwrap();
        assert!(trouble.contains("replaced") && !trouble.contains("/srv"), "{trouble}");
        pulse.answer(Ok(()));
        assert_eq!(pulse.trouble(), None);
        pulse.lock().asked = Instant::now().checked_sub(PATIENCE * 2);
        assert!(pulse.trouble().unwrap().contains("not answered for 4 seconds"));
        assert!(pulse.answered().is_some());
    }

    #[test]
    fn a_full_store_is_trouble_until_a_write_succeeds() {
        let pulse = Pulse::default();
        pulse.wrote(Some(&StoreError::Full("/srv: no space".to_owned())));
        pulse.answer(Ok(()));
        assert_eq!(pulse.trouble().as_deref(), Some("it is full"));
        pulse.wrote(Some(&StoreError::Missing("document".to_owned())));
        assert!(pulse.trouble().is_some() && !pulse.is_probe_due());
        pulse.lock().probed = Instant::now().checked_sub(PROBE_EVERY);
        assert!(pulse.is_probe_due());
        pulse.wrote(None);
        assert!(pulse.trouble().is_none() && !pulse.is_probe_due());
    }
}
