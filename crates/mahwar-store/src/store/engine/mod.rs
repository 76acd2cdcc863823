//! What a store does, written once for every database.

mod check;
mod copy;
mod places;
mod read;
mod rulings;
mod write;

pub use copy::copy;

use super::{
    Changes, ClaimRow, Counts, Finding, MentionQuery, MentionRow, NewDocument, NewRuling, OnChange, OnProgress,
    Original, Page, PlaceDay, Put, Record, Reparsed, Ruling, Store, StoreError, StoredDocument, Watch,
    session::{Database, Session, answer},
};
use crate::geoparse::Parse;
use places::Book;
use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

/// A store over a database.
pub(super) struct Engine<D> {
    database: D,
    book: RwLock<Arc<Book>>,
}

impl<D: Database> Engine<D> {
    /// Takes a database that is open and has the present schema.
    pub fn open(database: D) -> Result<Self, StoreError> {
        let engine = Self {
            database,
            book: RwLock::default(),
        };
        engine.read(|_, _| Ok(()))?;
        Ok(engine)
    }

    /// Reads as of one moment, with the places of that moment.
    fn read<T>(&self, mut work: impl FnMut(&mut dyn Session, &Book) -> Result<T, StoreError>) -> Result<T, StoreError> {
        answer(
            |work| self.database.read(work),
            |session| {
                let book = self.book(session)?;
                work(session, &book)
            },
        )
    }

    fn write<T>(&self, mut work: impl FnMut(&mut write::Writer<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        answer(
            |work| self.database.write(work),
            |session| {
                let book = self.book(session)?;
                let mut writer = write::Writer::begin(session, &book)?;
                let answer = work(&mut writer)?;
                writer.end()?;
                Ok(answer)
            },
        )
    }

    /// The places as this transaction sees them.
    fn book(&self, session: &mut dyn Session) -> Result<Arc<Book>, StoreError> {
        let known = Arc::clone(&self.book.read().unwrap_or_else(PoisonError::into_inner));
        let Some(newer) = known.newer(session)? else {
            return Ok(known);
        };
        let newer = Arc::new(newer);
        let mut held = self.book.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have seen a later moment.
        if held.revision < newer.revision {
            *held = Arc::clone(&newer);
        }
        Ok(newer)
    }
}

impl<D: Database> Store for Engine<D> {
    fn put_many(&self, new: Vec<NewDocument>) -> Result<Vec<Put>, StoreError> {
        // Packing takes longer than writing, and needs no lock.
        let packed = new.iter().map(write::Packed::new).collect::<Result<Vec<_>, _>>()?;
        self.write(|writer| writer.put_many(&packed))
    }

    fn get(&self, id: &str) -> Result<Option<StoredDocument>, StoreError> {
        self.read(|session, book| read::document(session, book, id))
    }

    fn original(&self, id: &str) -> Result<Option<Original>, StoreError> {
        self.read(|session, _| read::original(session, id))
    }

    fn page(&self, page: Page) -> Result<Vec<StoredDocument>, StoreError> {
        self.read(|session, book| read::page(session, book, page))
    }

    fn changes(&self, since: i64, limit: usize) -> Result<Changes, StoreError> {
        self.read(|session, book| read::changes(session, book, since, limit))
    }

    fn version(&self) -> Result<i64, StoreError> {
        answer(|work| self.database.read(work), read::version)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|session, _| read::counts(session))
    }

    fn add_ruling(&self, new: NewRuling) -> Result<Ruling, StoreError> {
        self.write(|writer| writer.add_ruling(&new))
    }

    fn undo(&self, ruling: i64, author: &str, reason: Option<&str>) -> Result<Ruling, StoreError> {
        self.write(|writer| writer.undo(ruling, author, reason))
    }

    fn rulings(&self, document: &str) -> Result<Vec<Ruling>, StoreError> {
        self.read(|session, book| rulings::of_document(session, book, document))
    }

    fn rulings_after(&self, id: i64, limit: usize) -> Result<Vec<Ruling>, StoreError> {
        self.read(|session, book| rulings::after(session, book, id, limit))
    }

    fn stray_rulings(&self) -> Result<Vec<Ruling>, StoreError> {
        self.read(rulings::strays)
    }

    fn reparse(&self, id: &str, parse: &Parse) -> Result<Reparsed, StoreError> {
        self.write(|writer| writer.reparse(id, parse))
    }

    fn mentions(&self, query: &MentionQuery) -> Result<Vec<MentionRow>, StoreError> {
        self.read(|session, book| read::mentions(session, book, query))
    }

    fn claims(&self, after: (i64, u32), limit: usize) -> Result<Vec<ClaimRow>, StoreError> {
        self.read(|session, book| read::claims(session, book, after, limit))
    }

    fn mention_places(&self, ruled: bool) -> Result<Vec<PlaceDay>, StoreError> {
        self.read(|session, book| read::mention_places(session, book, ruled))
    }

    fn check(&self, progress: OnProgress<'_>) -> Result<Vec<Finding>, StoreError> {
        self.read(|session, book| check::check(session, book, progress))
    }

    fn export(&self, each: &mut dyn FnMut(Record) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.read(|session, book| copy::export(session, book, each))
    }

    fn import(&self, records: Vec<Record>) -> Result<(), StoreError> {
        self.write(|writer| copy::import(writer, &records))
    }

    fn backup(&self, file: &Path, progress: OnProgress<'_>) -> Result<(), StoreError> {
        copy::backup(self, file, progress)
    }

    fn watch(&self, changed: OnChange) -> Result<Box<dyn Watch>, StoreError> {
        self.database.watch(changed)
    }

    fn kind(&self) -> &'static str {
        self.database.kind()
    }
}
