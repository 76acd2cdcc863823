//! One connection to a PostgreSQL server. Every answer has a deadline, on the server's side and on this one: a server may be
//! frozen, or a device in between may drop all bytes, and the socket reports neither.

use super::StoreError;
use bytes::Bytes;
use futures_util::SinkExt;
use std::{
    error::Error,
    future::{Future, poll_fn},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::{Builder, Runtime},
    sync::mpsc,
    time::timeout,
};
use tokio_postgres::{
    AsyncMessage, Client, Config, NoTls, Row, SimpleQueryMessage, Statement, error::SqlState, types::ToSql,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Statements that stay prepared on a connection. Texts of statements do not depend on data and are fewer; the limit holds
/// where one does so by mistake.
const STATEMENTS: usize = 64;
/// Time limit of one statement of long work (a check, an export, a migration).
const LONG: Duration = Duration::from_secs(3600);

/// Deadlines of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// For the answer to one statement.
    answer: Duration,
}

impl Limits {
    /// Limits that follow from the one for the answer to a statement.
    pub fn new(answer: Duration) -> Self {
        Self { answer }
    }

    /// For connecting.
    pub fn connect(self) -> Duration {
        self.answer.min(Duration::from_secs(5))
    }

    /// For a lock of another transaction, and for a free connection of the pool.
    pub fn wait(self) -> Duration {
        self.answer / 3
    }

    /// For an answer as measured here: the server's own refusal, which says more, comes first.
    fn silence(self) -> Duration {
        self.answer + (self.answer / 10).max(Duration::from_millis(500))
    }

    fn session(self) -> String {
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
            self.answer.as_millis(),
            self.wait().as_millis(),
            self.answer.as_millis() * 2
        )
    }
}

/// SQL that lifts the limits on statements until the transaction ends; waiting for locks stays limited.
pub(super) fn long() -> String {
    let long = LONG.as_millis();
    format!("SET LOCAL statement_timeout = {long}; SET LOCAL idle_in_transaction_session_timeout = {long}")
}

/// A connection with the statements that were prepared on it. Its calls block; it must not be used on threads of an
/// asynchronous runtime.
pub(super) struct Connection {
    /// Drives the connection while a call waits; always there until it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    notes: mpsc::Receiver<()>,
    statements: Vec<(String, Statement)>,
    limits: Limits,
    is_long: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Closed,
    Silent,
}

impl Connection {
    /// Connects.
    pub fn open(config: &Config, tls: Option<&MakeRustlsConnect>, limits: Limits) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let (sender, notes) = mpsc::channel(1);
        let connecting = async {
            Ok::<_, tokio_postgres::Error>(match tls {
                Some(tls) => {
                    let (client, connection) = config.connect(tls.clone()).await?;
                    tokio::spawn(drive(connection, sender));
                    client
                }
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    tokio::spawn(drive(connection, sender));
                    client
                }
            })
        };
        let connected = runtime.block_on(async { timeout(limits.connect(), connecting).await });
        let client = match connected {
            Ok(client) => client.map_err(failure),
            Err(_) => Err(silent(limits.connect())),
        };
        let mut connection = match client {
            Ok(client) => Self {
                runtime: Some(runtime),
                client,
                notes,
                statements: Vec::new(),
                limits,
                is_long: false,
                state: State::Open,
            },
            Err(error) => {
                // Looking up a name may hang on a thread of its own.
                runtime.shutdown_background();
                return Err(error);
            }
        };
        connection.batch(&limits.session())?;
        Ok(connection)
    }

    /// True if the connection can answer no more requests.
    pub fn is_lost(&self) -> bool {
        self.state != State::Open || self.client.is_closed()
    }

    /// True if an answer did not come in time.
    pub fn is_silent(&self) -> bool {
        self.state == State::Silent
    }

    /// Long work may follow, until this is called with `false`.
    pub fn set_long(&mut self, is_long: bool) {
        self.is_long = is_long;
    }

    /// Runs statements that have no parameters.
    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        asked.wait(self.client.batch_execute(sql))
    }

    /// Runs statements that have no parameters and are not prepared; returns their rows as text.
    pub fn simple(&mut self, sql: &str) -> Result<Vec<SimpleQueryMessage>, StoreError> {
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        asked.wait(self.client.simple_query(sql))
    }

    /// Sends rows to a `COPY … FROM STDIN`; returns their number.
    pub fn copy(&mut self, sql: &str, rows: Bytes) -> Result<u64, StoreError> {
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        let client = &self.client;
        asked.wait(async move {
            let mut sink = std::pin::pin!(client.copy_in::<str, Bytes>(sql).await?);
            sink.send(rows).await?;
            sink.as_mut().finish().await
        })
    }

    /// Runs a statement; returns the number of rows that it changed.
    pub fn execute(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        asked.wait(self.client.execute(&statement, values))
    }

    /// Runs a query.
    pub fn query(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        asked.wait(self.client.query(&statement, values))
    }

    /// Waits for a notification, for at most `most`. Several notifications count as one.
    pub fn wait_for_note(&mut self, most: Duration) -> Result<(), StoreError> {
        let Some(runtime) = &self.runtime else { return Ok(()) };
        let notes = &mut self.notes;
        match runtime.block_on(async { timeout(most, notes.recv()).await }) {
            Ok(Some(())) | Err(_) => Ok(()),
            Ok(None) => {
                self.state = State::Closed;
                Err(StoreError::Unavailable("the database closed the connection".to_owned()))
            }
        }
    }

    /// Each statement is prepared once a connection; of too many, the one that was used longest ago is closed.
    fn prepared(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(at) = self.statements.iter().position(|(text, _)| text == sql) {
            let found = self.statements.remove(at);
            let statement = found.1.clone();
            self.statements.push(found);
            return Ok(statement);
        }
        let asked = ServerQuery::of(&self.runtime, self.limit(), &mut self.state);
        let statement = asked.wait(self.client.prepare(sql))?;
        if self.statements.len() == STATEMENTS {
            self.statements.remove(0);
        }
        self.statements.push((sql.to_owned(), statement.clone()));
        Ok(statement)
    }

    fn limit(&self) -> Duration {
        if self.is_long { LONG } else { self.limits.silence() }
    }
}

