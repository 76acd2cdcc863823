//! Quantities, attributions and claims, through the public face.

mod any_text;
mod attributions;
mod claims;
#[path = "../common/mod.rs"]
mod common;
mod evaluation;
mod quantities;
mod reader;
mod seed;
