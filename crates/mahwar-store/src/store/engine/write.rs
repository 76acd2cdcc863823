//! Writing documents: the text, its mentions and claims as rows, and the counts by place and day.

use super::{
    Book, Deletion, NewDocument, Put, Reparsed, Session, StoreError, check, claim_units, deletions, edits,
    events::Unlinked, history, places, rulings, tally,
};
use crate::{
    document::Document,
    geoparse::{Mention, MentionPlace, Parse, Part, Reading},
    language::Language,
    store::{
        Original, Verdict, in_force,
        packed::{compress, pack, unpack},
        ruling::shown,
        session::Value,
    },
    text::Offsets,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// Outlets that are noted of one document beside the first.
const MAX_SOURCES: i64 = 1_000;

/// Numbers of rows in one statement: few sizes, so that each statement is prepared once.
const SIZES: [usize; 3] = [64, 8, 1];

const MENTION: &str = "mentions (document, ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, \
     quote, place, level, reading, confidence, ruled, shown, published)";
const CLAIM: &str = "claims (document, ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, \
     kind, status, speaker, published)";
const CLAIM_PLACE: &str = "claim_places (document, claim, ordinal, place)";
/// Units of claims that no mention names.
pub const CLAIM_UNIT: &str = "claim_units (unit, document)";
const DOCUMENT: &str = "documents (number, id, version, sha256, added, title, language, source_url, publisher, \
     published, day, text)";

/// A document that was packed before the lock is acquired.
pub struct Packed<'n> {
    pub document: &'n Document,
    pub parse: &'n Parse,
    packed: Vec<u8>,
    original: Option<(&'n str, Vec<u8>)>,
    pub counted: tally::Prepared,
}

impl<'n> Packed<'n> {
    pub fn new(new: &'n NewDocument, units: &tally::KnownUnits) -> Result<Self, StoreError> {
        Self::of(&new.document, &new.parse, new.original.as_ref(), units)
    }

    pub fn of(
        document: &'n Document,
        parse: &'n Parse,
        original: Option<&'n Original>,
        units: &tally::KnownUnits,
    ) -> Result<Self, StoreError> {
        let original =
            original.map(|original| Ok::<_, StoreError>((&*original.media_type, compress(&original.bytes)?)));
        Ok(Self {
            document,
            parse,
            packed: pack(parse)?,
            original: original.transpose()?,
            counted: tally::Prepared::of(document, parse, units),
        })
    }
}

/// Rows on their way into the tables, those of many documents together.
#[derive(Default)]
pub struct Rows<'n> {
    documents: Vec<Vec<Value<'n>>>,
    parses: Vec<Vec<Value<'n>>>,
    originals: Vec<Vec<Value<'n>>>,
    details: Vec<Vec<Value<'n>>>,
    mentions: Vec<Vec<Value<'n>>>,
    claims: Vec<Vec<Value<'n>>>,
    claim_places: Vec<Vec<Value<'n>>>,
    claim_units: Vec<Vec<Value<'n>>>,
    words: Vec<(i64, &'n [String])>,
}

impl Rows<'_> {
    /// Inserts them, referenced rows first.
    pub fn insert(self, session: &mut dyn Session) -> Result<(), StoreError> {
        insert(session, DOCUMENT, self.documents)?;
        insert(session, "parses (document, parse, reader)", self.parses)?;
        insert(session, "originals (document, media_type, bytes)", self.originals)?;
        insert(session, "document_details (document, details)", self.details)?;
        insert(session, MENTION, self.mentions)?;
        insert(session, CLAIM, self.claims)?;
        insert(session, CLAIM_PLACE, self.claim_places)?;
        insert(session, CLAIM_UNIT, self.claim_units)?;
        session.put_words(&self.words)
    }
}

/// Publication date of a document, and its day.
pub struct Dated<'d> {
    pub published: Option<String>,
    pub day: Option<&'d str>,
}

/// Number, version and time of a document's arrival.
pub struct Arrival {
    pub number: i64,
    pub version: i64,
    pub added: String,
    /// The reader that read it.
    pub reader: Option<i64>,
}

