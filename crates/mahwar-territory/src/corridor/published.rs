//! Figures in print for the belt: cited beside each other, never merged.

use crate::territory::{TableError, table};
use serde::{Deserialize, Serialize};

/// The file of published figures.
const FILE: &str = "published_figures.csv";

/// The greatest figure, in any unit: more than the globe has of it.
const MAX_FIGURE: f64 = 1e9;

/// A figure from a public statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedFigure {
    /// When: a date or a month; empty where the source has none.
    #[serde(serialize_with = "empty_as_null")]
    pub date: String,
    /// Person or body, with the office.
    pub who: String,
    /// `more than`, `less than`, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub qualifier: String,
    /// The figure.
    pub figure: f64,
    /// Its unit.
    pub unit: String,
    /// The extent that the figure describes.
    pub extent: String,
    /// Further words of the source on depth or area.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Where it is published.
    pub source: String,
    /// Note for readers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Reads `published_figures.csv`.
pub fn read_published(text: &str) -> Result<Vec<PublishedFigure>, TableError> {
    let rows = table::read::<PublishedFigure>(FILE, text)?;
    let checked = rows.into_iter().map(|(row, figure)| {
        let what = if !(figure.figure > 0.0 && figure.figure <= MAX_FIGURE) {
            format!(
                "the figure is {}; accepted: above 0, at most {MAX_FIGURE}",
                figure.figure
            )
        } else if figure.source.is_empty() {
            "the figure has no source".to_owned()
        } else if !["", "more than", "less than", "about"].contains(&figure.qualifier.as_str()) {
            format!(
                "unknown qualifier {:?}; accepted: about, more than, less than, or nothing",
                figure.qualifier
            )
        } else {
            return Ok(figure);
        };
        Err(TableError { file: FILE, row, what })
    });
    checked.collect()
}

fn empty_as_null<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        serializer.serialize_none()
    } else {
        serializer.serialize_str(text)
    }
}
