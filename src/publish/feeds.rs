//! Feeds that the server asks by itself: only those that are listed, and each by one of several servers at a time.

use super::Library;
use crate::{
    ingest::{self, FeedError, FeedReport, FeedRun, FeedState, Incoming, Pages, PutEntry, Trust},
    server::DocumentService,
    store::{FeedLease, FeedRow, Store, StoreError},
    text::printable::without_password,
};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

/// Interval at which the list is checked for a feed that is due.
const LOOK: Duration = Duration::from_secs(5);
/// Time that a server may lock a feed, in seconds.
const LEASE: i64 = 15 * 60;
/// Interval at which a feed is fetched by default, in seconds.
pub const EVERY: u64 = 15 * 60;
/// The shortest time between two questions, in seconds.
pub const SHORTEST: u64 = 60;
/// The longest pause after failures, in seconds.
const LONGEST: i64 = 6 * 60 * 60;

/// A feed of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFeed {
    /// Its address.
    pub url: String,
    /// Seconds between two questions.
    pub every: u64,
    /// Fetch the page of each entry.
    pub full_articles: bool,
}

/// State of a feed between two runs.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    #[serde(flatten)]
    state: FeedState,
    /// The last runs.
    #[serde(default)]
    status: Status,
}

/// Results of the last runs of a feed, as in `/feeds`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Time of the last request (RFC 3339, UTC).
    pub last_run: Option<String>,
    /// Time of its last answer.
    pub last_success: Option<String>,
    /// Error of the last request, if it failed.
    pub error: Option<String>,
    /// Failures in a row.
    #[serde(default)]
    pub failures: u32,
    /// The last run that brought something or failed nothing.
    pub report: Option<FeedReport>,
    /// True if its server said that it is gone for good: it is asked no more.
    #[serde(default)]
    pub gone: bool,
    /// Fetch the page of each entry.
    #[serde(default)]
    pub full_articles: bool,
    /// Seconds between two questions.
    #[serde(default)]
    pub every: Option<u64>,
}

/// The status of a feed of the store.
pub fn status(row: &FeedRow) -> Status {
    let memory: Result<Memory, _> = serde_json::from_str(&row.state);
    memory.map(|memory| memory.status).unwrap_or_default()
}

/// Asks the listed feeds from now on, until the library is dropped.
pub fn follow(library: &Arc<Library>, listed: Vec<ListedFeed>, allow_private: bool) -> std::io::Result<()> {
    let library = Arc::downgrade(library);
    let holder = format!("{}-{:x}", std::process::id(), jiff::Timestamp::now().as_nanosecond());
    let work = move || poll(&library, &listed, allow_private, &holder);
    thread::Builder::new().name("feeds".to_owned()).spawn(work).map(drop)
}

fn poll(library: &Weak<Library>, listed: &[ListedFeed], allow_private: bool, holder: &str) {
    let pages = Pages::of_others(allow_private);
    let mut is_listed = false;
    loop {
        let Some(library) = library.upgrade().filter(|library| !library.is_closing()) else {
            return;
        };
        if let Ok(store) = library.shared_store() {
            if !is_listed {
                is_listed = list(&*store, listed)
                    .inspect_err(|error| tracing::warn!(%error, "the feeds of the settings could not be listed"))
                    .is_ok();
            }
            let asked = ask_due(&library, &*store, listed, &pages, (holder, allow_private));
            if let Err(error) = asked {
                tracing::warn!(%error, "the list of feeds could not be read");
            }
        }
        drop(library);
        thread::sleep(LOOK);
    }
}

