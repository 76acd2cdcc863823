//! Operations of a store, written once for every database.

mod check;
mod claim_units;
mod claims;
mod conditions;
mod copy;
mod deletions;
mod edits;
mod event_rulings;
mod events;
mod feeds;
mod find;
mod history;
mod matching;
mod offset;
mod places;
mod read;
mod readers;
mod rebuild;
mod rulings;
mod sorted;
mod tally;
mod totals;
mod write;

pub use copy::copy;

use super::{
    Changes, ClaimRow, Counts, Damaged, Deletion, DocumentPage, DocumentText, Edit, EventPage, EventQuery, EventRuling,
    FeedLease, FeedRow, Finding, Kin, MentionQuery, MentionRow, Moment, NewDocument, NewEdit, NewEventRuling,
    NewRuling, OnChange, OnProgress, Order, Original, Page, PlaceDay, Put, Record, Reparsed, RowPage, Ruling, Source,
    Store, StoreError, StoredDocument, Watch,
    query::{ClaimQuery, FindQuery, Found, PlaceTotal, SeriesQuery, SortedQuery, SortedRow, TotalsQuery},
    session::{Database, Session, Work, answer},
};
use crate::{
    document::Document,
    events::Event,
    geoparse::Parse,
    layers::{Counts as Sums, Days, ReadDocument, Units},
};
use places::Book;
use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

/// A store over a database.
pub(super) struct Engine<D> {
    database: D,
    book: RwLock<Arc<Book>>,
    units: tally::UnitCache,
    reader: RwLock<Option<i64>>,
}

/// So many documents are counted at once when a store is opened that does not have its counts yet; more take a while,
/// and [`Store::build`] reports its progress.
const AT_ONCE: u64 = 2_000;

impl<D: Database> Engine<D> {
    /// Takes a database that is open and has the present schema.
    pub fn open(database: D) -> Result<Self, StoreError> {
        let engine = Self {
            database,
            book: RwLock::default(),
            units: tally::UnitCache::default(),
            reader: RwLock::default(),
        };
        engine.read(|_, _| Ok(()))?;
        engine.build_few()?;
        Ok(engine)
    }

    /// Reads as of one moment, with the places of that moment.
    fn read<T>(&self, work: impl FnMut(&mut dyn Session, &Book) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.read_by(|work| self.database.read(work), work)
    }

    /// The same without a limit on how long one statement may take.
    fn read_long<T>(
        &self,
        work: impl FnMut(&mut dyn Session, &Book) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_by(|work| self.database.read_long(work), work)
    }

