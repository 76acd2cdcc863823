//! The store in an SQLite file: one connection writes, a few others read, and readers never wait (write-ahead log).

use super::{
    OnChange, OnProgress, StoreError, Watch,
    engine::Engine,
    session::{Database, Row, Session, Value, Work},
};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, Statement, ToSql, TransactionBehavior,
    backup::{Backup, StepResult},
    params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    borrow::Cow,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

/// What brings a store from each schema to the next.
const MIGRATIONS: [&str; 1] = [include_str!("schema/sqlite-1.sql")];
/// Marks the file as a store of this program (`PRAGMA application_id`): "mhwr".
const APPLICATION: i32 = 0x6d68_7772;
/// How long a writer waits for one of another process.
const BUSY: Duration = Duration::from_secs(10);
/// How often a watcher looks for what another process wrote.
const LOOK: Duration = Duration::from_millis(200);
/// Connections for reading that are kept open.
const READERS: usize = 8;
/// Pages that one step of a backup copies; writers come between two steps.
const STEP: i32 = 256;

/// An open file.
pub(super) struct Sqlite {
    path: PathBuf,
    /// `None` for a file that may only be read.
    writer: Option<Mutex<Connection>>,
    readers: Mutex<Vec<Connection>>,
    watchers: Arc<Mutex<Vec<Sender<()>>>>,
}

/// Opens a file, makes it when it is not there, and brings it to the present schema. A file that may only be read is
/// served as it is.
pub(super) fn open(path: &Path) -> Result<Engine<Sqlite>, StoreError> {
    let writer = match may_only_be_read(path) {
        true => {
            let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            match schema(&reader, path)? {
                found if found == MIGRATIONS.len() => None,
                found => {
                    return Err(StoreError::ReadOnly(format!(
                        "{} has schema {found} and must be brought to {}",
                        path.display(),
                        MIGRATIONS.len()
                    )));
                }
            }
        }
        false => {
            let mut writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
            migrate(&mut writer, path)?;
            Some(Mutex::new(writer))
        }
    };
    Engine::open(Sqlite {
        path: path.to_owned(),
        writer,
        readers: Mutex::default(),
        watchers: Arc::default(),
    })
}

fn may_only_be_read(path: &Path) -> bool {
    let opened = fs::OpenOptions::new().write(true).open(path);
    matches!(opened, Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem))
}

/// How SQLite is to open a file. One that cannot change, in a folder that nothing can be made in, has no log beside it.
fn name(path: &Path, flags: OpenFlags) -> (String, OpenFlags) {
    let plain = path.display().to_string();
    let log = PathBuf::from(format!("{plain}-wal"));
    if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) && !log.exists() {
        let escaped = percent_encoding::utf8_percent_encode(&plain, percent_encoding::NON_ALPHANUMERIC);
        return (
            format!("file:{escaped}?immutable=1"),
            flags | OpenFlags::SQLITE_OPEN_URI,
        );
    }
    (plain, flags)
}

/// Makes a store one file, without a log beside it, that is on the disk.
pub(super) fn single(path: &Path) -> Result<(), StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mode = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0));
    mode.map_err(failure)?;
    connection.close().map_err(|(_, error)| failure(error))?;
    let kept = fs::File::open(path).and_then(|file| file.sync_all());
    kept.map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let named = |error| match failure(error) {
        StoreError::Unavailable(what) => StoreError::Unavailable(format!("{}: {what}", path.display())),
        StoreError::ReadOnly(what) => StoreError::ReadOnly(format!("{}: {what}", path.display())),
        StoreError::Broken(what) => StoreError::Broken(format!("{}: {what}", path.display())),
        other => other,
    };
    let prepared = || {
        let (name, flags) = name(path, flags);
        let connection = Connection::open_with_flags(name, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(64);
        // FULL: what was answered is on the disk, also when the power fails.
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
        )?;
        Ok(connection)
    };
    prepared().map_err(named)
}

/// The schema of a file; 0 for an empty one.
fn schema(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let found = pragma("user_version").map_err(failure)?;
    let application = pragma("application_id").map_err(failure)?;
    if application != i64::from(APPLICATION) && (application != 0 || found != 0 || has_tables(connection)?) {
        return Err(StoreError::Address(format!(
            "{} is a database of another program",
            path.display()
        )));
    }
    let known = MIGRATIONS.len();
    match usize::try_from(found) {
        Ok(found) if found <= known => Ok(found),
        _ => Err(StoreError::Newer {
            found,
            known: known as i64,
        }),
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let known = MIGRATIONS.len();
    let found = schema(connection, path)?;
    // Before the first table: rows of about 4 KB leave less room empty on larger pages.
    let prepare = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;";
    connection.execute_batch(prepare).map_err(failure)?;
    if found == known {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failure)?;
    // Another process may have been faster.
    let found = schema(&transaction, path)?;
    for step in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(step).map_err(failure)?;
    }
    let mark = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {known};");
    transaction.execute_batch(&mark).map_err(failure)?;
    transaction.commit().map_err(failure)
}

fn has_tables(connection: &Connection) -> Result<bool, StoreError> {
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    Ok(tables.map_err(failure)? > 0)
}

