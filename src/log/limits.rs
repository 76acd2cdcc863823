//! Limits on the lines of one kind in a minute.

use rustc_hash::FxHashMap;
use std::time::{Duration, Instant};

/// Lines of one kind that are written in a period.
const LINES: u64 = 20;
/// The period.
const PERIOD: Duration = Duration::from_secs(60);

/// Counts by kind of line. There are as many kinds as places in the program that log.
#[derive(Debug, Default)]
pub struct Limits(FxHashMap<&'static str, Count>);

#[derive(Debug)]
struct Count {
    since: Instant,
    lines: u64,
}

impl Limits {
    /// True if one more line of this kind may be written now.
    pub fn admit(&mut self, kind: &'static str, now: Instant) -> bool {
        let count = self.0.entry(kind).or_insert(Count { since: now, lines: 0 });
        count.lines += 1;
        count.lines <= LINES
    }

    /// Number of omitted lines of each kind in periods that are over (or in all); their counts are reset.
    pub fn left_out(&mut self, now: Instant, all: bool) -> Vec<(&'static str, u64)> {
        let mut told = Vec::new();
        self.0.retain(|kind, count| {
            if !all && now.duration_since(count.since) < PERIOD {
                return true;
            }
            if count.lines > LINES {
                told.push((*kind, count.lines - LINES));
            }
            false
        });
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_line_is_written_some_times_a_minute_and_then_counted() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        let written = (0..1000).filter(|_| limits.admit("a", start)).count();
        assert_eq!(written as u64, LINES);
        assert!(limits.admit("b", start));
        assert_eq!(limits.left_out(start + PERIOD / 2, false), []);
        assert_eq!(limits.left_out(start + PERIOD, false), [("a", 1000 - LINES)]);
        assert!(limits.admit("a", start + PERIOD));
    }

    #[test]
    fn at_the_end_everything_left_out_is_counted() {
        let (mut limits, start) = (Limits::default(), Instant::now());
        for _ in 0..LINES + 3 {
            limits.admit("a", start);
        }
        assert_eq!(limits.left_out(start, true), [("a", 3)]);
    }
}
