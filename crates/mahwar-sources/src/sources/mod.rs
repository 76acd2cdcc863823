//! Own layers: their specifications in `mahwar.toml` and `--layer`, one reader for each format, and the state of each.
//!
//! A file is read into memory as a [`crate::layers::Layer`]; a tile archive stays a file and serves tiles; a PostGIS
//! table is queried for each request. A fault in one layer leaves the others whole.

mod archive;
mod build;
mod columns;
mod coordinate;
mod crs;
mod error;
mod formats;
mod numerals;
mod repair;
mod rows;
mod shelf;
mod spec;
mod table;
mod values;
mod wkb;

pub use archive::{Archive, ArchiveTile, TileKind};
pub use build::{Built, Surroundings, build};
pub use error::{Notice, SourceError};
pub use formats::{Format, ParquetRows, parquet_rows, read};
pub use shelf::{Content, Shelf, Status};
pub use spec::{LayerSpec, SpecError, Style};
pub use table::{LiveTable, TablePage, TableQuery};
