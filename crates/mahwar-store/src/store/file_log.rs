//! Checks whether the write-ahead log beside an SQLite file belongs to the file.
//!
//! SQLite replays any log with valid checksums over any file of its name. A backup that was copied over the file of a
//! server that was killed, or that still runs, is then mixed with pages of another state.
//!
//! Each transaction writes a random mark and the mark before it into one row (`log_mark`). The first such row of a log names
//! the mark that the file had when the log began; a checkpoint that was interrupted has copied one of the later marks into
//! the file. So the mark that is read from the file alone must be one of these. After a crash it always is.

use super::{
    StoreError,
    log_reader::{LogReader, is_headed},
    store_path::StorePath,
};
use rusqlite::{Connection, OpenFlags};
use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Begins the row of `log_mark`; two marks of [`DIGITS`] hexadecimal digits follow, with a colon between them.
pub(super) const PREFIX: &str = "mahwar-log:";
const DIGITS: usize = 32;
/// The mark before the first one.
const NONE: &str = "00000000000000000000000000000000";
/// Attempts at reading a log that does not fit: another process may be writing to it, or to the file, now.
const TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_millis(60);

/// The path of a file beside the store: `-wal`, `-shm`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// True if a file exists and is not empty.
pub(super) fn has_bytes(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.len() > 0)
}

/// Checks that the log beside a file, if there is one, belongs to the file.
///
/// # Errors
/// [`StoreError::ForeignLog`] if it does not; [`StoreError::Broken`] if the file cannot be read.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    let path = StorePath::follow(path)?;
    if let Some(log) = path.log_beside_link() {
        return Err(beside_link(&path.file, &log));
    }
    let path = &*path.file;
    let log = beside(path, "-wal");
    let mut found = compare(path, &log);
    for _ in 1..TRIES {
        if found.is_ok() {
            return Ok(());
        }
        thread::sleep(PAUSE);
        found = compare(path, &log);
    }
    found
}

fn compare(path: &Path, log: &Path) -> Result<(), StoreError> {
    if !has_bytes(log) {
        return Ok(());
    }
    if !has_bytes(path) {
        return Err(foreign(path, "the file is missing or empty"));
    }
    let unreadable = |error: rusqlite::Error| StoreError::Broken(format!("{}: {error}", path.display()));
    // Read before the log: pages that a checkpoint copies meanwhile are in the log.
    let own = match FileAlone::read(path) {
        Ok(alone) => alone.mark,
        // A checkpoint that was interrupted has written the size of the file, and not yet all of its pages.
        Err(_) if has_first_page_of_log(path, log).unwrap_or(false) => return Ok(()),
        Err(error) => return Err(unreadable(error)),
    };
    let marks = match marks_of_log(log) {
        Ok(marks) => marks,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::Unavailable(format!("{}: {error}", log.display()))),
    };
    // A log of an older version of this program, or one without a complete transaction, proves nothing.
    let Some(base) = marks.base else {
        return match is_beheaded(log).unwrap_or(false) {
            true => Err(beheaded(path)),
            false => Ok(()),
        };
    };
    let fits = match &own {
        Some(own) => *own == base || marks.all.contains(own),
        // An older schema: the log must begin with the step to the present one.
        None => base == NONE,
    };
    match fits {
        true => Ok(()),
        false => Err(foreign(
            path,
            "it was written beside another file or another state of this file",
        )),
    }
}

fn foreign(path: &Path, why: &str) -> StoreError {
    let path = path.display();
    StoreError::ForeignLog(format!(
        "the log {path}-wal does not belong to {path}: {why}. Nothing was changed. To keep {path} without this log (after a \
         backup was copied over it), run: mahwar store discard-log sqlite:{path}. To have the documents of the log, put \
         the file back that it was written beside."
    ))
}

