//! Moving a store: export and import of records, and backup to a file.

use super::{
    Book, Database, Deletion, Edit, Engine, EventRuling, OnProgress, Record, Ruling, Session, Store, StoreError,
    deletions, edits, event_rulings,
    read::{self, original, page},
    rulings,
    write::{Arrival, Packed, Rows, Writer},
};
use crate::{
    files::{self, Readers},
    geoparse::Parse,
    store::{Order, Page, part_file, sqlite},
};
use std::{io, path::Path};

/// Documents or rulings that are in memory at a time.
const BATCH: usize = 200;

pub fn export(
    session: &mut dyn Session,
    book: &Book,
    each: &mut dyn FnMut(Record) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if let Some(place) = book.damaged().into_iter().next() {
        return Err(StoreError::Broken(format!("{place}; mahwar reparse writes it anew")));
    }
    let mut after = None;
    loop {
        let page = page(
            session,
            book,
            Page {
                order: Order::Arrival,
                after,
                limit: BATCH,
            },
        )?;
        if let Some(damaged) = page.damaged.into_iter().next() {
            return Err(StoreError::Damaged {
                document: damaged.id,
                cause: damaged.cause,
            });
        }
        for mut document in page.documents {
            if let Some(declared) = edits::declared(session, book, document.number)? {
                document.read = declared;
            }
            let original = match document.original {
                Some(_) => original(session, &document.read.document.id)?,
                None => None,
            };
            each(Record::Document(Box::new(document), original))?;
        }
        match page.next {
            Some(_) => after = page.next,
            None => break,
        }
    }
    let mut after = 0;
    loop {
        let rulings = rulings::after(session, book, after, BATCH)?;
        let Some(last) = rulings.last() else { break };
        after = last.id;
        for ruling in rulings {
            each(Record::Ruling(ruling))?;
        }
    }
    for number in edits::with_history(session)? {
        let all = edits::numbered(session, book, number)?;
        each(Record::Edits(
            all,
            edits::corrected_reading(session, book, number)?.map(Box::new),
        ))?;
    }
    let mut after = 0;
    loop {
        let deletions = deletions::after(session, after, BATCH)?;
        let Some(last) = deletions.last() else { break };
        after = last.number;
        for deletion in deletions {
            each(Record::Deletion(deletion))?;
        }
    }
    let mut after = 0;
    loop {
        let rulings = event_rulings::after(session, after, BATCH)?;
        let Some(last) = rulings.last() else { return Ok(()) };
        after = last.id;
        for ruling in rulings {
            each(Record::EventRuling(ruling))?;
        }
    }
}

