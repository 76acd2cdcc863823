//! The geoparser: finds the places that a text names, decides which place and which reading,
//! and extracts quantities, attributions and claims.

mod apposition;
mod assemble;
mod attribution;
mod claim;
mod claim_lexicon;
mod claim_load;
mod clause;
mod cue;
mod dateline;
mod event;
mod evidence;
mod extent;
mod find;
mod foreign_bearer;
mod forms;
mod frequency;
mod geoparser;
mod head;
mod institution;
mod label;
mod lexicon;
mod modality;
mod names;
mod namesake;
mod nationality;
mod number;
mod opening;
mod parents;
mod parse;
mod passage;
#[allow(clippy::wrong_self_convention)] // Descriptions are read "from" a place or a number.
mod position;
mod priors;
mod quantity;
mod quotation;
mod ranks;
mod reading;
mod refutation;
mod region;
mod resolve;
mod respelling;
mod role;
mod rows;
mod scene;
mod speaker;
mod spellings;
mod sport;
mod stated_parent;
mod statement;
mod surname;
mod text_scope;
mod time;
mod titled;
mod trie;
mod variants;
mod victim;
mod words;

/// Fingerprint of the rules of this build: another one may read the same text differently.
///
/// ```
/// assert_eq!(mahwar_geoparse::geoparse::RULES.len(), 16);
/// ```
pub const RULES: &str = env!("MAHWAR_GEOPARSE_RULES");

pub use claim_lexicon::{ClaimFiles, ClaimLexicon, ClaimLexiconError};
pub use cue::{Cue, Cues};
pub use dateline::Setting;
pub use event::{ClaimKind, EventFiles, Party};
pub use geoparser::{Geoparser, Spot};
pub use lexicon::{
    AnyShape, Denial, GeoparseError, Lexicon, NameClass, NameRule, Number, Phrase, Shape, ShortName, SmallWords,
    TypeNoun, WordFrequency,
};
pub use parse::{
    Attribution, Bound, Candidate, Claim, ClaimParty, ClaimType, Mention, MentionPlace, Parse, Part, Precision,
    Quantity, Reading, Role, Speaker, Stance, TITLE_BASE, Unit, Words,
};
pub use position::{
    Coordinates, DistanceLimit, PlacePosition, PlacePositions, Position, PositionArea, PositionExtent, PositionForm,
    PositionHint, PositionKind, PositionRef, attach_positions,
};
pub use statement::Statements;
pub use time::{Calendar, Clock, Grain, Reason, Time, TimeWords};
pub use titled::{read_titled, text_first};