/// The error for a log that SQLite would not find.
fn beside_link(file: &Path, log: &Path) -> StoreError {
    let (file, log) = (file.display(), log.display());
    StoreError::ForeignLog(format!(
        "the log {log} lies beside a symbolic link; SQLite reads a log only beside the file that the link leads to, {file}. \
         Nothing was changed. If {file} was renamed and the link put in its place, the log may hold documents: stop every \
         server of this store, run mv {log} {file}-wal, and start again. Otherwise move {log} to another folder."
    ))
}

/// The error for a log whose beginning is overwritten: SQLite would take it for an empty one.
fn beheaded(path: &Path) -> StoreError {
    let path = path.display();
    StoreError::Broken(format!(
        "the beginning of the log {path}-wal is damaged, and it holds transactions that may be missing in {path}. Nothing was \
         changed. Restore the last backup: mahwar store restore FILE sqlite:{path}. To keep {path} without the documents of \
         the log, run: mahwar store discard-log sqlite:{path}"
    ))
}

/// True if a log has transactions and a header that SQLite does not accept. A crash does not leave such a log: the header is
/// on the disk before the first transaction.
fn is_beheaded(log: &Path) -> std::io::Result<bool> {
    if is_headed(log)? {
        return Ok(false);
    }
    let found = memchr::memmem::find(&std::fs::read(log)?, PREFIX.as_bytes());
    Ok(found.is_some())
}

/// Content of a file without its log.
pub(super) struct FileAlone {
    /// `None` in a file of an older schema.
    mark: Option<String>,
    /// Id and version of the store; `None` in a file of an older schema.
    pub state: Option<(String, i64)>,
}

impl FileAlone {
    /// Reads a file as if nobody could change it and no log lay beside it.
    pub fn read(path: &Path) -> Result<Self, rusqlite::Error> {
        let path = path.to_string_lossy();
        let escaped = percent_encoding::utf8_percent_encode(&path, percent_encoding::NON_ALPHANUMERIC);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let alone = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?;
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'log_mark'";
        if alone.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(Self {
                mark: None,
                state: None,
            });
        }
        let row: String = alone.query_row("SELECT mark FROM log_mark", [], |row| row.get(0))?;
        let state = alone.query_row("SELECT id, version FROM store", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        Ok(Self {
            mark: marks_in(row.as_bytes()).map(|(mark, _)| mark),
            state: state.ok(),
        })
    }
}

/// True if a file has the content of an open store: its mark is one of the log, or, where the log is empty, the store has the
/// same id and is not older than `version`.
pub(super) fn is_own(path: &Path, id: &str, version: i64) -> bool {
    let Ok(alone) = FileAlone::read(path) else {
        return has_first_page_of_log(path, &beside(path, "-wal")).unwrap_or(false);
    };
    let marks = marks_of_log(&beside(path, "-wal")).unwrap_or_default();
    match (marks.base, alone.mark) {
        (Some(base), Some(own)) => own == base || marks.all.contains(&own),
        (None, Some(_)) => alone.state.is_some_and(|(own, now)| own == id && now >= version),
        (_, None) => false,
    }
}

/// The marks that committed transactions of a log wrote.
#[derive(Default)]
struct Marks {
    /// The mark before the first transaction.
    base: Option<String>,
    all: Vec<String>,
}

/// Reads the marks of the frames that SQLite would replay: those up to the last commit whose checksums are right.
fn marks_of_log(log: &Path) -> std::io::Result<Marks> {
    let (mut committed, mut pending) = (Marks::default(), Vec::new());
    read_frames(log, &mut |_, page, is_commit| {
        pending.extend(marks_in_page(page));
        if is_commit {
            for (mark, previous) in pending.drain(..) {
                committed.base.get_or_insert(previous);
                committed.all.push(mark);
            }
        }
    })?;
    Ok(committed)
}

/// True if the first page of a file is one that a committed transaction of the log wrote: a checkpoint copied it.
fn has_first_page_of_log(path: &Path, log: &Path) -> std::io::Result<bool> {
    let mut own = Vec::new();
    File::open(path)?.take(65_536).read_to_end(&mut own)?;
    let (mut found, mut pending) = (false, false);
    read_frames(log, &mut |number, page, is_commit| {
        if number == 1 {
            pending = own.starts_with(page);
        }
        if is_commit {
            found |= std::mem::take(&mut pending);
        }
    })?;
    Ok(found)
}