fn list(store: &dyn Store, listed: &[ListedFeed]) -> Result<(), StoreError> {
    for feed in listed {
        store.list_feed(&without_password(&feed.url), "settings")?;
    }
    Ok(())
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// True if a feed was last asked in the future: the clock that its next time was reckoned with was ahead, or was set back
/// since.
fn is_of_a_later_clock(status: &Status, now: i64) -> bool {
    /// Seconds that the clocks of two servers may differ by.
    const SKEW: i64 = 300;
    let last = status
        .last_run
        .as_deref()
        .and_then(|time| time.parse::<jiff::Timestamp>().ok());
    !status.gone && last.is_some_and(|last| last.as_second() > now + SKEW)
}

/// Asks each feed that is due and that no other server asks.
fn ask_due(
    library: &Library,
    store: &dyn Store,
    listed: &[ListedFeed],
    pages: &Pages,
    (holder, allow_private): (&str, bool),
) -> Result<(), StoreError> {
    for row in store.feeds()? {
        let own = listed.iter().find(|feed| without_password(&feed.url) == row.address);
        // Feeds of the command line are asked by it; those that left the settings are not asked any more.
        if row.listed_by != "api" && own.is_none() {
            continue;
        }
        if row.due > now() {
            if !is_of_a_later_clock(&status(&row), now()) {
                continue;
            }
            tracing::warn!(feed = %row.address, "a feed was asked at a time that is yet to come: the clock was set back");
            store.put_feed(&row.address, &row.listed_by, &row.state, now())?;
        }
        let lease = FeedLease {
            address: &row.address,
            holder,
            now: now(),
            until: now() + LEASE,
        };
        if library.is_closing() || !store.lock_feed(&lease)? {
            continue;
        }
        // Another server may have asked it since.
        let row = store.feed(&row.address)?.unwrap_or(row);
        ask(library, store, &row, own, pages, allow_private)?;
    }
    Ok(())
}

fn ask(
    library: &Library,
    store: &dyn Store,
    row: &FeedRow,
    own: Option<&ListedFeed>,
    pages: &Pages,
    allow_private: bool,
) -> Result<(), StoreError> {
    let mut memory: Memory = serde_json::from_str(&row.state).unwrap_or_default();
    let mut status = std::mem::take(&mut memory.status);
    if let Some(own) = own {
        status.every = Some(own.every);
        status.full_articles = own.full_articles;
    }
    let every = i64::try_from(status.every.unwrap_or(EVERY).max(SHORTEST)).unwrap_or(LONGEST);
    let run = FeedRun {
        address: own.map_or(&row.address, |own| &own.url),
        // An address of the settings is the operator's.
        trust: if own.is_some() { Trust::Operator } else { Trust::Nobody },
        allow_private,
        pages: status.full_articles.then_some(pages),
        described: &Incoming::default(),
    };
    let mut put = |texts| library.put(texts, false);
    let written = |state: &FeedState, status: &Status| {
        let memory = Memory {
            state: state.clone(),
            status: status.clone(),
        };
        serde_json::to_string(&memory).unwrap_or_default()
    };
    let before = status.clone();
    let mut saved = |state: &FeedState, _: &[PutEntry]| {
        // The lock is renewed with each batch that is stored.
        store.put_feed(&row.address, &row.listed_by, &written(state, &before), now() + LEASE)
    };
    let done = ingest::run_feed(&run, &mut memory.state, &mut put, &mut saved);
    let time = format!("{:.0}", jiff::Timestamp::now());
    status.last_run = Some(time.clone());
    let mut due = now() + every;
    match done {
        Ok(report) => {
            status.gone = report.gone;
            if report.gone {
                due = i64::MAX / 2;
                status.error = Some("the server answered 410: the feed is gone for good".to_owned());
            } else if let Some(seconds) = report.later {
                due = now() + i64::try_from(seconds).unwrap_or(LONGEST).max(every);
                status.error = Some(format!(
                    "the server has no time now; it is asked again in {seconds} seconds"
                ));
            } else {
                status.error = report
                    .moved_to
                    .as_ref()
                    .map(|to| format!("it has moved for good to {to}; please change the list"));
                status.last_success = Some(time);
            }
            status.failures = 0;
            tracing::info!(
                feed = %row.address, new = report.new, known = report.known, revised = report.revised,
                read_before = report.read_before, refused = report.refused, unchanged = report.unchanged, "a feed was asked"
            );
            for (entry, reason) in &report.refusals {
                tracing::warn!(feed = %row.address, %entry, %reason, "an entry of a feed is refused");
            }
            status.report = Some(report);
        }
        Err(error) => {
            if let FeedError::Store(error) = error {
                return Err(error);
            }
            status.failures = status.failures.saturating_add(1);
            due = now() + (every << status.failures.min(8)).min(LONGEST.max(every));
            tracing::warn!(feed = %row.address, %error, "a feed could not be read");
            status.error = Some(error.to_string());
        }
    }
    store.put_feed(&row.address, &row.listed_by, &written(&memory.state, &status), due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_was_asked_in_the_future_is_due_again() {
        let at = |time: &str, gone| Status {
            last_run: Some(time.to_owned()),
            gone,
            ..Status::default()
        };
        let now = "2026-11-30T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        assert!(is_of_a_later_clock(&at("2031-01-01T00:00:00Z", false), now));
        assert!(
            !is_of_a_later_clock(&at("2031-01-01T00:00:00Z", true), now),
            "it is gone for good"
        );
        // The clock of another server is a little ahead.
        assert!(!is_of_a_later_clock(&at("2026-11-30T12:01:00Z", false), now));
        assert!(!is_of_a_later_clock(&Status::default(), now));
    }
}
