//! The store in an SQLite file: one connection writes, a few others read, and readers never wait (write-ahead log).

use super::{
    OnChange, OnProgress, StoreError, Watch,
    engine::Engine,
    file_identity::FileIdentity,
    file_log::{self, beside},
    part_file::{PartFile, create_private},
    session::{Database, Row, Session, Value, WithWords, Work},
    store_path::StorePath,
    words::Question,
    write_queue::WriteQueue,
};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, Statement, ToSql, TransactionBehavior,
    backup::{Backup, StepResult},
    config::DbConfig,
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
        atomic::{AtomicBool, AtomicI64, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// Scripts that migrate a store from each schema to the next.
const MIGRATIONS: [&str; 10] = [
    include_str!("schema/sqlite-1.sql"),
    include_str!("schema/sqlite-2.sql"),
    include_str!("schema/sqlite-events.sql"),
    include_str!("schema/sqlite-counts.sql"),
    include_str!("schema/sqlite-documents.sql"),
    include_str!("schema/sqlite-edits.sql"),
    include_str!("schema/sqlite-readers.sql"),
    include_str!("schema/sqlite-deletions.sql"),
    include_str!("schema/sqlite-orders.sql"),
    include_str!("schema/sqlite-claim-units.sql"),
];
/// Marks the file as a store of this program (`PRAGMA application_id`): "mhwr".
const APPLICATION: i32 = 0x6d68_7772;
/// Time that a writer waits for other writers, those of this process and of others together.
const BUSY: Duration = Duration::from_secs(10);
/// Time that a writer waits after another program's lock was waited for in vain, until a write succeeds. Otherwise,
/// writers that come one after another would wait for each other's limits.
const BUSY_STILL: Duration = Duration::from_millis(200);
/// A log of this size (1,000 pages) is written back into the file after a commit.
const LOG_BYTES: u64 = 8_192_000;
/// A log is written back as soon as nothing was written for this long.
const IDLE: Duration = Duration::from_secs(3);
/// Limit of the time that one transaction may read, as a statement in PostgreSQL has one. Checks and exports have none.
const READING: Duration = Duration::from_secs(30);
/// Steps of SQLite's machine between two looks at the clock: some milliseconds.
const STEPS: std::ffi::c_int = 100_000;
/// Time that closing waits for a writer and for readers.
const CLOSING: Duration = Duration::from_secs(5);
/// Writes a new mark beside the one before it; see `file_log`.
const MARK: &str =
    "UPDATE log_mark SET mark = 'mahwar-log:' || lower(hex(randomblob(16))) || ':' || substr(mark, 12, 32)";
/// Interval at which a watcher checks for changes by other processes.
const LOOK: Duration = Duration::from_millis(200);
/// Connections for reading that are kept open.
const READERS: usize = 8;
/// Bytes that must be free before a full disk counts as writable again.
const PROBE_BYTES: usize = 256 * 1024;
/// Pages that one step of a backup copies; writers come between two steps.
const STEP: i32 = 256;

/// An open file.
pub(super) struct Sqlite {
    file: Arc<StoreFile>,
    watchers: Arc<Mutex<Vec<Sender<()>>>>,
}

/// The connections to a file.
struct StoreFile {
    path: PathBuf,
    /// `None` for a file that may only be read.
    writer: Option<WriteQueue<Connection>>,
    readers: Mutex<Vec<Connection>>,
    identity: FileIdentity,
    log: Mutex<LogState>,
    /// True if the last write waited in vain for another program's lock.
    is_locked: AtomicBool,
    /// Tables and indexes that the store had when it was opened.
    tables: Vec<String>,
    /// SQLite's count of changes of the schema, when all of them were last there.
    seen_schema: AtomicI64,
}

/// State of the write-ahead log.
#[derive(Default)]
struct LogState {
    /// Time of this process's last write, if it was not written back yet.
    written: Option<Instant>,
    /// Bytes that the log had when writing it back was last tried.
    tried: u64,
    /// False until this process has written the log back once: from then on no older copy of the file fits the log.
    is_own: bool,
}

/// Opens a file, creates it if it does not exist, and migrates it to the present schema. A file that may only be read
/// is served as it is.
pub(super) fn open(path: &Path) -> Result<Engine<Sqlite>, StoreError> {
    Engine::open(open_file(path)?)
}

fn open_file(path: &Path) -> Result<Sqlite, StoreError> {
    let given = path;
    let path = StorePath::follow(given)?;
    path.check_kind()?;
    file_log::check(given)?;
    let path = &*path.file;
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
            create_private(path)?;
            let mut writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
            migrate(&mut writer, path)?;
            Some(writer)
        }
    };
    let (store, tables) = match &writer {
        Some(writer) => (state(writer)?, tables(writer)?),
        None => {
            let reader = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            (state(&reader)?, tables(&reader)?)
        }
    };
    let writes = writer.is_some();
    Ok(Sqlite {
        file: Arc::new(StoreFile {
            path: path.to_owned(),
            writer: writer.map(WriteQueue::new),
            readers: Mutex::default(),
            identity: FileIdentity::of(given, store, writes)?,
            log: Mutex::default(),
            is_locked: AtomicBool::new(false),
            tables,
            seen_schema: AtomicI64::new(0),
        }),
        watchers: Arc::default(),
    })
}

