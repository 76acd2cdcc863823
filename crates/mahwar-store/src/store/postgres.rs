//! The store in PostgreSQL with PostGIS, for several servers at once.

use super::{
    OnChange, OnProgress, StoreError, Watch,
    connection::{Connection, failure, long},
    engine::Engine,
    pool::{Pool, Purpose},
    session::{Database, Row, Session, Value, WithWords, Work},
    words::Question,
};
use bytes::{Bytes, BytesMut};
use std::{
    borrow::Cow,
    error::Error,
    path::Path,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};
use tokio_postgres::{
    Column, SimpleQueryMessage,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

/// Scripts that migrate a store from each schema to the next.
const MIGRATIONS: [&str; 10] = [
    include_str!("schema/postgres-1.sql"),
    include_str!("schema/postgres-2.sql"),
    include_str!("schema/postgres-events.sql"),
    include_str!("schema/postgres-counts.sql"),
    include_str!("schema/postgres-documents.sql"),
    include_str!("schema/postgres-edits.sql"),
    include_str!("schema/postgres-readers.sql"),
    include_str!("schema/postgres-deletions.sql"),
    include_str!("schema/postgres-orders.sql"),
    include_str!("schema/postgres-claim-units.sql"),
];
/// Held while the schema changes, so that replicas that start together do not both change it: "mhwr".
const MIGRATION_LOCK: i64 = 0x6d68_7772;
/// Channel that is notified on each commit.
const CHANNEL: &str = "mahwar_store";
/// Interval at which a watcher checks whether it has to stop, or tries to connect again.
const LOOK: Duration = Duration::from_millis(250);
/// From so many rows on they are sent by COPY.
const COPIED: usize = 32;
/// Begins a transaction that reads.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A database on a server.
pub(super) struct Postgres {
    pool: Arc<Pool>,
}

/// Connects, and brings the database to the present schema.
pub(super) fn open(url: &str) -> Result<Engine<Postgres>, StoreError> {
    let pool = Arc::new(Pool::new(url)?);
    let mut connection = pool.connect()?;
    migrate(&mut connection)?;
    drop(connection);
    Engine::open(Postgres { pool })
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.len();
    // A read-only server (a hot standby) is used as it is, so that nothing is locked before a change is needed.
    if schema(connection)? == known as i64 {
        return Ok(());
    }
    let run = |connection: &mut Connection, sql: &str| connection.batch(sql);
    connection.set_long(true);
    // Locked before the transaction begins: one that waited inside it would not see the tables of the one before.
    run(connection, &format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    run(connection, &format!("BEGIN; {}", long()))?;
    let found = usize::try_from(schema(connection)?).unwrap_or(known);
    if found == 0 {
        run(connection, "CREATE EXTENSION IF NOT EXISTS postgis").map_err(|error| match error {
            StoreError::Unavailable(_) => error,
            other => StoreError::Address(format!(
                "the database has no PostGIS, and this user may not add it: {other}; as an administrator of the database \
                 run CREATE EXTENSION postgis"
            )),
        })?;
        run(
            connection,
            "CREATE TABLE IF NOT EXISTS store_schema (version bigint NOT NULL)",
        )?;
    }
    for step in MIGRATIONS.iter().skip(found) {
        run(connection, step)?;
    }
    let mark = format!("DELETE FROM store_schema; INSERT INTO store_schema VALUES ({known}); COMMIT");
    run(connection, &mark)?;
    run(connection, &format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
}

/// The schema that a database has; 0 for an empty one.
fn schema(connection: &mut Connection) -> Result<i64, StoreError> {
    let known = MIGRATIONS.len() as i64;
    let there = connection.row("SELECT to_regclass('store_schema') IS NOT NULL", &[])?;
    if there.map_or(Ok(0), |row| row.int(0))? == 0 {
        return Ok(0);
    }
    // Not prepared: another connection may have just made the table.
    let rows = connection.simple("SELECT version FROM store_schema")?;
    let version = rows.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
        _ => None,
    });
    match version {
        Some(found) if found > known => Err(StoreError::Newer { found, known }),
        found => Ok(found.unwrap_or(0)),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *kind == Type::INT2 => i16::try_from(*value)?.to_sql(kind, out),
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Int(value) if *kind == Type::INT8 => value.to_sql(kind, out),
            Self::Real(value) if *kind == Type::FLOAT8 => value.to_sql(kind, out),
            Self::Text(value) if *kind == Type::TEXT => (&**value).to_sql(kind, out),
            Self::Blob(value) if *kind == Type::BYTEA => (&**value).to_sql(kind, out),
            Self::Keys(keys) if *kind == Type::INT8_ARRAY => (&**keys).to_sql(kind, out),
            Self::Words(words) if *kind == Type::TEXT_ARRAY => (&**words).to_sql(kind, out),
            other => Err(format!("{other:?} does not fit {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn value(row: &tokio_postgres::Row, at: usize, column: &Column) -> Result<Value<'static>, tokio_postgres::Error> {
    let kind = column.type_();
    Ok(match *kind {
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map(i64::from).into(),
        Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map(i64::from).into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(i64::from).into(),
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(at)?.into(),
        Type::BYTEA => row
            .try_get::<_, Option<Vec<u8>>>(at)?
            .map_or(Value::Null, |bytes| Value::Blob(Cow::Owned(bytes))),
        _ => row.try_get::<_, Option<String>>(at)?.into(),
    })
}

/// Rows in the text format of COPY.
fn lines(rows: &[Vec<Value>]) -> Bytes {
    let mut out = Vec::with_capacity(rows.len() * 128);
    for row in rows {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            match value {
                Value::Null | Value::Keys(_) | Value::Words(_) => out.extend_from_slice(b"\\N"),
                Value::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
                // The shortest digits that give the same number.
                Value::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
                Value::Text(text) => {
                    for byte in text.bytes() {
                        match byte {
                            b'\\' => out.extend_from_slice(b"\\\\"),
                            b'\t' => out.extend_from_slice(b"\\t"),
                            b'\n' => out.extend_from_slice(b"\\n"),
                            b'\r' => out.extend_from_slice(b"\\r"),
                            other => out.push(other),
                        }
                    }
                }
                Value::Blob(bytes) => {
                    const DIGITS: &[u8; 16] = b"0123456789abcdef";
                    out.extend_from_slice(b"\\\\x");
                    for byte in bytes.iter() {
                        out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
                    }
                }
            }
        }
        out.push(b'\n');
    }
    out.into()
}

fn parameters<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Session for Connection {
    fn is_one_of(&self, column: &str, parameter: usize) -> String {
        format!("{column} = ANY (${parameter}::bigint[]::integer[])")
    }

    fn is_one_of_words(&self, column: &str, parameter: usize) -> String {
        format!("{column} = ANY (${parameter}::text[])")
    }

    fn put_words(&mut self, documents: &[(i64, &[String])]) -> Result<(), StoreError> {
        let one = "INSERT INTO document_words (document, words) VALUES ($1, array_to_tsvector($2::text[]))";
        if documents.len() < COPIED {
            for (document, words) in documents {
                Session::execute(self, one, &[(*document).into(), Value::Words((*words).into())])?;
            }
            return Ok(());
        }
        // Words are letters and digits, so that nothing in them must be escaped. They are quoted, as lexemes.
        let mut rows = String::new();
        for (document, words) in documents {
            rows.push_str(&document.to_string());
            rows.push('\t');
            for word in *words {
                rows.push('\'');
                rows.push_str(word);
                rows.push_str("' ");
            }
            rows.push('\n');
        }
        Self::copy(self, "COPY document_words (document, words) FROM STDIN", rows.into()).map(drop)
    }

    fn copy(&mut self, table: &str, rows: &[Vec<Value>]) -> Result<bool, StoreError> {
        if rows.len() < COPIED {
            return Ok(false);
        }
        Self::copy(self, &format!("COPY {table} FROM STDIN"), lines(rows)).map(|_| true)
    }

    fn merge(&mut self, table: &str, rows: &[Vec<Value>], conflict: &str) -> Result<bool, StoreError> {
        if rows.len() < COPIED {
            return Ok(false);
        }
        let (name, columns) = table.split_once(' ').unwrap_or((table, ""));
        let plain = columns.trim_start_matches('(').trim_end_matches(')');
        self.batch(&format!(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {name}_coming (LIKE {name}) ON COMMIT DELETE ROWS; TRUNCATE {name}_coming"
        ))?;
        Self::copy(self, &format!("COPY {name}_coming {columns} FROM STDIN"), lines(rows))?;
        let sql = format!("INSERT INTO {name} {columns} SELECT {plain} FROM {name}_coming {conflict}");
        Self::execute(self, &sql, &[]).map(|_| true)
    }

    fn drop_words(&mut self, [first, last]: [i64; 2]) -> Result<(), StoreError> {
        let sql = "DELETE FROM document_words WHERE document BETWEEN $1 AND $2";
        Session::execute(self, sql, &[first.into(), last.into()]).map(drop)
    }

    fn with_words(&self, parameter: usize, question: &Question) -> WithWords {
        WithWords {
            from: "document_words w JOIN documents d ON d.number = w.document",
            alone: "document_words w",
            number: "d.number",
            condition: format!("w.words @@ ${parameter}::text::tsquery"),
            value: question.for_postgres().into(),
        }
    }

    fn bytewise(&self, column: &str) -> String {
        format!("{column} COLLATE \"C\"")
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        Self::execute(self, sql, &parameters(values))
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows = Self::query(self, sql, &parameters(values))?;
        let rows = rows.iter().map(|row| {
            let cells = row.columns().iter().enumerate();
            let cells = cells.map(|(at, column)| value(row, at, column));
            Ok(Row(cells.collect::<Result<_, _>>()?))
        });
        rows.collect::<Result<_, _>>().map_err(failure)
    }
}

impl Database for Postgres {
    fn read(&self, work: Work<'_>) -> Result<(), StoreError> {
        self.pool.transaction(Purpose::Read, false, [READ, "COMMIT"], work)
    }

    fn read_long(&self, work: Work<'_>) -> Result<(), StoreError> {
        let begin = format!("{READ}; {}", long());
        self.pool.transaction(Purpose::Read, true, [&begin, "COMMIT"], work)
    }

    fn write(&self, work: Work<'_>) -> Result<(), StoreError> {
        // The row lock makes writers follow one another, so that versions are in the order of commits.
        let begin = "BEGIN; SELECT 1 FROM store FOR UPDATE";
        let end = format!("NOTIFY {CHANNEL}; COMMIT");
        self.pool.transaction(Purpose::Write, false, [begin, &end], work)
    }

    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError> {
        let stop = Arc::new(());
        let held = Arc::downgrade(&stop);
        let pool = Arc::clone(&self.pool);
        let seen = version(&mut pool.connect()?)?;
        thread::Builder::new()
            .name("store-watch".to_owned())
            .spawn(move || follow(&pool, seen, &held, &changed))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Box::new(Watching { _stop: stop }))
    }

    fn backup(&self, _: &Path, _: OnProgress<'_>) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn kind(&self) -> &'static str {
        "postgresql"
    }
}

/// Listens until the watch is dropped. If the connection was lost, it reconnects and reports the changes made
/// meanwhile.
fn follow(pool: &Pool, mut seen: i64, held: &Weak<()>, changed: &OnChange) {
    while held.strong_count() > 0 {
        let ended = pool.connect().and_then(|mut connection| {
            connection.batch(&format!("LISTEN {CHANNEL}"))?;
            while held.strong_count() > 0 {
                let now = version(&mut connection)?;
                if now != seen {
                    seen = now;
                    changed(now);
                }
                connection.wait_for_note(LOOK)?;
            }
            Ok(())
        });
        if let Err(error) = ended {
            tracing::warn!(%error, "the store is watched again in a moment");
            thread::sleep(LOOK);
        }
    }
}

fn version(connection: &mut Connection) -> Result<i64, StoreError> {
    let row = connection.row("SELECT version FROM store", &[])?;
    row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?
        .int(0)
}

struct Watching {
    _stop: Arc<()>,
}

impl Watch for Watching {}
