//! The store in PostgreSQL with PostGIS, for several servers at once.

use super::{
    OnChange, OnProgress, StoreError, Watch,
    connection::{Connection, failure, long},
    engine::Engine,
    pool::{Pool, Purpose},
    session::{Database, Row, Session, Value, Work},
};
use bytes::BytesMut;
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

/// What brings a store from each schema to the next.
const MIGRATIONS: [&str; 3] = [
    include_str!("schema/postgres-1.sql"),
    include_str!("schema/postgres-2.sql"),
    include_str!("schema/postgres-documents.sql"),
];
/// Held while the schema changes, so that replicas that start together do not both change it: "mhwr".
const MIGRATION_LOCK: i64 = 0x6d68_7772;
/// What is notified on each commit.
const CHANNEL: &str = "mahwar_store";
/// How long a watcher waits before it looks whether it is to stop, or tries to connect again.
const LOOK: Duration = Duration::from_millis(250);
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
    // A server that only reads (a hot standby) is used as it is, so that nothing is locked before something must change.
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

fn parameters<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Session for Connection {
    fn is_one_of(&self, column: &str, parameter: usize) -> String {
        format!("{column} = ANY (${parameter}::bigint[]::integer[])")
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

/// Listens until nobody holds the watch; connects again when the server was gone, and tells what came meanwhile.
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
