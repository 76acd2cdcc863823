//! Quantities, attributions and claims, through the public face.

mod any_text;
mod attributions;
mod evaluation;
mod quantities;
mod reader;
mod seed;
mod types;
