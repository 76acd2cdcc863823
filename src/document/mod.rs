//! Documents: a text that never changes, its identity, and what was found in it.

mod record;

pub use record::{Document, DocumentError, MAX_BYTES};