/// What SQLite's failure means for the caller.
fn failure(error: rusqlite::Error) -> StoreError {
    let said = error.to_string();
    let extended = error.sqlite_error().map(|error| error.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(said),
        // A quota or a limit on the size of files says it in this way.
        Some(ErrorCode::SystemIoFailure) if extended == Some(rusqlite::ffi::SQLITE_IOERR_WRITE) => StoreError::Full(
            format!("{said} when writing; the disk, a quota or a limit on file sizes may be at its end"),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly(said),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Broken(said),
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::FileLockingProtocolFailed,
        ) => StoreError::Unavailable(said),
        _ => StoreError::Broken(said),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value<'static> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(value) => Value::Text(Cow::Owned(String::from_utf8_lossy(value).into_owned())),
        ValueRef::Blob(value) => Value::Blob(Cow::Owned(value.to_vec())),
    }
}

impl Session for Connection {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let run = || self.prepare_cached(sql)?.execute(params_from_iter(values));
        run().map(|rows| rows as u64).map_err(failure)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows = |statement: &mut Statement<'_>| {
            let columns = statement.column_count();
            let mut found = statement.query(params_from_iter(values))?;
            let mut rows = Vec::new();
            while let Some(row) = found.next()? {
                let cells = (0..columns).map(|at| row.get_ref(at).map(value));
                rows.push(Row(cells.collect::<Result<_, _>>()?));
            }
            Ok(rows)
        };
        let run = || rows(&mut *self.prepare_cached(sql)?);
        run().map_err(failure)
    }
}

/// A lock that outlives a panic of another holder: each holder leaves no transaction open.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs work between `begin` and a commit; any failure rolls back.
fn transaction(connection: &mut Connection, begin: &str, work: Work<'_>) -> Result<(), StoreError> {
    if !connection.is_autocommit() {
        // A holder of the connection was stopped in the middle of its work.
        connection.execute_batch("ROLLBACK").map_err(failure)?;
    }
    connection.execute_batch(begin).map_err(failure)?;
    let done = work(connection).and_then(|()| connection.execute_batch("COMMIT").map_err(failure));
    if done.is_err() && !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
    done
}

impl Sqlite {
    fn reader(&self) -> Result<Connection, StoreError> {
        if let Some(reader) = lock(&self.readers).pop() {
            return Ok(reader);
        }
        let flags = match self.writer {
            Some(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
            None => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let reader = connect(&self.path, flags)?;
        reader.execute_batch("PRAGMA query_only = ON").map_err(failure)?;
        Ok(reader)
    }
}

impl Database for Sqlite {
    fn read(&self, work: Work<'_>) -> Result<(), StoreError> {
        let mut reader = self.reader()?;
        let done = transaction(&mut reader, "BEGIN", work);
        let mut readers = lock(&self.readers);
        if reader.is_autocommit() && readers.len() < READERS {
            readers.push(reader);
        }
        done
    }

    fn write(&self, work: Work<'_>) -> Result<(), StoreError> {
        let only_read = || StoreError::ReadOnly(format!("{} may only be read", self.path.display()));
        let writer = self.writer.as_ref().ok_or_else(only_read)?;
        transaction(&mut lock(writer), "BEGIN IMMEDIATE", work)?;
        lock(&self.watchers).retain(|watcher| watcher.send(()).is_ok());
        Ok(())
    }

    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError> {
        let connection = self.reader()?;
        let (sender, told) = mpsc::channel();
        lock(&self.watchers).push(sender.clone());
        let stop = Arc::new(());
        let held = Arc::downgrade(&stop);
        thread::Builder::new()
            .name("store-watch".to_owned())
            .spawn(move || {
                // What another process writes is seen by the version in the store row; SQLite tells nobody of it.
                let mut seen = version(&connection);
                while held.strong_count() > 0 {
                    match told.recv_timeout(LOOK) {
                        Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                    let now = version(&connection);
                    if let Some(version) = now.filter(|_| now != seen) {
                        changed(version);
                        seen = now;
                    }
                }
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Box::new(Watching { _stop: stop, sender }))
    }

    fn backup(&self, file: &Path, progress: OnProgress<'_>) -> Result<bool, StoreError> {
        let source = self.reader()?;
        let mut target = Connection::open(file).map_err(failure)?;
        let backup = Backup::new(&source, &mut target).map_err(failure)?;
        loop {
            let step = backup.step(STEP).map_err(failure)?;
            let done = backup.progress();
            let pages = |pages: i32| u64::try_from(pages).unwrap_or_default();
            progress(pages(done.pagecount - done.remaining), pages(done.pagecount));
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => thread::sleep(Duration::from_millis(5)),
            }
        }
        drop(backup);
        target.close().map_err(|(_, error)| failure(error))?;
        Ok(true)
    }

    fn kind(&self) -> &'static str {
        "sqlite"
    }
}

fn version(connection: &Connection) -> Option<i64> {
    let mut read = connection.prepare_cached("SELECT version FROM store").ok()?;
    read.query_row([], |row| row.get(0)).ok()
}

struct Watching {
    _stop: Arc<()>,
    sender: Sender<()>,
}

impl Watch for Watching {}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.sender.send(());
    }
}