    fn read_by<T>(
        &self,
        run: impl FnOnce(Work<'_>) -> Result<(), StoreError>,
        mut work: impl FnMut(&mut dyn Session, &Book) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = answer(run, |session| {
            let book = self.book(session)?;
            work(session, &book)
        });
        if let Err(StoreError::Broken(_)) = done {
            // The table of places may have been read while a restore was filling it.
            let mut held = self.book.write().unwrap_or_else(PoisonError::into_inner);
            *held = Arc::new(held.forgotten());
        }
        done
    }

    fn reader(&self) -> Option<i64> {
        *self.reader.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(&self, mut work: impl FnMut(&mut write::Writer<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        answer(
            |work| self.database.write(work),
            |session| {
                let book = self.book(session)?;
                let mut writer = write::Writer::begin(session, &book, &self.units, self.reader())?;
                let answer = work(&mut writer)?;
                writer.end()?;
                Ok(answer)
            },
        )
    }

    /// Counts the rest where that takes no time.
    fn build_few(&self) -> Result<(), StoreError> {
        let few = self.unfinished()?.is_some_and(|(done, all)| all - done <= AT_ONCE);
        if !few {
            return Ok(());
        }
        match self.build(&mut |_, _| {}) {
            // A read-only store is used as it is.
            Err(StoreError::ReadOnly(_)) => Ok(()),
            built => built,
        }
    }

    /// Reads the documents of a page one by one, each in a transaction of its own, so that each that can be read is read.
    fn page_by_number(&self, page: Page, error: StoreError) -> Result<DocumentPage, StoreError> {
        /// More documents in a row than these are not damaged one by one.
        const MAX_DAMAGED: usize = 50;
        let last = self.counts()?.last;
        let mut number = match (page.order, page.after) {
            (Order::Newest, after) => after.unwrap_or(last + 1) - 1,
            (Order::Arrival, after) => after.unwrap_or(0) + 1,
        };
        let mut found = DocumentPage::default();
        while (1..=last).contains(&number) {
            if found.documents.len() + found.damaged.len() == page.limit {
                found.next = Some(match page.order {
                    Order::Newest => number + 1,
                    Order::Arrival => number - 1,
                });
                break;
            }
            match self.read(|session, book| read::numbered(session, book, number)) {
                Ok(document) => found.documents.extend(document),
                Err(StoreError::Damaged { document, cause }) => found.damaged.push(Damaged {
                    number,
                    id: document,
                    cause,
                }),
                Err(StoreError::Broken(cause)) => found.damaged.push(Damaged {
                    number,
                    id: format!("number {number}"),
                    cause,
                }),
                Err(other) => return Err(other),
            }
            if found.documents.is_empty() && found.damaged.len() > MAX_DAMAGED {
                return Err(error);
            }
            match page.order {
                Order::Newest => number -= 1,
                Order::Arrival => number += 1,
            }
        }
        Ok(found)
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
        if held.is_before(&newer) {
            *held = Arc::clone(&newer);
        }
        Ok(newer)
    }
}

impl<D: Database> Store for Engine<D> {
    fn put_all(&self, new: Vec<NewDocument>, again: bool) -> Result<Vec<Put>, StoreError> {
        // Packing takes longer than writing, and needs no lock.
        let units = self.units.last();
        let packed = new.iter().map(|new| write::Packed::new(new, &units));
        let packed = packed.collect::<Result<Vec<_>, _>>()?;
        self.write(|writer| writer.put_all(&packed, again))
    }

    fn get(&self, id: &str) -> Result<Option<StoredDocument>, StoreError> {
        self.read(|session, book| read::document(session, book, id))
    }

    fn original(&self, id: &str) -> Result<Option<Original>, StoreError> {
        self.read(|session, _| read::original(session, id))
    }

    fn kin(&self, id: &str) -> Result<Kin, StoreError> {
        self.read(|session, _| read::kin(session, id))
    }

    fn last_changes(&self, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|session, _| read::last_changes(session, ids))
    }

    fn feeds(&self) -> Result<Vec<FeedRow>, StoreError> {
        self.read(|session, _| feeds::all(session))
    }

    fn feed(&self, address: &str) -> Result<Option<FeedRow>, StoreError> {
        self.read(|session, _| feeds::one(session, address))
    }

    fn put_feed(&self, address: &str, listed_by: &str, state: &str, due: i64) -> Result<(), StoreError> {
        self.write(|writer| feeds::put(writer.session, address, listed_by, state, due))
    }

    fn list_feed(&self, address: &str, listed_by: &str) -> Result<bool, StoreError> {
        self.write(|writer| feeds::list(writer.session, address, listed_by))
    }

    fn remove_feed(&self, address: &str) -> Result<bool, StoreError> {
        self.write(|writer| feeds::remove(writer.session, address))
    }

    fn lock_feed(&self, lease: &FeedLease<'_>) -> Result<bool, StoreError> {
        self.write(|writer| feeds::lock(writer.session, lease))
    }

    fn text(&self, number: i64) -> Result<Option<DocumentText>, StoreError> {
        self.read(|session, _| read::text(session, number))
    }

    fn delete(&self, id: &str, author: Option<&str>, reason: &str) -> Result<Deletion, StoreError> {
        let deletion = self.write(|writer| writer.delete(id, author, reason))?;
        self.build_few()?;
        Ok(deletion)
    }

    fn deletion(&self, id: &str) -> Result<Option<Deletion>, StoreError> {
        self.read(|session, _| deletions::in_force(session, id))
    }

    fn page(&self, page: Page) -> Result<DocumentPage, StoreError> {
        match self.read(|session, book| read::page(session, book, page)) {
            // A damaged block of the disk fails the whole query.
            Err(error @ StoreError::Broken(_)) => self.page_by_number(page, error),
            read => read,
        }
    }

    fn damaged_places(&self) -> Result<Vec<String>, StoreError> {
        self.read(|_, book| Ok(book.damaged()))
    }

    fn changes(&self, since: i64, limit: usize) -> Result<Changes, StoreError> {
        self.read(|session, book| read::changes(session, book, since, limit))
    }

    fn changes_after(&self, moment: &Moment, limit: usize) -> Result<Option<Changes>, StoreError> {
        self.read(
            |session, book| match history::descent(session, moment, book.moment())? {
                history::Descent::Follows => read::changes(session, book, moment.version, limit).map(Some),
                history::Descent::Unknown | history::Descent::Diverged => Ok(None),
            },
        )
    }

    fn moment(&self) -> Result<Moment, StoreError> {
        self.read(|_, book| Ok(book.moment().clone()))
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

    fn edit(&self, new: &NewEdit, reread: &dyn Fn(&Document) -> Parse) -> Result<Edit, StoreError> {
        self.write(|writer| writer.edit(new, reread))
    }

    fn reparse_declared(&self, id: &str, parse: &Parse) -> Result<bool, StoreError> {
        self.write(|writer| writer.reparse_declared(id, parse))
    }

    fn edits(&self, document: &str) -> Result<Vec<Edit>, StoreError> {
        self.read(|session, book| edits::of_document(session, book, document))
    }

    fn declared(&self, id: &str) -> Result<Option<ReadDocument>, StoreError> {
        self.read(|session, book| edits::declared_of(session, book, id))
    }

    fn stray_rulings(&self) -> Result<Vec<Ruling>, StoreError> {
        self.read(rulings::strays)
    }

    fn reparse(&self, id: &str, parse: &Parse) -> Result<Reparsed, StoreError> {
        let reparsed = self.write(|writer| writer.reparse(id, parse))?;
        if reparsed.repaired {
            self.build_few()?;
        }
        Ok(reparsed)
    }

    fn mentions(&self, query: &MentionQuery) -> Result<RowPage<MentionRow>, StoreError> {
        self.read(|session, book| read::mentions(session, book, query))
    }

    fn claims(&self, after: (i64, u32), limit: usize) -> Result<RowPage<ClaimRow>, StoreError> {
        let query = ClaimQuery {
            after,
            limit,
            ..ClaimQuery::default()
        };
        self.claims_of(&query)
    }

    fn claims_of(&self, query: &ClaimQuery) -> Result<RowPage<ClaimRow>, StoreError> {
        self.read(|session, book| claims::page(session, book, query))
    }

    fn number_at(&self, nth: u64) -> Result<Option<i64>, StoreError> {
        let nth = i64::try_from(nth).unwrap_or(i64::MAX);
        self.read(|session, _| offset::number(session, nth))
    }

    fn mention_places(&self, ruled: bool) -> Result<Vec<PlaceDay>, StoreError> {
        self.read(|session, book| read::mention_places(session, book, ruled))
    }

    fn event(&self, id: &str) -> Result<Option<Event>, StoreError> {
        self.read(|session, _| events::one(session, id))
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, StoreError> {
        self.read(|session, _| events::page(session, query))
    }

    fn rule_events(&self, new: &NewEventRuling) -> Result<EventRuling, StoreError> {
        self.write(|writer| writer.rule_events(new))
    }

    fn event_rulings(&self, event: &str) -> Result<Vec<EventRuling>, StoreError> {
        self.read(|session, _| event_rulings::of_event(session, event))
    }

    fn link_events(&self) -> Result<u64, StoreError> {
        self.write(|writer| writer.link_next())
    }

    fn check(&self, progress: OnProgress<'_>) -> Result<Vec<Finding>, StoreError> {
        let mut found = Vec::new();
        let checked = self.read_long(|session, book| {
            let (_, units) = self.units.now(session)?;
            found = check::check(session, book, &units, progress)?;
            Ok(())
        });
        match checked {
            Ok(()) => {}
            // A database that met a damaged block may refuse to end the transaction; the findings hold.
            Err(StoreError::Broken(cause)) => found.push(Finding {
                document: None,
                what: format!("a part of the store cannot be read: {cause}"),
            }),
            Err(other) => return Err(other),
        }
        Ok(found)
    }

    fn rebuild(&self) -> Result<(), StoreError> {
        self.write(|writer| writer.rebuild(self.database.kind()))?;
        self.build(&mut |_, _| {})
    }

    fn units(&self) -> Result<Units, StoreError> {
        let (_, units) = self.read(|session, _| self.units.now(session))?;
        Ok((*units).clone())
    }

    fn use_units(&self, units: &Units) -> Result<(), StoreError> {
        let (known, _) = self.read(|session, _| self.units.now(session))?;
        if known == units.fingerprint() {
            return Ok(());
        }
        match self.write(|writer| writer.use_units(units)) {
            // A read-only store keeps counting by the units that it has.
            Ok(_) | Err(StoreError::ReadOnly(_)) => self.build_few(),
            Err(error) => Err(error),
        }
    }

    fn use_reader(&self, reader: i64) {
        *self.reader.write().unwrap_or_else(PoisonError::into_inner) = Some(reader);
    }

    fn outdated(&self) -> Result<u64, StoreError> {
        match self.reader() {
            Some(reader) => self.read(|session, _| readers::outdated(session, reader)),
            None => Ok(0),
        }
    }

    fn outdated_after(&self, number: i64, limit: usize) -> Result<Vec<i64>, StoreError> {
        match self.reader() {
            Some(reader) => self.read(|session, _| readers::outdated_after(session, reader, number, limit)),
            None => Ok(Vec::new()),
        }
    }

    fn unfinished(&self) -> Result<Option<(u64, u64)>, StoreError> {
        self.read(|session, _| totals::unfinished(session))
    }

    fn build(&self, progress: OnProgress<'_>) -> Result<(), StoreError> {
        while let Some((done, all)) = self.unfinished()? {
            progress(done, all);
            if !self.write(|writer| writer.build_some())? {
                break;
            }
        }
        Ok(())
    }

    fn totals(&self, query: &TotalsQuery) -> Result<Vec<(String, Sums)>, StoreError> {
        self.read(|session, _| totals::totals(session, query))
    }

    fn place_totals(&self, ruled: bool, days: Option<Days>) -> Result<Vec<PlaceTotal>, StoreError> {
        self.read(|session, book| totals::places(session, book, ruled, days))
    }

    fn series(&self, query: &SeriesQuery) -> Result<Vec<(String, Sums)>, StoreError> {
        self.read(|session, _| totals::series(session, query))
    }

    fn days(&self) -> Result<Option<Days>, StoreError> {
        self.read(|session, _| totals::days(session))
    }

    fn find(&self, query: &FindQuery) -> Result<Found, StoreError> {
        self.read(|session, book| {
            let (_, units) = self.units.now(session)?;
            find::find(session, book, &units, query)
        })
    }

    fn count_matching(&self, query: &FindQuery) -> Result<Option<u64>, StoreError> {
        self.read(|session, book| {
            let (_, units) = self.units.now(session)?;
            matching::count(session, book, &units, query)
        })
    }

    fn sorted(&self, query: &SortedQuery) -> Result<Option<RowPage<SortedRow>>, StoreError> {
        self.read(|session, book| sorted::page(session, book, query))
    }

    fn export(&self, each: &mut dyn FnMut(Record) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.read_long(|session, book| copy::export(session, book, each))
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

    fn look(&self) -> Result<i64, StoreError> {
        self.database.look()?;
        self.version()
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.database.probe()
    }

    fn close(&self) -> Result<(), StoreError> {
        self.database.close()
    }

    fn kind(&self) -> &'static str {
        self.database.kind()
    }
}
