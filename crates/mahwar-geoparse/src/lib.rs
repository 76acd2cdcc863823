#![doc = include_str!("../README.md")]

/// Places, their names and how to find them.
pub mod gazetteer;
/// Text in; mentions, quantities, attributions and claims out.
pub mod geoparse;
/// Languages and texts in three languages.
pub mod language;
/// Folding, offsets, tokens and language of text.
pub mod text;
#[doc(hidden)]
pub mod threads;
