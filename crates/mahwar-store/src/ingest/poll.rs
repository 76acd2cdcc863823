//! One run over a feed: counts new, known, revised and refused entries, and saves the position in the feed.

use super::{
    AcceptedText, FeedState, Fetched, Incoming, IngestError, Pages,
    fetch::{Trust, get},
    full_article, read_feed_in,
};
use crate::{
    document::MAX_BYTES,
    formats::{Fact, Origin},
    store::{Put, StoreError},
};
use serde::{Deserialize, Serialize};

/// Texts that are put in one transaction.
const BATCH: usize = 256;
/// Refusals of one run that are kept with their reason.
const MAX_REFUSALS: usize = 100;

/// Options of a run over a feed.
#[derive(Debug)]
pub struct FeedRun<'r> {
    /// Its address.
    pub address: &'r str,
    /// Source of its address.
    pub trust: Trust,
    /// Follow links also to addresses that are not public.
    pub allow_private: bool,
    /// Fetches the page of each entry, where that is asked for.
    pub pages: Option<&'r Pages>,
    /// Description that applies to every text.
    pub described: &'r Incoming,
}

/// Result of one run over a feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedReport {
    /// Entries that became documents.
    pub new: u64,
    /// Entries whose text was in the store.
    pub known: u64,
    /// Entries that became documents and replace an earlier one.
    pub revised: u64,
    /// Entries that were read before.
    pub read_before: u64,
    /// Entries whose text was deleted from the store.
    pub deleted: u64,
    /// Entries that were refused, all of them.
    pub refused: u64,
    /// Entries whose page could not be fetched: they have the words of the feed.
    #[serde(default)]
    pub without_page: u64,
    /// The first of the entries that were refused or have no page: entry and reason.
    pub refusals: Vec<(String, String)>,
    /// True if the server said that nothing has changed.
    pub unchanged: bool,
    /// The address to ask from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// True if the server said that the feed is gone for good.
    #[serde(default)]
    pub gone: bool,
    /// Seconds after which the server wants to be asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<u64>,
}

impl FeedReport {
    fn refuse(&mut self, entry: &str, error: &IngestError) {
        self.refused += 1;
        self.explain(entry, error.to_string());
    }

    fn explain(&mut self, entry: &str, reason: String) {
        if self.refusals.len() < MAX_REFUSALS {
            self.refusals.push((entry.to_owned(), reason));
        }
    }
}

/// An entry that was put: its name in the feed, and the result.
pub struct PutEntry {
    /// Name in the feed.
    pub entry: String,
    /// Result of putting it.
    pub put: Put,
    /// The document that it revises.
    pub revision_of: Option<String>,
}

/// Puts texts, all or none.
pub type PutAll<'p> = &'p mut dyn FnMut(Vec<AcceptedText>) -> Result<Vec<Put>, StoreError>;

/// Errors that end a run early. Entries that were put before are in the state.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum FeedError {
    #[error(transparent)]
    Feed(#[from] IngestError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Called with the state and the entries of each batch that was stored.
pub type SaveState<'s> = &'s mut dyn FnMut(&FeedState, &[PutEntry]) -> Result<(), StoreError>;

/// Fetches a feed and puts its entries. `saved` is called with the state after each batch, so that a run that is cut off goes
/// on from there.
///
/// # Errors
/// When the feed cannot be fetched or read, or the store does not take its texts.
pub fn run_feed(
    run: &FeedRun<'_>,
    state: &mut FeedState,
    put: PutAll<'_>,
    saved: SaveState<'_>,
) -> Result<FeedReport, FeedError> {
    let fetched = get(
        run.address,
        &state.validators,
        run.allow_private,
        run.trust,
        MAX_BYTES,
        &|_| Ok(()),
    )?;
    let mut report = FeedReport::default();
    match fetched {
        Fetched::Unchanged => {
            report.unchanged = true;
            Ok(report)
        }
        Fetched::Gone => {
            report.gone = true;
            Ok(report)
        }
        Fetched::Later(pause) => {
            report.later = Some(pause.as_secs());
            Ok(report)
        }
        Fetched::Body {
            bytes,
            validators,
            address,
            charset,
            moved,
            ..
        } => {
            report.moved_to = Some(address.clone()).filter(|_| moved);
            take_feed(
                run,
                state,
                &bytes,
                (Some(&address), charset.as_deref()),
                &mut report,
                put,
                saved,
            )?;
            // All entries of this version are stored now, so the next run may skip it.
            state.validators = validators;
            saved(state, &[])?;
            Ok(report)
        }
    }
}

/// Puts the entries of a feed that was read already.
///
/// # Errors
/// As [`run_feed`].
pub fn take_feed(
    run: &FeedRun<'_>,
    state: &mut FeedState,
    bytes: &[u8],
    (address, charset): (Option<&str>, Option<&str>),
    report: &mut FeedReport,
    put: PutAll<'_>,
    saved: SaveState<'_>,
) -> Result<(), FeedError> {
    let entries = read_feed_in(bytes, address, charset)?.entries;
    let names = entries.iter().flat_map(|entry| [entry.key(), entry.id.clone()]);
    let present: Vec<String> = names.collect();
    let mut waiting = Vec::new();
    for entry in entries {
        // Older versions remembered the id alone.
        let key = entry.key();
        if state.has(&key) || state.has(&entry.id) {
            report.read_before += 1;
            continue;
        }
        let mut incoming = entry.incoming;
        if let Some(pages) = run.pages {
            match full_article(pages, &incoming, run.described.whole_page) {
                Ok(Some(full)) => incoming = full,
                Ok(None) => {}
                // The summary is better than nothing; the reason stays with it.
                Err(error) => {
                    report.without_page += 1;
                    report.explain(&entry.id, format!("its page is not read, only its summary: {error}"));
                    incoming.facts.push(Fact {
                        name: "full_article".to_owned(),
                        value: format!("not fetched: {error}"),
                        origin: Origin::Detected,
                        by: None,
                    });
                }
            }
        }
        let revises = state.latest(&entry.id).map(str::to_owned);
        if let Some(earlier) = &revises {
            incoming.facts.push(Fact {
                name: "revision_of".to_owned(),
                value: earlier.clone(),
                origin: Origin::Detected,
                by: Some("feed".to_owned()),
            });
        }
        match incoming.or(run.described).take() {
            Ok(taken) => waiting.push((entry.id, key, revises, taken)),
            Err(error) => {
                report.refuse(&entry.id, &error);
                // This version of it will be no better next time.
                state.remember(key);
            }
        }
    }
    let mut rest = waiting.into_iter().peekable();
    while rest.peek().is_some() {
        let (mut names, mut texts) = (Vec::new(), Vec::new());
        for (id, key, revises, taken) in rest.by_ref().take(BATCH) {
            names.push((id, key, revises));
            texts.push(taken);
        }
        let outcomes = put(texts)?;
        let mut entries = Vec::new();
        for (put, (entry, key, revises)) in outcomes.into_iter().zip(names) {
            let revision_of = revises.filter(|earlier| *earlier != put.id);
            match (&put.deleted, put.created, &revision_of) {
                (Some(_), ..) => report.deleted += 1,
                (None, true, Some(_)) => report.revised += 1,
                (None, true, None) => report.new += 1,
                (None, false, _) => report.known += 1,
            }
            state.remember(key);
            state.set_latest(entry.clone(), put.id.clone());
            entries.push(PutEntry {
                entry,
                put,
                revision_of,
            });
        }
        saved(state, &entries)?;
    }
    state.forget_absent(present.iter().map(String::as_str));
    saved(state, &[])?;
    Ok(())
}
