//! Moving a store: out as records, in again, and as a file of its own.

use super::{
    Book, Database, Engine, OnProgress, Record, Ruling, Session, Store, StoreError,
    read::{original, page},
    rulings,
    write::{Arrival, Packed, Rows, Writer},
};
use crate::{
    files::{self, Readers},
    store::{Order, Page, sqlite},
};
use std::{io, path::Path};

/// Documents or rulings that are in memory at a time.
const BATCH: usize = 200;

pub fn export(
    session: &mut dyn Session,
    book: &Book,
    each: &mut dyn FnMut(Record) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let documents = page(
            session,
            book,
            Page {
                order: Order::Arrival,
                after,
                limit: BATCH,
            },
        )?;
        let Some(last) = documents.last() else { break };
        after = Some(last.number);
        for document in documents {
            let original = match document.original {
                Some(_) => original(session, &document.read.document.id)?,
                None => None,
            };
            each(Record::Document(Box::new(document), original))?;
        }
    }
    let mut after = 0;
    loop {
        let rulings = rulings::after(session, book, after, BATCH)?;
        let Some(last) = rulings.last() else { return Ok(()) };
        after = last.id;
        for ruling in rulings {
            each(Record::Ruling(ruling))?;
        }
    }
}

pub fn import(writer: &mut Writer<'_>, records: &[Record]) -> Result<(), StoreError> {
    let documents = records.iter().filter_map(|record| match record {
        Record::Document(stored, original) => Some((stored, original)),
        Record::Ruling(_) => None,
    });
    let known = writer.known(documents.clone().map(|(stored, _)| &stored.read.document))?;
    let mut packed = Vec::new();
    for (stored, original) in documents {
        let document = &stored.read.document;
        match known.get(&document.id) {
            Some(number) if *number == stored.number => {}
            Some(number) => return Err(other_order(&document.id, *number, stored.number)),
            None if stored.number <= writer.last_document => {
                return Err(StoreError::Conflict(format!(
                    "number {} is another document there than {}; copy into a store that is empty or a copy of the same one",
                    stored.number, document.id
                )));
            }
            None => {
                writer.last_document = stored.number;
                packed.push((Packed::of(document, &stored.read.parse, original.as_ref())?, stored));
            }
        }
    }
    let mut rows = Rows::default();
    for (packed, stored) in &packed {
        let arrival = Arrival {
            number: stored.number,
            version: stored.version,
            added: stored.added.clone(),
        };
        writer.add_document(&mut rows, packed, &arrival)?;
        writer.version = writer.version.max(stored.version);
    }
    rows.insert(writer.session)?;
    for record in records {
        if let Record::Ruling(ruling) = record {
            import_ruling(writer, ruling)?;
        }
    }
    Ok(())
}

fn import_ruling(writer: &mut Writer<'_>, ruling: &Ruling) -> Result<(), StoreError> {
    if ruling.id > writer.last_ruling {
        writer.insert_ruling(ruling)?;
        writer.last_ruling = ruling.id;
        writer.version = writer.version.max(ruling.version);
        return Ok(());
    }
    let there = rulings::after(writer.session, writer.book, ruling.id - 1, 1)?;
    if there.first() == Some(ruling) {
        return Ok(());
    }
    Err(StoreError::Conflict(format!(
        "ruling {} is another there; copy into a store that is empty or a copy of the same one",
        ruling.id
    )))
}

fn other_order(id: &str, there: i64, here: i64) -> StoreError {
    StoreError::Conflict(format!(
        "document {id} has number {there} there and {here} here; copy into a store that is empty or a copy of the same one"
    ))
}

/// Copies everything from one store into another.
pub fn copy(from: &dyn Store, to: &dyn Store, progress: OnProgress<'_>) -> Result<(), StoreError> {
    let counts = from.counts()?;
    let (mut done, all) = (0, counts.documents + counts.rulings);
    let mut batch = Vec::with_capacity(BATCH);
    from.export(&mut |record| {
        batch.push(record);
        if batch.len() == BATCH {
            done += BATCH as u64;
            to.import(std::mem::take(&mut batch))?;
            progress(done.min(all), all);
        }
        Ok(())
    })?;
    to.import(batch)?;
    progress(all, all);
    Ok(())
}

/// A copy in a file of its own: written beside it first, so that what has the name is whole.
pub fn backup<D: Database>(engine: &Engine<D>, file: &Path, progress: OnProgress<'_>) -> Result<(), StoreError> {
    if file.exists() {
        return Err(StoreError::Conflict(format!("{} is there already", file.display())));
    }
    let failed = |error: io::Error| StoreError::Unavailable(format!("{}: {error}", file.display()));
    // A name of its own, readable by its owner only; removed when something fails.
    let part = files::beside(file, Readers::Owner).map_err(failed)?;
    if !engine.database.backup(part.path(), progress)? {
        copy(engine, &sqlite::open(part.path())?, progress)?;
    }
    sqlite::single(part.path())?;
    part.persist_noclobber(file)
        .map(drop)
        .map_err(|error| failed(error.error))
}
