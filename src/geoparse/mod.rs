//! The geoparser: finds the places that a text names, decides which place and which reading,
//! and extracts quantities, attributions and claims.

mod parse;

pub use parse::{
    Attribution, Candidate, Claim, ClaimType, Mention, MentionPlace, Parse, Precision, Quantity, Reading, Speaker,
    Unit, Words,
};
