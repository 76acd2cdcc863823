//! `mahwar store`: moving a store, backing it up, restoring and repairing it.

use super::{Failure, progress::Progress};
use crate::store::{self, Store, StoreError};
use clap::{Args, Subcommand};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Copy a store into another database, back it up while it is in use, restore a backup, repair
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar store copy sqlite:mahwar.db postgres://mahwar@db.example.org/mahwar\n  \
mahwar store backup sqlite:mahwar.db mahwar-2026-01-31.db\n  \
mahwar store restore mahwar-2026-01-31.db sqlite:mahwar.db"
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
        /// sqlite:PATH or postgres://…; created if it does not exist
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
    /// Check a backup and put it in the place of a store; the file that was there is kept under another name
    #[command(
        after_help = "Examples:\n  mahwar store restore mahwar-2026-01-31.db sqlite:mahwar.db\n  \
mahwar store restore mahwar-2026-01-31.db postgres://mahwar@db.example.org/new\n\
The servers that use an SQLite store must be stopped; a PostgreSQL database must be empty."
    )]
    Restore {
        /// An SQLite store, such as mahwar store backup writes
        file: PathBuf,
        /// sqlite:PATH or postgres://…
        store: String,
        /// Restore although the check finds something wrong in the backup
        #[arg(long)]
        even_if_damaged: bool,
    },
    /// Recompute counts and indexes from the documents
    #[command(after_help = "Examples:\n  mahwar store rebuild sqlite:mahwar.db\n\
mahwar reparse repairs documents and does this too where it is needed.")]
    Rebuild {
        /// sqlite:PATH or postgres://…
        store: String,
    },
    /// Set aside a log (-wal) that belongs to another file, so that an SQLite file is used without it
    #[command(after_help = "Examples:\n  mahwar store discard-log sqlite:mahwar.db\n\
After a backup was copied over the file of a server that had not been stopped. The log is renamed, not deleted.")]
    DiscardLog {
        /// sqlite:PATH
        store: String,
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
            Action::Restore {
                file,
                store,
                even_if_damaged,
            } => restore(file, store, *even_if_damaged),
            Action::Rebuild { store } => {
                let store = existing(store)?;
                store.rebuild().map_err(failure)?;
                eprintln!("counts and indexes are computed anew");
                Ok(())
            }
            Action::DiscardLog { store } => {
                match store::discard_log(store).map_err(failure)? {
                    Some(log) => eprintln!("the log is now {}", log.display()),
                    None => eprintln!("there is no log"),
                }
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

fn restore(file: &Path, store: &str, even_if_damaged: bool) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::Input(format!("there is no file {}", file.display())));
    }
    let progress = Progress::new();
    let restored = store::restore(file, store, even_if_damaged, &mut |done, all| progress.show(done, all));
    progress.end();
    let restored = restored.map_err(failure)?;
    for finding in &restored.findings {
        eprintln!("wrong in the backup: {}", finding.what);
    }
    eprintln!(
        "{} documents and {} rulings are restored",
        restored.counts.documents, restored.counts.rulings
    );
    if let Some(before) = restored.before {
        eprintln!("the store that was there is kept as {}", before.display());
    }
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
        StoreError::Address(_)
        | StoreError::Conflict(_)
        | StoreError::TooLarge(_)
        | StoreError::Newer { .. }
        | StoreError::ForeignLog(_)
        | StoreError::Missing(_) => Failure::input(error),
        _ => Failure::failed(error),
    }
}
