//! Documents: a text that never changes, its identity, and the results of reading it.

mod annotation;
mod record;

pub use annotation::{annotations, evidence};
pub use record::{Document, DocumentError, MAX_BYTES};