/// The connection ends at once and without waiting, also on threads that must not block.
impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A question to the server.
struct ServerQuery<'c> {
    runtime: &'c Option<Runtime>,
    limit: Duration,
    state: &'c mut State,
}

impl<'c> ServerQuery<'c> {
    fn of(runtime: &'c Option<Runtime>, limit: Duration, state: &'c mut State) -> Self {
        Self { runtime, limit, state }
    }

    fn wait<T>(self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, StoreError> {
        let (State::Open, Some(runtime)) = (*self.state, self.runtime) else {
            return Err(StoreError::Unavailable(
                "the connection to the database is closed".to_owned(),
            ));
        };
        match runtime.block_on(async { timeout(self.limit, answer).await }) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if is_end(&error) {
                    *self.state = State::Closed;
                }
                Err(failure(error))
            }
            Err(_) => {
                *self.state = State::Silent;
                Err(silent(self.limit))
            }
        }
    }
}

/// Passes bytes on until the connection ends.
async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, note: mpsc::Sender<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    T: AsyncRead + AsyncWrite + Unpin + Send,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(_) = message {
            let _ = note.try_send(());
        }
    }
}

fn silent(limit: Duration) -> StoreError {
    StoreError::Unavailable(format!(
        "the database did not answer within {:.1} s",
        limit.as_secs_f64()
    ))
}

/// True if the server ends the connection with this error, or it has ended.
fn is_end(error: &tokio_postgres::Error) -> bool {
    error.is_closed()
        || match error.code() {
            // An administrator, a crash, a start, a transaction that was idle for too long.
            Some(code) => {
                matches!(code.code(), "57P01" | "57P02" | "57P03" | "57P05" | "25P03") || code.code().starts_with("08")
            }
            None => false,
        }
}

/// Meaning of a database failure for the caller.
pub(super) fn failure(error: tokio_postgres::Error) -> StoreError {
    let said = said(&error);
    let Some(code) = error.code() else {
        return StoreError::Unavailable(said);
    };
    if *code == SqlState::DISK_FULL {
        return StoreError::Full(said);
    }
    if matches!(
        *code,
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE
    ) {
        return StoreError::ReadOnly(said);
    }
    match code.code().get(..2) {
        // The address is wrong: user, password, database.
        Some("28" | "3D") => StoreError::Address(format!("the database does not let us in: {said}")),
        Some("23") => StoreError::Conflict(said),
        // Connection lost, resources short, server stopping, lock or order of transactions: later may be better.
        Some("08" | "53" | "57" | "40" | "55" | "58" | "25") => StoreError::Unavailable(said),
        _ => StoreError::Broken(said),
    }
}

/// The driver's own words say little; its cause says more.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => database.message().to_owned(),
        None => match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}
