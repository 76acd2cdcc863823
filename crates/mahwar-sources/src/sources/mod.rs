//! Own layers: what `mahwar.toml` and `--layer` say of them, one reader for each format, and the state of each.
//!
//! A file is read into memory as a [`crate::layers::Layer`]; a tile archive stays where it is and gives tiles; a PostGIS
//! table is asked for each request. Whatever is wrong with one layer leaves the others whole.

mod archive;
mod build;
mod columns;
mod coordinate;
mod crs;
mod error;
mod formats;
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