pub fn import(writer: &mut Writer<'_>, records: &[Record]) -> Result<(), StoreError> {
    let documents = records.iter().filter_map(|record| match record {
        Record::Document(stored, original) => Some((stored, original)),
        Record::Ruling(_) | Record::Deletion(_) | Record::EventRuling(_) | Record::Edits(..) => None,
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
                let units = writer.tally.units();
                packed.push((
                    Packed::of(document, &stored.read.parse, original.as_ref(), &units)?,
                    stored,
                ));
            }
        }
    }
    let mut rows = Rows::default();
    for (packed, stored) in &packed {
        let arrival = Arrival {
            number: stored.number,
            version: stored.version,
            added: stored.added.clone(),
            reader: stored.reader,
        };
        writer.add_document(&mut rows, packed, &arrival)?;
        writer.version = writer.version.max(stored.version);
    }
    rows.insert(writer.session)?;
    for record in records {
        match record {
            Record::Document(..) => {}
            Record::Ruling(ruling) => import_ruling(writer, ruling)?,
            Record::Deletion(deletion) => import_deletion(writer, deletion)?,
            Record::EventRuling(ruling) => import_event_ruling(writer, ruling)?,
            Record::Edits(all, reading) => import_edits(writer, all, reading.as_deref())?,
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

fn import_edits(writer: &mut Writer<'_>, all: &[Edit], reading: Option<&Parse>) -> Result<(), StoreError> {
    let Some(first) = all.first() else { return Ok(()) };
    let number = read::number(writer.session, &first.document)?;
    let book = writer.present_book()?;
    let there = edits::numbered(writer.session, &book, number)?;
    if there.len() > all.len() || there.iter().zip(all).any(|(there, new)| there != new) {
        return Err(StoreError::Conflict(format!(
            "edits of document {} are others there; copy into a store that is empty or a copy of the same one",
            first.document
        )));
    }
    for edit in &all[there.len()..] {
        writer.insert_edit(number, edit)?;
        writer.version = writer.version.max(edit.version);
    }
    match there.len() == all.len() {
        true => Ok(()),
        false => {
            // The document has the version of its last edit, as it had there.
            let version = all.last().map_or(0, |edit| edit.version);
            writer.apply_edits_at(number, all, version, &|_| reading.cloned().unwrap_or_default())
        }
    }
}

fn import_event_ruling(writer: &mut Writer<'_>, ruling: &EventRuling) -> Result<(), StoreError> {
    // Documents of the same batch are linked before it.
    writer.link_noted()?;
    let there = event_rulings::after(writer.session, ruling.id - 1, 1)?;
    match there.first() {
        None => {
            writer.version = writer.version.max(ruling.version);
            writer.insert_event_ruling(ruling)
        }
        Some(there) if (there.id, there.version, &there.time) == (ruling.id, ruling.version, &ruling.time) => Ok(()),
        Some(_) => Err(StoreError::Conflict(format!(
            "decision {} on events is another there; copy into a store that is empty or a copy of the same one",
            ruling.id
        ))),
    }
}

fn import_deletion(writer: &mut Writer<'_>, deletion: &Deletion) -> Result<(), StoreError> {
    let there = deletions::after(writer.session, deletion.number - 1, 1)?;
    if let Some(there) = there.into_iter().find(|there| there.number == deletion.number) {
        return match there == *deletion {
            true => Ok(()),
            false => Err(other_order(&deletion.id, there.number, deletion.number)),
        };
    }
    // Deleted since the copy was begun.
    let sql = "SELECT id FROM documents WHERE number = $1";
    if let Some(row) = writer.session.row(sql, &[deletion.number.into()])? {
        if row.text(0)? != deletion.id {
            return Err(other_order(&deletion.id, deletion.number, deletion.number));
        }
        writer.remove(deletion.number)?;
    }
    writer.bury(deletion)?;
    writer.last_document = writer.last_document.max(deletion.number);
    writer.version = writer.version.max(deletion.version);
    Ok(())
}

fn other_order(id: &str, there: i64, here: i64) -> StoreError {
    StoreError::Conflict(format!(
        "document {id} has number {there} there and {here} here; copy into a store that is empty or a copy of the same one"
    ))
}

/// Copies everything from one store into another.
pub fn copy(from: &dyn Store, to: &dyn Store, progress: OnProgress<'_>) -> Result<(), StoreError> {
    let counts = from.counts()?;
    to.use_units(&from.units()?)?;
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
    to.build(&mut |_, _| {})
}

/// A copy in a file of its own: written under another name first, so that a file with the final name is complete.
pub fn backup<D: Database>(engine: &Engine<D>, file: &Path, progress: OnProgress<'_>) -> Result<(), StoreError> {
    let exists = || StoreError::Conflict(format!("{} exists already; name a file that does not", file.display()));
    if file.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let failed = |error: io::Error| StoreError::Unavailable(format!("{}: {error}", file.display()));
    // A temporary name, readable by its owner only; removed when something fails.
    let part = files::beside(file, Readers::Owner).map_err(failed)?;
    if !engine.database.backup(part.path(), progress)? {
        let copied = sqlite::open(part.path())?;
        copy(engine, &copied, progress)?;
        copied.close()?;
    }
    sqlite::single(part.path())?;
    let kept = part
        .persist_noclobber(file)
        .map(drop)
        .map_err(|error| failed(error.error));
    part_file::sync_folder(file);
    kept
}
