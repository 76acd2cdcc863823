//! The geoparser: finds the places that a text names, decides which place and which reading,
//! and extracts quantities, attributions and claims.

mod attribution;
mod claim;
mod claim_lexicon;
mod claim_load;
mod clause;
mod number;
mod opening;
mod parse;
mod passage;
mod quantity;
mod quotation;
mod speaker;
mod statement;

pub use claim_lexicon::{ClaimFiles, ClaimLexicon, ClaimLexiconError};
pub use parse::{
    Attribution, Candidate, Claim, ClaimType, Mention, MentionPlace, Parse, Precision, Quantity, Reading, Speaker,
    Unit, Words,
};
pub use statement::Statements;
