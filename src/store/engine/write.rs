//! Writing documents: the text, its mentions and claims as rows, and the counts by place and day.

use super::{Book, NewDocument, Put, Reparsed, Session, StoreError, places, read, rulings};
use crate::{
    document::Document,
    geoparse::{MentionPlace, Parse, Reading},
    store::{
        Original, Verdict, in_force,
        packed::{compress, pack},
        ruling::shown,
        session::Value,
    },
    text::Offsets,
};
use rustc_hash::FxHashMap;

/// Rows that one statement inserts.
const ROWS: usize = 32;

const MENTION: &str = "mentions (document, ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, \
     quote, place, level, reading, confidence, ruled, shown)";
const CLAIM: &str = "claims (document, ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, \
     kind, status, speaker)";
const CLAIM_PLACE: &str = "claim_places (document, claim, ordinal, place)";
const DOCUMENT: &str = "documents (number, id, version, sha256, added, title, language, source_url, publisher, \
     published, day, text, parse)";

/// A document made ready before the lock is taken.
pub struct Packed<'n> {
    pub document: &'n Document,
    pub parse: &'n Parse,
    packed: Vec<u8>,
    original: Option<(&'n str, Vec<u8>)>,
}

impl<'n> Packed<'n> {
    pub fn new(new: &'n NewDocument) -> Result<Self, StoreError> {
        Self::of(&new.document, &new.parse, new.original.as_ref())
    }

    pub fn of(document: &'n Document, parse: &'n Parse, original: Option<&'n Original>) -> Result<Self, StoreError> {
        let original =
            original.map(|original| Ok::<_, StoreError>((&*original.media_type, compress(&original.bytes)?)));
        Ok(Self {
            document,
            parse,
            packed: pack(parse)?,
            original: original.transpose()?,
        })
    }
}

/// Where and when a document stands in the order of things.
pub struct Arrival {
    pub number: i64,
    pub version: i64,
    pub added: String,
}

/// By place key: drawn mentions, as ruled and as read.
type Tally = FxHashMap<i64, [i64; 2]>;
/// By place key and day: mentions and documents as ruled, then as read.
type Days = FxHashMap<(i64, String), [i64; 4]>;

/// Verdicts in force by span.
type Force<'r> = FxHashMap<[usize; 2], &'r Verdict>;

/// Writes within one transaction.
pub struct Writer<'s> {
    pub session: &'s mut dyn Session,
    pub book: &'s Book,
    pub version: i64,
    pub last_document: i64,
    pub last_ruling: i64,
    places_revision: i64,
    new_places: FxHashMap<String, i64>,
    days: Days,
    begun: i64,
}

impl<'s> Writer<'s> {
    pub fn begin(session: &'s mut dyn Session, book: &'s Book) -> Result<Self, StoreError> {
        let row = session.row(
            "SELECT version, last_document, last_ruling, places_revision FROM store",
            &[],
        )?;
        let row = row.ok_or_else(|| StoreError::Broken("the store row is missing".to_owned()))?;
        Ok(Self {
            version: row.int(0)?,
            last_document: row.int(1)?,
            last_ruling: row.int(2)?,
            places_revision: row.int(3)?,
            new_places: FxHashMap::default(),
            days: Days::default(),
            begun: row.int(0)?,
            session,
            book,
        })
    }

    /// Writes what was counted on the way.
    pub fn end(mut self) -> Result<(), StoreError> {
        self.write_days()?;
        if self.version == self.begun {
            return Ok(());
        }
        let values = [
            self.version.into(),
            self.last_document.into(),
            self.last_ruling.into(),
            self.places_revision.into(),
        ];
        let sql = "UPDATE store SET version = $1, last_document = $2, last_ruling = $3, places_revision = $4";
        self.session.execute(sql, &values).map(drop)
    }

    pub fn put_many(&mut self, new: &[Packed<'_>]) -> Result<Vec<Put>, StoreError> {
        let added = now();
        let put = new.iter().map(|packed| self.put(packed, &added));
        put.collect()
    }

    fn put(&mut self, new: &Packed<'_>, added: &str) -> Result<Put, StoreError> {
        let id = new.document.id.clone();
        if let Some(number) = self.find(new.document)? {
            let created = false;
            return Ok(Put { id, number, created });
        }
        self.version += 1;
        self.last_document += 1;
        let arrival = Arrival {
            number: self.last_document,
            version: self.version,
            added: added.to_owned(),
        };
        self.insert(new, &arrival)?;
        Ok(Put {
            id,
            number: arrival.number,
            created: true,
        })
    }

    /// The number of a document with the same text.
    pub fn find(&mut self, document: &Document) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT number, sha256 FROM documents WHERE id = $1";
        let Some(row) = self.session.row(sql, &[(&document.id).into()])? else {
            return Ok(None);
        };
        if row.blob(1)? == bytes_of(&document.sha256)? {
            return row.int(0).map(Some);
        }
        Err(StoreError::Conflict(format!(
            "another text has the id {} too: the first 16 digits of their SHA-256 are the same",
            document.id
        )))
    }

