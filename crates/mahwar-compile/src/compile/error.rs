//! Errors of compiling data, always with the file, and the row and unit if there is one.

use super::{boundaries::BoundaryError, context::ContextError};
use std::{fmt, io, path::Path};

/// A failure of `build-data`.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// No file of a kind that is needed.
    #[error("no {what} under {folder}; looked for {accepted}")]
    Missing {
        /// The dataset, in words.
        what: String,
        /// The folder searched.
        folder: String,
        /// File names that would do.
        accepted: String,
    },
    /// A file that cannot be read or written.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A file whose content is wrong.
    #[error("{0}")]
    Content(Fault),
    /// Boundaries that do not fit together.
    #[error(transparent)]
    Boundaries(#[from] BoundaryError),
    /// Context that cannot be used.
    #[error(transparent)]
    Context(#[from] ContextError),
}

/// An error of content with its location.
#[derive(Debug)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Row, line or feature, counted from 1, where the error has one.
    pub row: Option<usize>,
    /// P-code or other id, where the error has one.
    pub unit: Option<String>,
    /// The fault, and the accepted values.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(unit) = &self.unit {
            write!(f, ", {unit}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl CompileError {
    /// A content error of a whole file.
    pub fn file(file: &Path, what: impl Into<String>) -> Self {
        Self::fault(file, None, None, what.into())
    }

    /// A content error in one row.
    pub fn row(file: &Path, row: usize, what: impl Into<String>) -> Self {
        Self::fault(file, Some(row), None, what.into())
    }

    /// A content error of one unit in one row.
    pub fn unit(file: &Path, row: usize, unit: &str, what: impl Into<String>) -> Self {
        Self::fault(file, Some(row), Some(unit.to_owned()), what.into())
    }

    /// A file that cannot be read or written.
    pub fn io(file: &Path, source: io::Error) -> Self {
        Self::Io {
            file: file.display().to_string(),
            source,
        }
    }

    fn fault(file: &Path, row: Option<usize>, unit: Option<String>, what: String) -> Self {
        Self::Content(Fault {
            file: file.display().to_string(),
            row,
            unit,
            what,
        })
    }
}
