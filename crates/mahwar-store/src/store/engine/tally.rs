//! The counts and the words of documents, updated with each write: every change of a document subtracts its old counts
//! and adds its new ones, in the same transaction. Documents of a store from before the counts are filled in by
//! `build`, in order of their numbers; until then they are passed over here.

use super::{
    Book, Session, StoreError, edits, read, rulings,
    write::{Packed, Writer, insert_or},
};
use crate::{
    document::Document,
    geoparse::Parse,
    layers::{Contributions, CountKey, Counts, ReadDocument, Units, contributions, day_of, periods_of},
    store::{
        Ruling,
        packed::{compress, decompress},
        rule,
        session::Value,
        words::words_of,
    },
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The columns of a row of counts, and the conflict clause that adds to an existing row.
const COLUMNS: &str = "counts (dimension, value, kind, speaker, period, documents, mentions, claims, killed, read_documents, \
     read_mentions, read_claims, read_killed)";
const ADD: &str = "ON CONFLICT (dimension, value, kind, speaker, period) DO UPDATE SET
     documents = counts.documents + excluded.documents, mentions = counts.mentions + excluded.mentions,
     claims = counts.claims + excluded.claims, killed = counts.killed + excluded.killed,
     read_documents = counts.read_documents + excluded.read_documents,
     read_mentions = counts.read_mentions + excluded.read_mentions,
     read_claims = counts.read_claims + excluded.read_claims, read_killed = counts.read_killed + excluded.read_killed";
/// Deletes a row whose counts are all zero.
const CLEAR: &str =
    "DELETE FROM counts WHERE dimension = $1 AND value = $2 AND kind = $3 AND speaker = $4 AND period = $5
     AND documents = 0 AND mentions = 0 AND claims = 0 AND killed = 0
     AND read_documents = 0 AND read_mentions = 0 AND read_claims = 0 AND read_killed = 0";

/// Units with their fingerprint.
pub type KnownUnits = (i64, Arc<Units>);

/// The units that the store counts by, as they were last read.
#[derive(Default)]
pub struct UnitCache(RwLock<KnownUnits>);

impl UnitCache {
    /// Those that were read last.
    pub fn last(&self) -> KnownUnits {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those of this moment.
    pub fn now(&self, session: &mut dyn Session) -> Result<KnownUnits, StoreError> {
        let row = session.row("SELECT units FROM store", &[])?;
        let fingerprint = row.map_or(Ok(0), |row| row.int(0))?;
        let known = self.last();
        if known.0 == fingerprint {
            return Ok(known);
        }
        let row = session.row("SELECT lines FROM unit_table", &[])?;
        let units = row.map_or_else(|| Ok(Units::default()), |row| unpack_units(row.blob(0)?))?;
        let known = (fingerprint, Arc::new(units));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known.clone();
        Ok(known)
    }
}

/// Units as bytes for the store.
pub fn pack_units(units: &Units) -> Result<Vec<u8>, StoreError> {
    let mut lines = String::new();
    let mut last = None;
    for (place, unit) in units.pairs() {
        if last == Some(place) {
            lines.push(',');
        } else {
            if last.is_some() {
                lines.push('\n');
            }
            lines.push_str(place);
            lines.push('\t');
            last = Some(place);
        }
        lines.push_str(unit);
    }
    compress(lines.as_bytes())
}

fn unpack_units(bytes: &[u8]) -> Result<Units, StoreError> {
    let lines = String::from_utf8(decompress(bytes)?)
        .map_err(|_| StoreError::Broken("the table of units is no UTF-8".to_owned()))?;
    let pairs = lines.lines().filter_map(|line| line.split_once('\t'));
    let pairs = pairs.flat_map(|(place, units)| units.split(',').map(move |unit| (place.to_owned(), unit.to_owned())));
    Ok(Units::of_pairs(pairs))
}

/// Counts and words of a new document, computed before the lock is acquired.
pub struct Prepared {
    /// Of the units that were counted by.
    fingerprint: i64,
    contributions: Contributions,
    pub words: Vec<String>,
}

impl Prepared {
    pub fn of(document: &Document, parse: &Parse, (fingerprint, units): &KnownUnits) -> Self {
        Self {
            fingerprint: *fingerprint,
            contributions: contributions(document, parse, units),
            words: words_of(&document.title, &document.text),
        }
    }
}

/// Sums on their way into the store: as ruled, then as read.
type Sums = FxHashMap<CountKey, FxHashMap<String, [i64; 8]>>;

/// Counts of a transaction.
pub struct Tallies {
    fingerprint: i64,
    units: Arc<Units>,
    sums: Sums,
    /// Number of the last document that is counted, and of the last whose words are stored.
    pub counted: i64,
    pub searchable: i64,
    begun: [i64; 2],
    /// True if all documents were counted when the transaction began: then new ones are, too.
    is_complete: bool,
    /// True if counts were subtracted, so that rows may be empty.
    takes: bool,
}

impl Tallies {
    pub fn begin(session: &mut dyn Session, units: &UnitCache) -> Result<Self, StoreError> {
        let (fingerprint, units) = units.now(session)?;
        let row = session.row("SELECT counted, searchable, last_document FROM store", &[])?;
        let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
        let (counted, searchable, last) = (row.int(0)?, row.int(1)?, row.int(2)?);
        Ok(Self {
            fingerprint,
            units,
            sums: Sums::default(),
            counted,
            searchable,
            begun: [counted, searchable],
            is_complete: counted >= last && searchable >= last,
            takes: false,
        })
    }

    /// The units that are counted by.
    pub fn units(&self) -> KnownUnits {
        (self.fingerprint, Arc::clone(&self.units))
    }

    fn add(&mut self, day: Option<&str>, counted: &Contributions, columns: usize, sign: i64) {
        for (key, counts) in counted {
            if !self.sums.contains_key(key) {
                self.sums.insert(key.clone(), FxHashMap::default());
            }
            let Some(row) = self.sums.get_mut(key) else { continue };
            for period in periods_of(day) {
                if !row.contains_key(period) {
                    row.insert(period.to_owned(), [0; 8]);
                }
                if let Some(sums) = row.get_mut(period) {
                    for (sum, number) in sums[columns..].iter_mut().zip(counts.numbers()) {
                        *sum += sign * number;
                    }
                }
            }
        }
        self.takes |= sign < 0;
    }

    /// Counts a document as ruled and as read: as it was declared, where it was edited.
    fn add_both(
        &mut self,
        (document, parse): (&Document, &Parse),
        declared: Option<&ReadDocument>,
        rulings: &[Ruling],
        sign: i64,
    ) {
        let day = day_of(document.published.as_deref());
        if let Some(declared) = declared {
            let ruled = contributions(document, &rule(parse, rulings), &self.units);
            self.add(day, &ruled, 0, sign);
            let day = day_of(declared.document.published.as_deref());
            let read = contributions(&declared.document, &declared.parse, &self.units);
            return self.add(day, &read, 4, sign);
        }
        let read = contributions(document, parse, &self.units);
        match rulings.is_empty() {
            true => self.add(day, &read, 0, sign),
            false => {
                let ruled = contributions(document, &rule(parse, rulings), &self.units);
                self.add(day, &ruled, 0, sign);
            }
        }
        self.add(day, &read, 4, sign);
    }
}

impl Writer<'_> {
    /// Counts a new document; returns true if its words are to be stored too.
    pub fn tally_new(&mut self, new: &Packed<'_>) -> bool {
        if !self.tally.is_complete {
            return false;
        }
        let day = day_of(new.document.published.as_deref());
        if new.counted.fingerprint == self.tally.fingerprint {
            self.tally.add(day, &new.counted.contributions, 0, 1);
            self.tally.add(day, &new.counted.contributions, 4, 1);
        } else {
            // Another process changed the units meanwhile.
            self.tally.add_both((new.document, new.parse), None, &[], 1);
        }
        true
    }

    /// The places as this transaction sees them, including those that it has written.
    pub fn present_book(&mut self) -> Result<Book, StoreError> {
        match self.new_places.is_empty() {
            true => Ok(self.book.clone()),
            false => self.book.with_new(self.session),
        }
    }

    /// Subtracts the counts of a stored document in its present state.
    pub fn tally_out(&mut self, number: i64) -> Result<(), StoreError> {
        if !self.is_counted(number) {
            return Ok(());
        }
        let book = self.present_book()?;
        let rulings = match rulings::numbered(self.session, &book, number) {
            Err(StoreError::Broken(_) | StoreError::Damaged { .. }) => return self.forget_counts(),
            rulings => rulings?,
        };
        self.tally_stored(number, &rulings, -1)
    }

    /// Subtracts (-1) or adds (1) the counts of a stored document, in its present state under these rulings. A document
    /// that is not counted yet has no counts. If the document cannot be read, its counts are unknown, and all documents
    /// are counted again.
    pub fn tally_stored(&mut self, number: i64, rulings: &[Ruling], sign: i64) -> Result<(), StoreError> {
        if !self.is_counted(number) {
            return Ok(());
        }
        let book = self.present_book()?;
        match read::numbered(self.session, &book, number) {
            Ok(Some(stored)) => {
                let declared = match edits::declared(self.session, &book, number) {
                    Err(StoreError::Broken(_)) => return self.forget_counts(),
                    declared => declared?,
                };
                let read = (&stored.read.document, &stored.read.parse);
                self.tally.add_both(read, declared.as_ref(), rulings, sign);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(StoreError::Damaged { .. } | StoreError::Broken(_)) => self.forget_counts(),
            Err(other) => Err(other),
        }
    }

    /// Number of the last document whose words can be searched.
    pub fn searchable(&self) -> i64 {
        match self.tally.is_complete {
            true => self.last_document,
            false => self.tally.searchable,
        }
    }

    fn is_counted(&self, number: i64) -> bool {
        self.tally.is_complete || number <= self.tally.counted
    }

    /// Writes the counts, and how far counting has come.
    pub fn write_tallies(&mut self) -> Result<(), StoreError> {
        let mut sums: Vec<(CountKey, String, [i64; 8])> = Vec::new();
        for (key, row) in std::mem::take(&mut self.tally.sums) {
            let row = row.into_iter().filter(|(_, sums)| sums.iter().any(|sum| *sum != 0));
            sums.extend(row.map(|(period, sums)| (key.clone(), period, sums)));
        }
        sums.sort_unstable();
        let rows = sums.iter().map(|(key, period, sums)| {
            let mut row = key_values(key, period);
            row.extend(sums.map(Value::from));
            row
        });
        insert_or(self.session, COLUMNS, rows.collect(), ADD)?;
        if self.tally.takes {
            for (key, period, sums) in &sums {
                if sums.iter().any(|sum| *sum < 0) {
                    self.session.execute(CLEAR, &key_values(key, period))?;
                }
            }
        }
        if self.tally.is_complete {
            (self.tally.counted, self.tally.searchable) = (self.last_document, self.last_document);
        }
        let now = [self.tally.counted, self.tally.searchable];
        if now != self.tally.begun {
            let sql = "UPDATE store SET counted = $1, searchable = $2";
            self.session.execute(sql, &now.map(Value::from))?;
        }
        Ok(())
    }

    /// Deletes all counts and words, so that `build` computes them again.
    pub fn forget_tallies(&mut self) -> Result<(), StoreError> {
        self.forget_counts()?;
        self.session.drop_words([0, i64::from(i32::MAX)])?;
        self.tally.searchable = 0;
        Ok(())
    }

    fn forget_counts(&mut self) -> Result<(), StoreError> {
        self.session.execute("DELETE FROM counts", &[])?;
        self.tally.sums.clear();
        self.tally.counted = 0;
        self.tally.is_complete = self.last_document == 0;
        Ok(())
    }

    /// Counts by these units from now; whether they are others than before.
    pub fn use_units(&mut self, units: &Units) -> Result<bool, StoreError> {
        let fingerprint = units.fingerprint();
        if fingerprint == self.tally.fingerprint {
            return Ok(false);
        }
        self.session.execute("DELETE FROM unit_table", &[])?;
        let sql = "INSERT INTO unit_table (one, lines) VALUES (1, $1)";
        self.session.execute(sql, &[pack_units(units)?.into()])?;
        self.session
            .execute("UPDATE store SET units = $1", &[fingerprint.into()])?;
        self.forget_counts()?;
        self.tally.fingerprint = fingerprint;
        self.tally.units = Arc::new(units.clone());
        Ok(true)
    }

    /// Counts the next documents that are not counted yet, and stores their words; returns false when all are.
    pub fn build_some(&mut self) -> Result<bool, StoreError> {
        /// Documents of one transaction.
        const BATCH: i64 = 200;
        let after = self.tally.counted.min(self.tally.searchable);
        if after >= self.last_document {
            return self.place_some();
        }
        let last = after + BATCH;
        let ruled = "SELECT DISTINCT document FROM rulings WHERE document > $1 AND document <= $2";
        let ruled = self.session.query(ruled, &[after.into(), last.into()])?;
        let ruled = ruled.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        let sql = format!(
            "{} WHERE d.number > $1 AND d.number <= $2 ORDER BY d.number",
            read::DOCUMENTS
        );
        let rows = self.session.query(&sql, &[after.into(), last.into()])?;
        for row in &rows {
            let number = row.int(0)?;
            let Ok(stored) = read::stored(row, self.book) else {
                continue;
            };
            if number > self.tally.counted {
                let rulings = match ruled.contains(&number) {
                    true => rulings::numbered(self.session, self.book, number)?,
                    false => Vec::new(),
                };
                let declared = edits::declared(self.session, self.book, number)?;
                let read = (&stored.read.document, &stored.read.parse);
                self.tally.add_both(read, declared.as_ref(), &rulings, 1);
            }
            if number > self.tally.searchable {
                let document = &stored.read.document;
                self.session.drop_words([number, number])?;
                let words = words_of(&document.title, &document.text);
                self.session.put_words(&[(number, &words)])?;
            }
        }
        if last > self.tally.searchable {
            for table in ["mentions", "claims"] {
                let sql = format!(
                    "UPDATE {table} SET published = (SELECT d.published FROM documents d WHERE d.number = {table}.document)
                     WHERE document > $1 AND document <= $2 AND published IS NULL"
                );
                self.session.execute(&sql, &[after.into(), last.into()])?;
            }
        }
        let last = last.min(self.last_document);
        self.tally.counted = self.tally.counted.max(last);
        self.tally.searchable = self.tally.searchable.max(last);
        Ok(true)
    }
}

fn key_values<'k>(key: &'k CountKey, period: &'k str) -> Vec<Value<'k>> {
    vec![
        key.dimension.word().into(),
        (&key.value).into(),
        (&key.kind).into(),
        (&key.speaker).into(),
        period.into(),
    ]
}

/// Compares the counts of a store with its documents in little memory: each key has a random weight, and the sum of all
/// weighted counts is the same on both sides when the counts are.
#[derive(Default)]
pub struct Balance(FxHashMap<(&'static str, String), u64>);

impl Balance {
    /// Adds the counts of a document.
    pub fn add(&mut self, shown: &ReadDocument, declared: Option<&ReadDocument>, rulings: &[Ruling], units: &Units) {
        let read = declared.unwrap_or(shown);
        let counted_read = contributions(&read.document, &read.parse, units);
        let ruled = match rulings.is_empty() && declared.is_none() {
            true => None,
            false => Some(contributions(&shown.document, &rule(&shown.parse, rulings), units)),
        };
        for (columns, counted, of) in [
            (0, ruled.as_ref().unwrap_or(&counted_read), shown),
            (4, &counted_read, read),
        ] {
            let day = day_of(of.document.published.as_deref());
            for (key, counts) in counted {
                for period in periods_of(day) {
                    self.weigh(key, period, columns, counts.numbers(), 1);
                }
            }
        }
    }

    /// Takes a row of the store away.
    pub fn take(&mut self, key: &CountKey, period: &str, ruled: Counts, read: Counts) {
        self.weigh(key, period, 0, ruled.numbers(), -1);
        self.weigh(key, period, 4, read.numbers(), -1);
    }

    fn weigh(&mut self, key: &CountKey, period: &str, columns: u64, numbers: [i64; 4], sign: i64) {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        (key, period).hash(&mut hasher);
        let weight = hasher.finish();
        let group = (key.dimension.word(), period.to_owned());
        let sum = self.0.entry(group).or_default();
        for (column, number) in (columns..).zip(numbers) {
            // An odd factor of its own for each column, so that no difference is lost.
            let mixed = (weight ^ column.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd6e8_feb8_6659_fd93) | 1;
            *sum = sum.wrapping_add(mixed.wrapping_mul((sign * number) as u64));
        }
    }

    /// Counts that do not balance: a dimension and a period.
    pub fn wrong(self) -> Vec<(&'static str, String)> {
        let mut wrong: Vec<_> = self
            .0
            .into_iter()
            .filter(|(_, sum)| *sum != 0)
            .map(|(group, _)| group)
            .collect();
        wrong.sort_unstable();
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_back_as_they_were_packed() {
        let pairs = [("a", "u1"), ("a", "u2"), ("b", "u1"), ("مخمور", "u3")];
        let units = Units::of_pairs(pairs.map(|(place, unit)| (place.to_owned(), unit.to_owned())));
        assert_eq!(unpack_units(&pack_units(&units).unwrap()).unwrap(), units);
        let none = Units::default();
        assert_eq!(unpack_units(&pack_units(&none).unwrap()).unwrap(), none);
        assert_ne!(units.fingerprint(), 0);
    }
}
