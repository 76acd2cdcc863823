//! Putting a backup in the place of a store, and setting aside a log that does not belong to its file.

use super::{
    Counts, Finding, OnProgress, Store, StoreError,
    address::Address,
    copy, file_log,
    file_log::beside,
    open,
    part_file::{self, PartFile},
    sqlite,
    store_path::StorePath,
};
use rustix::fs::{FlockOperation, fcntl_lock};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Result of [`restore`].
#[derive(Debug)]
pub struct Restored {
    /// Counts of the store after it.
    pub counts: Counts,
    /// The file that the restore replaced, under its new name.
    pub before: Option<PathBuf>,
    /// Faults of the backup, if it was restored all the same.
    pub findings: Vec<Finding>,
}

/// Puts a backup, an SQLite store in one file, in the place of a store. The backup is copied and checked before anything is
/// changed, and is not changed itself. An SQLite file that is there is kept under another name; a PostgreSQL database must be
/// empty.
///
/// # Errors
/// [`StoreError::Conflict`] if something is wrong in the backup and `even_if_damaged` is not given, if a program holds the
/// file that is to be replaced, or if the database is not empty.
pub fn restore(
    backup: &Path,
    address: &str,
    even_if_damaged: bool,
    progress: OnProgress<'_>,
) -> Result<Restored, StoreError> {
    let address: Address = address.parse()?;
    let beside_what = match &address {
        Address::Sqlite(path) => path.clone(),
        Address::Postgres(_) => std::env::temp_dir().join("mahwar-restore.db"),
    };
    if let Address::Sqlite(path) = &address
        && is_same_file(backup, path)
    {
        return Err(StoreError::Conflict("the backup is the store itself".to_owned()));
    }
    let part = PartFile::beside(&beside_what)?;
    sqlite::copy_alone(backup, part.path())?;
    // A backup of an older version is brought to the present schema in the copy.
    let copied = sqlite::open(part.path())?;
    let findings = copied.check(progress)?;
    if let Some(first) = findings.first().filter(|_| !even_if_damaged) {
        return Err(StoreError::Conflict(format!(
            "{} things are wrong in {}, such as: {}; mahwar check --store sqlite:{} lists them. Nothing was changed; with \
             --even-if-damaged it is restored all the same",
            findings.len(),
            backup.display(),
            first.what,
            backup.display()
        )));
    }
    let counts = copied.counts()?;
    let before = match &address {
        Address::Sqlite(path) => {
            copied.close()?;
            drop(copied);
            sqlite::single(part.path())?;
            put_in_place(part, path)?
        }
        Address::Postgres(url) => {
            let to = open(url)?;
            if to.counts()?.version != 0 {
                return Err(StoreError::Conflict(
                    "the database is not empty; restore into a new one, then point the servers to it".to_owned(),
                ));
            }
            copy(&copied, &*to, progress)?;
            None
        }
    };
    Ok(Restored {
        counts,
        before,
        findings,
    })
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// A file that no other program uses, until this is dropped.
struct LockedFile(#[allow(dead_code)] fs::File);

/// Locks the whole file against SQLite, which holds a part of it locked while it is open; `None` if there is no file.
fn hold(path: &Path) -> Result<Option<LockedFile>, StoreError> {
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", path.display()));
    let file = match fs::OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(LockedFile(file))),
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => Err(StoreError::Conflict(format!(
            "a server or another program has {} open; stop it first",
            path.display()
        ))),
        Err(error) => Err(failed(error.into())),
    }
}

/// A name beside a file that nothing has: `store.db.before-restore-20260131T120000Z`.
fn aside(path: &Path, what: &str) -> PathBuf {
    let now = format!("{:.0}", jiff::Timestamp::now());
    let time: String = now.chars().filter(|letter| !":-".contains(*letter)).collect();
    let name = |nth: u32| match nth {
        0 => beside(path, &format!(".{what}-{time}")),
        nth => beside(path, &format!(".{what}-{time}-{nth}")),
    };
    let mut names = (0..).map(name);
    names
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or_else(|| beside(path, what))
}

/// Gives a whole copy the name of the store. If this is cut off, either file is at the path, whole; an old log beside the new
/// file is refused when it is opened.
fn put_in_place(part: PartFile, path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("{}: {error}", path.display()));
    // A link is followed, so that it still leads to the store.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let held = hold(path)?;
    let before = held.as_ref().map(|_| aside(path, "before-restore"));
    if let Some(before) = &before {
        fs::hard_link(path, before)
            .or_else(|_| fs::copy(path, before).map(drop))
            .map_err(failed)?;
    }
    part.replace(path)?;
    let log = beside(path, "-wal");
    if log.symlink_metadata().is_ok() {
        let target = before
            .as_ref()
            .map_or_else(|| aside(path, "before-restore"), Clone::clone);
        fs::rename(&log, beside(&target, "-wal")).map_err(failed)?;
    }
    remove(&beside(path, "-shm"))?;
    part_file::sync_folder(path);
    drop(held);
    Ok(before)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StoreError::Unavailable(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Renames the log beside an SQLite store, so that the file is used as it is; returns the new name of the log, none if
/// there was no log.
///
/// # Errors
/// [`StoreError::Conflict`] if a program has the file open, or if the log belongs to the file and holds documents.
pub fn discard_log(address: &str) -> Result<Option<PathBuf>, StoreError> {
    let Address::Sqlite(path) = address.parse()? else {
        return Err(StoreError::Address(
            "only a store in an SQLite file has a log beside it".to_owned(),
        ));
    };
    let path = StorePath::follow(&path)?.file;
    let log = beside(&path, "-wal");
    if !file_log::has_bytes(&log) {
        return Ok(None);
    }
    let held = hold(&path)?;
    if held.is_some() && file_log::check(&path).is_ok() {
        return Err(StoreError::Conflict(format!(
            "the log {} belongs to {} and may hold documents; starting a server writes it back into the file",
            log.display(),
            path.display()
        )));
    }
    let target = aside(&log, "discarded");
    fs::rename(&log, &target).map_err(|error| StoreError::Unavailable(format!("{}: {error}", log.display())))?;
    remove(&beside(&path, "-shm"))?;
    part_file::sync_folder(&path);
    Ok(Some(target))
}
