//! Mahwar turns news text about contested land into map layers that anyone can check.
//!
//! The core (`text`, `gazetteer`, `geoparse`, `geodesy`, `territory`, `corridor`, `layers`, `tiles`, `query`) does no
//! I/O and knows no HTTP; `land`, `server`, `store`, `compile` and `cli` are built on it.

pub use mahwar_compile::compile;
pub use mahwar_documents as formats;
pub use mahwar_export::export;
pub use mahwar_files as files;
use mahwar_geoparse::threads;
pub use mahwar_geoparse::{gazetteer, geoparse, language, text};
pub use mahwar_layers::{document, events, layers, tiles};
pub use mahwar_map::{fonts, render, style};
pub use mahwar_query::query;
pub use mahwar_sources::sources;
pub use mahwar_store::{ingest, store};
pub use mahwar_territory::{corridor, geodesy, position_geometry, territory};

/// Limits on bytes that are worked on at a time.
pub mod budget;
/// Command line: one file a command.
pub mod cli;
/// One land: everything read from a data folder, ready for use.
pub mod land;
/// Checks of a land's tables before they are read.
pub mod land_tables;
/// The log: one event is one printable line; records of writes and of requests are JSON.
pub mod log;
/// Licences and notices of everything that the binary holds.
pub mod notices;
/// Puts a land and its documents before the server.
pub mod publish;
/// The HTTP side.
pub mod server;
/// Tables with places.
pub mod table;
