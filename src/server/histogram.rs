//! A histogram of durations in Prometheus' text format.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Upper bounds of the buckets in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0];

/// Durations counted by their length.
#[derive(Debug, Default)]
pub struct Histogram {
    /// One for each bound, and one for longer times.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Histogram {
    /// Counts a duration.
    pub fn add(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        let bucket = BOUNDS
            .iter()
            .position(|bound| seconds <= *bound)
            .unwrap_or(BOUNDS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    /// Appends the histogram with its help.
    pub fn write(&self, name: &str, help: &str, out: &mut String) {
        // Writing to memory does not fail.
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram");
        let mut total = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            total += count.load(Ordering::Relaxed);
            let _ = match BOUNDS.get(bucket) {
                Some(bound) => writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {total}"),
                None => writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {total}"),
            };
        }
        let seconds = self.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{name}_sum {seconds}\n{name}_count {total}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_end_with_all() {
        let histogram = Histogram::default();
        for milliseconds in [0, 3, 3, 700, 60_000] {
            histogram.add(Duration::from_millis(milliseconds));
        }
        let mut text = String::new();
        histogram.write("d", "Durations.", &mut text);
        for line in [
            "d_bucket{le=\"0.001\"} 1\n",
            "d_bucket{le=\"0.005\"} 3\n",
            "d_bucket{le=\"1\"} 4\n",
            "d_bucket{le=\"20\"} 4\n",
            "d_bucket{le=\"+Inf\"} 5\n",
            "d_count 5\n",
            "d_sum 60.706\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }
}
