//! Quantities, attributions and claims, through the public face.

mod evaluation;
mod reader;
mod seed;