/// By place key: drawn mentions, as ruled and as read.
type Tally = FxHashMap<i64, [i64; 2]>;
/// By place key and day: mentions and documents as ruled, then as read.
type Days = FxHashMap<(i64, String), [i64; 4]>;

/// Verdicts in force by span.
pub type Force<'r> = FxHashMap<[usize; 2], &'r Verdict>;

/// Writes within one transaction.
pub struct Writer<'s> {
    pub session: &'s mut dyn Session,
    pub book: &'s Book,
    pub version: i64,
    pub last_document: i64,
    pub last_ruling: i64,
    /// The reader whose parses are written.
    reader: Option<i64>,
    /// Number of documents.
    pub documents: i64,
    pub rulings: i64,
    /// Claims whose events are found at the end.
    pub unlinked: Unlinked,
    places_revision: i64,
    pub new_places: FxHashMap<String, i64>,
    days: Days,
    begun: i64,
    pub tally: tally::Tallies,
}

impl<'s> Writer<'s> {
    pub fn begin(
        session: &'s mut dyn Session,
        book: &'s Book,
        units: &tally::UnitCache,
        reader: Option<i64>,
    ) -> Result<Self, StoreError> {
        let tally = tally::Tallies::begin(session, units)?;
        let row = session.row(
            "SELECT version, last_document, last_ruling, places_revision, documents, rulings FROM store",
            &[],
        )?;
        let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
        Ok(Self {
            version: row.int(0)?,
            last_document: row.int(1)?,
            last_ruling: row.int(2)?,
            places_revision: row.int(3)?,
            documents: row.int(4)?,
            rulings: row.int(5)?,
            unlinked: Unlinked::default(),
            new_places: FxHashMap::default(),
            days: Days::default(),
            begun: row.int(0)?,
            reader,
            tally,
            session,
            book,
        })
    }

    /// Writes the counts that were collected.
    pub fn end(mut self) -> Result<(), StoreError> {
        self.write_days()?;
        self.write_tallies()?;
        self.link_noted()?;
        if self.version == self.begun {
            return Ok(());
        }
        let mark = history::record(self.session, self.version)?;
        let values = [
            self.version.into(),
            self.last_document.into(),
            self.last_ruling.into(),
            self.places_revision.into(),
            self.documents.into(),
            self.rulings.into(),
            mark.into(),
        ];
        let sql = "UPDATE store SET version = $1, last_document = $2, last_ruling = $3, places_revision = $4, \
             documents = $5, rulings = $6, mark = $7";
        self.session.execute(sql, &values).map(drop)
    }

    pub fn put_all(&mut self, new: &[Packed<'_>], again: bool) -> Result<Vec<Put>, StoreError> {
        let added = now();
        let mut known = self.known(new.iter().map(|packed| packed.document))?;
        let old = self.known_under_old_ids(new.iter().map(|packed| packed.document))?;
        let deleted = match again {
            true => FxHashMap::default(),
            false => self.deleted(new.iter().map(|packed| packed.document))?,
        };
        let (mut rows, mut put) = (Rows::default(), Vec::with_capacity(new.len()));
        let mut sources = Vec::new();
        for packed in new {
            let document = packed.document;
            let is_old = old.get(&document.id).filter(|_| !known.contains_key(&document.id));
            let number = known.get(&document.id).or(is_old).copied();
            let deleted = deleted.get(&document.id).filter(|_| number.is_none());
            put.push(Put {
                id: match is_old {
                    Some(_) => document.text_id().to_owned(),
                    None => document.id.clone(),
                },
                number: number
                    .or(deleted.map(|deletion| deletion.number))
                    .unwrap_or(self.last_document + 1),
                created: number.is_none() && deleted.is_none(),
                deleted: deleted.cloned(),
            });
            if let Some(number) = number {
                sources.push((number, document));
            }
            if number.is_some() || deleted.is_some() {
                continue;
            }
            self.version += 1;
            self.last_document += 1;
            known.insert(document.id.clone(), self.last_document);
            let arrival = Arrival {
                number: self.last_document,
                version: self.version,
                added: added.clone(),
                reader: self.reader,
            };
            self.add_document(&mut rows, packed, &arrival)?;
        }
        rows.insert(self.session)?;
        // A document of the same batch is inserted only by now.
        for (number, document) in sources {
            self.add_source(number, document, &added)?;
        }
        Ok(put)
    }

    /// The numbers of texts with a title that an older version stored under the id of the text alone, by their present id.
    fn known_under_old_ids<'d>(
        &mut self,
        documents: impl Iterator<Item = &'d Document>,
    ) -> Result<FxHashMap<String, i64>, StoreError> {
        let titled: Vec<&Document> = documents.filter(|document| document.own_title().is_some()).collect();
        let ids: Vec<Value> = titled.iter().map(|document| Value::from(document.text_id())).collect();
        let mut there: FxHashMap<String, (i64, String)> = FxHashMap::default();
        for ids in pieces(&ids) {
            let marks: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
            let sql = format!(
                "SELECT d.id, d.number, coalesce(e.title, d.title) FROM documents d
                 LEFT JOIN edited e ON e.document = d.number WHERE d.id IN ({})",
                marks.join(", ")
            );
            for row in self.session.query(&sql, ids)? {
                there.insert(row.text(0)?, (row.int(1)?, row.text(2).unwrap_or_default()));
            }
        }
        let known = titled.into_iter().filter_map(|document| {
            let (number, title) = there.get(document.text_id())?;
            (*title == document.title).then(|| (document.id.clone(), *number))
        });
        Ok(known.collect())
    }

