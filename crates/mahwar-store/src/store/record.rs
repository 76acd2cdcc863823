//! Input and output records of the store.

use super::{Edit, EventRuling, Ruling};
use crate::{
    document::Document,
    geoparse::{ClaimType, MentionPlace, Parse, Part, Reading},
    layers::{Days, ReadDocument},
    text::Offsets,
};

/// A document to be put.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The text and its description.
    pub document: Document,
    /// Result of the geoparser for it.
    pub parse: Parse,
    /// Original that the text was extracted from, to be kept.
    pub original: Option<Original>,
}

/// The bytes that a text was extracted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Media type, such as `text/html; charset=utf-8`.
    pub media_type: String,
    /// As they came.
    pub bytes: Vec<u8>,
}

/// Result of putting a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// The document's id.
    pub id: String,
    /// Its number in order of arrival, from 1.
    pub number: i64,
    /// False when the same text existed already, or was deleted.
    pub created: bool,
    /// Set when the text was deleted before and therefore not put; its number is that of the deleted document.
    pub deleted: Option<Deletion>,
}

/// The tombstone of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Number that the document had.
    pub number: i64,
    /// Id that the document had.
    pub id: String,
    /// SHA-256 of its text, hexadecimal.
    pub sha256: String,
    /// SHA-256 of the words of its text, hexadecimal: the same for texts that differ in blanks, signs or capitals only. `None`
    /// for a text without words, and in tombstones of older versions.
    pub words: Option<String>,
    /// The change that deleted it.
    pub version: i64,
    /// Author of the deletion, if known.
    pub author: Option<String>,
    /// Why.
    pub reason: String,
    /// Time (RFC 3339, UTC).
    pub time: String,
}

/// A document that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its number in order of arrival.
    pub number: i64,
    /// Its id, or its number as text where the id cannot be read.
    pub id: String,
    /// The part that cannot be read, and the reason.
    pub cause: String,
}

/// One page of the documents.
#[derive(Clone, Debug, Default)]
pub struct DocumentPage {
    /// Those that can be read.
    pub documents: Vec<StoredDocument>,
    /// [`Page::after`] of the next page; `None` at the end.
    pub next: Option<i64>,
    /// Those of this page that cannot be read.
    pub damaged: Vec<Damaged>,
}

/// Some rows in the order of arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPage<T> {
    /// Those that can be read.
    pub rows: Vec<T>,
    /// `(number, ordinal)` to go on after; `None` at the end.
    pub next: Option<(i64, u32)>,
    /// Number of these rows that cannot be read.
    pub damaged: u64,
}

impl<T> Default for RowPage<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            next: None,
            damaged: 0,
        }
    }
}

/// The text of a document, which is all that reading it again needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentText {
    /// Id.
    pub id: String,
    /// Its title, where it says more than the beginning of the text.
    pub title: Option<String>,
    /// The text; it has the SHA-256 that it was stored with.
    pub text: String,
    /// Publication date, where known.
    pub published: Option<String>,
}

/// Another outlet of a document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Source {
    /// Address of its publication.
    pub source_url: Option<String>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Publication date.
    pub published: Option<String>,
    /// Time of its arrival (RFC 3339, UTC).
    pub added: String,
}

/// A feed in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its address, without a password.
    pub address: String,
    /// Origin of the list entry: `settings`, `api` or `command`.
    pub listed_by: String,
    /// State after the last run, as JSON.
    pub state: String,
    /// The server that asks it now.
    pub locked_by: Option<String>,
    /// Until when, in seconds since 1970.
    pub locked_until: i64,
    /// Time of the next run, in seconds since 1970.
    pub due: i64,
}

/// A lock that a server wants on a feed.
#[derive(Clone, Copy, Debug)]
pub struct FeedLease<'l> {
    /// The feed.
    pub address: &'l str,
    /// The server.
    pub holder: &'l str,
    /// Present time in seconds since 1970.
    pub now: i64,
    /// Time at which the lock expires, in seconds since 1970.
    pub until: i64,
}

/// Relations of a document to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kin {
    /// Outlets of the same text with the same title, beside the first.
    pub sources: Vec<Source>,
    /// Ids of documents with the same text under another title, in order of arrival; at most 100.
    pub same_text: Vec<String>,
}

/// A document of the store.
#[derive(Clone, Debug)]
pub struct StoredDocument {
    /// Number in order of arrival, from 1.
    pub number: i64,
    /// The change that last touched it.
    pub version: i64,
    /// Time of its arrival (RFC 3339, UTC).
    pub added: String,
    /// Media type of the original, where one is kept.
    pub original: Option<String>,
    /// The reader that made the parse ([`Store::use_reader`](super::Store::use_reader)); unknown in old rows.
    pub reader: Option<i64>,
    /// The document and its parse with the edits in force.
    pub read: ReadDocument,
}

/// Order of the documents in a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Latest arrival first.
    #[default]
    Newest,
    /// In order of arrival.
    Arrival,
}

/// A page of documents.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Order of the documents.
    pub order: Order,
    /// Number of the last document of the page before; `None` for the first page.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// A state of a store that can be recognised later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Random id of the store; copies of the database have the same.
    pub store: String,
    /// Version of the store.
    pub version: i64,
    /// Random mark of the transaction that ended with this version.
    pub mark: String,
}

