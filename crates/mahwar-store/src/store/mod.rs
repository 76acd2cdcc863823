//! Persistent store: documents, their mentions and claims as rows, and the rulings of analysts.
//!
//! One trait, two databases: SQLite in a file for one machine, PostgreSQL with PostGIS for several. The store's logic
//! is written once, in `engine`, over a session that runs SQL. The databases differ in their schema, their locks and
//! their change notifications. Every call blocks: servers make it from a thread that may.

mod address;
mod connection;
mod edit;
mod engine;
mod error;
mod event;
mod file_identity;
mod file_log;
mod log_reader;
mod packed;
mod packed_positions;
mod part_file;
mod pool;
mod postgres;
mod query;
mod reading;
mod record;
mod restore;
mod ruling;
mod session;
mod sqlite;
mod store_path;
mod words;
mod write_queue;

pub use edit::{
    ADDED_BASE, ClaimEdit, DocumentEdit, DocumentField, Edit, EditTarget, EditVerdict, Figure, NewEdit, SpanKey,
    edits_in_force, words as words_at,
};
pub use engine::copy;
pub use error::StoreError;
pub use event::{EventDecision, EventPage, EventQuery, EventRuling, EventVerdict, NewEventRuling, RuledClaim};
pub use query::{
    Area, ClaimQuery, FindQuery, Found, PlaceTotal, SeriesQuery, SortField, SortedQuery, SortedRow, SumsBy, TotalsQuery,
};
pub use reading::{Cell, DatabaseReader};
pub use record::{
    Change, Changes, ClaimRow, Counts, Damaged, Deletion, DocumentPage, DocumentText, FeedLease, FeedRow, Finding, Kin,
    MentionQuery, MentionRow, Moment, NewDocument, Order, Original, Page, PlaceDay, Put, Record, Reparsed, RowPage,
    Source, StoredDocument,
};
pub use restore::{Restored, discard_log, restore};
pub use ruling::{Author, MentionRef, NewRuling, Ruling, Verdict, in_force, rule};

pub use words::{MAX_QUESTION, Question, QuestionError, Snippet, words_of};

use crate::{
    document::Document,
    events::Event,
    geoparse::Parse,
    layers::{Counts as Sums, Days, ReadDocument, Units},
};
use std::{path::Path, sync::Arc};

/// Callback that receives the store's version after each change, of this process or another.
pub type OnChange = Arc<dyn Fn(i64) + Send + Sync>;

/// Callback for the progress of long work: steps done, and steps in total.
pub type OnProgress<'a> = &'a mut dyn FnMut(u64, u64);

/// Watching ends when this is dropped.
pub trait Watch: Send {}

/// Documents, their mentions and claims, and rulings. Every write is one transaction: it is on the disk in full when
/// the call returns `Ok`, and not at all when it returns an error.
pub trait Store: Send + Sync {
    /// Puts a document with its parse. The same text twice is one document: the first stays as it is.
    fn put(&self, new: NewDocument) -> Result<Put, StoreError> {
        let mut put = self.put_many(vec![new])?;
        put.pop()
            .ok_or_else(|| StoreError::Broken("a document was neither put nor found".to_owned()))
    }

    /// Puts many documents in one transaction: all or none. The answers are in the order of the documents. A text that was
    /// deleted is not put.
    fn put_many(&self, new: Vec<NewDocument>) -> Result<Vec<Put>, StoreError> {
        self.put_all(new, false)
    }

    /// As [`Store::put_many`]; with `again`, a text that was deleted is put as a new document.
    fn put_all(&self, new: Vec<NewDocument>, again: bool) -> Result<Vec<Put>, StoreError>;

    /// Deletes a document with its original, everything that was found in it, and its rulings. A tombstone with the reason
    /// remains.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown id, [`StoreError::Deleted`] if it was deleted before.
    fn delete(&self, id: &str, author: Option<&str>, reason: &str) -> Result<Deletion, StoreError>;

    /// The tombstone of a document that was deleted and not put again.
    fn deletion(&self, id: &str) -> Result<Option<Deletion>, StoreError>;

    /// The document with this id. Its parse is the machine's; [`rule`] applies the rulings of analysts.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if its rows cannot be read.
    fn get(&self, id: &str) -> Result<Option<StoredDocument>, StoreError>;

    /// The text of the document with this number, even if nothing else of it can be read.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the text is not the one that was stored.
    fn text(&self, number: i64) -> Result<Option<DocumentText>, StoreError>;

    /// The original (HTML) that the document was extracted from, if it was kept.
    fn original(&self, id: &str) -> Result<Option<Original>, StoreError>;

    /// Other outlets of a document, and other documents with the same text.
    fn kin(&self, id: &str) -> Result<Kin, StoreError>;

    /// Times at which these documents came or were last ruled, the later of both (RFC 3339, UTC); unknown ids are
    /// skipped.
    fn last_changes(&self, ids: &[String]) -> Result<Vec<(String, String)>, StoreError>;

    /// All feeds that are known, by address.
    fn feeds(&self) -> Result<Vec<FeedRow>, StoreError>;