    /// Notes that a known document came from another outlet or address.
    fn add_source(&mut self, number: i64, document: &Document, added: &str) -> Result<(), StoreError> {
        if document.source_url.is_none() && document.publisher.is_none() {
            return Ok(());
        }
        let same = |row: &super::super::session::Row, at: usize, own: &Option<String>| {
            row.optional_text(at).is_ok_and(|there| own.is_none() || there == *own)
        };
        let sql = "SELECT source_url, publisher, 0 FROM documents WHERE number = $1
             UNION ALL SELECT source_url, publisher, ordinal FROM document_sources WHERE document = $1";
        let rows = self.session.query(sql, &[number.into()])?;
        if rows
            .iter()
            .any(|row| same(row, 0, &document.source_url) && same(row, 1, &document.publisher))
        {
            return Ok(());
        }
        let last = rows.iter().filter_map(|row| row.int(2).ok()).max().unwrap_or(0);
        // An outlet that repeats itself under new addresses without end is noted so often and no more.
        if last >= MAX_SOURCES {
            return Ok(());
        }
        let row = vec![
            number.into(),
            (last + 1).into(),
            document.source_url.as_ref().into(),
            document.publisher.as_ref().into(),
            document.published.as_ref().into(),
            added.into(),
        ];
        insert(
            self.session,
            "document_sources (document, ordinal, source_url, publisher, published, added)",
            vec![row],
        )
    }