/// Reads the frames of a log whose checksums are right: number of the page, the page, and whether a transaction ends there.
fn read_frames(log: &Path, each: &mut dyn FnMut(u32, &[u8], bool)) -> std::io::Result<()> {
    LogReader::default().read(log, each)
}

/// The marks in a page, if it is that of the table `log_mark`: a leaf with one row.
pub(super) fn marks_in_page(page: &[u8]) -> Option<(String, String)> {
    let short = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
    if page.len() < 512 || page[0] != 0x0d || short(3) != 1 {
        return None;
    }
    // Size, key, size of the header, two column types; the text begins within a few bytes.
    let cell = page.get(short(8)..)?;
    let at = (4..=10).find(|at| cell.get(*at..).is_some_and(|rest| rest.starts_with(PREFIX.as_bytes())))?;
    marks_in(&cell[at..])
}

fn marks_in(row: &[u8]) -> Option<(String, String)> {
    let rest = row.strip_prefix(PREFIX.as_bytes())?;
    let mark = |from: usize| {
        let digits = rest.get(from..from + DIGITS)?;
        let valid = digits.iter().all(u8::is_ascii_hexdigit);
        valid.then(|| String::from_utf8_lossy(digits).into_owned())
    };
    Some((mark(0)?, mark(DIGITS + 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGE: &str = "UPDATE log_mark SET mark =
        'mahwar-log:' || lower(hex(randomblob(16))) || ':' || substr(mark, 12, 32)";

    /// A file with a row of marks, and a log beside it that stays when the connection goes.
    fn file(path: &Path) -> Connection {
        let file = Connection::open(path).unwrap();
        file.execute_batch(&format!(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE other (a); CREATE TABLE log_mark (one INTEGER PRIMARY KEY CHECK (one = 1), mark TEXT NOT NULL);
             INSERT INTO log_mark VALUES (1, '{PREFIX}' || lower(hex(randomblob(16))) || ':{NONE}');"
        ))
        .unwrap();
        file.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .unwrap();
        file
    }

    fn checkpoint(file: &Connection) {
        file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
    }

    #[test]
    fn the_log_of_a_new_file_belongs_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        drop(file(&path));
        assert!(has_bytes(&beside(&path, "-wal")));
        assert_eq!(compare(&path, &beside(&path, "-wal")), Ok(()));
    }

    #[test]
    fn a_log_belongs_to_its_file_before_during_and_after_a_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let open = file(&path);
        checkpoint(&open);
        for _ in 0..3 {
            open.execute_batch(CHANGE).unwrap();
            assert_eq!(compare(&path, &beside(&path, "-wal")), Ok(()));
        }
        // A reader keeps the log from beginning anew; the file has a state from the middle of the log.
        let reader = Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM log_mark").unwrap();
        open.execute_batch(CHANGE).unwrap();
        open.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .unwrap();
        open.execute_batch(CHANGE).unwrap();
        assert_eq!(compare(&path, &beside(&path, "-wal")), Ok(()));
        drop(reader);
        drop(open);
        assert_eq!(compare(&path, &beside(&path, "-wal")), Ok(()));
    }

    #[test]
    fn a_checkpoint_that_was_interrupted_leaves_a_file_that_its_log_completes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let open = file(&path);
        checkpoint(&open);
        let before = std::fs::read(&path).unwrap();
        open.execute_batch(&format!(
            "BEGIN; WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
             INSERT INTO other SELECT randomblob(500) FROM n; {CHANGE}; COMMIT"
        ))
        .unwrap();
        drop(open);
        let log = beside(&path, "-wal");
        // The first page as it is in the log; the pages past the old end do not exist in the file yet.
        let mut first = Vec::new();
        read_frames(&log, &mut |number, page, _| {
            if number == 1 {
                first = page.to_vec();
            }
        })
        .unwrap();
        let torn = [&first[..], &before[first.len()..]].concat();
        assert_ne!(torn, before);
        std::fs::write(&path, &torn).unwrap();
        assert!(FileAlone::read(&path).is_err());
        assert_eq!(compare(&path, &log), Ok(()));
        let whole = Connection::open(&path).unwrap();
        let rows: i64 = whole
            .query_row("SELECT count(*) FROM other", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 400);
        drop(whole);
        // A file with another fault is not mistaken for one.
        let mut damaged = before;
        damaged[16..100].fill(0xff);
        std::fs::write(&path, &damaged).unwrap();
        std::fs::write(&log, [0; 64]).unwrap();
        assert!(matches!(compare(&path, &log), Err(StoreError::Broken(_))));
    }

    #[test]
    fn the_log_of_another_file_or_of_a_later_state_is_foreign() {
        let folder = tempfile::tempdir().unwrap();
        let [path, old, other] = ["a.db", "old.db", "other.db"].map(|name| folder.path().join(name));
        let open = file(&path);
        checkpoint(&open);
        std::fs::copy(&path, &old).unwrap();
        open.execute_batch(CHANGE).unwrap();
        checkpoint(&open);
        open.execute_batch(CHANGE).unwrap();
        drop(open);
        let log = beside(&path, "-wal");
        assert_eq!(compare(&path, &log), Ok(()));
        let copied = compare(&old, &log).unwrap_err().to_string();
        assert!(
            copied.contains("does not belong") && copied.contains("discard-log"),
            "{copied}"
        );
        let another = file(&other);
        checkpoint(&another);
        drop(another);
        assert!(matches!(compare(&other, &log), Err(StoreError::ForeignLog(_))));
        assert!(matches!(
            compare(&folder.path().join("gone.db"), &log),
            Err(StoreError::ForeignLog(_))
        ));
    }

    #[test]
    fn commits_are_read_once_and_a_log_without_its_beginning_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let open = file(&path);
        let log = beside(&path, "-wal");
        let commit = || -> String {
            open.execute_batch(CHANGE).unwrap();
            open.query_row("SELECT substr(mark, 12, 32) FROM log_mark", [], |row| row.get(0))
                .unwrap()
        };
        let mut reader = LogReader::default();
        let first = commit();
        assert!(reader.has_commit(&log, &first).unwrap());
        assert!(!reader.has_commit(&log, &first).unwrap(), "it was read before");
        let second = commit();
        assert!(reader.has_commit(&log, &second).unwrap());
        checkpoint(&open);
        let third = commit();
        assert!(reader.has_commit(&log, &third).unwrap(), "the log began anew");
        assert!(compare(&path, &log).is_ok());
        // Without its beginning SQLite takes the log for an empty one.
        let mut damaged = std::fs::read(&log).unwrap();
        damaged[..64].fill(0);
        std::fs::write(&log, &damaged).unwrap();
        assert!(!is_headed(&log).unwrap() && !LogReader::default().has_commit(&log, &third).unwrap());
        let refused = compare(&path, &log).unwrap_err().to_string();
        assert!(
            refused.contains("damaged") && refused.contains("discard-log"),
            "{refused}"
        );
        // A log that was begun and has no transaction.
        std::fs::write(&log, [0; 64]).unwrap();
        assert_eq!(compare(&path, &log), Ok(()));
    }

    #[test]
    fn a_log_over_a_file_of_an_older_schema_must_begin_with_the_step_to_the_present_one() {
        let folder = tempfile::tempdir().unwrap();
        let [path, old] = ["a.db", "old.db"].map(|name| folder.path().join(name));
        let older = Connection::open(&old).unwrap();
        older
            .execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; CREATE TABLE other (a)")
            .unwrap();
        drop(older);
        let open = file(&path);
        assert_eq!(compare(&old, &beside(&path, "-wal")), Ok(()));
        checkpoint(&open);
        open.execute_batch(CHANGE).unwrap();
        assert!(matches!(
            compare(&old, &beside(&path, "-wal")),
            Err(StoreError::ForeignLog(_))
        ));
    }
}