    /// One feed.
    fn feed(&self, address: &str) -> Result<Option<FeedRow>, StoreError>;

    /// Writes the state of a feed and its next due time, and releases its lock.
    fn put_feed(&self, address: &str, listed_by: &str, state: &str, due: i64) -> Result<(), StoreError>;

    /// Lists a feed; false if it was known.
    fn list_feed(&self, address: &str, listed_by: &str) -> Result<bool, StoreError>;

    /// Removes a feed from the list; false if it was not known.
    fn remove_feed(&self, address: &str) -> Result<bool, StoreError>;

    /// Acquires the lock of a feed; false if it is not due or another server holds it.
    fn lock_feed(&self, lease: &FeedLease<'_>) -> Result<bool, StoreError>;

    /// One page of the documents. Those that cannot be read are listed and passed over.
    fn page(&self, page: Page) -> Result<DocumentPage, StoreError>;

    /// The number of the `nth` document in the order of arrival, from 1; `None` beyond the last.
    fn number_at(&self, nth: u64) -> Result<Option<i64>, StoreError>;

    /// Rows of the table of places that cannot be read; their mentions have no place.
    fn damaged_places(&self) -> Result<Vec<String>, StoreError>;

    /// Changes committed after a version, in the order of the commits, at most `limit`.
    fn changes(&self, since: i64, limit: usize) -> Result<Changes, StoreError>;

    /// Changes committed after a moment, at most `limit`. `None` when the store does not follow that moment (it was
    /// restored, or another database took its place) or cannot say: then everything cached must be read again.
    fn changes_after(&self, moment: &Moment, limit: usize) -> Result<Option<Changes>, StoreError>;

    /// The present state.
    fn moment(&self) -> Result<Moment, StoreError>;

    /// Counts one up with each change; a version that was seen stays true for all that was committed by then.
    fn version(&self) -> Result<i64, StoreError>;
    /// Numbers of documents, rulings, places and drawn mentions.
    /// Numbers of documents, mentions and claims.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// Stores a ruling and applies it to the mentions. The document must contain the mention.
    fn add_ruling(&self, new: NewRuling) -> Result<Ruling, StoreError>;

    /// Takes a ruling back by a row of its own; the ruling before it holds again.
    fn undo(&self, ruling: i64, author: &str, reason: Option<&str>) -> Result<Ruling, StoreError>;

    /// Every ruling on a document, undone ones too, oldest first; [`in_force`] selects those that hold.
    fn rulings(&self, document: &str) -> Result<Vec<Ruling>, StoreError>;

    /// The rulings after this id over all documents, oldest first.
    fn rulings_after(&self, id: i64, limit: usize) -> Result<Vec<Ruling>, StoreError>;

    /// Stores an edit and applies it to the document. `reread` parses a document whose title or date was corrected.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown document or an undo without an edit, [`StoreError::Conflict`] if the
    /// target was edited since it was seen or a mention that is added exists already.
    fn edit(&self, new: &NewEdit, reread: &dyn Fn(&Document) -> Parse) -> Result<Edit, StoreError>;

    /// Every edit of a document, undone ones too, oldest first; [`edits_in_force`] selects those that hold.
    fn edits(&self, document: &str) -> Result<Vec<Edit>, StoreError>;

    /// A document as it was declared, with the machine's reading of it; `None` where no edit is in force.
    fn declared(&self, id: &str) -> Result<Option<ReadDocument>, StoreError>;

    /// Rulings in force whose span is no mention any more, after a reparse.
    fn stray_rulings(&self) -> Result<Vec<Ruling>, StoreError>;

    /// Replaces the parse of a document. Rulings hold on where their span is a mention again.
    fn reparse(&self, id: &str, parse: &Parse) -> Result<Reparsed, StoreError>;

    /// Replaces the reading of a document as it was declared, where title or date were corrected since; true if it changed.
    fn reparse_declared(&self, id: &str, parse: &Parse) -> Result<bool, StoreError>;

    /// The mentions that are drawn, by place, box, days or document, in the order of arrival.
    fn mentions(&self, query: &MentionQuery) -> Result<RowPage<MentionRow>, StoreError>;

    /// The claims of documents after `(number, ordinal)`, in the order of arrival.
    fn claims(&self, after: (i64, u32), limit: usize) -> Result<RowPage<ClaimRow>, StoreError>;

    /// The mentions that are drawn, counted by place and day: as ruled, or as the machine read them.
    /// Costs as much as there are places and days, however many documents there are.
    fn mention_places(&self, ruled: bool) -> Result<Vec<PlaceDay>, StoreError>;

    /// The units that the store counts by; none before [`Store::use_units`].
    fn units(&self) -> Result<Units, StoreError>;

    /// Counts by these units from now. Where they are others than before, the documents must be counted again
    /// ([`Store::build`]); a small store does that at once.
    fn use_units(&self, units: &Units) -> Result<(), StoreError>;

    /// Notes this reader with each parse from now: a fingerprint of the rules and of the land's data.
    fn use_reader(&self, reader: i64);

    /// Number of documents that another reader than the present one read; 0 before [`Store::use_reader`].
    fn outdated(&self) -> Result<u64, StoreError>;

    /// The numbers of such documents after a number, in order, at most `limit`.
    fn outdated_after(&self, number: i64, limit: usize) -> Result<Vec<i64>, StoreError>;

    /// Numbers of the counted and searchable documents, and of all documents; `None` when all are.
    fn unfinished(&self) -> Result<Option<(u64, u64)>, StoreError>;

    /// Counts the documents that are not counted yet and stores their words, some in each transaction: interrupted work
    /// is resumed.
    fn build(&self, progress: OnProgress<'_>) -> Result<(), StoreError>;

    /// Sums by value over a span of days, from the counts.
    fn totals(&self, query: &TotalsQuery) -> Result<Vec<(String, Sums)>, StoreError>;

    /// The places that are drawn with their counts: ever, or within a span of days.
    fn place_totals(&self, ruled: bool, days: Option<Days>) -> Result<Vec<PlaceTotal>, StoreError>;

    /// Sums by period of some values together, in order; days, months or years.
    fn series(&self, query: &SeriesQuery) -> Result<Vec<(String, Sums)>, StoreError>;

    /// First and last day of all documents.
    fn days(&self) -> Result<Option<Days>, StoreError>;

    /// Documents that match by their words, claims or mentions, by number.
    fn find(&self, query: &FindQuery) -> Result<Found, StoreError>;

    /// How many documents fit; `None` where their texts would have to be read.
    fn count_matching(&self, query: &FindQuery) -> Result<Option<u64>, StoreError>;

    /// A page of rows in the order of a field that has an index. `None` for a field without an index.
    fn sorted(&self, query: &SortedQuery) -> Result<Option<RowPage<SortedRow>>, StoreError>;

    /// Claims that fit, in the order of arrival.
    fn claims_of(&self, query: &ClaimQuery) -> Result<RowPage<ClaimRow>, StoreError>;
    /// The event that one of its claims names (`<document>-c1`). Claims without a day or a place are in no event.
    fn event(&self, id: &str) -> Result<Option<Event>, StoreError>;

    /// A page of events, as analysts ruled them.
    fn events(&self, query: &EventQuery) -> Result<EventPage, StoreError>;

    /// Joins or splits events, or takes the last decision back. Later documents and parses follow the decision.
    ///
    /// # Errors
    /// [`StoreError::Missing`] for an unknown event or claim, [`StoreError::Conflict`] if the decision is about nothing or
    /// the event changed since it was seen.
    fn rule_events(&self, new: &NewEventRuling) -> Result<EventRuling, StoreError>;

    /// The decisions on the claims of an event, those that were taken back too, oldest first.
    fn event_rulings(&self, event: &str) -> Result<Vec<EventRuling>, StoreError>;

    /// Links the next hundred documents that are older than the store's events, and returns how many are left. A store
    /// that was created with events has none.
    fn link_events(&self) -> Result<u64, StoreError>;

    /// Checks the store for faults: hashes, offsets, quotes, orphans, counts. An empty result means that no fault was
    /// found.
    fn check(&self, progress: OnProgress<'_>) -> Result<Vec<Finding>, StoreError>;

    /// Computes counts and indexes again from the rows.
    fn rebuild(&self) -> Result<(), StoreError>;

    /// Everything, as of one moment, in the order in which [`Store::import`] takes it.
    fn export(&self, each: &mut dyn FnMut(Record) -> Result<(), StoreError>) -> Result<(), StoreError>;

    /// Imports records of [`Store::export`] with their numbers, times and versions; existing rows are skipped.
    fn import(&self, records: Vec<Record>) -> Result<(), StoreError>;

    /// Writes a copy as of one moment to a new SQLite file, while others read and write.
    fn backup(&self, file: &Path, progress: OnProgress<'_>) -> Result<(), StoreError>;

    /// Calls back after each change, also one made by another process: within a second.
    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError>;

    /// Asks the store for its version, and checks that it is still the database that was opened.
    fn look(&self) -> Result<i64, StoreError>;

    /// Checks that the store takes writes, by one that changes nothing.
    fn probe(&self) -> Result<(), StoreError>;

    /// Ends writing for good, and leaves the store in its best form for storage: an SQLite store in one file, without a
    /// log. Watches must be dropped before. Dropping a store does the same.
    fn close(&self) -> Result<(), StoreError>;

    /// `sqlite` or `postgresql`, for people.
    fn kind(&self) -> &'static str;
}

/// Opens a store by its address, `sqlite:PATH` or `postgres://…`; an SQLite file that is not there is made.
pub fn open(address: &str) -> Result<Arc<dyn Store>, StoreError> {
    match address.parse()? {
        address::Address::Sqlite(path) => Ok(Arc::new(sqlite::open(&path)?)),
        address::Address::Postgres(url) => Ok(Arc::new(postgres::open(&url)?)),
    }
}
