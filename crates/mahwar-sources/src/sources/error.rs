//! Faults of a source: the file or table, the row, the fault, and the remedy for the operator.

use serde::Serialize;
use std::fmt;

/// Why a layer cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SourceError {
    /// The file or table as the operator named it; a password is left out.
    pub source_name: String,
    /// The row, line or feature, from 1.
    pub row: Option<u64>,
    /// The fault.
    pub what: String,
    /// How to mend it; empty where nothing can be said.
    pub remedy: String,
    /// True if the same request may succeed later: an unreachable database, a file that is being written.
    pub is_passing: bool,
}

impl SourceError {
    /// A fault of the whole source.
    pub fn new(source: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            source_name: source.into(),
            row: None,
            what: what.into(),
            remedy: String::new(),
            is_passing: false,
        }
    }

    /// The same fault with a remedy.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// The same fault in a row.
    pub fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same fault, which may pass.
    pub fn passing(mut self) -> Self {
        self.is_passing = true;
        self
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source_name)?;
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        f.write_str(&self.what)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

/// Something that an operator should know of a layer that is served all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The row, line or feature, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The fact, with the remedy.
    pub text: String,
}

/// Most notices of a layer that are stored; the others are counted.
pub const MAX_NOTICES: usize = 20;

/// Notices of one layer while it is read.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// The first [`MAX_NOTICES`].
    pub list: Vec<Notice>,
    /// How many there are in all.
    pub count: usize,
}

impl Notices {
    /// Adds a notice on the whole layer.
    pub fn note(&mut self, text: impl Into<String>) {
        self.add(None, text.into());
    }

    /// Adds a notice on a row.
    pub fn row(&mut self, row: u64, text: impl Into<String>) {
        self.add(Some(row), text.into());
    }

    fn add(&mut self, row: Option<u64>, text: String) {
        self.count += 1;
        if self.list.len() < MAX_NOTICES {
            self.list.push(Notice { row, text });
        }
    }
}
