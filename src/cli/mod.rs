//! The command line: one file a command.

/// Compiles `data/`.
pub mod build_data;