/// Id and version of the store.
fn state(connection: &Connection) -> Result<(String, i64), StoreError> {
    let row = connection.query_row("SELECT id, version FROM store", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    row.map_err(failure)
}

/// Names of the tables and indexes.
fn tables(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let read = || {
        let mut names = connection.prepare("SELECT type || ' ' || name FROM sqlite_schema")?;
        let names = names.query_map([], |row| row.get(0))?;
        names.collect::<Result<Vec<String>, _>>()
    };
    read().map_err(failure)
}

fn may_only_be_read(path: &Path) -> bool {
    let opened = fs::OpenOptions::new().write(true).open(path);
    matches!(opened, Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem))
}

/// Name and flags to open a file with. A read-only file in a read-only folder has no log beside it.
fn name(path: &Path, flags: OpenFlags) -> (String, OpenFlags) {
    let plain = path.display().to_string();
    if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) && !beside(path, "-wal").exists() {
        let escaped = percent_encoding::utf8_percent_encode(&plain, percent_encoding::NON_ALPHANUMERIC);
        return (
            format!("file:{escaped}?immutable=1"),
            flags | OpenFlags::SQLITE_OPEN_URI,
        );
    }
    (plain, flags)
}

/// Copies a store that is not open into a new file, without changes, with any schema.
pub(super) fn copy_alone(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.is_file() {
        return Err(StoreError::Missing(format!("file {}", from.display())));
    }
    file_log::check(from)?;
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if schema(&source, from)? == 0 {
        return Err(StoreError::Address(format!("{} is no store", from.display())));
    }
    let mut target = Connection::open(to).map_err(failure)?;
    copy_pages(&source, &mut target, &mut |_, _| {})?;
    target.close().map_err(|(_, error)| failure(error))
}

