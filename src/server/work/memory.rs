//! Memory of answers that clients have not yet received: all of them together have a limit.

use crate::server::problem::Problem;
use bytes::Bytes;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Bytes that all answers in flight may have together.
const MAX_BYTES: usize = 256 << 20;
/// Answers below this many bytes are not counted: connections are bounded by themselves.
const SMALL: usize = 64 << 10;

/// The memory that all answers have together.
#[derive(Clone, Debug)]
pub struct AnswerMemory {
    used: Arc<AtomicUsize>,
    max: usize,
}

impl Default for AnswerMemory {
    fn default() -> Self {
        Self::with_limit(MAX_BYTES)
    }
}

/// A part of the memory; given back when it is dropped.
#[derive(Debug)]
pub struct Reservation {
    used: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

impl AnswerMemory {
    /// Memory of this many bytes.
    pub fn with_limit(max: usize) -> Self {
        Self {
            used: Arc::default(),
            max,
        }
    }

    /// Reserves memory.
    ///
    /// # Errors
    /// 503 with `Retry-After` when answers in flight hold too much of it.
    pub fn reserve(&self, bytes: usize) -> Result<Reservation, Problem> {
        let reserved = self.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, |used| {
            let more = used.checked_add(bytes)?;
            // One answer alone is always let through, so that none is impossible.
            (more <= self.max || used == 0).then_some(more)
        });
        match reserved {
            Ok(_) => Ok(Reservation {
                used: Arc::clone(&self.used),
                bytes,
            }),
            Err(_) => Err(Problem {
                retry_after: Some(5),
                ..Problem::unavailable(
                    "too many large answers are waiting for their clients; try again in some seconds",
                )
            }),
        }
    }

    /// The bytes of an answer, counted as long as any part of them is held.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub fn hold(&self, body: Vec<u8>) -> Result<Bytes, Problem> {
        if body.len() < SMALL {
            return Ok(body.into());
        }
        let reservation = self.reserve(body.len())?;
        Ok(Bytes::from_owner(ReservedBody {
            body,
            _reservation: reservation,
        }))
    }

    /// Bytes that are reserved now.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Acquire)
    }
}

struct ReservedBody {
    body: Vec<u8>,
    _reservation: Reservation,
}

impl AsRef<[u8]> for ReservedBody {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_flight_have_a_limit_together() {
        let memory = AnswerMemory::with_limit(3 * SMALL);
        let first = memory.hold(vec![0; 2 * SMALL]).unwrap();
        let slice = first.slice(..10);
        let refused = memory.hold(vec![0; 2 * SMALL]).unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.retry_after), (503, Some(5)));
        drop(first);
        assert_eq!(memory.used(), 2 * SMALL, "a part of it is still held");
        drop(slice);
        assert_eq!(memory.used(), 0);
        assert!(memory.hold(vec![0; 9 * SMALL]).is_ok(), "one alone is let through");
    }
}