    pub fn insert(&mut self, new: &Packed<'_>, arrival: &Arrival) -> Result<(), StoreError> {
        let (document, number) = (new.document, arrival.number);
        let day = day(document.published.as_deref());
        let row = vec![
            number.into(),
            (&document.id).into(),
            arrival.version.into(),
            bytes_of(&document.sha256)?.into(),
            (&arrival.added).into(),
            (&document.title).into(),
            document.language.tag().into(),
            document.source_url.as_ref().into(),
            document.publisher.as_ref().into(),
            document.published.as_ref().into(),
            day.into(),
            (&document.text).into(),
            new.packed.clone().into(),
        ];
        insert(self.session, DOCUMENT, vec![row])?;
        if let Some((media_type, bytes)) = &new.original {
            let row = vec![number.into(), (*media_type).into(), bytes.clone().into()];
            insert(self.session, "originals (document, media_type, bytes)", vec![row])?;
        }
        self.insert_parse(number, day, new.parse, &Force::default())
    }

    /// Mentions and claims as rows, and their counts.
    fn insert_parse(
        &mut self,
        number: i64,
        day: Option<&str>,
        parse: &Parse,
        force: &Force<'_>,
    ) -> Result<(), StoreError> {
        let mut tally = Tally::default();
        let mut rows = Vec::with_capacity(parse.mentions.len());
        for (mention, ordinal) in parse.mentions.iter().zip(1i64..) {
            let verdict = force.get(&mention.offsets.byte).copied();
            let read = shown(mention, None).map(|place| self.place(place)).transpose()?;
            let drawn = shown(mention, verdict).map(|place| self.place(place)).transpose()?;
            if let Some(key) = read {
                tally.entry(key).or_default()[1] += 1;
            }
            if let Some(key) = drawn {
                tally.entry(key).or_default()[0] += 1;
            }
            let place = mention.place.as_ref().map(|place| self.place(place)).transpose()?;
            let mut row = vec![number.into(), ordinal.into()];
            row.extend(span(&mention.offsets));
            row.extend([
                (&mention.text).into(),
                place.into(),
                mention.level.map(|level| level.word()).into(),
                reading(mention.reading).into(),
                mention.confidence.into(),
                verdict.map(Verdict::word).into(),
                drawn.into(),
            ]);
            rows.push(row);
        }
        insert(self.session, MENTION, rows)?;
        self.insert_claims(number, parse)?;
        self.count(day, &tally, 1);
        Ok(())
    }

    fn insert_claims(&mut self, number: i64, parse: &Parse) -> Result<(), StoreError> {
        let (mut claims, mut places) = (Vec::new(), Vec::new());
        for (claim, ordinal) in parse.claims.iter().zip(1i64..) {
            let said = claim.attribution.as_ref();
            let said = said.and_then(|id| parse.attributions.iter().find(|one| one.id == *id));
            let speaker = said.and_then(|said| said.speaker.as_ref());
            let mut row = vec![number.into(), ordinal.into()];
            row.extend(span(&claim.evidence.offsets));
            row.extend([
                word(&claim.kind)?.into(),
                claim.status.into(),
                speaker.map(|speaker| &speaker.words.text).into(),
            ]);
            claims.push(row);
            for (id, at) in claim.places.iter().zip(1i64..) {
                // A claim's places are places of its mentions, which stand in the table by now.
                let key = self.new_places.get(id).copied().or_else(|| self.book.key(id));
                if let Some(key) = key {
                    places.push(vec![number.into(), ordinal.into(), at.into(), key.into()]);
                }
            }
        }
        insert(self.session, CLAIM, claims)?;
        insert(self.session, CLAIM_PLACE, places)
    }