/// Copies a database page by page; writers come between two steps.
fn copy_pages(source: &Connection, target: &mut Connection, progress: OnProgress<'_>) -> Result<(), StoreError> {
    let backup = Backup::new(source, target).map_err(failure)?;
    loop {
        let step = backup.step(STEP).map_err(failure)?;
        let done = backup.progress();
        let pages = |pages: i32| u64::try_from(pages).unwrap_or_default();
        progress(pages(done.pagecount - done.remaining), pages(done.pagecount));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Makes a store one file, without a log beside it, that is on the disk.
pub(super) fn single(path: &Path) -> Result<(), StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // A log that was written beside the original does not fit the copy.
    connection.execute_batch(MARK).map_err(failure)?;
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
        // FULL: data of an acknowledged write is on the disk, also when the power fails.
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;
             PRAGMA wal_autocheckpoint = 0;",
        )?;
        // The log is written back by `StoreFile::write_back` only, after a look at the file.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
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
    // Before the first table: rows of about 4 KB leave less space empty on larger pages.
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

/// Maps SQLite's error to a store error.
fn failure(error: rusqlite::Error) -> StoreError {
    let said = error.to_string();
    let extended = error.sqlite_error().map(|error| error.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full(said),
        // A quota or a limit on the size of files is reported in this way.
        Some(ErrorCode::SystemIoFailure) if extended == Some(rusqlite::ffi::SQLITE_IOERR_WRITE) => StoreError::Full(
            format!("{said} when writing; the disk, a quota or a limit on file sizes may be at its end"),
        ),
        Some(ErrorCode::OperationInterrupted) => {
            StoreError::Unavailable(format!("reading took longer than {} seconds", READING.as_secs()))
        }
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
            Self::Keys(keys) => return Ok(ToSqlOutput::from(json_list(keys))),
            Self::Words(words) => return Ok(ToSqlOutput::from(serde_json::json!(words).to_string())),
        }))
    }
}

/// A JSON array, which `json_each` reads.
fn json_list(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("[{}]", keys.join(","))
}

fn value(value: ValueRef<'_>) -> Value<'static> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        // Damaged text: as a blob, it makes the later read as text return an error.
        ValueRef::Text(value) => match std::str::from_utf8(value) {
            Ok(text) => Value::Text(Cow::Owned(text.to_owned())),
            Err(_) => Value::Blob(Cow::Owned(value.to_vec())),
        },
        ValueRef::Blob(value) => Value::Blob(Cow::Owned(value.to_vec())),
    }
}

impl Session for Connection {
    fn is_one_of(&self, column: &str, parameter: usize) -> String {
        format!("{column} IN (SELECT value FROM json_each(${parameter}))")
    }

    fn is_one_of_words(&self, column: &str, parameter: usize) -> String {
        format!("{column} IN (SELECT value FROM json_each(${parameter}))")
    }

    fn put_words(&mut self, documents: &[(i64, &[String])]) -> Result<(), StoreError> {
        let sql = "INSERT INTO document_words (rowid, words) VALUES ($1, $2)";
        for (document, words) in documents {
            Session::execute(self, sql, &[(*document).into(), words.join(" ").into()])?;
        }
        Ok(())
    }

    fn drop_words(&mut self, [first, last]: [i64; 2]) -> Result<(), StoreError> {
        if first == 0 {
            let all = "INSERT INTO document_words (document_words) VALUES ('delete-all')";
            return Session::execute(self, all, &[]).map(drop);
        }
        let sql = "DELETE FROM document_words WHERE rowid BETWEEN $1 AND $2";
        Session::execute(self, sql, &[first.into(), last.into()]).map(drop)
    }

    fn overwrite_deleted(&mut self, overwrite: bool) -> Result<(), StoreError> {
        if overwrite {
            return Session::query(self, "PRAGMA secure_delete = ON", &[]).map(drop);
        }
        // The index of words keeps the words of a deleted row until its segments are merged.
        let merge = "INSERT INTO document_words (document_words) VALUES ('optimize')";
        Session::execute(self, merge, &[])?;
        Session::query(self, "PRAGMA secure_delete = OFF", &[]).map(drop)
    }

    fn with_words(&self, parameter: usize, question: &Question) -> WithWords {
        // The index returns its rows in the order of their numbers, so that reading ends with the last one requested.
        WithWords {
            from: "document_words w CROSS JOIN documents d ON d.number = w.rowid",
            alone: "document_words w",
            number: "w.rowid",
            condition: format!("w.document_words MATCH ${parameter}"),
            value: question.for_sqlite().into(),
        }
    }

    fn by_index(&self, table: &'static str, index: &'static str) -> String {
        format!("{table} INDEXED BY {index}")
    }

