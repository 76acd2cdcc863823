//! Reading tables of a PostgreSQL database that are not the store's: over the same pool, with the same deadlines.

use super::{
    StoreError,
    pool::{Pool, Purpose},
    session::Value,
};
use std::borrow::Cow;

/// A value of a row or of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number; truth values too.
    Int(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Connections to a database for reading only.
pub struct DatabaseReader {
    pool: Pool,
}

impl DatabaseReader {
    /// Parses an address; does not connect yet. `timeout=SECONDS` in it limits each statement.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address that cannot be read.
    pub fn new(address: &str) -> Result<Self, StoreError> {
        Ok(Self {
            pool: Pool::new(address)?,
        })
    }

    /// Runs one query in a transaction that only reads. Columns are `bigint`, `float8`, `text` or `bytea`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database is away or does not answer in time, [`StoreError::Broken`] for a query
    /// that it refuses.
    pub fn query(&self, sql: &str, values: &[Cell]) -> Result<Vec<Vec<Cell>>, StoreError> {
        let values: Vec<Value<'_>> = values.iter().map(value).collect();
        let mut found = Vec::new();
        self.pool
            .transaction(Purpose::Read, false, ["BEGIN READ ONLY", "COMMIT"], &mut |session| {
                let rows = session.query(sql, &values)?;
                found = rows
                    .into_iter()
                    .map(|row| row.0.into_iter().map(cell).collect())
                    .collect();
                Ok(())
            })?;
        Ok(found)
    }
}

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => Value::Int(*number),
        Cell::Real(number) => Value::Real(*number),
        Cell::Text(text) => Value::Text(Cow::Borrowed(text)),
        Cell::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
    }
}

fn cell(value: Value<'static>) -> Cell {
    match value {
        Value::Null | Value::Keys(_) | Value::Words(_) => Cell::Null,
        Value::Int(number) => Cell::Int(number),
        Value::Real(number) => Cell::Real(number),
        Value::Text(text) => Cell::Text(text.into_owned()),
        Value::Blob(bytes) => Cell::Blob(bytes.into_owned()),
    }
}
