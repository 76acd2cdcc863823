//! The kinds of expensive work, with the share of threads, the queue and the time of each.

use std::time::Duration;

/// A kind of expensive work. Each has threads and a queue of its own, so that no kind waits for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkKind {
    /// Vector tiles that are not cached.
    Tile,
    /// Raster tiles that are not cached.
    Picture,
    /// Static maps: up to 4096 × 4096 pixels, SVG, PDF.
    Map,
    /// Pages of features in memory, the corridor, descriptions, HTML pages.
    Query,
    /// Pages of features that are read from the store.
    Archive,
    /// Documents of the store with their mentions, claims and annotations.
    Document,
    /// Search for places and reconciliation.
    Search,
    /// Reading texts that are not stored.
    Geoparse,
    /// Storing documents and rulings: JSON, HTML to text, geoparsing, the transaction.
    Write,
    /// Files of layers in memory.
    Download,
    /// Files of layers that are read from the store.
    StoredDownload,
    /// Blocks of files that are sent while they are made.
    Stream,
}

/// The share of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Threads, at most.
    pub threads: usize,
    /// Threads that may do large work at the same time, at most; the others are kept for small work.
    pub large_at_once: usize,
    /// Requests that may wait for a thread; one more is answered 503.
    pub queue: usize,
    /// Time that a request may wait for a thread before it is answered 503.
    pub wait: Duration,
    /// Time limit of the work itself before it is answered 503.
    pub time: Duration,
    /// Cost estimate, in microseconds of one core, above which a request is refused with 400.
    pub max_cost: u64,
    /// Niceness of its threads under Linux, 0 to 19: the threads that answer have 0 and run first.
    pub nice: i32,
}

impl WorkKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 12] = [
        Self::Tile,
        Self::Picture,
        Self::Map,
        Self::Query,
        Self::Archive,
        Self::Document,
        Self::Search,
        Self::Geoparse,
        Self::Write,
        Self::Download,
        Self::StoredDownload,
        Self::Stream,
    ];

    /// Its name in metrics and in the documentation.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tile => "tile",
            Self::Picture => "picture",
            Self::Map => "map",
            Self::Query => "query",
            Self::Archive => "archive",
            Self::Document => "document",
            Self::Search => "search",
            Self::Geoparse => "geoparse",
            Self::Write => "write",
            Self::Download => "download",
            Self::StoredDownload => "stored_download",
            Self::Stream => "stream",
        }
    }

    /// Its share on a machine with this many cores.
    pub fn share(self, cores: usize) -> Share {
        let cores = cores.max(1);
        let two = cores.max(2);
        // threads, large at once, queue, seconds of waiting, seconds of work, niceness
        let (threads, large_at_once, queue, wait, time, nice) = match self {
            Self::Tile => (two, two - 1, 1024, 10, 5, 1),
            Self::Picture => (cores.saturating_sub(1).max(1), cores, 256, 15, 5, 2),
            Self::Map => (cores.div_ceil(2), cores, 32, 20, 20, 12),
            Self::Query => (two, two - 1, 256, 10, 5, 6),
            Self::Archive => (two + 1, two, 64, 15, 10, 8),
            Self::Document => (two + 1, two, 128, 15, 20, 6),
            Self::Search => (two, two - 1, 256, 10, 10, 6),
            Self::Geoparse => (cores, cores.saturating_sub(1).max(1), 32, 20, 120, 10),
            Self::Write => (two, two - 1, 64, 60, 600, 8),
            Self::Download => (two, two - 1, 64, 20, 60, 10),
            Self::StoredDownload => (1, 1, 16, 30, 60, 12),
            Self::Stream => (two, two, 8192, 60, 30, 10),
        };
        let time = Duration::from_secs(time);
        Share {
            threads,
            large_at_once: large_at_once.min(threads),
            queue,
            wait: Duration::from_secs(wait),
            time,
            // Work that cannot be done in time even if the estimate is twice too high.
            max_cost: u64::try_from(time.as_micros()).unwrap_or(u64::MAX).saturating_mul(2),
            nice,
        }
    }
}
