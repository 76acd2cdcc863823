//! The geoparser: finds the places that a text names, decides which place and which reading,
//! and extracts quantities, attributions and claims.

mod assemble;
mod cue;
mod extent;
mod find;
mod geoparser;
mod lexicon;
mod names;
mod parse;
mod reading;
mod resolve;
mod trie;
mod words;

pub use cue::{Cue, Cues};
pub use geoparser::Geoparser;
pub use lexicon::{
    AnyShape, Denial, GeoparseError, Lexicon, NameClass, NameRule, Number, Phrase, Shape, ShortName, TypeNoun,
};
pub use parse::{
    Attribution, Candidate, Claim, ClaimType, Mention, MentionPlace, Parse, Precision, Quantity, Reading, Speaker,
    Unit, Words,
};
