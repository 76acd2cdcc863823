//! Text: folding with a way back to the source, offsets in three units, tokens, language by paragraph.

mod address;
mod affix;
mod fold;
mod key;
mod language;
mod letters;
mod lines;
mod offset;
mod presentation;
pub mod printable;
mod scan;
mod sentence;
mod token;
mod vocabulary;
mod xml;

pub use affix::{Affix, Affixes};
pub use fold::{Folded, fold, fold_with_map, folded_letters};
pub use key::{Key, Script};
pub use language::Languages;
pub use offset::{OffsetCounter, Offsets, Span};
pub use sentence::sentence_at;
pub use token::{Kind, Paragraph, Reader, Token, Tokens, key_of, keys_of};
pub use vocabulary::{UNKNOWN, Vocabulary, WordId};
pub use xml::escape_xml;