    fn bytewise(&self, column: &str) -> String {
        column.to_owned()
    }

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

/// Pages of the log that a checkpoint could not write back, and whether it was kept from writing back all of them.
fn write_back(connection: &Connection) -> Result<bool, StoreError> {
    let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    Ok(done.map_err(failure)? == 0)
}

impl StoreFile {
    fn reader(&self) -> Result<Connection, StoreError> {
        if let Some(reader) = lock(&self.readers).pop() {
            return Ok(reader);
        }
        // A new connection would be one to the new file.
        self.identity.check()?;
        let flags = match self.writer {
            Some(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
            None => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let reader = connect(&self.path, flags)?;
        // Pages that are read often are in the cache of the system; each reader has a small one of its own.
        let prepare = "PRAGMA query_only = ON; PRAGMA cache_size = -4000;";
        reader.execute_batch(prepare).map_err(failure)?;
        Ok(reader)
    }

    /// Runs work in one transaction. If the disk is full, the space of the log is freed and the work run again.
    fn write(&self, writer: &mut Connection, deadline: Instant, work: Work<'_>) -> Result<(), StoreError> {
        let done = self.write_once(writer, deadline, work);
        match done {
            Err(StoreError::Full(_)) if self.log_bytes() > 0 => {
                let _ = writer.busy_timeout(Duration::ZERO);
                self.write_back(writer);
                if self.log_bytes() > 0 {
                    return done;
                }
                self.write_once(writer, deadline, work)
            }
            done => done,
        }
    }

    /// Runs work in one transaction. The identity of the file is checked when nobody else can write, and after the
    /// commit: data written to a deleted file is lost. A commit that cannot be read back is an error.
    fn write_once(&self, writer: &mut Connection, deadline: Instant, work: Work<'_>) -> Result<(), StoreError> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.identity.check_memory()?;
        writer.busy_timeout(left).map_err(failure)?;
        let (mut mark, mut version, mut changed, mut begun) = (None, None, false, false);
        let done = transaction(writer, "BEGIN IMMEDIATE", &mut |session| {
            begun = true;
            self.identity.check()?;
            let changes = "SELECT total_changes()";
            let before = session.row(changes, &[])?.map(|row| row.int(0)).transpose()?;
            work(session)?;
            changed = session.row(changes, &[])?.map(|row| row.int(0)).transpose()? != before;
            if changed {
                session.execute(MARK, &[])?;
                let written = "SELECT s.version, substr(l.mark, 12, 32) FROM store s, log_mark l";
                if let Some(row) = session.row(written, &[])? {
                    (version, mark) = (Some(row.int(0)?), Some(row.text(1)?));
                }
            }
            Ok(())
        });
        let is_locked = !begun && matches!(done, Err(StoreError::Unavailable(_)));
        self.is_locked.store(is_locked, Ordering::Relaxed);
        let checked = done.and_then(|()| {
            if let Some(version) = version {
                self.identity.saw(version);
            }
            self.identity.check()?;
            match (&mark, version) {
                (Some(mark), Some(version)) => self.identity.check_commit(mark, version),
                _ => Ok(()),
            }
        });
        if checked.is_err() {
            self.save_lost_log(writer);
        }
        checked?;
        if changed {
            lock(&self.log).written = Some(Instant::now());
            self.write_back_if_long(writer);
        }
        Ok(())
    }

    /// Bytes of the log.
    fn log_bytes(&self) -> u64 {
        fs::metadata(beside(&self.path, "-wal")).map_or(0, |log| log.len())
    }

    /// Writes the log back when it has grown long, and after the first transaction of this process.
    fn write_back_if_long(&self, writer: &Connection) {
        let (is_own, tried) = {
            let log = lock(&self.log);
            (log.is_own, log.tried)
        };
        let bytes = self.log_bytes();
        if is_own && bytes < tried.saturating_add(LOG_BYTES) {
            return;
        }
        // Readers that block it are not waited for; the next transaction tries again when the log has grown.
        let _ = writer.busy_timeout(Duration::ZERO);
        self.write_back(writer);
    }

    /// Writes the log back into the file. Errors are only logged: the documents are safe in the log.
    fn write_back(&self, writer: &Connection) {
        let mut whole = false;
        let done = self.identity.checkpoint(|| {
            whole = write_back(writer)?;
            Ok(())
        });
        let mut log = lock(&self.log);
        log.tried = if whole { 0 } else { self.log_bytes() };
        log.is_own = true;
        if whole {
            log.written = None;
        }
        if let Err(error) = done {
            tracing::warn!(%error, "the log of the store is not written back now");
        }
    }

    /// Writes a log that was deleted into the file; its content would else be lost with this process.
    fn save_lost_log(&self, writer: &Connection) {
        let saved = self.identity.save_lost_log(|| {
            let _ = writer.busy_timeout(CLOSING);
            match write_back(writer)? {
                true => Ok(()),
                false => Err(StoreError::Unavailable("readers hold the log".to_owned())),
            }
        });
        match saved {
            Ok(true) => tracing::warn!("the log of the store was deleted; its content was written into the file"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the log of the store was deleted and is not yet in the file"),
        }
    }

    /// Writes the log back when nothing was written for a while.
    fn write_back_if_idle(&self) {
        let is_idle = lock(&self.log).written.is_some_and(|written| written.elapsed() >= IDLE);
        if !is_idle {
            return;
        }
        if let Some(writer) = self.writer.as_ref().and_then(WriteQueue::try_enter) {
            let _ = writer.busy_timeout(Duration::ZERO);
            self.write_back(&writer);
            // Not again at once where a reader or another process blocks it.
            let mut log = lock(&self.log);
            log.written = log.written.map(|_| Instant::now());
        }
    }

    /// Writes everything into the one file, removes the log, and refuses every later write.
    fn close(&self) -> Result<(), StoreError> {
        let Some(writer) = self.writer.as_ref() else {
            return Ok(());
        };
        let Some(writer) = writer.close(Instant::now() + CLOSING) else {
            return Ok(());
        };
        lock(&self.readers).clear();
        let _ = writer.busy_timeout(CLOSING);
        let written = self.identity.checkpoint(|| write_back(&writer).map(drop));
        if written.is_err() {
            self.save_lost_log(&writer);
        }
        if written.is_ok() {
            // The last connection to close removes the files beside the store.
            let _ = writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
        let closed = writer.close().map_err(|(_, error)| failure(error));
        written.and(closed)
    }
}

impl Drop for StoreFile {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::warn!(%error, "the log of the store was not written back");
        }
    }
}

impl Sqlite {
    /// Runs work that reads, until a time.
    fn read_until(&self, deadline: Option<Instant>, work: Work<'_>) -> Result<(), StoreError> {
        self.file.identity.check_memory()?;
        let mut reader = self.file.reader()?;
        let is_late = deadline.map(|deadline| move || Instant::now() > deadline);
        reader.progress_handler(STEPS, is_late).map_err(failure)?;
        let done = transaction(&mut reader, "BEGIN", work);
        reader.progress_handler(0, None::<fn() -> bool>).map_err(failure)?;
        let mut readers = lock(&self.file.readers);
        if reader.is_autocommit() && readers.len() < READERS {
            readers.push(reader);
        }
        done
    }

    /// Checks that no other program has dropped a table or an index since the store was opened.
    fn check_tables(&self) -> Result<(), StoreError> {
        let file = &self.file;
        self.read(&mut |session| {
            let changes = session.row("PRAGMA schema_version", &[])?;
            let changes = changes.map_or(Ok(0), |row| row.int(0))?;
            if file.seen_schema.load(Ordering::Relaxed) == changes {
                return Ok(());
            }
            let rows = session.query("SELECT type || ' ' || name FROM sqlite_schema", &[])?;
            let names = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
            if let Some(gone) = file.tables.iter().find(|name| !names.contains(name)) {
                return Err(StoreError::Broken(format!(
                    "another program has dropped the {gone}; restore the last backup"
                )));
            }
            file.seen_schema.store(changes, Ordering::Relaxed);
            Ok(())
        })
    }
}

impl Database for Sqlite {
    fn read(&self, work: Work<'_>) -> Result<(), StoreError> {
        self.read_until(Some(Instant::now() + READING), work)
    }

    fn read_long(&self, work: Work<'_>) -> Result<(), StoreError> {
        self.read_until(None, work)
    }

    fn write(&self, work: Work<'_>) -> Result<(), StoreError> {
        let only_read = || StoreError::ReadOnly(format!("{} may only be read", self.file.path.display()));
        let patience = match self.file.is_locked.load(Ordering::Relaxed) {
            true => BUSY_STILL,
            false => BUSY,
        };
        let deadline = Instant::now() + patience;
        let mut writer = self.file.writer.as_ref().ok_or_else(only_read)?.enter(deadline)?;
        self.file.write(&mut writer, deadline, work)?;
        drop(writer);
        lock(&self.watchers).retain(|watcher| watcher.send(()).is_ok());
        Ok(())
    }

    fn look(&self) -> Result<(), StoreError> {
        self.file.identity.check()?;
        self.check_tables()
    }

    fn probe(&self) -> Result<(), StoreError> {
        // Space for a document with its parse; a transaction alone may fit where no document does.
        let room = PartFile::beside(&self.file.path)?;
        fs::write(room.path(), vec![0; PROBE_BYTES]).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(error.to_string()),
            _ => StoreError::Full(error.to_string()),
        })?;
        drop(room);
        self.write(&mut |session| {
            let sql = "UPDATE store SET version = version";
            session.execute(sql, &[]).map(drop)
        })
    }

