//! Why the store did not do what it was asked.

/// A failure of the store. Each names what is wrong and what would help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or another writer holds it for too long. Trying again later helps.
    #[error("the store is not available now: {0}")]
    Unavailable(String),
    /// The disk, or the room that the database may take, is full.
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
    /// It contradicts what is there.
    #[error("this contradicts what the store holds: {0}")]
    Conflict(String),
    /// What it is about is not there.
    #[error("the store has no {0}")]
    Missing(String),
    /// The address names no store.
    #[error("{0}")]
    Address(String),
    /// What was read is not what was written, or the database refuses what it must take.
    #[error("the store is broken: {0}")]
    Broken(String),
}

impl StoreError {
    /// Seconds after which the same request may succeed; `None` where trying again does not help.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Unavailable(_) => Some(2),
            Self::Full(_) | Self::ReadOnly(_) => Some(60),
            _ => None,
        }
    }
}
