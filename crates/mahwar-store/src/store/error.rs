//! Store errors.

use super::Deletion;

/// A failure of the store. Each names the fault and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or another writer holds it for too long. Trying again later helps.
    #[error("the store is not available now: {0}")]
    Unavailable(String),
    /// The disk, or the quota of the database, is full.
    #[error("the store is full: {0}")]
    Full(String),
    /// The file or the server takes no writes.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// A later program has written it.
    #[error(
        "the store has schema {found}, which a newer version of this program has written; this version knows schemas up to {known}"
    )]
    Newer {
        /// Schema of the store.
        found: i64,
        /// Last schema that this program knows.
        known: i64,
    },
    /// The log beside the file belongs to another file, or to another state of it.
    #[error("{0}")]
    ForeignLog(String),
    /// The file was deleted, replaced or overwritten while it was open.
    #[error("the store's file is another one now: {0}")]
    Replaced(String),
    /// The document was deleted; its tombstone.
    #[error("document {} was deleted at {}: {}", .0.id, .0.time, .0.reason)]
    Deleted(Box<Deletion>),
    /// Rows of this document cannot be read; the text is intact or not.
    #[error("document {document} cannot be read: {cause}")]
    Damaged {
        /// Id, or its number where the id cannot be read.
        document: String,
        /// The row or value, and the fault.
        cause: String,
    },
    /// It contradicts stored data.
    #[error("this contradicts what the store holds: {0}")]
    Conflict(String),
    /// It is larger than the store takes. Trying again does not help.
    #[error("this is too large for the store: {0}")]
    TooLarge(String),
    /// The object does not exist.
    #[error("the store has no {0}")]
    Missing(String),
    /// The address names no store.
    #[error("{0}")]
    Address(String),
    /// A value that was read is not the one that was written, or the database refuses a value that it must accept.
    #[error("the store is broken: {0}")]
    Broken(String),
}

impl StoreError {
    /// Seconds after which the same request may succeed; `None` where trying again does not help.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Unavailable(_) => Some(2),
            Self::Full(_) | Self::ReadOnly(_) | Self::Replaced(_) | Self::ForeignLog(_) => Some(60),
            _ => None,
        }
    }

    /// The kind of error in words that contain no path and no address, for public responses.
    pub fn trouble(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "it does not answer, or another program holds it",
            Self::Full(_) => "it is full",
            Self::ReadOnly(_) => "it may only be read",
            Self::Newer { .. } => "a newer version of this program has written it",
            Self::ForeignLog(_) => "the log beside its file belongs to another file",
            Self::Replaced(_) => "its file was deleted, moved, replaced or overwritten",
            Self::Address(_) => "its address is wrong",
            Self::Broken(_) => "it is broken",
            Self::Deleted(_) | Self::Damaged { .. } | Self::Conflict(_) | Self::TooLarge(_) | Self::Missing(_) => {
                "it refused a request"
            }
        }
    }
}
