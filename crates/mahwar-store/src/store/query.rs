//! Questions that the counts and the indexes of a store answer.

use super::{Order, Question, StoredDocument};
use crate::{
    geoparse::MentionPlace,
    layers::{CountKey, Counts, Days, Dimension, ReadDocument, quoted_parts},
};
use std::sync::Arc;

/// Query for sums: one for each value of a dimension, of a type of claim, or of a speaker.
#[derive(Clone, Debug)]
pub struct TotalsQuery {
    /// Dimension that is counted.
    pub dimension: Dimension,
    /// Only this value; all for `None`.
    pub value: Option<String>,
    /// Only claims of this type; everything when empty.
    pub kind: String,
    /// Only claims of this speaker; everything when empty.
    pub speaker: String,
    /// Grouping of the sums.
    pub by: SumsBy,
    /// Within these days; `None` for all documents, undated ones too.
    pub days: Option<Days>,
    /// As ruled (true), or as the machine read it.
    pub ruled: bool,
}

/// Grouping of sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SumsBy {
    /// By the values of the dimension.
    Value,
    /// By types of claims.
    Kind,
    /// By speakers of claims.
    Speaker,
}

impl TotalsQuery {
    /// All values of a dimension, ever, as ruled.
    pub fn of(dimension: Dimension) -> Self {
        Self {
            dimension,
            value: None,
            kind: String::new(),
            speaker: String::new(),
            by: SumsBy::Value,
            days: None,
            ruled: true,
        }
    }
}

/// A place with its counts.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceTotal {
    /// The place.
    pub place: Arc<MentionPlace>,
    /// Mentions that are drawn, documents, claims.
    pub counts: Counts,
    /// First and last day on which it is mentioned, ever; `None` where no document has a date.
    pub days: Option<Days>,
}

/// Query for sums by period.
#[derive(Clone, Debug)]
pub struct SeriesQuery {
    /// Dimension, type and speaker; its value counts where `values` is empty.
    pub key: CountKey,
    /// These values together; that of the key when empty.
    pub values: Vec<String>,
    /// Letters of a period: 10 for days, 7 for months, 4 for years.
    pub letters: usize,
    /// Within these days.
    pub days: Option<Days>,
    /// As ruled (true), or as the machine read it.
    pub ruled: bool,
}

/// Query for documents.
#[derive(Clone, Debug, Default)]
pub struct FindQuery {
    /// Words of title and text.
    pub question: Option<Question>,
    /// True if the words are looked for only in titles and in quoted sentences, as everybody is shown them.
    pub quoted_only: bool,
    /// Tag of the language.
    pub language: Option<String>,
    /// Publisher, exactly.
    pub publisher: Option<String>,
    /// A claim of this speaker, exactly.
    pub speaker: Option<String>,
    /// A claim of this type.
    pub kind: Option<String>,
    /// A mention that is drawn at this place.
    pub place: Option<String>,
    /// A mention that is drawn in this unit.
    pub unit: Option<String>,
    /// A mention that is drawn with at least this confidence; at the place or in the unit, where one is asked for.
    pub min_confidence: Option<f64>,
    /// Published within these days.
    pub days: Option<Days>,
    /// Order of the documents.
    pub order: Order,
    /// Number of the last document of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: usize,
    /// At most so many documents are looked at for phrases.
    pub looked_at: usize,
}

impl FindQuery {
    /// True if the index of words cannot answer alone: each text that has the words must be read.
    pub fn reads_texts(&self) -> bool {
        let question = self.question.as_ref();
        question.is_some_and(|question| self.quoted_only || question.has_phrases())
    }

    /// True if a document that the index of words found matches the question.
    pub fn is_worded(&self, read: &ReadDocument) -> bool {
        let document = &read.document;
        match &self.question {
            None => true,
            Some(question) if self.quoted_only => question.is_in_parts(&quoted_parts(read)),
            Some(question) => !question.has_phrases() || question.has_phrases_in(&document.title, &document.text),
        }
    }

    /// True if every document fits.
    pub fn is_everything(&self) -> bool {
        let words = [
            &self.language,
            &self.publisher,
            &self.speaker,
            &self.kind,
            &self.place,
            &self.unit,
        ];
        self.question.is_none()
            && self.days.is_none()
            && self.min_confidence.is_none()
            && words.iter().all(|word| word.is_none())
    }
}

/// Documents that were found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Those that can be read.
    pub documents: Vec<StoredDocument>,
    /// Number to go on after; `None` at the end.
    pub next: Option<i64>,
    /// Those of this page that cannot be read.
    pub damaged: Vec<super::Damaged>,
}

/// A field that a database puts rows in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortField {
    /// Publication date of the document.
    Published,
    /// Type of a claim.
    Kind,
    /// Speaker of a claim.
    Speaker,
}

/// A row in the order of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedRow {
    /// Document id.
    pub document: String,
    /// The document's number.
    pub number: i64,
    /// Position among the mentions or claims of the document, from 1; 0 for the document itself.
    pub ordinal: u32,
    /// The value of the field.
    pub value: Option<String>,
}

/// Query for claims, in order of arrival.
#[derive(Clone, Debug, Default)]
pub struct ClaimQuery {
    /// `(number, ordinal)` of the last row of the page before.
    pub after: (i64, u32),
    /// Of documents of these days, or without a date.
    pub days: Option<Days>,
    /// Of this type.
    pub kind: Option<String>,
    /// Of this speaker, exactly.
    pub speaker: Option<String>,
    /// Of documents with a mention or a claim at one of these places; further claims of the same documents too.
    pub area: Option<Area>,
    /// So many rows are passed over first.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

/// Places of an area.
#[derive(Clone, Debug)]
pub struct Area {
    /// West, south, east, north in degrees: places of the store within it.
    pub bbox: [f64; 4],
    /// Ids of all places of the land within it.
    pub places: Vec<String>,
    /// Those of them that are administrative units.
    pub units: Vec<String>,
}

/// Query for sorted rows.
#[derive(Clone, Debug)]
pub struct SortedQuery {
    /// `claims`, `mentions` or `documents`.
    pub layer: String,
    /// By which field.
    pub field: SortField,
    /// From the greatest on. Rows without a value come last, whichever way.
    pub descending: bool,
    /// Only these days.
    pub days: Option<Days>,
    /// Only claims of this type.
    pub kind: Option<String>,
    /// Only claims of this speaker.
    pub speaker: Option<String>,
    /// As ruled (true), or as the machine read it.
    pub ruled: bool,
    /// Value (`None` for none), number and ordinal of the last row of the page before; `None` for the first page.
    pub after: Option<(Option<String>, i64, u32)>,
    /// So many rows are passed over first.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}
