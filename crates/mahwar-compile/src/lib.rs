//! Compiles public reference files into the data folder of one land, and checks it.

use mahwar_geoparse::{gazetteer, language};
use mahwar_territory::{corridor, geodesy, territory};

/// `build-data`: reads public reference files and writes the project's own `data/`.
pub mod compile;