    /// The tombstones of those texts that were deleted, by id.
    fn deleted<'d>(
        &mut self,
        documents: impl Iterator<Item = &'d Document>,
    ) -> Result<FxHashMap<String, Deletion>, StoreError> {
        let mut deleted = FxHashMap::default();
        if self.session.row("SELECT 1 FROM deletions LIMIT 1", &[])?.is_none() {
            return Ok(deleted);
        }
        for document in documents {
            if let Some(deletion) = deletions::of_text(self.session, document)? {
                deleted.insert(document.id.clone(), deletion);
            }
        }
        Ok(deleted)
    }

    /// The numbers of those documents that the store has, by id.
    pub fn known<'d>(
        &mut self,
        documents: impl Iterator<Item = &'d Document>,
    ) -> Result<FxHashMap<String, i64>, StoreError> {
        let asked: FxHashMap<&str, &str> = documents.map(|document| (&*document.id, &*document.sha256)).collect();
        let ids: Vec<Value> = asked.keys().map(|id| Value::from(*id)).collect();
        let mut known = FxHashMap::default();
        for ids in pieces(&ids) {
            let marks: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
            let sql = format!(
                "SELECT id, number, sha256 FROM documents WHERE id IN ({})",
                marks.join(", ")
            );
            for row in self.session.query(&sql, ids)? {
                let id = row.text(0)?;
                let sha256 = asked.get(&*id).copied().unwrap_or_default();
                if row.blob(2)? != bytes_of(sha256)? {
                    return Err(StoreError::Conflict(format!(
                        "another text has the id {id} too: the first 16 digits of their SHA-256 are the same"
                    )));
                }
                known.insert(id, row.int(1)?);
            }
        }
        Ok(known)
    }

    /// The rows of a document, and its counts.
    pub fn add_document<'n>(
        &mut self,
        rows: &mut Rows<'n>,
        new: &'n Packed<'_>,
        arrival: &Arrival,
    ) -> Result<(), StoreError> {
        let (document, number) = (new.document, arrival.number);
        self.documents += 1;
        let day = day(document.published.as_deref());
        rows.documents.push(vec![
            number.into(),
            (&document.id).into(),
            arrival.version.into(),
            bytes_of(&document.sha256)?.into(),
            arrival.added.clone().into(),
            (&document.title).into(),
            document.language.tag().into(),
            document.source_url.as_ref().into(),
            document.publisher.as_ref().into(),
            document.published.as_ref().into(),
            day.into(),
            (&document.text).into(),
        ]);
        rows.parses.push(vec![
            number.into(),
            Value::Blob(Cow::Borrowed(&new.packed)),
            arrival.reader.into(),
        ]);
        if let Some((media_type, bytes)) = &new.original {
            let bytes = Value::Blob(Cow::Borrowed(bytes));
            rows.originals.push(vec![number.into(), (*media_type).into(), bytes]);
        }
        if let Some(details) = &document.details {
            rows.details.push(vec![number.into(), details.to_string().into()]);
        }
        if self.tally_new(new) {
            rows.words.push((number, &new.counted.words));
        }
        let dated = Dated {
            published: document.published.clone(),
            day,
        };
        self.note_accounts(document, new.parse, number);
        self.add_parse(rows, number, &dated, new.parse, &Force::default(), true)
    }

    /// Mentions and claims as rows, and their counts; those of the machine's reading only with `counts_read`.
    pub fn add_parse<'n>(
        &mut self,
        rows: &mut Rows<'n>,
        number: i64,
        dated: &Dated<'_>,
        parse: &'n Parse,
        force: &Force<'_>,
        counts_read: bool,
    ) -> Result<(), StoreError> {
        let mut tally = Tally::default();
        for (mention, place) in parse.mentions.iter().zip(1i64..) {
            let ordinal = ordinal_of(&mention.id, place);
            let verdict = force.get(&mention.span()).copied();
            let read = shown(mention, None).map(|place| self.place(place)).transpose()?;
            let drawn = shown(mention, verdict).map(|place| self.place(place)).transpose()?;
            for (count, key) in [drawn, read.filter(|_| counts_read)].into_iter().enumerate() {
                if let Some(key) = key {
                    tally.entry(key).or_default()[count] += 1;
                }
            }
            let place = mention.place.as_ref().map(|place| self.place(place)).transpose()?;
            let mut row = vec![number.into(), ordinal.into()];
            row.extend(span(mention.part, &mention.offsets));
            row.extend([
                mention.text.as_str().into(),
                place.into(),
                mention.level.map(|level| level.word()).into(),
                reading(mention).into(),
                mention.confidence.into(),
                verdict.map(Verdict::word).into(),
                drawn.into(),
                dated.published.clone().into(),
            ]);
            rows.mentions.push(row);
        }
        self.count(dated.day, &tally, 1);
        self.add_claims(rows, number, dated, parse)
    }

    fn add_claims<'n>(
        &mut self,
        rows: &mut Rows<'n>,
        number: i64,
        dated: &Dated<'_>,
        parse: &'n Parse,
    ) -> Result<(), StoreError> {
        // Units of a region that no mention names are in the parse only: whether the table of places has them depends on
        // other documents.
        let named = claim_units::named(parse);
        let units = claim_units::of(parse, &named).into_iter();
        rows.claim_units
            .extend(units.map(|unit| vec![unit.into(), number.into()]));
        for (claim, place) in parse.claims.iter().zip(1i64..) {
            let ordinal = ordinal_of(&claim.id, place);
            let said = claim.attribution.as_ref();
            let said = said.and_then(|id| parse.attribution(id));
            let speaker = said.and_then(|said| said.speaker.as_ref());
            let mut row = vec![number.into(), ordinal.into()];
            row.extend(span(claim.evidence.part, &claim.evidence.offsets));
            row.extend([
                word(&claim.kind)?.into(),
                claim.status.into(),
                speaker.map(|speaker| &speaker.words.text).into(),
                dated.published.clone().into(),
            ]);
            rows.claims.push(row);
            for place in claim.given.iter().flat_map(|given| given.iter()) {
                self.place(place)?;
            }
            let is_known = |id: &&String| claim.given.is_some() || named.contains(id.as_str());
            let places = claim.places.iter().filter(is_known);
            for (id, at) in places.zip(1i64..) {
                let key = self.new_places.get(id).copied().or_else(|| self.book.key(id));
                if let Some(key) = key {
                    rows.claim_places
                        .push(vec![number.into(), ordinal.into(), at.into(), key.into()]);
                }
            }
        }
        Ok(())
    }

    /// The key of a place, which is written when it is new or has changed.
    pub fn place(&mut self, place: &MentionPlace) -> Result<i64, StoreError> {
        if let Some(key) = self.new_places.get(&place.id) {
            return Ok(*key);
        }
        let known = self.book.key(&place.id);
        // A place whose row cannot be read counts as unknown, and is written again.
        if let Some(key) = known.filter(|key| self.book.get(*key).is_ok_and(|known| **known == *place)) {
            return Ok(key);
        }
        self.places_revision += 1;
        let key = places::upsert(self.session, place, self.places_revision)?;
        self.new_places.insert(place.id.clone(), key);
        Ok(key)
    }

    /// Adds (1) or subtracts (-1) the counts of one document.
    fn count(&mut self, day: Option<&str>, tally: &Tally, sign: i64) {
        for (&place, &[drawn, read]) in tally {
            self.add(
                place,
                day,
                [drawn, drawn.min(1), read, read.min(1)].map(|count| sign * count),
            );
        }
    }

    /// Adds to the counts of a place on a day.
    pub fn add(&mut self, place: i64, day: Option<&str>, counts: [i64; 4]) {
        let entry = self
            .days
            .entry((place, day.unwrap_or_default().to_owned()))
            .or_default();
        for (sum, count) in entry.iter_mut().zip(counts) {
            *sum += count;
        }
    }

    fn write_days(&mut self) -> Result<(), StoreError> {
        let mut days: Vec<_> = std::mem::take(&mut self.days).into_iter().collect();
        days.retain(|(_, counts)| counts.iter().any(|count| *count != 0));
        days.sort_unstable();
        let rows = days.into_iter().map(|((place, day), counts)| {
            let mut row: Vec<Value> = vec![place.into(), day.into()];
            row.extend(counts.map(Value::from));
            row
        });
        insert_or(
            self.session,
            "place_days (place, day, mentions, documents, read_mentions, read_documents)",
            rows.collect(),
            "ON CONFLICT (place, day) DO UPDATE SET
             mentions = place_days.mentions + excluded.mentions,
             documents = place_days.documents + excluded.documents,
             read_mentions = place_days.read_mentions + excluded.read_mentions,
             read_documents = place_days.read_documents + excluded.read_documents",
        )
    }

    pub fn reparse(&mut self, id: &str, parse: &Parse) -> Result<Reparsed, StoreError> {
        let sql = "SELECT number, published, language, text, title FROM documents WHERE id = $1";
        let row = self.session.row(sql, &[id.into()])?;
        let row = row.ok_or_else(|| StoreError::Missing(format!("document {id:?}")))?;
        let number = row.int(0)?;
        let published = row.optional_text(1);
        let language = row.word::<Language>(2);
        let day = published.as_ref().ok().and_then(|published| day(published.as_deref()));
        let rulings = rulings::of_document(self.session, self.book, id)?;
        let mut spans: FxHashSet<_> = parse.mentions.iter().map(Mention::span).collect();
        spans.extend(edits::added_spans(self.session, number)?);
        let (kept, strays) = in_force(&rulings)
            .into_iter()
            .cloned()
            .partition(|ruling| spans.contains(&ruling.mention.span));
        let title = row.text(4).unwrap_or_default();
        let old = self.parse(number, &title, &row.text(3)?);
        let state = edits::state(self.session, number)?;
        let edited = match &state {
            None => Cow::Borrowed(parse),
            Some(state) => {
                let mut edited = parse.clone();
                let book = self.present_book()?;
                state.apply(&mut edited, [&title, &row.text(3)?], &|id| book.named(id))?;
                Cow::Owned(edited)
            }
        };
        let is_damaged = published.is_err()
            || language.is_err()
            || old.is_err()
            || !check::has_rows(self.session, self.book, number, &edited)?;
        let changed = old.is_ok_and(|old| old != *parse);
        if changed || is_damaged {
            self.tally_out(number)?;
            self.forget_parse(number, day)?;
            self.version += 1;
            let language = language.unwrap_or(parse.language);
            let values = [
                self.version.into(),
                language.tag().into(),
                published.as_ref().ok().cloned().flatten().into(),
                day.into(),
                number.into(),
            ];
            let sql = "UPDATE documents SET version = $1, language = $2, published = $3, day = $4 WHERE number = $5";
            self.session.execute(sql, &values)?;
            let values = [number.into(), pack(parse)?.into(), self.reader.into()];
            let sql = "INSERT INTO parses (document, parse, reader) VALUES ($1, $2, $3)
                 ON CONFLICT (document) DO UPDATE SET parse = excluded.parse, reader = excluded.reader";
            self.session.execute(sql, &values)?;
            let force: Force = in_force(&rulings)
                .into_iter()
                .map(|ruling| (ruling.mention.span, &ruling.verdict))
                .collect();
            let mut rows = Rows::default();
            let dated = Dated {
                published: published.as_ref().ok().cloned().flatten(),
                day,
            };
            let is_edited = state.is_some();
            self.add_parse(&mut rows, number, &dated, &edited, &force, !is_edited)?;
            rows.insert(self.session)?;
            if is_edited {
                let book = self.present_book()?;
                if let Some(declared) = edits::declared(self.session, &book, number)? {
                    self.count_declared(&declared, 1)?;
                }
            }
            self.tally_stored(number, &rulings, 1)?;
            self.note_changed(number);
        } else {
            let sql = "UPDATE parses SET reader = $1 WHERE document = $2 AND (reader IS NULL OR reader <> $1)";
            self.session.execute(sql, &[self.reader.into(), number.into()])?;
        }
        Ok(Reparsed {
            changed: changed || is_damaged,
            repaired: is_damaged,
            kept,
            strays,
        })
    }

    /// The stored parse of a document, without its edits.
    pub fn parse(&mut self, number: i64, title: &str, text: &str) -> Result<Parse, StoreError> {
        let sql = "SELECT parse FROM parses WHERE document = $1";
        let row = self.session.row(sql, &[number.into()])?;
        let row = row.ok_or_else(|| StoreError::Broken("the parse is missing".to_owned()))?;
        // Those that were written within this transaction too.
        let book = self.present_book()?;
        unpack(row.blob(0)?, title, text, &|id| book.named(id))
    }

    /// Deletes the rows of a parse and subtracts their counts. Unreadable rows have no counts: the caller that removes
    /// such rows rebuilds the counts.
    pub fn forget_parse(&mut self, number: i64, day: Option<&str>) -> Result<(), StoreError> {
        let sql = "SELECT shown, place, reading FROM mentions WHERE document = $1";
        let mut tally = Tally::default();
        let book = self.present_book()?;
        let declared = match edits::declared(self.session, &book, number) {
            Err(StoreError::Broken(_)) => None,
            declared => declared?,
        };
        if let Some(declared) = &declared {
            self.count_declared(declared, -1)?;
        }
        for row in self.session.query(sql, &[number.into()])? {
            if let Ok(Some(key)) = row.optional_int(0) {
                tally.entry(key).or_default()[0] += 1;
            }
            if declared.is_none()
                && let Ok(Some(key)) = row.optional_int(1)
                && row.text(2).is_ok_and(|word| word == LITERAL)
                && book.get(key).is_ok_and(|place| !place.foreign)
            {
                tally.entry(key).or_default()[1] += 1;
            }
        }
        self.count(day, &tally, -1);
        self.forget_accounts(number)?;
        for table in ["claim_units", "claim_places", "claims", "mentions"] {
            let sql = format!("DELETE FROM {table} WHERE document = $1");
            self.session.execute(&sql, &[number.into()])?;
        }
        Ok(())
    }
}

