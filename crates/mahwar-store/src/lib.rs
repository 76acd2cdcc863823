//! Documents on their way in, and their storage in SQLite or PostgreSQL.

use mahwar_documents as formats;
use mahwar_files as files;
use mahwar_geoparse::{gazetteer, geoparse, language, text};
use mahwar_layers::{document, events, layers};

/// Texts on their way in: JSON, plain text, HTML, files and feeds.
pub mod ingest;
/// Documents that stay, mentions and claims as rows, rulings: in SQLite or PostgreSQL.
pub mod store;
