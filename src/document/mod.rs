//! Documents: a text that never changes, its identity, and what was found in it.

mod annotation;
mod record;
mod seeds;

pub use annotation::{annotations, evidence};
pub use record::{Document, DocumentError, MAX_BYTES};
pub use seeds::{SeedError, read_seeds};
