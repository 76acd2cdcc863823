//! Progress of long work: a bar on a terminal, nothing on a pipe.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar, which hides itself where nobody looks.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta} left");
        Self(ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub(super) fn show(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
    }

    pub(super) fn end(self) {
        self.0.finish_and_clear();
    }
}