/// The number in the id of a mention or a claim: 3 for `m3`; its position where the id has none.
pub fn ordinal_of(id: &str, position: i64) -> i64 {
    let number = id.trim_start_matches(|sign: char| !sign.is_ascii_digit());
    number.parse().unwrap_or(position)
}

/// Inserts rows into `table (columns)`, many with one statement.
pub fn insert(session: &mut dyn Session, table: &str, rows: Vec<Vec<Value<'_>>>) -> Result<(), StoreError> {
    if session.copy(table, &rows)? {
        return Ok(());
    }
    insert_or(session, table, rows, "")
}

/// Inserts rows; `conflict` is the SQL clause for rows that exist already.
pub fn insert_or(
    session: &mut dyn Session,
    table: &str,
    rows: Vec<Vec<Value<'_>>>,
    conflict: &str,
) -> Result<(), StoreError> {
    if !conflict.is_empty() && session.merge(table, &rows, conflict)? {
        return Ok(());
    }
    for rows in pieces(&rows) {
        let mut mark = 0;
        let mut marks = |row: &Vec<Value<'_>>| {
            let marks: Vec<String> = (mark + 1..=mark + row.len()).map(|at| format!("${at}")).collect();
            mark += row.len();
            format!("({})", marks.join(", "))
        };
        let marks: Vec<String> = rows.iter().map(&mut marks).collect();
        let sql = format!("INSERT INTO {table} VALUES {} {conflict}", marks.join(", "));
        session.execute(&sql, &rows.concat())?;
    }
    Ok(())
}