    fn close(&self) -> Result<(), StoreError> {
        self.file.close()
    }

    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError> {
        let connection = self.file.reader()?;
        // Read before this returns: every later write is reported, however late the thread starts.
        let mut seen = version(&connection);
        let (sender, told) = mpsc::channel();
        lock(&self.watchers).push(sender.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, file) = (Arc::clone(&stop), Arc::clone(&self.file));
        let thread = thread::Builder::new()
            .name("store-watch".to_owned())
            .spawn(move || {
                // SQLite does not notify of changes by other processes; they are seen by the version in the store row.
                let mut known = Ok(());
                loop {
                    match told.recv_timeout(LOOK) {
                        Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                    if stopped.load(Ordering::Acquire) {
                        return;
                    }
                    let found = file.identity.check();
                    match (&found, &known) {
                        (Err(error), Ok(())) => tracing::error!(%error, "nothing is written to the store"),
                        (Ok(()), Err(_)) => tracing::info!("the file of the store is there again"),
                        _ => {}
                    }
                    if found.is_err()
                        && let Some(writer) = file.writer.as_ref().and_then(WriteQueue::try_enter)
                    {
                        file.save_lost_log(&writer);
                    }
                    known = found;
                    file.write_back_if_idle();
                    if file.identity.check_memory().is_err() {
                        continue;
                    }
                    let now = version(&connection);
                    if let Some(version) = now.filter(|_| now != seen) {
                        file.identity.saw(version);
                        changed(version);
                        seen = now;
                    }
                }
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Box::new(Watching {
            stop,
            sender,
            thread: Some(thread),
        }))
    }

    fn backup(&self, file: &Path, progress: OnProgress<'_>) -> Result<bool, StoreError> {
        self.file.identity.check_memory()?;
        let source = self.file.reader()?;
        create_private(file)?;
        let mut target = Connection::open(file).map_err(failure)?;
        copy_pages(&source, &mut target, progress)?;
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
    stop: Arc<AtomicBool>,
    sender: Sender<()>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Watch for Watching {}

impl Drop for Watching {
    /// Waits for the thread, so that its connection is closed.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        let _ = self.sender.send(());
        if let Some(thread) = self
            .thread
            .take()
            .filter(|thread| thread.thread().id() != thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
