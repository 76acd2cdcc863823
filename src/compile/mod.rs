//! `build-data`: compiles public reference files into the project's own `data/`.

pub mod boundaries;
pub mod context;
mod neighbours;
mod rings;
