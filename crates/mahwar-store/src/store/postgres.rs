//! The store in PostgreSQL with PostGIS, for several servers at once.

use super::{
    OnChange, OnProgress, StoreError, Watch,
    engine::Engine,
    pool::{Connection, Pool, failure},
    session::{Database, Row, Session, Value, Work},
};
use bytes::BytesMut;
use postgres::{
    Column, Statement,
    fallible_iterator::FallibleIterator,
    types::{IsNull, ToSql, Type, to_sql_checked},
};
use std::{
    borrow::Cow,
    error::Error,
    path::Path,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

/// What brings a store from each schema to the next.
const MIGRATIONS: [&str; 1] = [include_str!("schema/postgres-1.sql")];
/// Held while the schema changes, so that replicas that start together do not both change it: "mhwr".
const MIGRATION_LOCK: i64 = 0x6d68_7772;
/// What is notified on each commit.
const CHANNEL: &str = "mahwar_store";
/// How long a watcher waits before it looks whether it is to stop, or tries to connect again.
const LOOK: Duration = Duration::from_millis(250);

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
    let run = |connection: &mut Connection, sql: &str| connection.client.batch_execute(sql).map_err(failure);
    // Locked before the transaction begins: one that waited inside it would not see the tables of the one before.
    run(connection, &format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    run(connection, "BEGIN")?;
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
    let rows = connection
        .client
        .simple_query("SELECT version FROM store_schema")
        .map_err(failure)?;
    let version = rows.iter().find_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
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
            other => Err(format!("{other:?} does not fit {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn value(row: &postgres::Row, at: usize, column: &Column) -> Result<Value<'static>, postgres::Error> {
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

impl Connection {
    /// Each statement is prepared once a connection.
    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(failure)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn parameters<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Session for Connection {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        self.client.execute(&statement, &parameters(values)).map_err(failure)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        let rows = self.client.query(&statement, &parameters(values)).map_err(failure)?;
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
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.pool.transaction(begin, "COMMIT", work)
    }

    fn write(&self, work: Work<'_>) -> Result<(), StoreError> {
        // The row lock makes writers follow one another, so that versions are in the order of commits.
        let begin = "BEGIN; SELECT 1 FROM store FOR UPDATE";
        self.pool.transaction(begin, &format!("NOTIFY {CHANNEL}; COMMIT"), work)
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
            let listen = format!("LISTEN {CHANNEL}");
            connection.client.batch_execute(&listen).map_err(failure)?;
            while held.strong_count() > 0 {
                let now = version(&mut connection)?;
                if now != seen {
                    seen = now;
                    changed(now);
                }
                let told = connection.client.notifications().timeout_iter(LOOK).next();
                told.map_err(failure)?;
                // Many notifications are one reason to look.
                let mut rest = connection.client.notifications();
                rest.iter().for_each(|_| Ok(())).map_err(failure)?;
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
