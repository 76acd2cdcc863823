//! Quantities, attributions and claims, through the public face.

#[path = "../common/mod.rs"]
mod common;
mod evaluation;
mod reader;
mod seed;