/// Changes committed after a version.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Each with its version, in order of commit.
    pub changes: Vec<(i64, Change)>,
    /// The version to ask from next time.
    pub version: i64,
    /// The present moment, which is later than `version` when there are more changes.
    pub now: Moment,
    /// True if there are more changes than were asked for.
    pub more: bool,
}

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// This document was put or parsed again.
    Document {
        /// Number in order of arrival.
        number: i64,
        /// Id.
        id: String,
    },
    /// A ruling was made or undone.
    Ruling(Ruling),
    /// A document was deleted, with everything that was found in it and its rulings.
    Deletion(Deletion),
    /// A document was corrected, or a claim or mention of it added, corrected or deleted, or such an edit was undone.
    Edit(Edit),
    /// Events were joined or split, or such a decision was undone.
    Events(EventRuling),
}

/// Numbers of documents, rulings, places and drawn mentions in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: u64,
    /// Rulings, undone ones too.
    pub rulings: u64,
    /// Places that are or were mentioned.
    pub places: u64,
    /// Mentions that are drawn, as ruled.
    pub drawn: u64,
    /// The version that these counts are of.
    pub version: i64,
    /// Number of the newest document, deleted ones included.
    pub last: i64,
}

/// Result of parsing a document again, with its rulings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reparsed {
    /// True if the new parse differs from the old one; otherwise nothing was written.
    pub changed: bool,
    /// True if rows of the document could not be read and were written anew.
    pub repaired: bool,
    /// Rulings in force whose span is a mention again.
    pub kept: Vec<Ruling>,
    /// Rulings in force whose span is no mention any more: kept as rows, without effect.
    pub strays: Vec<Ruling>,
}

/// Query for drawn mentions.
#[derive(Clone, Debug)]
pub struct MentionQuery {
    /// `[west, south, east, north]` in degrees; west > east crosses the antimeridian.
    pub bbox: Option<[f64; 4]>,
    /// First and last day (`2021-12-03`), both inclusive; undated documents are left out when either is given.
    pub days: [Option<String>; 2],
    /// Place id.
    pub place: Option<String>,
    /// Document id.
    pub document: Option<String>,
    /// As ruled (true), or as the machine read it.
    pub ruled: bool,
    /// Of documents of these days, or without a date.
    pub within: Option<Days>,
    /// `(number, ordinal)` of the last row of the page before; `(0, 0)` for the first page.
    pub after: (i64, u32),
    /// So many rows are passed over first.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

impl Default for MentionQuery {
    fn default() -> Self {
        Self {
            bbox: None,
            days: [None, None],
            place: None,
            document: None,
            ruled: true,
            within: None,
            after: (0, 0),
            skip: 0,
            limit: 1000,
        }
    }
}

/// A drawn mention as a row.
#[derive(Clone, Debug, PartialEq)]
pub struct MentionRow {
    /// Document id.
    pub document: String,
    /// The document's number.
    pub number: i64,
    /// Position among the mentions of the document, from 1: mention `m3` is 3.
    pub ordinal: u32,
    /// The name as written in the text.
    pub quote: String,
    /// Part with the mention: the text or the title.
    pub part: Part,
    /// Position in it.
    pub offsets: Offsets,
    /// The place where it is drawn.
    pub place: std::sync::Arc<MentionPlace>,
    /// The machine's reading.
    pub reading: Reading,
    /// The machine's confidence.
    pub confidence: f64,
    /// Day of publication, where known.
    pub day: Option<String>,
    /// The verdict in force, where there is one: `accept`, `move`, …
    pub ruled: Option<String>,
}

/// A claim as a row.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    /// Document id.
    pub document: String,
    /// The document's number.
    pub number: i64,
    /// Position among the claims of the document, from 1.
    pub ordinal: u32,
    /// Kind.
    pub kind: ClaimType,
    /// `claimed` or `reported`.
    pub status: String,
    /// Part with the claim's words: the text or the title.
    pub part: Part,
    /// Position in it.
    pub offsets: Offsets,
    /// Speaker, in the words of the text.
    pub speaker: Option<String>,
    /// Ids of its places.
    pub places: Vec<String>,
    /// Day of publication, where known.
    pub day: Option<String>,
}

/// Number of mentions of a place on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceDay {
    /// The place.
    pub place: std::sync::Arc<MentionPlace>,
    /// Day of publication; `None` for documents without a date.
    pub day: Option<String>,
    /// Drawn mentions.
    pub mentions: u64,
    /// Documents with such mentions.
    pub documents: u64,
}

/// Something broken that [`super::Store::check`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The document, where it is about one.
    pub document: Option<String>,
    /// Description of the fault.
    pub what: String,
}

/// One piece of an export.
#[derive(Clone, Debug)]
pub enum Record {
    /// A document with its original.
    Document(Box<StoredDocument>, Option<Original>),
    /// A ruling.
    Ruling(Ruling),
    /// A tombstone.
    Deletion(Deletion),
    /// A decision on events.
    EventRuling(EventRuling),
    /// All edits of a document, with the reading of the corrected document where its title or date was corrected.
    Edits(Vec<Edit>, Option<Box<Parse>>),
}
