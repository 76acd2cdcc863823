//! Text: folding with a way back to the source, offsets in three units, tokens, language by paragraph.

mod offset;

pub use offset::{Offsets, Span};