    /// The key of a place, which is written when it is new or has changed.
    pub fn place(&mut self, place: &MentionPlace) -> Result<i64, StoreError> {
        if let Some(key) = self.new_places.get(&place.id) {
            return Ok(*key);
        }
        let known = self.book.key(&place.id);
        if let Some(key) = known.filter(|key| self.book.get(*key).is_ok_and(|known| **known == *place)) {
            return Ok(key);
        }
        self.places_revision += 1;
        let key = places::upsert(self.session, place, self.places_revision)?;
        self.new_places.insert(place.id.clone(), key);
        Ok(key)
    }

    /// Adds (1) or takes away (-1) what one document counts.
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
        for ((place, day), counts) in days {
            let mut values: Vec<Value> = vec![place.into(), day.into()];
            values.extend(counts.map(Value::from));
            self.session.execute(
                "INSERT INTO place_days (place, day, mentions, documents, read_mentions, read_documents)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (place, day) DO UPDATE SET
                 mentions = place_days.mentions + excluded.mentions,
                 documents = place_days.documents + excluded.documents,
                 read_mentions = place_days.read_mentions + excluded.read_mentions,
                 read_documents = place_days.read_documents + excluded.read_documents",
                &values,
            )?;
        }
        Ok(())
    }

    pub fn reparse(&mut self, id: &str, parse: &Parse) -> Result<Reparsed, StoreError> {
        let old = read::document(self.session, self.book, id)?;
        let old = old.ok_or_else(|| StoreError::Missing(format!("document {id:?}")))?;
        let rulings = rulings::of_document(self.session, self.book, id)?;
        let spans: Vec<_> = parse.mentions.iter().map(|mention| mention.offsets.byte).collect();
        let (kept, strays) = in_force(&rulings)
            .into_iter()
            .cloned()
            .partition(|ruling| spans.contains(&ruling.mention.span));
        let changed = old.read.parse != *parse;
        if changed {
            let day = day(old.read.document.published.as_deref());
            self.forget_parse(old.number, day)?;
            self.version += 1;
            let values = [self.version.into(), pack(parse)?.into(), old.number.into()];
            let sql = "UPDATE documents SET version = $1, parse = $2 WHERE number = $3";
            self.session.execute(sql, &values)?;
            let force: Force = in_force(&rulings)
                .into_iter()
                .map(|ruling| (ruling.mention.span, &ruling.verdict))
                .collect();
            self.insert_parse(old.number, day, parse, &force)?;
        }
        Ok(Reparsed { changed, kept, strays })
    }

    /// Takes away the rows of a parse and what they count.
    fn forget_parse(&mut self, number: i64, day: Option<&str>) -> Result<(), StoreError> {
        let sql = "SELECT shown, place, reading FROM mentions WHERE document = $1";
        let mut tally = Tally::default();
        for row in self.session.query(sql, &[number.into()])? {
            if let Some(key) = row.optional_int(0)? {
                tally.entry(key).or_default()[0] += 1;
            }
            if let Some(key) = row.optional_int(1)?
                && row.text(2)? == reading(Reading::Literal)
                && !self.book.get(key)?.foreign
            {
                tally.entry(key).or_default()[1] += 1;
            }
        }
        self.count(day, &tally, -1);
        for table in ["claim_places", "claims", "mentions"] {
            let sql = format!("DELETE FROM {table} WHERE document = $1");
            self.session.execute(&sql, &[number.into()])?;
        }
        Ok(())
    }
}

/// Inserts rows into `table (columns)`, many with one statement.
pub fn insert(session: &mut dyn Session, table: &str, rows: Vec<Vec<Value<'_>>>) -> Result<(), StoreError> {
    let mut rest = rows.as_slice();
    while let Some(first) = rest.first() {
        let take = if rest.len() >= ROWS { ROWS } else { 1 };
        let width = first.len();
        let row = |at: usize| {
            let marks: Vec<String> = (1..=width).map(|column| format!("${}", at * width + column)).collect();
            format!("({})", marks.join(", "))
        };
        let marks: Vec<String> = (0..take).map(row).collect();
        let sql = format!("INSERT INTO {table} VALUES {}", marks.join(", "));
        session.execute(&sql, &rest[..take].concat())?;
        rest = &rest[take..];
    }
    Ok(())
}

fn span(offsets: &Offsets) -> [Value<'static>; 6] {
    let Offsets { byte, codepoint, utf16 } = offsets;
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

pub fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Literal => "literal",
        Reading::Associative => "associative",
    }
}

/// The word that stands for a value in JSON.
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
