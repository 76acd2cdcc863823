//! `mahwar store`: moving a store and backing it up.

use super::{Failure, progress::Progress};
use crate::store::{self, Store, StoreError};
use clap::{Args, Subcommand};
use std::{path::PathBuf, sync::Arc};

/// Copy a store into another database, or back it up while it is in use
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar store copy sqlite:mahwar.db postgres://mahwar@db.example.org/mahwar\n  \
mahwar store backup sqlite:mahwar.db mahwar-2026-01-31.db"
)]
pub(super) struct StoreCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Copy everything into an empty store, with its numbers, times and rulings; one that was interrupted goes on
    #[command(
        after_help = "Examples:\n  mahwar store copy sqlite:mahwar.db postgres://mahwar@db.example.org/mahwar\n  \
mahwar store copy postgres://mahwar@db.example.org/mahwar sqlite:mahwar.db"
    )]
    Copy {
        /// sqlite:PATH or postgres://…
        from: String,
        /// sqlite:PATH or postgres://…; made when it is not there
        to: String,
    },
    /// Write a copy as of one moment to a new SQLite file, while others read and write
    #[command(
        after_help = "Examples:\n  mahwar store backup sqlite:mahwar.db mahwar-2026-01-31.db\n\
The file is a store of its own: mahwar serve --store sqlite:mahwar-2026-01-31.db"
    )]
    Backup {
        /// sqlite:PATH or postgres://…
        store: String,
        /// The file to write; it must not be there yet
        file: PathBuf,
    },
}

impl StoreCommand {
    pub(super) fn run(&self) -> Result<(), Failure> {
        match &self.action {
            Action::Copy { from, to } => copy(from, to),
            Action::Backup { store, file } => {
                let progress = Progress::new();
                existing(store)?
                    .backup(file, &mut |done, all| progress.show(done, all))
                    .map_err(failure)?;
                progress.end();
                eprintln!("{} is written", file.display());
                Ok(())
            }
        }
    }
}

fn copy(from: &str, to: &str) -> Result<(), Failure> {
    if from == to {
        return Err(Failure::Input("a store cannot be copied onto itself".to_owned()));
    }
    let (from, to) = (existing(from)?, store::open(to).map_err(failure)?);
    let progress = Progress::new();
    store::copy(&*from, &*to, &mut |done, all| progress.show(done, all)).map_err(failure)?;
    progress.end();
    let counts = to.counts().map_err(failure)?;
    eprintln!(
        "{} documents and {} rulings are there",
        counts.documents, counts.rulings
    );
    Ok(())
}

/// Opens a store that is read: a file must be there, so that a slip of the pen makes none.
pub(super) fn existing(address: &str) -> Result<Arc<dyn Store>, Failure> {
    let path = address
        .strip_prefix("sqlite:")
        .map(|path| path.strip_prefix("//").unwrap_or(path));
    if let Some(path) = path.filter(|path| !path.is_empty() && !std::path::Path::new(path).exists()) {
        return Err(Failure::Input(format!("there is no store at {path}")));
    }
    store::open(address).map_err(failure)
}

/// A wrong address, or a copy onto something else, is bad input; all else is a failure.
pub(super) fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::Address(_) | StoreError::Conflict(_) | StoreError::TooLarge(_) | StoreError::Newer { .. } => {
            Failure::input(error)
        }
        _ => Failure::failed(error),
    }
}
