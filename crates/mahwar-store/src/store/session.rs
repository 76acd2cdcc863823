//! A session with a database: SQL in, rows out. Common interface of the two databases, with their differences.

use super::{OnChange, OnProgress, StoreError, Watch, words::Question};
use std::{borrow::Cow, path::Path};

/// A value of a column or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'v> {
    Null,
    Int(i64),
    Real(f64),
    Text(Cow<'v, str>),
    Blob(Cow<'v, [u8]>),
    /// A list of keys, for [`Session::is_one_of`]; a parameter only.
    Keys(Cow<'v, [i64]>),
    /// A list of texts, for [`Session::is_one_of_words`] and for the words of a document; a parameter only.
    Words(Cow<'v, [String]>),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Value<'_> {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(value: &'v String) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(Cow::Owned(value))
    }
}

impl From<Vec<i64>> for Value<'_> {
    fn from(value: Vec<i64>) -> Self {
        Self::Keys(Cow::Owned(value))
    }
}

impl From<Vec<String>> for Value<'_> {
    fn from(value: Vec<String>) -> Self {
        Self::Words(Cow::Owned(value))
    }
}

impl<'v, V: Into<Value<'v>>> From<Option<V>> for Value<'v> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of a result; columns are read by position.
pub(super) struct Row(pub Vec<Value<'static>>);

impl Row {
    fn wrong(&self, at: usize, wanted: &str) -> StoreError {
        StoreError::Broken(format!("column {at} is {:?}, not {wanted}", self.0.get(at)))
    }

    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        match self.0.get(at) {
            Some(Value::Int(value)) => Ok(*value),
            _ => Err(self.wrong(at, "a whole number")),
        }
    }

    pub fn size(&self, at: usize) -> Result<usize, StoreError> {
        usize::try_from(self.int(at)?).map_err(|_| self.wrong(at, "a count"))
    }

    pub fn real(&self, at: usize) -> Result<f64, StoreError> {
        match self.0.get(at) {
            Some(Value::Real(value)) => Ok(*value),
            _ => Err(self.wrong(at, "a number")),
        }
    }

    pub fn text(&self, at: usize) -> Result<String, StoreError> {
        self.optional_text(at)?.ok_or_else(|| self.wrong(at, "a text"))
    }

    pub fn optional_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(at) {
            Some(Value::Text(value)) => Ok(Some(value.clone().into_owned())),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(at, "a text")),
        }
    }

    pub fn optional_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.int(at).map(Some),
        }
    }

    pub fn blob(&self, at: usize) -> Result<&[u8], StoreError> {
        match self.0.get(at) {
            Some(Value::Blob(value)) => Ok(value),
            _ => Err(self.wrong(at, "bytes")),
        }
    }

    /// Parses a text as one of the values of a type.
    pub fn word<T: serde::de::DeserializeOwned>(&self, at: usize) -> Result<T, StoreError> {
        let word = self.text(at)?;
        serde_json::from_value(word.into()).map_err(|_| self.wrong(at, "a known word"))
    }
}

/// Inside a transaction. Parameters are `$1`, `$2`, …, which appear in this order in the SQL.
///
/// The text of a statement never depends on data: values are parameters, a list of keys is one parameter. Databases keep
/// prepared statements by their text, so that the number of texts must be bounded.
pub(super) trait Session {
    /// The condition that an integer column equals one of the keys in a [`Value::Keys`] parameter.
    fn is_one_of(&self, column: &str, parameter: usize) -> String;

    /// The condition that a text column equals one of the texts in a [`Value::Words`] parameter.
    fn is_one_of_words(&self, column: &str, parameter: usize) -> String;

    /// Stores the words of documents in the index of words.
    fn put_words(&mut self, documents: &[(i64, &[String])]) -> Result<(), StoreError>;

    /// Writes many rows into `table (columns)` in a way that only this database has; `false` where it has none.
    fn copy(&mut self, table: &str, rows: &[Vec<Value>]) -> Result<bool, StoreError> {
        let _ = (table, rows);
        Ok(false)
    }

    /// As [`Session::copy`]; `conflict` is the SQL clause for rows that exist already.
    fn merge(&mut self, table: &str, rows: &[Vec<Value>], conflict: &str) -> Result<bool, StoreError> {
        let _ = (table, rows, conflict);
        Ok(false)
    }

    /// Removes the words of documents from the index, from the first number to the last.
    fn drop_words(&mut self, documents: [i64; 2]) -> Result<(), StoreError>;

    /// Sets whether the bytes of rows that are deleted from now on are overwritten. Only for databases in one file.
    fn overwrite_deleted(&mut self, overwrite: bool) -> Result<(), StoreError> {
        let _ = overwrite;
        Ok(())
    }

    /// Parts of a query for the documents with the words of a question.
    fn with_words(&self, parameter: usize, question: &Question) -> WithWords;

    /// A table read by an index of it, in a database that keeps no statistics to choose by.
    fn by_index(&self, table: &'static str, index: &'static str) -> String {
        let _ = index;
        table.to_owned()
    }

    /// A text column in the order of its bytes, as in every other sort of texts.
    fn bytewise(&self, column: &str) -> String;

    /// Runs a statement; returns the number of rows that it changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;

    /// Runs a query.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// The row of a query that returns one row at most.
    fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values)?.pop())
    }
}

/// Documents with the words of a question, as parts of a query: `d` is the document.
pub(super) struct WithWords {
    /// The tables.
    pub from: &'static str,
    /// The index of words without the documents.
    pub alone: &'static str,
    /// The column that has the number of a document in the index of words.
    pub number: &'static str,
    /// The condition.
    pub condition: String,
    /// Its parameter.
    pub value: Value<'static>,
}

/// Work inside a transaction.
pub(super) type Work<'w> = &'w mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>;

/// A database that transactions run in.
pub(super) trait Database: Send + Sync {
    /// Runs work that reads, all of it as of one moment. Never waits for a writer.
    fn read(&self, work: Work<'_>) -> Result<(), StoreError>;

    /// Runs work that reads for as long as it takes: a check, an export.
    fn read_long(&self, work: Work<'_>) -> Result<(), StoreError> {
        self.read(work)
    }

    /// Runs work that writes, one at a time over all processes; committed to the disk on `Ok`, rolled back on an error.
    /// Watchers are notified.
    fn write(&self, work: Work<'_>) -> Result<(), StoreError>;

    /// Checks that the database is still the one that was opened, as far as that can be seen without asking it.
    fn look(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Checks that the database takes writes, by one that changes nothing.
    fn probe(&self) -> Result<(), StoreError> {
        self.write(&mut |session| {
            let sql = "UPDATE store SET version = version";
            session.execute(sql, &[]).map(drop)
        })
    }

    /// Ends writing, and leaves the database in its best form for storage.
    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// See [`super::Store::watch`].
    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError>;

    /// Copies the database to a new SQLite file by the database's own method; `false` where it has none.
    fn backup(&self, file: &Path, progress: OnProgress<'_>) -> Result<bool, StoreError>;

    /// Its name.
    fn kind(&self) -> &'static str;
}

/// Runs work that returns a value.
pub(super) fn answer<T>(
    run: impl FnOnce(Work<'_>) -> Result<(), StoreError>,
    mut work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut answer = None;
    run(&mut |session| {
        answer = Some(work(session)?);
        Ok(())
    })?;
    answer.ok_or_else(|| StoreError::Broken("a transaction ended without an answer".to_owned()))
}