/// Cuts a list into pieces of the sizes that statements take.
fn pieces<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (piece, after) = rest.split_at(size);
        rest = after;
        Some(piece)
    })
}

/// Offsets as columns; those in a title are further on (`Part::key`).
fn span(part: Part, offsets: &Offsets) -> [Value<'static>; 6] {
    let Offsets { byte, codepoint, utf16 } = offsets;
    let [byte, codepoint, utf16] = [*byte, *codepoint, *utf16].map(|span| part.key(span));
    [byte[0], byte[1], codepoint[0], codepoint[1], utf16[0], utf16[1]].map(Value::from)
}

/// The day of a publication date (`2021-12-03` or a date-time).
pub fn day(published: Option<&str>) -> Option<&str> {
    let day = published?.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day)
}

pub fn now() -> String {
    let now = jiff::Timestamp::now();
    format!("{now:.6}")
}

/// The reading of a mention that is drawn as the machine read it.
const LITERAL: &str = "literal";
/// The reading of a literal mention that only anchors a described position, which is never drawn itself.
const ANCHOR: &str = "anchor";

/// The column `reading` of a mention.
pub fn reading(mention: &Mention) -> &'static str {
    match mention.reading {
        Reading::Literal if mention.is_anchor() => ANCHOR,
        Reading::Literal => LITERAL,
        Reading::Associative => "associative",
    }
}

/// The reading that a column has.
pub fn reading_of(word: &str) -> Option<Reading> {
    match word {
        LITERAL | ANCHOR => Some(Reading::Literal),
        "associative" => Some(Reading::Associative),
        _ => None,
    }
}

/// The JSON string of a value.
fn word(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a kind has no word".to_owned())),
    }
}

/// The bytes of a hash in hexadecimal.
pub fn bytes_of(hex: &str) -> Result<Vec<u8>, StoreError> {
    let byte = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    bytes.ok_or_else(|| StoreError::Broken(format!("{hex:?} is no hash in hexadecimal")))
}
