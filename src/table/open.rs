//! Opens a table of any format: its kind is found in its bytes.

use crate::{
    formats::{self, Kind, MAX_FILE_BYTES, MAX_UNPACKED_BYTES, Refusal, Table},
    sources::{ParquetRows, parquet_rows},
};
use bytes::Bytes;
use serde_json::Value;
use std::{
    io::{self, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Bytes at the start from which the kind is detected.
const HEAD: u64 = 64 * 1024;

/// Opens a table that comes from somewhere; `name` is that of its file, for messages and for its ending.
///
/// # Errors
/// When it is no table, or cannot be read.
pub fn open(name: &str, mut source: Box<dyn Read + Send>) -> Result<Table, Refusal> {
    let unreadable = |error: io::Error| Refusal::Table(format!("cannot be read: {error}"));
    let mut head = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    // The end of a package lists its parts, that of a Parquet file its columns.
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PAR1") {
        let most = MAX_FILE_BYTES as u64 + 1;
        source.take(most).read_to_end(&mut head).map_err(unreadable)?;
        return open_bytes(Some(name), None, head.into());
    }
    let kind = formats::detect(&head, Some(name), None)?;
    formats::open_table(
        table_kind(kind),
        Box::new(Cursor::new(head).chain(source)),
        has_tabs(name),
    )
}

/// Opens a table that is whole in memory.
///
/// # Errors
/// When it is no table, or cannot be read.
pub fn open_bytes(name: Option<&str>, media_type: Option<&str>, bytes: Bytes) -> Result<Table, Refusal> {
    let kind = formats::detect(&bytes, name, media_type)?;
    if kind == Kind::Parquet {
        return parquet(bytes);
    }
    let tabs = name.is_some_and(has_tabs) || media_type == Some("text/tab-separated-values");
    formats::open_table(table_kind(kind), Box::new(Cursor::new(bytes)), tabs)
}

/// Few rows of words look like plain text.
fn table_kind(kind: Kind) -> Kind {
    if kind == Kind::Text { Kind::Csv } else { kind }
}

fn has_tabs(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".tsv")
}

fn parquet(bytes: Bytes) -> Result<Table, Refusal> {
    let kind = Kind::Parquet;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge {
            kind: kind.name(),
            bytes: bytes.len(),
            most: MAX_FILE_BYTES,
        });
    }
    let broken = move |cause: String| Refusal::Broken {
        kind: kind.name(),
        cause,
    };
    // The library may panic on files that were made to break it.
    let opened = catch_unwind(AssertUnwindSafe(|| parquet_rows(bytes)));
    let ParquetRows { names, rows } = opened
        .unwrap_or_else(|_| Err("its metadata".to_owned()))
        .map_err(broken)?;
    let (mut rows, mut number, mut room) = (Some(rows), 1, MAX_UNPACKED_BYTES);
    let rows = std::iter::from_fn(move || {
        let next = catch_unwind(AssertUnwindSafe(|| rows.as_mut()?.next()));
        let row = next.unwrap_or_else(|_| Some(Err("its pages".to_owned())))?;
        number += 1;
        let row = row.map(|row| row.into_iter().map(words).collect::<Vec<String>>());
        let row = row.and_then(|row| {
            room = room.saturating_sub(row.iter().map(String::len).sum());
            match room {
                0 => Err(format!("its rows hold more than {MAX_UNPACKED_BYTES} bytes")),
                _ => Ok(row),
            }
        });
        if row.is_err() {
            // The reader cannot continue after a fault.
            rows = None;
        }
        Some((number, row.map_err(broken)))
    });
    Table::new(kind, names, rows)
}

fn words(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
